"""Measures of access to housing and work (S61-S65, S74, D15, D16, M17)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import (
    Estimate,
    paired,
    regression,
    same_counts,
    share,
    share_error,
    standardised,
    tau_b,
)
from woc_sim.analysis.measures import Reading, close, direction, holds, measure, numeric
from woc_sim.analysis.replication import access_grid
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding

Array = np.ndarray[Any, Any]

EASY, EXTREME = 0, 2
GRADES: Final = ("easy", "difficult", "extremely_difficult")


def growing(study: Study, sign: int) -> Sample:
    """The localities with favourable (+1) or unfavourable (-1) structure."""
    return study.eu.where(study.eu["structure"] == sign)


def _easy(sample: Sample, sector: str) -> float:
    return float(np.sum(sample[f"access_{sector}"] == EASY))


@measure("S61")
def work_easier_than_housing(study: Study) -> Reading:
    """Localities with easy access to work; the number with easy housing is right too."""
    values = dict(finding("S61").values)
    n = 40
    errors = {name: n * share_error(each / n, n) for name, each in values.items()}
    housing = close(_easy(study.eu, "housing"), values["housing_easy"], errors["housing_easy"])
    return numeric(
        _easy(study.eu, "employment"), values["employment_easy"], errors["employment_easy"], housing
    )


def _margins(study: Study, identifier: str, sign: int) -> Reading:
    values = dict(finding(identifier).values)
    sample = growing(study, sign)
    grid = access_grid(sample)
    matched = [
        same_counts(list(found), [values[f"{sector}_{grade}"] for grade in GRADES])
        for sector, found in (("housing", grid.sum(axis=1)), ("employment", grid.sum(axis=0)))
    ]
    return holds(share(sample["access_housing"] == EXTREME), *matched)


@measure("S62")
def access_where_favourable(study: Study) -> Reading:
    """Share with extremely difficult housing where structure is favourable; both margins of Figure 9 as
    published."""
    return _margins(study, "S62", 1)


@measure("S63")
def access_where_unfavourable(study: Study) -> Reading:
    """Share with extremely difficult housing where structure is unfavourable; both margins of Figure 9 as
    published."""
    return _margins(study, "S63", -1)


def corner(sample: Sample) -> Estimate:
    """Share of localities where work is easy and housing extremely difficult."""
    return share((sample["access_employment"] == EASY) & (sample["access_housing"] == EXTREME))


@measure("S64")
def easy_work_hard_housing(study: Study) -> Reading:
    """Share with easy work and extremely difficult housing: favourable minus unfavourable structure."""
    return direction(corner(growing(study, 1)) - corner(growing(study, -1)))


@measure("S65", latent=True)
def access_by_size(study: Study) -> Reading:
    """Difficulty of housing less that of work in medium towns against smaller places, given structure."""
    sample = study.eu
    medium = sample.of("size", "medium").astype(float)
    effects = {
        sector: regression(sample[f"access_{sector}"], medium, sample["structure"], groups=sample["country"])[
            0
        ]
        for sector in ("housing", "employment")
    }
    return direction(
        effects["housing"] - effects["employment"],
        effects["housing"].value > 0,
        effects["employment"].value < 0,
    )


def _grades_together(sample: Sample) -> Estimate:
    return tau_b(sample["access_employment"], sample["access_housing"])


@measure("D15", latent=True)
def access_apart_where_favourable(study: Study) -> Reading:
    """Rank correlation of the two difficulties under favourable structure: it is negative."""
    found = _grades_together(growing(study, 1))
    return Reading(found.value, found.negative, found.error)


@measure("D16", latent=True)
def access_together_where_unfavourable(study: Study) -> Reading:
    """Rank correlation of the two difficulties under unfavourable structure: it is positive."""
    return direction(_grades_together(growing(study, -1)))


@measure("S74")
def acceptance_lower_in_housing(study: Study) -> Reading:
    """Acceptance of migrants by employers minus that by landlords."""
    return direction(paired(study.eu["acceptance_work@2021"], study.eu["acceptance_home@2021"]))


@measure("M17")
def unemployment_and_hostility(study: Study) -> Reading:
    """Points of employment per standard deviation of unemployment; those of hostility are negative and
    alike."""
    values = dict(finding("M17").values)
    sample = study.eu
    unemployment, attitude = (
        standardised(sample["unemployment"]),
        standardised(sample["latent_attitude_2022"]),
    )
    effects = regression(100 * sample["latent_employed"], unemployment, -attitude, groups=sample["country"])
    jobs, hostility = effects
    alike = abs(jobs.value - hostility.value) <= 2 * math.hypot(jobs.error, hostility.error)
    near = all(close(each.value, values["unemployment"], each.error) for each in effects)
    return Reading(jobs.value, jobs.negative and hostility.negative and alike and near, jobs.error)
