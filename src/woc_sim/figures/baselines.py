"""Errors of the model beside those of simple statistical predictions from the same covariates."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, INK, Picture
from woc_sim.figures.validation_tables import MODEL, ValidationTables, has_values

TARGETS: Final = {"mipex_total": "Policy index", "perceived_attitudes": "Perceived attitudes"}
UNITS: Final = {"mipex_total": "points", "perceived_attitudes": "rating points"}
FOLDS: Final = {
    "none": ("o", "no fold (model without offset)"),
    "one_out": ("s", "one locality left out"),
    "country_out": ("^", "its country left out"),
}
"""Mark and label of each fold."""


COUNTRY_BASELINES: Final = ("mean", "country_mean")
"""Baselines that predict the same value for all localities of a country."""


def baselines(tables: ValidationTables, folder: Path) -> Picture:
    """Error of the predictions and their correlation within countries, for the model and the baselines."""
    table = tables.baselines
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 3.3)
        for index, (target, title) in enumerate(TARGETS.items()):
            for side, (column, label) in enumerate(
                (
                    ("mae", f"mean error, {UNITS[target]}"),
                    ("r_within_country", "correlation within countries"),
                )
            ):
                axes = figure.add_axes((0.135 + 0.475 * index + 0.205 * side, 0.17, 0.17, 0.6))
                if side == 0:
                    axes.set_title(title)
                if not has_values(table, "target", "baseline", "fold", column):
                    style.explain_empty(axes, "no baselines in\nthis validation")
                    continue
                alt_parts.extend(_draw_scores(axes, table[table["target"] == target], column, side == 0))
                axes.set_xlabel(label, fontsize=8)
        handles = [
            Line2D([], [], **_marker_style(fold, fold == "none"), linestyle="none", label=words)
            for fold, (_, words) in FOLDS.items()
        ]
        figure.legend(handles=handles, loc="upper left", ncols=3, bbox_to_anchor=(0.12, 1.0))
        title = "The model and the baselines"
        path = style.save(figure, folder / "baselines.png", title)
    caption = (
        "Each baseline predicts every locality of the study from the others and is fitted anew in every "
        "fold. The model was not fitted to single localities. Where a country is left out it has "
        "parameters that were drawn without it, if there are such sets; in other folds it has one offset "
        "from the others. Bars: 90 % bootstrap intervals over localities. A correlation within countries "
        "of 0 means that a prediction knows only the country. Ridge on duty has size, colour and the mean "
        "duty of the framework."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No baselines.")


def _marker_style(fold: str, of_model: bool) -> dict[str, Any]:
    """How a score is drawn: the model filled, baselines hollow."""
    mark = FOLDS.get(fold, ("D", ""))[0]
    return {"marker": mark, "color": BLUE} if of_model else {"marker": mark, "color": GREY, **HOLLOW}


HOLLOW: Final = {"markerfacecolor": "white"}
HEIGHTS: Final = {"none": 0.0, "one_out": 0.16, "country_out": -0.16}
"""Height of the mark of a fold above its line, so that intervals do not overlap."""


def _draw_scores(axes: Axes, table: pd.DataFrame, column: str, named: bool) -> list[str]:
    """Draw one score of all baselines for one target; its numbers in words."""
    order = [name for name in dict.fromkeys(table["baseline"]) if name != MODEL] + [MODEL]
    alt_parts = []
    for row in table.to_dict("records"):
        if column == "r_within_country" and row["baseline"] in COUNTRY_BASELINES:
            continue
        fold, is_model = str(row["fold"]), row["baseline"] == MODEL
        y = order.index(row["baseline"]) + HEIGHTS.get(fold, 0.0)
        if column == "mae" and {"mae_low", "mae_high"} <= set(row):
            axes.hlines([y], row["mae_low"], row["mae_high"], color=BLUE if is_model else GREY, linewidth=1.2)
        axes.plot([row[column]], [y], **_marker_style(fold, is_model), markersize=6)
        if np.isfinite(row[column]):
            alt_parts.append(
                f"{row['baseline']} {row['fold']} {row['target']} {column} {row[column]:.2f}".replace(
                    "_", " "
                )
            )
    axes.set_yticks(
        range(len(order)), [style.readable(name) for name in order] if named else [""] * len(order)
    )
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=style.PALE, linewidth=0.7)
    axes.margins(x=0.15)
    if column == "mae":
        axes.set_xlim(left=0)
    else:
        axes.axvline(0, color=INK, linewidth=0.8)
    return alt_parts
