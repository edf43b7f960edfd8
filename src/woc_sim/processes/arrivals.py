"""Arrivals and reception: quotas, own choice, families that follow; the asylum procedure; quality of
reception."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import W, uniform
from woc_sim.inputs.ages import ADULT, SCHOOL_FROM
from woc_sim.jit import entry, kernel, pack
from woc_sim.processes.contract import Process
from woc_sim.processes.newcomers import (
    GENDER,
    by_what_right,
    near_whom,
    schools_of,
    to_where,
    who_comes,
    with_whom,
)
from woc_sim.rules.arrivals import (
    birth_chance,
    chosen_arrivals,
    placed_arrivals,
    reception_aim,
    reunion_chance,
    whole_number,
)
from woc_sim.rules.curves import coverage, saturate, towards
from woc_sim.world.groups import GROUPS
from woc_sim.world.locality import Locality, Now, field_name, record
from woc_sim.world.people import (
    FAMILY_ABROAD,
    FAMILY_HERE,
    PROCEDURE,
    PROTECTED,
    REFUSED,
)

# Purposes of draws: COUNT of the locality, the others of one migrant, as in `woc_sim.processes.newcomers`.
COUNT, CLAIM, REUNION, BIRTH, APPEAL = 1, 10, 11, 14, 15

RECEPTION_SECTOR = 0
FAMILY_BIT = 1 << 56  # marks the key of a person who follows a sponsor; the rest of the key is the sponsor's
BIRTH_BITS, MORE_BIRTH_BITS = (
    57,
    49,
)  # where the key of a child born here has its month; the rest is the mother's
CHOOSERS = 1 << 23  # where the ordinals of those who chose the place begin

READS = (
    "locality.inhabitants",
    "locality.scale",
    "groups.key",
    "groups.origin",
    "groups.procedure",
    "groups.quota",
    "groups.months",
    "groups.chose",
    "groups.settled",
    "groups.female",
    "groups.visible",
    "groups.age",
    "groups.skill",
    "groups.family",
    "locality.arriving",
    "locality.arrivals_per_1000",
    "locality.placed_share",
    "locality.openness",
    "locality.tightness",
    "locality.waiting",
    "locality.matched",
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
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def decide(state: Any, constants: Any, now: Any) -> None:
    """Procedures that end this month; the quality of reception."""
    for i in range(now.migrants):
        waiting = state.migrants_present[i] == 1 and state.migrants_status[i] == PROCEDURE
        if waiting and now.month >= state.migrants_decision[i]:
            head = state.migrants_head[i]
            if head >= 0 and state.migrants_present[head] == 1:  # one decision for a family, the head's first
                state.migrants_status[i] = state.migrants_status[head]
                continue
            u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, CLAIM, 0)
            state.migrants_status[i] = REFUSED if u < constants.arrivals_refused else PROTECTED
        elif state.migrants_present[i] == 1 and state.migrants_status[i] == REFUSED:
            u = uniform(now.key0, now.key1, state.migrants_entity[i], now.month, APPEAL, 0)
            if u < constants.arrivals_appeal:
                state.migrants_status[i] = PROTECTED
                state.migrants_decision[i] = now.month
    helped = coverage(
        state.sectors_public[RECEPTION_SECTOR],
        state.sectors_higher[RECEPTION_SECTOR],
        state.sectors_nonpublic[RECEPTION_SECTOR],
    )
    crowd = saturate(state.locality_arrival_rate[0], constants.arrivals_crowding)
    aim = reception_aim(
        constants.arrivals_reception_base, helped, state.sectors_restrictive[RECEPTION_SECTOR], crowd
    )
    state.locality_reception_quality[0] = towards(
        state.locality_reception_quality[0], aim, constants.arrivals_reception_speed
    )


@kernel
def expect(state: Any, constants: Any, now: Any, coming: Any) -> int:
    """How many come this month, which is also returned: for each group those who are placed and those who
    choose the place; where there is no quota, all are counted as one."""
    people = state.locality_inhabitants[0] * state.locality_scale[0] / 1000.0
    share = state.locality_placed_share[0]
    count = 0
    for g in range(len(state.groups_key)):
        size = people * state.locality_arrivals_per_1000[g, 0] / state.groups_months[g]
        due = size * state.locality_arriving[g, 0]
        index = 2 * state.groups_key[g]
        if state.groups_quota[g] == 1:
            compatriots = state.locality_migrant_share[0]
            if state.groups_settled[g] == 1:
                compatriots += state.locality_matched[0]
            chosen = chosen_arrivals(
                due,
                share,
                state.locality_tightness[0],
                compatriots,
                constants.arrivals_jobs_pull,
                constants.arrivals_network_pull,
            )
            u = uniform(now.key0, now.key1, 0, now.month, COUNT, index + 1)
            coming[g, 1] = whole_number(chosen, u)
            due = placed_arrivals(due, share, state.locality_openness[0], constants.arrivals_quota_response)
        coming[g, 0] = whole_number(due, uniform(now.key0, now.key1, 0, now.month, COUNT, index))
        count += coming[g, 0] + coming[g, 1]
    return count


@kernel
def follow(state: Any, constants: Any, now: Any, sponsors: Any) -> int:
    """Migrants whose family follows this month (rows into sponsors); returns how many."""
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


@kernel
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


@kernel
def expecting(state: Any, constants: Any, now: Any, mothers: Any) -> int:
    """Women who give birth this month (rows into mothers); returns how many."""
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
def bear(state: Any, now: Any, first: int, mothers: Any) -> None:
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
        state.migrants_female[i] = 1 if u < 0.49 else 0
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


@entry
@kernel
def advance(state: Any, constants: Any, now: Any, coming: Any, sponsors: Any, mothers: Any) -> Any:
    """Procedures, schooling and reception, then who comes: fills `coming`; returns the numbers of all who
    come, of families that follow among them, and of births."""
    decide(state, constants, now)
    first_school, schools = schools_of(state)
    if schools > 0:
        go_to_school(state, now, first_school, schools)
    following = follow(state, constants, now, sponsors)
    count = expect(state, constants, now, coming) + following
    lived = max(1.0, state.locality_residents_now[0] * state.locality_scale[0])
    state.locality_arrivals[0] = count
    # A running year: a twelfth of last year's arrivals drops out, this month's come in.
    state.locality_arrival_rate[0] = min(1.0, state.locality_arrival_rate[0] * 11.0 / 12.0 + count / lived)
    return count, following, expecting(state, constants, now, mothers)


@entry
@kernel
def arrive(state: Any, constants: Any, now: Any, first: int, coming: Any, sponsors: Any) -> None:
    """Fill the rows from `first` on: of each group those who are placed and those who choose, then one person
    for each sponsor."""
    first_school, schools = schools_of(state)
    i = first
    for g in range(len(state.groups_key)):
        adult = -1
        for way in range(2):
            for k in range(coming[g, way]):
                # Counted apart, so that one more placed leaves those who chose the place who they are.
                ordinal = k + way * CHOOSERS
                entity = W(state.groups_origin[g]) | (W(now.month) << W(24)) | W(ordinal)
                who_comes(state, now, i, entity, g, -1)
                adult = with_whom(state, now, i, adult)
                to_where(state, constants, now, i, way == 0)
                by_what_right(state, constants, now, i)
                near_whom(state, now, i, first_school, schools)
                i += 1
    for k in range(len(sponsors)):
        sponsor = int(sponsors[k])
        entity = W(state.migrants_entity[sponsor]) | W(FAMILY_BIT)
        who_comes(state, now, i, entity, int(state.migrants_group[sponsor]), sponsor)
        with_whom(state, now, i, -1)
        to_where(state, constants, now, i, False)
        by_what_right(state, constants, now, i)
        near_whom(state, now, i, first_school, schools)
        i += 1


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    coming = np.zeros((len(GROUPS), 2), dtype=np.int64)
    sponsors = np.empty(now.migrants + 1, dtype=np.int64)
    mothers = np.empty(now.migrants + 1, dtype=np.int64)
    count, following, births = advance(state, constants, now, coming, sponsors, mothers)
    if count + births:
        first = locality.sets["migrants"].append(count + births)
        if state.migrants_entity is not locality.buffer("migrants.entity"):  # the set has grown: new buffers
            state = pack(State(**{field_name(name): locality.buffer(name) for name in PROCESS.columns()}))
        arrive(state, constants, now, first, coming, sponsors[:following])
        bear(state, now, first + count, mothers[:births])


PROCESS = Process(
    name="arrivals",
    purpose="newcomers arrive by quota, choice or family; procedures run; reception has a quality",
    source="M16, M30, M31, S04, S97, S98; docs/odd.md A17, A18",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    step=_step,
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
