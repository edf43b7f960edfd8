"""What each process does: findings' readings with one process dropped, against the whole model."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from woc_sim.analysis.knockouts import INDICATOR_MOVES, MOVES
from woc_sim.figures import style
from woc_sim.figures.material import Material
from woc_sim.figures.style import BLACK, GREY, Picture

Array = np.ndarray[Any, np.dtype[Any]]


def knockouts(material: Material, folder: Path) -> Picture:
    """Heat map: how each finding changes when a process is dropped, and whether it still passes."""
    table = material.knockouts
    with style.look():
        if table.empty:
            figure = style.canvas(9.0, 1.8)
            reason = (
                "no knock-outs in this validation:\nrun it with --knockouts to see what each process does"
            )
            style.say(figure.add_axes((0, 0, 1, 1)), reason)
            path = style.save(figure, folder / "knockouts.png")
            return Picture(path, "Knock-outs", "Not part of this validation.", "No knock-outs.")
        processes, findings, effects = matrix(table, "effect")
        changed = matrix(table, "passed_without")[2] - matrix(table, "passed_model")[2]
        width, height = max(8.5, 2.4 + 0.165 * len(findings)), 1.6 + 0.27 * len(processes)
        figure = style.canvas(width, height)
        axes = figure.add_axes((1.3 / width, 0.95 / height, 1 - 2.1 / width, 1 - 1.45 / height))
        shown = np.ma.masked_invalid(np.clip(effects, -9.0, 9.0))
        image = axes.imshow(shown, cmap="PuOr", vmin=-3, vmax=3, aspect="auto")
        for sign, mark in ((-1.0, "x"), (1.0, "o")):
            rows, columns = np.nonzero(changed == sign)
            axes.plot(
                columns, rows, mark, color=BLACK, markersize=3.2, markerfacecolor="none", linestyle="none"
            )
        axes.set_facecolor("#E4E4E4")
        axes.set_xticks(range(len(findings)), findings, rotation=90, fontsize=6.5)
        axes.set_yticks(range(len(processes)), [style.words(each) for each in processes])
        axes.tick_params(length=0)
        axes.set_title("What changes when a process is dropped")
        bar = figure.add_axes((1 - 0.68 / width, 0.95 / height, 0.11 / width, 1 - 1.45 / height))
        figure.colorbar(image, cax=bar, extend="both").set_label(
            "standard deviations over studies", fontsize=8
        )
        idle = decorative(table, material.knockouts_indicators)
        note = "Moves no finding and no indicator: " + (", ".join(map(style.words, idle)) or "none") + "."
        legend = "x: no longer passes without the process; o: passes only without it. Grey: no number. "
        figure.text(1.3 / width, 0.1 / height, legend + note, fontsize=8, color=GREY)
        path = style.save(figure, folder / "knockouts.png")
    caption = (
        "One study without each process against the same study with it. Colour: change of the finding's "
        "number in standard deviations over the model's studies. A process that moves nothing is decorative."
    )
    alt = f"{len(processes)} processes, {len(findings)} findings. {note}"
    return Picture(path, "Knock-outs: process by finding", caption, alt)


def matrix(table: pd.DataFrame, value: str) -> tuple[list[str], list[str], Array]:
    """Processes, findings and one value of each pair, in the order of the table, from a row a pair."""
    processes = list(dict.fromkeys(table["process"].astype(str)))
    findings = list(dict.fromkeys(table["finding"].astype(str)))
    found = np.full((len(processes), len(findings)), np.nan)
    rows = [processes.index(each) for each in table["process"].astype(str)]
    columns = [findings.index(each) for each in table["finding"].astype(str)]
    found[rows, columns] = table[value].to_numpy(dtype=float)
    return processes, findings, found


def decorative(table: pd.DataFrame, indicators: pd.DataFrame) -> list[str]:
    """Processes whose knock-out moves no finding, loses no number and moves no indicator."""
    lost = table["value_model"].notna() & table["value_without"].isna()
    moved = (table["effect"].abs() >= MOVES) | (table["passed_model"] != table["passed_without"]) | lost
    moving = set(table.loc[moved, "process"])
    if not indicators.empty:
        moving |= set(indicators.loc[indicators["effect"].abs() >= INDICATOR_MOVES, "process"])
    return [name for name in dict.fromkeys(table["process"]) if name not in moving]
