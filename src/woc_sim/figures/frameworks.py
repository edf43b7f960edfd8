"""Sources of the variance between localities, and the offset of each country."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woc_sim.analysis.frameworks import SHARES
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREEN, GREY, INK, ORANGE, Picture
from woc_sim.figures.validation_tables import MODEL, ValidationTables, has_values

COLOURS: Final = dict(zip(SHARES, (BLUE, ORANGE, GREEN), strict=True))
SOURCE_LABELS: Final = {
    "offsets": "country (framework)",
    "covariates": "covariates of the locality",
    "dynamics": "dynamics and random draws",
}
TITLES: Final = {
    "mipex_total": "policy index",
    "horizontal": "cooperation of local government",
    "perceived_attitudes": "perceived attitudes",
    "latent_attitude": "residents' attitudes",
    "welcome_share": "migrants who feel welcome",
    "ties_mean": "ties of migrants",
}
OWN_MARK: Final[dict[str, Any]] = {"marker": "o", "linestyle": "none"}
OTHERS_MARK: Final[dict[str, Any]] = {"marker": "^", "linestyle": "none", "markerfacecolor": "white"}


def frameworks(tables: ValidationTables, folder: Path) -> Picture:
    """Variance shares with and without interactions; offsets of each country and of the other countries."""
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(11.2, 3.9)
        left = figure.add_axes((0.19, 0.15, 0.33, 0.66))
        if has_values(tables.variance, "outcome", "offsets"):
            alt_parts += _draw_variance(left, tables.variance)
            handles = [Patch(color=COLOURS[share], label=SOURCE_LABELS[share]) for share in SHARES]
            figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1.0), ncols=3, fontsize=8)
        else:
            style.explain_empty(left, "no variance shares\nin this validation")
        right = figure.add_axes((0.66, 0.15, 0.32, 0.66))
        if has_values(tables.folds, "country", "offset"):
            alt_parts += _draw_offsets(right, tables.folds)
            marks = [
                Line2D([], [], color=BLUE, **OWN_MARK, label="offset of the country"),
                Line2D([], [], color=GREY, **OTHERS_MARK, label="offset of the other countries"),
            ]
            figure.legend(handles=marks, loc="upper right", bbox_to_anchor=(0.99, 1.0), ncols=2, fontsize=8)
        else:
            style.explain_empty(right, "no offsets of countries\nin this validation")
        title = "Country, covariates, dynamics"
        path = style.save(figure, folder / "frameworks.png", title)
    caption = (
        "Left: variance between localities of one study by its source. Right: the offset of the policy index "
        "that one free number for each country would add; the model uses none. In brackets: number of "
        "localities."
    )
    alt = "; ".join(alt_parts) or "No shares of variance in this validation."
    return Picture(path, title, caption, alt)


def _draw_variance(axes: Axes, table: pd.DataFrame) -> list[str]:
    """Draw a stacked bar for each outcome, with interactions and without; returns the shares in words."""
    names = [name for name in TITLES if name in set(table["outcome"])]
    alt_parts = []
    for index, name in enumerate(names):
        for variant, offset in ((MODEL, -0.18), ("interactions_off", 0.18)):
            row = table[(table["outcome"] == name) & (table["variant"] == variant)]
            if not len(row):
                continue
            left = 0.0
            for share in SHARES:
                width = float(row[share].iloc[0])
                if not np.isfinite(width):
                    continue
                alpha = 1.0 if variant == MODEL else 0.45
                axes.barh(index + offset, width, 0.3, left=left, color=COLOURS[share], alpha=alpha)
                left += width
                if variant == MODEL:
                    alt_parts.append(f"{name} {share} {width:.2f}")
    axes.set_yticks(range(len(names)), [TITLES[name] for name in names])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the variance between localities\n(pale: interactions off)", fontsize=8)
    return alt_parts


def _draw_offsets(axes: Axes, folds: pd.DataFrame) -> list[str]:
    """Draw the offset of each country and that of all others; returns the offsets in words."""
    rows = folds[folds["country"] != "all"].sort_values("offset", ignore_index=True)
    alt_parts = []
    for index, row in enumerate(rows.to_dict("records")):
        axes.plot([row["offset"]], [index], color=BLUE, markersize=7, **OWN_MARK)
        axes.plot([row["offset_of_others"]], [index], color=GREY, **OTHERS_MARK)
        alt_parts.append(f"{row['country']} offset {row['offset']:.1f}")
    axes.set_yticks(range(len(rows)), [f"{row.country} ({row.n})" for row in rows.itertuples()])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("published less simulated policy index (points)", fontsize=8)
    return alt_parts
