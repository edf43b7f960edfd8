"""How the answers to 'who is responsible?' spread: over the years, and with distance from the executive."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.material import MODEL, Material, by_study, has, nulls, only, western
from woc_sim.figures.run import shade, years
from woc_sim.figures.style import BLACK, Picture
from woc_sim.inputs.vocabulary import EXECUTIVES

OVER_TIME: Final = {"migrants_only": "Migrants alone", "whole_community": "The whole community"}
"""Monthly indicators: mean weight of the frame in all local organisations."""
BY_DISTANCE: Final = {
    "migrants_only_politicians": "politicians",
    "migrants_only_contact": "close to the executive",
    "migrants_only_other": "other local actors",
    "migrants_only_private": "firms and owners",
}
"""Readings of the frame interviews, from the executive outwards."""


def frames(material: Material, folder: Path) -> Picture:
    """Weights of two frames by month and colour of the executive, and 'migrants alone' by kind of actor."""
    told: list[str] = []
    lines = material.timelines
    with style.look():
        figure = style.canvas(11.2, 3.6)
        for place, (name, title) in enumerate(OVER_TIME.items()):
            axes = figure.add_axes((0.06 + 0.29 * place, 0.14, 0.215, 0.62))
            axes.set_title(title, fontsize=9.5, pad=12)
            axes.set_ylabel("mean weight of the frame", fontsize=8)
            if has(lines, "month", "executive", name):
                told += _over_time(axes, lines, name)
            else:
                style.say(axes, "no time lines in\nthis validation")
        axes = figure.add_axes((0.76, 0.14, 0.22, 0.62))
        axes.set_title("'Migrants alone', early 2022", fontsize=9.5, pad=12)
        told += _by_distance(axes, western(material))
        handles = [
            Line2D([], [], color=style.EXECUTIVE_COLOURS[name], linestyle=style.dash(place), label=name)
            for place, name in enumerate(EXECUTIVES)
        ]
        handles += [
            Line2D([], [], color=BLACK, linestyle=style.dash(3 + place), linewidth=1, label=_null(world))
            for place, world in enumerate(nulls(lines))
        ]
        figure.legend(handles=handles, loc="upper left", ncols=6, bbox_to_anchor=(0.045, 1.0), fontsize=8)
        path = style.save(figure, folder / "frames.png")
    caption = (
        "Left: means over localities and replicates. Right: share of interviewees who hold migrants alone "
        "responsible, median and 90 % interval over studies."
    )
    words = "; ".join(told) or "No readings of frames in this validation."
    return Picture(path, "Frames over time and with distance", caption, words)


def _null(world: str) -> str:
    return f"null: {style.WORLD_LABELS.get(world, world)}"


def _over_time(axes: Axes, lines: pd.DataFrame, name: str) -> list[str]:
    shade(axes, label=True)
    told = []
    groups = {each: only(lines)[only(lines)["executive"] == each] for each in EXECUTIVES}
    groups |= {world: only(lines, world) for world in nulls(lines)}
    for place, (group, rows) in enumerate(groups.items()):
        if not len(rows):
            continue
        means = rows[name].astype(float).groupby(rows["month"].astype(str)).mean().sort_index()
        colour = style.EXECUTIVE_COLOURS.get(group, BLACK)
        axes.plot(
            years(means.index.to_list()), means.to_numpy(float), color=colour, linestyle=style.dash(place)
        )
        said = group if group in EXECUTIVES else _null(group)
        told.append(f"{name}, {said}: {means.iloc[0]:.2f} to {means.iloc[-1]:.2f}")
    axes.set_xlim(2012, 2024)
    axes.set_xticks([2012, 2016, 2020, 2024])
    return told


def _by_distance(axes: Axes, cases: pd.DataFrame) -> list[str]:
    told = []
    model = only(cases, MODEL)
    if not has(model, "executive", *BY_DISTANCE):
        style.say(axes, "no frame interviews\nin this validation")
        return []
    for place, executive in enumerate(EXECUTIVES):
        for height, (name, words) in enumerate(BY_DISTANCE.items()):
            values = by_study(model, "executive", name).get(executive, np.array([]))
            y = height + 0.22 * (place - 1)
            middle = style.simulated(axes, y, values, style.EXECUTIVE_COLOURS[executive], upright=False)
            told.append(f"{words}, {executive}: {middle:.2f}")
    axes.set_yticks(range(len(BY_DISTANCE)), list(BY_DISTANCE.values()), fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of interviewees", fontsize=8)
    return told
