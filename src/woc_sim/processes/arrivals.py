"""Arrivals and reception: quotas, own choice, families that follow; the asylum procedure; quality of
reception."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT, SCHOOL_FROM
from woc_sim.jit import entry, kernel, pack, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import covered, venues_of
from woc_sim.processes.newcomers import (
    APPEAL,
    BIRTH,
    CLAIM,
    COUNT,
    EARLIER_MONTHS,
    RECEPTION_SECTOR,
    REUNION,
    THOUSAND,
    add_newborns,
    arrive,
)
from woc_sim.rules.arrivals import (
    birth_chance,
    chosen_arrivals,
    placed_arrivals,
    reception_aim,
    reunion_chance,
    whole_number,
)
from woc_sim.rules.curves import saturate, towards
from woc_sim.rules.history import rejection_share
from woc_sim.world.groups import GROUPS
from woc_sim.world.locality import Locality, Now, field_name, record
from woc_sim.world.people import (
    FAMILY_ABROAD,
    FAMILY_HERE,
    PROCEDURE,
    PROTECTED,
    REFUSED,
)
from woc_sim.world.places import SCHOOL

READS = (
    "locality.inhabitants",
    "locality.scale",
    "groups.key",
    "groups.origin",
    "groups.procedure",
    "groups.quota",
    "groups.months",
    "groups.chose",
    "groups.origin_shared",
    "groups.female",
    "groups.visible",
    "groups.age",
    "groups.skill",
    "groups.family",
    "locality.arriving",
    "locality.arrivals_per_1000",
    "locality.placed_share",
    "locality.rejected",
    "locality.openness",
    "locality.tightness",
    "locality.waiting",
    "locality.origin_shared",
    "locality.migrant_share",
    "locality.residents_now",
    "places.kind",
    "residents.neighbourhood",
    "residents.age",
    "residents.attitude_to",
    "residents.distance_to",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
)
WRITES = (
    "locality.arrivals",
    "locality.arrival_rate",
    "locality.births",
    "locality.reception_quality",
    "migrants.entity",
    "migrants.group",
    "migrants.cohort",
    "migrants.head",
    "migrants.host",
    "migrants.mother",
    "migrants.sponsor",
    "migrants.present",
    "migrants.age",
    "migrants.female",
    "migrants.skill",
    "migrants.visible",
    "migrants.arrival",
    "migrants.status",
    "migrants.decision",
    "migrants.language",
    "migrants.housing",
    "migrants.neighbourhood",
    "migrants.school",
    "migrants.family",
    "migrants.children",
)
PARAMETERS = (
    "arrivals.quota_response",
    "arrivals.jobs_pull",
    "arrivals.network_pull",
    "arrivals.leaving",
    "arrivals.refused",
    "arrivals.appeal",
    "arrivals.procedure_spread",
    "arrivals.hosted",
    "arrivals.hosting",
    "arrivals.births",
    "arrivals.reception_base",
    "arrivals.reception_speed",
    "arrivals.reunion_delay",
    "arrivals.reunion",
    "arrivals.crowding",
    "arrivals.jobs_half",
    "arrivals.network_half",
    "arrivals.reception_restriction",
    "arrivals.reception_crowding",
    "arrivals.hosting_slope",
    "arrivals.newborn_girls",
    "arrivals.young_followers",
    "arrivals.parents",
)
State = record("State", READS + WRITES, __name__)
TABLES = ("coming", "sponsors", "mothers", "numbers")
Constants = record("Constants", PARAMETERS + TABLES, __name__)


def lists_of(locality: Locality) -> tuple[Any, ...]:
    """Room to note who comes in a month: how many of each group are placed and choose the place, rows whom
    families follow, rows who give birth, and how many come, follow and are born.
    """
    room = locality.sets["migrants"].reserved
    coming = np.zeros((len(GROUPS), 2), dtype=np.int64)
    return coming, *(np.empty(size, dtype=np.int64) for size in (room, room, 3))


@step
def decide(state: Any, constants: Any, now: Any) -> None:
    """Procedures that end this month, and appeals that are won."""
    refused = rejection_share(now.rejections, constants.arrivals_refused, state.locality_rejected[0])
    for i in range(now.migrants):
        waiting = state.migrants_present[i] == 1 and state.migrants_status[i] == PROCEDURE
        if waiting and now.month >= state.migrants_decision[i]:
            head = state.migrants_head[i]
            if head >= 0 and state.migrants_present[head] == 1:  # one decision for a family, the head's first
                state.migrants_status[i] = state.migrants_status[head]
                continue
            u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, CLAIM, 0)
            state.migrants_status[i] = REFUSED if u < refused else PROTECTED
        elif state.migrants_present[i] == 1 and state.migrants_status[i] == REFUSED:
            u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, APPEAL, 0)
            if u < constants.arrivals_appeal:
                state.migrants_status[i] = PROTECTED
                state.migrants_decision[i] = now.month


@step
def receive(state: Any, constants: Any) -> None:
    """The quality of reception follows what is offered, restricted and crowded."""
    helped = covered(state, RECEPTION_SECTOR)
    crowd = saturate(state.locality_arrival_rate[0], constants.arrivals_crowding)
    aim = reception_aim(constants, helped, state.sectors_restrictive[RECEPTION_SECTOR], crowd)
    state.locality_reception_quality[0] = towards(
        state.locality_reception_quality[0], aim, constants.arrivals_reception_speed
    )


@step
def count_newcomers(state: Any, constants: Any, now: Any) -> int:
    """How many arrive this month who follow nobody; fills for each group how many are placed and how many
    choose the place. Where there is no quota all are counted as one."""
    people = state.locality_inhabitants[0] * state.locality_scale[0] / THOUSAND
    share = state.locality_placed_share[0]
    coming = constants.coming
    count = 0
    for g in range(len(state.groups_key)):
        coming[g, 1] = 0
        size = people * state.locality_arrivals_per_1000[g, 0] / state.groups_months[g]
        due = size * state.locality_arriving[g, 0]
        index = 2 * state.groups_key[g]
        if state.groups_quota[g] == 1:
            compatriots = state.locality_migrant_share[0]
            if state.groups_origin_shared[g] == 1:
                compatriots += state.locality_origin_shared[0]
            chosen = chosen_arrivals(constants, due, share, state.locality_tightness[0], compatriots)
            coming[g, 1] = whole_number(chosen, uniform(now.key0, now.key1, 0, now.month, COUNT, index + 1))
            due = placed_arrivals(due, share, state.locality_openness[0], constants.arrivals_quota_response)
        coming[g, 0] = whole_number(due, uniform(now.key0, now.key1, 0, now.month, COUNT, index))
        count += coming[g, 0] + coming[g, 1]
    return count


@step
def find_sponsors(state: Any, constants: Any, now: Any, sponsors: Any) -> int:
    """Migrants whose family follows this month (rows into `sponsors`); returns how many."""
    following = 0
    for i in range(now.migrants):
        if (
            state.migrants_present[i] == 1
            and state.migrants_family[i] == FAMILY_ABROAD
            and state.migrants_status[i] == PROTECTED
        ):
            since = float(now.month - state.migrants_decision[i])
            hazard = reunion_chance(constants.arrivals_reunion, since, constants.arrivals_reunion_delay)
            if uniform(now.key0, now.key1, state.migrants_entity[i], now.month, REUNION, 0) < hazard:
                sponsors[following] = i
                following += 1
    return following


@step
def go_to_school(state: Any, now: Any, first: int, schools: int) -> None:
    """Children who have reached school age go to the school of their neighbourhood, which binds their
    family (S97)."""
    for i in range(now.migrants):
        age = state.migrants_age[i]
        if state.migrants_present[i] == 1 and SCHOOL_FROM <= age < ADULT and state.migrants_school[i] < 0:
            state.migrants_school[i] = first + state.migrants_neighbourhood[i] % schools
            state.migrants_children[i] = 1
            if state.migrants_head[i] >= 0:
                state.migrants_children[state.migrants_head[i]] = 1


@step
def find_mothers(state: Any, constants: Any, now: Any, mothers: Any) -> int:
    """Women who give birth this month (rows into `mothers`); returns how many."""
    births = 0
    for i in range(now.migrants):
        here = state.migrants_present[i] == 1 and state.migrants_family[i] == FAMILY_HERE
        if not here or state.migrants_female[i] == 0 or state.migrants_age[i] < ADULT:
            continue
        u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, BIRTH, 0)
        if u < birth_chance(constants.arrivals_births, state.migrants_age[i]):
            mothers[births] = i
            births += 1
    return births


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Procedures, schooling and reception, then the numbers of all who come, of those who follow their
    families among them, and of births."""
    decide(state, constants, now)
    receive(state, constants)
    first_school, schools = venues_of(state.places_kind, SCHOOL)
    if schools > 0:
        go_to_school(state, now, first_school, schools)
    following = find_sponsors(state, constants, now, constants.sponsors)
    count = count_newcomers(state, constants, now) + following
    lived = max(1.0, state.locality_residents_now[0] * state.locality_scale[0])
    state.locality_arrivals[0] = count
    # A running year: a twelfth of last year's arrivals drops out, this month's come in.
    earlier = state.locality_arrival_rate[0] * EARLIER_MONTHS / 12.0
    state.locality_arrival_rate[0] = min(1.0, earlier + count / lived)
    constants.numbers[0] = count
    constants.numbers[1] = following
    constants.numbers[2] = find_mothers(state, constants, now, constants.mothers)


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    count, following, births = constants.numbers.tolist()
    if count + births:
        first = locality.sets["migrants"].append(count + births)
        if state.migrants_entity is not locality.buffer("migrants.entity"):  # the set has grown: new buffers
            state = pack(State(**{field_name(name): locality.buffer(name) for name in PROCESS.columns()}))
        arrive(state, constants, now, first, constants.coming, constants.sponsors[:following])
        add_newborns(state, constants, now, first + count, constants.mothers[:births])


PROCESS = Process(
    name="arrivals",
    purpose="newcomers arrive by quota, choice or family; procedures run; reception has a quality",
    source="M16, M30, M31, S04, S97, S98; docs/odd.md A17, A18",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    tables=lists_of,
    kernels=(advance,),
    step=_step,
    theories=("rejections", "placement"),
    draws=(
        "COUNT",
        "AGE",
        "GENDER",
        "SKILL",
        "VISIBLE",
        "WAY",
        "FAMILY",
        "HOME",
        "WAIT",
        "CLAIM",
        "REUNION",
        "CHILDREN",
        "HOST",
        "BIRTH",
        "APPEAL",
    ),
)
