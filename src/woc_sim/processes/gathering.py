"""Gathering: whom a migrant can meet in a month, and where. Who is there comes before who is liked (M25)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.inputs.sectors import sector
from woc_sim.jit import kernel, step
from woc_sim.processes.lookups import covered
from woc_sim.rules.hosting import BRIDGE, introduction_chance
from woc_sim.rules.learning import uptake
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
EVENT, FRIEND, GROUP, INTRODUCED = 40, 41, 42, 43
ENCOUNTER_SECTOR = sector("encounter")
WEEKS = 4.35  # weeks in a month
SEARCHED = 4  # fellow members looked at to find one of the own stage of life
COLLEAGUES = 3  # close colleagues at work (docs/odd.md B e: 3-5)
FRIENDS = 4  # friends met in a month at most
CLASSMATES, MEMBERS = 2, 2  # met in a month at school and in an association
SEASON = 12  # months for which the group of an intercultural evening stays together
CHOICE = CIRCLE  # people at hand among whom the better liked is chosen


class Venues(NamedTuple):
    """Who belongs to which place: columns of places and members, and the ages of residents."""

    start: Any
    count: Any
    member: Any
    age: Any


class Plan(NamedTuple):
    """Whom each migrant meets, at what kind of venue, for how many hours with room for talk: columns with a
    slot for each meeting, and how many slots of each migrant are taken."""

    resident: Any
    venue: Any
    hours: Any
    taken: Any


@kernel
def _meet(plan: Any, i: int, resident: int, venue: int, hours: float) -> None:
    """Put a meeting into the next free slot of a migrant."""
    slot = plan.taken[i]
    plan.resident[i, slot] = resident
    plan.venue[i, slot] = venue
    plan.hours[i, slot] = hours
    plan.taken[i] = slot + 1


@kernel
def _fellow(venues: Any, place: int, seat: int, grown: bool) -> int:
    """The member of a place who sits beside `seat`, of the own stage of life if one is near; -1 if there is
    nobody."""
    count = venues.count[place]
    if count == 0:
        return -1
    start = venues.start[place]
    found = int(venues.member[start + seat % count])
    for k in range(SEARCHED):
        who = int(venues.member[start + (seat + k) % count])
        if (venues.age[who] >= ADULT) == grown:
            return who
    return found


@kernel
def _meet_fellows(
    plan: Any, venues: Any, i: int, place: int, seats: Any, venue: int, hours: float, grown: bool
) -> None:
    """Meet members of a place. seats: the first to sit beside, the step to the next, and how many."""
    first, apart, count = seats
    for k in range(count):
        fellow = _fellow(venues, place, first + apart * k, grown)
        if fellow >= 0 and plan.taken[i] < MEETINGS:
            _meet(plan, i, fellow, venue, hours)


@kernel
def _better_liked(attitude: Any, ages: Any, chosen: int, other: int, gap: float, age: float) -> int:
    """Which of two residents at hand appeals more to talk to; the first if both do.

    attitude: of all residents to the group; ages: of all residents; gap: appeal lost by a year of difference
    to `age`.
    """
    first = attitude[chosen] - gap * abs(ages[chosen] - age)
    return other if attitude[other] - gap * abs(ages[other] - age) > first else chosen


class Month(NamedTuple):
    """What is the same for all meetings of a month."""

    open_life: float  # share of usual public life that is open
    evenings: float  # share of the need for encounters that is covered
    sanction: float  # support of encounters by the town
    square: int  # the public space among the places, -1 if there is none


@step
def month_of(state: Any) -> Any:
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
def meet_through_host(state: Any, constants: Any, now: Any, month: Any, i: int, plan: Any) -> None:
    """A guest meets somebody whom the host knows, for as long as friends meet."""
    host, entity = int(state.migrants_host[i]), state.migrants_entity[i]
    known = int(state.residents_link_count[host])
    chance = introduction_chance(constants, now.hosting, month.open_life)
    if known == 0 or uniform(now.key0, now.key1, entity, now.month, INTRODUCED, 0) >= chance:
        return
    at = int(uniform(now.key0, now.key1, entity, now.month, INTRODUCED, 1) * known)
    who = int(state.links_other[int(state.residents_link_start[host]) + at])
    _meet(plan, i, who, HOST_HOME, constants.encounters_friend_hours)


@step
def with_people_known(state: Any, constants: Any, now: Any, month: Any, load: Any, plan: Any) -> None:
    """Friends meet by chance; helpers give their hours as a volunteer; a host is there every day."""
    closed = constants.encounters_friend_closed
    chance = constants.encounters_friend_meet * (closed + (1.0 - closed) * month.open_life)
    host_hours = constants.encounters_host_hours * constants.encounters_host_talk
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        for k in range(TIES):
            friend, venue = int(state.migrants_tie[i, k]), int(state.migrants_tie_venue[i, k])
            if friend < 0 or plan.taken[i] == FRIENDS:
                continue
            if uniform(now.key0, now.key1, entity, now.month, FRIEND, k) < chance:
                _meet(plan, i, friend, venue, constants.encounters_friend_hours)
        for s in range(HELPERS):
            helper = int(state.migrants_helper[i, s])
            if helper >= 0:
                # Spread over at least two migrants: nobody gives all hours to one.
                helped = max(constants.encounters_helper_spread, float(load[helper]))
                hours = month.open_life * WEEKS * state.residents_volunteer[helper] / helped
                _meet(plan, i, helper, VOLUNTEERING, hours * constants.encounters_helper_talk)
        if state.migrants_host[i] >= 0:
            _meet(plan, i, int(state.migrants_host[i]), HOST_HOME, host_hours)
            if now.hosting == BRIDGE:
                meet_through_host(state, constants, now, month, i, plan)


@step
def at_work_school_club(state: Any, constants: Any, now: Any, month: Any, plan: Any) -> None:
    """Colleagues, classmates or their parents, and fellow members of an association."""
    venues = Venues(
        state.places_member_start, state.places_member_count, state.members_resident, state.residents_age
    )
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
        place = int(state.migrants_workplace[i])
        if place >= 0:
            _meet_fellows(plan, venues, i, place, (seat, 1, COLLEAGUES), WORKPLACE, work, True)
        place = int(state.migrants_school[i])
        if place >= 0:
            hours = gate if grown else lessons
            pupils = 1 if grown else CLASSMATES
            _meet_fellows(plan, venues, i, place, (seat, 5, pupils), SCHOOL, hours, grown)
        place = int(state.migrants_association[i])
        if place >= 0:
            _meet_fellows(plan, venues, i, place, (seat, 5, MEMBERS), ASSOCIATION, club, grown)


@step
def at_evenings(state: Any, constants: Any, now: Any, month: Any, u: Any, plan: Any) -> None:
    """Intercultural evenings, in a group of residents that stays together for a season."""
    if month.square < 0 or state.places_member_count[month.square] == 0:
        return
    hours = constants.encounters_event_hours * constants.encounters_event_talk
    start, count = state.places_member_start[month.square], state.places_member_count[month.square]
    for i in range(now.migrants):
        if state.migrants_present[i] == 0 or plan.taken[i] >= MEETINGS:
            continue
        taken_up = uptake(constants, month.evenings, state.migrants_known[i], state.migrants_trust[i])
        if u[EVENING, i] >= taken_up * month.open_life:
            continue
        entity = state.migrants_entity[i]
        for c in range(CHOICE):
            if state.migrants_circle[i, c] < 0:
                at = uniform(now.key0, now.key1, entity, now.month, GROUP, c)
                state.migrants_circle[i, c] = state.members_resident[start + int(at * count)]
        attitude = state.residents_attitude_to[state.migrants_group[i]]
        gap, age = constants.encounters_age_gap, state.migrants_age[i]
        chosen = int(state.migrants_circle[i, 0])
        for c in range(1, CHOICE):
            other = int(state.migrants_circle[i, c])
            chosen = _better_liked(attitude, state.residents_age, chosen, other, gap, age)
        _meet(plan, i, chosen, INTERCULTURAL, hours)


@step
def on_the_street(state: Any, constants: Any, now: Any, month: Any, u: Any, plan: Any) -> None:
    """Half of the hours among neighbours (or those of the reception centre), half on the square: the better
    liked of a few people at hand."""
    hours = 0.5 * constants.encounters_street * month.open_life
    gap = constants.encounters_age_gap
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        attitude = state.residents_attitude_to[state.migrants_group[i]]
        age = state.migrants_age[i]
        for purpose in (STREET, SQUARE):
            place, venue = month.square, PUBLIC_SPACE
            if purpose == STREET:
                place = state.migrants_neighbourhood[i]
                venue = RECEPTION_CENTRE if state.migrants_housing[i] == RECEPTION else NEIGHBOURHOOD
            if place < 0 or plan.taken[i] >= MEETINGS or state.places_member_count[place] == 0:
                continue
            start, count = state.places_member_start[place], state.places_member_count[place]
            chosen = int(state.members_resident[start + int(u[purpose, i] * count)])
            for c in range(1, CHOICE):
                other = int(state.members_resident[start + int(u[purpose + c, i] * count)])
                chosen = _better_liked(attitude, state.residents_age, chosen, other, gap, age)
            _meet(plan, i, chosen, venue, hours)


@step
def gather(state: Any, constants: Any, now: Any, month: Any, u: Any, load: Any) -> Any:
    """Plan the meetings of all migrants, those with people they know first, those in passing last."""
    taken = np.zeros(now.migrants, dtype=np.int64)
    plan = Plan(state.migrants_met, state.migrants_met_venue, state.migrants_met_hours, taken)
    with_people_known(state, constants, now, month, load, plan)
    at_work_school_club(state, constants, now, month, plan)
    at_evenings(state, constants, now, month, u, plan)
    on_the_street(state, constants, now, month, u, plan)
    return plan
