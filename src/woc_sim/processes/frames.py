"""Frames: who is held responsible and what integration is; they travel along governance ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage, towards
from woc_sim.rules.frames import diagnostic_target, hearing_weight, leaning_weight, talk
from woc_sim.world.governance import EXECUTIVE, OFFICIALS
from woc_sim.world.locality import record

READS = (
    "organisations.kind",
    "organisations.active",
    "organisations.ideology",
    "organisations.dependence",
    "organisations.bias",
    "governance.frequency",
    "governance.habit",
    "sectors.need",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
)
WRITES = ("organisations.prognostic", "organisations.diagnostic")
PARAMETERS = (
    "frames.migrants_only",
    "frames.institutions",
    "frames.locals_and_migrants",
    "frames.whole_community",
    "frames.tilt_migrants_only",
    "frames.tilt_whole",
    "frames.breadth",
    "frames.stubborn",
    "frames.speed",
    "frames.pull",
    "frames.d_base",
    "frames.d_need",
    "frames.d_ideology",
    "frames.purse",
    "perception.contact_cut",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)

KINDS = 14
PROGNOSTIC = 4
DIAGNOSTIC = 10
SELF_SUFFICIENCY = 3
# What each diagnostic frame names, by its meaning (final working paper, Table 3): the sector of the need,
# and whether the frame stands on the inclusive (+1) or the exclusive (-1) side of the scale; -1 as sector:
# no single need.
FRAME_SECTOR = np.array((5, 6, 1, 2, 7, -1, 5, 5, -1, -1))
FRAME_TILT = np.array((0.5, 0.5, -1.0, -0.2, 0.5, 1.0, 0.7, 0.0, 0.3, -1.0))


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """One month of talk about responsibility, and of attention to needs."""
    n = now.organisations
    before = np.empty((n, PROGNOSTIC))
    for o in range(n):
        for f in range(PROGNOSTIC):
            before[o, f] = state.organisations_prognostic[o, f]
    unmet = np.empty(9)
    for k in range(9):
        met = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        unmet[k] = state.sectors_need[k] * (1.0 - met)
    seen = np.empty(KINDS)
    for o in range(n):
        if state.organisations_active[o] == 0:
            continue
        for kind in range(KINDS):
            seen[kind] = 0.0
        weight = 0.0
        heard0 = 0.0
        heard1 = 0.0
        heard2 = 0.0
        heard3 = 0.0
        for other in range(n):
            if other == o or state.organisations_active[other] == 0:
                continue
            if state.governance_habit[o, other] >= constants.perception_contact_cut:
                seen[state.organisations_kind[other]] = 1.0
            kind = state.organisations_kind[other]
            leads = 1.0 if (kind in (EXECUTIVE, OFFICIALS)) else 0.0
            w = hearing_weight(
                state.governance_frequency[o, other],
                state.organisations_dependence[o],
                leads,
                constants.frames_pull,
            )
            weight += w
            heard0 += w * before[other, 0]
            heard1 += w * before[other, 1]
            heard2 += w * before[other, 2]
            heard3 += w * before[other, 3]
        breadth = 0.0
        for kind in range(KINDS):
            breadth += seen[kind]
        breadth = breadth / KINDS
        ideology = state.organisations_ideology[o]
        lean0 = state.organisations_bias[o, 0] * leaning_weight(
            constants.frames_migrants_only, constants.frames_tilt_migrants_only, ideology, 0.0, 0.0
        )
        lean1 = state.organisations_bias[o, 1] * leaning_weight(
            constants.frames_institutions, 0.0, ideology, 0.0, 0.0
        )
        lean2 = state.organisations_bias[o, 2] * leaning_weight(
            constants.frames_locals_and_migrants, constants.frames_tilt_whole, ideology, 0.0, 0.0
        )
        lean3 = state.organisations_bias[o, 3] * leaning_weight(
            constants.frames_whole_community,
            constants.frames_tilt_whole,
            ideology,
            breadth,
            constants.frames_breadth,
        )
        all_leans = lean0 + lean1 + lean2 + lean3
        if weight < 1.0:
            # hardly anybody to talk with: the own reading fills what is missing
            heard0 += (1.0 - weight) * before[o, 0]
            heard1 += (1.0 - weight) * before[o, 1]
            heard2 += (1.0 - weight) * before[o, 2]
            heard3 += (1.0 - weight) * before[o, 3]
            weight = 1.0
        hold = constants.frames_stubborn
        speed = constants.frames_speed
        state.organisations_prognostic[o, 0] = talk(
            before[o, 0], lean0 / all_leans, heard0 / weight, hold, speed
        )
        state.organisations_prognostic[o, 1] = talk(
            before[o, 1], lean1 / all_leans, heard1 / weight, hold, speed
        )
        state.organisations_prognostic[o, 2] = talk(
            before[o, 2], lean2 / all_leans, heard2 / weight, hold, speed
        )
        state.organisations_prognostic[o, 3] = talk(
            before[o, 3], lean3 / all_leans, heard3 / weight, hold, speed
        )
        for f in range(DIAGNOSTIC):
            need = 0.0
            if FRAME_SECTOR[f] >= 0:
                need = unmet[FRAME_SECTOR[f]]
            if f == SELF_SUFFICIENCY:
                # who has no work lives on the public purse, so that lack weighs more than others
                need = need * constants.frames_purse
            target = diagnostic_target(
                need,
                ideology,
                FRAME_TILT[f],
                constants.frames_d_base,
                constants.frames_d_need,
                constants.frames_d_ideology,
            )
            state.organisations_diagnostic[o, f] = towards(
                state.organisations_diagnostic[o, f], target, speed
            )


PROCESS = Process(
    name="frames",
    purpose="frames of integration and responsibility spread along governance ties and follow needs seen",
    source="final working paper 3.2, Table 3 (S39-S45); docs/odd.md process 15",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
)
