"""Indicators of a sweep over the years, by factor: a panel for each indicator and level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.choice import Choice
from woc_sim.figures.levels import axis_label, is_at_level, level_labels, levels
from woc_sim.figures.run import decimal_years
from woc_sim.figures.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, VERMILION, Picture
from woc_sim.figures.sweep_design import MAX_ARM_LABEL, MAX_ARMS, Factors, factors_of, others_in_words
from woc_sim.figures.wording import listed, shown

INDICATORS_SHOWN: Final = (
    "mipex_total",
    "lg_degree",
    "mean_attitude",
    "ties_per_migrant",
    "belonging",
    "employed_share",
)
"""Indicators that are drawn if none are chosen."""
COLOURS: Final = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK)
MAX_COLUMNS: Final = 4
BAND: Final = (0.05, 0.95)
CHARACTERS_PER_INCH: Final = 14.0
"""Characters of a legend that fit into an inch."""
ALL_LEVELS: Final = object()
"""Stands for all levels, where there is no factor."""


def over_time(
    table: pd.DataFrame, axes: Sequence[str], folder: Path, choice: Choice | None = None
) -> Picture:
    """Draw ``over_time.png``: a line for each level of one factor, a column for each level of another.

    table: indicators by month with run_id and axes, as `woc_sim.ensemble.sweep_tables.months` has it; axes:
    columns that vary. Lines are medians over all other factors and replicates, bands hold 90 % of the runs.
    Without a choice, `INDICATORS_SHOWN` are drawn by the first factors with few values.
    """
    choice = choice or Choice()
    factors = factors_of(table, choice.axes or axes)
    table = factors.table
    line_factor, column_factor = _factors_drawn(table, factors.names)
    wanted = choice.indicators or INDICATORS_SHOWN
    drawn = [name for name in wanted if table[name].notna().any()] or list(wanted[:1])
    # All panels use the same colours and dashes, also where a level is missing.
    line_levels = levels(table[line_factor]) if line_factor else [ALL_LEVELS]
    column_levels = levels(table[column_factor]) if column_factor else [ALL_LEVELS]
    has_bands = len(line_levels) <= len(COLOURS)
    not_chosen = [axis for axis in axes if choice.axes and axis not in choice.axes]
    missing = [name for name in wanted if name not in drawn]
    caption = _caption(factors, line_factor, column_factor, has_bands, not_chosen, missing)
    with style.project_style():
        width = max(5.2, 2.6 * len(column_levels) + 0.9)
        figure, bottom = style.new_captioned_figure(width, 1.75 * len(drawn) + 0.8, caption)
        panels = figure.subplots(len(drawn), len(column_levels), sharex=True, sharey="row", squeeze=False)
        titles = level_labels(column_levels) if column_factor else [""]
        for column, (level, title) in enumerate(zip(column_levels, titles, strict=True)):
            part = table if level is ALL_LEVELS else table[is_at_level(table[column_factor], level)]
            for row, name in enumerate(drawn):
                _draw_lines(panels[row, column], part, line_factor, line_levels, name, has_bands)
                if column == 0:
                    words = style.wrapped(shown(name).title, 22)
                    panels[row, column].set_ylabel(f"{words}\n({shown(name).unit})", fontsize=8)
            panels[-1, column].set_xlabel("year")
            if column_factor:
                panels[0, column].set_title(f"{axis_label(column_factor)}\n{title}", fontsize=9)
        legend_height = _draw_legend(figure, line_factor, line_levels) if line_factor else 0.0
        figure.tight_layout(rect=(0, bottom, 1, 1 - legend_height / figure.get_figheight()), h_pad=0.6)
        title = "Indicators over time"
        path = style.save(figure, folder / "over_time.png", title)
    return Picture(path, title, caption, "")


def _caption(
    factors: Factors,
    line_factor: str,
    column_factor: str,
    has_bands: bool,
    not_chosen: Sequence[str],
    missing: Sequence[str],
) -> str:
    """What lines and bands are, over what, and what is not drawn."""
    others = [name for name in factors.names if name not in (line_factor, column_factor)] + [*not_chosen]
    over = f"replicates and over {others_in_words(factors.table, others)}" if others else "replicates"
    words = [f"Line: median over {over}" + ("; band: 90 % of the runs." if has_bands else ".")]
    if factors.names and not line_factor:
        words.append(f"No factor has {len(COLOURS)} values or fewer, so all points are drawn as one.")
    if missing:
        words.append(f"No values in these runs: {listed([shown(name).title for name in missing])}.")
    return " ".join(filter(None, [*words, factors.note]))


def _factors_drawn(table: pd.DataFrame, names: Sequence[str]) -> tuple[str, str]:
    """Factor of the lines and factor of the columns: the first with few levels; '' if there is none."""
    number = {name: table[name].nunique(dropna=False) for name in names}
    if len(names) == 1 and number[names[0]] <= MAX_ARMS:
        return names[0], ""
    few_levels = [name for name in names if number[name] <= len(COLOURS)]
    line_factor = few_levels[0] if few_levels else ""
    column_factor = next((name for name in few_levels[1:] if number[name] <= MAX_COLUMNS), "")
    return line_factor, column_factor


def _draw_legend(figure: Figure, line_factor: str, line_levels: Sequence[Any]) -> float:
    """Name the lines above the panels; returns the height of the legend in inches."""
    names = level_labels(line_levels, MAX_ARM_LABEL)
    handles = [
        Line2D([], [], color=colour, linestyle=dash, linewidth=1.3, label=name)
        for name, (_, colour, dash) in zip(names, _line_looks(line_levels), strict=True)
    ]
    characters = max(map(len, names)) + 8
    per_row = max(1, int(figure.get_figwidth() * CHARACTERS_PER_INCH / characters))
    figure.legend(
        handles=handles,
        title=style.wrapped(axis_label(line_factor), int(CHARACTERS_PER_INCH * figure.get_figwidth())),
        loc="upper center",
        ncols=min(per_row, len(handles)),
        fontsize=8,
        title_fontsize=8,
    )
    return 0.35 + 0.17 * -(-len(handles) // per_row)


def _line_looks(line_levels: Sequence[Any]) -> Iterator[tuple[Any, str, style.LineStyle]]:
    """Each level with its colour and dash. Six colours and four dashes make `MAX_ARMS` different looks."""
    for number, level in enumerate(line_levels):
        yield level, COLOURS[number % len(COLOURS)], style.line_style(number)


def _draw_lines(
    panel: Axes, part: pd.DataFrame, line_factor: str, line_levels: Sequence[Any], name: str, has_bands: bool
) -> None:
    """Draw one indicator: a line for each level, with its band if there are few."""
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if part[name].isna().all():
        panel.text(
            0.5, 0.5, "no values", transform=panel.transAxes, ha="center", color=style.GREY, fontsize=8.5
        )
        return
    highest = float(np.nanmax(part[name].to_numpy(float)))
    if highest == float(np.nanmin(part[name].to_numpy(float))) == 0.0:
        panel.set_ylim(-0.1, 1.0)  # nothing but zeros: an axis of rounding errors would look like a result
    for level, colour, dash in _line_looks(line_levels):
        chosen = part if level is ALL_LEVELS else part[is_at_level(part[line_factor], level)]
        if chosen[name].isna().all():
            continue
        by_month = chosen.groupby("month", sort=True)[name]
        x = decimal_years([str(month) for month in by_month.groups])
        if has_bands:
            low, high = (by_month.quantile(share).to_numpy(float) for share in BAND)
            panel.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
        panel.plot(x, by_month.median().to_numpy(float), color=colour, linestyle=dash, linewidth=1.3)
