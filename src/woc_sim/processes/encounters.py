"""Encounters: migrants meet residents where they share a place; a meeting has hours, a partner and a
valence."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes, uniform
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.contact import bad_chance, moderation, mutual, preference, talk_hours
from woc_sim.rules.curves import coverage
from woc_sim.rules.learning import used
from woc_sim.rules.volunteering import match_chance
from woc_sim.world.locality import record
from woc_sim.world.people import CIRCLE, HELPERS, MEETINGS, NON_EUROPEAN, RECEPTION, TIES
from woc_sim.world.places import (
    ASSOCIATION,
    HOST_HOME,
    INTERCULTURAL,
    NEIGHBOURHOOD,
    PUBLIC_SPACE,
    RECEPTION_CENTRE,
    SCHOOL,
    VOLUNTEERING,
    WORKPLACE,
)

# Purposes of the draws: rows of one block for all migrants, then draws that few make.
EVENING = 0
STREET, SQUARE = 1, 3  # two each: people at hand among whom one is chosen
HELPER_ENDS, HELPER_COMES, HELPER_WHO = 5, 7, 9  # two each: one for each helper
VALENCE = 11  # one for each meeting
BLOCK = VALENCE + MEETINGS
EVENT, FRIEND, GROUP = 40, 41, 42
ENCOUNTER_SECTOR = sector("encounter")
WEEKS = 4.35  # weeks in a month
GROWN = 18.0
SEARCHED = 4  # fellow members looked at to find one of the own stage of life
COLLEAGUES = 3  # close colleagues at work (docs/odd.md B e: 3-5)
SEASON = 12  # months for which the group of an intercultural evening stays together
CHOICE = CIRCLE  # people at hand among whom the better liked is chosen

READS = (
    "locality.meetings",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "residents.age",
    "residents.attitude",
    "residents.attitude_ua",
    "residents.distance",
    "residents.distance_ua",
    "residents.volunteer",
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
    "migrants.tie_place",
)
WRITES = (
    "residents.good",
    "residents.bad",
    "residents.good_ua",
    "residents.bad_ua",
    "residents.contact",
    "residents.conflict",
    "residents.contact_ua",
    "residents.conflict_ua",
    "residents.leisure",
    "migrants.good",
    "migrants.bad",
    "migrants.contact",
    "migrants.events",
    "migrants.met",
    "migrants.met_hours",
    "migrants.met_place",
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
    "encounters.work_hours",
    "encounters.work_talk",
    "encounters.school_hours",
    "encounters.school_talk",
    "encounters.parent_hours",
    "encounters.club_hours",
    "encounters.club_talk",
    "encounters.helped",
    "encounters.helper_talk",
    "encounters.helper_end",
    "encounters.helper_match",
    "encounters.event_hours",
    "encounters.event_talk",
    "encounters.host_hours",
    "encounters.host_talk",
    "encounters.friend_hours",
    "encounters.friend_meet",
    "encounters.bad",
    "encounters.stigma",
    "encounters.event_chance",
    "encounters.fading",
    "encounters.incident",
    "encounters.moderated_neighbourhood",
    "encounters.moderated_work",
    "encounters.moderated_club",
    "encounters.moderated_event",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def forget(state: Any, constants: Any, now: Any) -> None:
    """Clear this month's contact and let the memories of former months fade."""
    kept = 1.0 - constants.encounters_fading
    n = now.residents
    state.residents_good[:n] = 0.0
    state.residents_bad[:n] = 0.0
    state.residents_good_ua[:n] = 0.0
    state.residents_bad_ua[:n] = 0.0
    # One loop a column: the compiler turns each into vector instructions.
    for i in range(n):
        state.residents_contact[i] *= kept
    for i in range(n):
        state.residents_conflict[i] *= kept
    for i in range(n):
        state.residents_contact_ua[i] *= kept
    for i in range(n):
        state.residents_conflict_ua[i] *= kept
    for i in range(n):
        state.residents_leisure[i] *= kept
    for kind in range(len(state.encounters_good)):
        state.encounters_good[kind] = 0.0
        state.encounters_bad[kind] = 0.0
    m = now.migrants
    state.migrants_good[:m] = 0.0
    state.migrants_bad[:m] = 0.0
    state.migrants_events[:m] = 0.0
    state.migrants_met[:m] = -1
    state.migrants_met_hours[:m] = 0.0
    state.migrants_met_place[:m] = -1
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
        if state.residents_volunteer[r] > 0.0 and state.residents_age[r] >= GROWN:
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


@kernel
def _fellow(state: Any, place: int, seat: int, grown: bool) -> int:
    """The member of a place who sits beside `seat`, of the own stage of life if one is near; -1 if there is
    nobody."""
    count = state.places_member_count[place]
    if count == 0:
        return -1
    start = state.places_member_start[place]
    found = int(state.members_resident[start + seat % count])
    for k in range(SEARCHED):
        who = int(state.members_resident[start + (seat + k) % count])
        if (state.residents_age[who] >= GROWN) == grown:
            return who
    return found


@kernel
def meet(state: Any, constants: Any, now: Any, u: Any, load: Any) -> None:
    """All meetings of the month. Who is there comes first (a shared place), liking second (M25)."""
    who = np.empty(MEETINGS, dtype=np.int64)
    where = np.empty(MEETINGS, dtype=np.int64)
    shared = np.empty(MEETINGS)
    share = np.empty(MEETINGS)
    open_life = state.locality_meetings[0]
    sanction = state.sectors_public[ENCOUNTER_SECTOR]
    events = coverage(
        sanction, state.sectors_higher[ENCOUNTER_SECTOR], state.sectors_nonpublic[ENCOUNTER_SECTOR]
    )
    public = -1
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == PUBLIC_SPACE:
            public = p
    structure = np.empty(HOST_HOME + 1)
    for kind in range(HOST_HOME + 1):
        structure[kind] = constants.encounters_moderated_neighbourhood
    structure[WORKPLACE] = constants.encounters_moderated_work
    structure[SCHOOL] = constants.encounters_moderated_work
    structure[ASSOCIATION] = constants.encounters_moderated_club
    structure[HOST_HOME] = constants.encounters_moderated_club  # a shared household, entered freely
    structure[VOLUNTEERING] = constants.encounters_moderated_event
    structure[INTERCULTURAL] = constants.encounters_moderated_event
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        seat = int(entity % 1009) + 17 * int(entity % 97)
        grown = state.migrants_age[i] >= GROWN
        non_european = state.migrants_group[i] == NON_EUROPEAN
        language = state.migrants_language[i]
        n = 0
        for k in range(TIES):
            if state.migrants_tie[i, k] >= 0 and n < 4:
                chance = constants.encounters_friend_meet * (0.3 + 0.7 * open_life)
                if uniform(now.key0, now.key1, entity, now.month, FRIEND, k) < chance:
                    who[n] = state.migrants_tie[i, k]
                    where[n] = state.migrants_tie_place[i, k]
                    shared[n] = constants.encounters_friend_hours
                    share[n] = 1.0
                    n += 1
        for s in range(HELPERS):
            helper = state.migrants_helper[i, s]
            if helper >= 0:
                who[n] = helper
                where[n] = VOLUNTEERING
                # Spread over at least two migrants: nobody gives all hours to one.
                shared[n] = (
                    open_life * WEEKS * state.residents_volunteer[helper] / max(2.0, float(load[helper]))
                )
                share[n] = constants.encounters_helper_talk
                n += 1
        host = state.migrants_host[i]
        if host >= 0:
            who[n] = host
            where[n] = HOST_HOME
            shared[n] = constants.encounters_host_hours
            share[n] = constants.encounters_host_talk
            n += 1
        place = state.migrants_workplace[i]
        if place >= 0:
            for k in range(COLLEAGUES):
                fellow = _fellow(state, place, seat + k, True)
                if fellow >= 0 and n < MEETINGS:
                    who[n] = fellow
                    where[n] = WORKPLACE
                    shared[n] = constants.encounters_work_hours * (0.4 + 0.6 * open_life)
                    share[n] = constants.encounters_work_talk
                    n += 1
        place = state.migrants_school[i]
        if place >= 0:
            for k in range(1 if grown else 2):
                fellow = _fellow(state, place, seat + 5 * k, grown)
                if fellow >= 0 and n < MEETINGS:
                    who[n] = fellow
                    where[n] = SCHOOL
                    hours = constants.encounters_parent_hours if grown else constants.encounters_school_hours
                    shared[n] = hours * open_life
                    share[n] = constants.encounters_school_talk
                    n += 1
        place = state.migrants_association[i]
        if place >= 0:
            for k in range(2):
                fellow = _fellow(state, place, seat + 5 * k, grown)
                if fellow >= 0 and n < MEETINGS:
                    who[n] = fellow
                    where[n] = ASSOCIATION
                    shared[n] = constants.encounters_club_hours * open_life
                    share[n] = constants.encounters_club_talk
                    n += 1
        comes = u[EVENING, i]
        for setting in range(3):
            if setting == 0:
                kind = INTERCULTURAL
                purpose = GROUP
                place = public
                hours = constants.encounters_event_hours
                talk = constants.encounters_event_talk
                if comes >= used(events, state.migrants_known[i], state.migrants_trust[i]) * open_life:
                    continue
            elif setting == 1:
                kind = RECEPTION_CENTRE if state.migrants_housing[i] == RECEPTION else NEIGHBOURHOOD
                purpose = STREET
                place = state.migrants_neighbourhood[i]
                hours = 0.5 * constants.encounters_street * open_life
                talk = 1.0
            else:
                kind = PUBLIC_SPACE
                purpose = SQUARE
                place = public
                hours = 0.5 * constants.encounters_street * open_life
                talk = 1.0
            if place < 0 or n >= MEETINGS or state.places_member_count[place] == 0:
                continue
            chosen = -1
            best = -9.0
            for c in range(CHOICE):
                if kind == INTERCULTURAL and state.migrants_circle[i, c] >= 0:
                    other = state.migrants_circle[i, c]
                else:
                    if kind == INTERCULTURAL:
                        at = uniform(now.key0, now.key1, entity, now.month, GROUP, c)
                    else:
                        at = u[purpose + c, i]
                    start = state.places_member_start[place]
                    other = state.members_resident[start + int(at * state.places_member_count[place])]
                    if kind == INTERCULTURAL:
                        state.migrants_circle[i, c] = other
                attitude = (
                    state.residents_attitude[other] if non_european else state.residents_attitude_ua[other]
                )
                alike = attitude - 0.01 * abs(state.residents_age[other] - state.migrants_age[i])
                if alike > best:
                    best = alike
                    chosen = other
            who[n] = chosen
            where[n] = kind
            shared[n] = hours
            share[n] = talk
            n += 1
        for slot in range(n):
            r = who[slot]
            kind = where[slot]
            attitude = state.residents_attitude[r] if non_european else state.residents_attitude_ua[r]
            distance = state.residents_distance[r] if non_european else state.residents_distance_ua[r]
            own = preference(state.migrants_attitude[i], language, 0.0)
            liking = mutual(preference(attitude, language, distance), own)
            hours = talk_hours(shared[slot], share[slot], language, liking)
            moderated = moderation(now.contact, structure[kind], sanction)
            bad = bad_chance(
                constants.encounters_bad,
                moderated,
                attitude,
                language,
                float(state.migrants_visible[i]),
                constants.encounters_stigma,
            )
            good = u[VALENCE + slot, i] >= bad
            state.migrants_met[i, slot] = r
            state.migrants_met_hours[i, slot] = hours
            state.migrants_met_place[i, slot] = kind
            state.encounters_hours_total[kind] += hours
            if good:
                state.migrants_met_good[i, slot] = 1
                state.migrants_good[i] += hours
                state.migrants_contact[i] += constants.encounters_fading * hours
                state.encounters_good[kind] += 1.0
                state.encounters_good_total[kind] += 1.0
                if non_european:
                    state.residents_good[r] += hours
                    state.residents_contact[r] += hours
                else:
                    state.residents_good_ua[r] += hours
                    state.residents_contact_ua[r] += hours
                if kind in (ASSOCIATION, VOLUNTEERING, INTERCULTURAL):
                    state.residents_leisure[r] += hours
            else:
                weight = max(hours, constants.encounters_incident)
                state.migrants_bad[i] += weight
                state.encounters_bad[kind] += 1.0
                state.encounters_bad_total[kind] += 1.0
                if non_european:
                    state.residents_bad[r] += weight
                    state.residents_conflict[r] += weight
                else:
                    state.residents_bad_ua[r] += weight
                    state.residents_conflict_ua[r] += weight
                taken = uniform(now.key0, now.key1, entity, now.month, EVENT, slot)
                if taken < constants.encounters_event_chance:
                    state.migrants_events[i] += 1.0


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
    theories=("contact",),
    draws=(
        "VALENCE",
        "EVENT",
        "FRIEND",
        "HELPER_ENDS",
        "HELPER_COMES",
        "HELPER_WHO",
        "EVENING",
        "GROUP",
        "STREET",
        "SQUARE",
    ),
)
