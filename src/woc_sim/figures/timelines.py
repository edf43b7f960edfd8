"""Indicators of the study's localities over twelve years, by colour of the executive or another grouping."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, MultipleLocator

from woc_sim.figures import style
from woc_sim.figures.run import decimal_years, shade_events
from woc_sim.figures.style import BLACK, BLUE, Picture
from woc_sim.figures.validation_tables import (
    MODEL,
    ValidationTables,
    has_values,
    other_variants,
    rows_of_variant,
)
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES, TYPES

Array = np.ndarray[Any, np.dtype[Any]]

GROUPINGS: Final = {"executive": EXECUTIVES, "size": SIZES, "type": TYPES}
"""Columns that may group the lines of the model; the first column that varies is used."""
INDICATORS_SHOWN: Final = (
    ("migrants", "Migrants", "persons per 1000 residents"),
    ("mean_attitude", "Attitude to non-Europeans", "-1 hostile to +1 warm"),
    ("belief_executive", "Executive's belief of it", "-1 hostile to +1 warm"),
    ("politicisation", "Politicisation", "0 to 1"),
    ("mipex_total", "Policy index", "points, 0 to 100"),
    ("lg_degree", "Meetings of government", "a year with a local actor"),
    ("volunteers_share", "Volunteers", "share of residents"),
    ("ties_per_migrant", "Ties to residents", "ties per migrant"),
    ("employed_share", "In regular work", "share of working age"),
    ("private_home_share", "In a private home", "share of migrants"),
    ("belonging", "Belonging", "-1 to +1"),
    ("loneliness", "Loneliness", "0 to 1"),
)
"""Indicator, title and unit of each panel."""


def timelines(tables: ValidationTables, folder: Path) -> Picture:
    """Twelve indicators over 2012-2023: a line for each group of localities of the model and each null
    model."""
    frames = _groups(tables.timelines)
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(11.0, 7.6)
        for index, (name, title, unit) in enumerate(INDICATORS_SHOWN):
            axes = figure.add_axes((0.06 + 0.245 * (index % 4), 0.685 - 0.31 * (index // 4), 0.185, 0.2))
            axes.set_title(title, fontsize=9.5, pad=12)
            if not has_values(tables.timelines, "month", name):
                style.explain_empty(axes, "no time line in\nthis validation")
                continue
            shade_events(axes, 2012, 2024)
            axes.set_ylabel(unit, fontsize=7.5)
            alt_parts.extend(
                _panel(axes, {group: _line(frame, name) for group, frame in frames.items()}, title)
            )
        handles = [
            Line2D([], [], color=_colour(group), linestyle=style.line_style(index), label=_name(group))
            for index, group in enumerate(frames)
        ]
        figure.legend(
            handles=handles, loc="upper left", ncols=max(1, len(handles)), bbox_to_anchor=(0.045, 1.0)
        )
        title = "Time lines, 2012 to 2023"
        path = style.save(figure, folder / "timelines.png", title)
    caption = (
        "Means over localities and replicates, of the model by the colour of the executive and of the "
        "nulls over all localities. The first 24 months are burn-in. Shaded: the arrivals of 2015, Covid, "
        "and the arrival of Ukrainians. These are inputs; all lines are outputs."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


def _groups(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each line: the groups of the model, then every other variant."""
    model = rows_of_variant(frame)
    grouping = next((name for name in GROUPINGS if name in model and model[name].nunique() > 1), None)
    groups = {MODEL: model}
    if grouping is not None:
        groups = {name: model[model[grouping] == name] for name in GROUPINGS[grouping]}
    groups |= {variant: rows_of_variant(frame, variant) for variant in other_variants(frame)}
    return {name: rows for name, rows in groups.items() if len(rows)}


def _line(rows: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """Years and the mean of an indicator in each month; the number of migrants is divided by residents if
    these are known."""
    values = rows[name].astype(float)
    if name == "migrants" and has_values(rows, "residents"):
        values = 1000.0 * values / rows["residents"].astype(float)
    means = values.groupby(rows["month"].astype(str)).mean().sort_index()
    return decimal_years(means.index.to_list()), means.to_numpy(dtype=float)


def _panel(axes: Axes, lines: dict[str, tuple[Array, Array]], title: str) -> list[str]:
    """Draw the lines of one panel; their first and last values in words."""
    alt_parts = []
    for index, (group, (at, values)) in enumerate(lines.items()):
        finite = values[np.isfinite(values)]
        if not finite.size:
            continue
        axes.plot(at, values, color=_colour(group), linestyle=style.line_style(index))
        alt_parts.append(f"{title}, {_name(group)}: {finite[0]:.2f} to {finite[-1]:.2f}")
    axes.set_xlim(2012, 2024)
    axes.xaxis.set_major_locator(MultipleLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    return alt_parts


def _name(group: str) -> str:
    return (
        f"null: {style.VARIANT_LABELS[group]}"
        if group in style.VARIANT_LABELS and group != MODEL
        else style.readable(group)
    )


def _colour(group: str) -> str:
    known = {**style.EXECUTIVE_COLOURS, **style.SIZE_COLOURS, **style.TYPE_COLOURS, MODEL: BLUE}
    return known.get(group, BLACK)
