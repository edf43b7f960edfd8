"""Arrivals and reception: quotas, own choice, families that follow; the asylum procedure; quality of
reception."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from woc_sim.draws import W, uniform
from woc_sim.inputs.sectors import sector
from woc_sim.inputs.tables import margin, margins
from woc_sim.jit import entry, kernel, pack
from woc_sim.processes.contract import Process
from woc_sim.rules.arrivals import (
    birth_chance,
    chosen_arrivals,
    hosting_chance,
    placed_arrivals,
    procedure_months,
    reception_aim,
    reunion_chance,
    whole_number,
)
from woc_sim.rules.curves import coverage, saturate, towards
from woc_sim.world.locality import Locality, Now, field_name, record
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    HOSTED,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PLACED_STAYING,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    SUPPORTED,
    UKRAINIAN,
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
ADULT = 18.0
SCHOOL_AGE = 6.0

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
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@cache
def composition() -> np.ndarray[Any, Any]:
    """Margins of the two groups (rows): running shares of five ages, women, three skills, three family
    states, visible."""
    rows = []
    for prefix, group in (("asylum", "non_european"), ("ukrainian", "ukrainian")):
        row: list[float] = []
        for quantity in ("age", "skill", "family"):
            total = 0.0
            for share in margins(f"{prefix}_{quantity}").values():
                total += share
                row.append(total)
        rows.append([*row, margin(f"{prefix}_gender", "female"), margin("visible_minority", group)])
    return np.array(rows)


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
def expect(state: Any, constants: Any, now: Any, sponsors: Any) -> Any:
    """Numbers of placed and choosing non-Europeans, of Ukrainians, and of families that follow (rows into
    sponsors)."""
    people = state.locality_inhabitants[0] * state.locality_scale[0] / 1000.0
    due = people * state.locality_asylum_share[0] / 12.0 * state.locality_asylum[0]
    share = state.locality_placed_share[0]
    placed = placed_arrivals(due, share, state.locality_openness[0], constants.arrivals_quota_response)
    chosen = chosen_arrivals(
        due,
        share,
        state.locality_tightness[0],
        state.locality_migrant_share[0] + state.locality_matched[0],
        constants.arrivals_jobs_pull,
        constants.arrivals_network_pull,
    )
    ukrainians = people * state.locality_ukrainian_share[0] * state.locality_ukrainians[0]
    n_placed = whole_number(placed, uniform(now.key0, now.key1, 0, now.month, COUNT, 0))
    n_chosen = whole_number(chosen, uniform(now.key0, now.key1, 0, now.month, COUNT, 1))
    n_ukrainian = whole_number(ukrainians, uniform(now.key0, now.key1, 0, now.month, COUNT, 2))
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
    return n_placed, n_chosen, n_ukrainian, following


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
        state.locality_births[0] += 1.0


@kernel
def host_of(state: Any, constants: Any, now: Any, entity: Any, group: int) -> int:
    """A resident who gives a newcomer a room, among those asked; -1 if none does (A18)."""
    for k in range(ASKED):
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k)
        who = int(u * now.residents)
        if state.residents_age[who] < ADULT:
            continue
        attitude, distance = state.residents_attitude[who], state.residents_distance[who]
        if group == UKRAINIAN:
            attitude, distance = state.residents_attitude_ua[who], state.residents_distance_ua[who]
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


@entry
@kernel
def advance(state: Any, constants: Any, now: Any, sponsors: Any, mothers: Any) -> Any:
    """Procedures, schooling and reception, then the number of arrivals of each kind and of births."""
    decide(state, constants, now)
    first_school, schools = schools_of(state)
    if schools > 0:
        go_to_school(state, now, first_school, schools)
    placed, chosen, ukrainian, following = expect(state, constants, now, sponsors)
    count = placed + chosen + ukrainian + following
    lived = max(1.0, state.locality_residents_now[0] * state.locality_scale[0])
    state.locality_arrivals[0] = count
    # A running year: a twelfth of last year's arrivals drops out, this month's come in.
    state.locality_arrival_rate[0] = min(1.0, state.locality_arrival_rate[0] * 11.0 / 12.0 + count / lived)
    return placed, chosen, ukrainian, following, expecting(state, constants, now, mothers)


@kernel
def _class_of(shares: Any, group: int, first: int, count: int, u: float) -> int:
    """Class of a uniform number among `count` running shares of a group that begin at column `first`."""
    level = 0
    while level < count - 1 and u >= shares[group, first + level]:
        level += 1
    return level


@entry
@kernel
def arrive(
    state: Any,
    constants: Any,
    now: Any,
    first: int,
    placed: int,
    chosen: int,
    ukrainian: int,
    sponsors: Any,
    shares: Any,
) -> None:
    """Fill the rows from `first` on: placed, choosing, Ukrainians, then one person for each sponsor."""
    first_school, schools = schools_of(state)
    adult = -1  # of the family that the row before belongs to
    lows = np.array([0.0, 6.0, 18.0, 35.0, 65.0])
    widths = np.array([6.0, 12.0, 17.0, 30.0, 15.0])
    alone = placed + chosen + ukrainian
    for k in range(alone + len(sponsors)):
        i = first + k
        group = UKRAINIAN if placed + chosen <= k < alone else NON_EUROPEAN
        following = k >= alone
        if k == placed + chosen or k == alone:
            adult = -1
        sponsor = 0
        if following:
            sponsor = sponsors[k - alone]
            group = int(state.migrants_group[sponsor])
            entity = W(state.migrants_entity[sponsor]) | W(FAMILY_BIT)
        else:
            # Counted apart, so that one more placed leaves those who chose the place who they are.
            ordinal = k if k < placed else k - placed + CHOOSERS
            if group == UKRAINIAN:
                ordinal = k - placed - chosen
            entity = (W(group) << W(48)) | (W(now.month) << W(24)) | W(ordinal)
        state.migrants_entity[i] = entity
        state.migrants_group[i] = group
        state.migrants_cohort[i] = now.month
        state.migrants_present[i] = 1
        u = uniform(now.key0, now.key1, entity, now.month, AGE, 0)
        level = _class_of(shares, group, 0, 5, u)
        if following:
            level = 2 if u < 0.7 else 3
        within = uniform(now.key0, now.key1, entity, now.month, AGE, 1)
        state.migrants_age[i] = lows[level] + widths[level] * within
        child = state.migrants_age[i] < 18.0
        u = uniform(now.key0, now.key1, entity, now.month, GENDER, 0)
        state.migrants_female[i] = 1 if u < shares[group, 11] else 0
        if following:
            state.migrants_female[i] = 1 if state.migrants_female[sponsor] == 0 else 0
        u = uniform(now.key0, now.key1, entity, now.month, SKILL, 0)
        within = uniform(now.key0, now.key1, entity, now.month, SKILL, 1)
        state.migrants_skill[i] = (_class_of(shares, group, 5, 3, u) + within) / 3.0
        u = uniform(now.key0, now.key1, entity, now.month, VISIBLE, 0)
        state.migrants_visible[i] = 1 if u < shares[group, 12] else 0
        u = uniform(now.key0, now.key1, entity, now.month, FAMILY, 0)
        state.migrants_family[i] = _class_of(shares, group, 8, 3, u)
        if child or following:
            state.migrants_family[i] = FAMILY_HERE
        u = uniform(now.key0, now.key1, entity, now.month, CHILDREN, 0)
        parent = not child and state.migrants_age[i] < 55.0 and state.migrants_family[i] == FAMILY_HERE
        state.migrants_children[i] = (
            1 if (parent and u < 0.6) or (child and state.migrants_age[i] >= 6.0) else 0
        )
        # A child belongs to the family before it in the list, if one came; a follower to the sponsor's.
        if following:
            state.migrants_head[i] = state.migrants_head[sponsor]
            if state.migrants_head[i] < 0:
                state.migrants_head[i] = sponsor
        elif child and adult >= 0:
            state.migrants_head[i] = adult
        elif not child:
            adult = i if state.migrants_family[i] == FAMILY_HERE else -1
        head = state.migrants_head[i]
        way = uniform(now.key0, now.key1, entity, now.month, WAY, 0)
        home = uniform(now.key0, now.key1, entity, now.month, HOME, 0)
        if following:
            state.migrants_arrival[i] = CHOSE
            state.migrants_housing[i] = state.migrants_housing[sponsor]
            state.migrants_host[i] = state.migrants_host[sponsor]
            state.migrants_family[sponsor] = FAMILY_HERE
            if state.migrants_children[i] == 1:
                state.migrants_children[sponsor] = 1
        elif group == UKRAINIAN:
            state.migrants_arrival[i] = CHOSE if way < constants.arrivals_chosen_ua else PLACED_STAYING
            state.migrants_housing[i] = SUPPORTED
        elif k < placed:
            state.migrants_arrival[i] = PLACED_LEAVING if way < constants.arrivals_leaving else PLACED_STAYING
            state.migrants_housing[i] = RECEPTION
        else:
            state.migrants_arrival[i] = CHOSE
            state.migrants_housing[i] = RECEPTION
        if not following and state.migrants_arrival[i] == CHOSE and home < constants.arrivals_hosted:
            state.migrants_host[i] = host_of(state, constants, now, entity, group)
            if state.migrants_host[i] >= 0:
                state.migrants_housing[i] = HOSTED
        if head >= 0 and not following:
            state.migrants_arrival[i] = state.migrants_arrival[head]
            state.migrants_housing[i] = state.migrants_housing[head]
            state.migrants_host[i] = state.migrants_host[head]
        if following or group == UKRAINIAN:  # temporary protection and family visas need no procedure (A18)
            state.migrants_status[i] = PROTECTED
            state.migrants_decision[i] = now.month
        else:
            state.migrants_status[i] = PROCEDURE
            u = uniform(now.key0, now.key1, entity, now.month, WAIT, 0)
            months = procedure_months(state.locality_waiting[0], constants.arrivals_procedure_spread, u)
            state.migrants_decision[i] = state.migrants_decision[head] if head >= 0 else now.month + months
        state.migrants_neighbourhood[i] = 0  # the neighbourhood of the reception centre
        if following:
            state.migrants_neighbourhood[i] = state.migrants_neighbourhood[sponsor]
        elif head >= 0:
            state.migrants_neighbourhood[i] = state.migrants_neighbourhood[head]
        elif state.migrants_host[i] >= 0:
            state.migrants_neighbourhood[i] = state.residents_neighbourhood[state.migrants_host[i]]
        elif state.migrants_housing[i] != RECEPTION:
            u = uniform(now.key0, now.key1, entity, now.month, HOME, 1)
            state.migrants_neighbourhood[i] = state.residents_neighbourhood[int(u * now.residents)]
        if state.migrants_children[i] == 1 and schools > 0:
            state.migrants_school[i] = first_school + state.migrants_neighbourhood[i] % schools


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
