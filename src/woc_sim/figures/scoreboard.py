"""The scoreboard as a picture: every judged finding with its verdict."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woc_sim.figures import style
from woc_sim.figures.style import BLACK, BLUE, GREY, INK, PALE, VERDICT_COLOURS, Picture
from woc_sim.figures.validation_tables import ValidationTables

Array = np.ndarray[Any, np.dtype[Any]]

VERDICT_MARKS: Final = {
    "reproduced": "o",
    "emerges, no rival": "^",
    "trivial": "s",
    "not reproduced": "X",
    "cannot tell": "_",
    "implied": "P",
    "open": "|",
    "not implied": "v",
}
"""Marks beside the colours, so that verdicts differ in a grey print too."""
ROLE_TITLES: Final = {
    "held_out": "Held out: never used to choose anything",
    "fit": "Fit: used to choose parameters, agreement proves little",
    "hypothesis": "Hypotheses of the authors: implied or not, and in no count",
    "": "Without a role",
}
STATEMENT_EDGE: Final = -1.86
"""Left edge of the statements, in widths of the strip."""
MAX_DIRECTION: Final = 46
"""Characters of a published direction that fit into the strip."""
MAX_HALF_WIDTHS: Final = 3.0
"""Half-widths of the simulated interval that the strip shows on each side; larger values are drawn at the
edge."""


def shortened(statement: object, most: int = 78) -> str:
    """A statement cut at a word boundary to at most `most` characters."""
    text = str(statement).strip().rstrip(".")
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0] + "…"


def sorted_by_role(board: pd.DataFrame) -> pd.DataFrame:
    """All rows, sorted by role (held out first), then by verdict, then by id."""
    roles, verdicts = list(ROLE_TITLES), list(VERDICT_COLOURS)
    keys = pd.DataFrame(
        {
            "role": [
                roles.index(each) if each in roles else len(roles) for each in _text_column(board, "role")
            ],
            "verdict": [
                verdicts.index(each) if each in verdicts else len(verdicts)
                for each in _text_column(board, "verdict")
            ],
            "id": _text_column(board, "id"),
        },
        index=board.index,
    )
    return board.loc[keys.sort_values(["role", "verdict", "id"]).index]


def scoreboard(tables: ValidationTables, folder: Path) -> Picture:
    """One row for each finding: published value and simulated interval, pass rates of model and nulls,
    verdict."""
    board = tables.scoreboard
    with style.project_style():
        if board.empty or "verdict" not in board:
            figure = style.new_figure(9.0, 2.0)
            style.explain_empty(figure.add_axes((0, 0, 1, 1)), "no scoreboard in this validation")
            title = "Scoreboard"
            path = style.save(figure, folder / "scoreboard.png", title)
            return Picture(path, title, "No finding was judged.", "No scoreboard.")
        rows = sorted_by_role(board)
        heads = len(set(_text_column(rows, "role")))
        height = 0.2 * (len(rows) + 1.4 * heads) + 1.0
        figure = style.new_figure(11.4, height)
        bottom, top = 0.55 / height, 1.0 - 0.45 / height
        strip = figure.add_axes((0.45, bottom, 0.24, top - bottom))
        passes = figure.add_axes((0.715, bottom, 0.12, top - bottom))
        _draw_rows(strip, passes, rows)
        title = "Scoreboard"
        path = style.save(figure, folder / "scoreboard.png", title)
    counts = board["verdict"].value_counts()
    alt_parts = ", ".join(f"{name}: {int(counts.get(name, 0))}" for name in VERDICT_COLOURS)
    caption = (
        "Left: the published number in units of the simulated 90 % interval; inside the band it is within "
        "the interval. A finding that states only a direction is written out. Middle: share of studies in "
        "which the finding holds, in the model (dot, with its 90 % interval) and in the living null model "
        "that has it most often (square; none if no null model could have the finding and lack it). A "
        "finding holds if the interval lies above one half. It is 'reproduced' only if it holds in the "
        "model and fails in all these null models."
    )
    return Picture(path, title, caption, f"{len(board)} rows; {alt_parts}.")


def _draw_rows(strip: Axes, passes: Axes, rows: pd.DataFrame) -> None:
    """Draw all rows from the top down, with a heading where the role changes."""
    heights = _row_heights(strip, rows)
    where = strip.get_yaxis_transform()
    for y, name, statement in zip(
        heights, _text_column(rows, "id"), _text_column(rows, "statement"), strict=True
    ):
        strip.text(
            STATEMENT_EDGE, y, f"{name}  {shortened(statement)}", transform=where, va="center", fontsize=7.5
        )
    strip.barh(heights, 2.0, left=-1.0, height=1.0, color=PALE, alpha=0.55, zorder=0)
    _draw_published(strip, heights, rows)
    passes.hlines(
        heights,
        _number_column(rows, "pass_low"),
        _number_column(rows, "pass_high"),
        color=BLUE,
        alpha=0.45,
        linewidth=2.5,
    )
    passes.plot(
        _number_column(rows, "pass_null"), heights, "s", color=GREY, markersize=6, markerfacecolor="white"
    )
    passes.plot(_number_column(rows, "pass_model"), heights, "o", color=BLUE, markersize=4.2)
    _draw_verdicts(passes, heights, _text_column(rows, "verdict"))
    for axes, title in ((strip, "published against simulated"), (passes, "share of studies")):
        axes.set_title(title, fontsize=8.5, pad=8)
        axes.set_ylim(heights[-1] + 0.8, -0.6)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    strip.set_xlim(-MAX_HALF_WIDTHS - 0.3, MAX_HALF_WIDTHS + 0.3)
    strip.set_xticks([-1, 0, 1], ["low", "median", "high"])
    strip.set_xlabel("simulated 90 % interval", fontsize=8)
    passes.set_xlim(-0.06, 1.06)
    passes.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
    passes.grid(axis="x", color=PALE, linewidth=0.7)
    passes.set_axisbelow(True)
    passes.set_xlabel("in which it holds", fontsize=8)
    handles = [
        Line2D([], [], **{**style.PUBLISHED_MARK, "label": "published (arrow: farther off)"}),
        Patch(color=PALE, label="simulated interval"),
        Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=5, label="model"),
        Line2D(
            [], [], marker="s", color=GREY, markerfacecolor="white", linestyle="none", label="living null"
        ),
    ]
    strip.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(STATEMENT_EDGE - 0.04, 1.0),
        ncols=4,
        columnspacing=1.0,
    )


def _row_heights(axes: Axes, rows: pd.DataFrame) -> Array:
    """The height of each row, counted downwards, after writing the headings between the roles."""
    y, role, heights = 0.0, None, []
    for each in _text_column(rows, "role"):
        if each != role:
            role = each
            title = ROLE_TITLES.get(role, style.readable(role))
            where = axes.get_yaxis_transform()
            axes.text(STATEMENT_EDGE, y + 0.35, title, transform=where, fontsize=8.5, weight="bold")
            y += 1.4
        heights.append(y)
        y += 1.0
    return np.array(heights)


def _draw_published(axes: Axes, heights: Array, rows: pd.DataFrame) -> None:
    """Put the published diamonds on the strip, in half-widths of the simulated interval."""
    value, middle = _number_column(rows, "target"), _number_column(rows, "simulated")
    half = np.where(
        value >= middle, _number_column(rows, "high") - middle, middle - _number_column(rows, "low")
    )
    at = (value - middle) / np.maximum(half, 1e-9)
    inside = np.abs(at) <= MAX_HALF_WIDTHS
    axes.plot(at[inside], heights[inside], **{**style.PUBLISHED_MARK, "markersize": 4.5})
    for edge, mark, beyond in (
        (MAX_HALF_WIDTHS, ">", at > MAX_HALF_WIDTHS),
        (-MAX_HALF_WIDTHS, "<", at < -MAX_HALF_WIDTHS),
    ):
        spots = np.full(int(beyond.sum()), edge)
        axes.plot(spots, heights[beyond], mark, color=BLACK, markersize=4.5, markerfacecolor="white")
    words = zip(heights, value, middle, _text_column(rows, "published"), strict=True)
    for y, number, read, published in words:
        if not np.isfinite(number) and np.isfinite(read):  # a direction has no place on the strip
            text = shortened(published, MAX_DIRECTION)
            axes.text(0, y, text, ha="center", va="center", fontsize=6.5, color=INK)
    for y in heights[~np.isfinite(middle)]:
        axes.text(0, y, "not read", ha="center", va="center", fontsize=6.5, color=GREY)


def _draw_verdicts(axes: Axes, heights: Array, verdicts: list[str]) -> None:
    """Mark and name the verdict of each row at the right."""
    beside = axes.get_yaxis_transform()
    for name in dict.fromkeys(verdicts):
        at = heights[[each == name for each in verdicts]]
        mark, colour = VERDICT_MARKS.get(name, "."), VERDICT_COLOURS.get(name, GREY)
        spots = np.full(len(at), 1.1)
        axes.plot(
            spots, at, mark, color=colour, transform=beside, clip_on=False, markersize=6, markeredgewidth=2
        )
        for y in at:
            axes.text(1.17, y, name or "not judged", transform=beside, va="center", fontsize=7.5, color=INK)


def _number_column(frame: pd.DataFrame, column: str) -> Array:
    """A column as numbers, nan where it is missing."""
    if column not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[column], errors="coerce").to_numpy(dtype=float)


def _text_column(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as texts, empty where it is missing."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(each) else str(each) for each in frame[column]]
