"""Housing: households and dwellings flow, vacancy follows; migrants move towards an own home."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage
from woc_sim.rules.housing import building_step, empty_felt, household_step, move_chance, vacancy_share
from woc_sim.rules.labour import acceptance
from woc_sim.rules.learning import used
from woc_sim.world.locality import record
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    PRIVATE,
    PROTECTED,
    RECEPTION,
    SUPPORTED,
    TIES,
    UKRAINIAN,
)

OWNER, MOVES, WHERE, SOCIAL, HOST, REFUSES = range(6)
HOUSING_SECTOR = sector("housing")

READS = (
    "locality.trend",
    "locality.scale",
    "locality.building",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
    "residents.landlord",
    "residents.attitude",
    "residents.attitude_ua",
    "residents.distance",
    "residents.distance_ua",
    "residents.neighbourhood",
    "residents.since",
    "migrants.entity",
    "migrants.present",
    "migrants.group",
    "migrants.age",
    "migrants.status",
    "migrants.job",
    "migrants.known",
    "migrants.trust",
    "migrants.tie",
    "migrants.head",
    "migrants.cohort",
)
WRITES = (
    "locality.households",
    "locality.dwellings",
    "locality.vacancy",
    "locality.empty_stock",
    "locality.acceptance_home",
    "locality.acceptance_gap",
    "migrants.housing",
    "migrants.host",
    "migrants.neighbourhood",
    "migrants.home_search",
    "migrants.refused_home",
)
PARAMETERS = (
    "housing.normal_vacancy",
    "housing.shrinking",
    "housing.building",
    "housing.response",
    "housing.demolition",
    "housing.move",
    "housing.acceptance",
    "housing.broker",
    "housing.ties",
    "housing.supported",
    "housing.hosting_ends",
    "housing.income_none",
    "housing.procedure",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def flow(state: Any, constants: Any, now: Any) -> None:
    """A month of the stock: households follow the trend, dwellings are built and taken down, migrants
    rent."""
    tenants = 0.0
    for i in range(now.migrants):
        if state.migrants_present[i] == 1 and state.migrants_housing[i] == PRIVATE:
            tenants += 0.5  # two persons share a dwelling
    households = household_step(
        state.locality_households[0], state.locality_trend[0], constants.housing_shrinking
    )
    rented = tenants / max(state.locality_scale[0], 1e-9)
    vacancy = vacancy_share(households + rented, state.locality_dwellings[0])
    state.locality_households[0] = households
    state.locality_dwellings[0] = building_step(
        state.locality_dwellings[0],
        vacancy,
        constants.housing_building * state.locality_building[0],
        constants.housing_response,
        constants.housing_demolition,
        constants.housing_normal_vacancy,
    )
    state.locality_vacancy[0] = vacancy
    state.locality_empty_stock[0] = empty_felt(vacancy)


@kernel
def search(state: Any, constants: Any, now: Any) -> None:
    """Each migrant without an own home looks for one, is given support, or loses a host."""
    landlords = np.empty(now.residents, dtype=np.int64)
    count = 0
    accepted = 0.0
    accepted_ua = 0.0
    for i in range(now.residents):
        if state.residents_landlord[i] == 1:
            landlords[count] = i
            count += 1
            accepted += acceptance(
                constants.housing_acceptance, state.residents_attitude[i], state.residents_distance[i]
            )
            accepted_ua += acceptance(
                constants.housing_acceptance, state.residents_attitude_ua[i], state.residents_distance_ua[i]
            )
    if count == 0:
        return
    state.locality_acceptance_home[0] = accepted / count
    state.locality_acceptance_gap[0] = (accepted_ua - accepted) / count
    vacancy = state.locality_vacancy[0]
    covered = coverage(
        state.sectors_public[HOUSING_SECTOR],
        state.sectors_higher[HOUSING_SECTOR],
        state.sectors_nonpublic[HOUSING_SECTOR],
    )
    harm = state.sectors_restrictive[HOUSING_SECTOR]
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, 0, 6, now.migrants)
    for i in range(now.migrants):
        state.migrants_refused_home[i] = 0
        if state.migrants_present[i] == 0:
            continue
        head = state.migrants_head[i]
        if head >= 0 and state.migrants_present[head] == 1:  # a family lives together; its head comes first
            state.migrants_housing[i] = state.migrants_housing[head]
            state.migrants_host[i] = state.migrants_host[head]
            state.migrants_neighbourhood[i] = state.migrants_neighbourhood[head]
            continue
        if state.migrants_housing[i] == PRIVATE:
            continue
        protected = state.migrants_status[i] == PROTECTED
        owner = landlords[int(u[OWNER, i] * count)]
        if state.migrants_group[i] == UKRAINIAN:
            attitude, distance = state.residents_attitude_ua[owner], state.residents_distance_ua[owner]
        else:
            attitude, distance = state.residents_attitude[owner], state.residents_distance[owner]
        accept = acceptance(constants.housing_acceptance, attitude, distance)
        ties = 0.0
        for k in range(TIES):
            if state.migrants_tie[i, k] >= 0:
                ties += 1.0
        income = constants.housing_income_none
        if state.migrants_job[i] == EMPLOYED:
            income = 1.0
        elif state.migrants_job[i] != NO_JOB:
            income = 0.5 * (1.0 + constants.housing_income_none)
        helped = used(covered, state.migrants_known[i], state.migrants_trust[i])
        hazard = move_chance(
            constants.housing_move,
            vacancy,
            accept,
            constants.housing_broker * helped,
            income,
            ties,
            constants.housing_ties,
        )
        hazard *= 1.0 - 0.5 * harm
        if not protected:
            hazard *= constants.housing_procedure
        else:
            state.migrants_home_search[i] = min(state.migrants_home_search[i] + 1.0, 9999.0)
        if u[MOVES, i] < hazard:
            state.migrants_housing[i] = PRIVATE
            state.migrants_host[i] = -1
            state.migrants_home_search[i] = 0.0
            other = int(u[WHERE, i] * now.residents)
            state.migrants_neighbourhood[i] = state.residents_neighbourhood[other]
            continue
        if protected and u[REFUSES, i] >= accept:
            state.migrants_refused_home[i] = 1
        if state.migrants_housing[i] == RECEPTION and protected:
            chance = constants.housing_supported * covered * (1.0 - 0.5 * harm)
            if u[SOCIAL, i] < chance:
                state.migrants_housing[i] = SUPPORTED
        host = state.migrants_host[i]
        if host >= 0:
            gone = state.residents_since[host] > state.migrants_cohort[i]
            if gone or u[HOST, i] < constants.housing_hosting_ends:
                state.migrants_housing[i] = SUPPORTED if protected else RECEPTION
                state.migrants_host[i] = -1


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """The stock first, then who moves."""
    flow(state, constants, now)
    search(state, constants, now)


PROCESS = Process(
    name="housing",
    purpose="vacancy follows households and building; migrants move to homes that residents let",
    source="M33, S61-S65, S69; docs/odd.md B(g)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("OWNER", "MOVES", "WHERE", "SOCIAL", "HOST", "REFUSES"),
)
