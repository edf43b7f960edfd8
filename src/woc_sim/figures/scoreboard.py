"""The scoreboard as a picture: every judged finding with its verdict."""

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woc_sim.figures import style
from woc_sim.figures.material import Material
from woc_sim.figures.style import BLACK, BLUE, GREY, INK, PALE, VERDICT_COLOURS, Picture

VERDICT_MARKS: Final = {
    "reproduced": "o",
    "passes but trivial": "s",
    "not reproduced": "X",
    "cannot tell": "_",
}
"""Marks beside the colours, so that verdicts can be told apart in grey."""
ROLE_TITLES: Final = {
    "held_out": "Held out: never used to choose anything",
    "fit": "Fit: used to choose parameters, agreement proves little",
    "hypothesis": "Hypotheses of the authors: implied or not",
    "": "Without a role",
}
REACH: Final = 3.0
"""Half-widths of the simulated interval that the strip shows on either side; farther values stand at the
edge."""
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def number(text: object) -> float:
    """The first number in a cell of the scoreboard, nan where it has none."""
    if isinstance(text, int | float):
        return float(text)
    found = _NUMBER.search(str(text))
    return float(found.group()) if found else float("nan")


def short(statement: object, most: int = 78) -> str:
    """A statement cut at a word boundary to at most `most` characters."""
    text = str(statement).strip().rstrip(".")
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0] + "…"


def ordered(board: pd.DataFrame) -> pd.DataFrame:
    """Rows by role (held out first), then by verdict, then by id; adds nothing and drops nothing."""
    roles, verdicts = list(ROLE_TITLES), list(VERDICT_COLOURS)
    keys = pd.DataFrame(
        {
            "role": [roles.index(each) if each in roles else len(roles) for each in _texts(board, "role")],
            "verdict": [
                verdicts.index(each) if each in verdicts else len(verdicts)
                for each in _texts(board, "verdict")
            ],
            "id": _texts(board, "id"),
        },
        index=board.index,
    )
    return board.loc[keys.sort_values(["role", "verdict", "id"]).index]


def scoreboard(material: Material, folder: Path) -> Picture:
    """A strip a finding: published against the simulated interval, pass rates of model and nulls, verdict."""
    board = material.scoreboard
    with style.look():
        if board.empty or "verdict" not in board:
            figure = style.canvas(9.0, 2.0)
            style.say(figure.add_axes((0, 0, 1, 1)), "no scoreboard in this validation")
            path = style.save(figure, folder / "scoreboard.png")
            return Picture(path, "Scoreboard", "No finding was judged.", "No scoreboard.")
        rows = ordered(board)
        heads = len(set(_texts(rows, "role")))
        height = 0.2 * (len(rows) + 1.4 * heads) + 1.0
        figure = style.canvas(11.4, height)
        bottom, top = 0.55 / height, 1.0 - 0.45 / height
        strip = figure.add_axes((0.45, bottom, 0.24, top - bottom))
        passes = figure.add_axes((0.715, bottom, 0.12, top - bottom))
        _rows(strip, passes, rows)
        path = style.save(figure, folder / "scoreboard.png")
    counts = board["verdict"].value_counts()
    told = ", ".join(f"{name}: {int(counts.get(name, 0))}" for name in VERDICT_COLOURS)
    caption = (
        "Left: the published number in units of the simulated 90 % interval; inside the band it is within "
        "the interval. Findings that state a direction have no number and only pass or fail. Middle: share "
        "of studies that pass, in the model (dot) and in the null that passes most (square). A finding is "
        "'reproduced' only if the model passes and the nulls do not."
    )
    return Picture(path, "Scoreboard", caption, f"{len(board)} findings judged; {told}.")


def _rows(strip: Axes, passes: Axes, rows: pd.DataFrame) -> None:
    """Draw all rows from the top down, with a heading where the role changes."""
    y, role = 0.0, None
    strip.set_title("published against simulated", fontsize=8.5, pad=8)
    passes.set_title("share that passes", fontsize=8.5, pad=8)
    bands = []
    for row in rows.to_dict("records"):
        if str(row.get("role", "")) != role:
            role = str(row.get("role", ""))
            title = ROLE_TITLES.get(role, style.words(role))
            strip.text(
                -1.86, y + 0.35, title, transform=strip.get_yaxis_transform(), fontsize=8.5, weight="bold"
            )
            y += 1.4
        verdict = str(row.get("verdict", ""))
        colour = VERDICT_COLOURS.get(verdict, GREY)
        where = strip.get_yaxis_transform()
        label = f"{row.get('id', '')}  {short(row.get('statement', ''))}"
        strip.text(-1.86, y, label, transform=where, va="center", fontsize=7.5)
        bands.append(y)
        _place(strip, y, row, colour)
        for name, mark, ink in (("pass_null", "s", GREY), ("pass_model", "o", BLUE)):
            share = number(row.get(name, ""))
            passes.plot(
                [share], [y], mark, color=ink, markersize=5, markerfacecolor=ink if mark == "o" else "white"
            )
        beside = passes.get_yaxis_transform()
        mark = VERDICT_MARKS.get(verdict, ".")
        passes.plot(
            [1.1], [y], mark, color=colour, transform=beside, clip_on=False, markersize=6, markeredgewidth=2
        )
        passes.text(1.17, y, verdict or "not judged", transform=beside, va="center", fontsize=7.5, color=INK)
        y += 1.0
    strip.barh(bands, 2.0, left=-1.0, height=1.0, color=PALE, alpha=0.55, zorder=0)
    for axes in (strip, passes):
        axes.set_ylim(y - 0.2, -0.6)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    strip.set_xlim(-REACH - 0.3, REACH + 0.3)
    strip.set_xticks([-1, 0, 1], ["low", "median", "high"])
    strip.set_xlabel("simulated 90 % interval", fontsize=8)
    passes.set_xlim(-0.06, 1.06)
    passes.set_xticks([0, 0.4, 0.7, 1], ["0", ".4", ".7", "1"])
    passes.grid(axis="x", color=PALE, linewidth=0.7)
    passes.set_axisbelow(True)
    passes.set_xlabel("of studies", fontsize=8)
    handles = [
        Line2D([], [], **{**style.PUBLISHED_MARK, "label": "published"}),
        Patch(color=PALE, label="within the simulated interval"),
        Line2D([], [], marker="o", color=BLUE, linestyle="none", markersize=5, label="model"),
        Line2D([], [], marker="s", color=GREY, markerfacecolor="white", linestyle="none", label="null"),
    ]
    strip.legend(handles=handles, loc="lower left", bbox_to_anchor=(-1.9, 1.0), ncols=4, columnspacing=1.0)


def _place(axes: Axes, y: float, row: dict[Any, Any], colour: str) -> None:
    """Put the published diamond of one row on the strip, or say why there is none."""
    value, middle = number(row.get("published", "")), number(row.get("simulated", ""))
    low, high = number(row.get("low", "")), number(row.get("high", ""))
    axes.plot([-REACH - 0.25], [y], "|", color=colour, markersize=9, markeredgewidth=3)
    if not np.isfinite([value, middle, low, high]).all():
        reason = "not read" if not np.isfinite(middle) else "direction only"
        axes.text(0, y, reason, ha="center", va="center", fontsize=6.5, color=GREY)
        return
    half = max((high - middle) if value >= middle else (middle - low), 1e-9)
    at = (value - middle) / half
    if abs(at) <= REACH:
        axes.plot([at], [y], **{**style.PUBLISHED_MARK, "markersize": 4.5})
    else:
        edge = REACH if at > 0 else -REACH
        axes.plot(
            [edge], [y], marker=">" if at > 0 else "<", color=BLACK, markersize=4.5, markerfacecolor="white"
        )


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    """A column as texts, empty where it is missing."""
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(each) else str(each) for each in frame[column]]
