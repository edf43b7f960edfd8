"""Housing: households and dwellings flow, vacancy follows; migrants move towards an own home."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import count_ties, covered
from woc_sim.rules.decline import with_need
from woc_sim.rules.housing import building_step, empty_felt, household_step, move_chance, vacancy_share
from woc_sim.rules.labour import acceptance
from woc_sim.rules.learning import uptake
from woc_sim.rules.markets import building_response
from woc_sim.world.locality import record
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    PRIVATE,
    PROTECTED,
    RECEPTION,
    SUPPORTED,
)

OWNER, MOVES, WHERE, SOCIAL, HOST, REFUSES = range(6)
HOUSING_SECTOR = sector("housing")
TINY = 1e-9  # keeps a division by the scale of the place finite
MOST_MONTHS = 9999.0  # upper bound of the column, which counts months of search

READS = (
    "groups.compared_with",
    "locality.trend",
    "locality.scale",
    "locality.building",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
    "residents.landlord",
    "residents.attitude_to",
    "residents.distance_to",
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
    "locality.landlords_accept",
    "locality.landlords_prefer",
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
    "housing.tenant",
    "housing.acceptance_slope",
    "housing.vacancy_half",
    "housing.bypass",
    "housing.most_ties",
    "housing.restriction",
    "housing.empty_half",
    "housing.land",
    "housing.land_half",
    "housing.room",
    "learning.distrust",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@step
def flow(state: Any, constants: Any, now: Any) -> None:
    """A month of the stock: households follow the trend, dwellings are built and taken down, migrants
    rent."""
    tenants = 0.0
    for i in range(now.migrants):
        if state.migrants_present[i] == 1 and state.migrants_housing[i] == PRIVATE:
            tenants += constants.housing_tenant
    households = household_step(
        state.locality_households[0], state.locality_trend[0], constants.housing_shrinking
    )
    rented = tenants / max(state.locality_scale[0], TINY)
    vacancy = vacancy_share(households + rented, state.locality_dwellings[0])
    response = building_response(
        now.markets,
        constants.housing_response,
        vacancy,
        constants.housing_normal_vacancy,
        state.locality_dwellings[0],
        constants.housing_land,
        constants.housing_land_half,
    )
    state.locality_households[0] = households
    state.locality_dwellings[0] = building_step(
        state.locality_dwellings[0],
        vacancy,
        constants.housing_building * state.locality_building[0],
        response,
        constants.housing_demolition,
        constants.housing_normal_vacancy,
    )
    state.locality_vacancy[0] = vacancy
    state.locality_empty_stock[0] = empty_felt(constants, vacancy)


@step
def _accepts(state: Any, constants: Any, now: Any, group: int, landlord: int) -> float:
    """Chance that a landlord accepts a member of a group."""
    accepted = acceptance(
        constants.housing_acceptance,
        constants.housing_acceptance_slope,
        state.residents_attitude_to[group, landlord],
        state.residents_distance_to[group, landlord],
    )
    return with_need(now.room, accepted, state.locality_empty_stock[0], constants.housing_room)


@step
def _find_landlords(state: Any, constants: Any, now: Any, landlords: Any) -> int:
    """List the residents who let dwellings, and how far they accept each group; returns their number."""
    count = 0
    for i in range(now.residents):
        if state.residents_landlord[i] == 1:
            landlords[count] = i
            count += 1
    if count == 0:
        return count
    accepted = np.zeros(len(state.groups_compared_with))
    for g in range(len(accepted)):
        for k in range(count):
            accepted[g] += _accepts(state, constants, now, g, landlords[k])
        state.locality_landlords_accept[g, 0] = accepted[g] / count
    for g in range(len(accepted)):
        other = state.groups_compared_with[g]
        if other >= 0:
            state.locality_landlords_prefer[g, 0] = (accepted[other] - accepted[g]) / count
    return count


@step
def _who_decides(state: Any, now: Any) -> Any:
    """A flag for each migrant who is here and decides where to live: all but those whose head is here."""
    decides = np.zeros(now.migrants, dtype=np.uint8)
    for i in range(now.migrants):
        head = state.migrants_head[i]
        with_head = head >= 0 and state.migrants_present[head] == 1
        decides[i] = 1 if state.migrants_present[i] == 1 and not with_head else 0
    return decides


@kernel
def _ability_to_pay(constants: Any, job: int) -> float:
    """Income relative to a steady job; that of a precarious one lies halfway to none."""
    if job == EMPLOYED:
        return 1.0
    none = constants.housing_income_none
    return float(none if job == NO_JOB else 0.5 * (1.0 + none))


@step
def _search(state: Any, constants: Any, now: Any, u: Any, decides: Any, landlords: Any, count: int) -> None:
    """Each migrant who decides, and has no own home, asks one landlord."""
    support = covered(state, HOUSING_SECTOR)
    vacancy = state.locality_vacancy[0]
    open_part = 1.0 - constants.housing_restriction * state.sectors_restrictive[HOUSING_SECTOR]
    for i in range(now.migrants):
        state.migrants_refused_home[i] = 0
        if decides[i] == 0 or state.migrants_housing[i] == PRIVATE:
            continue
        protected = state.migrants_status[i] == PROTECTED
        owner = landlords[int(u[OWNER, i] * count)]
        group = state.migrants_group[i]
        accepted = _accepts(state, constants, now, group, owner)
        helped = uptake(constants, support, state.migrants_known[i], state.migrants_trust[i])
        income = _ability_to_pay(constants, state.migrants_job[i])
        ties = count_ties(state.migrants_tie, i)
        chance = move_chance(constants, vacancy, accepted, helped, income, ties) * open_part
        if protected:
            state.migrants_home_search[i] = min(state.migrants_home_search[i] + 1.0, MOST_MONTHS)
        else:
            chance *= constants.housing_procedure
        if u[MOVES, i] < chance:
            state.migrants_housing[i] = PRIVATE
            state.migrants_host[i] = -1
            state.migrants_home_search[i] = 0.0
            other = int(u[WHERE, i] * now.residents)
            state.migrants_neighbourhood[i] = state.residents_neighbourhood[other]
        elif protected and u[REFUSES, i] >= accepted:
            state.migrants_refused_home[i] = 1


@step
def _support_or_host(state: Any, constants: Any, now: Any, u: Any, decides: Any) -> None:
    """Those still without an own home are given a supported one, or lose their host."""
    harm = constants.housing_restriction * state.sectors_restrictive[HOUSING_SECTOR]
    chance = constants.housing_supported * covered(state, HOUSING_SECTOR) * (1.0 - harm)
    for i in range(now.migrants):
        if decides[i] == 0 or state.migrants_housing[i] == PRIVATE:
            continue
        protected = state.migrants_status[i] == PROTECTED
        if state.migrants_housing[i] == RECEPTION and protected and u[SOCIAL, i] < chance:
            state.migrants_housing[i] = SUPPORTED
        host = state.migrants_host[i]
        if host >= 0:
            gone = state.residents_since[host] > state.migrants_cohort[i]
            if gone or u[HOST, i] < constants.housing_hosting_ends:
                state.migrants_housing[i] = SUPPORTED if protected else RECEPTION
                state.migrants_host[i] = -1


@step
def _move_with_head(state: Any, now: Any, decides: Any) -> None:
    """A family lives together."""
    for i in range(now.migrants):
        if state.migrants_present[i] == 1 and decides[i] == 0:
            head = state.migrants_head[i]
            state.migrants_housing[i] = state.migrants_housing[head]
            state.migrants_host[i] = state.migrants_host[head]
            state.migrants_neighbourhood[i] = state.migrants_neighbourhood[head]


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """The stock first, then who moves."""
    flow(state, constants, now)
    landlords = np.empty(now.residents, dtype=np.int64)
    count = _find_landlords(state, constants, now, landlords)
    if count == 0:
        return
    u = fill_purposes(now.key0, now.key1, state.migrants_entity, now.month, 0, 6, now.migrants)
    decides = _who_decides(state, now)
    _search(state, constants, now, u, decides, landlords, count)
    _support_or_host(state, constants, now, u, decides)
    _move_with_head(state, now, decides)


PROCESS = Process(
    name="housing",
    purpose="vacancy follows households and building; migrants move to homes that residents let",
    source="M33, S61-S65, S69; docs/odd.md B(g); docs/theories/markets.md",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("markets", "room"),
    draws=("OWNER", "MOVES", "WHERE", "SOCIAL", "HOST", "REFUSES"),
)
