"""The policy index against the study's Table 4, by group and by component, and its correlations against
Table 7."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.analysis.estimates import correlation, group_centred
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
        alt_parts: list[str] = []
        for by, order, box in panels:
            axes = figure.add_axes(box)
            axes.set_title(f"By {by}")
            axes.set_ylabel("policy index, mean of group (0 to 100)")
            alt_parts.extend(_draw_groups(axes, tables, by, order))
        figure.legend(
            handles=_key(other_variants(western_cases(tables))),
            loc="upper left",
            bbox_to_anchor=(0.05, 1.0),
            ncols=5,
        )
        title = "Policy index by executive, size and country"
        path = style.save(figure, folder / "policy_groups.png", title)
    caption = (
        "Mean of the localities of a group. Model: median and 90 % interval over replicates of the whole "
        "study. Published: mean of Table 4 with the 90 % sampling interval of the study's own group. "
        "Where a null stands where the model stands, the interactions add nothing to that difference."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


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
        style.explain_empty(axes, f"no policy index by {by}\nin this validation")
        return []
    colours = {**style.EXECUTIVE_COLOURS, **style.SIZE_COLOURS}
    alt_parts = []
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
        alt_parts.append(f"{name}: simulated {middle:.0f}, published {mean:.0f}")
    axes.set_xticks(range(len(order)), order)
    if by == "country":
        axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlim(-0.5, len(order) - 0.5)
    axes.set_ylim(0, 100 if axes.get_ylim()[1] > 80 else 80)
    return alt_parts


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
        alt_parts = []
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
            alt_parts.append(f"{LABELS[name]}: simulated {model[row, 0]:.0f}, published {real[row, 0]:.0f}")
        figure.text(
            0.145, 0.015, "points, 0 to 100; means of the localities of a group", fontsize=8, color=GREY
        )
        title = "The 13 components, published and simulated"
        path = style.save(figure, folder / "policy_components.png", title)
    caption = (
        "Left and middle share one scale. Right: orange where the model scores too low, purple where too "
        "high. Component means over all localities were used to choose parameters; the split by group was "
        "not."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


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
    countries = rows["country"].to_numpy(dtype=str)
    left, right = (group_centred(rows[name].to_numpy(), countries) for name in (first, second))
    return correlation(left, right).value


def correlations(tables: ValidationTables, folder: Path) -> Picture:
    """Correlation of each component with the two ratings within countries: model, null models, study.

    The null model with permuted covariates is left out, because permuting covariates does not change the
    correlation of two readings.
    """
    variants = [name for name in other_variants(western_cases(tables)) if name != PERMUTED]
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 5.2)
        for index, (rating, title) in enumerate(RATINGS.items()):
            axes = figure.add_axes((0.165 + 0.42 * index, 0.1, 0.39, 0.76))
            axes.set_title(f"with {title}")
            if has_values(rows_of_variant(western_cases(tables)), "country", rating, *ROWS):
                alt_parts += _draw_correlations(axes, tables, rating, variants)
                if index > 0:
                    axes.set_yticklabels([])
            else:
                style.explain_empty(axes, f"no {title} in this validation")
        figure.legend(handles=_key(variants, interval=False), loc="upper left", ncols=5)
        title = "Policy components and actors' ratings (Table 7, within countries)"
        path = style.save(figure, folder / "policy_correlations.png", title)
    caption = (
        "Country means are subtracted first, because a model that knows only the country reproduces the "
        "order of the study's Table 7. Rows in the order of the study. With 30 localities a correlation has "
        "a standard error of about 0.2: compare sign, order and spread, not single points."
    )
    return Picture(
        path,
        title,
        caption,
        "; ".join(alt_parts) or "No data.",
    )


def _draw_correlations(axes: Axes, tables: ValidationTables, rating: str, variants: list[str]) -> list[str]:
    """Draw the correlations of all components with one rating; returns the numbers in words."""
    localities, cases = tables.localities, western_cases(tables)
    rated = localities if has_values(localities, rating) and "case" in localities else cases
    rated_cases = set(rated["case"])
    simulated = _correlations_by_study(rows_of_variant(cases), rated_cases, rating)
    nulls = [
        _correlations_by_study(rows_of_variant(cases, variant), rated_cases, rating) for variant in variants
    ]
    order = _order(tables, "perceived_integration")
    alt_parts = []
    for height, row in enumerate(order):
        middle = style.draw_simulated(axes, height, simulated[row], BLUE, upright=False)
        for mark, null in zip(NULL_MARKS, nulls, strict=False):
            median = style.median_and_interval(null[row])[0]
            axes.plot([median], [height - 0.27], mark, color=GREY, markerfacecolor="none", markersize=4.5)
        if not np.isfinite(middle):
            axes.text(0.4, height, "no variation within countries", va="center", fontsize=7, color=GREY)
        published = (
            correlation_within_countries(localities, row, rating)
            if has_values(localities, row, rating)
            else np.nan
        )
        style.draw_published(axes, height + 0.18, published, upright=False)
        alt_parts.append(
            f"{LABELS[row]} {RATINGS[rating]}: simulated {middle:.2f}, published {published:.2f}"
        )
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(order)), [LABELS[row] for row in order])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(-0.9, 0.9)
    axes.set_xlabel("correlation within countries")
    return alt_parts


def _order(tables: ValidationTables, rating: str) -> list[str]:
    """Rows by the published correlation, or as listed where the study is missing."""
    real = tables.localities
    if not has_values(real, rating, *ROWS):
        return list(reversed(ROWS))
    return sorted(
        ROWS, key=lambda row: np.nan_to_num(correlation_within_countries(real, row, rating), nan=-9.0)
    )


def _correlations_by_study(frame: pd.DataFrame, cases: set[str], rating: str) -> dict[str, Array]:
    """`correlation_within_countries` of each row of the picture with a rating, one number for each study."""
    if not has_values(frame, rating, *ROWS):
        return {row: np.array([]) for row in ROWS}
    rows = frame[frame["case"].isin(cases)]
    picked = rows.iloc[study_rows(rows).ravel()]
    localities = rows["case"].nunique()
    study = np.repeat(np.arange(len(picked) // localities), localities)
    picked = picked.assign(study=study).dropna(subset=[rating]).reset_index(drop=True)
    columns = [rating, *ROWS]
    centred = picked[columns] - picked.groupby(["study", "country"])[columns].transform("mean")
    squares = (centred**2).groupby(picked["study"]).sum()
    products = centred.mul(centred[rating], axis=0).groupby(picked["study"]).sum()
    scale = squares.mul(squares[rating], axis=0) ** 0.5
    correlation = products / scale.where(scale > 1e-12)
    return {row: correlation[row].to_numpy(dtype=float) for row in ROWS}


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
