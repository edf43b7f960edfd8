"""Checks of the typology and of the effects of size and politics (S02-S22), mostly on synthetic
localities."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import CheckResult, check, check_direction
from woc_sim.analysis.estimates import (
    NO_ESTIMATE,
    Estimate,
    correlation,
    group_centred,
    mean,
    mean_difference,
    mean_estimate,
    regression,
    share,
    standard_deviation,
    variance_share_error,
)
from woc_sim.analysis.replication import (
    FACTORS,
    OUTCOMES,
    factor_columns,
    factor_shares,
    free_localities,
    published_marks,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.inputs.vocabulary import SIZES, TYPES

Array = np.ndarray[Any, Any]

REVITALISING, IN_TRANSITION, MARGINAL, LEFT_BEHIND = TYPES
SMALLER: Final = ("rural", "small")
COLUMNS_OF_FACTOR: Final = {"structure": 1, "experience": 1, "size": 2, "politics": 3}
"""How many columns of a regression stand for each factor of Table 8."""


def means_by_type(sample: Sample, column: Array) -> dict[str, Estimate]:
    """Mean of a column in each type."""
    return {kind: mean(column[sample.labelled("type", kind)]) for kind in TYPES}


def distance_from_nearest_type(sample: Sample, column: Array, kind: str, sign: int = 1) -> Estimate:
    """Mean of a type minus the largest mean of another type: positive if it is the highest (for sign -1: the
    lowest)."""
    means = means_by_type(sample, sign * column)
    others = [each for name, each in means.items() if name != kind]
    if any(math.isnan(each.value) for each in (means[kind], *others)):
        return NO_ESTIMATE
    return means[kind] - max(others, key=lambda each: each.value)


def check_extreme_type(sample: Sample, kind: str, *columns: tuple[Array, int]) -> CheckResult:
    """Whether a type is the extreme in every given column; the headline is the first column."""
    simulated = [distance_from_nearest_type(sample, column, kind, sign) for column, sign in columns]
    return CheckResult(simulated[0].value, all(each.positive for each in simulated), simulated[0].error)


def share_of_active_actors(sample: Sample) -> Array:
    """Share of active actors: mean of public, civil and private actors."""
    active: Array = (sample["active_public"] + sample["active_nonpublic"] + sample["active_private"]) / 3
    return active


def colour_gap(sample: Sample, column: Array) -> Estimate:
    """Mean under progressive minus mean under conservative executives."""
    return mean_difference(
        column, sample.labelled("executive", "progressive"), sample.labelled("executive", "conservative")
    )


@check("S02")
def revitalising_mobilise(study: Study) -> CheckResult:
    """Share of active actors in revitalising localities minus the next type; it and the policy index are
    highest there."""
    sample = study.synthetic
    return check_extreme_type(
        sample, REVITALISING, (share_of_active_actors(sample), 1), (sample["mipex_total"], 1)
    )


@check("S03")
def revitalising_receptive(study: Study) -> CheckResult:
    """Mean attitude in revitalising localities minus the next type; attitudes, ties and belonging are highest
    there."""
    sample = study.synthetic
    names = ("latent_attitude", "latent_ties", "latent_belonging")
    return check_extreme_type(sample, REVITALISING, *((sample[name], 1) for name in names))


@check("S04")
def left_behind_resist(study: Study) -> CheckResult:
    """Number of restrictive measures in left-behind localities minus the next type; it is highest there, and
    the policy index is lowest."""
    sample = study.synthetic
    return check_extreme_type(
        sample, LEFT_BEHIND, (sample["restrictive_count"], 1), (sample["mipex_total"], -1)
    )


@check("S05")
def left_behind_late(study: Study) -> CheckResult:
    """Share of active non-public organisations in left-behind localities; it is lowest there in 2016 and in
    2021."""
    sample = study.synthetic
    names = ("active_share@2016", "active_share@2021")
    return check_extreme_type(sample, LEFT_BEHIND, *((sample[name], -1) for name in names))


@check("S06")
def left_behind_divided(study: Study) -> CheckResult:
    """Spread of attitudes in left-behind localities minus the next type; it and politicisation are highest
    there, and belonging is lowest."""
    sample = study.synthetic
    return check_extreme_type(
        sample,
        LEFT_BEHIND,
        (sample["latent_attitude_sd"], 1),
        (sample["politicisation@2022"], 1),
        (sample["latent_belonging"], -1),
    )


@check("S07")
def marginal_depend_on_actors(study: Study) -> CheckResult:
    """Correlation of non-public activity and policy: marginal minus other localities; stances vary more in
    marginal ones too."""
    sample = study.synthetic
    marginal = sample.labelled("type", MARGINAL)
    activity, policy, stance = sample["active_nonpublic"], sample["mipex_total"], sample["openness@2021"]
    difference = correlation(activity[marginal], policy[marginal]) - correlation(
        activity[~marginal], policy[~marginal]
    )
    return check_direction(
        difference, standard_deviation(stance[marginal]).value > standard_deviation(stance[~marginal]).value
    )


@check("S08")
def transition_above_marginal(study: Study) -> CheckResult:
    """Policy index: localities in transition minus marginal ones; ties to higher levels are above too."""
    sample = study.synthetic
    first, second = sample.labelled("type", IN_TRANSITION), sample.labelled("type", MARGINAL)
    ties = mean_difference(sample["vertical"], first, second)
    return check_direction(mean_difference(sample["mipex_total"], first, second), ties.positive)


@check("S09")
def transition_receptive(study: Study) -> CheckResult:
    """Mean attitude: localities in transition minus marginal ones; polarisation is lower in transition."""
    sample = study.synthetic
    first, second = sample.labelled("type", IN_TRANSITION), sample.labelled("type", MARGINAL)
    divided = mean_difference(sample["polarisation@2022"], first, second)
    return check_direction(mean_difference(sample["latent_attitude"], first, second), divided.value < 0)


@check("S10")
def types_ordered(study: Study) -> CheckResult:
    """Mean policy index of revitalising localities minus the next type; the other types overlap, and a
    stagnating locality is in the top third."""
    sample = study.synthetic
    policy = sample["mipex_total"]
    ahead = distance_from_nearest_type(sample, policy, REVITALISING)
    others = [each.value for name, each in means_by_type(sample, policy).items() if name != REVITALISING]
    overlap = max(others) - min(others) < float(np.nanstd(policy))
    stagnating = bool(np.any(policy[sample["structure"] < 0] >= np.nanquantile(policy, 2 / 3)))
    return check_direction(ahead, overlap, stagnating)


@check("S11")
def experience_is_minor(study: Study) -> CheckResult:
    """Number of outcomes (of six) in which experience has a clear effect of at least half the effect of
    structure."""
    sample = study.eu
    matters = 0
    for name in ("lg_mean_2020", "frame_p_migrants_only", "mipex_total", "response_share", "ties_mean"):
        matters += _experience_matters(sample, name)
    matters += _experience_matters(study.rated, "perceived_attitudes")
    # Six independent tests at 5 % give one false alarm in a quarter of all studies, two in 3 %.
    return CheckResult(float(matters), matters <= 1, math.sqrt(6 * 0.05 * 0.95))


def _experience_matters(sample: Sample, name: str) -> bool:
    columns = [column for factor in factor_columns(sample) for column in factor]
    structure, experience, *_ = regression(sample[name], *columns, groups=sample["country"])
    return not experience.unclear and abs(experience.value) >= abs(structure.value) / 2


def _check_marks(study: Study, factor: str) -> CheckResult:
    """The mean share of variance of the outcomes with the highest published mark minus that of those with the
    lowest.

    It passes if the difference and the first mean are above 0 by more than their standard errors, and if each
    mark has a larger mean share than the next lower one. No share is compared with a cut, because the papers
    give marks without one.
    """
    column = FACTORS.index(factor)
    free = free_localities(study.eu)
    by_mark: dict[int, list[Estimate]] = {}
    for name in OUTCOMES:
        share_of = factor_shares(study)[name][column]
        error = variance_share_error(share_of, COLUMNS_OF_FACTOR[factor], free)
        by_mark.setdefault(published_marks()[factor][name], []).append(Estimate(share_of, error))
    means = [mean_estimate(by_mark[mark]) for mark in sorted(by_mark, reverse=True)]
    falling = all(higher.value > lower.value for higher, lower in pairwise(means))
    return check_direction(means[0] - means[-1], means[0].positive, falling)


@check("S12", latent=True)
def structure_by_outcome(study: Study) -> CheckResult:
    """Share of variance that structure explains: mean of policies and access (ticks of Table 8) minus mean of
    relations and frames (crosses); interactions and perceived attitudes (ticks in brackets) lie between."""
    return _check_marks(study, "structure")


@check("S13", latent=True)
def size_by_outcome(study: Study) -> CheckResult:
    """Share of variance that size explains: access (tick of Table 8) minus mean of frames, policies and
    perceived attitudes (crosses); relations and interactions (ticks in brackets) lie between."""
    return _check_marks(study, "size")


@check("S14", latent=True)
def politics_by_outcome(study: Study) -> CheckResult:
    """Share of variance that politics explains: mean of relations, frames, policies and perceived attitudes
    (ticks of Table 8) minus mean of access and interactions (ticks in brackets)."""
    return _check_marks(study, "politics")


@check("S15")
def types_do_not_determine_policy(study: Study) -> CheckResult:
    """Share of the variance of policy that lies within types; the ranges of the types overlap."""
    sample = study.synthetic
    policy = sample["mipex_total"]
    inside = float(np.nansum(group_centred(policy, sample["type"]) ** 2))
    total = float(np.nansum((policy - np.nanmean(policy)) ** 2))
    lows = [float(np.nanmin(policy[sample.labelled("type", kind)])) for kind in TYPES]
    highs = [float(np.nanmax(policy[sample.labelled("type", kind)])) for kind in TYPES]
    value = inside / total if total > 0 else math.nan
    return CheckResult(value, value > 0 and max(lows) < min(highs))


@check("S16")
def medium_acts_more(study: Study) -> CheckResult:
    """Number of measures for or against migrants: medium towns minus smaller localities; they have more
    active actors too."""
    sample = study.synthetic
    medium = sample.labelled("size", "medium")
    active = mean_difference(share_of_active_actors(sample), medium, ~medium)
    stance = mean_difference(sample["inclusive_count"] + sample["restrictive_count"], medium, ~medium)
    return check_direction(stance, active.positive)


@check("S17")
def politics_stronger_in_medium(study: Study) -> CheckResult:
    """Difference of the policy index between colours: medium towns minus smaller localities."""
    sample = study.synthetic
    medium = sample.where(sample.labelled("size", "medium"))
    smaller = sample.where(sample.labelled("size", *SMALLER))
    return check_direction(
        colour_gap(medium, medium["mipex_total"]) - colour_gap(smaller, smaller["mipex_total"])
    )


def variance_explained_by_leader(sample: Sample) -> Estimate:
    """Share of the policy variance, beyond structure and politics, that the leader's deviation explains."""
    columns = [sample["structure"], sample["experience"], sample["executive_ideology"], sample["rrp"]]
    policy = sample["mipex_total"]
    if len(policy) < 8:
        return NO_ESTIMATE
    design = np.column_stack([np.ones(len(policy)), *columns])
    residual = policy - design @ np.linalg.lstsq(design, policy, rcond=None)[0]
    r = correlation(residual, sample["leadership"], lost=4)
    return Estimate(r.value * r.value, 2 * abs(r.value) * r.error)


@check("S18")
def leader_decides_in_smaller(study: Study) -> CheckResult:
    """Share of the policy variance that the leader's deviation explains: smaller localities minus medium
    towns."""
    sample = study.synthetic
    smaller, medium = sample.labelled("size", *SMALLER), sample.labelled("size", "medium")
    return check_direction(
        variance_explained_by_leader(sample.where(smaller))
        - variance_explained_by_leader(sample.where(medium))
    )


@check("S19")
def rural_lowest(study: Study) -> CheckResult:
    """Policy index of towns minus that of rural areas within countries; rural areas are below small and below
    medium towns."""
    sample = study.west
    policy = sample["mipex_total"]
    rural = sample.labelled("size", "rural").astype(float)
    difference = -regression(policy, rural, groups=sample["country"])[0]
    inside = group_centred(policy, sample["country"])
    means = [mean(inside[sample.labelled("size", size)]).value for size in SIZES]
    return check_direction(difference, means[0] == min(means))


@check("S20")
def colour_matters_in_towns(study: Study) -> CheckResult:
    """Difference of the policy index between colours: towns minus rural areas; it is larger in small and in
    medium towns."""
    gaps = {}
    for size in SIZES:
        sample = study.west.where(study.west.labelled("size", size))
        gaps[size] = colour_gap(sample, sample["mipex_total"])
    towns = study.west.where(~study.west.labelled("size", "rural"))
    ahead = colour_gap(towns, towns["mipex_total"]) - gaps["rural"]
    return check_direction(ahead, min(gaps["small"].value, gaps["medium"].value) > gaps["rural"].value)


@check("S21")
def struggling_conservative_do_not_respond(study: Study) -> CheckResult:
    """Share without response, of smaller localities with weak structure and a conservative executive; it is
    more than half, and above that of all other localities."""
    sample = study.synthetic
    cell = (
        sample.labelled("size", *SMALLER)
        & (sample["structure"] < 0)
        & sample.labelled("executive", "conservative")
    )
    simulated, others = (share(sample["response_class"][mask] == 0) for mask in (cell, ~cell))
    above = (simulated - others).positive
    return CheckResult(simulated.value, simulated.value > 0.5 and above, simulated.error)


@check("S22")
def leadership_raises_response(study: Study) -> CheckResult:
    """Slope of the response on the leader's deviation from the executive, given the other covariates."""
    sample = study.synthetic
    columns = (sample["structure"], sample["experience"], sample["executive_ideology"], sample["rrp"])
    return check_direction(regression(sample["response_share"], sample["leadership"], *columns)[0])
