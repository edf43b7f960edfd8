"""Whether the replicates of a sweep suffice: the standard error of the mean of a point by their number."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, ORANGE, Picture
from woc_sim.figures.wording import listed, shown

Array = np.ndarray[Any, np.dtype[Any]]

MIN_REPLICATES: Final = 3
PER_ROW: Final = 3
CLEAR_OF_ZERO: Final = 4.0
"""Errors are per cent of the mean only where each mean is so many standard errors away from 0; else they
are in the unit of the reading, because a share of next to nothing says nothing."""
ENOUGH: Final = 5.0
"""Per cent of the mean (Lee et al. 2015)."""


def replicates_picture(
    done: pd.DataFrame, axes: Sequence[str], readings: Sequence[str], folder: Path
) -> list[Picture]:
    """``replicates.png``, or nothing with fewer than `MIN_REPLICATES` replicates of a point.

    done: the finished runs; axes: the columns that make a point.
    """
    # Points by number: a table of all combinations of drawn values would be far too large.
    numbered = done.assign(point=done.groupby([*axes, "case"], dropna=False, sort=False).ngroup())
    known: dict[str, Array] = {}
    for name in readings:
        wide = numbered.pivot_table(index="replicate", columns="point", values=name).dropna(axis=1)
        values = wide.to_numpy(float)
        if values.size and len(values) >= MIN_REPLICATES:
            known[name] = values
    if not known:
        return []
    missing = [shown(name).title for name in readings if name not in known]
    in_units = {name: near_zero(values) or shown(name).signed for name, values in known.items()}
    shares = [name for name, units in in_units.items() if not units]
    caption = (
        "Standard error of the mean of a point, by the number of replicates: of the point in the middle, "
        "and of that which only a tenth of the points exceed."
        + (f" Dotted: {ENOUGH:g} % of the mean." if shares else "")
        + (" In the unit of the reading where means may be near 0." if len(shares) < len(known) else "")
        + (f" Too few values: {listed(missing)}." if missing else "")
    )
    across, down = min(PER_ROW, len(known)), -(-len(known) // PER_ROW)
    with style.project_style():
        figure, bottom = style.new_captioned_figure(max(4.6, 3.7 * across), 2.5 * down + 0.35, caption)
        panels = figure.subplots(down, across, squeeze=False)
        for panel, (name, values) in zip(panels.flat, known.items(), strict=False):
            panel.set_title(style.wrapped(shown(name).title, 36), fontsize=9)
            _errors_by_replicates(panel, values, shown(name).unit if in_units[name] else "")
        for panel in list(panels.flat)[len(known) :]:
            panel.remove()
        handles = [
            Line2D([], [], color=BLUE, label="point in the middle"),
            Line2D([], [], color=ORANGE, linestyle="--", label="nine tenths of the points are below"),
        ]
        figure.legend(handles=handles, loc="upper left", ncols=2)
        top = 1 - 0.3 / figure.get_figheight()
        figure.tight_layout(h_pad=1.2, w_pad=1.0, rect=(0, bottom, 1, top))
        title = "Do the replicates suffice?"
        path = style.save(figure, folder / "replicates.png", title)
    return [Picture(path, title, caption, "")]


def standard_errors(values: Array) -> tuple[Array, Array]:
    """Mean of each point over the first replicates and its standard error, from the first replicate on.

    values: (replicates, points). The error of a single replicate is 0 and means nothing.
    """
    count = np.arange(1, len(values) + 1)[:, None]
    mean = np.cumsum(values, axis=0) / count
    square = np.cumsum(values**2, axis=0) / count
    variance = np.maximum(square - mean**2, 0.0) * count / np.maximum(count - 1, 1)
    return mean, np.sqrt(variance / count)


def near_zero(values: Array) -> bool:
    """Whether the mean of any point may be near 0, by its standard error over all replicates."""
    mean, error = standard_errors(values)
    return bool((np.abs(mean[-1]) <= CLEAR_OF_ZERO * error[-1]).any() or (mean[-1] == 0).any())


def _errors_by_replicates(panel: Axes, values: Array, unit: str) -> None:
    """Draw median and 90 % point of the standard errors of all points: in `unit`, or without one in
    per cent of the mean."""
    mean, error = standard_errors(values)
    drawn = error[1:] if unit else 100 * error[1:] / np.where(mean == 0, np.nan, np.abs(mean))[1:]
    panel.set_ylabel(f"error of the mean ({unit or '% of it'})", fontsize=8)
    replicates = np.arange(2, len(values) + 1)
    panel.plot(replicates, np.nanmedian(drawn, axis=1), color=BLUE)
    panel.plot(replicates, np.nanquantile(drawn, 0.9, axis=1), color=ORANGE, linestyle="--")
    highest = float(np.nanmax(np.nanquantile(drawn, 0.9, axis=1)))
    if not unit:
        panel.axhline(ENOUGH, color=GREY, linewidth=0.8, linestyle=":")
        highest = max(highest, ENOUGH)
    panel.set_ylim(0, 1.08 * highest or 1.0)
    panel.set_xlabel("replicates", fontsize=8)
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
