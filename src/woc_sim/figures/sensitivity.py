"""Which parameters matter: Morris elementary effects (mu* and sigma) of the parameter registry."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, INK, ORANGE, Picture
from woc_sim.figures.validation_tables import ValidationTables, has_values

MAX_PARAMETERS: Final = 14
"""Number of parameters named for each outcome, by mu*."""


def sensitivity(tables: ValidationTables, folder: Path) -> Picture:
    """For each outcome its leading parameters by mu*, with the confidence interval, and sigma beside it.

    Reads ``sensitivity.csv``: outcome, parameter, mu_star, sigma and, where known, mu_star_conf.
    """
    table = tables.sensitivity
    alt_parts: list[str] = []
    with style.project_style():
        if not has_values(table, "outcome", "parameter", "mu_star", "sigma"):
            figure = style.new_figure(9.0, 1.6)
            style.explain_empty(figure.add_axes((0, 0, 1, 1)), "no sensitivity analysis in this folder")
        else:
            outcomes = [str(each) for each in table["outcome"].unique()]
            across, down = min(3, len(outcomes)), -(-len(outcomes) // 3)
            figure = style.new_figure(4.2 * across, 3.9 * down)
            for index, outcome in enumerate(outcomes):
                width, height = 1.0 / across, 1.0 / down
                axes = figure.add_axes(
                    (
                        (index % across + 0.44) * width,
                        1.0 - (index // across + 0.84) * height,
                        0.52 * width,
                        0.73 * height,
                    )
                )
                alt_parts.append(_ranking(axes, table[table["outcome"] == outcome], outcome))
        path = style.save(figure, folder / "sensitivity.png")
    caption = (
        "mu* is the mean absolute change of the outcome, in its own unit, when one parameter moves over "
        "its range (line: 95 % interval); sigma is large where the effect depends on the other parameters "
        "or is not linear. All runs share their random draws, so an effect is that of the parameter. mu* is "
        "a screening, not a share of variance."
    )
    return Picture(
        path,
        "Sensitivity to parameters (Morris)",
        caption,
        "; ".join(alt_parts) or "No sensitivity analysis.",
    )


def _ranking(axes: Axes, rows: pd.DataFrame, outcome: str) -> str:
    """Draw the leading parameters of one outcome; the first three in words."""
    axes.set_title(style.readable(outcome))
    finite = rows[np.isfinite(rows["mu_star"].astype(float))]
    leading = finite.sort_values("mu_star", ascending=False).head(MAX_PARAMETERS).iloc[::-1]
    if leading.empty:
        style.explain_empty(axes, "no finite effect")
        return f"{outcome}: no finite effect"
    at = np.arange(len(leading))
    effect = leading["mu_star"].to_numpy(dtype=float)
    axes.barh(at, effect, color=BLUE, height=0.62, label="mu*")
    if "mu_star_conf" in leading:
        error = leading["mu_star_conf"].to_numpy(dtype=float)
        axes.hlines(at, effect - error, effect + error, color=INK, linewidth=1.1)
    axes.plot(leading["sigma"].to_numpy(dtype=float), at, "D", color=ORANGE, markersize=4.5, label="sigma")
    axes.set_yticks(at, [str(each) for each in leading["parameter"]], fontsize=7)
    axes.set_xlim(0, None)
    axes.set_xlabel(f"change over the range, {_unit(rows)}", fontsize=8)
    axes.legend(loc="lower right")
    hidden = len(finite) - len(leading)
    if hidden > 0:
        axes.text(
            0.98,
            0.24,
            f"{hidden} more not shown",
            transform=axes.transAxes,
            ha="right",
            fontsize=7,
            color=GREY,
        )
    return f"{style.readable(outcome)}: " + ", ".join(
        str(each) for each in leading["parameter"].iloc[::-1][:3]
    )


def _unit(rows: pd.DataFrame) -> str:
    if "unit" in rows and rows["unit"].notna().any():
        return str(rows["unit"].iloc[0])
    return "unit of the outcome"
