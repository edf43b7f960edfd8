"""Frames: who is held responsible and what integration is; they travel along governance ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.inputs.frames import (
    diagnostic_frame,
    diagnostic_frames,
    prognostic_frame,
    prognostic_frames,
)
from woc_sim.inputs.organisations import interest_code
from woc_sim.inputs.sectors import DIMENSIONS, needs, sector, sectors
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import coverage, towards
from woc_sim.rules.frames import (
    diagnostic_target,
    hearing_weight,
    leaning_weight,
    own_reading,
    reads_by_interest,
    talk,
)
from woc_sim.rules.gains import weighed
from woc_sim.world.locality import record

READS = (
    "organisations.kind",
    "organisations.interest",
    "organisations.leads",
    "organisations.active",
    "organisations.ideology",
    "organisations.dependence",
    "organisations.bias",
    "organisations.initiative",
    "governance.frequency",
    "governance.habit",
    "sectors.need",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "locality.labour_shortage",
    "locality.empty_stock",
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
    "frames.interest",
    "perception.contact_cut",
    "gains.frames",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)

KINDS = len(ACTOR_KINDS)
PROGNOSTIC = len(prognostic_frames())
DIAGNOSTIC = len(diagnostic_frames())
SELF_SUFFICIENCY = diagnostic_frame("self_sufficiency")
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")
INSTITUTIONS, LOCALS = prognostic_frame("institutions"), prognostic_frame("locals_and_migrants")
# The sector of the need that each diagnostic frame names, -1 for no single one, and where it stands between
# the exclusive (-1) and the inclusive (+1) side of the scale.
FRAME_SECTOR = np.array([sector(each.sector) if each.sector else -1 for each in diagnostic_frames()])
FRAME_TILT = np.array([each.tilt for each in diagnostic_frames()])
NEEDS = needs()
WORK, HOUSING = sector("work"), sector("housing")
WORKERS, MEMBERS, TENANTS = map(interest_code, ("workers", "members", "tenants"))


def _frames_of_work() -> Any:
    """How far each diagnostic frame is about the work in each sector, less the mean of all frames (frame x
    sector): by the dimension in which the work shows, or as the need that the frame names."""
    about = (FRAME_SECTOR[:, None] == np.arange(NEEDS)).astype(float)
    looks = np.array([each.looks_at for each in diagnostic_frames()])
    for code, one in enumerate(sectors()[:NEEDS]):
        if one.shows_in:
            about[:, code] = looks[:, DIMENSIONS.index(one.shows_in)]
    return about - about.mean(axis=0)


FRAME_ABOUT = _frames_of_work()


@step
def unmet_needs(state: Any) -> Any:
    """Need by sector that all help leaves."""
    unmet = np.empty(len(state.sectors_need))
    for k in range(len(state.sectors_need)):
        met = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        unmet[k] = state.sectors_need[k] * (1.0 - met)
    return unmet


@step
def breadth_of_contacts(state: Any, now: Any, regular: float) -> Any:
    """Share of the kinds of actor that each organisation meets regularly, in `regular` meetings a year."""
    breadth = np.zeros(now.organisations)
    met = np.empty(KINDS)
    for o in range(now.organisations):
        for kind in range(KINDS):
            met[kind] = 0.0
        for other in range(now.organisations):
            if other == o or state.organisations_active[other] == 0:
                continue
            if state.governance_habit[o, other] >= regular:
                met[state.organisations_kind[other]] = 1.0
        for kind in range(KINDS):
            breadth[o] += met[kind]
        breadth[o] = breadth[o] / KINDS
    return breadth


@step
def frames_heard(state: Any, now: Any, pull: float) -> Any:
    """Mean prognostic frames of those each organisation meets, by how much it listens to them.

    Where hardly anybody is met, an organisation's own reading fills what is missing.
    """
    heard = np.zeros((now.organisations, PROGNOSTIC))
    for o in range(now.organisations):
        weight = 0.0
        for other in range(now.organisations):
            if other == o or state.organisations_active[other] == 0:
                continue
            leads = float(state.organisations_leads[other])
            frequency = state.governance_frequency[o, other]
            listens = hearing_weight(frequency, state.organisations_dependence[o], leads, pull)
            weight += listens
            for f in range(PROGNOSTIC):
                heard[o, f] += listens * state.organisations_prognostic[other, f]
        if weight < 1.0:
            for f in range(PROGNOSTIC):
                heard[o, f] += (1.0 - weight) * state.organisations_prognostic[o, f]
            weight = 1.0
        for f in range(PROGNOSTIC):
            heard[o, f] = heard[o, f] / weight
    return heard


@step
def leanings(constants: Any, bias: Any, ideology: float, breadth: float) -> Any:
    """Weights of the four prognostic frames to which content, ideology and contacts incline an organisation,
    in the order of their codes; they sum to 1."""
    common = constants.frames_tilt_whole
    alone = bias[MIGRANTS_ONLY] * leaning_weight(
        constants.frames_migrants_only, constants.frames_tilt_migrants_only, ideology, 0.0, 0.0
    )
    institutions = bias[INSTITUTIONS] * leaning_weight(constants.frames_institutions, 0.0, ideology, 0.0, 0.0)
    both = bias[LOCALS] * leaning_weight(constants.frames_locals_and_migrants, common, ideology, 0.0, 0.0)
    whole = bias[WHOLE_COMMUNITY] * leaning_weight(
        constants.frames_whole_community, common, ideology, breadth, constants.frames_breadth
    )
    total = alone + institutions + both + whole
    return alone / total, institutions / total, both / total, whole / total


@step
def talk_of_responsibility(state: Any, constants: Any, now: Any, breadth: Any, heard: Any) -> None:
    """Who is to act, as each organisation sees it after a month of talk."""
    stubborn = constants.frames_stubborn
    speed = constants.frames_speed
    for o in range(now.organisations):
        if state.organisations_active[o] == 0:
            continue
        ideology = weighed(now.gains, state.organisations_ideology[o], constants.gains_frames)
        inclined = leanings(constants, state.organisations_bias[o], ideology, breadth[o])
        for f in range(PROGNOSTIC):
            state.organisations_prognostic[o, f] = talk(
                state.organisations_prognostic[o, f], inclined[f], heard[o, f], stubborn, speed
            )


@step
def fields_of_work(state: Any, now: Any) -> Any:
    """Share of each sector in what every organisation does (organisation x sector): its initiatives, and what
    firms and unions lack; the rest up to 1 is no work in any sector."""
    does = np.zeros((now.organisations, NEEDS))
    for o in range(now.organisations):
        for k in range(NEEDS):
            does[o, k] = state.organisations_initiative[o, k]
        interest = state.organisations_interest[o]
        if interest == WORKERS:
            does[o, WORK] = max(does[o, WORK], state.locality_labour_shortage[0])
        elif interest == MEMBERS:
            does[o, WORK] = max(does[o, WORK], state.sectors_need[WORK])
        elif interest == TENANTS:
            does[o, HOUSING] = max(does[o, HOUSING], state.locality_empty_stock[0])
        total = 0.0
        for k in range(NEEDS):
            total += does[o, k]
        for k in range(NEEDS):
            does[o, k] = does[o, k] / max(1.0, total)
    return does


@step
def concern_of(does: Any, o: int, f: int) -> float:
    """How far a frame is about what an organisation does, less how far frames are so on average, -1..1."""
    concern = 0.0
    for k in range(NEEDS):
        concern += does[o, k] * FRAME_ABOUT[f, k]
    return concern


@step
def read_integration(state: Any, constants: Any, now: Any, unmet: Any) -> None:
    """What integration is, as each organisation sees it: the needs it finds unmet, its ideology, and what it
    does itself."""
    by_interest = reads_by_interest(now.diagnosis)
    does = fields_of_work(state, now) if by_interest else np.zeros((0, NEEDS))
    for o in range(now.organisations):
        if state.organisations_active[o] == 0:
            continue
        ideology = weighed(now.gains, state.organisations_ideology[o], constants.gains_frames)
        for f in range(DIAGNOSTIC):
            need = 0.0
            if FRAME_SECTOR[f] >= 0:
                need = unmet[FRAME_SECTOR[f]]
            if f == SELF_SUFFICIENCY:
                # people without work depend on public money, so this need counts more
                need = need * constants.frames_purse
            concern = concern_of(does, o, f) if by_interest else 0.0
            reading = own_reading(constants, now.diagnosis, concern)
            target = diagnostic_target(constants, need, ideology, FRAME_TILT[f], reading)
            state.organisations_diagnostic[o, f] = towards(
                state.organisations_diagnostic[o, f], target, constants.frames_speed
            )


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """One month of talk about responsibility, and of reading what integration is."""
    breadth = breadth_of_contacts(state, now, constants.perception_contact_cut)
    heard = frames_heard(state, now, constants.frames_pull)
    talk_of_responsibility(state, constants, now, breadth, heard)
    read_integration(state, constants, now, unmet_needs(state))


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
    theories=("diagnosis", "gains"),
)
