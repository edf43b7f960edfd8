"""Encounters: migrants meet residents where they share a place; a meeting has hours, a partner and a
valence."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes, uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.gathering import (
    BLOCK,
    EVENT,
    HELPER_COMES,
    HELPER_ENDS,
    HELPER_WHO,
    SEASON,
    VALENCE,
    gather,
    month_of,
)
from woc_sim.rules.contact import PREFERENCE, bad_chance, moderation, mutual_liking, preference, talk_hours
from woc_sim.rules.volunteering import match_chance
from woc_sim.world.locality import record
from woc_sim.world.people import HELPERS
from woc_sim.world.places import (
    ASSOCIATION,
    HOST_HOME,
    INTERCULTURAL,
    SCHOOL,
    VOLUNTEERING,
    WORKPLACE,
)

READS = (
    "locality.meetings",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "residents.age",
    "residents.attitude_to",
    "residents.distance_to",
    "residents.volunteer",
    "residents.link_start",
    "residents.link_count",
    "links.other",
    "places.kind",
    "places.member_start",
    "places.member_count",
    "members.resident",
    "migrants.entity",
    "migrants.group",
    "migrants.present",
    "migrants.age",
    "migrants.visible",
    "migrants.language",
    "migrants.known",
    "migrants.trust",
    "migrants.attitude",
    "migrants.host",
    "migrants.housing",
    "migrants.neighbourhood",
    "migrants.workplace",
    "migrants.school",
    "migrants.association",
    "migrants.tie",
    "migrants.tie_venue",
)
WRITES = (
    "residents.good_with",
    "residents.bad_with",
    "residents.contact_with",
    "residents.conflict_with",
    "residents.leisure",
    "migrants.good",
    "migrants.bad",
    "migrants.contact",
    "migrants.events",
    "migrants.met",
    "migrants.met_hours",
    "migrants.met_venue",
    "migrants.met_good",
    "migrants.helper",
    "migrants.circle",
    "encounters.good",
    "encounters.bad",
    "encounters.good_total",
    "encounters.bad_total",
    "encounters.hours_total",
)
PARAMETERS = (
    "encounters.street",
    "encounters.age_gap",
    "encounters.work_hours",
    "encounters.work_closed",
    "encounters.work_talk",
    "encounters.school_hours",
    "encounters.school_talk",
    "encounters.parent_hours",
    "encounters.club_hours",
    "encounters.club_talk",
    "encounters.helped",
    "encounters.helper_spread",
    "encounters.helper_talk",
    "encounters.helper_end",
    "encounters.helper_match",
    "encounters.event_hours",
    "encounters.event_talk",
    "encounters.host_hours",
    "encounters.host_talk",
    "encounters.friend_hours",
    "encounters.friend_meet",
    "encounters.friend_closed",
    "encounters.talk_unspoken",
    "encounters.talk_base",
    "encounters.talk_liking",
    *PREFERENCE,
    "encounters.bad",
    "encounters.bad_moderated",
    "encounters.bad_attitude",
    "encounters.bad_unspoken",
    "encounters.bad_language",
    "encounters.bad_highest",
    "encounters.stigma",
    "encounters.event_chance",
    "encounters.fading",
    "encounters.incident",
    "encounters.moderated_neighbourhood",
    "encounters.moderated_work",
    "encounters.moderated_club",
    "encounters.moderated_event",
    "encounters.moderated_same",
    "learning.distrust",
    "hosting.introduce",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@step
def _fade(memory: Any, kept: float) -> None:
    """What is kept of a memory; one loop a column, which the compiler turns into vector instructions."""
    for i in range(len(memory)):
        memory[i] *= kept


@kernel
def forget(state: Any, constants: Any, now: Any) -> None:
    """Clear this month's contact and let the memories of former months fade."""
    kept = 1.0 - constants.encounters_fading
    n = now.residents
    for g in range(len(state.residents_good_with)):
        state.residents_good_with[g, :n] = 0.0
        state.residents_bad_with[g, :n] = 0.0
        _fade(state.residents_contact_with[g, :n], kept)
        _fade(state.residents_conflict_with[g, :n], kept)
    _fade(state.residents_leisure[:n], kept)
    for kind in range(len(state.encounters_good)):
        state.encounters_good[kind] = 0.0
        state.encounters_bad[kind] = 0.0
    m = now.migrants
    state.migrants_good[:m] = 0.0
    state.migrants_bad[:m] = 0.0
    state.migrants_events[:m] = 0.0
    state.migrants_met[:m] = -1
    state.migrants_met_hours[:m] = 0.0
    state.migrants_met_venue[:m] = -1
    state.migrants_met_good[:m] = 0
    if now.month % SEASON == 0:
        state.migrants_circle[:m] = -1
    for i in range(m):
        state.migrants_contact[i] *= kept


@kernel
def accompany(state: Any, constants: Any, now: Any, u: Any) -> Any:
    """Volunteers take on migrants up to their number, and let go; returns how many each resident
    accompanies."""
    load = np.zeros(now.residents, dtype=np.int64)
    volunteers = np.empty(now.residents, dtype=np.int64)
    count = 0
    for r in range(now.residents):
        if state.residents_volunteer[r] > 0.0 and state.residents_age[r] >= ADULT:
            volunteers[count] = r
            count += 1
    for i in range(now.migrants):
        for s in range(HELPERS):
            helper = state.migrants_helper[i, s]
            if helper < 0:
                continue
            stopped = state.residents_volunteer[helper] <= 0.0 or state.migrants_present[i] == 0
            if stopped or u[HELPER_ENDS + s, i] < constants.encounters_helper_end:
                state.migrants_helper[i, s] = -1
            else:
                load[helper] += 1
    if count == 0:
        return load
    present = 0.0
    for i in range(now.migrants):
        present += state.migrants_present[i]
    found = match_chance(constants.encounters_helper_match, float(count), present)
    chance = found * state.locality_meetings[0]
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        for s in range(HELPERS):
            if state.migrants_helper[i, s] >= 0:
                continue
            if u[HELPER_COMES + s, i] < chance:
                who = volunteers[int(u[HELPER_WHO + s, i] * count)]
                known = False
                for other in range(HELPERS):
                    known = known or state.migrants_helper[i, other] == who
                if not known and load[who] < constants.encounters_helped:
                    state.migrants_helper[i, s] = who
                    load[who] += 1
    return load


@step
def _moderated(constants: Any, now: Any, month: Any) -> Any:
    """How far each kind of venue is moderated: its structure and the town's support (M24)."""
    structure = np.empty(HOST_HOME + 1)
    for kind in range(HOST_HOME + 1):
        structure[kind] = constants.encounters_moderated_neighbourhood
    structure[WORKPLACE] = constants.encounters_moderated_work
    structure[SCHOOL] = constants.encounters_moderated_work
    structure[ASSOCIATION] = constants.encounters_moderated_club
    structure[HOST_HOME] = constants.encounters_moderated_club  # a shared household, entered freely
    structure[VOLUNTEERING] = constants.encounters_moderated_event
    structure[INTERCULTURAL] = constants.encounters_moderated_event
    for kind in range(HOST_HOME + 1):
        structure[kind] = moderation(constants, now.contact, structure[kind], month.sanction)
    return structure


@step
def _turn_out(state: Any, constants: Any, now: Any, month: Any, u: Any, plan: Any) -> None:
    """What becomes of each meeting: how long the two talk, and whether it goes well or badly."""
    moderated = _moderated(constants, now, month)
    for i in range(now.migrants):
        group = state.migrants_group[i]
        language = state.migrants_language[i]
        theirs = preference(constants, state.migrants_attitude[i], language, 0.0)
        visible = float(state.migrants_visible[i])
        for slot in range(plan.taken[i]):
            resident = state.migrants_met[i, slot]
            venue = state.migrants_met_venue[i, slot]
            attitude = state.residents_attitude_to[group, resident]
            distance = state.residents_distance_to[group, resident]
            liking = mutual_liking(preference(constants, attitude, language, distance), theirs)
            hours = talk_hours(constants, state.migrants_met_hours[i, slot], language, liking)
            bad = bad_chance(constants, moderated[venue], attitude, language, visible)
            state.migrants_met_hours[i, slot] = hours
            state.migrants_met_good[i, slot] = 1 if u[VALENCE + slot, i] >= bad else 0


@step
def _write_down(state: Any, constants: Any, now: Any, plan: Any) -> None:
    """What meetings leave with both sides, and in the log of their venues; some incidents are felt as
    discrimination."""
    for i in range(now.migrants):
        group = state.migrants_group[i]
        for slot in range(plan.taken[i]):
            resident, venue = plan.resident[i, slot], plan.venue[i, slot]
            hours = plan.hours[i, slot]
            state.encounters_hours_total[venue] += hours
            if state.migrants_met_good[i, slot] == 1:
                state.migrants_good[i] += hours
                state.migrants_contact[i] += constants.encounters_fading * hours
                state.encounters_good[venue] += 1.0
                state.encounters_good_total[venue] += 1.0
                state.residents_good_with[group, resident] += hours
                state.residents_contact_with[group, resident] += hours
                if venue in (ASSOCIATION, VOLUNTEERING, INTERCULTURAL):
                    state.residents_leisure[resident] += hours
                continue
            weight = max(hours, constants.encounters_incident)
            state.migrants_bad[i] += weight
            state.encounters_bad[venue] += 1.0
            state.encounters_bad_total[venue] += 1.0
            state.residents_bad_with[group, resident] += weight
            state.residents_conflict_with[group, resident] += weight
            taken = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, EVENT, slot)
            if taken < constants.encounters_event_chance:
                state.migrants_events[i] += 1.0


@kernel
def meet(state: Any, constants: Any, now: Any, u: Any, load: Any) -> None:
    """All meetings of the month. Who is there comes first (a shared place), liking second (M25)."""
    month = month_of(state)
    plan = gather(state, constants, now, month, u, load)
    _turn_out(state, constants, now, month, u, plan)
    _write_down(state, constants, now, plan)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Clear the month, pair volunteers and migrants, then let people meet."""
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, 0, BLOCK, now.migrants)
    forget(state, constants, now)
    load = accompany(state, constants, now, u)
    meet(state, constants, now, u, load)


PROCESS = Process(
    name="encounters",
    purpose="migrants meet residents at shared places, by opportunity and then liking, well or badly",
    source="M1-M5, M22-M27, S86-S95; docs/odd.md B(e)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("contact", "hosting"),
    draws=(
        "VALENCE",
        "EVENT",
        "FRIEND",
        "HELPER_ENDS",
        "HELPER_COMES",
        "HELPER_WHO",
        "EVENING",
        "GROUP",
        "INTRODUCED",
        "STREET",
        "SQUARE",
    ),
)
