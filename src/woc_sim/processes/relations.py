"""Governance relations: engagement of each organisation, meetings and tone of each pair."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage, towards
from woc_sim.rules.relations import (
    amplified,
    capacity_factor,
    congruence,
    engagement_target,
    kept_habit,
    meeting_target,
    tone_target,
)
from woc_sim.world.governance import BUREAUCRATS, EXECUTIVE, OFFICIALS, REGION
from woc_sim.world.locality import record

READS = (
    "organisations.kind",
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
    "relations.speed",
    "relations.erosion",
    "relations.tone_agreement",
    "relations.tone_shared",
    "relations.tone_speed",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
SECTORS_SHARED = 3.0  # common sectors at which two organisations share their work fully
NEEDS = 8  # all sectors but steering


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """One month of engagement, habits of meeting, meetings held and tone; symmetric in both partners."""
    n = now.organisations
    politicised = state.locality_politicisation[0]
    need = 0.0
    for k in range(NEEDS):
        met = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        need += state.sectors_need[k] * (1.0 - met)
    need = need / NEEDS
    works = np.zeros((n, NEEDS))
    engaged = np.empty(n)
    for o in range(n):
        engaged[o] = state.organisations_engagement[o]
        kind = state.organisations_kind[o]
        for k in range(NEEDS):
            if kind in (EXECUTIVE, OFFICIALS, BUREAUCRATS):
                works[o, k] = 1.0 if state.sectors_public[k] > 0.05 else 0.0
            elif kind >= REGION:
                works[o, k] = 1.0 if state.sectors_higher[k] > 0.05 else 0.0
            else:
                works[o, k] = state.organisations_initiative[o, k]
    funding = state.locality_load[0] / (state.locality_load[0] + 3.0)
    for i in range(n):
        for j in range(i):
            if state.organisations_active[i] == 0 or state.organisations_active[j] == 0:
                state.governance_habit[i, j] = 0.0
                state.governance_habit[j, i] = 0.0
                state.governance_frequency[i, j] = 0.0
                state.governance_frequency[j, i] = 0.0
                continue
            common = 0.0
            for k in range(NEEDS):
                common += works[i, k] * works[j, k]
            shared = min(1.0, common / SECTORS_SHARED)
            agreement = congruence(state.organisations_ideology[i], state.organisations_ideology[j])
            paid = 0.0
            if state.organisations_kind[i] == EXECUTIVE or state.organisations_kind[i] == OFFICIALS:
                paid = state.organisations_dependence[j] * funding
            elif state.organisations_kind[j] == EXECUTIVE or state.organisations_kind[j] == OFFICIALS:
                paid = state.organisations_dependence[i] * funding
            target = meeting_target(
                constants.relations_most,
                capacity_factor(state.organisations_capacity[i], constants.relations_half_capacity),
                capacity_factor(state.organisations_capacity[j], constants.relations_half_capacity),
                state.governance_reach[i, j],
                engaged[i] + engaged[j],
                need,
                amplified(agreement, politicised, constants.relations_politicisation_gain),
                shared,
                paid,
                constants.relations_g0,
                constants.relations_g_engaged,
                constants.relations_g_need,
                constants.relations_g_congruence,
                constants.relations_g_shared,
                constants.relations_g_funding,
            )
            target = kept_habit(target, state.locality_meetings[0], constants.relations_erosion)
            habit = towards(state.governance_habit[i, j], target, constants.relations_speed)
            tone = towards(
                state.governance_tone[i, j],
                tone_target(
                    agreement,
                    shared,
                    politicised,
                    constants.relations_tone_agreement,
                    constants.relations_tone_shared,
                ),
                constants.relations_tone_speed,
            )
            held = habit * state.locality_meetings[0]
            state.governance_habit[i, j] = habit
            state.governance_habit[j, i] = habit
            state.governance_frequency[i, j] = held
            state.governance_frequency[j, i] = held
            state.governance_tone[i, j] = tone
            state.governance_tone[j, i] = tone
            state.governance_shared[i, j] = shared
            state.governance_shared[j, i] = shared
    for o in range(n):
        joint = state.organisations_prognostic[o, 3] - state.organisations_prognostic[o, 0]
        target = engagement_target(
            amplified(state.organisations_ideology[o], politicised, constants.relations_politicisation_gain),
            need,
            state.organisations_belief[o],
            joint,
            constants.relations_base_engagement,
            constants.relations_ideology_engagement,
            constants.relations_need_engagement,
            constants.relations_belief_engagement,
            constants.relations_frame_engagement,
        )
        state.organisations_engagement[o] = towards(engaged[o], target, constants.relations_engagement_speed)


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
)
