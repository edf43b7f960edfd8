"""Ties: hours of good contact become ties to residents; ties fade without contact; circles of compatriots,
clubs."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes, uniform
from woc_sim.inputs.ages import JOIN_FROM
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import count_ties, covered, venues_of
from woc_sim.rules.contact import PREFERENCE, asked_to_join, mutual_liking, preference, tie_chance
from woc_sim.rules.curves import saturate, towards
from woc_sim.world.locality import record
from woc_sim.world.people import MEETINGS, TIES
from woc_sim.world.places import ASSOCIATION

JOINS, CLUB, QUITS, LOST = range(4)
MADE = 10  # and the purposes after it, one for each meeting
ENCOUNTER_SECTOR = sector("encounter")

READS = (
    "groups.origin_shared",
    "locality.meetings",
    "locality.origin_shared",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "places.kind",
    "residents.attitude_to",
    "residents.distance_to",
    "residents.since",
    "migrants.entity",
    "migrants.group",
    "migrants.present",
    "migrants.age",
    "migrants.language",
    "migrants.attitude",
    "migrants.met",
    "migrants.met_hours",
    "migrants.met_venue",
    "migrants.met_good",
)
WRITES = (
    "migrants.tie",
    "migrants.tie_venue",
    "migrants.tie_month",
    "migrants.coethnic",
    "migrants.association",
)
PARAMETERS = (
    "ties.friend",
    "ties.loss",
    "ties.coethnic_size",
    "ties.coethnic_half",
    "ties.coethnic_speed",
    "ties.join",
    "ties.join_unspoken",
    "ties.join_ties",
    "ties.join_most_ties",
    "ties.join_support",
    "ties.quit",
    *PREFERENCE,
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@step
def _let_go(state: Any, constants: Any, now: Any) -> None:
    """A tie ends when another person takes the resident's place, and by chance without meetings."""
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        for k in range(TIES):
            friend = state.migrants_tie[i, k]
            if friend < 0:
                continue
            met = False
            for slot in range(MEETINGS):
                met = met or state.migrants_met[i, slot] == friend
            gone = state.residents_since[friend] > state.migrants_tie_month[i, k]
            if not met:
                gone = gone or uniform(now.key0, now.key1, entity, now.month, LOST, k) < constants.ties_loss
            if gone:
                state.migrants_tie[i, k] = -1
                state.migrants_tie_venue[i, k] = -1
                state.migrants_tie_month[i, k] = -1


@kernel
def _room_for(tie: Any, i: int, resident: int) -> int:
    """A free place among the ties of a migrant; -1 if all are taken or the resident is a friend already.

    tie: the column migrants.tie.
    """
    free = -1
    for k in range(TIES):
        if tie[i, k] == resident:
            return -1
        if tie[i, k] < 0 and free < 0:
            free = k
    return free


@step
def _make_friends(state: Any, constants: Any, now: Any) -> None:
    """Good meetings become ties, the sooner the longer the two talk and the more they like each other."""
    made = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, MADE, MEETINGS, now.migrants)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        group = state.migrants_group[i]
        language = state.migrants_language[i]
        for slot in range(MEETINGS):
            resident = state.migrants_met[i, slot]
            if resident < 0 or state.migrants_met_good[i, slot] == 0:
                continue
            free = _room_for(state.migrants_tie, i, resident)
            if free < 0:
                continue
            attitude = state.residents_attitude_to[group, resident]
            distance = state.residents_distance_to[group, resident]
            liking = mutual_liking(
                preference(constants, attitude, language, distance),
                preference(constants, state.migrants_attitude[i], language, 0.0),
            )
            chance = tie_chance(liking, state.migrants_met_hours[i, slot], constants.ties_friend)
            if made[slot, i] < chance:
                state.migrants_tie[i, free] = resident
                state.migrants_tie_venue[i, free] = state.migrants_met_venue[i, slot]
                state.migrants_tie_month[i, free] = now.month


@step
def _find_compatriots(state: Any, constants: Any, now: Any) -> None:
    """Circles of people of the same origin grow with their share of all people in the place."""
    present = np.zeros(len(state.groups_origin_shared))
    persons = float(now.residents)
    for i in range(now.migrants):
        if state.migrants_present[i] == 1:
            present[state.migrants_group[i]] += 1.0
            persons += 1.0
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        group = state.migrants_group[i]
        compatriots = present[group] / persons
        if state.groups_origin_shared[group] == 1:
            compatriots += state.locality_origin_shared[0]
        circle = constants.ties_coethnic_size * saturate(compatriots, constants.ties_coethnic_half)
        state.migrants_coethnic[i] = towards(
            state.migrants_coethnic[i], circle, constants.ties_coethnic_speed
        )


@step
def _join_clubs(state: Any, constants: Any, now: Any) -> None:
    """Migrants join associations, by language, ties and support of encounters, and leave them by chance."""
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, JOINS, LOST, now.migrants)
    first, clubs = venues_of(state.places_kind, ASSOCIATION)
    evenings = covered(state, ENCOUNTER_SECTOR)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        if state.migrants_association[i] >= 0:
            if u[QUITS, i] < constants.ties_quit:
                state.migrants_association[i] = -1
        elif clubs > 0 and state.migrants_age[i] >= JOIN_FROM:
            asked = asked_to_join(constants, state.migrants_language[i], count_ties(state.migrants_tie, i))
            asked *= state.locality_meetings[0]
            chance = constants.ties_join * asked * (1.0 + constants.ties_join_support * evenings)
            if u[JOINS, i] < chance:
                state.migrants_association[i] = first + int(u[CLUB, i] * clubs)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Every migrant present: ties lost, ties made, compatriots, clubs."""
    _let_go(state, constants, now)
    _make_friends(state, constants, now)
    _find_compatriots(state, constants, now)
    _join_clubs(state, constants, now)


PROCESS = Process(
    name="ties",
    purpose="good contact becomes ties, which fade without it; circles of compatriots, clubs",
    source="M22, M25, S86, S90, S91; docs/odd.md B(e)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("LOST", "MADE", "JOINS", "CLUB", "QUITS"),
)
