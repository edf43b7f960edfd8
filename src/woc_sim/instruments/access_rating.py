"""Access rating: how hard it is for a refugee to find work and a home, as informants see it (final working
paper, section 4, Figure 9).

Difficulty has two parts that informants speak of: how many of those entitled for a year have work or a home,
and what the market offers today. Both are 0..1 and weigh the same; the cuts are common to all places. By the
theory `knowledge=own_field` informants know the market, but of the entitled only those whom they have got to
know in their own work, and who knows more of the matter counts more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from woc_sim.inputs.ages import of_working_age
from woc_sim.inputs.sectors import DIMENSIONS
from woc_sim.instruments.knowledge import (
    information,
    informed_share,
    insight,
    known_to,
    migrants_seen,
)
from woc_sim.instruments.sampling import Array, Interviewee, normals
from woc_sim.instruments.summary import known_mean, ratio
from woc_sim.rules.knowledge import COMMON
from woc_sim.world.locality import Locality
from woc_sim.world.people import NO_JOB, PRIVATE, PROTECTED

WORK, HOME = 1, 2
PLACE = np.zeros(1, dtype=np.uint64)  # address of the answer of all informants together


def _entitled(locality: Locality, month: int, among: Array | None = None) -> Array:
    """Rows of the migrants present whose protection has lasted a year or more; of those `among`, if given."""
    people = locality.migrants
    rows = np.flatnonzero(
        (people.present == 1) & (people.status == PROTECTED) & (month - people.decision >= 12)
    )
    return rows if among is None else np.intersect1d(rows, among, assume_unique=True)


def difficulty_of_work(locality: Locality, month: int, among: Array | None = None) -> float:
    """0 easy to 1 impossible: entitled adults without work, and scarcity of vacancies per seeker.

    among: rows of the migrants who are looked at; None for all.
    """
    rows = _entitled(locality, month, among)
    people = locality.migrants
    adults = rows[of_working_age(people.age[rows])]
    without = ratio(float((people.job[adults] == NO_JOB).sum()), float(adults.size))
    offered = locality.value("tightness") * locality.value("employers_accept.non_european")
    return known_mean(
        (without, 1.0 - offered / (offered + locality.parameters["instruments.offer_work_half"]))
    )


def difficulty_of_home(locality: Locality, month: int, among: Array | None = None) -> float:
    """0 easy to 1 impossible: entitled persons without a private home, and scarcity of vacant dwellings let
    to them. among: rows of the migrants who are looked at; None for all.
    """
    rows = _entitled(locality, month, among)
    without = ratio(float((locality.migrants.housing[rows] != PRIVATE).sum()), float(rows.size))
    offered = locality.value("vacancy") * locality.value("landlords_accept.non_european")
    return known_mean(
        (without, 1.0 - offered / (offered + locality.parameters["instruments.offer_home_half"]))
    )


ASKED: Final[dict[str, tuple[str, Callable[[Locality, int, Array | None], float]]]] = {
    "employment": ("jobs", difficulty_of_work),
    "housing": ("homes", difficulty_of_home),
}
"""What informants are asked: the dimension that shows it, and how difficult it is for given persons."""


def told_by(locality: Locality, month: int, informants: Sequence[Interviewee]) -> dict[str, float]:
    """Difficulty of work and of a home as the informants tell it, by name.

    Each looks at the entitled whom its organisation knows, and counts as far as it knows of jobs or of homes.
    Where nobody knows anything, the market alone speaks.
    """
    migrants = migrants_seen(locality)
    knows, counts = information(locality, migrants), insight(locality, migrants)
    seen = [
        migrants.row[known_to(locality, who, migrants, informed_share(locality, knows[who.organisation]))]
        for who in informants
    ]
    found = {}
    for name, (dimension, difficulty) in ASKED.items():
        side = DIMENSIONS.index(dimension)
        weights = [counts[who.organisation][side] for who in informants]
        total = math.fsum(weights)
        nobody = np.empty(0, dtype=np.int64)
        found[name] = (
            math.fsum(w * difficulty(locality, month, rows) for w, rows in zip(weights, seen, strict=True))
            / total
            if total > 0.0
            else difficulty(locality, month, nobody)
        )
    return found


def rating(difficulty: float, difficult: float, extreme: float) -> float:
    """0 easy, 1 difficult, 2 extremely difficult."""
    if math.isnan(difficulty):
        return math.nan
    return float((difficulty >= difficult) + (difficulty >= extreme))


def read(locality: Locality, month: int, informants: Sequence[Interviewee] = ()) -> dict[str, float]:
    """Both ratings and the true difficulties behind them. informants: who is asked, if their knowledge
    matters."""
    parameters = locality.parameters
    key = locality.key("instrument.access_rating")
    missed_work, missed_home = (
        parameters["instruments.access_noise"] * float(normals(key, PLACE, item)[0]) for item in (WORK, HOME)
    )
    work, home = difficulty_of_work(locality, month), difficulty_of_home(locality, month)
    told = {"employment": work, "housing": home}
    if locality.theories["knowledge"] != COMMON:
        told = told_by(locality, month, informants)
    return {
        "access_employment": rating(
            told["employment"] + missed_work,
            parameters["instruments.work_cut_difficult"],
            parameters["instruments.work_cut_extreme"],
        ),
        "access_housing": rating(
            told["housing"] + missed_home,
            parameters["instruments.home_cut_difficult"],
            parameters["instruments.home_cut_extreme"],
        ),
        "latent_access_employment": work,
        "latent_access_housing": home,
    }
