"""The tables of the published study, calculated from a simulated study in the same way.

The functions take simulated studies and the published tables (`published`), so that both sides of a
comparison are calculated by the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.bands import band_middles
from woc_sim.analysis.estimates import (
    Estimate,
    between_group_share,
    correlation,
    group_centred,
    mean,
    shapley_shares,
)
from woc_sim.analysis.study import MissingReadingError, Sample, Study, label_code, one_study
from woc_sim.evidence.catalogue import table_rows as evidence_rows
from woc_sim.inputs.tables import case as case_of
from woc_sim.inputs.vocabulary import ACTOR_KINDS, COMPONENTS, EXECUTIVES, SIZES
from woc_sim.instruments.networks import betweenness, weighted_degrees
from woc_sim.instruments.readings import KIND_PAIRS

Array = np.ndarray[Any, Any]

OUTCOMES: Final = (
    "governance_relations",
    "frames",
    "policies",
    "access",
    "interactions",
    "perceived_attitudes",
)
"""The rows of Table 8."""
FACTORS: Final = ("structure", "experience", "size", "politics")
"""The columns of Table 8."""
TICK, BRACKET = 0.10, 0.05
"""A factor gets a tick, or a tick in brackets, from these shares of variance on."""
MARK_CODES: Final = {"tick": 2, "bracket": 1, "cross": 0}


def country_means(sample: Sample, column: str) -> dict[float, float]:
    """Mean of a column by country code (Table 4 read by country)."""
    codes = sample["country"]
    return {float(each): mean(sample[column][codes == each]).value for each in np.unique(codes)}


def group_means(sample: Sample, column: str, label: str) -> dict[str, Estimate]:
    """Mean of a column by size or executive (Table 4 read by group)."""
    names = SIZES if label == "size" else EXECUTIVES
    return {name: mean(sample[column][sample.labelled(label, name)]) for name in names}


def centred(sample: Sample, column: str) -> Array:
    """A column less the mean of the country."""
    return group_centred(sample[column], sample["country"])


def countries_lost(sample: Sample) -> int:
    """Degrees of freedom of the country means, without the one of the overall mean."""
    return len(np.unique(sample["country"])) - 1


def centred_correlation(sample: Sample, first: str, second: str) -> Estimate:
    """Correlation of two columns within countries."""
    return correlation(centred(sample, first), centred(sample, second), lost=countries_lost(sample))


def component_correlations(sample: Sample, rating: str, *, inside_countries: bool) -> dict[str, Estimate]:
    """Correlation of each policy component with a rating: a column of Table 7, raw or within countries."""
    correlate = centred_correlation if inside_countries else _raw_correlation
    return {name: correlate(sample, f"mipex_{name}", rating) for name in COMPONENTS}


def _raw_correlation(sample: Sample, first: str, second: str) -> Estimate:
    return correlation(sample[first], sample[second])


def between_countries(sample: Sample, column: str) -> float:
    """Share of the variance of a column that lies between countries."""
    return between_group_share(sample[column], sample["country"])


def access_grid(sample: Sample) -> Array:
    """Figure 9: localities by access to housing (rows) and to employment (columns), easy first."""
    return grade_counts(sample["access_housing"], sample["access_employment"])


def grade_counts(housing: Array, employment: Array) -> Array:
    """How many localities have each grade of access to housing (rows) and to employment (columns), easy
    first; those without both are left out."""
    grid = np.zeros((3, 3))
    for one, other in zip(housing, employment, strict=True):
        if np.isfinite(one) and np.isfinite(other):
            grid[int(one), int(other)] += 1
    return grid


def average_network(sample: Sample) -> Array:
    """Figure 3: mean frequency of meetings between kinds of actors, less 1 so that 'never' is no tie."""
    frequencies = mean_frequencies(sample.column_or_nan)
    if np.isnan(frequencies).all():
        raise MissingReadingError("net_*")
    weights: Array = np.where(np.isnan(frequencies), 0.0, np.maximum(0.0, frequencies - 1.0))
    return weights


def mean_frequencies(column: Callable[[str], Array]) -> Array:
    """Mean frequency of meetings (1-5) between kinds of actors over localities, whose readings `column` gives
    by name; symmetric, nan on the diagonal and where no locality has an answer."""
    index = {kind: number for number, kind in enumerate(ACTOR_KINDS)}
    matrix = np.full((len(ACTOR_KINDS), len(ACTOR_KINDS)), np.nan)
    for first, second in KIND_PAIRS:
        values = column(f"net_{first}_{second}")
        values = values[np.isfinite(values)]
        if len(values):
            mean_frequency = float(values.mean())
            matrix[index[first], index[second]] = matrix[index[second], index[first]] = mean_frequency
    return matrix


def degree_ranks(matrix: Array) -> dict[str, int]:
    """Rank of each kind of actor by weighted degree, 1 for the most central."""
    return _rank_by_kind(weighted_degrees(matrix).tolist())


def betweenness_ranks(matrix: Array) -> dict[str, int]:
    """Rank of each kind of actor by betweenness, 1 for the most central."""
    return _rank_by_kind(betweenness(matrix).tolist())


def _rank_by_kind(values: list[float]) -> dict[str, int]:
    return {
        kind: 1 + sum(other > value for other in values)
        for kind, value in zip(ACTOR_KINDS, values, strict=True)
    }


def factor_shares(study: Study) -> Mapping[str, tuple[float, float, float, float]]:
    """Table 8: for each outcome the shares of its variance within countries that structure, experience, size
    and politics explain.

    Size is two dummies. Politics is the executive (two dummies) and the seats of the radical right. If an
    outcome has two readings, the shares are averaged.
    """
    if "factor_shares" not in study.notes:
        study.notes["factor_shares"] = {name: _shares_of_outcome(study, name) for name in OUTCOMES}
    found: Mapping[str, tuple[float, float, float, float]] = study.notes["factor_shares"]
    return found


READINGS_OF_OUTCOME: Final[Mapping[str, tuple[str, ...]]] = {
    "governance_relations": ("lg_mean_2020", "horizontal"),
    "frames": ("frame_p_migrants_only", "frame_p_whole_community"),
    "policies": ("mipex_total",),
    "access": ("access_employment", "access_housing"),
    "interactions": ("ties_mean", "relations_none_ne"),
    "perceived_attitudes": ("perceived_attitudes",),
}


def _shares_of_outcome(study: Study, outcome: str) -> tuple[float, float, float, float]:
    sample = study.eu
    factors = factor_columns(sample)
    country = sample["country"]
    found = np.array(
        [shapley_shares(sample[name], factors, country) for name in READINGS_OF_OUTCOME[outcome]]
    )
    a, b, c, d = found.mean(axis=0)
    return float(a), float(b), float(c), float(d)


def factor_columns(sample: Sample) -> list[list[Array]]:
    """Structure, experience, size and politics as columns of a regression."""
    return [
        [sample["structure"]],
        [sample["experience"]],
        [sample.labelled("size", "small").astype(float), sample.labelled("size", "medium").astype(float)],
        [
            sample.labelled("executive", "progressive").astype(float),
            sample.labelled("executive", "conservative").astype(float),
            sample["rrp"],
        ],
    ]


def free_localities(sample: Sample) -> int:
    """Localities less the means of their countries: the degrees of freedom of a share within countries."""
    return len(sample) - countries_lost(sample) - 1


def table8_mark(share: float) -> int:
    """2 for a tick, 1 for a tick in brackets, 0 for a cross."""
    return 2 if share >= TICK else 1 if share >= BRACKET else 0


@cache
def published_marks() -> Mapping[str, Mapping[str, int]]:
    """Table 8 as printed: factor -> outcome -> mark."""
    table = {row["outcome"]: row for row in evidence_rows("table8")}
    return {factor: {name: MARK_CODES[table[name][factor]] for name in OUTCOMES} for factor in FACTORS}


@cache
def published() -> Study:
    """The study as published: Table 4 (scores), Table 6 (ratings) and the bands of Table A1.

    All other columns are missing.

    Totals come from Table 4; ``table6_total`` is the total that Table 6 prints (I-01).
    """
    ratings = {row["case"]: row for row in evidence_rows("table6")}
    found = []
    for row in evidence_rows("table4"):
        if not row["case"]:
            continue
        one = case_of(row["case"])
        values = {f"mipex_{name}": float(row[name]) for name in COMPONENTS}
        values |= {
            "mipex_total": float(row["total"]),
            "country": label_code("country", one.country),
            "framework": label_code("framework", one.framework),
            "size": label_code("size", one.size),
            "executive": label_code("executive", one.executive),
        }
        values |= band_middles(row["case"])
        values["rrp"] = values["rrp_band"]
        if row["case"] in ratings:
            rated = ratings[row["case"]]
            values["perceived_integration"] = float(rated["perceived_integration"])
            values["perceived_attitudes"] = float(rated["perceived_attitudes"])
            values["table6_total"] = float(rated["mipex_total"])
        found.append(values)
    return one_study(found)
