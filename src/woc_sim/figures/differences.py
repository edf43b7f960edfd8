"""How two results of one design differ, as a picture: each reading as a share of what was expected."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, VERMILION, Picture

MAX_READINGS: Final = 30
"""Readings that fit; those with the largest differences."""
SMALLEST_DRAWN: Final = 1e-16
"""Relative differences below this are drawn there; double precision ends just above it."""


def draw_differences(table: Any, folder: Path) -> Picture:
    """Draw ``differences.png`` into `folder` from the table of `woc_sim.ensemble.differences` (a row a
    reading of a run that differs; not empty). Raises OSError when the folder cannot be written."""
    with style.project_style():
        return _draw(table, folder / "differences.png")


def _draw(table: Any, path: Path) -> Picture:
    finite = np.isfinite(table["relative"].to_numpy(float))
    size = np.where(finite, np.abs(table["relative"].to_numpy(float)), 1.0)
    exponent = np.log10(np.maximum(size, SMALLEST_DRAWN))
    more = table["absolute"].to_numpy(float) > 0.0
    names = table["reading"].to_numpy()
    order = sorted(dict.fromkeys(names.tolist()), key=lambda name: -exponent[names == name].max())[
        :MAX_READINGS
    ]
    height = 0.22 * len(order) + 1.5
    figure = style.new_figure(8.6, height)
    axes = figure.add_axes((0.27, 0.95 / height, 0.70, 0.22 * len(order) / height))
    for row, name in enumerate(order):
        for up, colour, shape in ((True, VERMILION, "^"), (False, BLUE, "v")):
            at = exponent[(names == name) & (more == up)]
            axes.plot(
                at, [row] * len(at), linestyle="none", marker=shape, markersize=5, color=colour, alpha=0.6
            )
    axes.set_yticks(range(len(order)), [style.readable(name) for name in order])
    axes.set_ylim(len(order) - 0.4, -0.6)
    low, high = int(np.floor(exponent.min())), max(0, int(np.ceil(exponent.max())))
    ticks = range(low, high + 1, max(1, (high - low) // 6))
    axes.set_xticks(list(ticks), [f"{10.0**tick:g}" for tick in ticks])
    axes.set_xlim(low - 0.3, high + 0.3)
    axes.set_xlabel("difference as a share of what was expected (up: more, down: less)")
    axes.set_title(f"Readings that differ, {len(names)} in all", pad=8)
    note = f"One mark a run. Where nothing was expected, the share is drawn as 1. At most {MAX_READINGS}
    readings." figure.text(0.02, 0.12 / height, note, fontsize=8, color=GREY) style.save(figure, path) told =
    "; ".join(f"{name}: {int((names == name).sum())}" for name in order) return Picture(path, "Differences",
    note, f"Runs that differ by reading: {told}")
