"""The course of a sweep over the years: small multiples of indicators by factor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from woc_sim.figures import style
from woc_sim.figures.run import years
from woc_sim.figures.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILION, Picture

SHOWN: Final = {
    "mipex_total": "policy index\n(0-100)",
    "lg_degree": "meetings of local\ngovernment (a year)",
    "mean_attitude": "residents' attitude\n(-1 to 1)",
    "ties_per_migrant": "ties of a migrant\nto residents",
    "belonging": "migrants' belonging\n(-1 to 1)",
    "employed_share": "migrants at work\n(share)",
}
"""Indicators that are drawn, with their axis titles."""
COLOURS: Final = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK)
COLUMNS: Final = 4
BAND: Final = (0.05, 0.95)


def over_time(table: pd.DataFrame, axes: Sequence[str], folder: Path) -> Picture:
    """Draw ``over_time.png``: a line a level of the first factor, a column a level of the second.

    table: indicators by month with run_id and axes, as `woc_sim.ensemble.sweeps.months` has it; axes: columns
    that vary.
    Lines are medians over all else, bands hold 90 % of the runs.
    """
    few = [axis for axis in axes if table[axis].nunique() <= len(COLOURS)]
    lines = few[0] if few else ""
    columns = next((axis for axis in few[1:] if table[axis].nunique() <= COLUMNS), "")
    shown = list(dict.fromkeys(table[columns])) if columns else [None]
    with style.look():
        figure = style.canvas(2.6 * len(shown) + 2.4, 1.75 * len(SHOWN) + 0.8)
        panels = figure.subplots(len(SHOWN), len(shown), sharex=True, sharey="row", squeeze=False)
        for column, level in enumerate(shown):
            part = table if level is None else table[table[columns] == level]
            for row, (name, title) in enumerate(SHOWN.items()):
                _course(panels[row, column], part, lines, name)
                if column == 0:
                    panels[row, column].set_ylabel(title, fontsize=8)
            if level is not None:
                panels[0, column].set_title(f"{style.words(columns)}: {style.words(str(level))}", fontsize=9)
        if lines:
            handles, labels = panels[0, 0].get_legend_handles_labels()
            figure.legend(
                handles, labels, title=style.words(lines), loc="upper right", fontsize=8, title_fontsize=8
            )
        figure.tight_layout(rect=(0, 0, 1 - 1.5 / figure.get_figwidth() if lines else 1, 1), h_pad=0.6)
        path = style.save(figure, folder / "over_time.png")
    caption = "Median over replicates and all other factors; the band holds 90 % of the runs."
    return Picture(path, "Indicators over time", caption, "")


def _course(panel: Axes, part: pd.DataFrame, lines: str, name: str) -> None:
    levels = list(dict.fromkeys(part[lines])) if lines else [None]
    for level, colour, dash in zip(levels, COLOURS, (style.dash(place) for place in range(99)), strict=False):
        chosen = part if level is None else part[part[lines] == level]
        by_month = chosen.groupby("month", sort=True)[name]
        at = years([str(month) for month in by_month.groups])
        low, high = (by_month.quantile(share).to_numpy(float) for share in BAND)
        panel.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.plot(
            at, by_month.median().to_numpy(float), color=colour, linestyle=dash, linewidth=1.3,
            label=None if level is None else style.words(str(level)),
        )  # fmt: skip
