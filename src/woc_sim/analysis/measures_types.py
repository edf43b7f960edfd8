"""Measures of the typology and of what size and politics do to it (S02-S22, S109), mostly on synthetic
localities."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import (
    NOTHING,
    Estimate,
    correlation,
    gap,
    mean,
    rank_correlation,
    regression,
    share,
    spread,
    within,
)
from woc_sim.analysis.measures import ORDER, Reading, direction, measure
from woc_sim.analysis.replication import (
    FACTORS,
    OUTCOMES,
    factor_columns,
    factor_shares,
    mark,
    published_marks,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.inputs.vocabulary import SIZES, TYPES

Array = np.ndarray[Any, Any]

REVITALISING, IN_TRANSITION, MARGINAL, LEFT_BEHIND = TYPES
SMALLER: Final = ("rural", "small")


def of_types(sample: Sample, column: Array) -> dict[str, Estimate]:
    """Mean of a column in each type."""
    return {kind: mean(column[sample.of("type", kind)]) for kind in TYPES}


def stands_out(sample: Sample, column: Array, kind: str, sign: int = 1) -> Estimate:
    """Distance of a type's mean from the nearest other type: positive if it is the highest (lowest for
    sign -1)."""
    means = of_types(sample, sign * column)
    others = [each for name, each in means.items() if name != kind]
    if any(math.isnan(each.value) for each in (means[kind], *others)):
        return NOTHING
    return means[kind] - max(others, key=lambda each: each.value)


def extreme(sample: Sample, kind: str, *columns: tuple[Array, int]) -> Reading:
    """Whether a type is the extreme in every column given; the headline is the first column."""
    found = [stands_out(sample, column, kind, sign) for column, sign in columns]
    return Reading(found[0].value, all(each.positive for each in found), found[0].error)


def mobilised(sample: Sample) -> Array:
    """Share of active actors, public, civil and private."""
    active: Array = (sample["active_public"] + sample["active_nonpublic"] + sample["active_private"]) / 3
    return active


def colour_gap(sample: Sample, column: Array) -> Estimate:
    """Mean under progressive minus mean under conservative executives."""
    return gap(column, sample.of("executive", "progressive"), sample.of("executive", "conservative"))


@measure("S02")
def revitalising_mobilise(study: Study) -> Reading:
    """Active actors and policy index are highest in revitalising places."""
    sample = study.synthetic
    return extreme(sample, REVITALISING, (mobilised(sample), 1), (sample["mipex_total"], 1))


@measure("S03")
def revitalising_receptive(study: Study) -> Reading:
    """Attitudes, ties of migrants and their belonging are highest in revitalising places."""
    sample = study.synthetic
    names = ("latent_attitude", "latent_ties", "latent_belonging")
    return extreme(sample, REVITALISING, *((sample[name], 1) for name in names))


@measure("S04")
def left_behind_resist(study: Study) -> Reading:
    """Restrictive measures are most frequent and the policy index is lowest in left-behind places."""
    sample = study.synthetic
    return extreme(sample, LEFT_BEHIND, (sample["restrictive_count"], 1), (sample["mipex_total"], -1))


@measure("S05")
def left_behind_late(study: Study) -> Reading:
    """In left-behind places fewest non-public organisations are active in 2016 and in 2021."""
    sample = study.synthetic
    names = ("active_share@2016", "active_share@2021")
    return extreme(sample, LEFT_BEHIND, *((sample[name], -1) for name in names))


@measure("S06")
def left_behind_divided(study: Study) -> Reading:
    """Spread of attitudes and politicisation are highest and belonging is lowest in left-behind places."""
    sample = study.synthetic
    return extreme(
        sample,
        LEFT_BEHIND,
        (sample["latent_attitude_sd"], 1),
        (sample["politicisation@2022"], 1),
        (sample["latent_belonging"], -1),
    )


@measure("S07")
def marginal_depend_on_actors(study: Study) -> Reading:
    """Non-public activity and policy go together more in marginal places, and stances vary more, than
    elsewhere."""
    sample = study.synthetic
    marginal = sample.of("type", MARGINAL)
    activity, policy, stance = sample["active_nonpublic"], sample["mipex_total"], sample["openness@2021"]
    difference = correlation(activity[marginal], policy[marginal]) - correlation(
        activity[~marginal], policy[~marginal]
    )
    return direction(difference, spread(stance[marginal]).value > spread(stance[~marginal]).value)


@measure("S08")
def transition_above_marginal(study: Study) -> Reading:
    """Policy index and ties to higher levels are above those of marginal places in places in transition."""
    sample = study.synthetic
    first, second = sample.of("type", IN_TRANSITION), sample.of("type", MARGINAL)
    ties = gap(sample["vertical"], first, second)
    return direction(gap(sample["mipex_total"], first, second), ties.positive)


@measure("S09")
def transition_receptive(study: Study) -> Reading:
    """Attitudes are warmer and less divided in places in transition than in marginal ones."""
    sample = study.synthetic
    first, second = sample.of("type", IN_TRANSITION), sample.of("type", MARGINAL)
    divided = gap(sample["polarisation@2022"], first, second)
    return direction(gap(sample["latent_attitude"], first, second), divided.value < 0)


@measure("S10")
def types_ordered(study: Study) -> Reading:
    """Revitalising has the highest mean policy, the others overlap, and a stagnating place is in the top
    third."""
    sample = study.synthetic
    policy = sample["mipex_total"]
    ahead = stands_out(sample, policy, REVITALISING)
    others = [each.value for name, each in of_types(sample, policy).items() if name != REVITALISING]
    overlap = max(others) - min(others) < float(np.nanstd(policy))
    stagnating = bool(np.any(policy[sample["structure"] < 0] >= np.nanquantile(policy, 2 / 3)))
    return direction(ahead, overlap, stagnating)


@measure("S11")
def experience_is_minor(study: Study) -> Reading:
    """Outcomes (of six) in which experience has an effect that is neither uncertain nor below half of
    structure's."""
    sample = study.eu
    matters = 0
    for name in ("lg_mean_2020", "frame_p_migrants_only", "mipex_total", "response_share", "ties_mean"):
        matters += _experience_matters(sample, name)
    matters += _experience_matters(study.rated, "perceived_attitudes")
    # Six independent tests at 5 % give one false alarm in a quarter of all studies, two in 3 %.
    return Reading(float(matters), matters <= 1, math.sqrt(6 * 0.05 * 0.95))


def _experience_matters(sample: Sample, name: str) -> bool:
    columns = [column for factor in factor_columns(sample) for column in factor]
    structure, experience, *_ = regression(sample[name], *columns, groups=sample["country"])
    return not experience.unclear and abs(experience.value) >= abs(structure.value) / 2


def _marks(study: Study, factor: str) -> Reading:
    """Marks hit (of six); it holds if outcomes are ranked by the factor's share as by the published marks."""
    column = FACTORS.index(factor)
    shares = np.array([factor_shares(study)[name][column] for name in OUTCOMES])
    wanted = np.array([published_marks()[factor][name] for name in OUTCOMES], dtype=float)
    if not np.isfinite(shares).all():
        return Reading(math.nan, False)
    hits = sum(mark(float(found)) == int(target) for found, target in zip(shares, wanted, strict=True))
    return Reading(float(hits), rank_correlation(shares, wanted).value >= ORDER, math.sqrt(6 * 0.25))


@measure("S12", latent=True)
def structure_by_outcome(study: Study) -> Reading:
    """Marks of Table 8's column on structure that the variance shares hit, of six."""
    return _marks(study, "structure")


@measure("S13", latent=True)
def size_by_outcome(study: Study) -> Reading:
    """Marks of Table 8's column on size that the variance shares hit, of six."""
    return _marks(study, "size")


@measure("S14", latent=True)
def politics_by_outcome(study: Study) -> Reading:
    """Marks of Table 8's column on politics that the variance shares hit, of six."""
    return _marks(study, "politics")


@measure("S15")
def types_decide_nothing(study: Study) -> Reading:
    """Share of the variance of policy that lies within types; their ranges overlap."""
    sample = study.synthetic
    policy = sample["mipex_total"]
    inside = float(np.nansum(within(policy, sample["type"]) ** 2))
    total = float(np.nansum((policy - np.nanmean(policy)) ** 2))
    lows = [float(np.nanmin(policy[sample.of("type", kind)])) for kind in TYPES]
    highs = [float(np.nanmax(policy[sample.of("type", kind)])) for kind in TYPES]
    value = inside / total if total > 0 else math.nan
    return Reading(value, value > 0 and max(lows) < min(highs))


@measure("S16")
def medium_acts_more(study: Study) -> Reading:
    """Medium towns have more measures for or against migrants, and more active actors, than smaller
    places."""
    sample = study.synthetic
    medium = sample.of("size", "medium")
    active = gap(mobilised(sample), medium, ~medium)
    stance = gap(sample["inclusive_count"] + sample["restrictive_count"], medium, ~medium)
    return direction(stance, active.positive)


@measure("S17")
def politics_stronger_in_medium(study: Study) -> Reading:
    """The policy gap between colours is larger in medium towns than in smaller places."""
    sample = study.synthetic
    medium = sample.where(sample.of("size", "medium"))
    smaller = sample.where(sample.of("size", *SMALLER))
    return direction(colour_gap(medium, medium["mipex_total"]) - colour_gap(smaller, smaller["mipex_total"]))


def leader_share(sample: Sample) -> Estimate:
    """Share of the policy variance, beyond structure and politics, that goes with the leader's own
    deviation."""
    columns = [sample["structure"], sample["experience"], sample["executive_ideology"], sample["rrp"]]
    policy = sample["mipex_total"]
    if len(policy) < 8:
        return NOTHING
    design = np.column_stack([np.ones(len(policy)), *columns])
    residual = policy - design @ np.linalg.lstsq(design, policy, rcond=None)[0]
    r = correlation(residual, sample["leadership"], lost=4)
    return Estimate(r.value * r.value, 2 * abs(r.value) * r.error)


@measure("S18")
def leader_decides_in_smaller(study: Study) -> Reading:
    """The leader's own deviation explains more of policy in rural and small places than in medium towns."""
    sample = study.synthetic
    smaller, medium = sample.of("size", *SMALLER), sample.of("size", "medium")
    return direction(leader_share(sample.where(smaller)) - leader_share(sample.where(medium)))


@measure("S19")
def rural_lowest(study: Study) -> Reading:
    """Mean policy of towns minus that of rural areas, which are the lowest."""
    sample = study.west
    policy = sample["mipex_total"]
    rural = sample.of("size", "rural")
    means = [mean(policy[sample.of("size", size)]).value for size in SIZES]
    return direction(gap(policy, ~rural, rural), means[0] == min(means))


@measure("S20")
def colour_tells_in_towns(study: Study) -> Reading:
    """The policy gap between colours in small and medium towns, minus that in rural areas."""
    gaps = {}
    for size in SIZES:
        sample = study.west.where(study.west.of("size", size))
        gaps[size] = colour_gap(sample, sample["mipex_total"])
    towns = study.west.where(~study.west.of("size", "rural"))
    ahead = colour_gap(towns, towns["mipex_total"]) - gaps["rural"]
    return direction(ahead, min(gaps["small"].value, gaps["medium"].value) > gaps["rural"].value)


@measure("S21")
def struggling_conservative_lack(study: Study) -> Reading:
    """Share that responds not at all, of smaller places with weak structure and a conservative executive."""
    sample = study.synthetic
    cell = sample.of("size", *SMALLER) & (sample["structure"] < 0) & sample.of("executive", "conservative")
    found = share(sample["response_class"][cell] == 0)
    return Reading(found.value, found.value >= 0.8, found.error)


@measure("S22")
def leadership_tips(study: Study) -> Reading:
    """Slope of the response on the leader's own deviation from the executive, given what else a place is."""
    sample = study.synthetic
    columns = (sample["structure"], sample["experience"], sample["executive_ideology"], sample["rrp"])
    return direction(regression(sample["response_share"], sample["leadership"], *columns)[0])
