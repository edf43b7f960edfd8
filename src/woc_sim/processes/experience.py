"""Experience: what migrants feel follows from what they have and meet; some move on; needs become visible."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_uniform
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.belonging import (
    belonging_aim,
    deprivation_of,
    liking_step,
    loneliness_aim,
    stay_aim,
    trust_aim,
)
from woc_sim.rules.curves import clip, coverage, saturate, towards
from woc_sim.rules.onward import leave_chance
from woc_sim.world.locality import record
from woc_sim.world.people import (
    CHOSE,
    EMPLOYED,
    FAMILY_ABROAD,
    FAMILY_HERE,
    HOSTED,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    REFUSED,
    SUPPORTED,
    TIES,
    UKRAINIAN,
)

LEAVES = 1
RECEPTION, LANGUAGE, WORK = sector("reception"), sector("language"), sector("work")
HOUSING, EDUCATION, ENCOUNTER = sector("housing"), sector("education"), sector("encounter")
RIGHTS, SERVICES, STEERING = sector("rights"), sector("services"), sector("steering")
GOOD_COMMAND = 0.5  # language from which no more help is needed
YOUNGEST, OLDEST, SCHOOL_FROM, GROWN = 16.0, 65.0, 6.0, 18.0  # years

READS = (
    "locality.acceptance_gap",
    "locality.residence_rule",
    "locality.reception_quality",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
    "encounters.bad",
    "migrants.entity",
    "migrants.group",
    "migrants.cohort",
    "migrants.head",
    "migrants.age",
    "migrants.arrival",
    "migrants.status",
    "migrants.decision",
    "migrants.language",
    "migrants.known",
    "migrants.housing",
    "migrants.school",
    "migrants.family",
    "migrants.children",
    "migrants.good",
    "migrants.events",
    "migrants.refused_job",
    "migrants.refused_home",
    "migrants.tie",
    "migrants.coethnic",
)
WRITES = (
    "locality.migrant_share",
    "locality.ukrainian_part",
    "locality.conflicts",
    "locality.moved_on",
    "sectors.need",
    "places.migrant_workers",
    "migrants.job",
    "migrants.workplace",
    "migrants.present",
    "migrants.left",
    "migrants.discrimination",
    "migrants.trust",
    "migrants.attitude",
    "migrants.belonging",
    "migrants.loneliness",
    "migrants.stay",
    "migrants.deprivation",
)
PARAMETERS = (
    "experience.speed",
    "experience.memory",
    "experience.refusal",
    "experience.liking",
    "experience.leave",
    "experience.free_months",
    "experience.seen",
    "experience.visible_need",
    "experience.conflict_half",
    "experience.conflict_speed",
    "attitudes.contact_half",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def home_of(housing: int) -> float:
    """How far a home is one's own: reception 0, supported .5, with a host .4, private 1."""
    if housing == PRIVATE:
        return 1.0
    if housing == SUPPORTED:
        return 0.5
    return 0.4 if housing == HOSTED else 0.0


@kernel
def feel(state: Any, constants: Any, now: Any) -> None:
    """Migrants' feelings move towards what their circumstances amount to."""
    ukrainians = 0.0
    working = 0.0
    homes = 0.0
    people = float(now.residents)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        people += 1.0
        if state.migrants_group[i] == UKRAINIAN:
            ukrainians += 1.0
            homes += home_of(state.migrants_housing[i])
            if state.migrants_job[i] != NO_JOB:
                working += 1.0
    presence = saturate(ukrainians / people, constants.experience_seen)
    working /= max(1.0, ukrainians)
    homes /= max(1.0, ukrainians)
    harm = 0.0
    served = 0.0
    for s in range(len(state.sectors_need) - 1):
        harm = max(harm, state.sectors_restrictive[s])
        served += coverage(state.sectors_public[s], state.sectors_higher[s], state.sectors_nonpublic[s])
    served /= len(state.sectors_need) - 1
    reception = state.locality_reception_quality[0]
    speed = constants.experience_speed
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        ties = 0.0
        for k in range(TIES):
            if state.migrants_tie[i, k] >= 0:
                ties += 1.0
        status = state.migrants_status[i]
        job = 0.0
        if state.migrants_job[i] != NO_JOB:
            job = 1.0 if state.migrants_job[i] == EMPLOYED else 0.6
        home = home_of(state.migrants_housing[i])
        if state.migrants_group[i] == NON_EUROPEAN:
            lasting = 0.0
            if status != PROTECTED:
                lasting = 1.0
            elif state.migrants_decision[i] > state.migrants_cohort[i]:
                lasting = 0.5  # others were spared the wait that lies behind
            state.migrants_deprivation[i] = towards(
                state.migrants_deprivation[i],
                deprivation_of(
                    lasting,
                    homes - home,
                    working - (1.0 if job > 0.0 else 0.0),
                    2.0 * state.locality_acceptance_gap[0],
                    presence,
                ),
                speed,
            )
        felt = state.migrants_events[i] + constants.experience_refusal * (
            float(state.migrants_refused_job[i]) + float(state.migrants_refused_home[i])
        )
        remembered = state.migrants_discrimination[i] * (1.0 - constants.experience_memory) + felt
        state.migrants_discrimination[i] = remembered
        years = float(now.month - state.migrants_cohort[i]) / 12.0
        belonging = towards(
            state.migrants_belonging[i],
            belonging_aim(
                ties,
                job,
                home,
                state.migrants_language[i],
                remembered,
                state.migrants_deprivation[i],
                harm,
                years,
            ),
            speed,
        )
        state.migrants_belonging[i] = belonging
        family = state.migrants_family[i]
        state.migrants_loneliness[i] = towards(
            state.migrants_loneliness[i],
            loneliness_aim(ties, state.migrants_coethnic[i], family == FAMILY_ABROAD, family == FAMILY_HERE),
            speed,
        )
        state.migrants_stay[i] = towards(
            state.migrants_stay[i],
            stay_aim(
                belonging,
                job,
                home,
                state.migrants_loneliness[i],
                state.migrants_children[i] == 1,
                state.migrants_arrival[i] == PLACED_LEAVING,
                state.migrants_arrival[i] == CHOSE,
            ),
            speed,
        )
        state.migrants_trust[i] = towards(
            state.migrants_trust[i],
            trust_aim(
                reception,
                status != PROTECTED,
                harm,
                served * state.migrants_known[i],
                state.migrants_deprivation[i],
            ),
            speed,
        )
        good = saturate(state.migrants_good[i], constants.attitudes_contact_half)
        state.migrants_attitude[i] = liking_step(
            state.migrants_attitude[i], good, felt, constants.experience_liking
        )


@kernel
def move_on(state: Any, constants: Any, now: Any) -> None:
    """Some leave the place for good; a job at a workplace becomes free."""
    leaves = np.empty(now.migrants)
    fill_uniform(now.key0, now.key1, state.migrants_entity, now.month, LEAVES, 0, now.migrants, leaves)
    moved = np.zeros(now.migrants, dtype=np.uint8)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        head = state.migrants_head[i]
        with_family = head >= 0 and (state.migrants_present[head] == 1 or moved[head] == 1)
        if with_family and moved[head] == 0:
            continue  # a family decides once, its head first
        status = state.migrants_status[i]
        placed = state.migrants_arrival[i] != CHOSE
        since = now.month - state.migrants_decision[i]
        ruled = since < state.locality_residence_rule[0] and state.migrants_job[i] == NO_JOB
        hazard = leave_chance(
            constants.experience_leave,
            state.migrants_children[i] == 1,
            state.migrants_job[i] != NO_JOB,
            state.migrants_housing[i] == PRIVATE,
            state.migrants_stay[i],
            placed and (status == PROCEDURE or (status == PROTECTED and ruled)),
            placed and status == PROTECTED and since < constants.experience_free_months,
            status == REFUSED,
        )
        if with_family or leaves[i] < hazard:
            moved[i] = 1
            state.migrants_present[i] = 0
            state.migrants_left[i] = now.month
            state.locality_moved_on[0] += 1.0
            if state.migrants_workplace[i] >= 0:
                state.places_migrant_workers[state.migrants_workplace[i]] -= 1
                state.migrants_workplace[i] = -1
                state.migrants_job[i] = NO_JOB


@kernel
def make_visible(state: Any, constants: Any, now: Any) -> None:
    """Needs of those present as the town can see them, their share, and conflicts heard of."""
    lacking = np.zeros(len(state.sectors_need))
    present = 0.0
    ukrainians = 0.0
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        present += 1.0
        if state.migrants_group[i] == UKRAINIAN:
            ukrainians += 1.0
        status = state.migrants_status[i]
        age = state.migrants_age[i]
        if status == PROCEDURE or home_of(state.migrants_housing[i]) == 0.0:
            lacking[RECEPTION] += 1.0
        if state.migrants_language[i] < GOOD_COMMAND:
            lacking[LANGUAGE] += 1.0
        pupil = age < GROWN and state.migrants_school[i] >= 0
        seeking = status != REFUSED and YOUNGEST <= age <= OLDEST and not pupil
        if seeking and state.migrants_job[i] == NO_JOB:
            lacking[WORK] += 1.0
        if state.migrants_housing[i] != PRIVATE:
            lacking[HOUSING] += 1.0
        if SCHOOL_FROM <= age < 25.0 and state.migrants_language[i] < GOOD_COMMAND:
            lacking[EDUCATION] += 1.0
        tied = False
        for k in range(TIES):
            tied = tied or state.migrants_tie[i, k] >= 0
        if not tied:
            lacking[ENCOUNTER] += 1.0
        if status != PROTECTED or state.migrants_discrimination[i] >= 1.0:
            lacking[RIGHTS] += 1.0
        lacking[SERVICES] += 1.0 - state.migrants_known[i]
    share = present / (present + now.residents)
    seen = saturate(share, constants.experience_visible_need)
    total = 0.0
    for s in range(STEERING):
        state.sectors_need[s] = seen * lacking[s] / max(1.0, present)
        total += state.sectors_need[s]
    state.sectors_need[STEERING] = total / STEERING
    state.locality_migrant_share[0] = share
    state.locality_ukrainian_part[0] = ukrainians / max(1.0, present)
    bad = 0.0
    for kind in range(len(state.encounters_bad)):
        bad += state.encounters_bad[kind]
    heard = saturate(bad / (present + now.residents), constants.experience_conflict_half)
    state.locality_conflicts[0] = clip(
        towards(state.locality_conflicts[0], heard, constants.experience_conflict_speed), 0.0, 1.0
    )


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Feelings, then who leaves, then what the town sees of those who stay."""
    feel(state, constants, now)
    move_on(state, constants, now)
    make_visible(state, constants, now)


PROCESS = Process(
    name="experience",
    purpose="belonging, loneliness, trust follow circumstances; some move on; needs become visible",
    source="M29, S75, S94-S101; docs/odd.md A5",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("LEAVES",),
)
