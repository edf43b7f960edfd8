"""What the published statistics are compared with, and how much the form of the model may be off.

No model is right at any point of its ranges. The variance of this discrepancy is estimated from countries:
for each country left out, the residual of a statistic (published less simulated, at the best points of the
first wave) is calculated again. Its jackknife variance over countries, beyond the sampling variance of the
published number, is what the model gets wrong from country to country. For a statistic that cannot be
calculated without a country the discrepancy is assumed: a standard deviation of `ASSUMED` of the published
number. Source of the idea: Vernon, Goldstein and Bower 2010, section 3.4 (internal and external discrepancy).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.matching import Target
from woc_sim.analysis.inference.studies import COUNTRIES, StudyTable

Array = np.ndarray[Any, Any]

ASSUMED: Final = 0.1
BEST: Final = 0.1
"""Share of the studies of the first wave at which residuals are taken: those nearest to the published
numbers."""
BY_LOCALITY: Final = "tables"
"""The basis of statistics whose published data are printed by locality, so that a country can be left out."""
FARTHEST: Final = 16.0
"""A squared distance counts up to this, so that one statistic alone does not choose the best studies."""


def target_of(first: StudyTable, share: float | None = None) -> Target:
    """The published fit statistics with the covariance of their sample and the discrepancy.

    first: the studies of the first wave. share: assumed standard deviation of the discrepancy as a share of
    the published number; None estimates the discrepancy.
    """
    catalogue = fit_statistics.FIT_STATISTICS
    published = fit_statistics.published_values()
    covariance = fit_statistics.observation_covariance()
    discrepancy = ((ASSUMED if share is None else share) * np.abs(published)) ** 2
    estimated = np.zeros(len(published), dtype=bool)
    if share is None:
        found = country_variance(first, published, np.diag(covariance))
        estimated = np.isfinite(found)
        discrepancy = np.where(estimated, found, discrepancy)
    names = tuple(each.name for each in catalogue)
    return Target(names, published, covariance, discrepancy, tuple(map(bool, estimated)))


def tolerances(share: float = ASSUMED) -> Array:
    """How far each statistic may be from the published one at a right point, as a standard deviation: the
    standard error of the published number, and a discrepancy of this share of it. Shape (statistics,)."""
    published = fit_statistics.published_values()
    variance = np.diag(fit_statistics.observation_covariance()) + (share * np.abs(published)) ** 2
    found: Array = np.sqrt(variance)
    return found


def country_variance(first: StudyTable, published: Array, observation: Array) -> Array:
    """Variance of each statistic's discrepancy between countries; nan where it cannot be estimated."""
    gaps = np.minimum((first.values - published) ** 2 / np.maximum(observation, 1e-12), FARTHEST)
    distance = np.nanmean(np.where(np.isfinite(gaps), gaps, FARTHEST), axis=1)
    best = np.argsort(distance, kind="stable")[: max(1, round(BEST * len(distance)))]
    residuals = np.array(
        [
            fit_statistics.published_values(country) - first.without[country][best].mean(axis=0)
            for country in COUNTRIES
        ]
    )
    count = len(COUNTRIES)
    spread = ((residuals - residuals.mean(axis=0)) ** 2).sum(axis=0) * (count - 1) / count
    by_locality = np.array([each.basis == BY_LOCALITY for each in fit_statistics.FIT_STATISTICS])
    found: Array = np.where(by_locality, np.maximum(0.0, spread - observation), np.nan)
    return found
