"""Effects of single changes (counterfactuals), with interactions and without."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.analysis.checks import TENTH
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, INK, Picture
from woc_sim.figures.validation_tables import (
    MODEL,
    ValidationTables,
    has_values,
    rows_of_variant,
    western_cases,
)

NORMAL_95: Final = 1.96
MARKS: Final = {MODEL: ("o", BLUE, "model"), "interactions_off": ("^", GREY, "interactions off")}
TITLES: Final = {"turnover": "change of executive", "rewire": "ties rewired", "peers": "learning from peers"}


def counterfactuals(tables: ValidationTables, folder: Path) -> Picture:
    """Effects with 95 % intervals: on frames near and far from the executive, and of peers on policy.

    Effects of contact and of moderation stand in the table alone.
    """
    table = tables.counterfactuals
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(11.2, 3.4)
        left = figure.add_axes((0.30, 0.19, 0.30, 0.62))
        right = figure.add_axes((0.74, 0.19, 0.24, 0.62))
        if has_values(table, "variant", "change", "effect", "error"):
            frames = table[table["change"].isin(("turnover", "rewire"))]
            alt_parts += _draw_effects(left, frames)
            left.set_xlabel(
                "change of the weight of 'migrants alone' (share),\ntowards the executive", fontsize=8
            )
            peers = table[table["change"] == "peers"]
            alt_parts += _draw_effects(right, peers)
            little = TENTH * western_cases(tables)["mipex_total"].astype(float).std()
            right.axvspan(-little, little, color=GREY, alpha=0.2, linewidth=0)
            right.set_xlim(-3 * little, 3 * little)
            right.set_xlabel(
                "change of the policy index (points); grey:\na tenth of the spread of localities", fontsize=8
            )
            handles = [
                Line2D([], [], marker=mark, color=colour, linestyle="none", label=word)
                for mark, colour, word in MARKS.values()
            ]
            figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1.0), ncols=2, fontsize=8)
        else:
            for axes in (left, right):
                style.explain_empty(axes, "no counterfactuals\nin this validation")
        title = "Effects of single changes"
        path = style.save(figure, folder / "counterfactuals.png", title)
    caption = (
        "The same small towns in the same replicates, as they are and with one thing changed from 2016 on; "
        "means with 95 % intervals. Near: officials, street-level bureaucrats and providers; far: all others "
        "but politicians (S43). Peers: four towns that learn of one another's measures, against none learned "
        "of (S37)."
    )
    return Picture(
        path,
        title,
        caption,
        "; ".join(alt_parts) or "No counterfactuals in this validation.",
    )


def _draw_effects(axes: Axes, table: pd.DataFrame) -> list[str]:
    alt_parts = []
    names = rows_of_variant(table)[["change", "meaning"]].to_records(index=False).tolist()
    for variant, (mark, colour, word) in MARKS.items():
        rows = rows_of_variant(table, variant)
        for index, (change, meaning) in enumerate(names):
            row = rows[(rows["change"] == change) & (rows["meaning"] == meaning)]
            if not len(row) or not np.isfinite(float(row["effect"].iloc[0])):
                continue
            effect, error = float(row["effect"].iloc[0]), float(row["error"].iloc[0])
            height = index + (0.14 if variant == MODEL else -0.14)
            axes.errorbar(effect, height, xerr=NORMAL_95 * error, fmt=mark, color=colour, capsize=3)
            alt_parts.append(f"{TITLES[change]}, {word}: {meaning} {effect:+.3f}")
    axes.set_yticks(
        range(len(names)), [f"{TITLES[change]}:\n{_short_meaning(meaning)}" for change, meaning in names]
    )
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.axvline(0, color=INK, linewidth=0.8)
    return alt_parts


def _short_meaning(meaning: str) -> str:
    if not meaning.startswith("frames of "):
        return "policy index"
    return meaning.removeprefix("frames of ").partition(" move")[0]
