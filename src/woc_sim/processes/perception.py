"""Perception: residents raise their voice, the topic is politicised, organisations form beliefs.

No organisation reads the true mean attitude.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_uniform, uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import opposition
from woc_sim.rules.belief import (
    belief_step,
    loudness,
    memory_step,
    politicisation_step,
    voice_chance,
    voice_form,
    with_memory,
)
from woc_sim.rules.voice import COSTLY, disagreement, outspoken
from woc_sim.world.governance import VOICES_KEPT
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import record

VOICE, HEARD, MET, FORM = 1, 2, 3, 4
PER_THOUSAND = 1000.0  # unit: voices are counted per 1000 residents

READS = (
    "residents.entity",
    "residents.age",
    "residents.attitude_to",
    "residents.interest",
    "organisations.entity",
    "organisations.active",
    "organisations.ideology",
    "governance.frequency",
    "locality.media",
    "locality.rrp",
    "locality.conflicts",
    "locality.nation_ideology",
    "locality.region_ideology",
)
WRITES = (
    "organisations.belief",
    "voices.stance",
    "locality.politicisation",
    "locality.voice_for",
    "locality.voice_against",
    "locality.letters",
    "locality.gatherings",
    "locality.protests",
    "locality.heard",
    "locality.remembered",
    "locality.voices_raised",
)
PARAMETERS = (
    "perception.from_media",
    "perception.from_rrp",
    "perception.rrp_half",
    "perception.from_conflicts",
    "perception.politicisation_speed",
    "perception.voice_base",
    "perception.voice_idle",
    "perception.hostile",
    "perception.heated",
    "perception.supportive",
    "perception.heat_calm",
    "perception.heat_politicised",
    "perception.protest",
    "perception.attend_cool",
    "perception.attend_heated",
    "perception.voices_heard",
    "perception.residents_met",
    "perception.rrp_voice",
    "perception.correction",
    "perception.contacts_half",
    "perception.projection",
    "perception.speed",
    "perception.contact_cut",
    "voice.seats_half",
    "voice.seats_part",
    "voice.silence",
    "voice.outcry",
    "first_beliefs.memory",
    "first_beliefs.speed",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def raise_voices(state: Any, constants: Any, now: Any) -> None:
    """Residents write, attend or protest; politicisation follows media, seats and conflicts."""
    politicised = state.locality_politicisation[0]
    loud = opposition(state, constants)
    nation, region = state.locality_nation_ideology[0], state.locality_region_ideology[0]
    draws = np.empty(now.residents)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, VOICE, 0, now.residents, draws)
    raised = int(state.locality_voices_raised[0])
    supportive = 0
    hostile = 0
    forms = np.zeros(3)
    for i in range(now.residents):
        stance = state.residents_attitude_to[REFERENCE, i]
        if state.residents_age[i] < ADULT:
            continue
        speaks = voice_chance(constants, stance, state.residents_interest[i], politicised)
        if now.voice == COSTLY and stance > 0.0:
            speaks *= outspoken(constants, now.voice, loud, disagreement(stance, nation, region))
        if draws[i] < speaks:
            state.voices_stance[raised % VOICES_KEPT] = stance
            raised += 1
            u = uniform(now.key0, now.key1, state.residents_entity[i], now.month, FORM, 0)
            forms[voice_form(constants, stance, politicised, u)] += 1.0
            if stance < 0.0:
                hostile += 1
            else:
                supportive += 1
    kept = min(raised, VOICES_KEPT)
    total = 0.0
    for v in range(kept):
        total += state.voices_stance[v]
    state.locality_voices_raised[0] = raised
    state.locality_voice_for[0] = PER_THOUSAND * supportive / now.residents
    state.locality_voice_against[0] = PER_THOUSAND * hostile / now.residents
    state.locality_letters[0] = PER_THOUSAND * forms[0] / now.residents
    state.locality_gatherings[0] = PER_THOUSAND * forms[1] / now.residents
    state.locality_protests[0] = PER_THOUSAND * forms[2] / now.residents
    state.locality_heard[0] = total / max(1, kept)
    state.locality_politicisation[0] = politicisation_step(
        constants,
        politicised,
        state.locality_media[0],
        state.locality_rrp[0],
        state.locality_conflicts[0],
    )


@entry
@kernel
def form_beliefs(state: Any, constants: Any, now: Any) -> None:
    """Every organisation updates its belief from a sample of voices, residents met, and its own ideology."""
    politicised = state.locality_politicisation[0]
    kept = min(int(state.locality_voices_raised[0]), VOICES_KEPT)
    sampled = int(constants.perception_voices_heard)
    party = constants.perception_rrp_voice * state.locality_rrp[0] * sampled
    party_weight = party * loudness(constants, -1.0, politicised)
    people = int(constants.perception_residents_met)
    theory = now.first_beliefs
    remembered = state.locality_remembered[0]
    for o in range(now.organisations):
        if state.organisations_active[o] == 0:
            continue
        entity = state.organisations_entity[o]
        total = -party_weight
        weight = party_weight
        if kept > 0:
            for k in range(sampled):
                u = uniform(now.key0, now.key1, entity, now.month, HEARD, k)
                stance = state.voices_stance[int(u * kept)]
                loud = loudness(constants, stance, politicised)
                total += loud * stance
                weight += loud
        heard = state.organisations_belief[o]
        if weight > 0.0:
            heard = total / weight
        met = 0.0
        for k in range(people):
            u = uniform(now.key0, now.key1, entity, now.month, MET, k)
            met += state.residents_attitude_to[REFERENCE, int(u * now.residents)]
        contacts = 0.0
        for other in range(now.organisations):
            if state.governance_frequency[o, other] >= constants.perception_contact_cut:
                contacts += 1.0
        state.organisations_belief[o] = belief_step(
            constants,
            state.organisations_belief[o],
            with_memory(constants, theory, heard, remembered),
            with_memory(constants, theory, met / people, remembered),
            contacts,
            state.organisations_ideology[o],
        )
    if kept > 0:
        state.locality_remembered[0] = memory_step(constants, theory, remembered, state.locality_heard[0])


PROCESS = Process(
    name="perception",
    purpose="residents raise their voice; organisations form beliefs about their attitudes",
    source="final working paper 5.1.2 and 6 (S80, S81); docs/odd.md A6, A7, B(b)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(raise_voices, form_beliefs),
    theories=("voice", "first_beliefs"),
    draws=("VOICE", "HEARD", "MET", "FORM"),
)
