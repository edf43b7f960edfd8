"""Migrant interviews, 2023: what a sample of migrants tells, and the true state of all (final working
paper, section 5.2).
"""

from __future__ import annotations

import math

import numpy as np

from woc_sim.inputs.ages import ADULT, of_working_age
from woc_sim.instruments.follow_up import YEAR, FollowUp
from woc_sim.instruments.sampling import Array, Key, normals, sample
from woc_sim.instruments.summary import correlation, mean, ratio, slope
from woc_sim.world.locality import Locality
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    MIGRANT_DIED,
    NO_JOB,
    NON_EUROPEAN,
    PRIVATE,
    UKRAINIAN,
)

LONELY, DISCRIMINATED, WELCOME, STAY = 10, 20, 30, 40


def _share(flags: Array) -> float:
    return ratio(float(flags.sum()), float(flags.size))


def ties(locality: Locality, rows: Array) -> Array:
    """Ties to residents of the migrants in `rows`."""
    return np.asarray((locality.migrants.tie[rows] >= 0).sum(axis=1), dtype=float)


def _compared(locality: Locality, rows: Array, own: Array, month: int) -> Array:
    """Ties of migrants for a comparison of groups: a person, or a year of stay, by `instruments.stay_counts`.

    Groups that came at different times differ in ties by their stay alone.
    """
    weight = locality.parameters["instruments.stay_counts"]
    years = np.maximum(1, month + 1 - locality.migrants.cohort[rows]) / YEAR
    return np.asarray((1.0 - weight) * own + weight * own / years)


def _good_share(good: Array, bad: Array) -> float:
    """Good contact of all contact."""
    return ratio(math.fsum(good.tolist()), math.fsum(good.tolist()) + math.fsum(bad.tolist()))


def _told(locality: Locality, rows: Array, key: Key, month: int) -> dict[str, float]:
    """Answers of the interviewed."""
    people = locality.migrants
    parameters = locality.parameters
    noise = parameters["instruments.answer_noise"]
    entities = people.entity[rows]

    def over(state: Array, cut: str, item: int) -> Array:
        return np.asarray(state + noise * normals(key, entities, item) > parameters[f"instruments.{cut}"])

    suffered = people.discrimination[rows] / (people.discrimination[rows] + 1.0)
    stays = over(people.stay[rows], "stay_cut", STAY)
    chose = people.arrival[rows] == CHOSE
    children = people.children[rows] == 1
    own = ties(locality, rows)
    group = people.group[rows]
    ne, ua = rows[group == NON_EUROPEAN], rows[group == UKRAINIAN]
    compared = _compared(locality, rows, own, month)
    return {
        "interviewed_migrants": float(rows.size),
        "ties_mean": mean(own),
        "no_tie_share": _share(own == 0),
        "lonely_share": _share(over(people.loneliness[rows], "lonely_cut", LONELY)),
        "discrimination_share": _share(over(suffered, "discrimination_cut", DISCRIMINATED)),
        "welcome_share": _share(over(people.belonging[rows], "welcome_cut", WELCOME)),
        "stay_share": _share(stays),
        "stay_chose": _share(stays[chose]),
        "stay_placed": _share(stays[~chose]),
        "stay_children": _share(stays[children]),
        "stay_no_children": _share(stays[~children]),
        "ties_ne": mean(compared[group == NON_EUROPEAN]),
        "ties_ua": mean(compared[group == UKRAINIAN]),
        "good_share_ne": _good_share(people.good[ne], people.bad[ne]),
        "good_share_ua": _good_share(people.good[ua], people.bad[ua]),
    }


def _state(locality: Locality, rows: Array) -> dict[str, float]:
    """True state of all migrants present."""
    people = locality.migrants
    own = ties(locality, rows)
    adults = of_working_age(people.age[rows])
    working = people.job[rows] != NO_JOB
    ne, ua = (rows[people.group[rows] == code] for code in (NON_EUROPEAN, UKRAINIAN))
    visible = people.visible[ne] == 1
    family = people.family[ne]
    return {
        "latent_ties": mean(own),
        "latent_no_tie_share": _share(own == 0),
        "latent_belonging": mean(people.belonging[rows]),
        "latent_loneliness": mean(people.loneliness[rows]),
        "latent_stay": mean(people.stay[rows]),
        "latent_discrimination": mean(people.discrimination[rows]),
        "discrimination_visible": mean(people.discrimination[ne[visible]]),
        "discrimination_not_visible": mean(people.discrimination[ne[~visible]]),
        "loneliness_family_abroad": mean(people.loneliness[ne[family == FAMILY_ABROAD]]),
        "loneliness_family_here": mean(people.loneliness[ne[family == FAMILY_HERE]]),
        "latent_language": mean(people.language[rows]),
        "latent_employed": _share(working[adults]),
        "latent_private_home": _share(people.housing[rows] == PRIVATE),
        "latent_good_ne": _good_share(people.good[ne], people.bad[ne]),
        "latent_good_ua": _good_share(people.good[ua], people.bad[ua]),
        "r_ties_language": correlation(own, people.language[rows]),
        "r_ties_job": correlation(own[adults], working[adults]),
        "r_ties_known": correlation(own, people.known[rows]),
    }


def _time(locality: Locality, notes: FollowUp, rows: Array, month: int) -> dict[str, float]:
    """Change within persons: with the years since arrival, and with the arrival of the Ukrainians."""
    people = locality.migrants
    ne = rows[people.group[rows] == NON_EUROPEAN]
    years = (month - people.cohort[ne]) / YEAR
    own = ties(locality, ne)
    earlier = ~np.isnan(notes.first_belonging[ne]) & (people.cohort[ne] < month - YEAR)
    old = ne[earlier]
    stayed = ne[~np.isnan(notes.before[ne])]
    return {
        "belonging_slope": slope(years, people.belonging[ne]),
        "ties_slope": slope(years, own),
        "belonging_improved": _share(people.belonging[old] > notes.first_belonging[old]),
        "ties_improved": _share(own[earlier] > notes.first_ties[old]),
        "experience_ne_before": mean(notes.before[stayed]),
        "experience_ne_after": mean(people.belonging[stayed]) if month >= YEAR and stayed.size else math.nan,
    }


def _onward(locality: Locality, month: int) -> dict[str, float]:
    """Shares that moved on within a time (M29), of those who did not die; the clock starts on arrival or with
    the decision."""
    people = locality.migrants
    ne = (people.group == NON_EUROPEAN) & (people.departure != MIGRANT_DIED)
    gone = people.left >= 0
    found = {}
    for years in (3, 5):
        old = ne & (month - people.cohort >= years * YEAR)
        found[f"onward_{years}y"] = _share(
            gone[old] & (people.left[old] - people.cohort[old] <= years * YEAR)
        )
    old = ne & (month - people.decision >= 3 * YEAR) & ~(gone & (people.left <= people.decision))
    found["onward_status_3y"] = _share(gone[old] & (people.left[old] - people.decision[old] <= 3 * YEAR))
    return found


def read(locality: Locality, notes: FollowUp, month: int) -> dict[str, float]:
    """Answers of the sample, state of all, change over time and onward moves; nan for what nobody could
    tell.
    """
    people = locality.migrants
    here = np.flatnonzero(people.present)
    adults = here[people.age[here] >= ADULT]
    key = locality.key("instrument.migrant_interviews")
    asked = sample(key, people.entity, adults, int(locality.parameters["instruments.interviewed_migrants"]))
    return (
        _told(locality, asked, key, month)
        | _state(locality, here)
        | _time(locality, notes, here, month)
        | notes.read()
        | _onward(locality, month)
    )
