"""Arrivals and reception: quotas, own choice, families that follow; the asylum procedure; quality of
reception."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import W, uniform
from woc_sim.inputs.ages import ADULT, ARRIVAL_CLASSES, PARENT_TO, SCHOOL_FROM
from woc_sim.jit import entry, kernel, pack
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import attitude_to, covered, distance_to, venues_of
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
from woc_sim.rules.curves import saturate, towards
from woc_sim.world.groups import GROUPS, SKILLS
from woc_sim.world.locality import Locality, Now, field_name, record
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    HOSTED,
    PLACED_LEAVING,
    PLACED_STAYING,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    SUPPORTED,
)
from woc_sim.world.places import SCHOOL

# Purposes of draws: COUNT of the locality, the others of one migrant.
COUNT, AGE, GENDER, SKILL, VISIBLE, WAY, FAMILY, HOME, WAIT, CLAIM, REUNION, CHILDREN, HOST, BIRTH, APPEAL = (
    range(1, 16)
)

RECEPTION_SECTOR = 0
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
def count_newcomers(state: Any, constants: Any, now: Any, coming: Any) -> int:
    """How many arrive this month who follow nobody; fills for each group how many are placed and how many
    choose the place. Where there is no quota all are counted as one."""
    people = state.locality_inhabitants[0] * state.locality_scale[0] / THOUSAND
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
            chosen = chosen_arrivals(constants, due, share, state.locality_tightness[0], compatriots)
            coming[g, 1] = whole_number(chosen, uniform(now.key0, now.key1, 0, now.month, COUNT, index + 1))
            due = placed_arrivals(due, share, state.locality_openness[0], constants.arrivals_quota_response)
        coming[g, 0] = whole_number(due, uniform(now.key0, now.key1, 0, now.month, COUNT, index))
        count += coming[g, 0] + coming[g, 1]
    return count


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
        if state.migrants_present[i] == 1 and SCHOOL_FROM <= age < ADULT and state.migrants_school[i] < 0:
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


@kernel
def host_of(state: Any, constants: Any, now: Any, entity: Any, group: int) -> int:
    """A resident who gives a newcomer a room, among those asked; -1 if none does (A18)."""
    for k in range(ASKED):
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k)
        who = int(u * now.residents)
        if state.residents_age[who] < ADULT:
            continue
        attitude, distance = attitude_to(state, who, group), distance_to(state, who, group)
        u = uniform(now.key0, now.key1, entity, now.month, HOST, 2 * k + 1)
        if u < hosting_chance(constants, attitude, distance):
            return who
    return -1


@entry
@kernel
def advance(state: Any, constants: Any, now: Any, coming: Any, sponsors: Any, mothers: Any) -> Any:
    """Procedures, schooling and reception, then the numbers of all who come, of those who follow their
    families among them, and of births."""
    decide(state, constants, now)
    receive(state, constants)
    first_school, schools = venues_of(state, SCHOOL)
    if schools > 0:
        go_to_school(state, now, first_school, schools)
    following = find_sponsors(state, constants, now, sponsors)
    count = count_newcomers(state, constants, now, coming) + following
    lived = max(1.0, state.locality_residents_now[0] * state.locality_scale[0])
    state.locality_arrivals[0] = count
    # A running year: a twelfth of last year's arrivals drops out, this month's come in.
    earlier = state.locality_arrival_rate[0] * EARLIER_MONTHS / 12.0
    state.locality_arrival_rate[0] = min(1.0, earlier + count / lived)
    return count, following, find_mothers(state, constants, now, mothers)


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
    count: int
    placed: Any  # of all who follow nobody: whether they are counted as placed


@kernel
def _enter(state: Any, now: Any, new: Any, coming: Any, sponsors: Any) -> None:
    """Keys of randomness, group and month of arrival."""
    i = new.first
    for g in range(len(state.groups_key)):
        for way in range(2):
            for k in range(coming[g, way]):
                # Counted apart, so that one more placed leaves those who chose the place who they are.
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
    for i in range(new.first, new.first + new.count):
        state.migrants_cohort[i] = now.month
        state.migrants_present[i] = 1


@kernel
def _describe(state: Any, constants: Any, now: Any, new: Any, sponsors: Any) -> None:
    """Age, gender, skill, visibility and family, drawn from the margins of the group."""
    for k in range(new.count):
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


@kernel
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


@kernel
def _house(state: Any, constants: Any, now: Any, new: Any, sponsors: Any) -> None:
    """The way to the place, placed or chosen, and the first roof: reception, a host, a supported home."""
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
            state.migrants_host[i] = host_of(state, constants, now, entity, group)
            if state.migrants_host[i] >= 0:
                housing = HOSTED
        state.migrants_arrival[i] = arrival
        state.migrants_housing[i] = housing
    for k in range(len(sponsors)):
        i = new.first + new.alone + k
        state.migrants_arrival[i] = CHOSE
        state.migrants_housing[i] = state.migrants_housing[sponsors[k]]
        state.migrants_host[i] = state.migrants_host[sponsors[k]]


@kernel
def _open_procedures(state: Any, constants: Any, now: Any, new: Any) -> None:
    """Temporary protection and family visas need no procedure (A18); all others wait for a decision."""
    for k in range(new.count):
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


@kernel
def _move_in(state: Any, now: Any, new: Any, sponsors: Any) -> None:
    """The neighbourhood, and the school of its children."""
    first_school, schools = venues_of(state, SCHOOL)
    for k in range(new.count):
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
