"""Business: companies, estate companies and unions act out of interest, invitation and expected reaction."""

from __future__ import annotations

from typing import Any

from woc_sim.draws import uniform
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.provision import begin_chance, either, end_chance, interest_will, served
from woc_sim.rules.relations import capacity_factor
from woc_sim.world.governance import COMPANY, ESTATE_COMPANY, EXECUTIVE, OFFICIALS, UNION
from woc_sim.world.locality import record

BEGIN, END = 1, 2
WORK, HOUSING = 2, 3
NEEDS = 8

READS = (
    "organisations.entity",
    "organisations.kind",
    "organisations.active",
    "organisations.ideology",
    "organisations.belief",
    "organisations.capacity",
    "governance.frequency",
    "sectors.civil",
    "sectors.need",
    "locality.inhabitants",
    "locality.labour_shortage",
    "locality.empty_stock",
)
WRITES = (
    "organisations.initiative",
    "organisations.started",
    "sectors.business",
    "sectors.nonpublic",
)
PARAMETERS = (
    "business.base",
    "business.own",
    "business.invited",
    "business.reaction",
    "business.cost_home",
    "business.cost_work",
    "business.start",
    "business.stop",
    "civil_society.half_supply",
    "relations.half_capacity",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Interest-driven organisations begin or end action on work or housing."""
    n = now.organisations
    for o in range(n):
        kind = state.organisations_kind[o]
        if kind == COMPANY:
            sector = WORK
            shortage = state.locality_labour_shortage[0]
            cost = constants.business_cost_work
        elif kind == UNION:
            sector = WORK
            shortage = state.sectors_need[WORK]
            cost = constants.business_cost_work
        elif kind == ESTATE_COMPANY:
            sector = HOUSING
            shortage = state.locality_empty_stock[0]
            cost = constants.business_cost_home
        else:
            continue
        invited = 0.0
        for other in range(n):
            other_kind = state.organisations_kind[other]
            if other_kind in (EXECUTIVE, OFFICIALS):
                invited = max(
                    invited,
                    state.governance_frequency[o, other] / (state.governance_frequency[o, other] + 6.0),
                )
        reaction = 0.5 * (state.organisations_belief[o] + state.organisations_ideology[o])
        will = interest_will(
            shortage,
            cost,
            invited,
            reaction,
            constants.business_base,
            constants.business_own,
            constants.business_invited,
            constants.business_reaction,
        )
        entity = state.organisations_entity[o]
        if state.organisations_initiative[o, sector] > 0.0:
            u = uniform(now.key0, now.key1, entity, now.month, END, sector)
            if u < end_chance(will, constants.business_stop):
                state.organisations_initiative[o, sector] = 0.0
                state.organisations_started[o, sector] = -1
        else:
            u = uniform(now.key0, now.key1, entity, now.month, BEGIN, sector)
            if u < begin_chance(will, constants.business_start):
                state.organisations_initiative[o, sector] = 1.0
                state.organisations_started[o, sector] = now.month
    for k in range(NEEDS):
        supply = 0.0
        for o in range(n):
            kind = state.organisations_kind[o]
            if (kind in (COMPANY, UNION, ESTATE_COMPANY)) and state.organisations_initiative[o, k] > 0.0:
                supply += capacity_factor(state.organisations_capacity[o], constants.relations_half_capacity)
        supply = supply * 20000.0 / state.locality_inhabitants[0]
        state.sectors_business[k] = served(supply, constants.civil_society_half_supply)
        state.sectors_nonpublic[k] = either(state.sectors_civil[k], state.sectors_business[k])


PROCESS = Process(
    name="business",
    purpose="companies, estate companies and unions act on own shortage, invitations and expected reaction",
    source="final working paper 4 (S70-S72); W7; docs/odd.md B(d)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("BEGIN", "END"),
)
