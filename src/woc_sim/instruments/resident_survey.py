"""Resident survey, 2023: what a sample of residents answers on fixed scales (final working paper, sections
5.1 and 5.2).

Respondents judge a group's integration by the migrants they met in the last year, where they met any, and by
hearsay otherwise; their attitude to the group colours the answer. Threat, benefit, leisure contact and the
quality of relations enter no answer on integration: a correlation with it (S82, S83) can only come from the
world. Thresholds are common to both groups and to all places.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.ages import ANSWER_FROM
from woc_sim.inputs.groups import groups
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.instruments.sampling import Array, Key, normals, sample
from woc_sim.instruments.summary import correlation, mean, ratio, spread
from woc_sim.jit import kernel
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.places import PLACE_KINDS

# Questions: index of the draw of the answer's noise, plus the group.
WELL, SUPPORT, MORE, AMOUNT, VALUES, LANGUAGE, VOTE = 10, 20, 30, 40, 50, 60, 70


class Asked(NamedTuple):
    """What respondents carry about one group of migrants that they are asked about."""

    code: int
    suffix: str
    attitude: Array
    distance: Array
    contact: Array
    conflict: Array


def _asked(locality: Locality, rows: Array, code: int) -> Asked:
    people = locality.residents
    return Asked(
        code,
        groups()[code].short,
        people.attitude_to[code, rows],
        people.distance_to[code, rows],
        people.contact_with[code, rows],
        people.conflict_with[code, rows],
    )


def respondents(locality: Locality) -> Array:
    """Rows of the sampled residents."""
    people = locality.residents
    adults = np.flatnonzero(people.age >= ANSWER_FROM)
    size = int(locality.parameters["instruments.respondents"])
    return sample(locality.key("instrument.resident_survey"), people.entity, adults, size)


def _share(flags: Array) -> float:
    return ratio(float(flags.sum()), float(flags.size))


def _hearsay(locality: Locality, notes: FollowUp, code: int) -> float:
    """Mean appearance of the group's members present; nan if there is none."""
    people = locality.migrants
    rows = np.flatnonzero((people.present == 1) & (people.group == code))
    return mean(notes.appearance(rows))


def _appearance_known(
    locality: Locality, notes: FollowUp, rows: Array, group: Asked, hearsay: float
) -> Array:
    """What each respondent knows of the group: those met, mixed with hearsay by the number of meetings."""
    times = notes.times[rows, group.code].astype(float)
    met = np.where(times > 0, notes.seen[rows, group.code] / np.maximum(times, 1), hearsay)
    weight = times / (times + locality.parameters["instruments.meetings_half"])
    return np.asarray(weight * met + (1.0 - weight) * hearsay)


@kernel
def _friends(values: Any, start: Any, count: Any, other: Any, rows: Any, out: Any) -> None:
    for index in range(rows.size):
        row = rows[index]
        total = 0.0
        for link in range(count[row]):
            total += values[other[start[row] + link]]
        out[index] = total / count[row] if count[row] > 0 else 0.0


def _witnessed(locality: Locality, rows: Array, column: str) -> Array:
    """Mean of a column over the residents each respondent is linked with; 0 without links."""
    people = locality.residents
    out = np.empty(rows.size)
    _friends(people.buffer(column), people.link_start, people.link_count, locality.links.other, rows, out)
    return out


def _relations(locality: Locality, rows: Array, group: Asked, key: Key) -> tuple[Array, Array, Array]:
    """Almost none, good or tense: by the contact the respondent has and, at a discount, sees among people
    it knows.
    """
    parameters = locality.parameters
    own = groups()[group.code].name
    seen = parameters["instruments.witness"]
    good = group.contact + seen * _witnessed(locality, rows, f"contact_with.{own}")
    bad = group.conflict + seen * _witnessed(locality, rows, f"conflict_with.{own}")
    entities = locality.residents.entity[rows]
    noise = 1.0 + parameters["instruments.amount_noise"] * normals(key, entities, AMOUNT + group.code)
    amount = (good + bad) * np.maximum(0.0, noise)
    none = amount < parameters["instruments.relations_cut"]
    tense = ~none & (bad >= parameters["instruments.tense_cut"] * (good + bad))
    return none, ~none & ~tense, tense


def _answers(locality: Locality, notes: FollowUp, rows: Array, group: Asked, key: Key) -> dict[str, float]:
    """All items on one group; nan where nobody of the group lives."""
    parameters = locality.parameters
    people = locality.residents
    entities = people.entity[rows]
    noise = parameters["instruments.answer_noise"]
    suffix = group.suffix
    distance = group.distance + noise * normals(key, entities, VALUES + group.code)
    support = group.attitude + noise * normals(key, entities, SUPPORT + group.code)
    found = {
        f"support_{suffix}": _share(support > parameters["instruments.support_cut"]),
        f"obstacles_values_{suffix}": _share(distance > parameters["instruments.values_cut"]),
        f"r_contact_attitude_{suffix}": correlation(group.contact, group.attitude),
    }
    hearsay = _hearsay(locality, notes, group.code)
    if math.isnan(hearsay):
        items = (
            "well_integrated",
            "relations_none",
            "relations_good",
            "relations_tense",
            "obstacles_language",
        )
        pairs = ("r_leisure_well", "r_threat_well", "r_benefit_well", "r_relations_well")
        places = tuple(f"contact_{kind}" for kind in PLACE_KINDS)
        return found | {f"{name}_{suffix}": math.nan for name in (*items, *pairs, *places)}
    looks = _appearance_known(locality, notes, rows, group, hearsay)
    judged = (
        looks
        + parameters["instruments.attitude_colour"] * group.attitude
        + noise * normals(key, entities, WELL + group.code)
    )
    well = judged > parameters["instruments.well_cut"]
    none, good, tense = _relations(locality, rows, group, key)
    command = _language_known(locality, group.code) - noise * normals(key, entities, LANGUAGE + group.code)
    found |= {
        f"well_integrated_{suffix}": _share(well),
        f"relations_none_{suffix}": _share(none),
        f"relations_good_{suffix}": _share(good),
        f"relations_tense_{suffix}": _share(tense),
        f"obstacles_language_{suffix}": _share(command < parameters["instruments.language_cut"]),
        f"r_leisure_well_{suffix}": correlation(people.leisure[rows], well),
        f"r_threat_well_{suffix}": correlation(people.threat[rows], well),
        f"r_benefit_well_{suffix}": correlation(people.benefit[rows], well),
        f"r_relations_well_{suffix}": correlation(~good, well),
    }
    return found | {
        f"contact_{kind}_{suffix}": _share(notes.met_in(rows, group.code, code))
        for code, kind in enumerate(PLACE_KINDS)
    }


def _language_known(locality: Locality, code: int) -> float:
    people = locality.migrants
    return mean(people.language[np.flatnonzero((people.present == 1) & (people.group == code))])


def _vote(locality: Locality, rows: Array, key: Key) -> float:
    """Share that intends a radical-right vote: leaning, attitude, and threat that politicisation makes
    salient (A25).
    """
    parameters = locality.parameters
    people = locality.residents
    attitude = people.attitude_to[REFERENCE]
    index = (
        people.leaning[rows]
        - parameters["instruments.vote_attitude"] * attitude[rows]
        + parameters["instruments.vote_threat"]
        * people.threat[rows]
        * (1.0 + locality.value("politicisation"))
        + parameters["instruments.answer_noise"] * normals(key, people.entity[rows], VOTE)
    )
    return _share(index > parameters["instruments.vote_cut"])


def read(locality: Locality, notes: FollowUp) -> dict[str, float]:
    """Answers of the sample, their correlations, and the true state of all residents."""
    parameters = locality.parameters
    people = locality.residents
    attitude = people.attitude_to[REFERENCE]
    rows = respondents(locality)
    key = locality.key("instrument.resident_survey")
    more = attitude[rows] + parameters["instruments.answer_noise"] * normals(key, people.entity[rows], MORE)
    known = ~np.isnan(notes.attitude_before[: len(people)])
    found = {
        "respondents": float(rows.size),
        "support_more": _share(more > parameters["instruments.more_cut"]),
        "against_more": _share(more < parameters["instruments.against_cut"]),
        "vote_rrp": _vote(locality, rows, key),
        "latent_attitude": mean(attitude),
        "latent_attitude_ua": mean(people.attitude_to[UKRAINIAN]),
        "latent_attitude_sd": spread(attitude),
        "attitude_stability": correlation(
            notes.attitude_before[: len(people)][known], attitude[: known.size][known]
        ),
    }
    for code in (NON_EUROPEAN, UKRAINIAN):
        group = _asked(locality, rows, code)
        found |= _answers(locality, notes, rows, group, key)
        there = bool(((locality.migrants.present == 1) & (locality.migrants.group == code)).any())
        unmet = notes.times[: len(people), code] == 0
        found[f"latent_no_contact_{group.suffix}"] = _share(unmet) if there else math.nan
    return found
