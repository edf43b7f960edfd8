"""Ties: hours of good contact become ties to residents; ties fade without contact; circles of compatriots,
clubs."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes, uniform
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.contact import mutual, preference, tie_chance
from woc_sim.rules.curves import coverage, saturate, towards
from woc_sim.world.locality import record
from woc_sim.world.people import MEETINGS, NON_EUROPEAN, TIES
from woc_sim.world.places import ASSOCIATION

JOINS, CLUB, QUITS, LOST = range(4)
MADE = 10  # and the purposes after it, one for each meeting
ENCOUNTER_SECTOR = sector("encounter")
MEMBER_FROM = 6.0  # years of age

READS = (
    "locality.meetings",
    "locality.matched",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "places.kind",
    "residents.attitude",
    "residents.attitude_ua",
    "residents.distance",
    "residents.distance_ua",
    "residents.since",
    "migrants.entity",
    "migrants.group",
    "migrants.present",
    "migrants.age",
    "migrants.language",
    "migrants.attitude",
    "migrants.met",
    "migrants.met_hours",
    "migrants.met_place",
    "migrants.met_good",
)
WRITES = (
    "migrants.tie",
    "migrants.tie_place",
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
    "ties.join_support",
    "ties.quit",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Every migrant present: ties lost, ties made, compatriots, clubs."""
    present = np.zeros(2)
    for i in range(now.migrants):
        if state.migrants_present[i] == 1:
            present[state.migrants_group[i]] += 1.0
    persons = present[0] + present[1] + now.residents
    first = -1
    clubs = 0
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == ASSOCIATION:
            if clubs == 0:
                first = p
            clubs += 1
    events = coverage(
        state.sectors_public[ENCOUNTER_SECTOR],
        state.sectors_higher[ENCOUNTER_SECTOR],
        state.sectors_nonpublic[ENCOUNTER_SECTOR],
    )
    made = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, MADE, MEETINGS, now.migrants)
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, JOINS, LOST, now.migrants)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        non_european = state.migrants_group[i] == NON_EUROPEAN
        language = state.migrants_language[i]
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
                state.migrants_tie_place[i, k] = -1
                state.migrants_tie_month[i, k] = -1
        for slot in range(MEETINGS):
            r = state.migrants_met[i, slot]
            if r < 0 or state.migrants_met_good[i, slot] == 0:
                continue
            free = -1
            friends = False
            for k in range(TIES):
                if state.migrants_tie[i, k] == r:
                    friends = True
                elif state.migrants_tie[i, k] < 0 and free < 0:
                    free = k
            if friends or free < 0:
                continue
            attitude = state.residents_attitude[r] if non_european else state.residents_attitude_ua[r]
            distance = state.residents_distance[r] if non_european else state.residents_distance_ua[r]
            chance = tie_chance(
                mutual(
                    preference(attitude, language, distance),
                    preference(state.migrants_attitude[i], language, 0.0),
                ),
                state.migrants_met_hours[i, slot],
                constants.ties_friend,
            )
            if made[slot, i] < chance:
                state.migrants_tie[i, free] = r
                state.migrants_tie_place[i, free] = state.migrants_met_place[i, slot]
                state.migrants_tie_month[i, free] = now.month
        own = present[state.migrants_group[i]] / persons
        if non_european:
            own += state.locality_matched[0]
        circle = constants.ties_coethnic_size * saturate(own, constants.ties_coethnic_half)
        state.migrants_coethnic[i] = towards(
            state.migrants_coethnic[i], circle, constants.ties_coethnic_speed
        )
        if state.migrants_association[i] >= 0:
            if u[QUITS, i] < constants.ties_quit:
                state.migrants_association[i] = -1
        elif clubs > 0 and state.migrants_age[i] >= MEMBER_FROM:
            ties = 0.0
            for k in range(TIES):
                if state.migrants_tie[i, k] >= 0:
                    ties += 1.0
            asked = (0.2 + 0.8 * language) * (1.0 + 0.5 * min(ties, 3.0)) * state.locality_meetings[0]
            chance = constants.ties_join * asked * (1.0 + constants.ties_join_support * events)
            if u[JOINS, i] < chance:
                state.migrants_association[i] = first + int(u[CLUB, i] * clubs)


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
