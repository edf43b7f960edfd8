"""Work: vacancies per seeker, employers who accept or not, jobs found and lost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.inputs.ages import ADULT, SEEK_WORK_TO, WORK_FROM
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import count_ties, covered, venues_of
from woc_sim.rules.decline import with_need
from woc_sim.rules.labour import (
    chance_in_life,
    job_chance,
    loss_chance,
    shortage,
    unemployment_step,
    vacancies_per_seeker,
)
from woc_sim.rules.learning import uptake
from woc_sim.rules.markets import SEGMENTED, employer_accepts, open_part, thickness
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
TINY = 1e-9  # keeps a division by the scale of the place finite
MOST_MONTHS = 9999.0  # upper bound of the column, which counts months of search

READS = (
    "locality.unemployment_base",
    "locality.meetings",
    "locality.trend",
    "locality.scale",
    "locality.residents_now",
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
    "work.labour_force",
    "work.thick",
    "work.thick_half",
    "work.segmented",
    "work.queue",
    "work.room",
    "learning.distrust",
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


class Market(NamedTuple):
    """The labour market of a month, as job seekers find it."""

    tightness: float  # vacant jobs per seeker
    slump: float  # loss of jobs because public life is closed
    shortage: float  # of labour as companies feel it, 0..1
    thickness: float  # factor of the chance to find a job by the number of vacant ones
    support: float  # share of the need for help with work that is covered
    first: int  # first workplace among the places
    firms: int  # number of workplaces


@kernel
def seeks(state: Any, constants: Any, now: Any, i: int) -> bool:
    """Whether a migrant without a job may and wants to work."""
    age = state.migrants_age[i]
    pupil = age < ADULT and state.migrants_school[i] >= 0
    if state.migrants_present[i] == 0 or pupil:
        return False
    legal = may_work(
        state.migrants_status[i], state.migrants_cohort[i], now.month, constants.work_right_after
    )
    return bool(legal and age >= WORK_FROM and age <= SEEK_WORK_TO)


@step
def _accepts(state: Any, constants: Any, now: Any, group: int, owner: int, shortage: float) -> float:
    """Chance that the owner of a workplace accepts a member of a group."""
    attitude, distance = state.residents_attitude_to[group, owner], state.residents_distance_to[group, owner]
    accepted = employer_accepts(constants, now.employers, attitude, distance)
    return with_need(now.room, accepted, shortage, constants.work_room)


@step
def _open_market(state: Any, constants: Any, now: Any) -> Any:
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
    felt = shortage(constants, tightness, state.locality_trend[0])
    state.locality_labour_shortage[0] = felt
    first, firms = venues_of(state.places_kind, WORKPLACE)
    for g in range(len(state.locality_employers_accept) if firms > 0 else 0):
        accepted = 0.0
        for place in range(first, first + firms):
            owner = max(0, state.places_owner[place])  # -1, no owner, counts as the first resident
            accepted += _accepts(state, constants, now, g, owner, felt)
        state.locality_employers_accept[g, 0] = accepted / firms
    thick = thickness(
        constants,
        now.markets,
        tightness,
        state.locality_unemployment[0],
        state.locality_residents_now[0],
    )
    slump = constants.work_slump * closed
    return Market(tightness, slump, felt, thick, covered(state, WORK_SECTOR), first, firms)


@step
def _open_parts(state: Any, constants: Any, now: Any, worked: Any) -> Any:
    """For each group, vacant jobs per seeker where it is accepted, relative to the whole market."""
    parts = np.ones(len(state.locality_employers_accept))
    if now.employers == SEGMENTED:
        seekers = 0.0
        for i in range(now.migrants):
            if worked[i] == 0 and seeks(state, constants, now, i):
                seekers += 1.0
        for g in range(len(parts)):
            parts[g] = open_part(
                constants,
                now.employers,
                state.locality_employers_accept[g, 0],
                seekers / max(state.locality_scale[0], TINY),
                state.locality_unemployment[0],
                state.locality_residents_now[0],
            )
    return parts


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
def _seek(state: Any, constants: Any, now: Any, u: Any, market: Any, worked: Any) -> None:
    """All others who may and want to work ask at one workplace, whose owner accepts them or not."""
    parts = _open_parts(state, constants, now, worked)
    for i in range(now.migrants):
        if worked[i] == 1 or not seeks(state, constants, now, i):
            continue
        state.migrants_searching[i] = min(state.migrants_searching[i] + 1.0, MOST_MONTHS)
        place = market.first + int(u[FIRM, i] * market.firms)
        owner = max(0, state.places_owner[place])
        group = state.migrants_group[i]
        accepted = _accepts(state, constants, now, group, owner, market.shortage)
        support = uptake(constants, market.support, state.migrants_known[i], state.migrants_trust[i])
        ties = count_ties(state.migrants_tie, i)
        language, skill = state.migrants_language[i], state.migrants_skill[i]
        tightness = market.tightness * parts[group]
        chance = job_chance(constants, tightness, accepted, language, skill, support, ties)
        woman, parent = state.migrants_female[i] == 1, state.migrants_children[i] == 1
        chance = chance_in_life(constants, chance, state.migrants_coethnic[i], woman, parent, market.slump)
        if u[FOUND, i] < chance * market.thickness:
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
    market = _open_market(state, constants, now)
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
    source="M14-M18, M21, M32; docs/odd.md A17, A18, B(g); docs/theories/markets.md",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("markets", "employers", "room"),
    draws=("FIRM", "FOUND", "CONTRACT", "LOST", "UPGRADE", "REFUSES"),
)
