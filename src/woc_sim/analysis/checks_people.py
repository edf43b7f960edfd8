"""Checks of residents' answers, encounters and migrants' experience (S76-S101, M1-M29)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import (
    TENTH,
    CheckResult,
    check,
    check_band,
    check_conditions,
    check_direction,
    check_number,
    close_to_published,
)
from woc_sim.analysis.counterfactuals import contact_effects, moderated_advantage, moderation_effect
from woc_sim.analysis.estimates import (
    Estimate,
    mean,
    paired_difference,
    regression,
    share,
    share_error,
    standard_deviation,
)
from woc_sim.analysis.published_data import BETWEEN_SURVEYS, RESPONDENTS_SMALL_PLACES
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding

Array = np.ndarray[Any, Any]

ROUNDED_TO_PERCENT: Final = 0.01 / math.sqrt(12)
"""Standard error of a share that is printed as a whole percentage."""


def _published_values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


@check("S76")
def ukrainians_seen_integrated(study: Study) -> CheckResult:
    """Share who see Ukrainians as well integrated minus the share who see non-Europeans so."""
    return check_direction(
        paired_difference(study.surveyed["well_integrated_ua"], study.surveyed["well_integrated_ne"])
    )


@check("S78", latent=True)
def support_by_group(study: Study) -> CheckResult:
    """Share for full support of Ukrainians minus the share for full support of non-Europeans."""
    return check_direction(paired_difference(study.surveyed["support_ua"], study.surveyed["support_ne"]))


@check("S79")
def few_against(study: Study) -> CheckResult:
    """Share firmly against more measures; more than half are for more measures."""
    target = _published_values("S79")["against"]
    simulated = mean(study.surveyed["against_more"])
    # the respondents come from all small places, those of a simulation from 22, so both have an error
    error = math.hypot(simulated.error, share_error(target, RESPONDENTS_SMALL_PLACES), ROUNDED_TO_PERCENT)
    return check_number(simulated.value, target, error, mean(study.surveyed["support_more"]).value > 0.5)


@check("S82")
def leisure_and_integration(study: Study) -> CheckResult:
    """Correlation of leisure contact with 'well integrated' for non-Europeans; for Ukrainians there is
    none."""
    for_ukrainians = mean(study.surveyed["r_leisure_well_ua"])
    simulated = mean(study.surveyed["r_leisure_well_ne"])
    return check_direction(
        simulated,
        for_ukrainians.unclear
        or for_ukrainians.value < min(simulated.value / 2, simulated.value - simulated.error),
    )


@check("S83")
def views_that_go_together(study: Study) -> CheckResult:
    """Correlation of benefit with 'well integrated' for non-Europeans; it is positive for both groups, and
    that of threat and of bad relations is negative."""
    sample = study.surveyed
    signs = [
        mean(sample[f"r_{view}_well_{group}"]).value * sign > 0
        for view, sign in (("benefit", 1), ("threat", -1), ("relations", -1))
        for group in ("ne", "ua")
    ]
    return check_direction(mean(sample["r_benefit_well_ne"]), *signs)


@check("S86")
def almost_no_relations(study: Study) -> CheckResult:
    """Share who see almost no relations between refugees and residents; it is more than half."""
    simulated = mean(study.surveyed["relations_none_ne"])
    return check_conditions(simulated, simulated.value > 0.5)


@check("S87", latent=True)
def more_contact_with_ukrainians(study: Study) -> CheckResult:
    """Ties of Ukrainians minus ties of non-Europeans; contact with Ukrainians is good more often too."""
    sample = study.eu
    better = paired_difference(sample["good_share_ua"], sample["good_share_ne"])
    return check_direction(paired_difference(sample["ties_ua"], sample["ties_ne"]), better.positive)


@check("S89", latent=True)
def contact_scarce_everywhere(study: Study) -> CheckResult:
    """Effect of earlier experience of the locality on ties of migrants, in standard deviations; it is within
    two standard errors of 0, and favourable structure does not lower ties by more than its error."""
    sample = study.eu
    ties = sample["ties_mean"]
    sd = standard_deviation(ties).value or math.nan
    experience, structure = regression(
        ties / sd, sample["experience"], sample["structure"], groups=sample["country"]
    )
    return check_conditions(experience, experience.unclear, not structure.negative)


@check("S90")
def contact_at_work_and_school(study: Study) -> CheckResult:
    """Share of ties that began at work; it is above that of neighbourhood and public space, and school and
    associations are above public space."""
    origin = {
        kind: mean(study.eu[f"tie_origin_{kind}"]).value
        for kind in ("workplace", "school", "association", "public_space", "neighbourhood")
    }
    open_settings = max(origin["public_space"], origin["neighbourhood"])
    simulated = mean(study.eu["tie_origin_workplace"])
    order = (
        origin["workplace"] > open_settings,
        origin["school"] > origin["public_space"],
        origin["association"] > origin["public_space"],
    )
    return check_conditions(simulated, *order)


@check("S91")
def volunteers_hold_ties(study: Study) -> CheckResult:
    """Share of ties that volunteers hold; it is more than half, and more residents are friendly without a tie
    than have a tie."""
    sample = study.eu
    rare = paired_difference(sample["positive_without_tie"], sample["residents_with_tie"])
    simulated = mean(sample["tie_volunteer_share"])
    return check_conditions(simulated, simulated.value > 0.5, rare.positive)


@check("S92")
def moderated_settings_create_ties(study: Study) -> CheckResult:
    """Ties per meeting in moderated settings minus those in other settings (shares of all ties over shares of
    all meetings). In towns simulated twice the difference is smaller where all settings are equally
    moderated."""
    simulated = mean(moderated_advantage(study.eu))
    return check_direction(simulated, moderation_effect(study.counterfactuals).positive)


@check("S93", latent=True)
def civil_society_bridges(study: Study) -> CheckResult:
    """Effect of active non-public organisations on feeling welcome, within countries; the effect of policy is
    positive."""
    sample = study.eu
    active, policy = regression(
        sample["welcome_share"], sample["active_nonpublic"], sample["mipex_total"], groups=sample["country"]
    )
    return check_direction(active, policy.value > 0)


@check("S94")
def ties_language_work(study: Study) -> CheckResult:
    """Correlation of ties and language among migrants, mean over localities; those of ties with jobs and with
    known services are positive."""
    sample = study.eu
    job, known = mean(sample["r_ties_job"]), mean(sample["r_ties_known"])
    return check_direction(mean(sample["r_ties_language"]), job.positive, known.positive)


@check("S95", latent=True)
def discrimination_independent_of_experience(study: Study) -> CheckResult:
    """Effect of earlier experience of the locality on the share who report discrimination, in standard
    deviations; it is within two standard errors of 0."""
    sample = study.eu
    sd = standard_deviation(sample["discrimination_share"]).value or math.nan
    simulated = regression(
        sample["discrimination_share"] / sd, sample["experience"], groups=sample["country"]
    )[0]
    return check_conditions(simulated, simulated.unclear)


@check("S96")
def less_welcome_after_2022(study: Study) -> CheckResult:
    """Belonging of the same non-Europeans at the end of 2021 minus that in mid-2023."""
    return check_direction(
        paired_difference(study.eu["experience_ne_before"], study.eu["experience_ne_after"])
    )


@check("S97")
def choosers_and_families_stay(study: Study) -> CheckResult:
    """Share who want to stay: those who chose the locality minus those who were placed; it is higher with
    children at school than without."""
    sample = study.eu
    children = paired_difference(sample["stay_children"], sample["stay_no_children"])
    return check_direction(paired_difference(sample["stay_chose"], sample["stay_placed"]), children.positive)


@check("S100")
def better_with_time(study: Study) -> CheckResult:
    """Share of non-Europeans whose belonging rose since their first year; it is more than half, and so is the
    share whose ties rose."""
    sample = study.eu
    simulated, ties = mean(sample["belonging_improved"]), mean(sample["ties_improved"])
    slopes = mean(sample["belonging_slope"]).positive and mean(sample["ties_slope"]).positive
    return check_conditions(simulated, simulated.value > 0.5, ties.value > 0.5, slopes)


@check("S101")
def welcome_fades_in_some(study: Study) -> CheckResult:
    """Share of localities where residents' attitude fell from 2016 to 2021; it is neither 0 nor 1."""
    simulated = share(study.eu["mean_attitude@2021"] < study.eu["mean_attitude@2016"])
    return check_conditions(simulated, TENTH <= simulated.value <= 1 - TENTH)


@check("M1")
def contact_and_attitude(study: Study) -> CheckResult:
    """Correlation of contact and attitude over residents, mean over localities. In towns simulated twice it
    is lower where contact moves no attitude, and attitudes are less warm there. The effect of a contact
    programme on those who take part is not read."""
    simulated = mean(study.surveyed["r_contact_attitude_ne"])
    caused, warmer = contact_effects(study.counterfactuals)
    return check_band(simulated.value, 0.15, 0.30, simulated.error, caused.positive, warmer.positive)


@check("M9")
def attitudes_stable(study: Study) -> CheckResult:
    """Correlation of a resident's attitudes one year apart."""
    simulated = mean(study.eu["attitude_stability"])
    return check_conditions(simulated, 0.8 <= simulated.value <= 1.0)


def _compare_curve(sample: Sample, target: dict[str, float]) -> tuple[list[Estimate], bool]:
    simulated = [mean(sample[name]) for name in target]
    agree = all(
        close_to_published(each.value, value, BETWEEN_SURVEYS)
        for each, value in zip(simulated, target.values(), strict=True)
    )
    return simulated, agree


@check("M14")
def employment_curve(study: Study) -> CheckResult:
    """Share of refugees at work five years after arrival; years one, six and seven agree too."""
    values = _published_values("M14")
    target = {
        "employed_5y": values["year_5"],
        "employed_6y": values["year_6"],
        "employed_7y": values["year_7"],
    }
    simulated, agree = _compare_curve(study.west, target)
    first = mean(study.west["employed_1y"]).value <= values["year_1_upper"] + 2 * BETWEEN_SURVEYS
    return CheckResult(simulated[0].value, agree and first, BETWEEN_SURVEYS)


@check("M19")
def language_curve(study: Study) -> CheckResult:
    """Share of refugees with good language three years after arrival; years one, two, four and five agree
    too."""
    values = _published_values("M19")
    target = {f"language_good_{year}y": values[f"year_{2015 + year}"] for year in range(1, 6)}
    simulated, agree = _compare_curve(study.west, target)
    return CheckResult(simulated[2].value, agree, BETWEEN_SURVEYS)


@check("M29")
def onward_moves(study: Study) -> CheckResult:
    """Share of refugees who move on per year, in the three years after arrival."""
    stayed = 1 - mean(study.eu["onward_3y"]).value
    yearly = 1 - stayed ** (1 / 3) if stayed > 0 else math.nan
    return CheckResult(yearly, 0.05 <= yearly <= 0.17)
