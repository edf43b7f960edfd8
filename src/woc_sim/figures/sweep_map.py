"""Two factors of a sweep at once: coloured tables for crossed factors, coloured points for drawn
parameters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.levels import axis_label, is_at_level, level_labels, levels
from woc_sim.figures.style import INK, Picture
from woc_sim.figures.sweep_design import Factors, is_crossed, is_scale, others_in_words
from woc_sim.figures.wording import shown

Array = np.ndarray[Any, np.dtype[Any]]

MAX_LEVELS: Final = 12
"""Values of a factor that fit into a table."""
MAX_PANELS: Final = 4
"""A third factor with at most so many values has a table for each of them."""
PER_ROW: Final = 3
"""Panels beside one another, where there is no third factor."""
INVISIBLE_SHARE: Final = 0.02
"""Means that differ by a smaller share of their value get the same colour."""
MIN_POINTS: Final = 12
"""Points of a design that make a picture of two drawn parameters."""
CELL_WIDTH: Final = 0.62
"""Inches of a cell, at least."""


def map_pictures(
    factors: Factors, order: Sequence[str], readings: Sequence[str], missing: str, folder: Path
) -> list[Picture]:
    """``map.png``: tables of two crossed factors if there are two, else points of two drawn parameters, else
    nothing.

    order: factors by importance; missing: what the caption says of readings without values.
    """
    scales = [name for name in order if is_scale(factors.table[name])]
    few = [
        name
        for name in factors.names
        if name not in scales and factors.table[name].nunique(dropna=False) <= MAX_LEVELS
    ]
    for first, second in combinations(few, 2):
        if is_crossed(factors.table, [first, second]):
            return [_tables(factors, first, second, readings, missing, folder)]
    if len(scales) < 2 or len(factors.table[scales[:2]].dropna().drop_duplicates()) < MIN_POINTS:
        return []
    return [_points(factors, scales[0], scales[1], readings, missing, folder)]


def _tables(
    factors: Factors, first: str, second: str, readings: Sequence[str], missing: str, folder: Path
) -> Picture:
    """A coloured table of means for each reading: first factor in columns, second in rows; and for each
    value of a third factor, if it has few."""
    done = factors.table
    columns, rows = levels(done[first]), levels(done[second])
    others = [name for name in factors.names if name not in (first, second)]
    third = next((name for name in others if done[name].nunique(dropna=False) <= MAX_PANELS), None)
    averaged = [name for name in others if name != third]
    over = f"replicates and over {others_in_words(done, averaged)}" if averaged else "replicates"
    per = "row of panels" if third else "panel"
    caption = " ".join(
        filter(None, (f"Number: mean over {over}. Bright is high; each {per} has its own scale of colours.",
                      missing, factors.note))
    )  # fmt: skip
    parts = levels(done[third]) if third else [None]
    titles = level_labels(parts) if third else []
    across = len(parts) if third else min(PER_ROW, len(readings))
    down = len(readings) if third else -(-len(readings) // PER_ROW)
    names, row_names = level_labels(columns), level_labels(rows)
    wide = max(CELL_WIDTH, 0.075 * max(map(len, names)) + 0.12) * len(columns)
    with style.project_style():
        margin = 0.075 * max(map(len, row_names)) + 0.75
        width = across * (max(2.1, wide) + (0.3 if third else margin)) + margin
        figure, bottom = style.new_captioned_figure(width, down * (0.36 * len(rows) + 1.15), caption)
        panels = figure.subplots(down, across, squeeze=False)
        for number, name in enumerate(readings):
            tables = [_means(done if not third else done[is_at_level(done[third], part)], name, first,
            columns, second, rows) for part in parts]  # fmt: skip
            low, high = _span(tables)
            for place, means in enumerate(tables):
                panel = panels[number, place] if third else panels.flat[number]
                _coloured_means(panel, means, low, high)
                panel.set_xticks(range(len(columns)), names, fontsize=8)
                panel.set_yticks(range(len(rows)), row_names if not third or place == 0 else [], fontsize=8)
                panel.set_xlabel(axis_label(first), fontsize=8)
                if not third or place == 0:
                    panel.set_ylabel(style.wrapped(axis_label(second), 24), fontsize=8)
                head = style.wrapped(shown(name).axis_title, max(26, int(9 * (width / across))))
                if third:
                    head = f"{head if place == 0 else ''}\n{axis_label(third)}: {titles[place]}"
                panel.set_title(head, fontsize=8.5)
        for panel in list(panels.flat)[len(readings) if not third else panels.size :]:
            panel.remove()
        figure.tight_layout(h_pad=1.2, w_pad=1.0, rect=(0, bottom, 1, 1))
        title = f"Readings by {axis_label(first)} and {axis_label(second)}"
        path = style.save(figure, folder / "map.png", title)
    return Picture(path, title, caption, "")


def _means(
    done: pd.DataFrame, name: str, first: str, columns: list[Any], second: str, rows: list[Any]
) -> Array:
    """Means by the levels of two factors: (rows, columns), nan where there is no run."""
    found = np.full((len(rows), len(columns)), np.nan)
    for row, below in enumerate(rows):
        part = done[is_at_level(done[second], below)]
        for column, beside in enumerate(columns):
            found[row, column] = part.loc[is_at_level(part[first], beside), name].mean()
    return found


def _span(tables: Sequence[Array]) -> tuple[float, float]:
    """Lowest and highest mean; the highest is at least so high that the colours do not show differences
    that the numbers do not show."""
    known = np.concatenate([table[np.isfinite(table)] for table in tables])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return low, max(high, low + INVISIBLE_SHARE * max(abs(low), abs(high))) or 1.0


def _coloured_means(panel: Axes, means: Array, low: float, high: float) -> None:
    """Draw a table of means as coloured cells with their numbers."""
    panel.imshow(means, cmap="cividis", aspect="auto", vmin=low, vmax=high)
    digits = int(np.clip(1 - np.floor(np.log10(high - low)), 0, 4)) if high > low else 2
    for row, column in np.ndindex(means.shape):
        value = means[row, column]
        if not np.isfinite(value):
            panel.text(column, row, "-", ha="center", va="center", color=style.GREY)
            continue
        bright = value > low + 0.55 * (high - low)
        panel.text(
            column, row, f"{value + 0.0:.{digits}f}", ha="center", va="center", fontsize=8,
            color=INK if bright else "white",
        )  # fmt: skip


def _points(
    factors: Factors, first: str, second: str, readings: Sequence[str], missing: str, folder: Path
) -> Picture:
    """A coloured point for each point of the design, at the values of two drawn parameters."""
    done = factors.table.dropna(subset=[first, second])
    others = len(factors.names) - 2
    drawn = [name for name in readings if done[name].notna().any()]
    caption = " ".join(
        filter(None, (
            "Each dot is a point of the design, coloured by its mean over replicates."
            + (f" {others} more factors differ between the points." if others else ""),
            missing, factors.note,
        ))
    )  # fmt: skip
    means = done.groupby([first, second], sort=False)[drawn].mean().reset_index()
    across, down = min(PER_ROW, len(drawn)), -(-len(drawn) // PER_ROW)
    with style.project_style():
        figure, bottom = style.new_captioned_figure(max(4.6, 3.9 * across), 3.1 * down, caption)
        panels = figure.subplots(down, across, squeeze=False)
        for panel, name in zip(panels.flat, drawn, strict=False):
            low, high = _span([means[name].to_numpy(float)])
            dots = panel.scatter(
                means[first].astype(float), means[second].astype(float), c=means[name], cmap="cividis",
                vmin=low, vmax=high, s=26, edgecolors=INK, linewidths=0.4,
            )  # fmt: skip
            figure.colorbar(dots, ax=panel, pad=0.03).set_label(shown(name).unit, fontsize=8)
            panel.set_title(style.wrapped(shown(name).title, 34), fontsize=9)
            panel.set_xlabel(axis_label(first), fontsize=8)
            panel.set_ylabel(axis_label(second), fontsize=8)
            panel.xaxis.set_major_locator(MaxNLocator(4))
            panel.yaxis.set_major_locator(MaxNLocator(4))
        for panel in list(panels.flat)[len(drawn) :]:
            panel.remove()
        figure.tight_layout(h_pad=1.2, w_pad=1.0, rect=(0, bottom, 1, 1))
        title = f"Readings by {axis_label(first)} and {axis_label(second)}"
        path = style.save(figure, folder / "map.png", title)
    return Picture(path, title, caption, "")
