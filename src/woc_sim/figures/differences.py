"""How two results of one design differ, as a picture: each difference as a share of the expected value."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from woc_sim.ensemble.differences import COLUMNS
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, VERMILION, Picture

MAX_READINGS: Final = 30
"""Number of readings that fit into the picture; those with the largest differences are drawn."""
SMALLEST_DRAWN: Final = 1e-16
"""Smaller relative differences are drawn here; double precision ends just above it."""


def draw_differences(table: Any, folder: Path) -> Picture:
    """Draw ``differences.png`` into `folder`.

    table: as `woc_sim.ensemble.differences` has it, one row for each reading of a run that differs; not
    empty. Raises OSError when the folder cannot be written.
    """
    with style.project_style():
        return _draw(table, folder / "differences.png")


def _draw(table: Any, path: Path) -> Picture:
    relative = table["relative"].to_numpy(float)
    exponent = np.log10(np.maximum(np.where(np.isfinite(relative), np.abs(relative), 1.0), SMALLEST_DRAWN))
    names = table["reading"].to_numpy()
    largest = {name: exponent[names == name].max() for name in dict.fromkeys(names.tolist())}
    drawn = sorted(largest, key=lambda name: -largest[name])[:MAX_READINGS]
    height = 0.22 * len(drawn) + 1.5
    figure = style.new_figure(8.6, height)
    axes = figure.add_axes((0.27, 0.95 / height, 0.70, 0.22 * len(drawn) / height))
    _draw_marks(axes, table, exponent, drawn)
    runs = _number_of_runs(table)
    verb = "differs" if len(largest) == 1 else "differ"
    axes.set_title(f"{_counted(len(largest), 'reading')} {verb} in {_counted(runs, 'run')}", pad=8)
    note = "One mark for each run. Where the expected value is 0, the share is drawn as 1."
    if len(largest) > len(drawn):
        note += f" Drawn: the {len(drawn)} readings with the largest differences."
    figure.text(0.02, 0.12 / height, note, fontsize=8, color=GREY)
    title = "Differences"
    style.save(figure, path, title)
    counts = "; ".join(f"{name}: {int((names == name).sum())}" for name in drawn)
    return Picture(path, title, note, f"Runs that differ by reading: {counts}")


def _draw_marks(axes: Axes, table: Any, exponent: np.ndarray[Any, Any], drawn: list[str]) -> None:
    """Draw the differences of each reading in a row of its own, on a logarithmic scale."""
    names = table["reading"].to_numpy()
    is_more = table["absolute"].to_numpy(float) > 0.0
    for row, name in enumerate(drawn):
        for more, colour, shape in ((True, VERMILION, "^"), (False, BLUE, "v")):
            x = exponent[(names == name) & (is_more == more)]
            axes.plot(
                x, [row] * len(x), linestyle="none", marker=shape, markersize=5, color=colour, alpha=0.6
            )
    axes.set_yticks(range(len(drawn)), [style.readable(name) for name in drawn])
    axes.set_ylim(len(drawn) - 0.4, -0.6)
    low, high = int(np.floor(exponent.min())), max(0, int(np.ceil(exponent.max())))
    ticks = range(low, high + 1, max(1, (high - low) // 6))
    axes.set_xticks(list(ticks), [f"{10.0**tick:g}" for tick in ticks])
    axes.set_xlim(low - 0.3, high + 0.3)
    axes.set_xlabel("difference as a share of the expected value (up: more, down: less)")


def _number_of_runs(table: Any) -> int:
    """Number of runs that differ, by the columns that say which run a row belongs to."""
    by = ["run_id"] if "run_id" in table else [name for name in table if name not in (*COLUMNS, "case")]
    return len(table[by].drop_duplicates())


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
