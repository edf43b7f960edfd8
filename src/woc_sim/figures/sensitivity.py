"""Sensitivity analysis: the leading factors of each outcome, a map of outcome by factor, and whether the
sample suffices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woc_sim.analysis.salib_methods import METHODS
from woc_sim.ensemble.escaping import label
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILION, Picture
from woc_sim.figures.validation_tables import ValidationTables, has_values
from woc_sim.figures.wording import factor_label, title_of, unit_in_words

if TYPE_CHECKING:
    from woc_sim.analysis.sensitivity import Sensitivity

Array = np.ndarray[Any, np.dtype[Any]]

MAX_FACTORS: Final = 14
"""Factors named for each outcome, by index."""
MAX_RANKED: Final = 6
"""With more outcomes than these there is no ranking, and the map shows them all."""
MAX_COLUMNS: Final = 22
"""Columns of the map."""
MAX_CURVES: Final = 6
"""Outcomes whose convergence is drawn."""
SMALLEST_SHOWN: Final = 0.01
"""Cells of the map below this share of the strongest factor of the row stay empty."""
MAX_ROW_LABEL: Final = 44
"""Characters of an outcome in the map."""
LABEL_CHARACTER: Final = 0.064
"""Inches that a character of such a label takes."""
LINE_COLOURS: Final = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
MARKERS: Final = "osD^vP"


def sensitivity_pictures(found: Sensitivity, folder: Path) -> list[Picture]:
    """All pictures of an analysis: ranking (for a few outcomes), map and convergence."""
    pictures = []
    if 0 < len(found.results) <= MAX_RANKED:
        pictures.append(_ranking_picture(found.indices, folder))
    if len(found.results) > 1:
        pictures.append(map_picture(found.indices, found.outcomes, folder))
    if len(found.convergence):
        pictures.append(convergence_picture(found.convergence, found.outcomes, found.method.meaning, folder))
    return pictures


def sensitivity(tables: ValidationTables, folder: Path) -> Picture:
    """The ranking in a validation's report, from ``sensitivity.csv`` (outcome, factor, index, half_width,
    unit, influential, method)."""
    return _ranking_picture(tables.sensitivity, folder)


def _ranking_picture(table: pd.DataFrame, folder: Path) -> Picture:
    """For each outcome its leading factors by index, with the 95 % interval and the floor."""
    alt_parts: list[str] = []
    with style.project_style():
        if not has_values(table, "outcome", "factor", "index", "half_width"):
            figure = style.new_figure(9.0, 1.6)
            style.explain_empty(figure.add_axes((0, 0, 1, 1)), "no sensitivity analysis in this folder")
            title = "Sensitivity"
            path = style.save(figure, folder / "sensitivity.png", title)
            return Picture(path, title, "Not part of this folder.", "No sensitivity analysis.")
        outcomes = [str(each) for each in table["outcome"].unique()]
        across, down = min(3, len(outcomes)), -(-len(outcomes) // 3)
        method = METHODS[str(table["method"].iloc[0])]
        caption = (
            f"Index of {method.name} ({method.source}): {method.meaning}. Line: 95 % interval. Dark bars: "
            "influential, that is above the dashed floor with the whole interval ("
            + {
                "morris": "floor: what another replicate changes",
                "sobol": "floor: a twentieth of the variance",
            }.get(method.name, "floor: what a factor without any effect gets")
            + ")."
        )
        figure, top = style.new_captioned_figure(max(4.4 * across, 6.0), 3.9 * down, caption)
        for number, outcome in enumerate(outcomes):
            width, height = 1.0 / across, (1.0 - top) / down
            axes = figure.add_axes(
                (
                    (number % across + 0.45) * width,
                    1.0 - (number // across + 0.84) * height,
                    0.51 * width,
                    0.73 * height,
                )
            )
            alt_parts.append(_ranking(axes, table[table["outcome"] == outcome], outcome, method.of_variance))
        title = f"Sensitivity ({method.name})"
        path = style.save(figure, folder / "sensitivity.png", title)
    return Picture(path, title, caption, "; ".join(alt_parts))


def _ranking(axes: Axes, rows: pd.DataFrame, outcome: str, of_variance: bool) -> str:
    """Draw the leading factors of one outcome; the first three in words."""
    axes.set_title(style.wrapped(title_of(outcome), 34))
    finite = rows[np.isfinite(rows["index"].astype(float))]
    leading = finite.sort_values("index", ascending=False).head(MAX_FACTORS).iloc[::-1]
    if leading.empty:
        style.explain_empty(axes, "no finite index")
        return f"{outcome}: no finite index"
    at = np.arange(len(leading))
    index, half = (leading[name].to_numpy(dtype=float) for name in ("index", "half_width"))
    colours = [BLUE if strong else "#B9D3E6" for strong in leading["influential"]]
    axes.barh(at, index, color=colours, height=0.62)
    axes.hlines(at, np.maximum(index - half, 0.0), index + half, color=INK, linewidth=1.1)
    axes.axvline(float(leading["floor"].iloc[0]), color=GREY, linestyle="--", linewidth=1.0)
    axes.set_yticks(at, [factor_label(str(each)) for each in leading["factor"]], fontsize=7)
    axes.set_xlim(0, None)
    axes.set_xlabel("share of variance" if of_variance else _axis_label(rows), fontsize=8)
    hidden = len(finite) - len(leading)
    if hidden > 0:
        axes.text(
            0.98,
            0.03,
            f"{hidden} more not shown",
            transform=axes.transAxes,
            ha="right",
            fontsize=7,
            color=GREY,
        )
    return f"{title_of(outcome)}: " + ", ".join(
        f"{factor_label(str(one.factor))} {one.index_:.3g}"
        for one in leading.iloc[::-1].head(3).rename(columns={"index": "index_"}).itertuples()
    )


def _axis_label(rows: pd.DataFrame) -> str:
    if str(rows["method"].iloc[0]) in ("pawn", "delta"):
        return "index, 0 to 1"
    return f"change over the range, {unit_in_words(str(rows['unit'].iloc[0]))}"


def map_picture(table: pd.DataFrame, outcomes: pd.DataFrame, folder: Path) -> Picture:
    """Outcome by factor: the index as a number, and as a colour its share of the strongest factor's.

    Columns are the factors that matter most for any outcome. Bold: influential. A minus sign (morris): the
    outcome, as the misfit of a finding, falls where the factor rises.
    """
    names = list(dict.fromkeys(table["outcome"].astype(str)))
    method = METHODS[str(table["method"].iloc[0])]
    index = table.pivot(index="factor", columns="outcome", values="index")[names].T
    relative = index.div(index.max(axis=1), axis=0)
    strongest = relative.max(axis=0).sort_values(ascending=False, kind="stable").index[:MAX_COLUMNS]
    order = relative[strongest].sum(axis=0).sort_values(ascending=False, kind="stable").index
    index, relative = index[order], relative[order]
    strong = table.pivot(index="factor", columns="outcome", values="influential")[names].T[order]
    signs = _signs(table, method.name, names, list(order))
    hidden = table["factor"].nunique() - len(order)
    has_signs = method.name == "morris" and not (table["members"] > 1).any()
    misfits = all(str(each) == "standard errors" for each in table["unit"])
    caption = (
        f"Number: index of {method.name}, {method.meaning}"
        + (
            ""
            if method.of_variance
            else ", in standard errors of the finding"
            if misfits
            else ", in its own unit"
        )
        + ". Colour: relative to the strongest factor of the row; below 1 % the cell is empty. "
        + "Bold: influential. A star: the sample does not suffice. "
        + ("A minus sign: the outcome falls where the factor rises. " if has_signs else "")
        + (f"{hidden} weaker factors are not shown." if hidden else "")
    )
    with style.project_style():
        rows = _row_labels(names, outcomes)
        left = 0.3 + LABEL_CHARACTER * max(map(len, rows))
        height, width = 1.9 + 0.24 * len(names), left + 2.5 + 0.5 * len(order)
        figure, top = style.new_captioned_figure(width, height, caption)
        axes = figure.add_axes(
            (left / width, top + 0.1 / height, 1 - (left + 1.2) / width, 1 - top - 1.75 / height)
        )
        style.heat_map(axes, relative.to_numpy(dtype=float), "Blues", 0.0, 1.0, "")
        _write_cells(
            axes, index.to_numpy(dtype=float), relative.to_numpy(dtype=float), strong.to_numpy(), signs
        )
        axes.xaxis.tick_top()
        axes.set_xticks(
            range(len(order)), [factor_label(str(each)) for each in order], rotation=50, ha="left",
            rotation_mode="anchor", fontsize=7.5,
        )  # fmt: skip
        axes.set_yticks(range(len(names)), rows, fontsize=7.5)
        title = "Sensitivity: outcome by factor"
        path = style.save(figure, folder / "sensitivity_map.png", title)
    alt = f"{len(names)} outcomes by {len(order)} factors. " + "; ".join(
        f"{name}: {relative.loc[name].idxmax()}" for name in names[:12]
    )
    return Picture(path, title, caption, alt)


def _row_labels(names: list[str], outcomes: pd.DataFrame) -> list[str]:
    """The outcomes; a star where the sample does not suffice."""
    enough = dict(zip(outcomes["outcome"].astype(str), outcomes["suffices"], strict=True))
    return [
        f"{label(title_of(name), MAX_ROW_LABEL)}{'' if enough.get(name, True) else ' *'}" for name in names
    ]


def _signs(table: pd.DataFrame, method: str, names: list[str], order: list[str]) -> Array:
    """-1 where nearly all effects of a factor are negative (morris without groups), else 1."""
    if method != "morris" or (table["members"] > 1).any():
        return np.ones((len(names), len(order)))
    mean = table.pivot(index="factor", columns="outcome", values="mu")[names].T[order]
    size = table.pivot(index="factor", columns="outcome", values="mu_star")[names].T[order]
    return np.where(mean.to_numpy(dtype=float) < -0.8 * size.to_numpy(dtype=float), -1.0, 1.0)


def _write_cells(axes: Axes, values: Array, relative: Array, strong: Array, signs: Array) -> None:
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            if not np.isfinite(value) or relative[row, column] < SMALLEST_SHOWN:
                continue
            text = f"{'−' if signs[row, column] < 0 and value > 0 else ''}{_short(value)}"
            ink = "white" if relative[row, column] > 0.6 else INK
            weight = "bold" if strong[row, column] else "normal"
            axes.text(column, row, text, ha="center", va="center", fontsize=6.8, color=ink, fontweight=weight)


def _short(value: float) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 100 or (abs(value) >= 1 and float(value).is_integer()):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2g}" if abs(value) < 0.1 else f"{value:.2f}"


def convergence_picture(curves: pd.DataFrame, outcomes: pd.DataFrame, meaning: str, folder: Path) -> Picture:
    """The index of the leading factors at shares of the sample, with its interval, and what it says."""
    names = [str(each) for each in curves["outcome"].unique()][:MAX_CURVES]
    hidden = curves["outcome"].nunique() - len(names)
    counts = outcomes["suffices"].astype(bool)
    caption = (
        f"Index ({meaning}) of the leading factors, from parts of the sample; bars: 95 % intervals. "
        f"The sample suffices for {int(counts.sum())} of {len(counts)} outcomes."
        + (f" {hidden} more outcomes: convergence.csv and outcomes.csv." if hidden else "")
    )
    alt_parts = []
    with style.project_style():
        across, down = min(3, len(names)), -(-len(names) // 3)
        figure, top = style.new_captioned_figure(max(4.4 * across, 6.0), 3.8 * down, caption)
        for number, name in enumerate(names):
            axes = figure.add_subplot(down, across, number + 1)
            row = outcomes[outcomes["outcome"] == name].iloc[0]
            _curves(axes, curves[curves["outcome"] == name])
            mark = "suffices" if bool(row["suffices"]) else "does not suffice"
            axes.set_title(style.wrapped(f"{title_of(name)}: {mark}", 40), fontsize=9)
            alt_parts.append(f"{name} {mark}")
        _lay_out(figure, top)
        title = "Does the sample suffice?"
        path = style.save(figure, folder / "convergence.png", title)
    return Picture(path, title, caption, "; ".join(alt_parts))


def _curves(axes: Axes, rows: pd.DataFrame) -> None:
    for number, (factor, one) in enumerate(rows.groupby("factor", sort=False)):
        shift = 1.0 + 0.02 * (number - 2.5)
        axes.errorbar(
            one["rows"].to_numpy(dtype=float) * shift,
            one["index"].to_numpy(dtype=float),
            yerr=one["half_width"].to_numpy(dtype=float),
            color=LINE_COLOURS[number % len(LINE_COLOURS)],
            marker=MARKERS[number % len(MARKERS)],
            markersize=4,
            linewidth=1.2,
            elinewidth=0.8,
            label=factor_label(str(factor)),
        )
    axes.set_xscale("log")
    ticks = sorted(rows["rows"].unique())
    axes.set_xticks(ticks, [f"{int(each):,}" for each in ticks], fontsize=7)
    axes.minorticks_off()
    axes.set_ylim(min(0.0, float(rows["index"].min())), None)
    axes.set_xlabel("points of the design", fontsize=8)
    axes.set_ylabel("index", fontsize=8)
    axes.legend(fontsize=6, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)


def _lay_out(figure: Figure, top: float) -> None:
    figure.tight_layout(rect=(0, top, 1, 1), h_pad=1.5)
