"""The model beside plain statistics that see the same covariates."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.material import MODEL, Material, has
from woc_sim.figures.style import BLUE, GREY, INK, Picture

TARGETS: Final = {"mipex_total": "Policy index", "perceived_attitudes": "Perceived attitudes"}
UNITS: Final = {"mipex_total": "points", "perceived_attitudes": "points of the 1 to 5 scale"}
FOLDS: Final = {
    "none": ("o", "model, no fold"),
    "one_out": ("s", "one locality left out"),
    "country_out": ("^", "its country left out"),
}
"""Mark and words of each way of leaving out."""


def rivals(material: Material, folder: Path) -> Picture:
    """Error of predicted localities and their correlation within countries, for model and rivals."""
    table = material.rivals
    told: list[str] = []
    with style.look():
        figure = style.canvas(10.6, 3.3)
        for place, (target, title) in enumerate(TARGETS.items()):
            for side, (column, label) in enumerate(
                (
                    ("crps", f"CRPS, {UNITS[target]} (less is better)"),
                    ("r_within_country", "correlation within countries"),
                )
            ):
                axes = figure.add_axes((0.135 + 0.475 * place + 0.205 * side, 0.17, 0.17, 0.6))
                if side == 0:
                    axes.set_title(title)
                if not has(table, "target", "rival", "fold", column):
                    style.say(axes, "no rivals in\nthis validation")
                    continue
                told.extend(_scores(axes, table[table["target"] == target], column, side == 0))
                axes.set_xlabel(label, fontsize=8)
        handles = [
            Line2D([], [], marker=mark, color=GREY if fold != "none" else BLUE, linestyle="none", label=words)
            for fold, (mark, words) in FOLDS.items()
        ]
        figure.legend(handles=handles, loc="upper left", ncols=3, bbox_to_anchor=(0.12, 1.0))
        path = style.save(figure, folder / "rivals.png")
    caption = (
        "Each rival predicts every locality of the study from the others. The model was fitted to no single "
        "locality. CRPS counts distance and honesty of the spread together. A correlation within countries "
        "of 0 means that only the country is known."
    )
    return Picture(path, "The model and its rivals", caption, "; ".join(told) or "No rivals.")


def _scores(axes: Axes, table: pd.DataFrame, column: str, named: bool) -> list[str]:
    """Draw one score of all rivals of one target; its numbers in words."""
    order = [name for name in dict.fromkeys(table["rival"]) if name != MODEL] + [MODEL]
    told = []
    for row in table.to_dict("records"):
        mark = FOLDS.get(str(row["fold"]), ("D", ""))[0]
        colour = BLUE if row["rival"] == MODEL else GREY
        filled = colour if row["rival"] == MODEL else "white"
        axes.plot(
            [row[column]],
            [order.index(row["rival"])],
            mark,
            color=colour,
            markerfacecolor=filled,
            markersize=7,
        )
        if np.isfinite(row[column]):
            told.append(
                f"{row['rival']} {row['fold']} {row['target']} {column} {row[column]:.2f}".replace("_", " ")
            )
    axes.set_yticks(range(len(order)), [style.words(name) for name in order] if named else [""] * len(order))
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.grid(axis="x", color=style.PALE, linewidth=0.7)
    axes.margins(x=0.15)
    if column == "crps":
        axes.set_xlim(left=0)
    else:
        axes.axvline(0, color=INK, linewidth=0.8)
    return told
