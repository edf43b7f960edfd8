"""Encounters: migrants meet residents where they share a place; a meeting has hours, a partner and a
valence."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_purposes, uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import attitude_to, covered, distance_to
from woc_sim.rules.contact import bad_chance, moderation, mutual_liking, preference, talk_hours
from woc_sim.rules.learning import uptake
from woc_sim.rules.volunteering import match_chance
from woc_sim.world.locality import record
from woc_sim.world.people import CIRCLE, HELPERS, MEETINGS, RECEPTION, TIES
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
ENCOUNTER_SECTOR = 5
WEEKS = 4.35  # weeks in a month
SEARCHED = 4  # fellow members looked at to find one of the own stage of life
COLLEAGUES = 3  # close colleagues at work (docs/odd.md B e: 3-5)
FRIENDS = 4  # friends met in a month at most
CLASSMATES, MEMBERS = 2, 2  # met in a month at school and in an association
SEASON = 12  # months for which the group of an intercultural evening stays together
CHOICE = CIRCLE  # people at hand among whom the better liked is chosen

READS = (
    "locality.meetings",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "residents.age",
    "residents.attitude_to",
    "residents.distance_to",
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
    "encounters.liking_base",
    "encounters.liking_attitude",
    "encounters.liking_language",
    "encounters.liking_distance",
    "encounters.liking_low",
    "encounters.liking_high",
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
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
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
        if (state.residents_age[who] >= ADULT) == grown:
            return who
    return found


class Month(NamedTuple):
    """What is the same for all meetings of a month."""

    open_life: float  # share of usual public life that is open
    evenings: float  # share of the need for encounters that is covered
    sanction: float  # support of encounters by the town
    square: int  # the public space among the places, -1 if there is none


@kernel
def _month_of(state: Any) -> Any:
    """The conditions of this month."""
    square = -1
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == PUBLIC_SPACE:
            square = p
    return Month(
        state.locality_meetings[0],
        covered(state, ENCOUNTER_SECTOR),
        state.sectors_public[ENCOUNTER_SECTOR],
        square,
    )


@kernel
def _plan(state: Any, planned: Any, i: int, resident: int, venue: int, hours: float) -> None:
    """Put a meeting into the next free slot of a migrant; `hours` are those with room for talk."""
    slot = planned[i]
    state.migrants_met[i, slot] = resident
    state.migrants_met_place[i, slot] = venue
    state.migrants_met_hours[i, slot] = hours
    planned[i] = slot + 1


@kernel
def _with_people_known(state: Any, constants: Any, now: Any, month: Any, load: Any, planned: Any) -> None:
    """Friends meet by chance; helpers give their hours as a volunteer; a host is there every day."""
    closed = constants.encounters_friend_closed
    chance = constants.encounters_friend_meet * (closed + (1.0 - closed) * month.open_life)
    host_hours = constants.encounters_host_hours * constants.encounters_host_talk
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        for k in range(TIES):
            if state.migrants_tie[i, k] >= 0 and planned[i] < FRIENDS:
                if uniform(now.key0, now.key1, entity, now.month, FRIEND, k) < chance:
                    friend, venue = state.migrants_tie[i, k], state.migrants_tie_place[i, k]
                    _plan(state, planned, i, friend, venue, constants.encounters_friend_hours)
        for s in range(HELPERS):
            helper = state.migrants_helper[i, s]
            if helper >= 0:
                # Spread over at least two migrants: nobody gives all hours to one.
                helped = max(constants.encounters_helper_spread, float(load[helper]))
                hours = month.open_life * WEEKS * state.residents_volunteer[helper] / helped
                _plan(state, planned, i, helper, VOLUNTEERING, hours * constants.encounters_helper_talk)
        if state.migrants_host[i] >= 0:
            _plan(state, planned, i, state.migrants_host[i], HOST_HOME, host_hours)


@kernel
def _with_fellows(
    state: Any, planned: Any, i: int, seats: Any, place: int, venue: int, hours: float, grown: bool
) -> None:
    """Meet members of a place. seats: the first to sit beside, the step to the next, and how many."""
    first, step, count = seats
    for k in range(count):
        fellow = _fellow(state, place, first + step * k, grown)
        if fellow >= 0 and planned[i] < MEETINGS:
            _plan(state, planned, i, fellow, venue, hours)


@kernel
def _at_work_school_club(state: Any, constants: Any, now: Any, month: Any, planned: Any) -> None:
    """Colleagues, classmates or their parents, and fellow members of an association."""
    closed = constants.encounters_work_closed
    work = constants.encounters_work_hours * (closed + (1.0 - closed) * month.open_life)
    work *= constants.encounters_work_talk
    gate = constants.encounters_parent_hours * month.open_life * constants.encounters_school_talk
    lessons = constants.encounters_school_hours * month.open_life * constants.encounters_school_talk
    club = constants.encounters_club_hours * month.open_life * constants.encounters_club_talk
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        seat = int(entity % 1009) + 17 * int(entity % 97)  # the same in every month, spread over members
        grown = state.migrants_age[i] >= ADULT
        place = state.migrants_workplace[i]
        if place >= 0:
            _with_fellows(state, planned, i, (seat, 1, COLLEAGUES), place, WORKPLACE, work, True)
        place = state.migrants_school[i]
        if place >= 0:
            hours = gate if grown else lessons
            pupils = 1 if grown else CLASSMATES
            _with_fellows(state, planned, i, (seat, 5, pupils), place, SCHOOL, hours, grown)
        place = state.migrants_association[i]
        if place >= 0:
            _with_fellows(state, planned, i, (seat, 5, MEMBERS), place, ASSOCIATION, club, grown)


@kernel
def _appeal(state: Any, constants: Any, i: int, resident: int) -> float:
    """How far a resident at hand is liked to talk to: the attitude, less the distance of age."""
    apart = abs(state.residents_age[resident] - state.migrants_age[i])
    return attitude_to(state, resident, state.migrants_group[i]) - constants.encounters_age_gap * apart


@kernel
def _at_evenings(state: Any, constants: Any, now: Any, month: Any, u: Any, planned: Any) -> None:
    """Intercultural evenings, in a group of residents that stays together for a season."""
    if month.square < 0 or state.places_member_count[month.square] == 0:
        return
    hours = constants.encounters_event_hours * constants.encounters_event_talk
    start, count = state.places_member_start[month.square], state.places_member_count[month.square]
    for i in range(now.migrants):
        if state.migrants_present[i] == 0 or planned[i] >= MEETINGS:
            continue
        taken_up = uptake(constants, month.evenings, state.migrants_known[i], state.migrants_trust[i])
        if u[EVENING, i] >= taken_up * month.open_life:
            continue
        entity = state.migrants_entity[i]
        for c in range(CHOICE):
            if state.migrants_circle[i, c] < 0:
                at = uniform(now.key0, now.key1, entity, now.month, GROUP, c)
                state.migrants_circle[i, c] = state.members_resident[start + int(at * count)]
        chosen = state.migrants_circle[i, 0]
        for c in range(1, CHOICE):
            other = state.migrants_circle[i, c]
            if _appeal(state, constants, i, other) > _appeal(state, constants, i, chosen):
                chosen = other
        _plan(state, planned, i, chosen, INTERCULTURAL, hours)


@kernel
def _in_passing(
    state: Any,
    constants: Any,
    planned: Any,
    u: Any,
    purpose: int,
    i: int,
    place: int,
    venue: int,
    hours: float,
) -> None:
    """Meet the better liked of a few people at hand, drawn from `purpose` on."""
    if place < 0 or planned[i] >= MEETINGS or state.places_member_count[place] == 0:
        return
    start, count = state.places_member_start[place], state.places_member_count[place]
    chosen = state.members_resident[start + int(u[purpose, i] * count)]
    for c in range(1, CHOICE):
        other = state.members_resident[start + int(u[purpose + c, i] * count)]
        if _appeal(state, constants, i, other) > _appeal(state, constants, i, chosen):
            chosen = other
    _plan(state, planned, i, chosen, venue, hours)


@kernel
def _on_the_street(state: Any, constants: Any, now: Any, month: Any, u: Any, planned: Any) -> None:
    """Half of the hours among neighbours (or those of the reception centre), half on the square."""
    hours = 0.5 * constants.encounters_street * month.open_life
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        home = state.migrants_neighbourhood[i]
        venue = RECEPTION_CENTRE if state.migrants_housing[i] == RECEPTION else NEIGHBOURHOOD
        _in_passing(state, constants, planned, u, STREET, i, home, venue, hours)
        _in_passing(state, constants, planned, u, SQUARE, i, month.square, PUBLIC_SPACE, hours)


@kernel
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


@kernel
def _turn_out(state: Any, constants: Any, now: Any, month: Any, u: Any, planned: Any) -> None:
    """What becomes of each meeting: how long the two talk, and whether it goes well or badly."""
    moderated = _moderated(constants, now, month)
    for i in range(now.migrants):
        group = state.migrants_group[i]
        language = state.migrants_language[i]
        theirs = preference(constants, state.migrants_attitude[i], language, 0.0)
        visible = float(state.migrants_visible[i])
        for slot in range(planned[i]):
            resident = state.migrants_met[i, slot]
            venue = state.migrants_met_place[i, slot]
            attitude = attitude_to(state, resident, group)
            distance = distance_to(state, resident, group)
            liking = mutual_liking(preference(constants, attitude, language, distance), theirs)
            hours = talk_hours(constants, state.migrants_met_hours[i, slot], language, liking)
            bad = bad_chance(constants, moderated[venue], attitude, language, visible)
            state.migrants_met_hours[i, slot] = hours
            state.migrants_met_good[i, slot] = 1 if u[VALENCE + slot, i] >= bad else 0


@kernel
def _keep_good(state: Any, constants: Any, i: int, resident: int, venue: int, hours: float) -> None:
    """What a good meeting leaves with both, and in the log of its venue."""
    state.migrants_good[i] += hours
    state.migrants_contact[i] += constants.encounters_fading * hours
    state.encounters_good[venue] += 1.0
    state.encounters_good_total[venue] += 1.0
    group = state.migrants_group[i]
    state.residents_good_with[group, resident] += hours
    state.residents_contact_with[group, resident] += hours
    if venue in (ASSOCIATION, VOLUNTEERING, INTERCULTURAL):
        state.residents_leisure[resident] += hours


@kernel
def _keep_bad(state: Any, constants: Any, i: int, resident: int, venue: int, hours: float) -> None:
    """What a bad meeting leaves with both, and in the log of its venue."""
    weight = max(hours, constants.encounters_incident)
    state.migrants_bad[i] += weight
    state.encounters_bad[venue] += 1.0
    state.encounters_bad_total[venue] += 1.0
    group = state.migrants_group[i]
    state.residents_bad_with[group, resident] += weight
    state.residents_conflict_with[group, resident] += weight


@kernel
def _write_down(state: Any, constants: Any, now: Any, planned: Any) -> None:
    """Hours and their valence enter the memories of both sides and the log; some incidents hurt."""
    for i in range(now.migrants):
        for slot in range(planned[i]):
            resident = state.migrants_met[i, slot]
            venue = state.migrants_met_place[i, slot]
            hours = state.migrants_met_hours[i, slot]
            state.encounters_hours_total[venue] += hours
            if state.migrants_met_good[i, slot] == 1:
                _keep_good(state, constants, i, resident, venue, hours)
                continue
            _keep_bad(state, constants, i, resident, venue, hours)
            taken = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, EVENT, slot)
            if taken < constants.encounters_event_chance:
                state.migrants_events[i] += 1.0


@kernel
def meet(state: Any, constants: Any, now: Any, u: Any, load: Any) -> None:
    """All meetings of the month. Who is there comes first (a shared place), liking second (M25)."""
    month = _month_of(state)
    planned = np.zeros(now.migrants, dtype=np.int64)  # meetings of each so far
    _with_people_known(state, constants, now, month, load, planned)
    _at_work_school_club(state, constants, now, month, planned)
    _at_evenings(state, constants, now, month, u, planned)
    _on_the_street(state, constants, now, month, u, planned)
    _turn_out(state, constants, now, month, u, planned)
    _write_down(state, constants, now, planned)


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
