"""What interviewees know of the migrants in a place: from own work, from partners' reports, from persons.

By the theory `knowledge=common` all measures in force inform about all sides of integration alike; by
`own_field` an organisation knows the sides that its own work, its field and its partners' work show.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from woc_sim.inputs.ages import of_working_age
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.inputs.sectors import DIMENSIONS, sectors
from woc_sim.instruments.sampling import Array, Interviewee, uniforms
from woc_sim.instruments.summary import mean
from woc_sim.rules.knowledge import COMMON, from_field, heeded, shown
from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, NO_JOB, PRECARIOUS, PRIVATE

KNOWN = 0
SHOWS: Final = tuple(one.shows_in for one in sectors())
"""The dimension of integration that work in each sector shows, by code of the sector."""

FIELD_SHOWS: Final = {"": "", "at_work": "jobs", "in_own_home": "homes", "without_own_home": "homes"}
"""The dimension that each field of work shows, in which an organisation meets migrants."""


class Migrants(NamedTuple):
    """What can be seen of each present migrant: row, entity, five dimensions (n x 5), and whether
    organisations with each field of work meet it."""

    row: Array
    entity: Array
    seen: Array
    fields: Mapping[str, Array]


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
    return Migrants(here, people.entity[here], seen, fields)


def work_with_migrants(locality: Locality, migrants: Migrants, dimension: str = "") -> list[float]:
    """Work in which each organisation meets migrants: measures for public ones, initiatives for others, and
    its field. dimension: only work that shows it; empty for all.
    """
    organisations, measures = locality.organisations, locality.measures
    theory = locality.theories["knowledge"]
    asked = [not dimension or shows == dimension for shows in SHOWS]
    served = math.fsum(
        shown(theory, effect, coverage, bool(SHOWS[sector]))
        for effect, coverage, sector, in_force, direction in zip(
            measures.effect.tolist(),
            measures.coverage.tolist(),
            measures.sector.tolist(),
            measures.in_force.tolist(),
            measures.direction.tolist(),
            strict=True,
        )
        if in_force and direction > 0 and asked[sector]
    )
    weight = locality.parameters["knowledge.field"]
    met = {
        field: from_field(theory, mean(there), weight)
        for field, there in migrants.fields.items()
        if there.size and (not dimension or FIELD_SHOWS[field] == dimension)
    }
    rows = zip(
        organisations.public.tolist(),
        organisations.initiative.tolist(),
        organisations.kind.tolist(),
        strict=True,
    )
    return [
        (served if public else math.fsum(own for own, counts in zip(owns, asked, strict=True) if counts))
        + met.get(actor_kinds()[kind].meets_migrants, 0.0)
        for public, owns, kind in rows
    ]


def with_reports(locality: Locality, work: Sequence[float]) -> list[float]:
    """I of every organisation: own work with migrants plus reports heard a month from organisations that
    have some.
    """
    telling = [own / (own + 1.0) for own in work]
    frequency = locality.governance.frequency
    active = locality.organisations.active.tolist()
    heard = [
        math.fsum(f * tell for f, tell, there in zip(row, telling, active, strict=False) if there) / 12.0
        for row in frequency[: len(work), : len(work)].tolist()
    ]
    return [own + reports for own, reports in zip(work, heard, strict=True)]


def information(locality: Locality, migrants: Migrants, dimension: str = "") -> list[float]:
    """How much each organisation knows of migrants, in reports a month. dimension: of this side of their
    integration; empty for all.
    """
    return with_reports(locality, work_with_migrants(locality, migrants, dimension))


def insight(locality: Locality, migrants: Migrants) -> list[tuple[float, ...]]:
    """How far the sides of integration (DIMENSIONS) count for each organisation: what it knows of each."""
    theory, half = locality.theories["knowledge"], locality.parameters["instruments.information_half"]
    if theory == COMMON:  # what it knows of each side makes no difference
        return [(heeded(theory, 0.0, half),) * len(DIMENSIONS)] * locality.organisations.count
    sides = [information(locality, migrants, name) for name in DIMENSIONS]
    return [tuple(heeded(theory, amount, half) for amount in amounts) for amounts in zip(*sides, strict=True)]


def informed_share(locality: Locality, amount: float) -> float:
    """How far an answer leaves the midpoint with so much information, 0..1."""
    return amount / (amount + locality.parameters["instruments.information_half"])


def known_to(locality: Locality, who: Interviewee, migrants: Migrants, informed: float) -> Array:
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
