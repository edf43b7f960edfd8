"""Civil society: volunteers join and tire; mission-driven organisations begin and end initiatives by one
rule."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_uniform, uniform
from woc_sim.inputs.ages import VOLUNTEER_FROM
from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.sectors import needs
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import opposition
from woc_sim.rules.attention import FADING, lapse, noticed
from woc_sim.rules.curves import coverage, normal, saturate, towards
from woc_sim.rules.provision import (
    SUPPLY_INHABITANTS,
    Actor,
    begin_chance,
    covered_by_two,
    end_chance,
    mission_will,
    served,
    unmet,
)
from woc_sim.rules.relations import amplified, capacity_factor
from woc_sim.rules.voice import courage, disagreement
from woc_sim.rules.volunteering import fatigue_step, hours_given, join_chance, quit_chance, sympathy
from woc_sim.world.locality import record

JOIN, HOURS, BEGIN, END, FOUND, LEADER = 1, 2, 3, 4, 5, 6

READS = (
    "residents.entity",
    "residents.age",
    "residents.attitude_to",
    "residents.interest",
    "organisations.entity",
    "organisations.leads",
    "organisations.mission",
    "organisations.founded_by_migrants",
    "organisations.draws_volunteers",
    "organisations.eases_volunteers",
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
    "locality.rrp",
    "locality.nation_ideology",
    "locality.region_ideology",
    "locality.voices_raised",
    "voices.stance",
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
    "locality.used_to",
)
PARAMETERS = (
    "civil_society.base",
    "civil_society.steep",
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
    "civil_society.helpers_half",
    "civil_society.tired_supply",
    "civil_society.join",
    "civil_society.hours",
    "civil_society.hours_least",
    "civil_society.hours_half",
    "civil_society.quit",
    "civil_society.quit_rested",
    "civil_society.quit_tired",
    "civil_society.quit_conviction",
    "civil_society.fatigue_speed",
    "civil_society.recovery",
    "civil_society.rest",
    "civil_society.relief",
    "civil_society.call_need",
    "civil_society.call_media",
    "civil_society.found",
    "civil_society.found_half",
    "civil_society.found_newcomers",
    "civil_society.dissolve",
    "civil_society.turnover",
    "organisations.leader_spread",
    "relations.politicisation_gain",
    "relations.half_capacity",
    "relations.tie_half",
    "attention.habit",
    "attention.surge",
    "attention.lapse",
    "voice.cost",
    "voice.mobilised",
    "voice.seats_half",
    "voice.seats_part",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
NEEDS = needs()
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")
PER_THOUSAND = 1000.0  # unit: hours are counted per 1000 inhabitants
WEEKS_A_MONTH = 4.3  # unit: volunteers give hours a week, organisations count hours a month


class Helpers(NamedTuple):
    """Volunteers of a place: hours a week that all of them give, and their number."""

    hours: float
    number: int


@step
def organised_support(state: Any, now: Any) -> float:
    """1 where organised colleagues of helpers (of an NGO, a church) run an initiative, else 0."""
    support = 0.0
    for o in range(now.organisations):
        if state.organisations_eases_volunteers[o] == 1 and state.organisations_active[o] == 1:
            for k in range(NEEDS):
                support = max(support, state.organisations_initiative[o, k])
    return support


@step
def fresh_attention(state: Any, constants: Any, now: Any) -> float:
    """Salience of the topic that calls for help; people get used to it, in the theory that says so."""
    salience = state.locality_media[0]
    fresh: float = noticed(constants, now.attention, salience, state.locality_used_to[0])
    if now.attention == FADING:
        used_to = towards(state.locality_used_to[0], salience, constants.attention_habit)
        state.locality_used_to[0] = used_to
    return fresh


@step
def call_for_help(state: Any, constants: Any, fresh: float) -> float:
    """How strongly need calls for volunteers: visible need, and need that the media report afresh."""
    need = 0.0
    for k in range(NEEDS):
        need += state.sectors_need[k] / NEEDS
    heard: float = constants.civil_society_call_media * fresh * need
    seen: float = constants.civil_society_call_need * need
    return seen + heard


@kernel
def _count_in(first: Any, other: Any, part: float, felt: Any) -> None:
    """Count one more group of newcomers into how residents feel about all of them."""
    for i in range(len(felt)):
        felt[i] = sympathy(felt[i], first[i], other[i], part)


@step
def felt_for_newcomers(state: Any, now: Any) -> Any:
    """How each resident feels about the newcomers that there are: groups count by their numbers."""
    first = state.residents_attitude_to[0, : now.residents]
    felt = first.copy()
    for g in range(1, len(state.locality_group_part)):
        other = state.residents_attitude_to[g, : now.residents]
        _count_in(first, other, state.locality_group_part[g, 0], felt)
    return felt


@step
def join_or_tire(state: Any, constants: Any, now: Any, support: float, call: float, fresh: float) -> Helpers:
    """Each resident tires, stops, rests or begins."""
    draws = np.empty(now.residents)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, JOIN, 0, now.residents, draws)
    felt = felt_for_newcomers(state, now)
    hours = 0.0
    number = 0
    for i in range(now.residents):
        given = state.residents_volunteer[i]
        attitude = felt[i]
        if given > 0.0:
            tired = fatigue_step(constants, state.residents_fatigue[i], given, support)
            state.residents_fatigue[i] = tired
            lapsing = lapse(constants, now.attention, fresh, state.residents_interest[i])
            if draws[i] < quit_chance(constants, tired, attitude) * lapsing:
                state.residents_volunteer[i] = 0.0
                continue
        else:
            state.residents_fatigue[i] = state.residents_fatigue[i] * constants.civil_society_rest
            if state.residents_age[i] < VOLUNTEER_FROM:
                continue
            interest = state.residents_interest[i]
            if draws[i] >= join_chance(attitude, interest, call, constants.civil_society_join):
                continue
            u = uniform(now.key0, now.key1, state.residents_entity[i], now.month, HOURS, 0)
            given = hours_given(constants, u)
            state.residents_volunteer[i] = given
            state.residents_volunteered[i] = 1
        hours += given
        number += 1
    return Helpers(hours, number)


@entry
@kernel
def volunteers(state: Any, constants: Any, now: Any) -> None:
    """Residents begin, tire of and stop volunteering; organised colleagues ease the load."""
    support = organised_support(state, now)
    fresh = fresh_attention(state, constants, now)
    call = call_for_help(state, constants, fresh)
    helpers = join_or_tire(state, constants, now, support, call, fresh)
    state.locality_volunteer_share[0] = helpers.number / now.residents
    supply = PER_THOUSAND * helpers.hours * WEEKS_A_MONTH / now.residents
    for o in range(now.organisations):
        if state.organisations_draws_volunteers[o] == 1:
            state.organisations_volunteers[o] = supply


@step
def tiredness(state: Any, now: Any) -> float:
    """Mean fatigue of the volunteers, 0 without any."""
    tired = 0.0
    count = 0
    for i in range(now.residents):
        if state.residents_volunteer[i] > 0.0:
            tired += state.residents_fatigue[i]
            count += 1
    if count > 0:
        tired = tired / count
    return tired


@step
def need_left(state: Any, now: Any) -> Any:
    """Need by sector that an organisation sees: what remains after all help, or the whole need, by theory."""
    left = np.empty(NEEDS)
    for k in range(NEEDS):
        rest = covered_by_two(state.sectors_civil[k], state.sectors_business[k])
        met = coverage(state.sectors_public[k], state.sectors_higher[k], rest)
        left[k] = unmet(now.substitution, state.sectors_need[k], met)
    return left


@step
def change_leaders(state: Any, constants: Any, now: Any) -> None:
    """Leading persons leave; their successors have traits of their own."""
    for o in range(now.organisations):
        entity = state.organisations_entity[o]
        if uniform(now.key0, now.key1, entity, now.month, LEADER, 0) < constants.civil_society_turnover:
            u = uniform(now.key0, now.key1, entity, now.month, LEADER, 1)
            trait = constants.organisations_leader_spread * normal(u)
            state.organisations_leader[o] = min(1.0, max(-1.0, trait))


@step
def found_or_dissolve(state: Any, constants: Any, now: Any) -> None:
    """Migrant organisations form where many migrants live, settled ones above all, and dissolve by chance."""
    newcomers = constants.civil_society_found_newcomers * state.locality_migrant_share[0]
    people = state.locality_foreign_2014[0] + newcomers
    for o in range(now.organisations):
        if state.organisations_founded_by_migrants[o] == 0:
            continue
        u = uniform(now.key0, now.key1, state.organisations_entity[o], now.month, FOUND, 0)
        if state.organisations_active[o] == 0:
            half = constants.civil_society_found_half
            if u < constants.civil_society_found * people / (people + half):
                state.organisations_active[o] = 1
        elif u < constants.civil_society_dissolve:
            state.organisations_active[o] = 0
            for k in range(NEEDS):
                state.organisations_initiative[o, k] = 0.0
                state.organisations_started[o, k] = -1


@step
def ties_to_executive(state: Any, now: Any, half: float) -> Any:
    """How firm each organisation's firmest tie to the executive or its officials is, 0..1."""
    ties = np.zeros(now.organisations)
    for o in range(now.organisations):
        for other in range(now.organisations):
            if state.organisations_leads[other] == 1:
                ties[o] = max(ties[o], saturate(state.governance_frequency[o, other], half))
    return ties


@step
def begin_or_end(state: Any, constants: Any, now: Any, left: Any, tired: float) -> None:
    """Every mission-driven organisation looks at each need in turn and begins or ends an initiative."""
    loud = opposition(state, constants)
    ties = ties_to_executive(state, now, constants.relations_tie_half)
    politicised = state.locality_politicisation[0]
    gain = constants.relations_politicisation_gain
    for o in range(now.organisations):
        if state.organisations_mission[o] == 0 or state.organisations_active[o] == 0:
            continue
        state.organisations_fatigue[o] = tired
        frames = state.organisations_prognostic
        actor = Actor(
            1.0 - state.locality_welfare_public[0],
            frames[o, WHOLE_COMMUNITY] - frames[o, MIGRANTS_ONLY],
            amplified(state.organisations_ideology[o], politicised, gain) + state.organisations_leader[o],
            tired,
            state.organisations_belief[o],
            capacity_factor(state.organisations_capacity[o], constants.relations_half_capacity),
            ties[o],
            courage(
                constants,
                now.voice,
                loud,
                disagreement(
                    state.organisations_ideology[o],
                    state.locality_nation_ideology[0],
                    state.locality_region_ideology[0],
                ),
            ),
        )
        entity = state.organisations_entity[o]
        running = 0.0
        for k in range(NEEDS):
            running += state.organisations_initiative[o, k]
        for k in range(NEEDS):
            others = running - state.organisations_initiative[o, k]
            will = mission_will(constants, actor, left[k], state.sectors_public[k], others)
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


@step
def serve(state: Any, constants: Any, now: Any) -> None:
    """What the initiatives in force cover of each need: supply per head, with diminishing returns."""
    for k in range(NEEDS):
        supply = 0.0
        for o in range(now.organisations):
            if state.organisations_mission[o] == 1 and state.organisations_initiative[o, k] > 0.0:
                helped = saturate(state.organisations_volunteers[o], constants.civil_society_helpers_half)
                strength = capacity_factor(state.organisations_capacity[o], constants.relations_half_capacity)
                rested = 1.0 - constants.civil_society_tired_supply * state.organisations_fatigue[o]
                supply += strength * (1.0 + helped) * rested
        supply = supply * SUPPLY_INHABITANTS / state.locality_inhabitants[0]
        state.sectors_civil[k] = served(supply, constants.civil_society_half_supply)
        state.sectors_nonpublic[k] = covered_by_two(state.sectors_civil[k], state.sectors_business[k])


@entry
@kernel
def initiatives(state: Any, constants: Any, now: Any) -> None:
    """Mission-driven organisations begin and end initiatives; migrant organisations form; leaders change."""
    left = need_left(state, now)
    tired = tiredness(state, now)
    change_leaders(state, constants, now)
    found_or_dissolve(state, constants, now)
    begin_or_end(state, constants, now, left, tired)
    serve(state, constants, now)


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
    theories=("substitution", "attention", "voice"),
    draws=("JOIN", "HOURS", "BEGIN", "END", "FOUND", "LEADER"),
)
