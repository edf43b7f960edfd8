"""What each process does: findings' readings with one process dropped, against the whole model."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from woc_sim.figures import style
from woc_sim.figures.material import Material
from woc_sim.figures.style import GREY, Picture

Array = np.ndarray[Any, np.dtype[Any]]

KEYS: Final = ("process", "dropped", "knockout")
"""Names the column of processes may have."""


def knockouts(material: Material, folder: Path) -> Picture:
    """Heat map: change of each finding when a process is dropped, in standard errors of the model; rows are
    processes."""
    processes, findings, effects = matrix(material.knockouts)
    with style.look():
        if not processes:
            figure = style.canvas(9.0, 1.8)
            reason = (
                "no knock-outs in this validation:\nrun it with --knockouts to see what each process does"
            )
            style.say(figure.add_axes((0, 0, 1, 1)), reason)
            path = style.save(figure, folder / "knockouts.png")
            return Picture(path, "Knock-outs", "Not part of this validation.", "No knock-outs.")
        width, height = max(8.0, 2.2 + 0.3 * len(findings)), 1.3 + 0.27 * len(processes)
        figure = style.canvas(width, height)
        axes = figure.add_axes((1.6 / width, 0.75 / height, 1 - 2.0 / width, 1 - 1.2 / height))
        shown = np.clip(effects, -9.0, 9.0)
        image = axes.imshow(np.ma.masked_invalid(shown), cmap="PuOr", vmin=-4, vmax=4, aspect="auto")
        for row, column in zip(*np.nonzero(np.abs(np.nan_to_num(effects)) >= 2.0), strict=True):
            axes.plot([column], [row], ".", color="white", markersize=3)
        axes.set_facecolor("#F4F4F4")
        axes.set_xticks(range(len(findings)), findings, rotation=90, fontsize=7)
        axes.set_yticks(range(len(processes)), [style.words(each) for each in processes])
        axes.tick_params(length=0)
        axes.set_title("Change of each reading when the process is dropped")
        bar = figure.add_axes((1 - 0.3 / width, 0.75 / height, 0.1 / width, 1 - 1.2 / height))
        figure.colorbar(image, cax=bar).set_label("standard errors", fontsize=8, labelpad=-2)
        idle = [name for name, row in zip(processes, effects, strict=True) if not (np.abs(row) >= 2.0).any()]
        note = (
            "Dot: at least two standard errors. Moves nothing: "
            + (", ".join(map(style.words, idle)) or "none")
            + "."
        )
        figure.text(1.6 / width, 0.05 / height, note, fontsize=8, color=GREY)
        path = style.save(figure, folder / "knockouts.png")
    caption = "A process that moves nothing is decorative. Grey: no reading exists without the process."
    alt = f"{len(processes)} processes, {len(findings)} findings; {note}"
    return Picture(path, "Knock-outs: process by finding", caption, alt)


def matrix(table: pd.DataFrame) -> tuple[list[str], list[str], Array]:
    """Processes, findings and the effects between them, from a table with a row a process or a row a pair."""
    key = next((name for name in KEYS if name in table), None)
    if key is None or table.empty:
        return [], [], np.empty((0, 0))
    if "finding" in table:
        value = next(name for name in ("effect", "change", "z") if name in table)
        wide = table.pivot_table(index=key, columns="finding", values=value, sort=False, dropna=False)
    else:
        wide = table.set_index(key).select_dtypes("number")
    return (
        [str(each) for each in wide.index],
        [str(each) for each in wide.columns],
        wide.to_numpy(dtype=float),
    )
