"""Where differences between localities come from, and what a number of its own would give each country."""

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from woc_sim.analysis.frameworks import SHARES
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREEN, GREY, INK, ORANGE, Picture
from woc_sim.figures.validation_tables import ValidationTables, has_values

COLOURS: Final = dict(zip(SHARES, (BLUE, ORANGE, GREEN), strict=True))
WORDS: Final = {
    "offsets": "country (framework)",
    "covariates": "covariates of the locality",
    "dynamics": "dynamics and what is drawn",
}
TITLES: Final = {
    "mipex_total": "policy index",
    "horizontal": "cooperation of local government",
    "perceived_attitudes": "perceived attitudes",
    "latent_attitude": "residents' attitudes",
    "welcome_share": "migrants who feel welcome",
    "ties_mean": "ties of migrants",
}


def frameworks(tables: ValidationTables, folder: Path) -> Picture:
    """Variance shares with and without interactions; offsets of countries, own and taken from the others."""
    table, folds = tables.variance, tables.folds
    told: list[str] = []
    with style.project_style():
        figure = style.new_figure(11.2, 3.9)
        axes = figure.add_axes((0.19, 0.15, 0.33, 0.66))
        if has_values(table, "outcome", "offsets"):
            names = [name for name in TITLES if name in set(table["outcome"])]
            for index, name in enumerate(names):
                for variant, height in (("model", 0.18), ("interactions_off", -0.18)):
                    row = table[(table["outcome"] == name) & (table["variant"] == variant)]
                    start = 0.0
                    for share in SHARES:
                        width = float(row[share].iloc[0]) if len(row) else float("nan")
                        if np.isfinite(width):
                            axes.barh(
                                index - height, width, 0.3, left=start, color=COLOURS[share],
                                alpha=1.0 if variant == "model" else 0.45,
                            )  # fmt: skip
                            start += width
                            if variant == "model":
                                told.append(f"{name} {share} {width:.2f}")
            axes.set_yticks(range(len(names)), [TITLES[name] for name in names])
            axes.invert_yaxis()
            axes.set_xlim(0, 1)
            axes.set_xlabel("share of the variance between localities\n(pale: interactions off)", fontsize=8)
            handles = [Patch(color=COLOURS[share], label=WORDS[share]) for share in SHARES]
            figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1.0), ncols=3, fontsize=8)
        else:
            style.explain_empty(axes, "no variance shares\nin this validation")
        axes = figure.add_axes((0.66, 0.15, 0.32, 0.66))
        if has_values(folds, "country", "offset"):
            rows = folds[folds["country"] != "all"].sort_values("offset", ignore_index=True)
            for index, each in enumerate(rows.to_dict("records")):
                axes.plot([each["offset"]], [index], "o", color=BLUE, markersize=7)
                axes.plot([each["offset_of_others"]], [index], "^", color=GREY, markerfacecolor="white")
                told.append(f"{each['country']} offset {each['offset']:.1f}")
            axes.set_yticks(range(len(rows)), [f"{row.country} ({row.n})" for row in rows.itertuples()])
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.set_xlabel("published less simulated policy index (points)", fontsize=8)
            marks = [
                Line2D([], [], marker="o", color=BLUE, linestyle="none", label="the country's own offset"),
                Line2D(
                    [], [], marker="^", color=GREY, markerfacecolor="white", linestyle="none",
                    label="from the other countries",
                ),
            ]  # fmt: skip
            figure.legend(handles=marks, loc="upper right", bbox_to_anchor=(0.99, 1.0), ncols=2, fontsize=8)
        else:
            style.explain_empty(axes, "no folds\nin this validation")
        path = style.save(figure, folder / "frameworks.png")
    caption = (
        "Left: variance between localities of one study by its source. Right: what one free number a country "
        "would add to the policy index; none is used. The number of places is in brackets."
    )
    words = "; ".join(told) or "No shares of variance in this validation."
    return Picture(path, "Country, covariates, dynamics", caption, words)
