"""Attitudes: contact, witnessed contact, talk, threat and cues move residents, whose predispositions hold
them."""

from __future__ import annotations

from typing import Any

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
from woc_sim.world.locality import Locality, Now, record

NOISE, NOISE_UA = 1, 2

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
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """A month of all residents at once: everybody sees the attitudes and contacts as the month begins."""
    n = now.residents
    noise = np.empty(n)
    noise_ua = np.empty(n)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, NOISE, 0, n, noise)
    fill_uniform(now.key0, now.key1, state.residents_entity, now.month, NOISE_UA, 0, n, noise_ua)
    politicised = state.locality_politicisation[0]
    signal = threat_signal(
        now.threat,
        state.locality_arrival_rate[0],
        state.locality_migrant_share[0],
        politicised,
        constants.attitudes_inflation,
    )
    scarce = scarcity(state.locality_tightness[0], state.locality_vacancy[0])
    # What friends see of each other, side by side: attitudes to both groups, and own contact, good less bad.
    seen_of = np.empty((n, 3))
    half = constants.attitudes_contact_half
    asymmetry = constants.attitudes_asymmetry
    for i in range(n):
        seen_of[i, 0] = state.residents_attitude[i]
        seen_of[i, 1] = state.residents_attitude_ua[i]
        seen_of[i, 2] = dose(state.residents_good[i], half) - asymmetry * dose(state.residents_bad[i], half)
    new = np.empty(n)
    new_ua = np.empty(n)
    for i in range(n):
        own = state.residents_attitude[i]
        own_ua = state.residents_attitude_ua[i]
        stubborn = state.residents_stubbornness[i]
        heard = 0.0
        heard_ua = 0.0
        seen = 0.0
        friends = 0
        friends_ua = 0
        start = state.residents_link_start[i]
        count = state.residents_link_count[i]
        if now.influence == BOUNDED_CONFIDENCE:
            for k in range(start, start + count):
                other = state.links_other[k]
                seen += seen_of[other, 2]
                if listens(now.influence, own, seen_of[other, 0], constants.attitudes_reach):
                    heard += seen_of[other, 0]
                    friends += 1
                if listens(now.influence, own_ua, seen_of[other, 1], constants.attitudes_reach):
                    heard_ua += seen_of[other, 1]
                    friends_ua += 1
        else:
            for k in range(start, start + count):
                other = state.links_other[k]
                seen += seen_of[other, 2]
                heard += seen_of[other, 0]
                heard_ua += seen_of[other, 1]
            # Everybody or nobody is listened to, whoever it is.
            friends = count if listens(now.influence, own, own, constants.attitudes_reach) else 0
            friends_ua = friends
        share = 1.0 / max(1, friends)
        share_ua = share if friends_ua == friends else 1.0 / max(1, friends_ua)
        if count > 0:
            aim = clip(seen / count, -1.0, 1.0)
            state.residents_norm[i] = towards(state.residents_norm[i], aim, constants.attitudes_norm_speed)
        norm = state.residents_norm[i]
        leaning = state.residents_leaning[i]
        interest = state.residents_interest[i]
        good = dose(state.residents_good[i], constants.attitudes_contact_half)
        bad = dose(state.residents_bad[i], constants.attitudes_contact_half)
        good_ua = dose(state.residents_good_ua[i], constants.attitudes_contact_half)
        bad_ua = dose(state.residents_bad_ua[i], constants.attitudes_contact_half)
        moved = contact_effect(
            now.contact, own, good, bad, constants.attitudes_contact, constants.attitudes_asymmetry
        )
        moved_ua = contact_effect(
            now.contact, own_ua, good_ua, bad_ua, constants.attitudes_contact, constants.attitudes_asymmetry
        )
        moved_ua += solidarity(own_ua, state.locality_ukrainians[0], constants.attitudes_rally)
        # What is learnt about one group carries over to the other, in part (M28).
        change = moved + constants.attitudes_spill * moved_ua
        change_ua = moved_ua + constants.attitudes_spill * moved
        change += norm_effect(now.contact, own, norm, constants.attitudes_norm)
        change_ua += norm_effect(now.contact, own_ua, norm, constants.attitudes_norm)
        change += threat_effect(
            own, signal, scarce, politicised, leaning, state.residents_distance[i], constants.attitudes_threat
        )
        change_ua += threat_effect(
            own_ua,
            signal,
            scarce,
            politicised,
            leaning,
            state.residents_distance_ua[i],
            constants.attitudes_threat,
        )
        executive = state.locality_executive_ideology[0]
        rrp = state.locality_rrp[0]
        cue = constants.attitudes_cue
        change += cue_effect(own, leaning, interest, politicised, executive, rrp, cue)
        change_ua += cue_effect(own_ua, leaning, interest, politicised, executive, 0.5 * rrp, 0.5 * cue)
        change += anchor_effect(own, state.residents_anchor[i], stubborn, constants.attitudes_speed)
        change_ua += anchor_effect(own_ua, state.residents_anchor_ua[i], stubborn, constants.attitudes_speed)
        change += influence_effect(own, heard * share, friends, stubborn, constants.attitudes_speed)
        change_ua += influence_effect(
            own_ua, heard_ua * share_ua, friends_ua, stubborn, constants.attitudes_speed
        )
        shaken = normal(noise[i])
        change += constants.attitudes_noise * shaken
        change_ua += constants.attitudes_noise * (0.7 * shaken + 0.7 * normal(noise_ua[i]))
        new[i] = bounded(own + change)
        new_ua[i] = bounded(own_ua + change_ua)
        state.residents_distance[i] = faded_distance(
            state.residents_distance[i], good, constants.attitudes_fade
        )
        state.residents_distance_ua[i] = faded_distance(
            state.residents_distance_ua[i], good_ua, constants.attitudes_fade
        )
        state.residents_threat[i] = perceived_threat(
            state.residents_threat[i], own, signal, scarce, constants.attitudes_perception
        )
        state.residents_benefit[i] = perceived_benefit(
            state.residents_benefit[i], own, state.locality_labour_shortage[0], constants.attitudes_perception
        )
    drift = constants.attitudes_anchor_drift
    for i in range(n):
        state.residents_anchor[i] = drifted_anchor(
            state.residents_anchor[i], state.residents_attitude[i], drift
        )
        state.residents_anchor_ua[i] = drifted_anchor(
            state.residents_anchor_ua[i], state.residents_attitude_ua[i], drift
        )
        state.residents_attitude[i] = new[i]
        state.residents_attitude_ua[i] = new_ua[i]


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    advance(state, constants, now)


PROCESS = Process(
    name="attitudes",
    purpose="contact, own and witnessed, talk, threat and elite cues move residents' attitudes",
    source="M1-M11, M28, M35, S76-S89; docs/model.md A20, B(f)",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    step=_step,
    theories=("contact", "influence", "threat"),
    draws=("NOISE", "NOISE_UA"),
)
