"""Arrivals and reception: quotas, own choice, families that follow; the asylum procedure; quality of
reception."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import uniform
from woc_sim.jit import entry, kernel, pack
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import covered, venues_of
from woc_sim.processes.newcomers import (
    ADULT,
    APPEAL,
    BIRTH,
    CLAIM,
    COUNT,
    EARLIER_MONTHS,
    RECEPTION_SECTOR,
    REUNION,
    SCHOOL_AGE,
    THOUSAND,
    add_newborns,
    arrive,
    composition,
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
    "locality.asylum",
    "locality.ukrainians",
    "locality.asylum_share",
    "locality.ukrainian_share",
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
    "residents.attitude",
    "residents.attitude_ua",
    "residents.distance",
    "residents.distance_ua",
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
    "arrivals.chosen_ua",
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
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def decide(state: Any, constants: Any, now: Any) -> None:
    """Procedures that end this month, and appeals that are won."""
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


@kernel
def receive(state: Any, constants: Any) -> None:
    """The quality of reception follows what is offered, restricted and crowded."""
    helped = covered(state, RECEPTION_SECTOR)
    crowd = saturate(state.locality_arrival_rate[0], constants.arrivals_crowding)
    aim = reception_aim(constants, helped, state.sectors_restrictive[RECEPTION_SECTOR], crowd)
    state.locality_reception_quality[0] = towards(
        state.locality_reception_quality[0], aim, constants.arrivals_reception_speed
    )


@kernel
def count_newcomers(state: Any, constants: Any, now: Any) -> Any:
    """Numbers of placed and choosing non-Europeans and of Ukrainians who arrive this month."""
    people = state.locality_inhabitants[0] * state.locality_scale[0] / THOUSAND
    due = people * state.locality_asylum_share[0] / 12.0 * state.locality_asylum[0]
    share = state.locality_placed_share[0]
    placed = placed_arrivals(due, share, state.locality_openness[0], constants.arrivals_quota_response)
    compatriots = state.locality_migrant_share[0] + state.locality_matched[0]
    chosen = chosen_arrivals(constants, due, share, state.locality_tightness[0], compatriots)
    ukrainians = people * state.locality_ukrainian_share[0] * state.locality_ukrainians[0]
    n_placed = whole_number(placed, uniform(now.key0, now.key1, 0, now.month, COUNT, 0))
    n_chosen = whole_number(chosen, uniform(now.key0, now.key1, 0, now.month, COUNT, 1))
    n_ukrainian = whole_number(ukrainians, uniform(now.key0, now.key1, 0, now.month, COUNT, 2))
    return n_placed, n_chosen, n_ukrainian


@kernel
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


@kernel
def go_to_school(state: Any, now: Any, first: int, schools: int) -> None:
    """Children who have reached school age go to the school of their neighbourhood, which binds their
    family (S97)."""
    for i in range(now.migrants):
        age = state.migrants_age[i]
        if state.migrants_present[i] == 1 and SCHOOL_AGE <= age < ADULT and state.migrants_school[i] < 0:
            state.migrants_school[i] = first + state.migrants_neighbourhood[i] % schools
            state.migrants_children[i] = 1
            if state.migrants_head[i] >= 0:
                state.migrants_children[state.migrants_head[i]] = 1


@kernel
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
def advance(state: Any, constants: Any, now: Any, sponsors: Any, mothers: Any) -> Any:
    """Procedures, schooling and reception, then the number of arrivals of each kind and of births."""
    decide(state, constants, now)
    receive(state, constants)
    first_school, schools = venues_of(state, SCHOOL)
    if schools > 0:
        go_to_school(state, now, first_school, schools)
    placed, chosen, ukrainian = count_newcomers(state, constants, now)
    following = find_sponsors(state, constants, now, sponsors)
    count = placed + chosen + ukrainian + following
    lived = max(1.0, state.locality_residents_now[0] * state.locality_scale[0])
    state.locality_arrivals[0] = count
    # A running year: a twelfth of last year's arrivals drops out, this month's come in.
    earlier = state.locality_arrival_rate[0] * EARLIER_MONTHS / 12.0
    state.locality_arrival_rate[0] = min(1.0, earlier + count / lived)
    return placed, chosen, ukrainian, following, find_mothers(state, constants, now, mothers)


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    sponsors = np.empty(now.migrants + 1, dtype=np.int64)
    mothers = np.empty(now.migrants + 1, dtype=np.int64)
    placed, chosen, ukrainian, following, births = advance(state, constants, now, sponsors, mothers)
    count = placed + chosen + ukrainian + following
    if count + births:
        first = locality.sets["migrants"].append(count + births)
        if state.migrants_entity is not locality.buffer("migrants.entity"):  # the set has grown: new buffers
            state = pack(State(**{field_name(name): locality.buffer(name) for name in PROCESS.columns()}))
        arrive(state, constants, now, first, placed, chosen, ukrainian, sponsors[:following], composition())
        add_newborns(state, constants, now, first + count, mothers[:births])


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
