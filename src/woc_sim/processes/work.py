"""Work: vacancies per seeker, employers who accept or not, jobs found and lost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.inputs.ages import ADULT, SEEK_WORK_TO, WORK_FROM
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import attitude_to, count_ties, covered, distance_to, venues_of
from woc_sim.rules.labour import (
    acceptance,
    job_chance,
    loss_chance,
    shortage,
    unemployment_step,
    vacancies_per_seeker,
)
from woc_sim.rules.learning import uptake
from woc_sim.world.locality import record
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    PRECARIOUS,
    PROCEDURE,
    PROTECTED,
)
from woc_sim.world.places import WORKPLACE

FIRM, FOUND, CONTRACT, LOST, UPGRADE, REFUSES = range(6)
WORK_SECTOR = sector("work")
MOST_TIGHTNESS = 100.0  # upper bound of the column, which holds vacant jobs per seeker
MOST_MONTHS = 9999.0  # upper bound of the column, which counts months of search

READS = (
    "locality.unemployment_base",
    "locality.meetings",
    "locality.trend",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "residents.attitude_to",
    "residents.distance_to",
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
    "locality.employers_accept",
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
    "work.acceptance_slope",
    "work.language",
    "work.skill_base",
    "work.skill",
    "work.most_ties",
    "work.loss_precarious",
    "work.loss_steady",
    "work.shortage_half",
    "learning.distrust",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@step
def may_work(status: int, cohort: int, month: int, right_after: float) -> bool:
    """Legal right to work: protected at once, in the procedure after some months, refused never (A17,
    A18)."""
    if status == PROTECTED:
        return True
    return status == PROCEDURE and month - cohort >= right_after


class Market(NamedTuple):
    """The labour market of a month, as job seekers find it."""

    tightness: float  # vacant jobs per seeker
    slump: float  # loss of jobs because public life is closed
    support: float  # share of the need for help with work that is covered
    first: int  # first workplace among the places
    firms: int  # number of workplaces


@step
def _open_market(state: Any, constants: Any) -> Any:
    """Unemployment and vacancies follow the state of public life; employers accept by their attitudes."""
    closed = 1.0 - state.locality_meetings[0]
    state.locality_unemployment[0] = unemployment_step(
        state.locality_unemployment[0],
        state.locality_unemployment_base[0],
        closed,
        constants.work_slump,
        constants.work_speed,
    )
    tightness = vacancies_per_seeker(state.locality_unemployment[0], constants.work_beveridge)
    state.locality_tightness[0] = min(tightness, MOST_TIGHTNESS)
    state.locality_labour_shortage[0] = shortage(constants, tightness, state.locality_trend[0])
    first, firms = venues_of(state, WORKPLACE)
    accepted = np.zeros(len(state.locality_employers_accept))
    for p in range(first, first + firms):
        owner = max(0, state.places_owner[p])
        for g in range(len(accepted)):
            accepted[g] += accepts(state, constants, owner, g)
    if firms > 0:
        for g in range(len(accepted)):
            state.locality_employers_accept[g, 0] = accepted[g] / firms
    return Market(tightness, constants.work_slump * closed, covered(state, WORK_SECTOR), first, firms)


@step
def accepts(state: Any, constants: Any, owner: int, group: int) -> float:
    """Chance that an employer accepts a migrant of a group."""
    attitude, distance = attitude_to(state, owner, group), distance_to(state, owner, group)
    return acceptance(constants.work_acceptance, constants.work_acceptance_slope, attitude, distance)


@step
def _keep_or_lose(state: Any, constants: Any, now: Any, u: Any, slump: float, worked: Any) -> None:
    """Those who `worked` when the month began lose their job, keep it or have it made a steady one."""
    for i in range(now.migrants):
        if worked[i] == 0:
            continue
        precarious = state.migrants_job[i] == PRECARIOUS
        legal = may_work(
            state.migrants_status[i], state.migrants_cohort[i], now.month, constants.work_right_after
        )
        lost = u[LOST, i] < loss_chance(constants, precarious, slump)
        if lost or not legal or state.migrants_age[i] > SEEK_WORK_TO:
            state.places_migrant_workers[state.migrants_workplace[i]] -= 1
            state.migrants_job[i] = NO_JOB
            state.migrants_workplace[i] = -1
        elif precarious and u[UPGRADE, i] < constants.work_upgrade * state.migrants_language[i]:
            state.migrants_job[i] = EMPLOYED


@step
def _seeks(state: Any, constants: Any, now: Any, i: int) -> bool:
    """Whether a migrant without a job looks for one: of working age, not at school, and allowed to work."""
    age = state.migrants_age[i]
    if age < WORK_FROM or age > SEEK_WORK_TO or (age < ADULT and state.migrants_school[i] >= 0):
        return False
    return may_work(state.migrants_status[i], state.migrants_cohort[i], now.month, constants.work_right_after)


@step
def _chance_of(state: Any, constants: Any, market: Any, i: int, accepted: float) -> float:
    """Chance that a migrant finds a job this month, with what the rule leaves out: compatriots, care."""
    support = uptake(constants, market.support, state.migrants_known[i], state.migrants_trust[i])
    hazard = job_chance(
        constants,
        market.tightness,
        accepted,
        state.migrants_language[i],
        state.migrants_skill[i],
        support,
        count_ties(state, i),
    )
    compatriots = min(state.migrants_coethnic[i], constants.work_most_ties)
    hazard *= 1.0 + constants.work_coethnic * compatriots
    if state.migrants_female[i] == 1:
        hazard *= constants.work_women
        if state.migrants_children[i] == 1:
            hazard *= constants.work_mothers
    return float(hazard * (1.0 - min(1.0, market.slump)))


@step
def _seek(state: Any, constants: Any, now: Any, u: Any, market: Any, worked: Any) -> None:
    """All others who may and want to work ask at one workplace, whose owner accepts them or not."""
    for i in range(now.migrants):
        if state.migrants_present[i] == 0 or worked[i] == 1 or not _seeks(state, constants, now, i):
            continue
        state.migrants_searching[i] = min(state.migrants_searching[i] + 1.0, MOST_MONTHS)
        place = market.first + int(u[FIRM, i] * market.firms)
        owner = max(0, state.places_owner[place])
        accepted = accepts(state, constants, owner, state.migrants_group[i])
        if u[FOUND, i] < _chance_of(state, constants, market, i, accepted):
            steady = u[CONTRACT, i] >= constants.work_precarious
            state.migrants_job[i] = EMPLOYED if steady else PRECARIOUS
            state.migrants_workplace[i] = place
            state.migrants_searching[i] = 0.0
            state.places_migrant_workers[place] += 1
        elif u[REFUSES, i] >= accepted:
            state.migrants_refused_job[i] = 1


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Market first, then every migrant of working age: keeps, loses, improves or finds a job."""
    market = _open_market(state, constants)
    if market.firms == 0:
        return
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, 0, 6, now.migrants)
    worked = np.zeros(now.migrants, dtype=np.uint8)
    for i in range(now.migrants):
        state.migrants_refused_job[i] = 0
        if state.migrants_present[i] == 1 and state.migrants_job[i] != NO_JOB:
            worked[i] = 1
    _keep_or_lose(state, constants, now, u, market.slump, worked)
    _seek(state, constants, now, u, market, worked)


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
