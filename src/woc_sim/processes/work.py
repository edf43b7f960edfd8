"""Work: vacancies per seeker, employers who accept or not, jobs found and lost."""

from __future__ import annotations

from typing import Any

from woc_sim.draws import fill_purposes
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage
from woc_sim.rules.labour import (
    acceptance,
    job_chance,
    loss_chance,
    shortage,
    unemployment_step,
    vacancies_per_seeker,
)
from woc_sim.rules.learning import used
from woc_sim.world.locality import record
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    PRECARIOUS,
    PROCEDURE,
    PROTECTED,
    TIES,
    UKRAINIAN,
)
from woc_sim.world.places import WORKPLACE

FIRM, FOUND, CONTRACT, LOST, UPGRADE, REFUSES = range(6)
WORK_SECTOR = sector("work")
YOUNGEST, OLDEST = 16.0, 65.0  # years of working age

READS = (
    "locality.unemployment_base",
    "locality.meetings",
    "locality.trend",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "residents.attitude",
    "residents.attitude_ua",
    "residents.distance",
    "residents.distance_ua",
    "places.kind",
    "places.owner",
    "migrants.entity",
    "migrants.present",
    "migrants.group",
    "migrants.age",
    "migrants.skill",
    "migrants.female",
    "migrants.children",
    "migrants.school",
    "migrants.status",
    "migrants.decision",
    "migrants.cohort",
    "migrants.language",
    "migrants.known",
    "migrants.trust",
    "migrants.tie",
    "migrants.coethnic",
)
WRITES = (
    "locality.unemployment",
    "locality.tightness",
    "locality.labour_shortage",
    "locality.acceptance_work",
    "migrants.job",
    "migrants.workplace",
    "migrants.searching",
    "migrants.refused_job",
    "places.migrant_workers",
)
PARAMETERS = (
    "work.base",
    "work.beveridge",
    "work.acceptance",
    "work.reach",
    "work.ties",
    "work.coethnic",
    "work.loss",
    "work.precarious",
    "work.upgrade",
    "work.women",
    "work.mothers",
    "work.right_after",
    "work.slump",
    "work.speed",
    "work.ageing",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def may_work(status: int, cohort: int, month: int, right_after: float) -> bool:
    """Legal right to work: protected at once, in the procedure after some months, refused never (A17,
    A18)."""
    if status == PROTECTED:
        return True
    return status == PROCEDURE and month - cohort >= right_after


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Market first, then every migrant of working age: keeps, loses, improves or finds a job."""
    closed = 1.0 - state.locality_meetings[0]
    slump = constants.work_slump * closed
    state.locality_unemployment[0] = unemployment_step(
        state.locality_unemployment[0],
        state.locality_unemployment_base[0],
        closed,
        constants.work_slump,
        constants.work_speed,
    )
    tightness = vacancies_per_seeker(state.locality_unemployment[0], constants.work_beveridge)
    state.locality_tightness[0] = min(tightness, 100.0)
    state.locality_labour_shortage[0] = shortage(tightness, state.locality_trend[0], constants.work_ageing)
    first = 0
    firms = 0
    accepted = 0.0
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == WORKPLACE:
            if firms == 0:
                first = p
            firms += 1
            owner = max(0, state.places_owner[p])
            accepted += acceptance(
                constants.work_acceptance, state.residents_attitude[owner], state.residents_distance[owner]
            )
    if firms == 0:
        return
    state.locality_acceptance_work[0] = accepted / firms
    covered = coverage(
        state.sectors_public[WORK_SECTOR],
        state.sectors_higher[WORK_SECTOR],
        state.sectors_nonpublic[WORK_SECTOR],
    )
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, 0, 6, now.migrants)
    for i in range(now.migrants):
        state.migrants_refused_job[i] = 0
        if state.migrants_present[i] == 0:
            continue
        if state.migrants_job[i] != NO_JOB:
            place = state.migrants_workplace[i]
            precarious = state.migrants_job[i] == PRECARIOUS
            legal = may_work(
                state.migrants_status[i], state.migrants_cohort[i], now.month, constants.work_right_after
            )
            lost = loss_chance(constants.work_loss, precarious, slump)
            gone = u[LOST, i] < lost
            if gone or not legal or state.migrants_age[i] > OLDEST:
                state.migrants_job[i] = NO_JOB
                state.migrants_workplace[i] = -1
                state.places_migrant_workers[place] -= 1
            elif precarious:
                better = constants.work_upgrade * state.migrants_language[i]
                if u[UPGRADE, i] < better:
                    state.migrants_job[i] = EMPLOYED
            continue
        if state.migrants_age[i] < YOUNGEST or state.migrants_age[i] > OLDEST:
            continue
        if state.migrants_age[i] < 18.0 and state.migrants_school[i] >= 0:
            continue
        if not may_work(
            state.migrants_status[i], state.migrants_cohort[i], now.month, constants.work_right_after
        ):
            continue
        state.migrants_searching[i] = min(state.migrants_searching[i] + 1.0, 9999.0)
        place = first + int(u[FIRM, i] * firms)
        owner = max(0, state.places_owner[place])
        if state.migrants_group[i] == UKRAINIAN:
            attitude, distance = state.residents_attitude_ua[owner], state.residents_distance_ua[owner]
        else:
            attitude, distance = state.residents_attitude[owner], state.residents_distance[owner]
        accept = acceptance(constants.work_acceptance, attitude, distance)
        ties = 0.0
        for k in range(TIES):
            if state.migrants_tie[i, k] >= 0:
                ties += 1.0
        hazard = job_chance(
            constants.work_base,
            state.migrants_language[i],
            tightness,
            accept,
            used(covered, state.migrants_known[i], state.migrants_trust[i]),
            constants.work_reach,
            ties,
            constants.work_ties,
            state.migrants_skill[i],
        )
        hazard *= 1.0 + constants.work_coethnic * min(state.migrants_coethnic[i], 5.0)
        if state.migrants_female[i] == 1:
            hazard *= constants.work_women
            if state.migrants_children[i] == 1:
                hazard *= constants.work_mothers
        hazard *= 1.0 - min(1.0, slump)
        if u[FOUND, i] < hazard:
            steady = u[CONTRACT, i] >= constants.work_precarious
            state.migrants_job[i] = EMPLOYED if steady else PRECARIOUS
            state.migrants_workplace[i] = place
            state.migrants_searching[i] = 0.0
            state.places_migrant_workers[place] += 1
        elif u[REFUSES, i] >= accept:
            state.migrants_refused_job[i] = 1


PROCESS = Process(
    name="work",
    purpose="migrants with the right to work find, keep and lose jobs at residents' workplaces",
    source="M14-M18, M21, M32; docs/odd.md A17, A18, B(g)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("FIRM", "FOUND", "CONTRACT", "LOST", "UPGRADE", "REFUSES"),
)
