"""Measures of residents' answers, encounters and migrants' experience (S76-S101, M1-M29)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import Estimate, mean, paired, regression, share, spread
from woc_sim.analysis.measures import TENTH, Reading, close, direction, holds, inside, measure
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding

Array = np.ndarray[Any, Any]

BETWEEN_SURVEYS: Final = 0.035
"""Standard error of a published curve of refugees' careers.

Half the distance between the German curves of two surveys (M14 and M15: 49 % after five years in both, 63
against 49-56 % at seven to ten), because the published errors of either are far smaller than the
difference between them.
"""
MODERATED: Final = ("association", "volunteering", "intercultural")
UNMODERATED: Final = ("neighbourhood", "workplace", "public_space")


def _values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


@measure("S76")
def ukrainians_seen_integrated(study: Study) -> Reading:
    """Share who see Ukrainians as well integrated less the share for non-Europeans."""
    return direction(paired(study.surveyed["well_integrated_ua"], study.surveyed["well_integrated_ne"]))


@measure("S78", latent=True)
def support_by_group(study: Study) -> Reading:
    """Share for full support of Ukrainians less the share for non-Europeans."""
    return direction(paired(study.surveyed["support_ua"], study.surveyed["support_ne"]))


@measure("S79")
def few_against(study: Study) -> Reading:
    """Share firmly against more measures; more than half are for them."""
    wanted = _values("S79")["against"]
    found = mean(study.surveyed["against_more"])
    support = mean(study.surveyed["support_more"]).value > 0.5
    return Reading(found.value, close(found.value, wanted, found.error) and support, found.error)


@measure("S82")
def leisure_and_integration(study: Study) -> Reading:
    """Correlation of leisure contact with 'well integrated' for non-Europeans; there is none for
    Ukrainians."""
    theirs = mean(study.surveyed["r_leisure_well_ua"])
    found = mean(study.surveyed["r_leisure_well_ne"])
    return direction(found, theirs.unclear or theirs.value < min(found.value / 2, found.value - found.error))


@measure("S83")
def views_that_go_together(study: Study) -> Reading:
    """Correlation of benefit with 'well integrated'; threat and bad relations go against it, for both
    groups."""
    sample = study.surveyed
    signs = [
        mean(sample[f"r_{view}_well_{group}"]).value * sign > 0
        for view, sign in (("benefit", 1), ("threat", -1), ("relations", -1))
        for group in ("ne", "ua")
    ]
    return direction(mean(sample["r_benefit_well_ne"]), *signs)


@measure("S86")
def almost_no_relations(study: Study) -> Reading:
    """Share who see almost no relations between refugees and residents."""
    found = mean(study.surveyed["relations_none_ne"])
    return inside(found.value, 0.5, 0.6, found.error)


@measure("S87", latent=True)
def more_contact_with_ukrainians(study: Study) -> Reading:
    """Ties of Ukrainians less those of non-Europeans; their contact is better too."""
    sample = study.eu
    better = paired(sample["good_share_ua"], sample["good_share_ne"])
    return direction(paired(sample["ties_ua"], sample["ties_ne"]), better.positive)


@measure("S89", latent=True)
def contact_scarce_everywhere(study: Study) -> Reading:
    """Ties of migrants with less those without earlier experience of the place, in standard deviations:
    about none."""
    sample = study.eu
    ties = sample["ties_mean"]
    sd = spread(ties).value or math.nan
    experience, structure = regression(
        ties / sd, sample["experience"], sample["structure"], groups=sample["country"]
    )
    small = abs(2 * experience.value) < 0.5 and abs(2 * structure.value) < 1.0
    return holds(experience, experience.unclear, small, structure.value > -structure.error)


@measure("S90")
def contact_at_work_and_school(study: Study) -> Reading:
    """Share of ties that began at work: more than in any open setting, and associations above public
    space."""
    origin = {
        kind: mean(study.eu[f"tie_origin_{kind}"]).value
        for kind in ("workplace", "school", "association", "public_space", "neighbourhood")
    }
    open_settings = max(origin["public_space"], origin["neighbourhood"])
    found = mean(study.eu["tie_origin_workplace"])
    order = (
        origin["workplace"] > open_settings,
        origin["school"] > origin["public_space"],
        origin["association"] > origin["public_space"],
    )
    return holds(found, *order)


@measure("S91")
def volunteers_hold_ties(study: Study) -> Reading:
    """Share of ties held by volunteers, more than half; a friendly attitude without any tie is common."""
    friendly = mean(study.eu["positive_without_tie"]).value
    found = mean(study.eu["tie_volunteer_share"])
    return holds(found, found.value > 0.5, friendly >= 0.25)


@measure("S92")
def moderated_places_tie(study: Study) -> Reading:
    """Ties per meeting in moderated settings less those in others, each as a share of all ties and
    meetings."""

    def total(stem: str, kinds: tuple[str, ...]) -> Array:
        columns: Array = np.array([np.nan_to_num(study.eu.or_missing(f"{stem}_{kind}")) for kind in kinds])
        summed: Array = columns.sum(axis=0)
        return summed

    def per_meeting(kinds: tuple[str, ...]) -> Array:
        ties, meetings = total("tie_origin", kinds), total("meetings", kinds)
        found: Array = np.divide(ties, meetings, out=np.full(len(ties), np.nan), where=meetings > 0)
        return found

    return direction(paired(per_meeting(MODERATED), per_meeting(UNMODERATED)))


@measure("S93", latent=True)
def civil_society_bridges(study: Study) -> Reading:
    """Effect of active non-public organisations on feeling welcome, within countries; that of policy is
    positive."""
    sample = study.eu
    active, policy = regression(
        sample["welcome_share"], sample["active_nonpublic"], sample["mipex_total"], groups=sample["country"]
    )
    return direction(active, policy.value > 0)


@measure("S94")
def ties_language_work(study: Study) -> Reading:
    """Mean correlation of ties and language among migrants; those with jobs and known services are
    positive."""
    sample = study.eu
    job, known = mean(sample["r_ties_job"]), mean(sample["r_ties_known"])
    return direction(mean(sample["r_ties_language"]), job.positive, known.positive)


@measure("S95", latent=True)
def discrimination_whatever_the_past(study: Study) -> Reading:
    """Share who report discrimination, places with less those without earlier experience: none to speak
    of."""
    sample = study.eu
    sd = spread(sample["discrimination_share"]).value or math.nan
    found = regression(sample["discrimination_share"] / sd, sample["experience"], groups=sample["country"])[0]
    return holds(found, found.unclear, abs(2 * found.value) < 0.5)


@measure("S96")
def less_welcome_after_2022(study: Study) -> Reading:
    """Belonging of the same non-Europeans at the end of 2021 less that in mid-2023."""
    return direction(paired(study.eu["experience_ne_before"], study.eu["experience_ne_after"]))


@measure("S97")
def choosers_and_families_stay(study: Study) -> Reading:
    """Share that wants to stay, choosers less placed; those with children at school less those without is
    positive."""
    sample = study.eu
    children = paired(sample["stay_children"], sample["stay_no_children"])
    return direction(paired(sample["stay_chose"], sample["stay_placed"]), children.positive)


@measure("S100")
def better_with_time(study: Study) -> Reading:
    """Share of non-Europeans whose belonging rose since their first year: more than half, and ties as
    well."""
    sample = study.eu
    found, ties = mean(sample["belonging_improved"]), mean(sample["ties_improved"])
    slopes = mean(sample["belonging_slope"]).positive and mean(sample["ties_slope"]).positive
    return holds(found, found.value > 0.5, ties.value > 0.5, slopes)


@measure("S101")
def welcome_fades_in_some(study: Study) -> Reading:
    """Share of places where residents' attitude fell from 2016 to 2021: some, but not all."""
    found = share(study.eu["mean_attitude@2021"] < study.eu["mean_attitude@2016"])
    return holds(found, TENTH <= found.value <= 1 - TENTH)


@measure("M1")
def contact_and_attitude(study: Study) -> Reading:
    """Correlation of contact and attitude over residents, mean of localities. The effect of a programme
    is not read."""
    found = mean(study.surveyed["r_contact_attitude_ne"])
    return inside(found.value, 0.15, 0.30, found.error)


@measure("M9")
def attitudes_stable(study: Study) -> Reading:
    """Correlation of a resident's attitudes a year apart."""
    found = mean(study.eu["attitude_stability"])
    return holds(found, 0.8 <= found.value <= 1.0)


def _curve(sample: Sample, wanted: dict[str, float]) -> tuple[list[Estimate], bool]:
    found = [mean(sample[name]) for name in wanted]
    matched = all(
        close(each.value, value, BETWEEN_SURVEYS) for each, value in zip(found, wanted.values(), strict=True)
    )
    return found, matched


@measure("M14")
def employment_curve(study: Study) -> Reading:
    """Share of refugees at work five years after arrival; years one, six and seven are right too."""
    values = _values("M14")
    wanted = {
        "employed_5y": values["year_5"],
        "employed_6y": values["year_6"],
        "employed_7y": values["year_7"],
    }
    found, matched = _curve(study.west, wanted)
    first = mean(study.west["employed_1y"]).value <= values["year_1_upper"] + 2 * BETWEEN_SURVEYS
    return Reading(found[0].value, matched and first, BETWEEN_SURVEYS)


@measure("M19")
def language_curve(study: Study) -> Reading:
    """Share of refugees with good language three years after arrival; years one, two, four and five are
    right too."""
    values = _values("M19")
    wanted = {f"language_good_{year}y": values[f"year_{2015 + year}"] for year in range(1, 6)}
    found, matched = _curve(study.west, wanted)
    return Reading(found[2].value, matched, BETWEEN_SURVEYS)


@measure("M29")
def onward_moves(study: Study) -> Reading:
    """Share of refugees a year who move on within three years of arrival."""
    stayed = 1 - mean(study.eu["onward_3y"]).value
    yearly = 1 - stayed ** (1 / 3) if stayed > 0 else math.nan
    return Reading(yearly, 0.05 <= yearly <= 0.17)
