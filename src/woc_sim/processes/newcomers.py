"""Newcomers: what one person brings along who arrives, step by step, each step reading what those before it
wrote into the person's row. `woc_sim.processes.arrivals` says how many come."""

from __future__ import annotations

from typing import Any

from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT, ARRIVAL_CLASSES, PARENT_TO, SCHOOL_FROM
from woc_sim.jit import kernel
from woc_sim.rules.arrivals import hosting_chance, procedure_months
from woc_sim.world.people import (
    CHOSE,
    FAMILY_HERE,
    HOSTED,
    PLACED_LEAVING,
    PLACED_STAYING,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    SUPPORTED,
)
from woc_sim.world.places import SCHOOL

# Purposes of draws of one migrant; those of `woc_sim.processes.arrivals` are the other numbers below 16.
AGE, GENDER, SKILL, VISIBLE, WAY, FAMILY, HOME, WAIT = range(2, 10)
CHILDREN, HOST = 12, 13

ASKED = 3  # residents whom a newcomer asks for a room


@kernel
def _class_of(shares: Any, group: int, u: float) -> int:
    """Class of a uniform number among the running shares of a group."""
    level = 0
    while level < shares.shape[1] - 1 and u >= shares[group, level]:
        level += 1
    return level


@kernel
def who_comes(state: Any, now: Any, i: int, entity: Any, group: int, sponsor: int) -> None:
    """Age, gender, skill and visibility of the person in row i; a follower is an adult of the sponsor's age
    and of the other gender."""
    state.migrants_entity[i] = entity
    state.migrants_group[i] = group
    state.migrants_cohort[i] = now.month
    state.migrants_present[i] = 1
    state.migrants_sponsor[i] = sponsor
    u = uniform(now.key0, now.key1, entity, now.month, AGE, 0)
    level = _class_of(state.groups_age, group, u)
    if sponsor >= 0:
        level = 2 if u < 0.7 else 3
    within = uniform(now.key0, now.key1, entity, now.month, AGE, 1)
    low, high = ARRIVAL_CLASSES[level], ARRIVAL_CLASSES[level + 1]
    state.migrants_age[i] = low + (high - low) * within
    u = uniform(now.key0, now.key1, entity, now.month, GENDER, 0)
    state.migrants_female[i] = 1 if u < state.groups_female[group] else 0
    if sponsor >= 0:
        state.migrants_female[i] = 1 if state.migrants_female[sponsor] == 0 else 0
    u = uniform(now.key0, now.key1, entity, now.month, SKILL, 0)
    within = uniform(now.key0, now.key1, entity, now.month, SKILL, 1)
    state.migrants_skill[i] = (_class_of(state.groups_skill, group, u) + within) / 3.0
    u = uniform(now.key0, now.key1, entity, now.month, VISIBLE, 0)
    state.migrants_visible[i] = 1 if u < state.groups_visible[group] else 0


@kernel
def with_whom(state: Any, now: Any, i: int, adult: int) -> int:
    """Family and children of the person in row i, and who decides for it.

    A child belongs to the family before it in the list, if one came, a follower to the sponsor's. adult: of
    the family that the row before belongs to, -1 for none; returned for the row after.
    """
    entity, group, sponsor = state.migrants_entity[i], state.migrants_group[i], state.migrants_sponsor[i]
    following = sponsor >= 0
    child = state.migrants_age[i] < ADULT
    u = uniform(now.key0, now.key1, entity, now.month, FAMILY, 0)
    state.migrants_family[i] = _class_of(state.groups_family, group, u)
    if child or following:
        state.migrants_family[i] = FAMILY_HERE
    u = uniform(now.key0, now.key1, entity, now.month, CHILDREN, 0)
    parent = not child and state.migrants_age[i] < PARENT_TO and state.migrants_family[i] == FAMILY_HERE
    pupil = child and state.migrants_age[i] >= SCHOOL_FROM
    state.migrants_children[i] = 1 if (parent and u < 0.6) or pupil else 0
    if following:
        state.migrants_head[i] = state.migrants_head[sponsor]
        if state.migrants_head[i] < 0:
            state.migrants_head[i] = sponsor
        state.migrants_family[sponsor] = FAMILY_HERE
        if state.migrants_children[i] == 1:
            state.migrants_children[sponsor] = 1
    elif child and adult >= 0:
        state.migrants_head[i] = adult
    elif not child:
        adult = i if state.migrants_family[i] == FAMILY_HERE else -1
    return adult


@kernel
def to_where(state: Any, constants: Any, now: Any, i: int, placed: bool) -> None:
    """Way of arrival, home and host of the person in row i; a family shares them."""
    entity, group, sponsor = state.migrants_entity[i], state.migrants_group[i], state.migrants_sponsor[i]
    head = state.migrants_head[i]
    if sponsor >= 0:
        state.migrants_arrival[i] = CHOSE
        state.migrants_housing[i] = state.migrants_housing[sponsor]
        state.migrants_host[i] = state.migrants_host[sponsor]
        return
    way = uniform(now.key0, now.key1, entity, now.month, WAY, 0)
    if state.groups_quota[group] == 0:
        state.migrants_arrival[i] = CHOSE if way < state.groups_chose[group] else PLACED_STAYING
    elif placed:
        state.migrants_arrival[i] = PLACED_LEAVING if way < constants.arrivals_leaving else PLACED_STAYING
    else:
        state.migrants_arrival[i] = CHOSE
    state.migrants_housing[i] = RECEPTION if state.groups_procedure[group] == 1 else SUPPORTED
    home = uniform(now.key0, now.key1, entity, now.month, HOME, 0)
    if state.migrants_arrival[i] == CHOSE and home < constants.arrivals_hosted:
        state.migrants_host[i] = host_of(state, constants, now, entity, group)
        if state.migrants_host[i] >= 0:
            state.migrants_housing[i] = HOSTED
    if head >= 0:
        state.migrants_arrival[i] = state.migrants_arrival[head]
        state.migrants_housing[i] = state.migrants_housing[head]
        state.migrants_host[i] = state.migrants_host[head]


@kernel
def by_what_right(state: Any, constants: Any, now: Any, i: int) -> None:
    """Status of the person in row i, and when it is decided: temporary protection and family visas need no
    procedure (A18)."""
    group, head = state.migrants_group[i], state.migrants_head[i]
    if state.migrants_sponsor[i] >= 0 or state.groups_procedure[group] == 0:
        state.migrants_status[i] = PROTECTED
        state.migrants_decision[i] = now.month
        return
    state.migrants_status[i] = PROCEDURE
    u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, WAIT, 0)
    months = procedure_months(state.locality_waiting[0], constants.arrivals_procedure_spread, u)
    state.migrants_decision[i] = state.migrants_decision[head] if head >= 0 else now.month + months


@kernel
def near_whom(state: Any, now: Any, i: int, first_school: int, schools: int) -> None:
    """Neighbourhood of the person in row i, and the school there of who has children at school or is one."""
    sponsor, head, host = state.migrants_sponsor[i], state.migrants_head[i], state.migrants_host[i]
    state.migrants_neighbourhood[i] = 0  # the neighbourhood of the reception centre
    if sponsor >= 0:
        state.migrants_neighbourhood[i] = state.migrants_neighbourhood[sponsor]
    elif head >= 0:
        state.migrants_neighbourhood[i] = state.migrants_neighbourhood[head]
    elif host >= 0:
        state.migrants_neighbourhood[i] = state.residents_neighbourhood[host]
    elif state.migrants_housing[i] != RECEPTION:
        u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, HOME, 1)
        state.migrants_neighbourhood[i] = state.residents_neighbourhood[int(u * now.residents)]
    if state.migrants_children[i] == 1 and schools > 0:
        state.migrants_school[i] = first_school + state.migrants_neighbourhood[i] % schools


@kernel
def host_of(state: Any, constants: Any, now: Any, entity: Any, group: int) -> int:
    """A resident who gives a newcomer a room, among those asked; -1 if none does (A18)."""
    for k in range(ASKED):
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k)
        who = int(u * now.residents)
        if state.residents_age[who] < ADULT:
            continue
        attitude, distance = state.residents_attitude_to[group, who], state.residents_distance_to[group, who]
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k + 1)
        if u < hosting_chance(constants.arrivals_hosting, attitude, distance):
            return who
    return -1


@kernel
def schools_of(state: Any) -> Any:
    """First school among the places, and how many there are."""
    schools = 0
    first = 0
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == SCHOOL:
            if schools == 0:
                first = p
            schools += 1
    return first, schools
