"""Business: companies, estate companies and unions act out of interest, invitation and expected reaction."""

from __future__ import annotations

from typing import Any, NamedTuple

from woc_sim.draws import uniform
from woc_sim.inputs.organisations import interest_code
from woc_sim.inputs.sectors import needs, sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import opposition
from woc_sim.rules.curves import saturate
from woc_sim.rules.provision import (
    SUPPLY_INHABITANTS,
    begin_chance,
    covered_by_two,
    end_chance,
    interest_will,
    served,
)
from woc_sim.rules.relations import capacity_factor
from woc_sim.rules.voice import courage, disagreement
from woc_sim.world.locality import record

BEGIN, END = 1, 2
WORK, HOUSING = sector("work"), sector("housing")
NO_INTEREST, WORKERS, MEMBERS, TENANTS = map(interest_code, ("", "workers", "members", "tenants"))
NEEDS = needs()

READS = (
    "organisations.entity",
    "organisations.interest",
    "organisations.leads",
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
    "locality.rrp",
    "locality.nation_ideology",
    "locality.region_ideology",
    "locality.voices_raised",
    "voices.stance",
)
WRITES = (
    "organisations.initiative",
    "organisations.started",
    "sectors.business",
    "sectors.nonpublic",
)
PARAMETERS = (
    "business.base",
    "business.steep",
    "business.own",
    "business.invited",
    "business.reaction",
    "business.cost_home",
    "business.cost_work",
    "business.start",
    "business.stop",
    "civil_society.half_supply",
    "relations.half_capacity",
    "relations.tie_half",
    "voice.cost",
    "voice.mobilised",
    "voice.seats_half",
    "voice.seats_part",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


class Interest(NamedTuple):
    """What an interest-driven organisation could act on: a sector, its own shortage there, and the cost of
    action as a share of its gain. Sector -1: nothing."""

    sector: int
    shortage: float
    cost: float


@step
def interest_of(state: Any, constants: Any, interest: int) -> Interest:
    """What an organisation with this interest could act on this month."""
    if interest == WORKERS:
        return Interest(WORK, state.locality_labour_shortage[0], constants.business_cost_work)
    if interest == MEMBERS:
        return Interest(WORK, state.sectors_need[WORK], constants.business_cost_work)
    if interest == TENANTS:
        return Interest(HOUSING, state.locality_empty_stock[0], constants.business_cost_home)
    return Interest(-1, 0.0, 0.0)


@step
def begin_or_end(state: Any, constants: Any, now: Any) -> None:
    """Every interest-driven organisation looks at its sector and begins or ends action."""
    loud = opposition(state, constants)
    nation, region = state.locality_nation_ideology[0], state.locality_region_ideology[0]
    for o in range(now.organisations):
        interest = interest_of(state, constants, state.organisations_interest[o])
        sector = interest.sector
        if sector < 0:
            continue
        invited = 0.0
        for other in range(now.organisations):
            if state.organisations_leads[other] == 1:
                tie = saturate(state.governance_frequency[o, other], constants.relations_tie_half)
                invited = max(invited, tie)
        reaction = 0.5 * (state.organisations_belief[o] + state.organisations_ideology[o])
        disagrees = disagreement(state.organisations_ideology[o], nation, region)
        will = interest_will(
            constants,
            interest.shortage,
            interest.cost,
            invited,
            reaction,
            courage(constants, now.voice, loud, disagrees),
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


@step
def serve(state: Any, constants: Any, now: Any) -> None:
    """What the action in force covers of each need: supply per head, with diminishing returns."""
    half = constants.relations_half_capacity
    for k in range(NEEDS):
        supply = 0.0
        for o in range(now.organisations):
            if state.organisations_interest[o] != NO_INTEREST and state.organisations_initiative[o, k] > 0.0:
                supply += capacity_factor(state.organisations_capacity[o], half)
        supply = supply * SUPPLY_INHABITANTS / state.locality_inhabitants[0]
        state.sectors_business[k] = served(supply, constants.civil_society_half_supply)
        state.sectors_nonpublic[k] = covered_by_two(state.sectors_civil[k], state.sectors_business[k])


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Interest-driven organisations begin or end action on work or housing."""
    begin_or_end(state, constants, now)
    serve(state, constants, now)


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
    theories=("voice",),
    draws=("BEGIN", "END"),
)
