"""Attitudes: contact, witnessed contact, talk, threat and cues move residents, whose predispositions hold
them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.jit import entry, kernel, step
from woc_sim.processes.contract import Process
from woc_sim.rules.attention import FADING, rally_left, rally_wave
from woc_sim.rules.attitudes import bounded, drifted_anchor, solidarity
from woc_sim.rules.contact import contact_effect, dose, faded_distance, norm_effect
from woc_sim.rules.curves import clip, normal, towards
from woc_sim.rules.decline import grievance, grievance_effect
from woc_sim.rules.deservingness import BY_GROUP, Seen, deserving, judgement_effect
from woc_sim.rules.influence import (
    anchor_effect,
    chooses_whom_to_hear,
    cue_effect,
    influence_effect,
    listens,
)
from woc_sim.rules.threat import perceived_benefit, perceived_threat, scarcity, threat_effect, threat_signal
from woc_sim.world.groups import REFERENCE, fill_by_group
from woc_sim.world.locality import record

NOISE, NOISE_OTHER = 1, 2
BLOCK = 1024  # residents taken at a time, so that what lies between steps stays near the processor

READS = (
    "groups.key",
    "groups.cues",
    "groups.rrp",
    "groups.rally",
    "groups.noise_shared",
    "groups.noise_own",
    "locality.politicisation",
    "locality.arrival_rate",
    "locality.migrant_share",
    "locality.tightness",
    "locality.vacancy",
    "locality.labour_shortage",
    "locality.executive_ideology",
    "locality.rrp",
    "locality.arriving",
    "locality.seen_protected",
    "locality.seen_grateful",
    "locality.seen_working",
    "locality.seen_needy",
    "locality.group_part",
    "locality.trend",
    "locality.media",
    "links.other",
    "residents.entity",
    "residents.link_start",
    "residents.link_count",
    "residents.leaning",
    "residents.interest",
    "residents.stubbornness",
    "residents.good_with",
    "residents.bad_with",
)
WRITES = (
    "residents.attitude_to",
    "residents.anchor_to",
    "residents.distance_to",
    "residents.norm",
    "residents.threat",
    "residents.benefit",
    "locality.rally_left",
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
    "attitudes.noise",
    "attitudes.fade",
    "attitudes.perception",
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
    "attention.ebb",
    "deservingness.gain",
    "deservingness.neutral",
    "deservingness.control",
    "deservingness.attitude",
    "deservingness.reciprocity",
    "deservingness.identity",
    "deservingness.need",
    "attitudes.grievance",
    "attitudes.decline_half",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


class Climate(NamedTuple):
    """What is the same for all in a month: size of the group as it is felt, scarcity, politicisation, and
    grievance about decline."""

    signal: float
    scarce: float
    politicised: float
    grievance: float


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
    """What friends see of each resident, side by side: attitudes to all groups and, last, own contact with
    the reference group, good less bad."""
    half = constants.attitudes_contact_half
    asymmetry = constants.attitudes_asymmetry
    good, bad = state.residents_good_with[REFERENCE], state.residents_bad_with[REFERENCE]
    groups = len(state.residents_attitude_to)
    seen_of = np.empty((now.residents, groups + 1))
    for i in range(now.residents):
        for g in range(groups):
            seen_of[i, g] = state.residents_attitude_to[g, i]
        seen_of[i, groups] = dose(good[i], half) - asymmetry * dose(bad[i], half)
    return seen_of


@step
def _listen(state: Any, constants: Any, now: Any, seen_of: Any, first: int, heard: Any, friends: Any) -> None:
    """What friends think of each group, on average, and how many are listened to, for residents from `first`
    on; contact that friends are seen to have becomes a norm.

    Two groups at a time, since to look a friend up takes longer than to add what it thinks of a second group.
    """
    groups = len(heard)
    for one in range(0, groups, 2):
        two = min(one + 1, groups - 1)
        for i in range(heard.shape[1]):
            who = np.uintp(first + i)
            count = state.residents_link_count[who]
            start = np.uintp(state.residents_link_start[who])
            said_one = said_two = seen = 0.0
            near_one = near_two = 0
            own_one, own_two = seen_of[who, one], seen_of[who, two]
            if chooses_whom_to_hear(now.influence):
                for k in range(start, start + np.uintp(count)):
                    other = np.uintp(state.links_other[k])
                    seen += seen_of[other, groups]
                    if listens(now.influence, own_one, seen_of[other, one], constants.attitudes_reach):
                        said_one += seen_of[other, one]
                        near_one += 1
                    if listens(now.influence, own_two, seen_of[other, two], constants.attitudes_reach):
                        said_two += seen_of[other, two]
                        near_two += 1
                share_one, share_two = 1.0 / max(1, near_one), 1.0 / max(1, near_two)
            else:
                for k in range(start, start + np.uintp(count)):
                    other = np.uintp(state.links_other[k])
                    seen += seen_of[other, groups]
                    said_one += seen_of[other, one]
                    said_two += seen_of[other, two]
                # Everybody or nobody is listened to, whoever it is.
                near_one = count if listens(now.influence, own_one, own_one, constants.attitudes_reach) else 0
                near_two = near_one
                share_one = share_two = 1.0 / max(1, near_one)
            heard[two, i], friends[two, i] = said_two * share_two, near_two
            heard[one, i], friends[one, i] = said_one * share_one, near_one
            if one == 0 and count > 0:
                aim = clip(seen / count, -1.0, 1.0)
                state.residents_norm[who] = towards(
                    state.residents_norm[who], aim, constants.attitudes_norm_speed
                )


@kernel
def _doses(hours: Any, half: float, doses: Any) -> None:
    """Strength of a month's contact of each."""
    for i in range(len(doses)):
        doses[i] = dose(hours[i], half)


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
    """Witnessed contact, threat, grievance, cues, predisposition and talk change attitudes to one group.

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
    if climate.grievance > 0.0:
        for i in range(len(change)):
            change[i] += grievance_effect(attitude[i], distance[i], climate.grievance)
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
    """Perceived costs and gains for the locality follow the attitude."""
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
def _rally(own: Any, wave: float, gain: float, moved: Any) -> None:
    """Sympathy with those who are arriving."""
    for i in range(len(moved)):
        moved[i] += solidarity(own[i], wave, gain)


@kernel
def _carry_over(moved: Any, spill: float, change: Any) -> None:
    """What is learnt about one group moves the attitude to another one, in part."""
    for i in range(len(change)):
        change[i] += spill * moved[i]


@step
def _learn(state: Any, constants: Any, now: Any, first: int, last: int, change: Any, good: Any) -> None:
    """Change by own contact with each group, and by a rally of sympathy; fills `change` and the doses of good
    contact.

    What is learnt about one group carries over to the others, in part (M28).
    """
    half = constants.attitudes_contact_half
    moved = np.empty(good.shape)
    bad = np.empty(last - first)
    for g in range(len(good)):
        own = state.residents_attitude_to[g, first:last]
        _doses(state.residents_good_with[g, first:last], half, good[g])
        _doses(state.residents_bad_with[g, first:last], half, bad)
        _own_contact(constants, now, own, good[g], bad, moved[g])
        if state.groups_rally[g] > 0.0:
            wave = rally_wave(
                constants, now.attention, state.locality_arriving[g, 0], state.locality_rally_left[g, 0]
            )
            _rally(own, wave, state.groups_rally[g], moved[g])
    for g in range(len(good)):
        change[g, :] = moved[g]
        for other in range(len(good)):
            if other != g:
                _carry_over(moved[other], constants.attitudes_spill, change[g])


@kernel
def _add_noise(shared: Any, own: Any, size: float, common: float, particular: float, change: Any) -> None:
    """Noise of the attitude to a group: a part that a person's attitudes share, and one of its own."""
    for i in range(len(change)):
        change[i] += size * (common * shared[i] + particular * normal(own[i]))


@step
def _shake(state: Any, constants: Any, now: Any, first: int, last: int, change: Any) -> None:
    """Random change: a part that the attitudes of a person to all groups share, and a part for each group."""
    n = last - first
    noise = np.empty((len(change), n))
    entity = state.residents_entity[first:last]
    fill_by_group(now.key0, now.key1, entity, now.month, state.groups_key, NOISE, NOISE_OTHER, n, noise)
    size = constants.attitudes_noise
    shared = noise[REFERENCE]
    for i in range(n):
        shared[i] = normal(shared[i])
    _carry_over(shared, size, change[REFERENCE])
    for g in range(len(change)):
        if g != REFERENCE:
            common, particular = state.groups_noise_shared[g], state.groups_noise_own[g]
            _add_noise(shared, noise[g], size, common, particular, change[g])


@kernel
def _judge(constants: Any, theory: int, seen: Any, own: Any, distance: Any, change: Any) -> None:
    """Residents judge how deserving a group is."""
    for i in range(len(change)):
        judged = deserving(constants, theory, seen, 1.0 - distance[i])
        change[i] += judgement_effect(constants, own[i], judged)


@kernel
def _live(state: Any, constants: Any, now: Any, climate: Any, seen_of: Any, first: int, last: int) -> None:
    """A month of the residents from `first` to before `last`."""
    n = last - first
    groups = len(state.groups_key)
    heard = np.empty((groups, n))
    friends = np.empty((groups, n), dtype=np.int32)
    good = np.empty((groups, n))
    change = np.empty((groups, n))
    _listen(state, constants, now, seen_of, first, heard, friends)
    _learn(state, constants, now, first, last, change, good)
    persons = Persons(
        state.residents_norm[first:last],
        state.residents_leaning[first:last],
        state.residents_interest[first:last],
        state.residents_stubbornness[first:last],
    )
    for g in range(groups):
        views = Views(
            state.residents_attitude_to[g, first:last],
            state.residents_anchor_to[g, first:last],
            state.residents_distance_to[g, first:last],
            heard[g],
            friends[g],
        )
        cues = Cues(
            state.locality_executive_ideology[0],
            state.groups_rrp[g] * state.locality_rrp[0],
            state.groups_cues[g] * constants.attitudes_cue,
        )
        _add_drives(constants, now, climate, persons, views, cues, change[g])
        if now.deservingness == BY_GROUP and state.locality_group_part[g, 0] > 0.0:
            seen = Seen(
                state.locality_seen_protected[g, 0],
                state.locality_seen_grateful[g, 0],
                state.locality_seen_working[g, 0],
                state.locality_seen_needy[g, 0],
            )
            _judge(constants, now.deservingness, seen, views.attitude, views.distance, change[g])
    _shake(state, constants, now, first, last, change)
    _perceive(
        constants,
        climate,
        state.residents_attitude_to[REFERENCE, first:last],
        state.locality_labour_shortage[0],
        state.residents_threat[first:last],
        state.residents_benefit[first:last],
    )
    for g in range(groups):
        own = state.residents_attitude_to[g, first:last]
        anchor = state.residents_anchor_to[g, first:last]
        distance = state.residents_distance_to[g, first:last]
        _settle(constants, own, anchor, change[g], distance, good[g])


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
        grievance(constants, now.decline, state.locality_trend[0], state.locality_media[0]),
    )
    seen_of = _seen_of(state, constants, now)
    for first in range(0, now.residents, BLOCK):
        _live(state, constants, now, climate, seen_of, first, min(now.residents, first + BLOCK))
    if now.attention == FADING:
        for g in range(len(state.locality_arriving)):
            left = rally_left(constants, state.locality_rally_left[g, 0], state.locality_arriving[g, 0])
            state.locality_rally_left[g, 0] = left


PROCESS = Process(
    name="attitudes",
    purpose="contact, own and witnessed, talk, threat and elite cues move residents' attitudes",
    source="M1-M11, M28, M35, S76-S89; docs/odd.md A20, B(f); docs/theories/decline.md",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    theories=("contact", "influence", "threat", "attention", "deservingness", "decline"),
    draws=("NOISE", "NOISE_OTHER"),
)
