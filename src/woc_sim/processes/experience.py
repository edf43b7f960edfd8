"""Experience: what migrants feel follows from what they have and meet; some move on; needs become visible."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_uniform
from woc_sim.inputs.ages import ADULT, EDUCATION_TO, SCHOOL_FROM, SEEK_WORK_TO, WORK_FROM
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import count_ties, covered
from woc_sim.processes.treatment import be_seen, follow_newcomers, home_worth, job_worth
from woc_sim.rules.belonging import (
    Situation,
    belonging_aim,
    deprivation_aim,
    felt_events,
    liking_step,
    loneliness_aim,
    stay_aim,
    trust_aim,
)
from woc_sim.rules.comparison import GROUP_GAP, worse_off
from woc_sim.rules.curves import clip, saturate, towards
from woc_sim.rules.deservingness import BY_GROUP
from woc_sim.rules.onward import leave_chance
from woc_sim.world.locality import record
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    LEFT_REFUSED,
    MOVED_ON,
    NO_JOB,
    PLACED_LEAVING,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    REFUSED,
)
from woc_sim.world.people import RECEPTION as IN_RECEPTION

LEAVES = 1
RECEPTION, LANGUAGE, WORK = sector("reception"), sector("language"), sector("work")
HOUSING, EDUCATION, ENCOUNTER = sector("housing"), sector("education"), sector("encounter")
RIGHTS, SERVICES, STEERING = sector("rights"), sector("services"), sector("steering")

READS = (
    "groups.compared_with",
    "locality.landlords_prefer",
    "locality.residence_rule",
    "locality.reception_quality",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
    "encounters.bad",
    "migrants.entity",
    "migrants.group",
    "migrants.cohort",
    "migrants.head",
    "migrants.age",
    "migrants.arrival",
    "migrants.status",
    "migrants.decision",
    "migrants.language",
    "migrants.known",
    "migrants.housing",
    "migrants.school",
    "migrants.family",
    "migrants.children",
    "migrants.good",
    "migrants.events",
    "migrants.refused_job",
    "migrants.refused_home",
    "migrants.tie",
    "migrants.coethnic",
)
WRITES = (
    "locality.migrant_share",
    "locality.group_part",
    "locality.conflicts",
    "locality.moved_on",
    "locality.first_wait",
    "locality.first_homes",
    "locality.first_work",
    "locality.seen_protected",
    "locality.seen_grateful",
    "locality.seen_working",
    "locality.seen_needy",
    "sectors.need",
    "places.migrant_workers",
    "migrants.job",
    "migrants.workplace",
    "migrants.present",
    "migrants.left",
    "migrants.departure",
    "migrants.discrimination",
    "migrants.trust",
    "migrants.attitude",
    "migrants.belonging",
    "migrants.loneliness",
    "migrants.stay",
    "migrants.deprivation",
)
PARAMETERS = (
    "experience.speed",
    "experience.memory",
    "experience.refusal",
    "experience.liking",
    "experience.leave",
    "experience.free_months",
    "experience.seen",
    "experience.visible_need",
    "experience.conflict_half",
    "experience.conflict_speed",
    "attitudes.contact_half",
    "experience.home_supported",
    "experience.home_hosted",
    "experience.job_precarious",
    "experience.ties_half",
    "experience.coethnic_half",
    "experience.years_half",
    "experience.discrimination_half",
    "experience.belonging_ties",
    "experience.belonging_job",
    "experience.belonging_home",
    "experience.belonging_language",
    "experience.belonging_years",
    "experience.belonging_discrimination",
    "experience.belonging_deprivation",
    "experience.belonging_restriction",
    "experience.belonging_strange",
    "experience.belonging_steep",
    "experience.lonely_alone",
    "experience.lonely_company",
    "experience.lonely_ties",
    "experience.lonely_coethnic",
    "experience.lonely_family_abroad",
    "experience.lonely_family_here",
    "experience.stay_base",
    "experience.stay_belonging",
    "experience.stay_job",
    "experience.stay_home",
    "experience.stay_lonely",
    "experience.stay_children",
    "experience.stay_leaving",
    "experience.stay_chose",
    "experience.trust_base",
    "experience.trust_reception",
    "experience.trust_services",
    "experience.trust_restriction",
    "experience.trust_deprivation",
    "experience.trust_waiting",
    "experience.wait_behind",
    "experience.acceptance_seen",
    "experience.deprivation_waiting",
    "experience.deprivation_home",
    "experience.deprivation_work",
    "experience.deprivation_acceptance",
    "experience.deprivation_scale",
    "experience.liking_bad",
    "experience.leave_stay",
    "experience.leave_children",
    "experience.leave_jobless",
    "experience.leave_homeless",
    "experience.leave_bound",
    "experience.leave_freed",
    "experience.leave_refused",
    "experience.language_needed",
    "experience.rights_needed",
    "comparison.first",
    "comparison.memory",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


class Surroundings(NamedTuple):
    """What all migrants can see: how each group is treated, and what the town offers and takes."""

    presence: Any  # of each group: how far it is seen, 0..1
    working: Any  # of each group: share with a job
    homes: Any  # of each group: mean worth of its members' homes
    harm: float  # strongest restriction in any sector
    served: float  # mean coverage of needs
    reception: float  # quality of reception


@step
def look_around(state: Any, constants: Any, now: Any) -> Any:
    """What all migrants can see this month."""
    presence = np.zeros(len(state.groups_compared_with))
    working = np.zeros(len(presence))
    homes = np.zeros(len(presence))
    people = float(now.residents)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        people += 1.0
        group = state.migrants_group[i]
        presence[group] += 1.0
        homes[group] += home_worth(constants, state.migrants_housing[i])
        if state.migrants_job[i] != NO_JOB:
            working[group] += 1.0
    for g in range(len(presence)):
        working[g] /= max(1.0, presence[g])
        homes[g] /= max(1.0, presence[g])
        presence[g] = saturate(presence[g] / people, constants.experience_seen)
    harm = 0.0
    served = 0.0
    for s in range(len(state.sectors_need) - 1):
        harm = max(harm, state.sectors_restrictive[s])
        served += covered(state, s)
    served /= len(state.sectors_need) - 1
    return Surroundings(presence, working, homes, harm, served, state.locality_reception_quality[0])


@step
def compare(state: Any, constants: Any, now: Any, seen: Any) -> None:
    """Migrants feel deprived as far as they see that the group they compare theirs with is treated better
    (S96: non-Europeans and Ukrainians); the theory says whose lot they compare, the own or the group's."""
    for i in range(now.migrants):
        group = state.migrants_group[i]
        other = state.groups_compared_with[group]
        if state.migrants_present[i] == 0 or other < 0:
            continue
        waiting = 0.0
        if state.migrants_status[i] != PROTECTED:
            waiting = 1.0
        elif state.migrants_decision[i] > state.migrants_cohort[i]:
            waiting = constants.experience_wait_behind  # others were spared the wait that lies behind
        has_job = 1.0 if state.migrants_job[i] != NO_JOB else 0.0
        theory, wait = now.comparison, state.locality_first_wait
        homes, work = state.locality_first_homes, state.locality_first_work
        aim = deprivation_aim(
            constants,
            # Waiting is bad: who waits less is treated better.
            worse_off(theory, 0.0, waiting, wait[other, 0], wait[group, 0]),
            worse_off(
                theory,
                home_worth(constants, state.migrants_housing[i]),
                seen.homes[other],
                homes[group, 0],
                homes[other, 0],
            ),
            worse_off(theory, has_job, seen.working[other], work[group, 0], work[other, 0]),
            constants.experience_acceptance_seen * state.locality_landlords_prefer[group, 0],
            seen.presence[other],
        )
        state.migrants_deprivation[i] = towards(
            state.migrants_deprivation[i], aim, constants.experience_speed
        )


@step
def settle_in(state: Any, constants: Any, now: Any, seen: Any) -> None:
    """Belonging, loneliness and the wish to stay follow what a migrant has and remembers."""
    speed = constants.experience_speed
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        kept = state.migrants_discrimination[i] * (1.0 - constants.experience_memory)
        state.migrants_discrimination[i] = kept + felt_events(
            constants,
            state.migrants_events[i],
            state.migrants_refused_job[i],
            state.migrants_refused_home[i],
        )
        situation = Situation(
            count_ties(state.migrants_tie, i),
            job_worth(constants, state.migrants_job[i]),
            home_worth(constants, state.migrants_housing[i]),
            state.migrants_language[i],
            float(now.month - state.migrants_cohort[i]) / 12.0,
        )
        aim = belonging_aim(
            constants, situation, state.migrants_discrimination[i], state.migrants_deprivation[i], seen.harm
        )
        state.migrants_belonging[i] = towards(state.migrants_belonging[i], aim, speed)
        family = state.migrants_family[i]
        aim = loneliness_aim(
            constants,
            situation.ties,
            state.migrants_coethnic[i],
            family == FAMILY_ABROAD,
            family == FAMILY_HERE,
        )
        state.migrants_loneliness[i] = towards(state.migrants_loneliness[i], aim, speed)
        aim = stay_aim(
            constants,
            state.migrants_belonging[i],
            situation,
            state.migrants_loneliness[i],
            state.migrants_children[i] == 1,
            state.migrants_arrival[i] == PLACED_LEAVING,
            state.migrants_arrival[i] == CHOSE,
        )
        state.migrants_stay[i] = towards(state.migrants_stay[i], aim, speed)


@step
def judge(state: Any, constants: Any, now: Any, seen: Any) -> None:
    """Trust in institutions and the attitude to residents follow how a migrant is treated."""
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        aim = trust_aim(
            constants,
            seen.reception,
            state.migrants_status[i] != PROTECTED,
            seen.harm,
            seen.served * state.migrants_known[i],
            state.migrants_deprivation[i],
        )
        state.migrants_trust[i] = towards(state.migrants_trust[i], aim, constants.experience_speed)
        good = saturate(state.migrants_good[i], constants.attitudes_contact_half)
        felt = felt_events(
            constants,
            state.migrants_events[i],
            state.migrants_refused_job[i],
            state.migrants_refused_home[i],
        )
        state.migrants_attitude[i] = liking_step(constants, state.migrants_attitude[i], good, felt)


@step
def move_on(state: Any, constants: Any, now: Any) -> None:
    """Some leave the place for good; a job at a workplace becomes free."""
    leaves = np.empty(now.migrants)
    fill_uniform(now.key0, now.key1, state.migrants_entity, now.month, LEAVES, 0, now.migrants, leaves)
    moved = np.zeros(now.migrants, dtype=np.uint8)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        head = state.migrants_head[i]
        with_family = head >= 0 and (state.migrants_present[head] == 1 or moved[head] == 1)
        if with_family and moved[head] == 0:
            continue  # a family decides once, its head first
        status = state.migrants_status[i]
        placed = state.migrants_arrival[i] != CHOSE
        since = now.month - state.migrants_decision[i]
        ruled = since < state.locality_residence_rule[0] and state.migrants_job[i] == NO_JOB
        hazard = leave_chance(
            constants,
            state.migrants_children[i] == 1,
            state.migrants_job[i] != NO_JOB,
            state.migrants_housing[i] == PRIVATE,
            state.migrants_stay[i],
            placed and (status == PROCEDURE or (status == PROTECTED and ruled)),
            placed and status == PROTECTED and since < constants.experience_free_months,
            status == REFUSED,
        )
        if with_family or leaves[i] < hazard:
            moved[i] = 1
            state.migrants_present[i] = 0
            state.migrants_left[i] = now.month
            state.migrants_departure[i] = LEFT_REFUSED if status == REFUSED else MOVED_ON
            if with_family:
                state.migrants_departure[i] = state.migrants_departure[head]
            state.locality_moved_on[0] += 1.0
            if state.migrants_workplace[i] >= 0:
                state.places_migrant_workers[state.migrants_workplace[i]] -= 1
                state.migrants_workplace[i] = -1
                state.migrants_job[i] = NO_JOB


@step
def count_needs(state: Any, constants: Any, now: Any, lacking: Any) -> None:
    """Add up what migrants lack, by sector."""
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        status = state.migrants_status[i]
        age = state.migrants_age[i]
        speaks = state.migrants_language[i] >= constants.experience_language_needed
        if status == PROCEDURE or state.migrants_housing[i] == IN_RECEPTION:
            lacking[RECEPTION] += 1.0
        if not speaks:
            lacking[LANGUAGE] += 1.0
        pupil = age < ADULT and state.migrants_school[i] >= 0
        seeking = status != REFUSED and WORK_FROM <= age <= SEEK_WORK_TO and not pupil
        if seeking and state.migrants_job[i] == NO_JOB:
            lacking[WORK] += 1.0
        if state.migrants_housing[i] != PRIVATE:
            lacking[HOUSING] += 1.0
        if SCHOOL_FROM <= age < EDUCATION_TO and not speaks:
            lacking[EDUCATION] += 1.0
        if count_ties(state.migrants_tie, i) == 0.0:
            lacking[ENCOUNTER] += 1.0
        if status != PROTECTED or state.migrants_discrimination[i] >= constants.experience_rights_needed:
            lacking[RIGHTS] += 1.0
        lacking[SERVICES] += 1.0 - state.migrants_known[i]


@step
def show_needs(state: Any, constants: Any, now: Any) -> None:
    """Needs of those present as the town can see them, and the share of migrants."""
    lacking = np.zeros(len(state.sectors_need))
    count_needs(state, constants, now, lacking)
    present = 0.0
    members = np.zeros(len(state.locality_group_part))
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        present += 1.0
        members[state.migrants_group[i]] += 1.0
    share = present / (present + now.residents)
    seen = saturate(share, constants.experience_visible_need)
    total = 0.0
    for s in range(STEERING):
        state.sectors_need[s] = seen * lacking[s] / max(1.0, present)
        total += state.sectors_need[s]
    state.sectors_need[STEERING] = total / STEERING
    state.locality_migrant_share[0] = share
    for g in range(len(members)):
        state.locality_group_part[g, 0] = members[g] / max(1.0, present)
    hear_of_conflicts(state, constants, present + now.residents)


@step
def hear_of_conflicts(state: Any, constants: Any, people: float) -> None:
    """Bad meetings become known in the locality as conflicts."""
    bad = 0.0
    for kind in range(len(state.encounters_bad)):
        bad += state.encounters_bad[kind]
    heard = saturate(bad / people, constants.experience_conflict_half)
    state.locality_conflicts[0] = clip(
        towards(state.locality_conflicts[0], heard, constants.experience_conflict_speed), 0.0, 1.0
    )


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Feelings, then who leaves, then what the town sees of those who stay."""
    seen = look_around(state, constants, now)
    if now.comparison == GROUP_GAP:
        follow_newcomers(state, constants, now)
    compare(state, constants, now, seen)
    settle_in(state, constants, now, seen)
    judge(state, constants, now, seen)
    move_on(state, constants, now)
    show_needs(state, constants, now)
    if now.deservingness == BY_GROUP:
        be_seen(state, now)


PROCESS = Process(
    name="experience",
    purpose="belonging, loneliness, trust follow circumstances; some move on; needs become visible",
    source="M29, S75, S94-S101; docs/odd.md A5",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("comparison", "deservingness"),
    draws=("LEAVES",),
)
