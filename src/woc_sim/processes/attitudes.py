"""Attitudes: contact, witnessed contact, talk, threat and cues move residents, whose predispositions hold
them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_uniform
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.attitudes import bounded, drifted_anchor, solidarity
from woc_sim.rules.contact import contact_effect, dose, faded_distance, norm_effect
from woc_sim.rules.curves import clip, normal, towards
from woc_sim.rules.influence import anchor_effect, cue_effect, influence_effect, listens
from woc_sim.rules.theories import BOUNDED_CONFIDENCE
from woc_sim.rules.threat import perceived_benefit, perceived_threat, scarcity, threat_effect, threat_signal
from woc_sim.world.locality import record

NOISE, NOISE_UA = 1, 2
BLOCK = 1024  # residents taken at a time, so that what lies between steps stays near the processor

READS = (
    "locality.politicisation",
    "locality.arrival_rate",
    "locality.migrant_share",
    "locality.tightness",
    "locality.vacancy",
    "locality.labour_shortage",
    "locality.executive_ideology",
    "locality.rrp",
    "locality.ukrainians",
    "links.other",
    "residents.entity",
    "residents.link_start",
    "residents.link_count",
    "residents.leaning",
    "residents.interest",
    "residents.stubbornness",
    "residents.good",
    "residents.bad",
    "residents.good_ua",
    "residents.bad_ua",
)
WRITES = (
    "residents.attitude",
    "residents.attitude_ua",
    "residents.anchor",
    "residents.anchor_ua",
    "residents.distance",
    "residents.distance_ua",
    "residents.norm",
    "residents.threat",
    "residents.benefit",
)
PARAMETERS = (
    "attitudes.contact",
    "attitudes.asymmetry",
    "attitudes.contact_half",
    "attitudes.speed",
    "attitudes.reach",
    "attitudes.norm",
    "attitudes.norm_speed",
    "attitudes.threat",
    "attitudes.inflation",
    "attitudes.cue",
    "attitudes.anchor_drift",
    "attitudes.spill",
    "attitudes.rally",
    "attitudes.noise",
    "attitudes.fade",
    "attitudes.perception",
    "attitudes.rrp_ua",
    "attitudes.cue_ua",
    "attitudes.noise_shared",
    "attitudes.noise_ua",
    "attitudes.threat_rate_half",
    "attitudes.threat_stock_half",
    "attitudes.scarce_jobs_half",
    "attitudes.scarce_homes_half",
    "attitudes.felt_threat",
    "attitudes.felt_threat_attitude",
    "attitudes.felt_threat_signal",
    "attitudes.felt_benefit",
    "attitudes.felt_benefit_attitude",
    "attitudes.felt_benefit_shortage",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


class Climate(NamedTuple):
    """What is the same for all in a month: size of the group as it is felt, scarcity, politicisation."""

    signal: float
    scarce: float
    politicised: float


class Persons(NamedTuple):
    """What does not depend on the group, an array each with one value for a resident."""

    norm: Any
    leaning: Any
    interest: Any
    stubborn: Any


class Views(NamedTuple):
    """What residents think of one group, and what they hear: an array each with one value for a resident."""

    attitude: Any
    anchor: Any
    distance: Any
    heard: Any  # mean attitude of the friends who are listened to
    friends: Any  # how many these are


class Cues(NamedTuple):
    """What elites say about one group."""

    executive: float  # ideology of the executive
    rrp: float  # weight of the radical right
    gain: float  # effect of a full cue


@kernel
def _seen_of(state: Any, constants: Any, now: Any) -> Any:
    """What friends see of each resident, side by side: attitudes to both groups, and own contact, good less
    bad."""
    half = constants.attitudes_contact_half
    asymmetry = constants.attitudes_asymmetry
    seen_of = np.empty((now.residents, 3))
    for i in range(now.residents):
        seen_of[i, 0] = state.residents_attitude[i]
        seen_of[i, 1] = state.residents_attitude_ua[i]
        seen_of[i, 2] = dose(state.residents_good[i], half) - asymmetry * dose(state.residents_bad[i], half)
    return seen_of


@kernel
def _listen(state: Any, constants: Any, now: Any, seen_of: Any, first: int, heard: Any, friends: Any) -> None:
    """What friends think of either group, on average, and how many are listened to, for residents from
    `first` on; contact that friends are seen to have becomes a norm."""
    for i in range(heard.shape[1]):
        who = np.uintp(first + i)
        count = state.residents_link_count[who]
        start = np.uintp(state.residents_link_start[who])
        own = seen_of[who, 0]
        own_ua = seen_of[who, 1]
        said = said_ua = seen = 0.0
        near = near_ua = 0
        if now.influence == BOUNDED_CONFIDENCE:
            for k in range(start, start + np.uintp(count)):
                other = np.uintp(state.links_other[k])
                seen += seen_of[other, 2]
                if listens(now.influence, own, seen_of[other, 0], constants.attitudes_reach):
                    said += seen_of[other, 0]
                    near += 1
                if listens(now.influence, own_ua, seen_of[other, 1], constants.attitudes_reach):
                    said_ua += seen_of[other, 1]
                    near_ua += 1
            share = 1.0 / max(1, near)
            share_ua = 1.0 / max(1, near_ua)
        else:
            for k in range(start, start + np.uintp(count)):
                other = np.uintp(state.links_other[k])
                seen += seen_of[other, 2]
                said += seen_of[other, 0]
                said_ua += seen_of[other, 1]
            # Everybody or nobody is listened to, whoever it is.
            near = count if listens(now.influence, own, own, constants.attitudes_reach) else 0
            near_ua = near
            share = share_ua = 1.0 / max(1, near)
        heard[0, i] = said * share
        heard[1, i] = said_ua * share_ua
        friends[0, i] = near
        friends[1, i] = near_ua
        if count > 0:
            aim = clip(seen / count, -1.0, 1.0)
            state.residents_norm[who] = towards(
                state.residents_norm[who], aim, constants.attitudes_norm_speed
            )


@kernel
def _doses(hours: Any, half: float) -> Any:
    """Strength of a month's contact of each."""
    doses = np.empty(len(hours))
    for i in range(len(doses)):
        doses[i] = dose(hours[i], half)
    return doses


@kernel
def _own_contact(constants: Any, now: Any, own: Any, good: Any, bad: Any, moved: Any) -> None:
    """Change of attitude by own contact of either valence, in doses."""
    for i in range(len(moved)):
        moved[i] = contact_effect(
            now.contact, own[i], good[i], bad[i], constants.attitudes_contact, constants.attitudes_asymmetry
        )


@kernel
def _add_drives(
    constants: Any, now: Any, climate: Any, persons: Any, views: Any, cues: Any, change: Any
) -> None:
    """Witnessed contact, threat, cues, predisposition and talk change attitudes to one group.

    One loop each, because the compiler turns short loops into vector instructions.
    """
    attitude, anchor, distance, heard, friends = views
    norm, leaning, interest, stubborn = persons
    speed = constants.attitudes_speed
    for i in range(len(change)):
        change[i] += norm_effect(now.contact, attitude[i], norm[i], constants.attitudes_norm)
    for i in range(len(change)):
        change[i] += threat_effect(
            attitude[i],
            climate.signal,
            climate.scarce,
            climate.politicised,
            leaning[i],
            distance[i],
            constants.attitudes_threat,
        )
    for i in range(len(change)):
        change[i] += cue_effect(
            attitude[i], leaning[i], interest[i], climate.politicised, cues.executive, cues.rrp, cues.gain
        )
    for i in range(len(change)):
        change[i] += anchor_effect(attitude[i], anchor[i], stubborn[i], speed)
    for i in range(len(change)):
        change[i] += influence_effect(attitude[i], heard[i], friends[i], stubborn[i], speed)


@kernel
def _perceive(constants: Any, climate: Any, own: Any, shortage: float, threat: Any, benefit: Any) -> None:
    """Answers on costs and gains for the place follow the attitude."""
    for i in range(len(own)):
        threat[i] = perceived_threat(constants, threat[i], own[i], climate.signal, climate.scarce)
    for i in range(len(own)):
        benefit[i] = perceived_benefit(constants, benefit[i], own[i], shortage)


@kernel
def _settle(constants: Any, own: Any, anchor: Any, change: Any, distance: Any, good: Any) -> None:
    """The predisposition drifts, the attitude changes, perceived distance fades with good contact."""
    for i in range(len(own)):
        anchor[i] = drifted_anchor(anchor[i], own[i], constants.attitudes_anchor_drift)
    for i in range(len(own)):
        own[i] = bounded(own[i] + change[i])
    for i in range(len(own)):
        distance[i] = faded_distance(distance[i], good[i], constants.attitudes_fade)


@kernel
def _learn(state: Any, constants: Any, now: Any, first: int, last: int, change: Any, good: Any) -> None:
    """Change by own contact with either group (rows of `change` and `good`), and by a rally of sympathy.

    What is learnt about one group carries over to the other, in part (M28).
    """
    half = constants.attitudes_contact_half
    own, own_ua = state.residents_attitude[first:last], state.residents_attitude_ua[first:last]
    bad = _doses(state.residents_bad[first:last], half)
    bad_ua = _doses(state.residents_bad_ua[first:last], half)
    moved = np.empty(last - first)
    moved_ua = np.empty(last - first)
    _own_contact(constants, now, own, good[0], bad, moved)
    _own_contact(constants, now, own_ua, good[1], bad_ua, moved_ua)
    for i in range(last - first):
        moved_ua[i] += solidarity(own_ua[i], state.locality_ukrainians[0], constants.attitudes_rally)
    for i in range(last - first):
        change[0, i] = moved[i] + constants.attitudes_spill * moved_ua[i]
        change[1, i] = moved_ua[i] + constants.attitudes_spill * moved[i]


@kernel
def _shake(state: Any, constants: Any, now: Any, first: int, last: int, change: Any) -> None:
    """What is not modelled: a part that attitudes to both groups share, and one of each."""
    n = last - first
    noise = np.empty(n)
    noise_ua = np.empty(n)
    entity = state.residents_entity[first:last]
    fill_uniform(now.key0, now.key1, entity, now.month, NOISE, 0, n, noise)
    fill_uniform(now.key0, now.key1, entity, now.month, NOISE_UA, 0, n, noise_ua)
    for i in range(n):
        shared = normal(noise[i])
        change[0, i] += constants.attitudes_noise * shared
        change[1, i] += constants.attitudes_noise * (
            constants.attitudes_noise_shared * shared + constants.attitudes_noise_ua * normal(noise_ua[i])
        )


@kernel
def _live(state: Any, constants: Any, now: Any, climate: Any, seen_of: Any, first: int, last: int) -> None:
    """A month of the residents from `first` to before `last`."""
    n = last - first
    own = state.residents_attitude[first:last]
    own_ua = state.residents_attitude_ua[first:last]
    anchor = state.residents_anchor[first:last]
    anchor_ua = state.residents_anchor_ua[first:last]
    distance = state.residents_distance[first:last]
    distance_ua = state.residents_distance_ua[first:last]
    heard = np.empty((2, n))
    friends = np.empty((2, n), dtype=np.int32)
    _listen(state, constants, now, seen_of, first, heard, friends)
    half = constants.attitudes_contact_half
    good = (_doses(state.residents_good[first:last], half), _doses(state.residents_good_ua[first:last], half))
    change = np.empty((2, n))
    _learn(state, constants, now, first, last, change, good)
    persons = Persons(
        state.residents_norm[first:last],
        state.residents_leaning[first:last],
        state.residents_interest[first:last],
        state.residents_stubbornness[first:last],
    )
    executive, rrp, gain = (
        state.locality_executive_ideology[0],
        state.locality_rrp[0],
        constants.attitudes_cue,
    )
    views = Views(own, anchor, distance, heard[0], friends[0])
    _add_drives(constants, now, climate, persons, views, Cues(executive, rrp, gain), change[0])
    views = Views(own_ua, anchor_ua, distance_ua, heard[1], friends[1])
    cues = Cues(executive, constants.attitudes_rrp_ua * rrp, constants.attitudes_cue_ua * gain)
    _add_drives(constants, now, climate, persons, views, cues, change[1])
    _shake(state, constants, now, first, last, change)
    threat = state.residents_threat[first:last]
    benefit = state.residents_benefit[first:last]
    _perceive(constants, climate, own, state.locality_labour_shortage[0], threat, benefit)
    _settle(constants, own, anchor, change[0], distance, good[0])
    _settle(constants, own_ua, anchor_ua, change[1], distance_ua, good[1])


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """A month of all residents at once: everybody sees the attitudes and contacts as the month begins."""
    climate = Climate(
        threat_signal(
            constants,
            now.threat,
            state.locality_arrival_rate[0],
            state.locality_migrant_share[0],
            state.locality_politicisation[0],
        ),
        scarcity(constants, state.locality_tightness[0], state.locality_vacancy[0]),
        state.locality_politicisation[0],
    )
    seen_of = _seen_of(state, constants, now)
    for first in range(0, now.residents, BLOCK):
        _live(state, constants, now, climate, seen_of, first, min(now.residents, first + BLOCK))


PROCESS = Process(
    name="attitudes",
    purpose="contact, own and witnessed, talk, threat and elite cues move residents' attitudes",
    source="M1-M11, M28, M35, S76-S89; docs/odd.md A20, B(f)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("contact", "influence", "threat"),
    draws=("NOISE", "NOISE_UA"),
)
