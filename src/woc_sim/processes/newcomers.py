"""Newcomers: who they are, how they come, where they live first; and the children born in the place."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import W, uniform
from woc_sim.inputs.ages import ADULT, ARRIVAL_CLASSES, PARENT_TO, SCHOOL_FROM
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.lookups import venues_of
from woc_sim.rules.arrivals import hosting_chance, procedure_months
from woc_sim.world.groups import SKILLS
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

# Purposes of draws: COUNT of the locality, the others of one migrant.
COUNT, AGE, GENDER, SKILL, VISIBLE, WAY, FAMILY, HOME, WAIT, CLAIM, REUNION, CHILDREN, HOST, BIRTH, APPEAL = (
    range(1, 16)
)

RECEPTION_SECTOR = sector("reception")
FAMILY_BIT = 1 << 56  # marks the key of a person who follows a sponsor; the rest of the key is the sponsor's
BIRTH_BITS, MORE_BIRTH_BITS = (
    57,
    49,
)  # where the key of a child born here has its month; the rest is the mother's
CHOOSERS = 1 << 23  # where the ordinals of those who chose the place begin
ASKED = 3  # residents whom a newcomer asks for a room
YOUNG_ADULT = 2  # the class of 18 to 34 years

THOUSAND = 1000.0  # shares of arrivals are for a thousand inhabitants
EARLIER_MONTHS = 11.0  # of a running year, before this month


@kernel
def host_of(constants: Any, now: Any, entity: Any, age: Any, attitude: Any, distance: Any) -> int:
    """A resident who gives a newcomer a room, among those asked; -1 if none does (A18).

    age, attitude and distance: of all residents, to the newcomer's group.
    """
    for k in range(ASKED):
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k)
        who = int(u * now.residents)
        if age[who] < ADULT:
            continue
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k + 1)
        if u < hosting_chance(constants, attitude[who], distance[who]):
            return who
    return -1


@kernel
def _class_of(shares: Any, group: int, u: float) -> int:
    """Class of a uniform number among the running shares of a group."""
    level = 0
    while level < shares.shape[1] - 1 and u >= shares[group, level]:
        level += 1
    return level


class Newcomers(NamedTuple):
    """Who arrives this month, in the order of their rows: of each group those who are placed, then those who
    choose the place; at the end those who follow their families."""

    first: int  # row of the first one
    alone: int  # all who follow nobody
    people: int  # all of them
    placed: Any  # of all who follow nobody: whether they are counted as placed


@step
def _enter(state: Any, now: Any, new: Any, coming: Any, sponsors: Any) -> None:
    """Keys of randomness, group and month of arrival."""
    i = new.first
    for g in range(len(coming)):
        for way in range(2):
            for k in range(coming[g, way]):
                # They have numbers of their own: one more placed person changes nobody who chose the
                # locality.
                ordinal = k + way * CHOOSERS
                new.placed[i - new.first] = way == 0
                state.migrants_entity[i] = W(state.groups_origin[g]) | (W(now.month) << W(24)) | W(ordinal)
                state.migrants_group[i] = g
                i += 1
    for sponsor in sponsors:
        state.migrants_entity[i] = W(state.migrants_entity[sponsor]) | W(FAMILY_BIT)
        state.migrants_group[i] = state.migrants_group[sponsor]
        state.migrants_sponsor[i] = sponsor
        i += 1
    for i in range(new.first, new.first + new.people):
        state.migrants_cohort[i] = now.month
        state.migrants_present[i] = 1


@step
def _describe(state: Any, constants: Any, now: Any, new: Any, sponsors: Any) -> None:
    """Age, gender, skill, visibility and family, drawn from the margins of the group."""
    for k in range(new.people):
        i = new.first + k
        entity, group = state.migrants_entity[i], state.migrants_group[i]
        following = k >= new.alone
        u = uniform(now.key0, now.key1, entity, now.month, AGE, 0)
        level = _class_of(state.groups_age, group, u)
        if following:
            level = YOUNG_ADULT if u < constants.arrivals_young_followers else YOUNG_ADULT + 1
        within = uniform(now.key0, now.key1, entity, now.month, AGE, 1)
        low, high = ARRIVAL_CLASSES[level], ARRIVAL_CLASSES[level + 1]
        state.migrants_age[i] = low + (high - low) * within
        child = state.migrants_age[i] < ADULT
        u = uniform(now.key0, now.key1, entity, now.month, GENDER, 0)
        state.migrants_female[i] = 1 if u < state.groups_female[group] else 0
        if following:
            sponsor = sponsors[k - new.alone]
            state.migrants_female[i] = 1 if state.migrants_female[sponsor] == 0 else 0
        u = uniform(now.key0, now.key1, entity, now.month, SKILL, 0)
        within = uniform(now.key0, now.key1, entity, now.month, SKILL, 1)
        state.migrants_skill[i] = (_class_of(state.groups_skill, group, u) + within) / SKILLS
        u = uniform(now.key0, now.key1, entity, now.month, VISIBLE, 0)
        state.migrants_visible[i] = 1 if u < state.groups_visible[group] else 0
        u = uniform(now.key0, now.key1, entity, now.month, FAMILY, 0)
        family = FAMILY_HERE if child or following else _class_of(state.groups_family, group, u)
        state.migrants_family[i] = family
        pupil = child and state.migrants_age[i] >= SCHOOL_FROM
        u = uniform(now.key0, now.key1, entity, now.month, CHILDREN, 0)
        young = not child and state.migrants_age[i] < PARENT_TO
        parent = young and family == FAMILY_HERE and u < constants.arrivals_parents
        state.migrants_children[i] = 1 if parent or pupil else 0


@step
def _join_families(state: Any, new: Any, sponsors: Any) -> None:
    """A child belongs to the family before it in the list, if one came; a follower to the sponsor's."""
    adult = -1  # of the family that the row before belongs to
    for k in range(new.alone):
        i = new.first + k
        if k > 0 and state.migrants_group[i] != state.migrants_group[i - 1]:
            adult = -1
        if state.migrants_age[i] >= ADULT:
            adult = i if state.migrants_family[i] == FAMILY_HERE else -1
        elif adult >= 0:
            state.migrants_head[i] = adult
    for k in range(len(sponsors)):
        i = new.first + new.alone + k
        sponsor = sponsors[k]
        head = state.migrants_head[sponsor]
        state.migrants_head[i] = head if head >= 0 else sponsor
        state.migrants_family[sponsor] = FAMILY_HERE
        if state.migrants_children[i] == 1:
            state.migrants_children[sponsor] = 1


@step
def _house(state: Any, constants: Any, now: Any, new: Any, sponsors: Any) -> None:
    """How each came, placed or by choice, and the first home: reception, a host, supported housing."""
    for k in range(new.alone):
        i = new.first + k
        entity, head = state.migrants_entity[i], state.migrants_head[i]
        if head >= 0:
            state.migrants_arrival[i] = state.migrants_arrival[head]
            state.migrants_housing[i] = state.migrants_housing[head]
            state.migrants_host[i] = state.migrants_host[head]
            continue
        way = uniform(now.key0, now.key1, entity, now.month, WAY, 0)
        group = state.migrants_group[i]
        arrival = CHOSE
        if state.groups_quota[group] == 0:
            arrival = CHOSE if way < state.groups_chose[group] else PLACED_STAYING
        elif new.placed[k]:
            arrival = PLACED_LEAVING if way < constants.arrivals_leaving else PLACED_STAYING
        housing = RECEPTION if state.groups_procedure[group] == 1 else SUPPORTED
        home = uniform(now.key0, now.key1, entity, now.month, HOME, 0)
        if arrival == CHOSE and home < constants.arrivals_hosted:
            state.migrants_host[i] = host_of(
                constants,
                now,
                entity,
                state.residents_age,
                state.residents_attitude_to[group],
                state.residents_distance_to[group],
            )
            if state.migrants_host[i] >= 0:
                housing = HOSTED
        state.migrants_arrival[i] = arrival
        state.migrants_housing[i] = housing
    for k in range(len(sponsors)):
        i = new.first + new.alone + k
        state.migrants_arrival[i] = CHOSE
        state.migrants_housing[i] = state.migrants_housing[sponsors[k]]
        state.migrants_host[i] = state.migrants_host[sponsors[k]]


@step
def _open_procedures(state: Any, constants: Any, now: Any, new: Any) -> None:
    """Temporary protection and family visas need no procedure (A18); all others wait for a decision."""
    for k in range(new.people):
        i = new.first + k
        if k >= new.alone or state.groups_procedure[state.migrants_group[i]] == 0:
            state.migrants_status[i] = PROTECTED
            state.migrants_decision[i] = now.month
            continue
        state.migrants_status[i] = PROCEDURE
        head = state.migrants_head[i]
        if head >= 0:
            state.migrants_decision[i] = state.migrants_decision[head]
            continue
        u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, WAIT, 0)
        months = procedure_months(state.locality_waiting[0], constants.arrivals_procedure_spread, u)
        state.migrants_decision[i] = now.month + months


@step
def _move_in(state: Any, now: Any, new: Any, sponsors: Any) -> None:
    """The neighbourhood, and the school of its children."""
    first_school, schools = venues_of(state.places_kind, SCHOOL)
    for k in range(new.people):
        i = new.first + k
        home = 0  # the neighbourhood of the reception centre
        if k >= new.alone:
            home = state.migrants_neighbourhood[sponsors[k - new.alone]]
        elif state.migrants_head[i] >= 0:
            home = state.migrants_neighbourhood[state.migrants_head[i]]
        elif state.migrants_host[i] >= 0:
            home = state.residents_neighbourhood[state.migrants_host[i]]
        elif state.migrants_housing[i] != RECEPTION:
            u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, HOME, 1)
            home = state.residents_neighbourhood[int(u * now.residents)]
        state.migrants_neighbourhood[i] = home
        if state.migrants_children[i] == 1 and schools > 0:
            state.migrants_school[i] = first_school + home % schools


@entry
@kernel
def arrive(state: Any, constants: Any, now: Any, first: int, coming: Any, sponsors: Any) -> None:
    """Fill the rows from `first` on: of each group who comes alone, then one person for each sponsor."""
    alone = 0
    for g in range(len(coming)):
        alone += coming[g, 0] + coming[g, 1]
    new = Newcomers(first, alone, alone + len(sponsors), np.empty(alone, dtype=np.bool_))
    _enter(state, now, new, coming, sponsors)
    _describe(state, constants, now, new, sponsors)
    _join_families(state, new, sponsors)
    _house(state, constants, now, new, sponsors)
    _open_procedures(state, constants, now, new)
    _move_in(state, now, new, sponsors)


@entry
@kernel
def add_newborns(state: Any, constants: Any, now: Any, first: int, mothers: Any) -> None:
    """Fill the rows from `first` on with children, who share their mother's situation."""
    for k in range(len(mothers)):
        i = first + k
        mother = mothers[k]
        turn = now.month + 1
        born = (W(turn % 128) << W(BIRTH_BITS)) | (W(turn // 128) << W(MORE_BIRTH_BITS))
        entity = W(state.migrants_entity[mother]) | born
        state.migrants_entity[i] = entity
        state.migrants_group[i] = state.migrants_group[mother]
        state.migrants_cohort[i] = now.month
        state.migrants_present[i] = 1
        state.migrants_age[i] = 0.0
        u = uniform(now.key0, now.key1, entity, now.month, GENDER, 0)
        state.migrants_female[i] = 1 if u < constants.arrivals_newborn_girls else 0
        state.migrants_skill[i] = state.migrants_skill[mother]
        state.migrants_visible[i] = state.migrants_visible[mother]
        state.migrants_arrival[i] = state.migrants_arrival[mother]
        state.migrants_status[i] = state.migrants_status[mother]
        state.migrants_decision[i] = state.migrants_decision[mother]
        state.migrants_housing[i] = state.migrants_housing[mother]
        state.migrants_host[i] = state.migrants_host[mother]
        state.migrants_neighbourhood[i] = state.migrants_neighbourhood[mother]
        state.migrants_family[i] = FAMILY_HERE
        head = state.migrants_head[mother]
        state.migrants_head[i] = head if head >= 0 else mother
        state.migrants_mother[i] = mother
        state.locality_births[0] += 1.0
