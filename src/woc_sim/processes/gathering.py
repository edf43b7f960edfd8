"""Gathering: whom a migrant can meet in a month, and where. Who is there comes before who is liked (M25)."""

from __future__ import annotations

from typing import Any, NamedTuple

from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.inputs.sectors import sector
from woc_sim.jit import step
from woc_sim.processes.lookups import attitude_to, covered
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
EVENT, FRIEND, GROUP = 40, 41, 42
ENCOUNTER_SECTOR = sector("encounter")
WEEKS = 4.35  # weeks in a month
SEARCHED = 4  # fellow members looked at to find one of the own stage of life
COLLEAGUES = 3  # close colleagues at work (docs/odd.md B e: 3-5)
FRIENDS = 4  # friends met in a month at most
CLASSMATES, MEMBERS = 2, 2  # met in a month at school and in an association
SEASON = 12  # months for which the group of an intercultural evening stays together
CHOICE = CIRCLE  # people at hand among whom the better liked is chosen


@step
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


@step
def _plan(state: Any, planned: Any, i: int, resident: int, venue: int, hours: float) -> None:
    """Put a meeting into the next free slot of a migrant; `hours` are those with room for talk."""
    slot = planned[i]
    state.migrants_met[i, slot] = resident
    state.migrants_met_place[i, slot] = venue
    state.migrants_met_hours[i, slot] = hours
    planned[i] = slot + 1


@step
def with_people_known(state: Any, constants: Any, now: Any, month: Any, load: Any, planned: Any) -> None:
    """Friends meet by chance; helpers give their hours as a volunteer; a host is there every day."""
    closed = constants.encounters_friend_closed
    chance = constants.encounters_friend_meet * (closed + (1.0 - closed) * month.open_life)
    host_hours = constants.encounters_host_hours * constants.encounters_host_talk
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        entity = state.migrants_entity[i]
        for k in range(TIES):
            friend, venue = state.migrants_tie[i, k], state.migrants_tie_place[i, k]
            if friend < 0 or planned[i] == FRIENDS:
                continue
            if uniform(now.key0, now.key1, entity, now.month, FRIEND, k) < chance:
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


@step
def _with_fellows(
    state: Any, planned: Any, i: int, seats: Any, place: int, venue: int, hours: float, grown: bool
) -> None:
    """Meet members of a place. seats: the first to sit beside, the step to the next, and how many."""
    first, step, count = seats
    for k in range(count):
        fellow = _fellow(state, place, first + step * k, grown)
        if fellow >= 0 and planned[i] < MEETINGS:
            _plan(state, planned, i, fellow, venue, hours)


@step
def at_work_school_club(state: Any, constants: Any, now: Any, month: Any, planned: Any) -> None:
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


@step
def _appeal(state: Any, constants: Any, i: int, resident: int) -> float:
    """How far a resident at hand is liked to talk to: the attitude, less the distance of age."""
    apart = abs(state.residents_age[resident] - state.migrants_age[i])
    attitude = attitude_to(state, resident, state.migrants_group[i])
    return float(attitude - constants.encounters_age_gap * apart)


@step
def at_evenings(state: Any, constants: Any, now: Any, month: Any, u: Any, planned: Any) -> None:
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


@step
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


@step
def on_the_street(state: Any, constants: Any, now: Any, month: Any, u: Any, planned: Any) -> None:
    """Half of the hours among neighbours (or those of the reception centre), half on the square."""
    hours = 0.5 * constants.encounters_street * month.open_life
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        home = state.migrants_neighbourhood[i]
        venue = RECEPTION_CENTRE if state.migrants_housing[i] == RECEPTION else NEIGHBOURHOOD
        _in_passing(state, constants, planned, u, STREET, i, home, venue, hours)
        _in_passing(state, constants, planned, u, SQUARE, i, month.square, PUBLIC_SPACE, hours)


@step
def gather(state: Any, constants: Any, now: Any, month: Any, u: Any, load: Any, planned: Any) -> None:
    """Plan the meetings of all migrants, those with people they know first, those in passing last."""
    with_people_known(state, constants, now, month, load, planned)
    at_work_school_club(state, constants, now, month, planned)
    at_evenings(state, constants, now, month, u, planned)
    on_the_street(state, constants, now, month, u, planned)
