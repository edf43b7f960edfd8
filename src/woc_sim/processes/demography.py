"""Demography and elections: positions in the town pass on, migrants age and die, seats follow votes where
elections are on, or the national vote of the radical right."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import W, fill_uniform, uniform
from woc_sim.inputs.ages import ADULT, OLDEST, PENSION
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.rules.attitudes import other_predisposition, predisposition
from woc_sim.rules.demography import (
    CHILD,
    ENDOGENOUS,
    death_chance,
    stage_of,
    successor_age,
    vote_position,
)
from woc_sim.rules.history import NATIONAL_COURSE
from woc_sim.world.groups import REFERENCE, draw_of_group
from woc_sim.world.locality import Locality, record
from woc_sim.world.people import GREW_UP, MIGRANT_DIED, MOVED_AWAY, RESIDENT_DIED, STOPPED_WORK

LEAVES, NEW_AGE, MIND, MIND_OTHER, DEATH = range(1, 6)
TERM = 60  # months between elections
BLOCK = 4096  # residents taken at a time, so that a month's draws are never in memory together
TINY = 1e-9  # keeps a division by the seats of an executive finite
GENERATION = 1 << 40  # added to the key of a position when its holder changes

READS = (
    "groups.key",
    "groups.attitude_mean",
    "groups.individual",
    "locality.trend",
    "residents.leaning",
    "residents.skill",
    "residents.migration_background",
    "blocs.radical_right",
    "blocs.ideology",
    "migrants.entity",
    "migrants.workplace",
    "organisations.head",
    "organisations.radical_right",
)
WRITES = (
    "locality.residents_now",
    "locality.deaths",
    "locality.rrp",
    "locality.executive_ideology",
    "residents.entity",
    "residents.age",
    "residents.since",
    "residents.former",
    "residents.anchor_to",
    "residents.attitude_to",
    "residents.contact_with",
    "residents.conflict_with",
    "residents.leisure",
    "residents.norm",
    "residents.volunteer",
    "residents.volunteered",
    "residents.fatigue",
    "migrants.age",
    "migrants.present",
    "migrants.left",
    "migrants.departure",
    "migrants.school",
    "migrants.children",
    "places.migrant_workers",
    "blocs.seats",
    "blocs.executive",
    "organisations.ideology",
    "organisations.active",
)
PARAMETERS = (
    "demography.deaths_at_80",
    "demography.moves",
    "demography.vote_weight",
    "population.leaning_slope",
    "population.skill_slope",
    "population.settled_gain",
    "population.radical_cut",
)
State = record("State", READS + WRITES, __name__)
TABLES = ("seats",)  # of the radical right, in every month, where they follow the national vote
Constants = record("Constants", PARAMETERS + TABLES, __name__)


@step
def _make_up_minds(state: Any, constants: Any, now: Any, heirs: Any) -> None:
    """Predispositions and attitudes to all groups, and no memories of them."""
    for i in heirs:
        entity = state.residents_entity[i]
        key = state.groups_key[REFERENCE]
        own = predisposition(
            constants,
            state.groups_attitude_mean[REFERENCE],
            state.residents_leaning[i],
            state.residents_skill[i],
            float(state.residents_migration_background[i]),
            draw_of_group(now.key0, now.key1, entity, now.month, key, MIND, MIND_OTHER),
            state.groups_individual[REFERENCE],
        )
        for g in range(len(state.groups_key)):
            start = own
            if g != REFERENCE:
                key = state.groups_key[g]
                u = draw_of_group(now.key0, now.key1, entity, now.month, key, MIND, MIND_OTHER)
                apart = state.groups_attitude_mean[g] - state.groups_attitude_mean[REFERENCE]
                start = other_predisposition(own, apart, u, state.groups_individual[g])
            state.residents_anchor_to[g, i] = start
            state.residents_attitude_to[g, i] = start
            state.residents_contact_with[g, i] = 0.0
            state.residents_conflict_with[g, i] = 0.0


@step
def _succeed(state: Any, now: Any, heirs: Any, ended: Any, stages: Any) -> None:
    """New persons take positions: same household, places and leaning, and no memories (M10).

    heirs: rows of residents; ended: whether the stage of life of each ended; stages: which it was.
    """
    for k in range(len(heirs)):
        i = heirs[k]
        entity = W(state.residents_entity[i]) + W(GENERATION)
        state.residents_entity[i] = entity
        state.residents_since[i] = now.month
        u = uniform(now.key0, now.key1, entity, now.month, NEW_AGE, 0)
        state.residents_age[i] = successor_age(stages[k], ended[k], u)
        state.residents_leisure[i] = 0.0
        state.residents_norm[i] = 0.0
        state.residents_volunteer[i] = 0.0
        state.residents_volunteered[i] = 0
        state.residents_fatigue[i] = 0.0


@kernel
def _pass_on(state: Any, constants: Any, now: Any, first: int, last: int) -> None:
    """Residents from `first` to before `last` grow a month older, or leave their position to a successor."""
    n = last - first
    ages = state.residents_age[first:last]
    leaves = np.empty(n)
    fill_uniform(now.key0, now.key1, state.residents_entity[first:last], now.month, LEAVES, 0, n, leaves)
    moving = constants.demography_moves / 12.0
    # Few leave in a month: a number above the chance of the oldest spares the chance of the person.
    highest = moving + death_chance(OLDEST + 1.0, constants.demography_deaths_at_80)
    before = ages.copy()
    ended = np.empty(n, dtype=np.bool_)
    asked = np.empty(n, dtype=np.bool_)
    for i in range(n):  # without branches, which the compiler turns into vector instructions
        age = before[i] + 1.0 / 12.0
        ages[i] = age
        ended[i] = ((before[i] < ADULT) & (age >= ADULT)) | ((before[i] < PENSION) & (age >= PENSION))
        asked[i] = ended[i] | (leaves[i] < highest)
    heirs = np.empty(n, dtype=np.int64)
    stages = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        if not asked[i]:
            continue
        chance = moving + death_chance(before[i], constants.demography_deaths_at_80)
        if ended[i] or leaves[i] < chance:
            stage = stage_of(before[i])
            if ended[i]:
                state.residents_former[first + i] = GREW_UP if stage == CHILD else STOPPED_WORK
            else:
                state.residents_former[first + i] = MOVED_AWAY if leaves[i] < moving else RESIDENT_DIED
            heirs[count] = first + i
            stages[count] = stage
            ended[count] = ended[i]  # from the front, where all have been asked
            count += 1
    _succeed(state, now, heirs[:count], ended[:count], stages[:count])
    _make_up_minds(state, constants, now, heirs[:count])


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """A month older: residents are succeeded when they die, move away or leave their stage of life; migrants
    die."""
    state.locality_residents_now[0] = state.locality_residents_now[0] * (1.0 + state.locality_trend[0] / 12.0)
    for first in range(0, now.residents, BLOCK):
        _pass_on(state, constants, now, first, min(now.residents, first + BLOCK))
    dies = np.empty(now.migrants)
    fill_uniform(now.key0, now.key1, state.migrants_entity, now.month, DEATH, 0, now.migrants, dies)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        before = state.migrants_age[i]
        state.migrants_age[i] = min(OLDEST, before + 1.0 / 12.0)
        if before < ADULT and state.migrants_age[i] >= ADULT:
            state.migrants_school[i] = -1
            state.migrants_children[i] = 0
        chance = death_chance(before, constants.demography_deaths_at_80)
        if dies[i] < chance:
            state.migrants_present[i] = 0
            state.migrants_left[i] = now.month
            state.migrants_departure[i] = MIGRANT_DIED
            state.locality_deaths[0] += 1.0
            if state.migrants_workplace[i] >= 0:
                state.places_migrant_workers[state.migrants_workplace[i]] -= 1


@kernel
def _nearer(ideology: Any, one: int, other: int, position: float) -> bool:
    """Whether one bloc stands nearer to a position than another one, or there is no other one (-1)."""
    return bool(other < 0 or abs(ideology[one] - position) < abs(ideology[other] - position))


@kernel
def _nearest(ideology: Any, stands: Any, position: float) -> int:
    """The bloc that stands for election and is nearest to a position, the first of two; -1 if none stands."""
    choice = -1
    for b in range(len(stands)):
        if stands[b] and _nearer(ideology, b, choice, position):
            choice = b
    return choice


@step
def _count_votes(state: Any, constants: Any, now: Any, radical: int, votes: Any) -> float:
    """Votes of all adults, by bloc; returns their number.

    Who is beyond the cut votes for the radical right, all others for the nearest bloc. The cut is the same as
    at the start; votes move by how opinion has changed (A2, A8).
    """
    stands = np.zeros(len(votes), dtype=np.bool_)
    for b in range(len(votes)):
        # A bloc without seats at the start does not stand.
        stands[b] = state.blocs_radical_right[b] == 0 and state.blocs_seats[b] > 0.0
    total = 0.0
    for i in range(now.residents):
        if state.residents_age[i] < ADULT:
            continue
        position = vote_position(
            state.residents_leaning[i],
            state.residents_attitude_to[REFERENCE, i],
            state.residents_anchor_to[REFERENCE, i],
            constants.demography_vote_weight,
        )
        if radical >= 0 and -position > constants.population_radical_cut:
            choice = radical
        else:
            choice = _nearest(state.blocs_ideology, stands, position)
        if choice >= 0:
            votes[choice] += 1.0
            total += 1.0
    return total


@step
def _partner_of(state: Any, largest: int, votes: Any) -> int:
    """The bloc nearest to the largest one that is free to govern with it; -1 if there is none."""
    partner = -1
    near = state.blocs_ideology[largest]
    for b in range(len(votes)):
        free = state.blocs_executive[b] == 0 and state.blocs_radical_right[b] == 0 and votes[b] > 0.0
        if free and _nearer(state.blocs_ideology, b, partner, near):
            partner = b
    return partner


@step
def _form_majority(state: Any, votes: Any) -> float:
    """The largest bloc governs, with its nearest neighbours until more than half of the seats are held.

    Nobody governs with the radical right. Returns the ideology of the executive.
    """
    largest = -1
    for b in range(len(votes)):
        state.blocs_executive[b] = 0
        if state.blocs_radical_right[b] == 0 and (largest < 0 or votes[b] > votes[largest]):
            largest = b
    held = 0.0
    ideology = 0.0
    partner = largest
    while partner >= 0:
        state.blocs_executive[partner] = 1
        held += state.blocs_seats[partner]
        ideology += state.blocs_seats[partner] * state.blocs_ideology[partner]
        partner = _partner_of(state, largest, votes) if held <= 0.5 else -1
    return ideology / max(held, TINY)


@step
def follow_nation(state: Any, constants: Any, now: Any) -> None:
    """The radical right takes the seats of its course, all others share the rest as before; its group in the
    council acts where it has seats."""
    before, seats = state.locality_rrp[0], constants.seats[now.month]
    if seats == before:
        return
    rest = (1.0 - seats) / max(TINY, 1.0 - before)
    for b in range(len(state.blocs_seats)):
        if state.blocs_radical_right[b] == 1:
            state.blocs_seats[b] = seats
        else:
            state.blocs_seats[b] = state.blocs_seats[b] * rest
    state.locality_rrp[0] = seats
    for o in range(now.organisations):
        if state.organisations_radical_right[o] == 1:
            state.organisations_active[o] = 1 if seats > 0.0 else 0


@entry
@kernel
def elect(state: Any, constants: Any, now: Any) -> None:
    """Seats follow the national vote, or, where elections follow opinion and a term ends: adults vote, seats
    follow votes, a majority forms, and the executive takes its ideology."""
    if now.elections != ENDOGENOUS and now.seats == NATIONAL_COURSE:
        follow_nation(state, constants, now)
    if now.elections != ENDOGENOUS or now.month == 0 or now.month % TERM != 0:
        return
    blocs = len(state.blocs_seats)
    radical = -1
    for b in range(blocs):
        if state.blocs_radical_right[b] == 1:
            radical = b
    votes = np.zeros(blocs)
    total = _count_votes(state, constants, now, radical, votes)
    if total == 0.0:
        return
    for b in range(blocs):
        state.blocs_seats[b] = votes[b] / total
    ideology = _form_majority(state, votes)
    state.locality_executive_ideology[0] = ideology
    for o in range(now.organisations):
        if state.organisations_head[o] == 1:  # who hold office change; all others keep their views
            state.organisations_ideology[o] = ideology
    if radical >= 0:
        state.locality_rrp[0] = state.blocs_seats[radical]


def seats_of(locality: Locality) -> tuple[Any, ...]:
    """Seats of the radical right in every month."""
    return (locality.info["seats"],)


PROCESS = Process(
    name="demography",
    purpose="the population follows its trend, residents are succeeded, seats follow the nation or opinion",
    source="docs/odd.md process 3; docs/odd.md A2, A8",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    tables=seats_of,
    kernels=(advance, elect),
    theories=("elections", "seats"),
    draws=("LEAVES", "NEW_AGE", "MIND", "MIND_OTHER", "DEATH"),
)
