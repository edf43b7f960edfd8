"""Checks of access to housing and work (S61-S65, S74, D15, D16, M17)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import (
    CheckResult,
    check,
    check_conditions,
    check_direction,
    check_number,
    close_to_published,
)
from woc_sim.analysis.estimates import (
    Estimate,
    paired_difference,
    regression,
    same_counts,
    share,
    share_error,
    standardised,
    tau_b,
)
from woc_sim.analysis.replication import access_grid
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding

Array = np.ndarray[Any, Any]

EASY, EXTREME = 0, 2
GRADES: Final = ("easy", "difficult", "extremely_difficult")


def with_structure(study: Study, sign: int) -> Sample:
    """The localities with favourable (+1) or unfavourable (-1) structure."""
    return study.eu.where(study.eu["structure"] == sign)


def _number_easy(sample: Sample, sector: str) -> float:
    return float(np.sum(sample[f"access_{sector}"] == EASY))


@check("S61")
def work_easier_than_housing(study: Study) -> CheckResult:
    """Number of localities with easy access to work; the number with easy access to housing agrees too."""
    values = dict(finding("S61").values)
    n = 40
    errors = {name: n * share_error(each / n, n) for name, each in values.items()}
    housing = close_to_published(
        _number_easy(study.eu, "housing"), values["housing_easy"], errors["housing_easy"]
    )
    return check_number(
        _number_easy(study.eu, "employment"), values["employment_easy"], errors["employment_easy"], housing
    )


def _check_margins(study: Study, identifier: str, sign: int) -> CheckResult:
    values = dict(finding(identifier).values)
    sample = with_structure(study, sign)
    grid = access_grid(sample)
    counts_agree = [
        same_counts(list(counts), [values[f"{sector}_{grade}"] for grade in GRADES])
        for sector, counts in (("housing", grid.sum(axis=1)), ("employment", grid.sum(axis=0)))
    ]
    return check_conditions(share(sample["access_housing"] == EXTREME), *counts_agree)


@check("S62")
def access_where_favourable(study: Study) -> CheckResult:
    """Share with extremely difficult housing where structure is favourable; both margins of Figure 9
    agree."""
    return _check_margins(study, "S62", 1)


@check("S63")
def access_where_unfavourable(study: Study) -> CheckResult:
    """Share with extremely difficult housing where structure is unfavourable; both margins of Figure 9
    agree."""
    return _check_margins(study, "S63", -1)


def share_easy_work_hard_housing(sample: Sample) -> Estimate:
    """Share of localities where work is easy and housing extremely difficult."""
    return share((sample["access_employment"] == EASY) & (sample["access_housing"] == EXTREME))


@check("S64")
def easy_work_hard_housing(study: Study) -> CheckResult:
    """Share with easy work and extremely difficult housing: favourable minus unfavourable structure."""
    return check_direction(
        share_easy_work_hard_housing(with_structure(study, 1))
        - share_easy_work_hard_housing(with_structure(study, -1))
    )


@check("S65", latent=True)
def access_by_size(study: Study) -> CheckResult:
    """Effect of being a medium town on the difficulty of housing minus its effect on the difficulty of work,
    given structure; it is above 0 for housing and below 0 for work."""
    sample = study.eu
    medium = sample.labelled("size", "medium").astype(float)
    effects = {
        sector: regression(sample[f"access_{sector}"], medium, sample["structure"], groups=sample["country"])[
            0
        ]
        for sector in ("housing", "employment")
    }
    return check_direction(
        effects["housing"] - effects["employment"],
        effects["housing"].value > 0,
        effects["employment"].value < 0,
    )


def _correlation_of_difficulties(sample: Sample) -> Estimate:
    return tau_b(sample["access_employment"], sample["access_housing"])


@check("D15", latent=True)
def access_opposed_where_favourable(study: Study) -> CheckResult:
    """Rank correlation of the two difficulties under favourable structure; it is negative."""
    simulated = _correlation_of_difficulties(with_structure(study, 1))
    return CheckResult(simulated.value, simulated.negative, simulated.error)


@check("D16", latent=True)
def access_alike_where_unfavourable(study: Study) -> CheckResult:
    """Rank correlation of the two difficulties under unfavourable structure; it is positive."""
    return check_direction(_correlation_of_difficulties(with_structure(study, -1)))


@check("S74")
def acceptance_lower_in_housing(study: Study) -> CheckResult:
    """Acceptance of migrants by employers minus acceptance by landlords."""
    return check_direction(
        paired_difference(study.eu["acceptance_work@2021"], study.eu["acceptance_home@2021"])
    )


@check("M17")
def unemployment_and_hostility(study: Study) -> CheckResult:
    """Effect of one standard deviation of unemployment on employment, in percentage points; the effect of
    hostility is negative and about as large."""
    values = dict(finding("M17").values)
    sample = study.eu
    unemployment, attitude = (
        standardised(sample["unemployment"]),
        standardised(sample["latent_attitude_2022"]),
    )
    effects = regression(100 * sample["latent_employed"], unemployment, -attitude, groups=sample["country"])
    jobs, hostility = effects
    about_as_large = abs(jobs.value - hostility.value) <= 2 * math.hypot(jobs.error, hostility.error)
    near_published = all(
        close_to_published(each.value, values["unemployment"], each.error) for each in effects
    )
    return CheckResult(
        jobs.value, jobs.negative and hostility.negative and about_as_large and near_published, jobs.error
    )
