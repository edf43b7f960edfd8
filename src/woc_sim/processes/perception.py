"""Perception: residents raise their voice, the topic is politicised, organisations form beliefs. Truth is
never read."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_uniform, uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.belief import belief_step, politicisation_step, vocality, voice_chance, voice_form
from woc_sim.world.governance import VOICES_KEPT
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import record

VOICE, HEARD, MET, FORM = 1, 2, 3, 4
SAMPLE_HEARD = 8  # public voices an organisation takes in during a month
SAMPLE_MET = 6  # residents its people talk to in passing

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
    "locality.voices_written",
)
PARAMETERS = (
    "perception.from_media",
    "perception.from_rrp",
    "perception.from_conflicts",
    "perception.voice_base",
    "perception.hostile",
    "perception.supportive",
    "perception.rrp_voice",
    "perception.correction",
    "perception.projection",
    "perception.speed",
    "perception.contact_cut",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def raise_voices(state: Any, constants: Any, now: Any) -> None:
    """Residents write, attend or protest; politicisation follows media, seats and conflicts."""
    politicised = state.locality_politicisation[0]
    draws = np.empty(now.residents)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, VOICE, 0, now.residents, draws)
    written = int(state.locality_voices_written[0])
    pro = 0
    contra = 0
    forms = np.zeros(3)
    for i in range(now.residents):
        stance = state.residents_attitude_to[REFERENCE, i]
        if state.residents_age[i] < ADULT:
            continue
        if draws[i] < voice_chance(
            stance, state.residents_interest[i], politicised, constants.perception_voice_base
        ):
            state.voices_stance[written % VOICES_KEPT] = stance
            written += 1
            u = uniform(now.key0, now.key1, state.residents_entity[i], now.month, FORM, 0)
            forms[voice_form(stance, politicised, u)] += 1.0
            if stance < 0.0:
                contra += 1
            else:
                pro += 1
    kept = min(written, VOICES_KEPT)
    total = 0.0
    for v in range(kept):
        total += state.voices_stance[v]
    state.locality_voices_written[0] = written
    state.locality_voice_for[0] = 1000.0 * pro / now.residents
    state.locality_voice_against[0] = 1000.0 * contra / now.residents
    state.locality_letters[0] = 1000.0 * forms[0] / now.residents
    state.locality_gatherings[0] = 1000.0 * forms[1] / now.residents
    state.locality_protests[0] = 1000.0 * forms[2] / now.residents
    state.locality_heard[0] = total / max(1, kept)
    state.locality_politicisation[0] = politicisation_step(
        politicised,
        state.locality_media[0],
        state.locality_rrp[0],
        state.locality_conflicts[0],
        constants.perception_from_media,
        constants.perception_from_rrp,
        constants.perception_from_conflicts,
    )


@entry
@kernel
def form_beliefs(state: Any, constants: Any, now: Any) -> None:
    """Every organisation updates its belief from a sample of voices, residents met, and its own ideology."""
    politicised = state.locality_politicisation[0]
    kept = min(int(state.locality_voices_written[0]), VOICES_KEPT)
    party = constants.perception_rrp_voice * state.locality_rrp[0] * SAMPLE_HEARD
    party_weight = party * vocality(
        -1.0, politicised, constants.perception_hostile, constants.perception_supportive
    )
    for o in range(now.organisations):
        if state.organisations_active[o] == 0:
            continue
        entity = state.organisations_entity[o]
        total = -party_weight
        weight = party_weight
        if kept > 0:
            for k in range(SAMPLE_HEARD):
                u = uniform(now.key0, now.key1, entity, now.month, HEARD, k)
                stance = state.voices_stance[int(u * kept)]
                loud = vocality(
                    stance, politicised, constants.perception_hostile, constants.perception_supportive
                )
                total += loud * stance
                weight += loud
        heard = state.organisations_belief[o]
        if weight > 0.0:
            heard = total / weight
        met = 0.0
        for k in range(SAMPLE_MET):
            u = uniform(now.key0, now.key1, entity, now.month, MET, k)
            met += state.residents_attitude_to[REFERENCE, int(u * now.residents)]
        contacts = 0.0
        for other in range(now.organisations):
            if state.governance_frequency[o, other] >= constants.perception_contact_cut:
                contacts += 1.0
        state.organisations_belief[o] = belief_step(
            state.organisations_belief[o],
            heard,
            met / SAMPLE_MET,
            contacts,
            state.organisations_ideology[o],
            constants.perception_speed,
            constants.perception_projection,
            constants.perception_correction,
        )


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
    draws=("VOICE", "HEARD", "MET", "FORM"),
)
