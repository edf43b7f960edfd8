"""Access rating: how hard it is for a refugee to find work and a home, as informants see it (final working
paper, section 4, Figure 9).

Difficulty has two parts that informants speak of: how many of those entitled for a year have work or a home,
and what the market offers today. Both are 0..1 and weigh the same; the cuts are common to all places.
"""

from __future__ import annotations

import math

import numpy as np

from woc_sim.inputs.ages import of_working_age
from woc_sim.instruments.sampling import Array, normals
from woc_sim.instruments.summary import known_mean, ratio
from woc_sim.world.locality import Locality
from woc_sim.world.people import NO_JOB, PRIVATE, PROTECTED

WORK, HOME = 1, 2
PLACE = np.zeros(1, dtype=np.uint64)  # address of the answer of all informants together


def _entitled(locality: Locality, month: int) -> Array:
    """Rows of the migrants present whose protection has lasted a year or more."""
    people = locality.migrants
    return np.flatnonzero(
        (people.present == 1) & (people.status == PROTECTED) & (month - people.decision >= 12)
    )


def difficulty_of_work(locality: Locality, month: int) -> float:
    """0 easy to 1 impossible: entitled adults without work, and scarcity of vacancies per seeker."""
    rows = _entitled(locality, month)
    people = locality.migrants
    adults = rows[of_working_age(people.age[rows])]
    without = ratio(float((people.job[adults] == NO_JOB).sum()), float(adults.size))
    offered = locality.value("tightness") * locality.value("employers_accept.non_european")
    return known_mean(
        (without, 1.0 - offered / (offered + locality.parameters["instruments.offer_work_half"]))
    )


def difficulty_of_home(locality: Locality, month: int) -> float:
    """0 easy to 1 impossible: entitled persons without a private home, and scarcity of vacant dwellings let
    to them.
    """
    rows = _entitled(locality, month)
    without = ratio(float((locality.migrants.housing[rows] != PRIVATE).sum()), float(rows.size))
    offered = locality.value("vacancy") * locality.value("landlords_accept.non_european")
    return known_mean(
        (without, 1.0 - offered / (offered + locality.parameters["instruments.offer_home_half"]))
    )


def rating(difficulty: float, difficult: float, extreme: float) -> float:
    """0 easy, 1 difficult, 2 extremely difficult."""
    if math.isnan(difficulty):
        return math.nan
    return float((difficulty >= difficult) + (difficulty >= extreme))


def read(locality: Locality, month: int) -> dict[str, float]:
    """Both ratings and the difficulties behind them."""
    parameters = locality.parameters
    key = locality.key("instrument.access_rating")
    missed_work, missed_home = (
        parameters["instruments.access_noise"] * float(normals(key, PLACE, item)[0]) for item in (WORK, HOME)
    )
    work, home = difficulty_of_work(locality, month), difficulty_of_home(locality, month)
    return {
        "access_employment": rating(
            work + missed_work,
            parameters["instruments.work_cut_difficult"],
            parameters["instruments.work_cut_extreme"],
        ),
        "access_housing": rating(
            home + missed_home,
            parameters["instruments.home_cut_difficult"],
            parameters["instruments.home_cut_extreme"],
        ),
        "latent_access_employment": work,
        "latent_access_housing": home,
    }
