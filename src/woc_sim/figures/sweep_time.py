"""The course of a sweep over the years: small multiples of indicators by factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.levels import as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.run import decimal_years
from woc_sim.figures.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILION, Picture

INDICATORS_SHOWN: Final = {
    "mipex_total": "policy index\n(0-100)",
    "lg_degree": "meetings of local\ngovernment (a year)",
    "mean_attitude": "residents' attitude\n(-1 to 1)",
    "ties_per_migrant": "ties of a migrant\nto residents",
    "belonging": "migrants' belonging\n(-1 to 1)",
    "employed_share": "migrants at work\n(share)",
}
"""Indicators that are drawn, with their axis titles."""
COLOURS: Final = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK)
MAX_COLUMNS: Final = 4
BAND: Final = (0.05, 0.95)
ALL_LEVELS: Final = object()
"""In place of a level: all of them."""


def over_time(table: pd.DataFrame, axes: Sequence[str], folder: Path) -> Picture:
    """Draw ``over_time.png``: a line a level of the first factor, a column a level of the second.

    table: indicators by month with run_id and axes, as `woc_sim.ensemble.sweeps.months` has it; axes: columns
    that vary.
    Lines are medians over all else, bands hold 90 % of the runs.
    """
    table = table.assign(**{axis: as_factor(table[axis]) for axis in axes})
    number = {axis: table[axis].nunique(dropna=False) for axis in axes}
    few = [axis for axis in axes if number[axis] <= len(COLOURS)]
    lines = few[0] if few else ""
    columns = next((axis for axis in few[1:] if number[axis] <= MAX_COLUMNS), "")
    # one look for a level in all panels, also where another level is missing
    arms = levels(table[lines]) if lines else [ALL_LEVELS]
    shown = levels(table[columns]) if columns else [ALL_LEVELS]
    with style.project_style():
        figure = style.new_figure(2.6 * len(shown) + 2.4, 1.75 * len(INDICATORS_SHOWN) + 0.8)
        panels = figure.subplots(len(INDICATORS_SHOWN), len(shown), sharex=True, sharey="row", squeeze=False)
        heads = level_labels(shown) if columns else [""]
        for column, (level, head) in enumerate(zip(shown, heads, strict=True)):
            part = table if level is ALL_LEVELS else table[is_at_level(table[columns], level)]
            for row, (name, title) in enumerate(INDICATORS_SHOWN.items()):
                _draw_lines(panels[row, column], part, lines, arms, name)
                if column == 0:
                    panels[row, column].set_ylabel(title, fontsize=8)
            if columns:
                panels[0, column].set_title(f"{axis_label(columns)}\n{head}", fontsize=9)
        if lines:
            handles = [
                Line2D([], [], color=colour, linestyle=dash, linewidth=1.3, label=name)
                for name, (_, colour, dash) in zip(level_labels(arms), _line_looks(arms), strict=True)
            ]
            figure.legend(
                handles=handles, title=axis_label(lines), loc="upper right", fontsize=8, title_fontsize=8
            )
        figure.tight_layout(rect=(0, 0, 1 - 1.5 / figure.get_figwidth() if lines else 1, 1), h_pad=0.6)
        path = style.save(figure, folder / "over_time.png")
    caption = "Median over replicates and all other factors; the band holds 90 % of the runs."
    if axes and not lines:
        caption += f" No factor has {len(COLOURS)} values or fewer, so all points are drawn as one."
    return Picture(path, "Indicators over time", caption, "")


def _line_looks(arms: Sequence[Any]) -> Iterator[tuple[Any, str, style.LineStyle]]:
    """Each level with its colour and dash."""
    for index, (level, colour) in enumerate(zip(arms, COLOURS, strict=False)):
        yield level, colour, style.line_style(index)


def _draw_lines(panel: Axes, part: pd.DataFrame, lines: str, arms: Sequence[Any], name: str) -> None:
    for level, colour, dash in _line_looks(arms):
        chosen = part if level is ALL_LEVELS else part[is_at_level(part[lines], level)]
        if chosen[name].isna().all():
            continue
        by_month = chosen.groupby("month", sort=True)[name]
        at = decimal_years([str(month) for month in by_month.groups])
        low, high = (by_month.quantile(share).to_numpy(float) for share in BAND)
        panel.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
        middle = by_month.median().to_numpy(float)
        panel.plot(at, middle, color=colour, linestyle=dash, linewidth=1.3)
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
