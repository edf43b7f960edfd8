"""Civil society: volunteers join and tire; mission-driven organisations begin and end initiatives by one
rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_uniform, uniform
from woc_sim.inputs.ages import VOLUNTEER_FROM
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage, normal
from woc_sim.rules.provision import begin_chance, either, end_chance, mission_will, served, unmet
from woc_sim.rules.relations import amplified, capacity_factor
from woc_sim.rules.volunteering import fatigue_step, join_chance, quit_chance, sympathy
from woc_sim.world.governance import CHURCH, EXECUTIVE, MIGRANT_ORGANISATION, NGO, OFFICIALS, PROVIDER
from woc_sim.world.locality import record

JOIN, HOURS, BEGIN, END, FOUND, LEADER = 1, 2, 3, 4, 5, 6

READS = (
    "residents.entity",
    "residents.age",
    "residents.attitude_to",
    "residents.interest",
    "organisations.entity",
    "organisations.kind",
    "organisations.ideology",
    "organisations.capacity",
    "organisations.belief",
    "organisations.prognostic",
    "governance.frequency",
    "sectors.need",
    "sectors.public",
    "sectors.higher",
    "sectors.business",
    "locality.inhabitants",
    "locality.foreign_2014",
    "locality.migrant_share",
    "locality.group_part",
    "locality.welfare_public",
    "locality.media",
    "locality.politicisation",
)
WRITES = (
    "residents.volunteer",
    "residents.volunteered",
    "residents.fatigue",
    "organisations.active",
    "organisations.leader",
    "organisations.fatigue",
    "organisations.volunteers",
    "organisations.initiative",
    "organisations.started",
    "sectors.civil",
    "sectors.nonpublic",
    "locality.volunteer_share",
)
PARAMETERS = (
    "civil_society.base",
    "civil_society.need",
    "civil_society.tradition",
    "civil_society.frame",
    "civil_society.openness",
    "civil_society.joint",
    "civil_society.busy",
    "civil_society.goodwill",
    "civil_society.fatigue",
    "civil_society.start",
    "civil_society.stop",
    "civil_society.half_supply",
    "civil_society.join",
    "civil_society.hours",
    "civil_society.quit",
    "civil_society.fatigue_speed",
    "civil_society.relief",
    "civil_society.call_need",
    "civil_society.call_media",
    "civil_society.found",
    "civil_society.dissolve",
    "civil_society.turnover",
    "organisations.leader_spread",
    "relations.politicisation_gain",
    "relations.half_capacity",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
NEEDS = 8
HELPERS_HALF = 300.0  # volunteer hours a month per 1000 inhabitants that double an initiative's reach by half


@entry
@kernel
def volunteers(state: Any, constants: Any, now: Any) -> None:
    """Residents begin, tire of and stop volunteering; organised colleagues ease the load."""
    company = 0.0
    for o in range(now.organisations):
        kind = state.organisations_kind[o]
        if (kind in (NGO, CHURCH)) and state.organisations_active[o] == 1:
            for k in range(NEEDS):
                company = max(company, state.organisations_initiative[o, k])
    need = 0.0
    for k in range(NEEDS):
        need += state.sectors_need[k] / NEEDS
    call = (
        constants.civil_society_call_need * need
        + constants.civil_society_call_media * state.locality_media[0] * need
    )
    draws = np.empty(now.residents)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, JOIN, 0, now.residents, draws)
    hours = 0.0
    active = 0
    for i in range(now.residents):
        given = state.residents_volunteer[i]
        first = state.residents_attitude_to[0, i]
        attitude = first
        for g in range(1, len(state.locality_group_part)):
            attitude = sympathy(
                attitude, first, state.residents_attitude_to[g, i], state.locality_group_part[g, 0]
            )
        if given > 0.0:
            tired = fatigue_step(
                state.residents_fatigue[i],
                given,
                company,
                constants.civil_society_fatigue_speed,
                constants.civil_society_relief,
            )
            state.residents_fatigue[i] = tired
            if draws[i] < quit_chance(tired, attitude, constants.civil_society_quit):
                state.residents_volunteer[i] = 0.0
            else:
                hours += given
                active += 1
        else:
            state.residents_fatigue[i] = state.residents_fatigue[i] * 0.95
            if state.residents_age[i] < VOLUNTEER_FROM:
                continue
            if draws[i] < join_chance(
                attitude, state.residents_interest[i], call, constants.civil_society_join
            ):
                u = uniform(now.key0, now.key1, state.residents_entity[i], now.month, HOURS, 0)
                given = constants.civil_society_hours * (0.3 + 1.4 * u)
                state.residents_volunteer[i] = given
                state.residents_volunteered[i] = 1
                hours += given
                active += 1
    state.locality_volunteer_share[0] = active / now.residents
    supply = 1000.0 * hours * 4.3 / now.residents
    for o in range(now.organisations):
        kind = state.organisations_kind[o]
        if kind in (NGO, CHURCH, MIGRANT_ORGANISATION):
            state.organisations_volunteers[o] = supply


@entry
@kernel
def initiatives(state: Any, constants: Any, now: Any) -> None:
    """Mission-driven organisations begin and end initiatives; migrant organisations form; leaders change."""
    n = now.organisations
    politicised = state.locality_politicisation[0]
    left_over = np.empty(NEEDS)
    for k in range(NEEDS):
        rest = either(state.sectors_civil[k], state.sectors_business[k])
        met = coverage(state.sectors_public[k], state.sectors_higher[k], rest)
        left_over[k] = unmet(now.substitution, state.sectors_need[k], met)
    tired = 0.0
    count = 0
    for i in range(now.residents):
        if state.residents_volunteer[i] > 0.0:
            tired += state.residents_fatigue[i]
            count += 1
    if count > 0:
        tired = tired / count
    for o in range(n):
        kind = state.organisations_kind[o]
        entity = state.organisations_entity[o]
        if uniform(now.key0, now.key1, entity, now.month, LEADER, 0) < constants.civil_society_turnover:
            u = uniform(now.key0, now.key1, entity, now.month, LEADER, 1)
            trait = constants.organisations_leader_spread * normal(u)
            state.organisations_leader[o] = min(1.0, max(-1.0, trait))
        if kind == MIGRANT_ORGANISATION:
            u = uniform(now.key0, now.key1, entity, now.month, FOUND, 0)
            people = state.locality_foreign_2014[0] + 0.5 * state.locality_migrant_share[0]
            if state.organisations_active[o] == 0:
                if u < constants.civil_society_found * people / (people + 0.05):
                    state.organisations_active[o] = 1
            elif u < constants.civil_society_dissolve:
                state.organisations_active[o] = 0
                for k in range(NEEDS):
                    state.organisations_initiative[o, k] = 0.0
                    state.organisations_started[o, k] = -1
        if kind != NGO and kind != MIGRANT_ORGANISATION and kind != PROVIDER and kind != CHURCH:
            continue
        if state.organisations_active[o] == 0:
            continue
        state.organisations_fatigue[o] = tired
        tie = 0.0
        for other in range(n):
            other_kind = state.organisations_kind[other]
            if other_kind in (EXECUTIVE, OFFICIALS):
                tie = max(
                    tie, state.governance_frequency[o, other] / (state.governance_frequency[o, other] + 6.0)
                )
        joint = state.organisations_prognostic[o, 3] - state.organisations_prognostic[o, 0]
        openness = (
            amplified(state.organisations_ideology[o], politicised, constants.relations_politicisation_gain)
            + state.organisations_leader[o]
        )
        strength = capacity_factor(state.organisations_capacity[o], constants.relations_half_capacity)
        running = 0.0
        for k in range(NEEDS):
            running += state.organisations_initiative[o, k]
        for k in range(NEEDS):
            will = mission_will(
                left_over[k],
                1.0 - state.locality_welfare_public[0],
                joint,
                openness,
                constants.civil_society_fatigue * tired,
                state.sectors_public[k] * tie,
                (running - state.organisations_initiative[o, k]) / strength,
                state.organisations_belief[o],
                constants.civil_society_base,
                constants.civil_society_need,
                constants.civil_society_tradition,
                constants.civil_society_frame,
                constants.civil_society_openness,
                constants.civil_society_joint,
                constants.civil_society_busy,
                constants.civil_society_goodwill,
            )
            if state.organisations_initiative[o, k] > 0.0:
                u = uniform(now.key0, now.key1, entity, now.month, END, k)
                if u < end_chance(will, constants.civil_society_stop):
                    state.organisations_initiative[o, k] = 0.0
                    state.organisations_started[o, k] = -1
            else:
                u = uniform(now.key0, now.key1, entity, now.month, BEGIN, k)
                if u < begin_chance(will, constants.civil_society_start):
                    state.organisations_initiative[o, k] = 1.0
                    state.organisations_started[o, k] = now.month
    for k in range(NEEDS):
        supply = 0.0
        for o in range(n):
            kind = state.organisations_kind[o]
            if kind not in (NGO, MIGRANT_ORGANISATION, PROVIDER, CHURCH):
                continue
            if state.organisations_initiative[o, k] > 0.0:
                helpers = state.organisations_volunteers[o] / (
                    state.organisations_volunteers[o] + HELPERS_HALF
                )
                strength = capacity_factor(state.organisations_capacity[o], constants.relations_half_capacity)
                supply += strength * (1.0 + helpers) * (1.0 - 0.5 * state.organisations_fatigue[o])
        supply = supply * 20000.0 / state.locality_inhabitants[0]
        state.sectors_civil[k] = served(supply, constants.civil_society_half_supply)
        state.sectors_nonpublic[k] = either(state.sectors_civil[k], state.sectors_business[k])


PROCESS = Process(
    name="civil_society",
    purpose="volunteers join and tire; NGOs, churches, providers and migrant organisations answer unmet need",
    source="final working paper 3.3, 4, 5.2 (S53-S55, S70-S73, S101); M27; docs/odd.md A11, A19, B(d)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(volunteers, initiatives),
    theories=("substitution",),
    draws=("JOIN", "HOURS", "BEGIN", "END", "FOUND", "LEADER"),
)
