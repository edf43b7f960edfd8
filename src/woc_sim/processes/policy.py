"""Policy: every quarter the executive weighs each measure and adopts, keeps or drops it. Nobody sets an
index."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import uniform
from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.vocabulary import MEASURE_ROLES
from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.processes.posts import count_posts, fill_posts
from woc_sim.rules.curves import clip, coverage, squash
from woc_sim.rules.decline import with_wish
from woc_sim.rules.gains import beyond_own, weighed
from woc_sim.rules.law import law_in_force
from woc_sim.rules.policy import (
    Voices,
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
from woc_sim.rules.sharing import cost_of_sharing
from woc_sim.rules.staff import can_be_set_up, staffed
from woc_sim.world.locality import record

DECIDE, OFFICER = 1, 2
QUARTER = 3  # months from one decision to the next
LEAST_LOAD = 0.1  # keeps posts finite where no measure costs anything; so little fills every post
MIGRANTS_ONLY = prognostic_frame("migrants_only")
OFFICER_POST, STRATEGY, TRAINING = (MEASURE_ROLES.index(role) for role in ("officer", "strategy", "training"))

READS = (
    "organisations.head",
    "organisations.leads",
    "organisations.nonpublic",
    "organisations.street_level",
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
    "measures.practised",
    "measures.funding",
    "measures.posts",
    "measures.shares",
    "measures.known",
    "measures.role",
    "locality.rrp",
    "locality.executive_ideology",
    "locality.mayor",
    "locality.politicisation",
    "locality.inhabitants",
    "locality.unemployment",
    "locality.municipal_spending",
    "locality.labour_shortage",
    "locality.empty_stock",
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
    "locality.staff",
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
    "policy.rrp_balance",
    "policy.lobby",
    "policy.full_voice",
    "policy.need",
    "policy.cost",
    "policy.load",
    "policy.novelty",
    "policy.binding",
    "policy.push",
    "policy.steep",
    "policy.adopt",
    "policy.drop",
    "policy.staff_gain",
    "policy.officer_gain",
    "policy.officer_new",
    "policy.learning",
    "policy.turnover",
    "policy.strategy",
    "policy.staff_base",
    "policy.staff_per_1000",
    "policy.posts",
    "policy.department",
    "policy.fiscal",
    "policy.usual_spending",
    "policy.practice",
    "policy.practice_ideology",
    "policy.practice_frame",
    "policy.practice_neutral",
    "policy.practice_least",
    "policy.practice_most",
    "population.unemployment_eu",
    "perception.projection",
    "gains.policy",
    "gains.echo",
    "staff.persistence",
    "staff.general",
    "staff.generalist",
    "sharing.cost",
    "sharing.apart",
    "policy.room",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


class StreetLevel(NamedTuple):
    """The bureaucrats who put measures into practice, on the mean.

    frame: weight of the frame that migrants alone are responsible; ideology: theirs.
    """

    frame: float
    ideology: float


class Government(NamedTuple):
    """Blocs behind the executive: their number, and the stance that they and the radical right press for."""

    blocs: float
    pressure: float


class Means(NamedTuple):
    """What a municipality can decide and run with this quarter.

    capacity: of its administration; money: relative to a municipality of usual means; saving: share of cost
    that a strategy saves; load: cost of the measures in force.
    """

    capacity: float
    money: float
    saving: float
    load: float


@step
def believed_opinion(state: Any, constants: Any, now: Any) -> float:
    """What the heads of the executive believe that residents think, on the mean, -1..1."""
    belief = 0.0
    heads = 0
    for o in range(now.organisations):
        if state.organisations_head[o] == 1:
            belief += beyond_own(
                now.gains,
                state.organisations_belief[o],
                state.organisations_ideology[o],
                constants.perception_projection,
                constants.gains_echo,
            )
            heads += 1
    return belief / max(1, heads)


@step
def street_level(state: Any, now: Any) -> StreetLevel:
    """Frame and ideology of the bureaucrats, on the mean."""
    frame = 0.0
    ideology = 0.0
    count = 0
    for o in range(now.organisations):
        if state.organisations_street_level[o] == 1:
            frame += state.organisations_prognostic[o, MIGRANTS_ONLY]
            ideology += state.organisations_ideology[o]
            count += 1
    if count > 0:
        frame = frame / count
        ideology = ideology / count
    return StreetLevel(frame, ideology)


@step
def governing_parties(state: Any, constants: Any, now: Any) -> Government:
    """Where the parties behind the executive stand, by seats and salience, and the radical right."""
    blocs = 0.0
    weight = 0.0
    stance = 0.0
    majority = 0.0
    for b in range(state.blocs_seats.shape[0]):
        if state.blocs_executive[b] == 1 and state.blocs_seats[b] > 0.0:
            blocs += 1.0
            majority += state.blocs_seats[b]
            pull = state.blocs_seats[b] * state.blocs_salience[b]
            stance += pull * state.blocs_ideology[b]
            weight += pull
    ideology = state.locality_executive_ideology[0]
    if weight > 0.0:
        stance = beyond_own(now.gains, stance / weight, ideology, 1.0, constants.gains_echo)
    stance += rrp_pressure(
        now.rrp, state.locality_rrp[0], majority, ideology, constants.policy_rrp, constants.policy_rrp_balance
    )
    return Government(blocs, stance)


@step
def lobbying(state: Any, now: Any, full_voice: float) -> float:
    """What the executive hears through its ties: stance of local organisations weighted by meetings, -1..1.

    With few meetings the result is near 0; at `full_voice` meetings a year it has half its weight.
    """
    total = 0.0
    weight = 0.0
    for o in range(now.organisations):
        if state.organisations_leads[o] == 0:
            continue
        for other in range(now.organisations):
            if state.organisations_nonpublic[other] == 0 or state.organisations_active[other] == 0:
                continue
            heard = state.governance_frequency[o, other]
            total += heard * state.organisations_engagement[other] * state.organisations_ideology[other]
            weight += heard
    return total / (weight + full_voice)


@step
def hear(state: Any, constants: Any, now: Any) -> Voices:
    """The weighted reasons in the executive's decisions: own ideology, opinion, parties, lobbies."""
    government = governing_parties(state, constants, now)
    around = voices_at_the_table(government.blocs, state.locality_staff[0], constants.policy_department)
    ideology = own_stance(state.locality_executive_ideology[0], state.locality_mayor[0], around)
    ideology = weighed(now.gains, ideology, constants.gains_policy)
    conviction = amplified(ideology, state.locality_politicisation[0], constants.policy_politicisation)
    own = with_wish(
        now.room,
        constants.policy_ideology * conviction,
        state.locality_labour_shortage[0],
        state.locality_empty_stock[0],
        constants.policy_room,
    )
    return Voices(
        own,
        constants.policy_opinion * believed_opinion(state, constants, now),
        constants.policy_party * government.pressure,
        constants.policy_lobby * lobbying(state, now, constants.policy_full_voice),
    )


@step
def money_at_hand(state: Any, constants: Any) -> float:
    """Money of the municipality, relative to one of usual means."""
    return municipal_means(
        state.locality_unemployment[0],
        constants.population_unemployment_eu,
        constants.policy_fiscal,
        state.locality_municipal_spending[0],
        constants.policy_usual_spending,
    )


@step
def count_means(state: Any, constants: Any, now: Any, money: float) -> Means:
    """Capacity, money and load of the municipality before it decides."""
    capacity = steering_capacity(
        constants, state.locality_staff[0], state.locality_officer[0], state.locality_expertise[0]
    )
    saving = 0.0
    for m in range(now.measures):
        if state.measures_role[m] == STRATEGY and state.measures_in_force[m] == 1:
            saving = constants.policy_strategy
    return Means(capacity, money, saving, state.locality_load[0])


@step
def distance_at_the_table(state: Any, now: Any) -> float:
    """Between the executive's ideology and that of the non-public organisations, on the mean, 0..2."""
    stance = 0.0
    count = 0
    for o in range(now.organisations):
        if state.organisations_nonpublic[o] == 1 and state.organisations_active[o] == 1:
            stance += state.organisations_ideology[o]
            count += 1
    distance: float = abs(state.locality_executive_ideology[0] - stance / max(1, count))
    return distance


@step
def weigh_measures(
    state: Any, constants: Any, now: Any, voices: Voices, means: Means, distance: float
) -> None:
    """The utility of having each measure, and what each reason contributes to it.

    distance: of those who would share power from the executive.
    """
    for m in range(now.measures):
        k = state.measures_sector[m]
        covered = coverage(state.sectors_public[k], state.sectors_higher[k], state.sectors_nonpublic[k])
        direction = state.measures_direction[m]
        need = state.sectors_need[k] * (1.0 - covered)
        if direction < 0.0:
            need = 0.0
        duty = law_in_force(now.law, state.measures_duty[m], state.measures_practised[m])
        free = discretion(duty, constants.policy_binding)
        price = own_funds(state.measures_cost[m], state.measures_funding[m], means.money)
        novelty = 1.0 + constants.policy_novelty * (1.0 - state.measures_known[m])
        part_need = constants.policy_need * need
        part_cost = (
            constants.policy_cost * price * novelty * (1.0 - means.saving)
            + constants.policy_load * means.load
        ) / means.capacity
        part_cost += cost_of_sharing(constants, now.sharing, float(state.measures_shares[m]), distance)
        state.measures_utility[m] = weigh(
            free, constants.policy_push, direction, part_need, voices, part_cost
        )
        state.measures_part_own[m] = free * direction * voices.ideology
        state.measures_part_opinion[m] = free * direction * voices.opinion
        state.measures_part_party[m] = free * direction * voices.party
        state.measures_part_lobby[m] = free * direction * voices.lobby
        state.measures_part_need[m] = free * part_need
        state.measures_part_mandate[m] = (1.0 - free) * constants.policy_push
        state.measures_part_cost[m] = -part_cost


@step
def adopt_or_drop(state: Any, constants: Any, now: Any, posts_free: float) -> None:
    """Each measure is adopted, kept or dropped by a chance that depends on its utility; one that lacks staff
    is not adopted."""
    for m in range(now.measures):
        utility = state.measures_utility[m]
        u = uniform(now.key0, now.key1, m, now.month, DECIDE, 0)
        if state.measures_in_force[m] == 1:
            if u < drop_chance(utility, constants.policy_steep, constants.policy_drop):
                state.measures_in_force[m] = 0
                state.measures_since[m] = -1
        elif u < adopt_chance(utility, constants.policy_steep, constants.policy_adopt):
            needed = state.measures_posts[m]
            own = needed * (1.0 - state.measures_funding[m])
            if not can_be_set_up(now.staff, needed, own, posts_free):
                continue
            state.measures_in_force[m] = 1
            state.measures_since[m] = now.month


@step
def run_administration(state: Any, constants: Any, now: Any) -> None:
    """What the measures now in force ask of the administration: load, and an officer who learns and may
    leave."""
    load = 0.0
    officer = 0
    training = 0.0
    for m in range(now.measures):
        if state.measures_in_force[m] == 1:
            load += state.measures_cost[m] * (1.0 - state.measures_funding[m])
            if state.measures_role[m] == OFFICER_POST:
                officer = 1
            elif state.measures_role[m] == TRAINING:
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


@step
def put_into_practice(state: Any, constants: Any, now: Any, practice: float, filled: float) -> None:
    """Effects of the measures in force, of which bureaucrats make a share `practice`, and what they cover of
    each need, or harm. filled: share of posts with specialists."""
    missing = np.ones(len(state.sectors_need))
    harm = np.ones(len(state.sectors_need))
    for m in range(now.measures):
        if state.measures_in_force[m] == 0:
            state.measures_effect[m] = 0.0
            continue
        hands = staffed(constants, now.staff, state.measures_posts[m], filled)
        effect = clip(state.measures_strength[m] * practice * hands, 0.0, 1.0)
        state.measures_effect[m] = effect
        k = state.measures_sector[m]
        if state.measures_direction[m] > 0.0:
            missing[k] = missing[k] * (1.0 - effect * state.measures_coverage[m])
        else:
            harm[k] = harm[k] * (1.0 - effect * state.measures_coverage[m])
    for k in range(len(state.sectors_need)):
        state.sectors_public[k] = 1.0 - missing[k]
        state.sectors_restrictive[k] = 1.0 - harm[k]


@entry
@kernel
def decide(state: Any, constants: Any, now: Any) -> None:
    """The executive's quarterly decision on every measure, and what the measures in force then do."""
    money = money_at_hand(state, constants)
    fill_posts(state, constants, now, money)
    voices = hear(state, constants, now)
    means = count_means(state, constants, now, money)
    weigh_measures(state, constants, now, voices, means, distance_at_the_table(state, now))
    adopt_or_drop(state, constants, now, count_posts(state, constants, now).free)
    run_administration(state, constants, now)
    state.locality_openness[0] = squash(voices.ideology + voices.opinion)
    street = street_level(state, now)
    posts = constants.policy_posts * means.capacity / max(LEAST_LOAD, state.locality_load[0])
    practice = implementation(constants, street.frame, street.ideology, posts)
    put_into_practice(state, constants, now, practice, count_posts(state, constants, now).filled)


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
    theories=("rrp", "gains", "staff", "sharing", "law", "room"),
    draws=("DECIDE", "OFFICER"),
    every=QUARTER,
)
