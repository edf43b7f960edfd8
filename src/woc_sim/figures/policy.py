"""The policy index against the study's Table 4, by group and by component, and its correlations against
Table 7."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.style import BLACK, BLUE, GREY, INK, Picture
from woc_sim.figures.validation_tables import (
    ValidationTables,
    group_means_by_study,
    has_values,
    means_by_study,
    other_variants,
    rows_of_variant,
    sampling_error,
    study_rows,
    western_cases,
)
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


def groups(tables: ValidationTables, folder: Path) -> Picture:
    """Mean policy index by executive, size and country: model, nulls, and Table 4 with its sampling
    interval."""
    with style.project_style():
        figure = style.new_figure(10.6, 4.2)
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
            told.extend(_draw_groups(axes, tables, by, order))
        figure.legend(
            handles=_key(other_variants(western_cases(tables))),
            loc="upper left",
            bbox_to_anchor=(0.05, 1.0),
            ncols=5,
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


def _draw_groups(axes: Axes, tables: ValidationTables, by: str, order: tuple[str, ...]) -> list[str]:
    """Draw one grouping; returns its numbers in words."""
    model = group_means_by_study(rows_of_variant(western_cases(tables)), by, "mipex_total")
    null_means = {
        name: group_means_by_study(rows_of_variant(western_cases(tables), name), by, "mipex_total")
        for name in other_variants(western_cases(tables))
    }
    if by == "country":
        null_means.pop(PERMUTED, None)  # permuted within countries: the same means by construction
    real = tables.localities
    if not model and not has_values(real, by, "mipex_total"):
        style.explain_empty(axes, f"no policy index by {by} in this validation")
        return []
    colours = {**style.EXECUTIVE_COLOURS, **style.SIZE_COLOURS}
    told = []
    for x, name in enumerate(order):
        middle = style.draw_simulated(axes, x - 0.1, model.get(name, np.array([])), colours.get(name, BLUE))
        for index, variant in enumerate(null_means):
            null = style.median_and_interval(null_means[variant].get(name, np.array([])))[0]
            marker = NULL_MARKS[index % len(NULL_MARKS)]
            axes.plot([x + 0.24], [null], marker, color=GREY, markerfacecolor="none", markersize=5)
        values = np.array([])
        if has_values(real, by, "mipex_total"):
            values = real.loc[real[by] == name, "mipex_total"].to_numpy(dtype=float)
        mean = float(values.mean()) if values.size else float("nan")
        style.draw_published(axes, x + 0.07, mean, sampling_error(values))
        told.append(f"{name}: simulated {middle:.0f}, published {mean:.0f}")
    axes.set_xticks(range(len(order)), order)
    if by == "country":
        axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlim(-0.5, len(order) - 0.5)
    axes.set_ylim(0, 100 if axes.get_ylim()[1] > 80 else 80)
    return told


def components(tables: ValidationTables, folder: Path) -> Picture:
    """Heat maps of the 13 components by group: published, simulated, and their difference."""
    blocks = (("all", ("all",)), ("executive", EXECUTIVES), ("size", SIZES))
    columns = [name for _, names in blocks for name in names]
    real = np.array(
        [[_published_mean(tables, row, by, name) for by, each in blocks for name in each] for row in ROWS]
    )
    model = np.array(
        [[_model_mean(tables, row, by, name) for by, each in blocks for name in each] for row in ROWS]
    )
    with style.project_style():
        figure = style.new_figure(11.2, 5.4)
        told = []
        for index, (title, values, colours, low, high) in enumerate(
            (
                ("Published (Table 4)", real, "Blues", 0.0, 100.0),
                ("Simulated (median of studies)", model, "Blues", 0.0, 100.0),
                ("Simulated minus published", model - real, "PuOr", -50.0, 50.0),
            )
        ):
            axes = figure.add_axes((0.145 + 0.285 * index, 0.17, 0.27, 0.74))
            axes.set_title(title, fontsize=9.5)
            if not np.isfinite(values).any():
                style.explain_empty(axes, "no scores of components\nin this validation")
                continue
            style.heat_map(axes, values, colours, low, high, "{:+.0f}" if low < 0 else "{:.0f}")
            axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right", rotation_mode="anchor")
            axes.set_yticks(
                range(len(ROWS)), [LABELS[row] for row in ROWS] if index == 0 else [""] * len(ROWS)
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


def _published_mean(tables: ValidationTables, column: str, by: str, name: str) -> float:
    real = tables.localities
    if not has_values(real, column):
        return float("nan")
    return float((real if by == "all" else real[real[by] == name])[column].mean())


def _model_mean(tables: ValidationTables, column: str, by: str, name: str) -> float:
    model = rows_of_variant(western_cases(tables))
    values = (
        means_by_study(model, column)
        if by == "all"
        else group_means_by_study(model, by, column).get(name, np.array([]))
    )
    return style.median_and_interval(values)[0]


def correlation_within_countries(frame: pd.DataFrame, first: str, second: str) -> float:
    """Correlation of two columns after taking the country mean off both; nan when either does not vary."""
    rows = frame[["country", first, second]].dropna()
    if len(rows) < 4:
        return float("nan")
    left = (rows[first] - rows.groupby("country")[first].transform("mean")).to_numpy(dtype=float)
    right = (rows[second] - rows.groupby("country")[second].transform("mean")).to_numpy(dtype=float)
    scale = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum() / scale) if scale > 1e-12 else float("nan")


def correlations(tables: ValidationTables, folder: Path) -> Picture:
    """Correlation of each component with the actors' two ratings within countries: model, nulls, study.

    The null of permuted covariates is left out: two readings correlate as before, whatever covariates say.
    """
    variants = [name for name in other_variants(western_cases(tables)) if name != PERMUTED]
    real = tables.localities
    told: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 5.2)
        for index, (rating, title) in enumerate(RATINGS.items()):
            axes = figure.add_axes((0.165 + 0.42 * index, 0.1, 0.39, 0.76))
            axes.set_title(f"with {title}")
            if not has_values(rows_of_variant(western_cases(tables)), "country", rating, *ROWS):
                style.explain_empty(axes, f"no {title} in this validation")
                continue
            kept = (
                set(real["case"])
                if has_values(real, rating) and "case" in real
                else set(western_cases(tables)["case"])
            )
            target = {
                row: correlation_within_countries(real, row, rating)
                if has_values(real, row, rating)
                else np.nan
                for row in ROWS
            }
            order = _order(tables, "perceived_integration")
            simulated = _replicated(rows_of_variant(western_cases(tables)), kept, rating)
            null_means = [
                _replicated(rows_of_variant(western_cases(tables), variant), kept, rating)
                for variant in variants
            ]
            for height, row in enumerate(order):
                middle = style.draw_simulated(axes, height, simulated[row], BLUE, upright=False)
                for mark, rival in zip(NULL_MARKS, null_means, strict=False):
                    null = style.median_and_interval(rival[row])[0]
                    axes.plot(
                        [null], [height - 0.27], mark, color=GREY, markerfacecolor="none", markersize=4.5
                    )
                if not np.isfinite(middle):
                    axes.text(
                        0.4, height, "no variation within countries", va="center", fontsize=7, color=GREY
                    )
                style.draw_published(axes, height + 0.18, target[row], upright=False)
                told.append(f"{LABELS[row]} {title}: simulated {middle:.2f}, published {target[row]:.2f}")
            axes.axvline(0, color=INK, linewidth=0.8)
            axes.set_yticks(
                range(len(order)), [LABELS[row] for row in order] if index == 0 else [""] * len(order)
            )
            axes.tick_params(axis="y", length=0)
            axes.set_xlim(-0.9, 0.9)
            axes.set_xlabel("correlation within countries")
        figure.legend(handles=_key(variants, interval=False), loc="upper left", ncols=5)
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


def _order(tables: ValidationTables, rating: str) -> list[str]:
    """Rows by the published correlation, or as listed where the study is missing."""
    real = tables.localities
    if not has_values(real, rating, *ROWS):
        return list(reversed(ROWS))
    return sorted(
        ROWS, key=lambda row: np.nan_to_num(correlation_within_countries(real, row, rating), nan=-9.0)
    )


def _replicated(frame: pd.DataFrame, kept: set[str], rating: str) -> dict[str, Array]:
    """For each row of the picture `within` in every study, over the cases the study has ratings for."""
    if not has_values(frame, rating, *ROWS):
        return {row: np.array([]) for row in ROWS}
    rows = frame[frame["case"].isin(kept)]
    picked = rows.iloc[study_rows(rows, ("case",)).ravel()]
    number = np.repeat(np.arange(len(picked) // rows["case"].nunique()), rows["case"].nunique())
    picked = picked.assign(study=number).dropna(subset=[rating]).reset_index(drop=True)
    columns = [rating, *ROWS]
    off = picked[columns] - picked.groupby(["study", "country"])[columns].transform("mean")
    squares = (off**2).groupby(picked["study"]).sum()
    products = off.mul(off[rating], axis=0).groupby(picked["study"]).sum()
    scale = squares.mul(squares[rating], axis=0) ** 0.5
    found = products / scale.where(scale > 1e-12)
    return {row: found[row].to_numpy(dtype=float) for row in ROWS}


def _key(variants: list[str], interval: bool = True) -> list[Line2D]:
    """Legend entries: model, published, and one hollow mark a null."""
    error = " and its sampling interval" if interval else ""
    handles = [
        Line2D([], [], color=INK, marker="o", linewidth=3, alpha=0.6, label="model, 90 % interval"),
        Line2D([], [], **{**style.PUBLISHED_MARK, "label": f"published{error}", "color": BLACK}),
    ]
    for mark, variant in zip(NULL_MARKS, variants, strict=False):
        name = style.VARIANT_LABELS.get(variant, style.readable(variant))
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
