"""Governance relations: engagement of each organisation, meetings and tone of each pair."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.organisations import interest_code, level_code
from woc_sim.inputs.sectors import needs, sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.rules.coalitions import contest, seen_agreement, tone_pace
from woc_sim.rules.curves import coverage, saturate, towards
from woc_sim.rules.gains import weighed
from woc_sim.rules.meetings import claim_heard, habit_speed, offered, time_is_short
from woc_sim.rules.relations import (
    Pair,
    amplified,
    capacity_factor,
    engagement_target,
    kept_habit,
    meeting_target,
    tone_target,
)
from woc_sim.world.locality import record

READS = (
    "organisations.level",
    "organisations.interest",
    "organisations.public",
    "organisations.leads",
    "organisations.founded_by_migrants",
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
    "relations.g_claims",
    "relations.g_contest",
    "relations.funding_half",
    "relations.works_cut",
    "relations.shared_full",
    "relations.time",
    "relations.choosiness",
    "relations.speed",
    "relations.rebuild",
    "relations.rebuild_half",
    "relations.erosion",
    "relations.camps",
    "relations.camp_half",
    "relations.tone_agreement",
    "relations.tone_shared",
    "relations.tone_speed",
    "relations.grudge",
    "gains.relations",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")
LOCAL, MEMBERS = level_code("local"), interest_code("members")
NEEDS = needs()  # sectors that persons need: all but steering
WORK = sector("work")
ROUNDS = 3  # of offers in a month: after the third hardly any time is left that a partner would take


class Setting(NamedTuple):
    """What all pairs of organisations of a place share this month.

    politicised: how much the topic is, 0..1; need: what all help leaves, mean of the sectors; jobless: the
    same of work alone; funding: public money for common work, 0..1; meetings: multiplier of meetings allowed.
    """

    politicised: float
    need: float
    jobless: float
    funding: float
    meetings: float


@step
def describe_setting(state: Any, constants: Any) -> Setting:
    """The place as its organisations find it."""
    need = jobless = 0.0
    for k in range(NEEDS):
        met = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        unmet = state.sectors_need[k] * (1.0 - met)
        need += unmet
        if k == WORK:
            jobless = unmet
    return Setting(
        state.locality_politicisation[0],
        need / NEEDS,
        jobless,
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
def claim_of(state: Any, o: int, setting: Setting) -> float:
    """Unmet need of those an organisation speaks for: of work for people at work, of all sectors for migrants
    (0..1); 0 for who speaks for nobody."""
    if state.organisations_interest[o] == MEMBERS:
        return setting.jobless
    if state.organisations_founded_by_migrants[o] == 1:
        return setting.need
    return 0.0


@step
def claims_between(state: Any, now: Any, i: int, j: int, setting: Setting) -> float:
    """Push by claims in a pair: where one leads the municipality and the other speaks for somebody."""
    engagement, leads = state.organisations_engagement, state.organisations_leads
    if leads[i] == 1:
        return claim_heard(now.representation, claim_of(state, j, setting), engagement[i])
    if leads[j] == 1:
        return claim_heard(now.representation, claim_of(state, i, setting), engagement[j])
    return 0.0


@step
def meetings_wanted(state: Any, constants: Any, now: Any, setting: Setting, works: Any, strength: Any) -> Any:
    """Meetings a year that every pair would hold if its time were no limit (organisation x earlier
    organisation), and the share of its common work.

    strength: capacity factor of each organisation.
    """
    wanted = np.empty((now.organisations, now.organisations))
    for i in range(now.organisations):
        for j in range(i):
            if state.organisations_active[i] == 0 or state.organisations_active[j] == 0:
                wanted[i, j] = 0.0
                continue
            shared = common_work(works, i, j, constants.relations_shared_full)
            one = weighed(now.gains, state.organisations_ideology[i], constants.gains_relations)
            other = weighed(now.gains, state.organisations_ideology[j], constants.gains_relations)
            agreement = seen_agreement(constants, now.coalitions, one, other, setting.politicised)
            pair = Pair(
                strength[i],
                strength[j],
                state.governance_reach[i, j],
                state.organisations_engagement[i] + state.organisations_engagement[j],
                amplified(agreement, setting.politicised, constants.relations_politicisation_gain),
                shared,
                money_between(
                    state.organisations_leads, state.organisations_dependence, i, j, setting.funding
                ),
                claims_between(state, now, i, j, setting),
                contest(constants, now.coalitions, one, other, setting.politicised),
            )
            wanted[i, j] = meeting_target(constants, pair, setting.need)
            state.governance_shared[i, j] = shared
            state.governance_shared[j, i] = shared
    return wanted


@step
def share_out_time(constants: Any, now: Any, wanted: Any, strength: Any) -> None:
    """Cut the meetings wanted to what both partners have time for; who has less of it sets the limit.

    Offers are made in a few rounds, so that time which one partner does not take goes to others.
    """
    held = np.zeros((now.organisations, now.organisations))
    wishes, squares = np.empty(now.organisations), np.empty(now.organisations)
    time = np.empty(now.organisations)
    for o in range(now.organisations):
        time[o] = constants.relations_time * strength[o]
    for _ in range(ROUNDS):
        for o in range(now.organisations):
            wishes[o] = squares[o] = 0.0
        for i in range(now.organisations):
            for j in range(i):
                left = wanted[i, j] - held[i, j]
                wishes[i] += left
                wishes[j] += left
                squares[i] += left * left
                squares[j] += left * left
        taken = np.zeros(now.organisations)
        for i in range(now.organisations):
            for j in range(i):
                left = wanted[i, j] - held[i, j]
                more = min(
                    offered(constants, now.meeting_time, left, time[i], wishes[i], squares[i]),
                    offered(constants, now.meeting_time, left, time[j], wishes[j], squares[j]),
                )
                held[i, j] += more
                taken[i] += more
                taken[j] += more
        for o in range(now.organisations):
            time[o] = max(0.0, time[o] - taken[o])
    for i in range(now.organisations):
        for j in range(i):
            wanted[i, j] = held[i, j]


@step
def meet(state: Any, constants: Any, now: Any, setting: Setting, wanted: Any) -> None:
    """Habits of meeting, meetings held and tone of every pair; the same for both partners."""
    for i in range(now.organisations):
        for j in range(i):
            if state.organisations_active[i] == 0 or state.organisations_active[j] == 0:
                state.governance_habit[i, j] = 0.0
                state.governance_habit[j, i] = 0.0
                state.governance_frequency[i, j] = 0.0
                state.governance_frequency[j, i] = 0.0
                continue
            target = kept_habit(wanted[i, j], setting.meetings, constants.relations_erosion)
            speed = habit_speed(constants, now.lapsed_ties, state.governance_habit[i, j], target)
            habit = towards(state.governance_habit[i, j], target, speed)
            one = weighed(now.gains, state.organisations_ideology[i], constants.gains_relations)
            other = weighed(now.gains, state.organisations_ideology[j], constants.gains_relations)
            agreement = seen_agreement(constants, now.coalitions, one, other, setting.politicised)
            warmth = tone_target(constants, agreement, state.governance_shared[i, j], setting.politicised)
            pace = tone_pace(constants, now.coalitions, state.governance_tone[i, j], warmth)
            tone = towards(state.governance_tone[i, j], warmth, pace)
            held = habit * setting.meetings
            state.governance_habit[i, j] = habit
            state.governance_habit[j, i] = habit
            state.governance_frequency[i, j] = held
            state.governance_frequency[j, i] = held
            state.governance_tone[i, j] = tone
            state.governance_tone[j, i] = tone


@step
def strengths(state: Any, now: Any, half: float) -> Any:
    """Capacity factor of each organisation."""
    found = np.empty(now.organisations)
    for o in range(now.organisations):
        found[o] = capacity_factor(state.organisations_capacity[o], half)
    return found


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
    strength = strengths(state, now, constants.relations_half_capacity)
    works = fields_of_work(state, constants, now)
    wanted = meetings_wanted(state, constants, now, setting, works, strength)
    if time_is_short(now.meeting_time):
        share_out_time(constants, now, wanted, strength)
    meet(state, constants, now, setting, wanted)
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
    theories=("meeting_time", "coalitions", "representation", "lapsed_ties", "gains"),
)
