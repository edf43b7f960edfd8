"""Governance survey: how actors rate integration and residents' attitudes, and what drives decisions.

Ratings on 1-5 follow one form for all interviewees (final working paper, section 5.3, Tables 6 and 7): the
answer leaves the midpoint as far as the interviewee is informed, r = round(3 + lam (signal + halo + noise))
with lam = I / (I + I0). One personal halo colours both items, and so does the climate of opinion that the
interviewee believes in: where residents are thought hostile, integration is thought to fail. What an
interviewee says of integration rests on the migrants that the organisation gets to know, weighed by the
interviewee's own idea of what integration is (diagnostic frames).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from operator import mul
from typing import NamedTuple

import numpy as np

from woc_sim.inputs.ages import of_working_age
from woc_sim.inputs.frames import DIMENSIONS, diagnostic_frames
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.instruments.readings import DRIVERS
from woc_sim.instruments.sampling import (
    Array,
    Interviewee,
    errors,
    local_organisations,
    uniforms,
)
from woc_sim.instruments.summary import known_mean, mean, spread
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, NO_JOB, PRECARIOUS, PRIVATE

HALO, INTEGRATION, ATTITUDES, KNOWN = 1, 10, 11, 0

# What each diagnostic frame looks at (rows as in the catalogue of frames, columns as DIMENSIONS).
# Every interviewee looks at everything a little (`attention`), whatever the frames.
FRAME_DIMENSIONS = tuple(tuple(map(float, each.looks_at)) for each in diagnostic_frames())


class Migrants(NamedTuple):
    """What can be seen of each present migrant: entity, five dimensions (n x 5), and whether organisations
    with each field of work meet it."""

    entity: Array
    seen: Array
    fields: Mapping[str, Array]


class Rating(NamedTuple):
    """The two answers of one interviewee, and how informed it is (0..1)."""

    kind: int
    information: float
    integration: float
    attitudes: float


def migrants_seen(locality: Locality) -> Migrants:
    """Jobs, homes, language, ties and peace of the migrants present, each 0..1.

    Jobs are nan for those who are not of working age.
    """
    people = locality.migrants
    here = np.flatnonzero(people.present)
    jobs = np.where(people.job[here] == EMPLOYED, 1.0, np.where(people.job[here] == PRECARIOUS, 0.5, 0.0))
    jobs[~of_working_age(people.age[here])] = np.nan
    private = people.housing[here] == PRIVATE
    ties = (people.tie[here] >= 0).sum(axis=1).astype(float)
    trouble = people.discrimination[here] / (people.discrimination[here] + 1.0)
    seen = np.column_stack(
        (jobs, private.astype(float), people.language[here], ties / (ties + 2.0), 1.0 - trouble)
    )
    fields = {
        "at_work": people.job[here] != NO_JOB,
        "in_own_home": private,
        "without_own_home": ~private,
        "": np.zeros(here.size, dtype=bool),
    }
    return Migrants(people.entity[here], seen, fields)


def standardised(locality: Locality, seen: Array) -> list[float]:
    """Mean of each dimension in units of the common reference: (mean - reference) / spread."""
    parameters = locality.parameters
    return [
        (known_mean(seen[:, index].tolist()) - parameters[f"instruments.reference_{name}"])
        / parameters["instruments.reference_spread"]
        for index, name in enumerate(DIMENSIONS)
    ]


def work_with_migrants(locality: Locality) -> list[float]:
    """Running services in which each organisation meets migrants: measures for public ones, initiatives for
    others.
    """
    organisations, measures = locality.organisations, locality.measures
    served = math.fsum(
        effect
        for effect, in_force, direction in zip(
            measures.effect.tolist(), measures.in_force.tolist(), measures.direction.tolist(), strict=True
        )
        if in_force and direction > 0
    )
    return [
        served if public else math.fsum(own)
        for public, own in zip(organisations.public.tolist(), organisations.initiative.tolist(), strict=True)
    ]


def information(locality: Locality) -> list[float]:
    """I of every organisation: own work with migrants plus reports heard a month from organisations that
    have some.
    """
    work = work_with_migrants(locality)
    telling = [own / (own + 1.0) for own in work]
    frequency = locality.governance.frequency
    active = locality.organisations.active.tolist()
    heard = [
        math.fsum(f * tell for f, tell, there in zip(row, telling, active, strict=False) if there) / 12.0
        for row in frequency[: len(work), : len(work)].tolist()
    ]
    return [own + reports for own, reports in zip(work, heard, strict=True)]


def _known(locality: Locality, who: Interviewee, migrants: Migrants, informed: float) -> Array:
    """Migrants the interviewee's organisation knows: more if it is informed, and those in its own field
    more likely.
    """
    field = migrants.fields[actor_kinds()[who.kind].meets_migrants]
    parameters = locality.parameters
    chance = (
        parameters["instruments.acquaintance"] * informed * (1.0 + parameters["instruments.field"] * field)
    )
    key = locality.key(f"instrument.acquaintance.{who.entity}.{who.person}")
    return uniforms(key, migrants.entity, KNOWN) < chance


def _signal(locality: Locality, who: Interviewee, migrants: Migrants, informed: float) -> float:
    """Mean z of the migrants known, weighted by what the interviewee's frames look at; 0 if nobody is
    known.
    """
    known = _known(locality, who, migrants, informed)
    if not known.any():
        return 0.0
    attention = locality.parameters["instruments.attention"]
    strengths = locality.organisations.diagnostic[who.organisation].tolist()
    weights = [
        attention + math.fsum(map(mul, strengths, looks)) for looks in zip(*FRAME_DIMENSIONS, strict=True)
    ]
    z = standardised(locality, migrants.seen[known])
    pairs = [(w, each) for w, each in zip(weights, z, strict=True) if each == each]
    return math.fsum(w * each for w, each in pairs) / math.fsum(w for w, _ in pairs)


def answer(signal: float, halo: float, noise: float, informed: float) -> float:
    """An answer on the scale 1-5."""
    return min(5.0, max(1.0, math.floor(3.0 + informed * (signal + halo + noise) + 0.5)))


def ratings(locality: Locality, people: list[Interviewee]) -> list[Rating]:
    """Answers of all interviewees who rate; integration is nan where there is no migrant to speak of."""
    migrants = migrants_seen(locality)
    parameters = locality.parameters
    key = locality.key("instrument.governance_survey")
    knows = information(locality)
    beliefs = locality.organisations.belief.tolist()
    raters = [who for who in people if who.rates]
    halos, *noise = (
        (parameters[f"instruments.{size}"] * errors(key, raters, item, 1)[:, 0]).tolist()
        for size, item in (("halo", HALO), ("noise", INTEGRATION), ("noise", ATTITUDES))
    )
    found = []
    for who, halo, *missed in zip(raters, halos, *noise, strict=True):
        amount = knows[who.organisation]
        informed = amount / (amount + parameters["instruments.information_half"])
        signal = parameters["instruments.integration_gain"] * _signal(locality, who, migrants, informed)
        opinion = beliefs[who.organisation] / parameters["instruments.belief_spread"]
        signal += parameters["instruments.impression"] * opinion
        integration = answer(signal, halo, missed[0], informed) if migrants.entity.size else math.nan
        found.append(
            Rating(
                who.kind,
                informed,
                integration,
                answer(opinion, halo, missed[1], informed),
            )
        )
    return found


def drivers(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Importance 1-5 of what drove the last decisions, as interviewed policymakers recall it (S52).

    The rank of the mean absolute contribution of each driver over all measures that were weighed, plus
    recall noise.
    """
    measures = locality.measures
    weight = [mean(np.abs(measures.buffer(f"part_{name}")[: measures.count])) for name in DRIVERS]
    policymakers = [who for who in people if "leads" in who.traits]
    if not policymakers or not any(each > 0.0 for each in weight):
        return {f"driver_{name}": math.nan for name in DRIVERS}
    key = locality.key("instrument.drivers")
    rank = [sum(other > each for other in weight) for each in weight]
    top = len(DRIVERS) - 1
    recalled = 5.5 - 4.0 * np.array(rank) / top
    noise = locality.parameters["instruments.recall_noise"] * errors(key, policymakers, 0, len(DRIVERS))
    told = np.clip(np.floor(recalled + noise), 1.0, 5.0)
    return {f"driver_{name}": mean(told[:, index]) for index, name in enumerate(DRIVERS)}


def read(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Ratings, beliefs and drivers."""
    found = ratings(locality, people)
    organisations = locality.organisations
    beliefs = organisations.belief.tolist()
    rows = local_organisations(locality)
    executive = mean([beliefs[row] for row in rows if organisations.head[row]])
    council = mean([beliefs[row] for row in rows if organisations.radical_right[row]])
    seats = locality.value("rrp") if council == council else 0.0
    attitude = mean(locality.residents.attitude_to[REFERENCE])
    migrants = migrants_seen(locality)
    integration = [each.integration for each in found if each.integration == each.integration]
    return {
        "raters": float(len(found)),
        "perceived_integration": mean(integration),
        "perceived_integration_sd": spread(integration),
        "perceived_attitudes": mean([each.attitudes for each in found]),
        "perceived_attitudes_politicians": mean(
            [each.attitudes for each in found if "politician" in actor_kinds()[each.kind].traits]
        ),
        "latent_information": mean([each.information for each in found]),
        "latent_integration": known_mean(standardised(locality, migrants.seen)),
        "latent_attitude_2022": attitude,
        "belief_politicians": (1.0 - seats) * executive + (seats * council if seats else 0.0),
        "belief_gap": executive - attitude,
        "belief_gap_all": mean([beliefs[row] for row in rows]) - attitude,
    } | drivers(locality, people)
