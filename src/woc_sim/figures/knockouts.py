"""Knock-outs: how the findings change when one process is dropped from the model."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.image import AxesImage

from woc_sim.analysis.knockouts import decorative_processes
from woc_sim.figures import style
from woc_sim.figures.scoreboard import shortened
from woc_sim.figures.style import BLACK, GREY, Picture
from woc_sim.figures.validation_tables import ValidationTables

Array = np.ndarray[Any, np.dtype[Any]]


def knockouts(tables: ValidationTables, folder: Path) -> Picture:
    """Heat map: how each finding changes when a process is dropped, and whether it still passes."""
    table = tables.knockouts
    with style.project_style():
        if table.empty:
            figure = style.new_figure(9.0, 1.8)
            reason = "no knock-outs in this validation:\n--knockouts adds what each process does"
            style.explain_empty(figure.add_axes((0, 0, 1, 1)), reason)
            title = "Knock-outs"
            path = style.save(figure, folder / "knockouts.png", title)
            return Picture(path, title, "Not part of this validation.", "No knock-outs.")
        processes, findings, effects = value_matrix(table, "effect")
        height = 2.1 + 0.17 * len(findings)
        figure = style.new_figure(10.6, height)
        axes = figure.add_axes((0.43, 0.6 / height, 0.47, 1 - 2.0 / height))
        image = _draw_matrix(axes, table, effects)
        names = [style.readable(each) for each in processes]
        axes.set_xticks(range(len(processes)), names, rotation=50, ha="left", rotation_mode="anchor")
        axes.set_yticks(range(len(findings)), _finding_labels(tables, findings), fontsize=7)
        bar = figure.add_axes((0.92, 0.6 / height, 0.014, min(2.5, height - 2.0) / height))
        figure.colorbar(image, cax=bar, extend="both").set_label(
            "standard deviations over studies", fontsize=8
        )
        idle = decorative_processes(table, tables.knockouts_indicators)
        note = "Moves no finding and no indicator: " + (", ".join(map(style.readable, idle)) or "none") + "."
        legend = "x: no longer passes without the process; o: passes only without it; grey: no number."
        figure.text(0.02, 0.32 / height, legend, fontsize=8, color=GREY)
        figure.text(0.02, 0.12 / height, note, fontsize=8, color=GREY)
        title = "Knock-outs: process by finding"
        path = style.save(figure, folder / "knockouts.png", title)
    caption = (
        "Studies without each process against the same studies with it. Colour: change of the finding's "
        "number in standard deviations over the studies of the model. A process that moves nothing is "
        "decorative."
    )
    alt = f"{len(processes)} processes, {len(findings)} findings. {note}"
    return Picture(path, title, caption, alt)


def _draw_matrix(axes: Axes, table: pd.DataFrame, effects: Array) -> AxesImage:
    """Draw the effects as colours and mark the findings that pass only with or only without a process."""
    changed = value_matrix(table, "passed_without")[2] - value_matrix(table, "passed_model")[2]
    image = axes.imshow(
        np.ma.masked_invalid(np.clip(effects, -9.0, 9.0)).T, cmap="PuOr", vmin=-3, vmax=3, aspect="auto"
    )
    dark = np.abs(np.nan_to_num(effects)) > 1.8
    for sign, mark in ((-1.0, "x"), (1.0, "o")):
        for ink, cells in (("white", dark), (BLACK, ~dark)):
            columns, rows = np.nonzero((changed == sign) & cells)
            axes.plot(
                columns, rows, mark, color=ink, markersize=4, markerfacecolor="none", markeredgewidth=1.3
            )
    axes.set_facecolor("#E4E4E4")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    return image


def _finding_labels(tables: ValidationTables, findings: list[str]) -> list[str]:
    """The statement of each finding, shortened, with its id."""
    statements = dict(
        zip(_scoreboard_texts(tables, "id"), _scoreboard_texts(tables, "statement"), strict=True)
    )
    return [f"{shortened(statements.get(each, ''), 54)}  {each}".strip() for each in findings]


def _scoreboard_texts(tables: ValidationTables, column: str) -> list[str]:
    """A column of the scoreboard as texts; empty without one."""
    board = tables.scoreboard
    return [str(each) for each in board[column]] if {"id", "statement"} <= set(board) else []


def value_matrix(table: pd.DataFrame, value: str) -> tuple[list[str], list[str], Array]:
    """Processes, findings, and the matrix of one value, in the order of the table."""
    processes = list(dict.fromkeys(table["process"].astype(str)))
    findings = list(dict.fromkeys(table["finding"].astype(str)))
    found = np.full((len(processes), len(findings)), np.nan)
    rows = [processes.index(each) for each in table["process"].astype(str)]
    columns = [findings.index(each) for each in table["finding"].astype(str)]
    found[rows, columns] = table[value].to_numpy(dtype=float)
    return processes, findings, found
