"""Policy: every quarter the executive weighs each measure and adopts, keeps or drops it. Nobody sets an
index."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import uniform
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import clip, coverage, squash
from woc_sim.rules.policy import (
    adopt_chance,
    discretion,
    drop_chance,
    implementation,
    municipal_means,
    own_funds,
    own_stance,
    steering_capacity,
    voices_at_the_table,
    weigh,
)
from woc_sim.rules.relations import amplified
from woc_sim.rules.rrp import rrp_pressure
from woc_sim.world.governance import BUREAUCRATS, EXECUTIVE, OFFICIALS, REGION, RRP_GROUP
from woc_sim.world.locality import record

DECIDE, OFFICER = 1, 2
SECTORS = 9
NEEDS = 8
QUARTER = 3
OFFICER_CODE, STRATEGY_CODE, TRAINING_CODE = 1, 2, 3

READS = (
    "organisations.kind",
    "organisations.active",
    "organisations.ideology",
    "organisations.engagement",
    "organisations.belief",
    "organisations.prognostic",
    "governance.frequency",
    "sectors.need",
    "sectors.higher",
    "sectors.nonpublic",
    "blocs.seats",
    "blocs.ideology",
    "blocs.salience",
    "blocs.executive",
    "blocs.radical_right",
    "measures.sector",
    "measures.direction",
    "measures.cost",
    "measures.coverage",
    "measures.strength",
    "measures.duty",
    "measures.funding",
    "measures.known",
    "measures.role",
    "locality.rrp",
    "locality.executive_ideology",
    "locality.mayor",
    "locality.politicisation",
    "locality.staff",
    "locality.unemployment",
    "locality.municipal_spending",
)
WRITES = (
    "measures.in_force",
    "measures.since",
    "measures.effect",
    "measures.utility",
    "measures.part_own",
    "measures.part_opinion",
    "measures.part_party",
    "measures.part_lobby",
    "measures.part_need",
    "measures.part_mandate",
    "measures.part_cost",
    "sectors.public",
    "sectors.restrictive",
    "locality.load",
    "locality.officer",
    "locality.expertise",
    "locality.openness",
)
PARAMETERS = (
    "policy.politicisation",
    "policy.ideology",
    "policy.opinion",
    "policy.party",
    "policy.rrp",
    "policy.lobby",
    "policy.need",
    "policy.cost",
    "policy.load",
    "policy.novelty",
    "policy.binding",
    "policy.push",
    "policy.steep",
    "policy.adopt",
    "policy.drop",
    "policy.officer_gain",
    "policy.learning",
    "policy.turnover",
    "policy.strategy",
    "policy.posts",
    "policy.department",
    "policy.fiscal",
    "policy.usual_spending",
    "population.unemployment_eu",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@kernel
def lobbying(state: Any, now: Any) -> float:
    """What the executive hears through its ties: stance of local organisations weighted by meetings,
    -1..1."""
    total = 0.0
    weight = 0.0
    for o in range(now.organisations):
        kind = state.organisations_kind[o]
        if kind != EXECUTIVE and kind != OFFICIALS:
            continue
        for other in range(now.organisations):
            other_kind = state.organisations_kind[other]
            if other_kind <= RRP_GROUP or other_kind >= REGION or state.organisations_active[other] == 0:
                continue
            heard = state.governance_frequency[o, other]
            total += heard * state.organisations_engagement[other] * state.organisations_ideology[other]
            weight += heard
    # where hardly anybody is met, little is heard: twelve meetings a year count as one full voice
    return total / (weight + 12.0)


@entry
@kernel
def decide(state: Any, constants: Any, now: Any) -> None:
    """The executive's quarterly decision on every measure, and what the measures in force then do."""
    politicised = state.locality_politicisation[0]
    executive = state.locality_executive_ideology[0]
    belief = 0.0
    heads = 0
    street_frame = 0.0
    street_ideology = 0.0
    street = 0
    for o in range(now.organisations):
        kind = state.organisations_kind[o]
        if kind == EXECUTIVE:
            belief += state.organisations_belief[o]
            heads += 1
        elif kind == BUREAUCRATS:
            street_frame += state.organisations_prognostic[o, 0]
            street_ideology += state.organisations_ideology[o]
            street += 1
    belief = belief / max(1, heads)
    if street > 0:
        street_frame = street_frame / street
        street_ideology = street_ideology / street

    parties = 0.0
    party_weight = 0.0
    party = 0.0
    majority = 0.0
    for b in range(state.blocs_seats.shape[0]):
        if state.blocs_executive[b] == 1 and state.blocs_seats[b] > 0.0:
            parties += 1.0
            majority += state.blocs_seats[b]
            pull = state.blocs_seats[b] * state.blocs_salience[b]
            party += pull * state.blocs_ideology[b]
            party_weight += pull
    if party_weight > 0.0:
        party = party / party_weight
    party += rrp_pressure(now.rrp, state.locality_rrp[0], majority, executive, constants.policy_rrp)

    staff = state.locality_staff[0]
    own = own_stance(
        executive, state.locality_mayor[0], voices_at_the_table(parties, staff, constants.policy_department)
    )
    part_own = constants.policy_ideology * amplified(own, politicised, constants.policy_politicisation)
    part_opinion = constants.policy_opinion * belief
    part_party = constants.policy_party * party
    part_lobby = constants.policy_lobby * lobbying(state, now)
    capacity = steering_capacity(
        staff, state.locality_officer[0], state.locality_expertise[0], constants.policy_officer_gain
    )
    means = municipal_means(
        state.locality_unemployment[0],
        constants.population_unemployment_eu,
        constants.policy_fiscal,
        state.locality_municipal_spending[0],
        constants.policy_usual_spending,
    )
    load = state.locality_load[0]
    saving = 0.0
    for m in range(now.measures):
        if state.measures_role[m] == STRATEGY_CODE and state.measures_in_force[m] == 1:
            saving = constants.policy_strategy

    for m in range(now.measures):
        k = state.measures_sector[m]
        covered = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        direction = state.measures_direction[m]
        need = state.sectors_need[k] * (1.0 - covered)
        if direction < 0.0:
            need = 0.0
        free = discretion(state.measures_duty[m], constants.policy_binding)
        net = own_funds(state.measures_cost[m], state.measures_funding[m], means)
        novelty = 1.0 + constants.policy_novelty * (1.0 - state.measures_known[m])
        part_need = constants.policy_need * need
        part_cost = (
            constants.policy_cost * net * novelty * (1.0 - saving) + constants.policy_load * load
        ) / capacity
        utility = weigh(
            free,
            constants.policy_push,
            direction,
            part_need,
            part_own,
            part_opinion,
            part_party,
            part_lobby,
            part_cost,
        )
        state.measures_utility[m] = utility
        state.measures_part_own[m] = free * direction * part_own
        state.measures_part_opinion[m] = free * direction * part_opinion
        state.measures_part_party[m] = free * direction * part_party
        state.measures_part_lobby[m] = free * direction * part_lobby
        state.measures_part_need[m] = free * part_need
        state.measures_part_mandate[m] = (1.0 - free) * constants.policy_push
        state.measures_part_cost[m] = -part_cost
        u = uniform(now.key0, now.key1, m, now.month, DECIDE, 0)
        if state.measures_in_force[m] == 1:
            if u < drop_chance(utility, constants.policy_steep, constants.policy_drop):
                state.measures_in_force[m] = 0
                state.measures_since[m] = -1
        elif u < adopt_chance(utility, constants.policy_steep, constants.policy_adopt):
            state.measures_in_force[m] = 1
            state.measures_since[m] = now.month

    load = 0.0
    officer = 0
    training = 0.0
    for m in range(now.measures):
        if state.measures_in_force[m] == 1:
            load += state.measures_cost[m] * (1.0 - state.measures_funding[m])
            if state.measures_role[m] == OFFICER_CODE:
                officer = 1
            elif state.measures_role[m] == TRAINING_CODE:
                training = 1.0
    expertise = state.locality_expertise[0]
    if officer == 1:
        expertise = expertise + QUARTER * constants.policy_learning * (1.0 + training) * (1.0 - expertise)
        if uniform(now.key0, now.key1, 0, now.month, OFFICER, 0) < QUARTER * constants.policy_turnover:
            expertise = 0.0
    else:
        expertise = 0.0
    state.locality_load[0] = load
    state.locality_officer[0] = officer
    state.locality_expertise[0] = expertise
    state.locality_openness[0] = squash(part_own + part_opinion)

    posts = constants.policy_posts * capacity / max(0.1, load)
    practice = implementation(street_frame, street_ideology, posts)
    missing = np.ones(SECTORS)
    harm = np.ones(SECTORS)
    for m in range(now.measures):
        if state.measures_in_force[m] == 0:
            state.measures_effect[m] = 0.0
            continue
        effect = clip(state.measures_strength[m] * practice, 0.0, 1.0)
        state.measures_effect[m] = effect
        k = state.measures_sector[m]
        if state.measures_direction[m] > 0.0:
            missing[k] = missing[k] * (1.0 - effect * state.measures_coverage[m])
        else:
            harm[k] = harm[k] * (1.0 - effect * state.measures_coverage[m])
    for k in range(SECTORS):
        state.sectors_public[k] = 1.0 - missing[k]
        state.sectors_restrictive[k] = 1.0 - harm[k]


PROCESS = Process(
    name="policy",
    purpose="the executive adopts, keeps or drops measures; bureaucrats put them into practice",
    source="final working paper 3.3 and 6 (S46-S60); docs/odd.md A3, A8, A10, A12, B(a)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(decide,),
    theories=("rrp",),
    draws=("DECIDE", "OFFICER"),
    every=QUARTER,
)
