"""Governance relations: engagement of each organisation, meetings and tone of each pair."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.organisations import level_code
from woc_sim.inputs.sectors import needs
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage, saturate, towards
from woc_sim.rules.gains import weighed
from woc_sim.rules.relations import (
    Pair,
    amplified,
    capacity_factor,
    congruence,
    engagement_target,
    kept_habit,
    meeting_target,
    tone_target,
)
from woc_sim.world.locality import record

READS = (
    "organisations.level",
    "organisations.public",
    "organisations.leads",
    "organisations.active",
    "organisations.ideology",
    "organisations.capacity",
    "organisations.dependence",
    "organisations.belief",
    "organisations.prognostic",
    "organisations.initiative",
    "governance.reach",
    "sectors.need",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "locality.politicisation",
    "locality.meetings",
    "locality.load",
)
WRITES = (
    "organisations.engagement",
    "governance.habit",
    "governance.frequency",
    "governance.tone",
    "governance.shared",
)
PARAMETERS = (
    "relations.base_engagement",
    "relations.ideology_engagement",
    "relations.politicisation_gain",
    "relations.need_engagement",
    "relations.belief_engagement",
    "relations.frame_engagement",
    "relations.engagement_speed",
    "relations.most",
    "relations.half_capacity",
    "relations.g0",
    "relations.g_engaged",
    "relations.g_need",
    "relations.g_congruence",
    "relations.g_shared",
    "relations.g_funding",
    "relations.funding_half",
    "relations.works_cut",
    "relations.shared_full",
    "relations.speed",
    "relations.erosion",
    "relations.tone_agreement",
    "relations.tone_shared",
    "relations.tone_speed",
    "gains.relations",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")
LOCAL = level_code("local")
NEEDS = needs()  # sectors that persons need: all but steering


class Setting(NamedTuple):
    """What all pairs of organisations of a place share this month.

    politicised: how much the topic is, 0..1; need: what all help leaves, mean of the sectors; funding: public
    money for common work, 0..1; meetings: multiplier of meetings allowed.
    """

    politicised: float
    need: float
    funding: float
    meetings: float


@step
def describe_setting(state: Any, constants: Any) -> Setting:
    """The place as its organisations find it."""
    need = 0.0
    for k in range(NEEDS):
        met = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        need += state.sectors_need[k] * (1.0 - met)
    return Setting(
        state.locality_politicisation[0],
        need / NEEDS,
        saturate(state.locality_load[0], constants.relations_funding_half),
        state.locality_meetings[0],
    )


@step
def fields_of_work(state: Any, constants: Any, now: Any) -> Any:
    """1 where an organisation works on a need, by organisation and sector: its own initiative, or for public
    ones that their level covers more than a trace of the need."""
    works = np.zeros((now.organisations, NEEDS))
    trace = constants.relations_works_cut
    for o in range(now.organisations):
        for k in range(NEEDS):
            if state.organisations_public[o] == 1:
                works[o, k] = 1.0 if state.sectors_public[k] > trace else 0.0
            elif state.organisations_level[o] != LOCAL:
                works[o, k] = 1.0 if state.sectors_higher[k] > trace else 0.0
            else:
                works[o, k] = state.organisations_initiative[o, k]
    return works


@step
def common_work(works: Any, i: int, j: int, full: float) -> float:
    """Share of common work of two organisations: sectors in which both are active, up to `full` of them."""
    common = 0.0
    for k in range(NEEDS):
        common += works[i, k] * works[j, k]
    return min(1.0, common / full)


@step
def money_between(leads: Any, dependence: Any, i: int, j: int, funding: float) -> float:
    """Weight of public money in a pair: where one leads the municipality, the other depends on it."""
    depends = 0.0
    if leads[i] == 1:
        depends = dependence[j]
    elif leads[j] == 1:
        depends = dependence[i]
    return depends * funding


@step
def meet(state: Any, constants: Any, now: Any, setting: Setting, works: Any) -> None:
    """Habits of meeting, meetings held and tone of every pair; the same for both partners."""
    half = constants.relations_half_capacity
    for i in range(now.organisations):
        for j in range(i):
            if state.organisations_active[i] == 0 or state.organisations_active[j] == 0:
                state.governance_habit[i, j] = 0.0
                state.governance_habit[j, i] = 0.0
                state.governance_frequency[i, j] = 0.0
                state.governance_frequency[j, i] = 0.0
                continue
            shared = common_work(works, i, j, constants.relations_shared_full)
            agreement = congruence(
                weighed(now.gains, state.organisations_ideology[i], constants.gains_relations),
                weighed(now.gains, state.organisations_ideology[j], constants.gains_relations),
            )
            pair = Pair(
                capacity_factor(state.organisations_capacity[i], half),
                capacity_factor(state.organisations_capacity[j], half),
                state.governance_reach[i, j],
                state.organisations_engagement[i] + state.organisations_engagement[j],
                amplified(agreement, setting.politicised, constants.relations_politicisation_gain),
                shared,
                money_between(
                    state.organisations_leads, state.organisations_dependence, i, j, setting.funding
                ),
            )
            target = meeting_target(constants, pair, setting.need)
            target = kept_habit(target, setting.meetings, constants.relations_erosion)
            habit = towards(state.governance_habit[i, j], target, constants.relations_speed)
            warmth = tone_target(constants, agreement, shared, setting.politicised)
            tone = towards(state.governance_tone[i, j], warmth, constants.relations_tone_speed)
            held = habit * setting.meetings
            state.governance_habit[i, j] = habit
            state.governance_habit[j, i] = habit
            state.governance_frequency[i, j] = held
            state.governance_frequency[j, i] = held
            state.governance_tone[i, j] = tone
            state.governance_tone[j, i] = tone
            state.governance_shared[i, j] = shared
            state.governance_shared[j, i] = shared


@step
def engage(state: Any, constants: Any, now: Any, setting: Setting) -> None:
    """How much each organisation works on the topic."""
    gain = constants.relations_politicisation_gain
    for o in range(now.organisations):
        frames = state.organisations_prognostic
        joint = frames[o, WHOLE_COMMUNITY] - frames[o, MIGRANTS_ONLY]
        ideology = weighed(now.gains, state.organisations_ideology[o], constants.gains_relations)
        conviction = amplified(ideology, setting.politicised, gain)
        target = engagement_target(constants, conviction, setting.need, state.organisations_belief[o], joint)
        state.organisations_engagement[o] = towards(
            state.organisations_engagement[o], target, constants.relations_engagement_speed
        )


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """One month of meetings between organisations, and then of their engagement."""
    setting = describe_setting(state, constants)
    meet(state, constants, now, setting, fields_of_work(state, constants, now))
    engage(state, constants, now, setting)


PROCESS = Process(
    name="relations",
    purpose="engagement moves; pairs of organisations meet more or less often and in a better or worse tone",
    source="final working paper 3.1 (S27-S38); docs/odd.md A15, A21, B(c)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("gains",),
)
