"""Figures of a study that calibration compares: functions of a `Study`, by which the simulated and the
published figure are calculated alike.

`fit_statistics` says of which finding each figure is. A function raises MissingReadingError if the study
lacks a reading.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import mean, mean_difference, shapley_shares
from woc_sim.analysis.replication import centred, country_means, published
from woc_sim.analysis.study import Sample, Study
from woc_sim.inputs.vocabulary import COMPONENTS

Array = np.ndarray[Any, Any]

COMPARED_COMPONENTS: Final = tuple(name for name in COMPONENTS if name != "labour")
"""Components of policy whose scores are compared; labour was scored anew between versions (I-01)."""
PRINCIPAL_COMPONENTS: Final = 3
"""How many principal components of the profile of component scores are compared."""


def policy_gap(label: str, first: str, second: str) -> Callable[[Study], float]:
    """Policy index within countries: localities with one label minus those with another, in points."""

    def gap(study: Study) -> float:
        west = study.west
        policy = centred(west, "mipex_total")
        return mean_difference(policy, west.labelled(label, first), west.labelled(label, second)).value

    return gap


def country_slope(study: Study) -> float:
    """Slope of the country means on the published ones."""
    found, target = (country_means(each.west, "mipex_total") for each in (study, published()))
    codes = sorted(set(found) & set(target))
    x = np.array([target[code] for code in codes])
    y = np.array([found[code] for code in codes])
    x = x - x.mean()
    return float(x @ (y - y.mean())) / float(x @ x)


def politics_share(study: Study) -> float:
    """Share of the variance of the index within countries that executive and seats explain, beside size."""
    west = study.west
    politics = [
        west.labelled("executive", "progressive").astype(float),
        west.labelled("executive", "conservative").astype(float),
        west["rrp_band"],
    ]
    size = [west.labelled("size", "small").astype(float), west.labelled("size", "medium").astype(float)]
    return shapley_shares(west["mipex_total"], [politics, size], west["country"])[0]


def seats_by_colour(study: Study) -> float:
    """Index with minus without radical-right seats within countries: progressive minus conservative."""
    west = study.west
    policy, seats = centred(west, "mipex_total"), west["rrp_band"] > 0
    left, right = (
        mean_difference(policy, colour & seats, colour & ~seats).value
        for colour in (west.labelled("executive", name) for name in ("progressive", "conservative"))
    )
    return left - right


def _component_scores(sample: Sample) -> Array:
    """Scores of the compared components; shape localities x components."""
    return np.column_stack([sample[f"mipex_{name}"] for name in COMPARED_COMPONENTS])


def _profile(study: Study) -> Array:
    """Mean of each component less the mean of all of them."""
    means = np.nanmean(_component_scores(study.west), axis=0)
    profile: Array = means - means.mean()
    return profile


def profile_slope(study: Study) -> float:
    """Slope of the profile on the published one."""
    target = _published_profile()
    return float(_profile(study) @ target) / float(target @ target)


@cache
def _published_profile() -> Array:
    return _profile(published())


@cache
def _profile_directions() -> Array:
    """The first principal components of the profile over the published localities, one a row.

    The sign is chosen so that the largest weight is positive.
    """
    scores = _component_scores(published().west)
    profiles = scores - scores.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(np.cov(profiles, rowvar=False))
    directions = vectors[:, ::-1][:, :PRINCIPAL_COMPONENTS].T
    largest = np.abs(directions).argmax(axis=1)
    signed: Array = directions * np.sign(directions[np.arange(len(directions)), largest])[:, None]
    return signed


def profile_component(number: int) -> Callable[[Study], float]:
    """One principal component (from 0) of the profile of component scores, in points."""
    return lambda study: float(_profile_directions()[number] @ _profile(study))


def zeros_share(study: Study) -> float:
    """Share of zeros among the component scores of the western localities."""
    return float(np.mean(_component_scores(study.west) <= 0))


def share_with(column: str, code: float) -> Callable[[Study], float]:
    """Share of the EU localities whose reading has the code."""

    def share_of(study: Study) -> float:
        values = study.eu[column]
        return float(np.mean(values[np.isfinite(values)] == code))

    return share_of


def mean_over(sample: str, column: str) -> Callable[[Study], float]:
    """Mean of a reading over a sample of the study (`eu`, `west` or `surveyed`)."""
    return lambda study: mean(getattr(study, sample)[column]).value


def other_given(sector: str, public: bool) -> Callable[[Study], float]:
    """Share of localities with non-public action among those with (or without) public action."""

    def share_of(study: Study) -> float:
        rows = (study.eu[f"anypublic_{sector}"] > 0.5) == public
        other = study.eu[f"nonstate_{sector}"] > 0.5
        return float(np.mean(other[rows])) if rows.any() else math.nan

    return share_of


def grade_share(sign: int, sector: str, grade: int) -> Callable[[Study], float]:
    """Share of localities with one grade of access where structure has the sign."""

    def share_of(study: Study) -> float:
        sample = study.eu.where(study.eu["structure"] == sign)
        values = sample[f"access_{sector}"]
        return float(np.mean(values[np.isfinite(values)] == grade))

    return share_of


def number_with_structure(sign: int) -> Callable[[Study], float]:
    """Number of EU localities whose structure has the sign."""
    return lambda study: float(np.sum(study.eu["structure"] == sign))


def yearly_onward(study: Study) -> float:
    """Share of refugees who move on per year, from the share after three years; nan if all have moved."""
    stayed = 1 - mean(study.eu["onward_3y"]).value
    return 1 - stayed ** (1 / 3) if stayed > 0 else math.nan
