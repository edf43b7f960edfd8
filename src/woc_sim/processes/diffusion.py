"""Diffusion: know-how of measures comes from peers and higher-level venues, and fades without use."""

from __future__ import annotations

from typing import Any

from woc_sim.inputs.organisations import level_code
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import clip, saturate
from woc_sim.rules.policy import template_fit
from woc_sim.world.locality import record

READS = (
    "organisations.level",
    "organisations.leads",
    "organisations.engagement",
    "governance.frequency",
    "measures.bulletin",
    "measures.in_force",
    "locality.staff",
    "locality.meetings",
)
WRITES = ("measures.known",)
PARAMETERS = (
    "diffusion.peer_rate",
    "diffusion.venue_rate",
    "diffusion.staff_half",
    "diffusion.template_staff",
    "diffusion.use",
    "diffusion.forget",
    "relations.tie_half",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
LOCAL = level_code("local")


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """One month of learning what others do; contact costs staff days, so capacity decides (S37)."""
    staff = state.locality_staff[0]
    engaged = 0.0
    vertical = 0.0
    for o in range(now.organisations):
        if state.organisations_leads[o] == 1:
            engaged = max(engaged, state.organisations_engagement[o])
            for other in range(now.organisations):
                if state.organisations_level[other] != LOCAL:
                    vertical += saturate(state.governance_frequency[o, other], constants.relations_tie_half)
    fit = template_fit(staff, constants.diffusion_template_staff)
    peers = (
        constants.diffusion_peer_rate
        * engaged
        * state.locality_meetings[0]
        * staff
        / (staff + constants.diffusion_staff_half)
    )
    venues = constants.diffusion_venue_rate * vertical * fit
    for m in range(now.measures):
        known = state.measures_known[m]
        if state.measures_in_force[m] == 1:
            gain = constants.diffusion_use
            loss = 0.0
        else:
            gain = (peers + venues) * state.measures_bulletin[m]
            loss = constants.diffusion_forget
        state.measures_known[m] = clip(known + gain * (1.0 - known) - loss * known, 0.0, 1.0)


PROCESS = Process(
    name="diffusion",
    purpose="administrations learn of measures from peers and higher-level venues",
    source="final working paper 6 (S37, obstacles 2 and 3); docs/odd.md A14",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
)
