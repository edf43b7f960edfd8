"""Measures of the typology and of what size and politics do to it (S02-S22, S109), mostly on synthetic
localities."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import MIN_RANK_CORRELATION, CheckResult, check, check_direction
from woc_sim.analysis.estimates import (
    NO_ESTIMATE,
    Estimate,
    correlation,
    group_centred,
    mean,
    mean_difference,
    rank_correlation,
    regression,
    share,
    standard_deviation,
)
from woc_sim.analysis.replication import (
    FACTORS,
    OUTCOMES,
    factor_columns,
    factor_shares,
    published_marks,
    table8_mark,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.inputs.vocabulary import SIZES, TYPES

Array = np.ndarray[Any, Any]

REVITALISING, IN_TRANSITION, MARGINAL, LEFT_BEHIND = TYPES
SMALLER: Final = ("rural", "small")


def means_by_type(sample: Sample, column: Array) -> dict[str, Estimate]:
    """Mean of a column in each type."""
    return {kind: mean(column[sample.labelled("type", kind)]) for kind in TYPES}


def distance_from_nearest_type(sample: Sample, column: Array, kind: str, sign: int = 1) -> Estimate:
    """Distance of a type's mean from the nearest other type: positive if it is the highest (lowest for
    sign -1)."""
    means = means_by_type(sample, sign * column)
    others = [each for name, each in means.items() if name != kind]
    if any(math.isnan(each.value) for each in (means[kind], *others)):
        return NO_ESTIMATE
    return means[kind] - max(others, key=lambda each: each.value)


def check_extreme_type(sample: Sample, kind: str, *columns: tuple[Array, int]) -> CheckResult:
    """Whether a type is the extreme in every column given; the headline is the first column."""
    found = [distance_from_nearest_type(sample, column, kind, sign) for column, sign in columns]
    return CheckResult(found[0].value, all(each.positive for each in found), found[0].error)


def share_of_active_actors(sample: Sample) -> Array:
    """Share of active actors, public, civil and private."""
    active: Array = (sample["active_public"] + sample["active_nonpublic"] + sample["active_private"]) / 3
    return active


def colour_gap(sample: Sample, column: Array) -> Estimate:
    """Mean under progressive minus mean under conservative executives."""
    return mean_difference(
        column, sample.labelled("executive", "progressive"), sample.labelled("executive", "conservative")
    )


@check("S02")
def revitalising_mobilise(study: Study) -> CheckResult:
    """Active actors and policy index are highest in revitalising places."""
    sample = study.synthetic
    return check_extreme_type(
        sample, REVITALISING, (share_of_active_actors(sample), 1), (sample["mipex_total"], 1)
    )


@check("S03")
def revitalising_receptive(study: Study) -> CheckResult:
    """Attitudes, ties of migrants and their belonging are highest in revitalising places."""
    sample = study.synthetic
    names = ("latent_attitude", "latent_ties", "latent_belonging")
    return check_extreme_type(sample, REVITALISING, *((sample[name], 1) for name in names))


@check("S04")
def left_behind_resist(study: Study) -> CheckResult:
    """Restrictive measures are most frequent and the policy index is lowest in left-behind places."""
    sample = study.synthetic
    return check_extreme_type(
        sample, LEFT_BEHIND, (sample["restrictive_count"], 1), (sample["mipex_total"], -1)
    )


@check("S05")
def left_behind_late(study: Study) -> CheckResult:
    """In left-behind places fewest non-public organisations are active in 2016 and in 2021."""
    sample = study.synthetic
    names = ("active_share@2016", "active_share@2021")
    return check_extreme_type(sample, LEFT_BEHIND, *((sample[name], -1) for name in names))


@check("S06")
def left_behind_divided(study: Study) -> CheckResult:
    """Spread of attitudes and politicisation are highest and belonging is lowest in left-behind places."""
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
    """Non-public activity and policy go together more in marginal places, and stances vary more, than
    elsewhere."""
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
    """Policy index and ties to higher levels are above those of marginal places in places in transition."""
    sample = study.synthetic
    first, second = sample.labelled("type", IN_TRANSITION), sample.labelled("type", MARGINAL)
    ties = mean_difference(sample["vertical"], first, second)
    return check_direction(mean_difference(sample["mipex_total"], first, second), ties.positive)


@check("S09")
def transition_receptive(study: Study) -> CheckResult:
    """Attitudes are warmer and less divided in places in transition than in marginal ones."""
    sample = study.synthetic
    first, second = sample.labelled("type", IN_TRANSITION), sample.labelled("type", MARGINAL)
    divided = mean_difference(sample["polarisation@2022"], first, second)
    return check_direction(mean_difference(sample["latent_attitude"], first, second), divided.value < 0)


@check("S10")
def types_ordered(study: Study) -> CheckResult:
    """Revitalising has the highest mean policy, the others overlap, and a stagnating place is in the top
    third."""
    sample = study.synthetic
    policy = sample["mipex_total"]
    ahead = distance_from_nearest_type(sample, policy, REVITALISING)
    others = [each.value for name, each in means_by_type(sample, policy).items() if name != REVITALISING]
    overlap = max(others) - min(others) < float(np.nanstd(policy))
    stagnating = bool(np.any(policy[sample["structure"] < 0] >= np.nanquantile(policy, 2 / 3)))
    return check_direction(ahead, overlap, stagnating)


@check("S11")
def experience_is_minor(study: Study) -> CheckResult:
    """Outcomes (of six) in which experience has an effect that is neither uncertain nor below half of
    structure's."""
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
    """Marks hit (of six); it holds if outcomes are ranked by the factor's share as by the published marks."""
    column = FACTORS.index(factor)
    shares = np.array([factor_shares(study)[name][column] for name in OUTCOMES])
    wanted = np.array([published_marks()[factor][name] for name in OUTCOMES], dtype=float)
    if not np.isfinite(shares).all():
        return CheckResult(math.nan, False)
    hits = sum(table8_mark(float(found)) == int(target) for found, target in zip(shares, wanted, strict=True))
    return CheckResult(
        float(hits), rank_correlation(shares, wanted).value >= MIN_RANK_CORRELATION, math.sqrt(6 * 0.25)
    )


@check("S12", latent=True)
def structure_by_outcome(study: Study) -> CheckResult:
    """Marks of Table 8's column on structure that the variance shares hit, of six."""
    return _check_marks(study, "structure")


@check("S13", latent=True)
def size_by_outcome(study: Study) -> CheckResult:
    """Marks of Table 8's column on size that the variance shares hit, of six."""
    return _check_marks(study, "size")


@check("S14", latent=True)
def politics_by_outcome(study: Study) -> CheckResult:
    """Marks of Table 8's column on politics that the variance shares hit, of six."""
    return _check_marks(study, "politics")


@check("S15")
def types_do_not_determine_policy(study: Study) -> CheckResult:
    """Share of the variance of policy that lies within types; their ranges overlap."""
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
    """Medium towns have more measures for or against migrants, and more active actors, than smaller
    places."""
    sample = study.synthetic
    medium = sample.labelled("size", "medium")
    active = mean_difference(share_of_active_actors(sample), medium, ~medium)
    stance = mean_difference(sample["inclusive_count"] + sample["restrictive_count"], medium, ~medium)
    return check_direction(stance, active.positive)


@check("S17")
def politics_stronger_in_medium(study: Study) -> CheckResult:
    """The policy gap between colours is larger in medium towns than in smaller places."""
    sample = study.synthetic
    medium = sample.where(sample.labelled("size", "medium"))
    smaller = sample.where(sample.labelled("size", *SMALLER))
    return check_direction(
        colour_gap(medium, medium["mipex_total"]) - colour_gap(smaller, smaller["mipex_total"])
    )


def variance_explained_by_leader(sample: Sample) -> Estimate:
    """Share of the policy variance, beyond structure and politics, that goes with the leader's own
    deviation."""
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
    """The leader's own deviation explains more of policy in rural and small places than in medium towns."""
    sample = study.synthetic
    smaller, medium = sample.labelled("size", *SMALLER), sample.labelled("size", "medium")
    return check_direction(
        variance_explained_by_leader(sample.where(smaller))
        - variance_explained_by_leader(sample.where(medium))
    )


@check("S19")
def rural_lowest(study: Study) -> CheckResult:
    """Mean policy of towns minus that of rural areas, which are the lowest."""
    sample = study.west
    policy = sample["mipex_total"]
    rural = sample.labelled("size", "rural")
    means = [mean(policy[sample.labelled("size", size)]).value for size in SIZES]
    return check_direction(mean_difference(policy, ~rural, rural), means[0] == min(means))


@check("S20")
def colour_matters_in_towns(study: Study) -> CheckResult:
    """The policy gap between colours in small and medium towns, minus that in rural areas."""
    gaps = {}
    for size in SIZES:
        sample = study.west.where(study.west.labelled("size", size))
        gaps[size] = colour_gap(sample, sample["mipex_total"])
    towns = study.west.where(~study.west.labelled("size", "rural"))
    ahead = colour_gap(towns, towns["mipex_total"]) - gaps["rural"]
    return check_direction(ahead, min(gaps["small"].value, gaps["medium"].value) > gaps["rural"].value)


@check("S21")
def struggling_conservative_do_not_respond(study: Study) -> CheckResult:
    """Share that responds not at all, of smaller places with weak structure and a conservative executive."""
    sample = study.synthetic
    cell = (
        sample.labelled("size", *SMALLER)
        & (sample["structure"] < 0)
        & sample.labelled("executive", "conservative")
    )
    found = share(sample["response_class"][cell] == 0)
    return CheckResult(found.value, found.value >= 0.8, found.error)


@check("S22")
def leadership_raises_response(study: Study) -> CheckResult:
    """Slope of the response on the leader's own deviation from the executive, given what else a place is."""
    sample = study.synthetic
    columns = (sample["structure"], sample["experience"], sample["executive_ideology"], sample["rrp"])
    return check_direction(regression(sample["response_share"], sample["leadership"], *columns)[0])
