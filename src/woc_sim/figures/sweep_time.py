"""Indicators of a sweep over the years, by factor: a panel for each indicator and level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.levels import as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.run import decimal_years
from woc_sim.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, Picture

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
CHARACTERS_PER_INCH: Final = 14.0
"""Characters of a legend that fit into an inch."""
ALL_LEVELS: Final = object()
"""Stands for all levels, where there is no factor."""


def over_time(table: pd.DataFrame, axes: Sequence[str], folder: Path) -> Picture:
    """Draw ``over_time.png``: a line for each level of one factor, a column for each level of another.

    table: indicators by month with run_id and axes, as `woc_sim.ensemble.sweep_tables.months` has it; axes:
    columns that vary. Lines are medians over all other factors and replicates, bands hold 90 % of the runs.
    """
    table = table.assign(**{axis: as_factor(table[axis]) for axis in axes})
    line_factor, column_factor = _factors_drawn(table, axes)
    caption = "Line: median over replicates and all other factors; band: 90 % of the runs."
    if axes and not line_factor:
        caption += f" No factor has {len(COLOURS)} values or fewer, so all points are drawn as one."
    # All panels use the same colours and dashes, also where a level is missing.
    line_levels = levels(table[line_factor]) if line_factor else [ALL_LEVELS]
    column_levels = levels(table[column_factor]) if column_factor else [ALL_LEVELS]
    with style.project_style():
        width = max(4.6, 2.6 * len(column_levels) + 0.9)
        figure, bottom = style.new_captioned_figure(width, 1.75 * len(INDICATORS_SHOWN) + 0.8, caption)
        panels = figure.subplots(
            len(INDICATORS_SHOWN), len(column_levels), sharex=True, sharey="row", squeeze=False
        )
        titles = level_labels(column_levels) if column_factor else [""]
        for column, (level, title) in enumerate(zip(column_levels, titles, strict=True)):
            part = table if level is ALL_LEVELS else table[is_at_level(table[column_factor], level)]
            for row, (name, axis_title) in enumerate(INDICATORS_SHOWN.items()):
                _draw_lines(panels[row, column], part, line_factor, line_levels, name)
                if column == 0:
                    panels[row, column].set_ylabel(axis_title, fontsize=8)
            panels[-1, column].set_xlabel("year")
            if column_factor:
                panels[0, column].set_title(f"{axis_label(column_factor)}\n{title}", fontsize=9)
        legend_height = _draw_legend(figure, line_factor, line_levels) if line_factor else 0.0
        figure.tight_layout(rect=(0, bottom, 1, 1 - legend_height / figure.get_figheight()), h_pad=0.6)
        path = style.save(figure, folder / "over_time.png")
    return Picture(path, "Indicators over time", caption, "")


def _factors_drawn(table: pd.DataFrame, axes: Sequence[str]) -> tuple[str, str]:
    """Factor of the lines and factor of the columns: the first with few levels; '' if there is none."""
    number = {axis: table[axis].nunique(dropna=False) for axis in axes}
    few_levels = [axis for axis in axes if number[axis] <= len(COLOURS)]
    line_factor = few_levels[0] if few_levels else ""
    column_factor = next((axis for axis in few_levels[1:] if number[axis] <= MAX_COLUMNS), "")
    return line_factor, column_factor


def _draw_legend(figure: Figure, line_factor: str, line_levels: Sequence[Any]) -> float:
    """Name the lines above the panels; returns the height of the legend in inches."""
    names = level_labels(line_levels)
    handles = [
        Line2D([], [], color=colour, linestyle=dash, linewidth=1.3, label=name)
        for name, (_, colour, dash) in zip(names, _line_looks(line_levels), strict=True)
    ]
    characters = max(map(len, names)) + 8
    per_row = max(1, int(figure.get_figwidth() * CHARACTERS_PER_INCH / characters))
    figure.legend(
        handles=handles,
        title=axis_label(line_factor),
        loc="upper center",
        ncols=min(per_row, len(handles)),
        fontsize=8,
        title_fontsize=8,
    )
    return 0.35 + 0.17 * -(-len(handles) // per_row)


def _line_looks(line_levels: Sequence[Any]) -> Iterator[tuple[Any, str, style.LineStyle]]:
    """Each level with its colour and dash."""
    for number, (level, colour) in enumerate(zip(line_levels, COLOURS, strict=False)):
        yield level, colour, style.line_style(number)


def _draw_lines(
    panel: Axes, part: pd.DataFrame, line_factor: str, line_levels: Sequence[Any], name: str
) -> None:
    """Draw one indicator: a line with its band for each level."""
    if part[name].isna().all():
        panel.text(0.5, 0.5, "no values", transform=panel.transAxes, ha="center", color=GREY, fontsize=8.5)
        return
    for level, colour, dash in _line_looks(line_levels):
        chosen = part if level is ALL_LEVELS else part[is_at_level(part[line_factor], level)]
        if chosen[name].isna().all():
            continue
        by_month = chosen.groupby("month", sort=True)[name]
        x = decimal_years([str(month) for month in by_month.groups])
        low, high = (by_month.quantile(share).to_numpy(float) for share in BAND)
        panel.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.plot(x, by_month.median().to_numpy(float), color=colour, linestyle=dash, linewidth=1.3)
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
