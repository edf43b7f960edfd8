"""The attitudes of residents in numpy: as much of the person side as can be said over whole arrays.

Encounters, ties, jobs and homes branch person by person and share places; this process does not, so it is
where numpy is at its best. Default theories only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from woc_sim.processes.attitudes import PROCESS
from woc_sim.rules.normal_table import NORMAL_QUANTILES
from woc_sim.rules.threat import scarcity, threat_signal
from woc_sim.world.locality import Locality, field_name
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN

Array = np.ndarray[Any, Any]


def normal(u: Array) -> Array:
    """Normal quantiles as the model reads them from its table."""
    return np.interp(u * 512.0, np.arange(len(NORMAL_QUANTILES)), np.array(NORMAL_QUANTILES))


def dose(hours: Array, half: float) -> Array:
    return hours / (hours + half)


def contact_effect(attitude: Array, good: Array, bad: Array, gain: float, asymmetry: float) -> Array:
    return gain * good * (1.0 - attitude) - gain * asymmetry * bad * (1.0 + attitude)


def norm_effect(attitude: Array, norm: Array, gain: float) -> Array:
    return gain * (np.maximum(norm, 0.0) * (1.0 - attitude) + np.minimum(norm, 0.0) * (1.0 + attitude))


class Attitudes:
    """The process `attitudes` on the columns of a locality, which it changes in place."""

    def __init__(self, locality: Locality) -> None:
        self.locality = locality
        values = {field_name(name): locality.parameters[name] for name in PROCESS.parameters}
        self.constants = PROCESS.constants(**values)
        residents = locality.residents
        count = len(residents)
        starts = np.append(residents.link_start, residents.link_start[-1] + residents.link_count[-1])
        others = locality.links.other
        self.links = csr_array((np.ones(len(others)), others, starts), shape=(count, count))
        self.friends = np.maximum(residents.link_count, 1).astype(float)
        self.linked = (residents.link_count > 0).astype(float)

    def step(self, shaken: Array, shaken_ua: Array) -> None:
        """A month of all residents; `shaken`: a standard normal number of each for either group."""
        c, people, given = self.constants, self.locality.residents, self.locality.parameters
        value = self.locality.value
        politicised = value("politicisation")
        signal = threat_signal(
            c,
            self.locality.theories["threat"],
            value("arrival_rate"),
            value("migrant_share"),
            politicised,
        )
        scarce = scarcity(c, value("tightness"), value("vacancy"))
        half, gain, asymmetry = c.attitudes_contact_half, c.attitudes_contact, c.attitudes_asymmetry
        own, own_ua = people.attitude_to[NON_EUROPEAN].copy(), people.attitude_to[UKRAINIAN].copy()
        good, bad = dose(people.good_with[NON_EUROPEAN], half), dose(people.bad_with[NON_EUROPEAN], half)
        good_ua, bad_ua = dose(people.good_with[UKRAINIAN], half), dose(people.bad_with[UKRAINIAN], half)
        seen_of = np.column_stack((own, own_ua, good - asymmetry * bad))
        heard, heard_ua, seen = (self.links @ seen_of / self.friends[:, None]).T
        people.norm[:] += self.linked * c.attitudes_norm_speed * (np.clip(seen, -1.0, 1.0) - people.norm)
        moved = contact_effect(own, good, bad, gain, asymmetry)
        moved_ua = contact_effect(own_ua, good_ua, bad_ua, gain, asymmetry)
        moved_ua += given["attitudes.rally"] * value("arriving.ukrainian") * (1.0 - own_ua)
        change = moved + c.attitudes_spill * moved_ua + norm_effect(own, people.norm, c.attitudes_norm)
        change_ua = moved_ua + c.attitudes_spill * moved + norm_effect(own_ua, people.norm, c.attitudes_norm)
        right = np.maximum(people.leaning, 0.0)
        felt = -c.attitudes_threat * signal * scarce * politicised * right * 2.0
        change += felt * people.distance_to[NON_EUROPEAN] * (1.0 + own)
        change_ua += felt * people.distance_to[UKRAINIAN] * (1.0 + own_ua)
        for attitude, changed, rrp, cue_gain in (
            (own, change, value("rrp"), c.attitudes_cue),
            (
                own_ua,
                change_ua,
                given["attitudes.rrp_ua"] * value("rrp"),
                given["attitudes.cue_ua"] * c.attitudes_cue,
            ),
        ):
            line = value("executive_ideology") * (1.0 - rrp) - 2.0 * rrp * right
            changed += norm_effect(attitude, politicised * people.interest * line, cue_gain)
        speed, stubborn = c.attitudes_speed, people.stubbornness
        open_minded = self.linked * (1.0 - stubborn)
        change += speed * (stubborn * (people.anchor_to[NON_EUROPEAN] - own) + open_minded * (heard - own))
        change_ua += speed * (
            stubborn * (people.anchor_to[UKRAINIAN] - own_ua) + open_minded * (heard_ua - own_ua)
        )
        change += c.attitudes_noise * shaken
        change_ua += c.attitudes_noise * (
            given["attitudes.noise_shared"] * shaken + given["attitudes.noise_ua"] * shaken_ua
        )
        people.distance_to[NON_EUROPEAN][:] *= 1.0 - c.attitudes_fade * good
        people.distance_to[UKRAINIAN][:] *= 1.0 - c.attitudes_fade * good_ua
        aim = c.attitudes_felt_threat - c.attitudes_felt_threat_attitude * own
        aim = np.clip(aim + c.attitudes_felt_threat_signal * signal * scarce, 0.0, 1.0)
        people.threat[:] += c.attitudes_perception * (aim - people.threat)
        aim = c.attitudes_felt_benefit + c.attitudes_felt_benefit_attitude * own
        aim = np.clip(aim + c.attitudes_felt_benefit_shortage * value("labour_shortage"), 0.0, 1.0)
        people.benefit[:] += c.attitudes_perception * (aim - people.benefit)
        people.anchor_to[NON_EUROPEAN][:] += c.attitudes_anchor_drift * (own - people.anchor_to[NON_EUROPEAN])
        people.anchor_to[UKRAINIAN][:] += c.attitudes_anchor_drift * (own_ua - people.anchor_to[UKRAINIAN])
        people.attitude_to[NON_EUROPEAN][:] = np.clip(own + change, -1.0, 1.0)
        people.attitude_to[UKRAINIAN][:] = np.clip(own_ua + change_ua, -1.0, 1.0)
