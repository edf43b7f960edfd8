"""What follows from a change: places lived twice, with interactions and without."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.analysis.measures import TENTH
from woc_sim.figures import style
from woc_sim.figures.material import MODEL, Material, has, only, western
from woc_sim.figures.style import BLUE, GREY, INK, Picture

NORMAL_95: Final = 1.96
MARKS: Final = {MODEL: ("o", BLUE, "model"), "interactions_off": ("^", GREY, "interactions off")}
TITLES: Final = {"turnover": "change of executive", "rewire": "ties rewired", "peers": "peers heard"}


def trials(material: Material, folder: Path) -> Picture:
    """Effects with 95 % intervals: on frames near and far from the executive, and of peers on policy."""
    table = material.trials
    told: list[str] = []
    with style.look():
        figure = style.canvas(11.2, 3.4)
        left = figure.add_axes((0.30, 0.19, 0.30, 0.62))
        right = figure.add_axes((0.74, 0.19, 0.24, 0.62))
        if has(table, "world", "trial", "effect", "error"):
            frames = table[table["unit"] == "share"]
            told += _rows(left, frames)
            left.set_xlabel(
                "change of the weight of 'migrants alone' (share),\ntowards the executive", fontsize=8
            )
            peers = table[table["trial"] == "peers"]
            told += _rows(right, peers)
            little = TENTH * western(material)["mipex_total"].astype(float).std()
            right.axvspan(-little, little, color=GREY, alpha=0.2, linewidth=0)
            right.set_xlim(-3 * little, 3 * little)
            right.set_xlabel(
                "change of the policy index (points); grey:\na tenth of the spread of places", fontsize=8
            )
            handles = [
                Line2D([], [], marker=mark, color=colour, linestyle="none", label=word)
                for mark, colour, word in MARKS.values()
            ]
            figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.01, 1.0), ncols=2, fontsize=8)
        else:
            for axes in (left, right):
                style.say(axes, "no trials\nin this validation")
        path = style.save(figure, folder / "trials.png")
    caption = (
        "The same small towns in the same replicates, as they are and with one thing changed from 2016 on; "
        "means with 95 % intervals. Near: officials, street-level bureaucrats and providers; far: all others "
        "but politicians (S43). Peers: four places that hear of one another's measures, against none heard "
        "(S37)."
    )
    return Picture(path, "What follows from a change", caption, "; ".join(told) or "No trials here.")


def _rows(axes: Axes, table: pd.DataFrame) -> list[str]:
    told = []
    names = only(table)[["trial", "meaning"]].to_records(index=False).tolist()
    for world, (mark, colour, word) in MARKS.items():
        rows = only(table, world)
        for place, (trial, meaning) in enumerate(names):
            row = rows[(rows["trial"] == trial) & (rows["meaning"] == meaning)]
            if not len(row) or not np.isfinite(float(row["effect"].iloc[0])):
                continue
            effect, error = float(row["effect"].iloc[0]), float(row["error"].iloc[0])
            height = place + (0.14 if world == MODEL else -0.14)
            axes.errorbar(effect, height, xerr=NORMAL_95 * error, fmt=mark, color=colour, capsize=3)
            told.append(f"{TITLES[trial]}, {word}: {meaning} {effect:+.3f}")
    axes.set_yticks(range(len(names)), [f"{TITLES[trial]}:\n{_short(meaning)}" for trial, meaning in names])
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.invert_yaxis()
    axes.axvline(0, color=INK, linewidth=0.8)
    return told


def _short(meaning: str) -> str:
    if not meaning.startswith("frames of "):
        return "policy index"
    return meaning.removeprefix("frames of ").partition(" move")[0]
