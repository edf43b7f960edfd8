"""Checks of results published elsewhere (W5, W7, W9, M13-M28) and of two expectations of the papers (S108,
S109)."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import CheckResult, check, check_band, check_conditions, check_direction
from woc_sim.analysis.checks_governance import NONPUBLIC
from woc_sim.analysis.checks_types import colour_gap
from woc_sim.analysis.estimates import (
    Estimate,
    mean,
    mean_difference,
    mean_of_columns,
    paired_difference,
    regression,
    share,
    standard_deviation,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding
from woc_sim.inputs.organisations import kinds_with
from woc_sim.inputs.tables import stances
from woc_sim.inputs.vocabulary import FRAMEWORKS
from woc_sim.processes.calendar import FIRST_OF_2014, FIRST_OF_2022

Array = np.ndarray[Any, Any]

PRIVATE: Final = kinds_with("business")
SCALE_MIDDLE: Final = 3.0
"""Middle of the scales from 1 to 5, of frequencies and of ratings."""
OUTCOMES: Final = ("ties_mean", "support_ne", "welcome_share")
"""Contact, attitudes and experience, as the instruments read them."""


def _meetings(sample: Sample, kinds: tuple[str, ...]) -> Array:
    return mean_of_columns([sample[f"lg_{kind}_{year}"] for kind in kinds for year in (2017, 2020)])


@check("W5")
def progressive_cooperates_where_rrp_seated(study: Study) -> CheckResult:
    """Difference between colours in cooperative relations: localities with radical-right seats minus those
    without; over all localities it is positive."""
    sample = study.west
    seats = sample["rrp"] > 0
    challenged, calm = sample.where(seats), sample.where(~seats)
    more = colour_gap(challenged, challenged["horizontal"]) - colour_gap(calm, calm["horizontal"])
    return check_direction(more, colour_gap(sample, sample["horizontal"]).positive)


@check("W7")
def colour_matters_for_firms(study: Study) -> CheckResult:
    """Difference between colours in meetings with companies and estate companies; meetings with every
    non-public kind are below the middle of the scale."""
    sample = study.west
    rare = all(mean(_meetings(sample, (kind,))).value < SCALE_MIDDLE for kind in NONPUBLIC)
    return check_direction(colour_gap(sample, _meetings(sample, PRIVATE)), rare)


@cache
def _conservative_higher_level() -> Array:
    """For each framework whether the majority of the nation or of the region was against inclusion on average
    in 2014-21."""
    means = [np.mean(stances(name)[FIRST_OF_2014:FIRST_OF_2022], axis=(0, 2)) for name in FRAMEWORKS]
    return np.array([bool((each < 0).any()) for each in means])


@check("W9")
def policy_highest_under_opposition(study: Study) -> CheckResult:
    """Policy index of progressive localities with radical-right seats and a conservative majority above,
    minus that of other progressive localities; it is also above that of all other localities, and their
    governments cooperate more."""
    sample = study.west
    above = _conservative_higher_level()[sample["framework"].astype(int)]
    left = sample.labelled("executive", "progressive")
    pressed = left & (sample["rrp"] > 0) & above
    networks = mean_difference(sample["horizontal"], pressed, left & ~pressed)
    whole = mean_difference(sample["mipex_total"], pressed, ~pressed)
    return check_direction(
        mean_difference(sample["mipex_total"], pressed, left & ~pressed), whole.positive, networks.positive
    )


@check("M13")
def opinion_believed_hostile(study: Study) -> CheckResult:
    """Residents' true attitude minus what executives believe, in points of a hundred; the difference is
    larger for conservatives."""
    entry = finding("M13")
    bias = -50 * study.eu["belief_gap"]  # attitudes run from -1 to 1
    simulated = mean(bias)
    wider = colour_gap(study.eu, bias).negative
    low, high = float(entry.low or 0), float(entry.high or 0)
    return check_band(simulated.value, low, high, simulated.error, wider)


@check("M18")
def ukrainians_work_sooner(study: Study) -> CheckResult:
    """Share of Ukrainians at work after a year, within the published range; it is above that of
    non-Europeans."""
    entry, sample = finding("M18"), study.eu
    simulated = mean(sample["employed_ua_1y"])
    sooner = paired_difference(sample["employed_ua_1y"], sample["employed_1y"]).positive
    return check_band(simulated.value, float(entry.low or 0), float(entry.high or 0), simulated.error, sooner)


@check("M27")
def volunteers_fall_to_a_core(study: Study) -> CheckResult:
    """Share of residents who volunteer in 2016 minus that in 2019; the share falls by half or more, and some
    continue."""
    first, last = study.west["volunteers_share@2016"], study.west["volunteers_share@2019"]
    kept = mean(last).value
    return check_direction(paired_difference(first, last), 0 < kept <= mean(first).value / 2)


@check("M28")
def support_for_ukrainians_wanes(study: Study) -> CheckResult:
    """Attitude to Ukrainians in 2022 minus 2023; in 2023 it is still above 2021, and the attitude to others
    rises too."""
    sample = study.west
    wanes = paired_difference(sample["mean_attitude_ua@2022"], sample["mean_attitude_ua@2023"])
    stays = paired_difference(sample["mean_attitude_ua@2023"], sample["mean_attitude_ua@2021"])
    others = paired_difference(sample["mean_attitude@2022"], sample["mean_attitude@2021"])
    return check_direction(wanes, stays.positive, others.positive)


def _effects_of_components(sample: Sample, outcome: str) -> list[Estimate]:
    components = sample["mipex_interculturalism"], sample["mipex_governance"]
    return regression(sample[outcome], *components, groups=sample["country"])


@check("S108")
def strategy_and_intercultural_measures_help(study: Study) -> CheckResult:
    """Number of outcomes (contact, attitudes, experience) that rise within countries with intercultural
    measures or with a strategy; each of the two raises at least one."""
    effects = np.array(
        [[each.positive for each in _effects_of_components(study.eu, name)] for name in OUTCOMES]
    )
    return CheckResult(float(effects.any(axis=1).sum()), bool(effects.any(axis=0).all()))


@check("S109")
def attitudes_seen_very_differently(study: Study) -> CheckResult:
    """Standard deviation between localities of the rating of residents' attitudes; it is not below that of
    Table 6 by more than two standard errors, and ratings lie below and above the middle of the scale."""
    published = finding("S103")
    spread, n = published.values["attitudes_sd"], published.n or 0
    error = spread / math.sqrt(2 * (n - 1))
    rating = study.rated["perceived_attitudes"]
    both = share(rating < SCALE_MIDDLE).positive and share(rating > SCALE_MIDDLE).positive
    simulated = standard_deviation(rating).value
    return check_conditions(Estimate(simulated, error), simulated >= spread - 2 * error, both)
