"""Frames (answers to 'who is responsible?') over the years, and by distance from the executive."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.run import decimal_years, shade_events
from woc_sim.figures.style import BLACK, Picture
from woc_sim.figures.validation_tables import (
    MODEL,
    ValidationTables,
    group_means_by_study,
    has_values,
    other_variants,
    rows_of_variant,
    western_cases,
)
from woc_sim.inputs.vocabulary import EXECUTIVES

OVER_TIME: Final = {"migrants_only": "Migrants alone", "whole_community": "The whole community"}
"""Monthly indicators: mean weight of the frame in all local organisations."""
BY_DISTANCE: Final = {
    "migrants_only_politicians": "politicians",
    "migrants_only_contact": "close to the executive",
    "migrants_only_other": "other local actors",
    "migrants_only_private": "firms and owners",
}
"""Readings of the frame interviews, by growing distance from the executive."""


def frames(tables: ValidationTables, folder: Path) -> Picture:
    """Weights of two frames by month and colour of the executive, and 'migrants alone' by kind of actor."""
    alt_parts: list[str] = []
    lines = tables.timelines
    with style.project_style():
        figure = style.new_figure(11.2, 3.6)
        for index, (name, title) in enumerate(OVER_TIME.items()):
            axes = figure.add_axes((0.06 + 0.29 * index, 0.14, 0.215, 0.62))
            axes.set_title(title, fontsize=9.5, pad=12)
            axes.set_ylabel("mean weight of the frame", fontsize=8)
            if has_values(lines, "month", "executive", name):
                alt_parts += _over_time(axes, lines, name)
            else:
                style.explain_empty(axes, "no time lines in\nthis validation")
        axes = figure.add_axes((0.76, 0.14, 0.22, 0.62))
        axes.set_title("'Migrants alone', early 2022", fontsize=9.5, pad=12)
        alt_parts += _by_distance(axes, western_cases(tables))
        handles = [
            Line2D([], [], color=style.EXECUTIVE_COLOURS[name], linestyle=style.line_style(index), label=name)
            for index, name in enumerate(EXECUTIVES)
        ]
        handles += [
            Line2D(
                [], [], color=BLACK, linestyle=style.line_style(3 + index), linewidth=1, label=_null(variant)
            )
            for index, variant in enumerate(other_variants(lines))
        ]
        figure.legend(handles=handles, loc="upper left", ncols=6, bbox_to_anchor=(0.045, 1.0), fontsize=8)
        title = "Frames over time and with distance"
        path = style.save(figure, folder / "frames.png", title)
    caption = (
        "Left: means over localities and replicates. Right: share of interviewees who hold migrants alone "
        "responsible, median and 90 % interval over studies."
    )
    words = "; ".join(alt_parts) or "No readings of frames in this validation."
    return Picture(path, title, caption, words)


def _null(variant: str) -> str:
    return f"null: {style.VARIANT_LABELS.get(variant, variant)}"


def _over_time(axes: Axes, lines: pd.DataFrame, name: str) -> list[str]:
    shade_events(axes, 2012, 2024)
    alt_parts = []
    groups = {
        each: rows_of_variant(lines)[rows_of_variant(lines)["executive"] == each] for each in EXECUTIVES
    }
    groups |= {variant: rows_of_variant(lines, variant) for variant in other_variants(lines)}
    for index, (group, rows) in enumerate(groups.items()):
        if not len(rows):
            continue
        means = rows[name].astype(float).groupby(rows["month"].astype(str)).mean().sort_index()
        colour = style.EXECUTIVE_COLOURS.get(group, BLACK)
        axes.plot(
            decimal_years(means.index.to_list()),
            means.to_numpy(float),
            color=colour,
            linestyle=style.line_style(index),
        )
        said = group if group in EXECUTIVES else _null(group)
        alt_parts.append(f"{name}, {said}: {means.iloc[0]:.2f} to {means.iloc[-1]:.2f}")
    axes.set_xlim(2012, 2024)
    axes.set_xticks([2012, 2016, 2020, 2024])
    return alt_parts


def _by_distance(axes: Axes, cases: pd.DataFrame) -> list[str]:
    alt_parts = []
    model = rows_of_variant(cases, MODEL)
    if not has_values(model, "executive", *BY_DISTANCE):
        style.explain_empty(axes, "no frame interviews\nin this validation")
        return []
    for index, executive in enumerate(EXECUTIVES):
        for height, (name, words) in enumerate(BY_DISTANCE.items()):
            values = group_means_by_study(model, "executive", name).get(executive, np.array([]))
            y = height + 0.22 * (index - 1)
            middle = style.draw_simulated(axes, y, values, style.EXECUTIVE_COLOURS[executive], upright=False)
            alt_parts.append(f"{words}, {executive}: {middle:.2f}")
    axes.set_yticks(range(len(BY_DISTANCE)), list(BY_DISTANCE.values()), fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of interviewees", fontsize=8)
    return alt_parts
