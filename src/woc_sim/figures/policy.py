"""The policy index against the study's Table 4, by group and by component, and its correlations against
Table 7."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.material import (
    Material,
    by_study,
    has,
    nulls,
    only,
    overall,
    sampling_error,
    studies,
    western,
)
from woc_sim.figures.style import BLACK, BLUE, GREY, INK, Picture
from woc_sim.inputs.vocabulary import COMPONENTS, EXECUTIVES, SIZES

Array = np.ndarray[Any, np.dtype[Any]]

SCORES: Final = tuple(f"mipex_{name}" for name in COMPONENTS)
ROWS: Final = (*SCORES, "mipex_total")
LABELS: Final = {name: style.COMPONENT_LABELS[name.removeprefix("mipex_")] for name in ROWS}
NULL_MARKS: Final = ("s", "^", "v", "P")
PERMUTED: Final = "permuted"
RATINGS: Final = {
    "perceived_integration": "perceived integration",
    "perceived_attitudes": "perceived attitudes of residents",
}


def groups(material: Material, folder: Path) -> Picture:
    """Mean policy index by executive, size and country: model, nulls, and Table 4 with its sampling
    interval."""
    with style.look():
        figure = style.canvas(10.6, 4.2)
        panels = (
            ("executive", EXECUTIVES, (0.06, 0.16, 0.21, 0.66)),
            ("size", SIZES, (0.335, 0.16, 0.21, 0.66)),
            ("country", style.COUNTRY_ORDER[:7], (0.61, 0.16, 0.375, 0.66)),
        )
        told: list[str] = []
        for by, order, box in panels:
            axes = figure.add_axes(box)
            axes.set_title(f"By {by}")
            axes.set_ylabel("policy index, mean of group (0 to 100)")
            told.extend(_groups(axes, material, by, order))
        figure.legend(
            handles=_key(nulls(western(material))), loc="upper left", bbox_to_anchor=(0.05, 1.0), ncols=5
        )
        path = style.save(figure, folder / "policy_groups.png")
    caption = (
        "Mean of the localities of a group. Model: median and 90 % interval over replicates of the whole "
        "study. Published: mean of Table 4 with the 90 % sampling interval of the study's own group. "
        "Where a null stands where the model stands, the interactions add nothing to that difference."
    )
    return Picture(
        path, "Policy index by executive, size and country", caption, "; ".join(told) or "No data."
    )


def _groups(axes: Axes, material: Material, by: str, order: tuple[str, ...]) -> list[str]:
    """Draw one grouping; returns its numbers in words."""
    model = by_study(only(western(material)), by, "mipex_total")
    rivals = {
        name: by_study(only(western(material), name), by, "mipex_total") for name in nulls(western(material))
    }
    if by == "country":
        rivals.pop(PERMUTED, None)  # permuted within countries: the same means by construction
    real = material.localities
    if not model and not has(real, by, "mipex_total"):
        style.say(axes, f"no policy index by {by} in this validation")
        return []
    colours = {**style.EXECUTIVE_COLOURS, **style.SIZE_COLOURS}
    told = []
    for x, name in enumerate(order):
        middle = style.simulated(axes, x - 0.1, model.get(name, np.array([])), colours.get(name, BLUE))
        for place, world in enumerate(rivals):
            null = style.interval(rivals[world].get(name, np.array([])))[0]
            marker = NULL_MARKS[place % len(NULL_MARKS)]
            axes.plot([x + 0.24], [null], marker, color=GREY, markerfacecolor="none", markersize=5)
        values = np.array([])
        if has(real, by, "mipex_total"):
            values = real.loc[real[by] == name, "mipex_total"].to_numpy(dtype=float)
        mean = float(values.mean()) if values.size else float("nan")
        style.published(axes, x + 0.07, mean, sampling_error(values))
        told.append(f"{name}: simulated {middle:.0f}, published {mean:.0f}")
    axes.set_xticks(range(len(order)), order)
    if by == "country":
        axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlim(-0.5, len(order) - 0.5)
    axes.set_ylim(0, 100 if axes.get_ylim()[1] > 80 else 80)
    return told


def components(material: Material, folder: Path) -> Picture:
    """Heat maps of the 13 components by group: published, simulated, and their difference."""
    blocks = (("all", ("all",)), ("executive", EXECUTIVES), ("size", SIZES))
    columns = [name for _, names in blocks for name in names]
    real = np.array(
        [[_published_mean(material, row, by, name) for by, each in blocks for name in each] for row in ROWS]
    )
    model = np.array(
        [[_model_mean(material, row, by, name) for by, each in blocks for name in each] for row in ROWS]
    )
    with style.look():
        figure = style.canvas(11.2, 5.4)
        told = []
        for place, (title, values, colours, low, high) in enumerate(
            (
                ("Published (Table 4)", real, "Blues", 0.0, 100.0),
                ("Simulated (median of studies)", model, "Blues", 0.0, 100.0),
                ("Simulated minus published", model - real, "PuOr", -50.0, 50.0),
            )
        ):
            axes = figure.add_axes((0.145 + 0.285 * place, 0.17, 0.27, 0.74))
            axes.set_title(title, fontsize=9.5)
            if not np.isfinite(values).any():
                style.say(axes, "no scores of components\nin this validation")
                continue
            style.grid(axes, values, colours, low, high, "{:+.0f}" if low < 0 else "{:.0f}")
            axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right", rotation_mode="anchor")
            axes.set_yticks(
                range(len(ROWS)), [LABELS[row] for row in ROWS] if place == 0 else [""] * len(ROWS)
            )
            axes.axhline(len(COMPONENTS) - 0.5, color="white", linewidth=3)
            for edge in (0.5, 3.5):
                axes.axvline(edge, color="white", linewidth=3)
        for row, name in enumerate(ROWS):
            told.append(f"{LABELS[name]}: simulated {model[row, 0]:.0f}, published {real[row, 0]:.0f}")
        figure.text(
            0.145, 0.015, "points, 0 to 100; means of the localities of a group", fontsize=8, color=GREY
        )
        path = style.save(figure, folder / "policy_components.png")
    caption = (
        "Left and middle share one scale. Right: orange where the model scores too low, purple where too "
        "high. Component means over all localities were used to choose parameters; the split by group was "
        "not."
    )
    return Picture(path, "The 13 components, published and simulated", caption, "; ".join(told) or "No data.")


def _published_mean(material: Material, column: str, by: str, name: str) -> float:
    real = material.localities
    if not has(real, column):
        return float("nan")
    return float((real if by == "all" else real[real[by] == name])[column].mean())


def _model_mean(material: Material, column: str, by: str, name: str) -> float:
    model = only(western(material))
    values = overall(model, column) if by == "all" else by_study(model, by, column).get(name, np.array([]))
    return style.interval(values)[0]


def within(frame: pd.DataFrame, first: str, second: str) -> float:
    """Correlation of two columns after taking the country mean off both; nan when either does not vary."""
    rows = frame[["country", first, second]].dropna()
    if len(rows) < 4:
        return float("nan")
    left = (rows[first] - rows.groupby("country")[first].transform("mean")).to_numpy(dtype=float)
    right = (rows[second] - rows.groupby("country")[second].transform("mean")).to_numpy(dtype=float)
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum() / scale) if scale > 1e-12 else float("nan")


def correlations(material: Material, folder: Path) -> Picture:
    """Correlation of each component with the actors' two ratings within countries: model, nulls, study.

    The null of permuted covariates is left out: two readings correlate as before, whatever covariates say.
    """
    worlds = [name for name in nulls(western(material)) if name != PERMUTED]
    real = material.localities
    told: list[str] = []
    with style.look():
        figure = style.canvas(10.6, 5.2)
        for place, (rating, title) in enumerate(RATINGS.items()):
            axes = figure.add_axes((0.165 + 0.42 * place, 0.1, 0.39, 0.76))
            axes.set_title(f"with {title}")
            if not has(only(western(material)), "country", rating, *ROWS):
                style.say(axes, f"no {title} in this validation")
                continue
            kept = (
                set(real["case"]) if has(real, rating) and "case" in real else set(western(material)["case"])
            )
            target = {row: within(real, row, rating) if has(real, row, rating) else np.nan for row in ROWS}
            order = _order(material, "perceived_integration")
            simulated = _replicated(only(western(material)), kept, rating)
            rivals = [_replicated(only(western(material), world), kept, rating) for world in worlds]
            for height, row in enumerate(order):
                middle = style.simulated(axes, height, simulated[row], BLUE, upright=False)
                for mark, rival in zip(NULL_MARKS, rivals, strict=False):
                    null = style.interval(rival[row])[0]
                    axes.plot(
                        [null], [height - 0.27], mark, color=GREY, markerfacecolor="none", markersize=4.5
                    )
                if not np.isfinite(middle):
                    axes.text(
                        0.4, height, "no variation within countries", va="center", fontsize=7, color=GREY
                    )
                style.published(axes, height + 0.18, target[row], upright=False)
                told.append(f"{LABELS[row]} {title}: simulated {middle:.2f}, published {target[row]:.2f}")
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.set_yticks(
                range(len(order)), [LABELS[row] for row in order] if place == 0 else [""] * len(order)
            )
            axes.tick_params(axis="y", length=0)
            axes.set_xlim(-0.9, 0.9)
            axes.set_xlabel("correlation within countries")
        figure.legend(handles=_key(worlds, interval=False), loc="upper left", ncols=5)
        path = style.save(figure, folder / "policy_correlations.png")
    caption = (
        "Country means are taken off first, because worlds that know nothing but the country reproduce the "
        "order of the study's Table 7. Rows in the study's order. At 30 localities a correlation has a "
        "standard error of about 0.2: read sign, order and spread, not points."
    )
    return Picture(
        path,
        "Policy components and actors' ratings (Table 7, within countries)",
        caption,
        "; ".join(told) or "No data.",
    )


def _order(material: Material, rating: str) -> list[str]:
    """Rows by the published correlation, or as listed where the study is missing."""
    real = material.localities
    if not has(real, rating, *ROWS):
        return list(reversed(ROWS))
    return sorted(ROWS, key=lambda row: np.nan_to_num(within(real, row, rating), nan=-9.0))


def _replicated(frame: pd.DataFrame, kept: set[str], rating: str) -> dict[str, Array]:
    """For each row of the picture `within` in every study, over the cases the study has ratings for."""
    if not has(frame, rating, *ROWS):
        return {row: np.array([]) for row in ROWS}
    rows = frame[frame["case"].isin(kept)]
    picked = rows.iloc[studies(rows, ("case",)).ravel()]
    number = np.repeat(np.arange(len(picked) // rows["case"].nunique()), rows["case"].nunique())
    picked = picked.assign(study=number).dropna(subset=[rating]).reset_index(drop=True)
    columns = [rating, *ROWS]
    off = picked[columns] - picked.groupby(["study", "country"])[columns].transform("mean")
    squares = (off**2).groupby(picked["study"]).sum()
    products = off.mul(off[rating], axis=0).groupby(picked["study"]).sum()
    scale = squares.mul(squares[rating], axis=0) ** 0.5
    found = products / scale.where(scale > 1e-12)
    return {row: found[row].to_numpy(dtype=float) for row in ROWS}


def _key(worlds: list[str], interval: bool = True) -> list[Line2D]:
    """Legend entries: model, published, and one hollow mark a null."""
    error = " and its sampling interval" if interval else ""
    handles = [
        Line2D([], [], color=INK, marker="o", linewidth=3, alpha=0.6, label="model, 90 % interval"),
        Line2D([], [], **{**style.PUBLISHED_MARK, "label": f"published{error}", "color": BLACK}),
    ]
    for mark, world in zip(NULL_MARKS, worlds, strict=False):
        name = style.WORLD_LABELS.get(world, style.words(world))
        handles.append(
            Line2D(
                [],
                [],
                color=GREY,
                marker=mark,
                markerfacecolor="none",
                linestyle="none",
                label=f"null: {name}",
            )
        )
    return handles
