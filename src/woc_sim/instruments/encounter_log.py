"""Encounter log: where residents and migrants meet, how it goes, and who holds the ties (final working
paper, section 5.2; S90-S92).

Participant observation, without noise: meetings are counted since the start, ties as they are in the month.
"""

from __future__ import annotations

import math

import numpy as np

from woc_sim.instruments.summary import gini, ratio
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import Locality
from woc_sim.world.places import PLACE_KINDS


def _meetings(locality: Locality) -> dict[str, float]:
    """Valence and share of each setting."""
    good = locality.encounters.good_total.tolist()
    bad = locality.encounters.bad_total.tolist()
    total, trouble = math.fsum(good) + math.fsum(bad), math.fsum(bad)
    found = {}
    for code, kind in enumerate(PLACE_KINDS):
        found[f"good_{kind}"] = ratio(good[code], good[code] + bad[code])
        found[f"meetings_{kind}"] = ratio(good[code] + bad[code], total)
        found[f"discrimination_{kind}"] = ratio(bad[code], trouble)
    return found


def read(locality: Locality) -> dict[str, float]:
    """Meetings by setting and valence, origin and holders of ties."""
    people, residents = locality.migrants, locality.residents
    here = np.flatnonzero(people.present)
    held = people.tie[here] >= 0
    holders = people.tie[here][held]
    venues = people.tie_venue[here][held]
    count = float(holders.size)
    per_resident = np.bincount(holders, minlength=len(residents))
    friendly = residents.attitude_to[REFERENCE] > 0
    found = _meetings(locality)
    found |= {
        f"tie_origin_{kind}": ratio(float((venues == code).sum()), count)
        for code, kind in enumerate(PLACE_KINDS)
    }
    somebody = here.size > 0
    return found | {
        "tie_volunteer_share": ratio(float(residents.volunteered[holders].sum()), count),
        "tie_gini": gini(per_resident),
        "residents_with_tie": ratio(float((per_resident > 0).sum()), float(len(residents)))
        if somebody
        else math.nan,
        "positive_without_tie": ratio(float((friendly & (per_resident == 0)).sum()), float(len(residents)))
        if somebody
        else math.nan,
        "volunteers_per_migrant": ratio(float((residents.volunteer > 0).sum()), float(here.size)),
    }
