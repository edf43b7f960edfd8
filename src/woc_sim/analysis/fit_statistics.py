"""Stand-in for the catalogue of fit statistics; replaced by the one of branch `checks`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import (
    between_group_share,
    group_centred,
    mean_difference,
    shapley_shares,
)
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import MissingReadingError, Sample, Study
from woc_sim.inputs.vocabulary import COMPONENTS

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class FitStatistic:
    """One number."""

    name: str
    finding: str
    published: float
    error: float
    unit: str


def _values(sample: Sample) -> dict[str, float]:
    total, country = sample["mipex_total"], sample["country"]
    inner = group_centred(total, country)
    found = {
        "index_mean": float(total.mean()),
        "index_sd": float(total.std(ddof=1)),
        "index_between_countries": between_group_share(total, country),
    }
    for first, second in (("progressive", "conservative"), ("mixed", "conservative")):
        pair = [sample.labelled("executive", each) for each in (first, second)]
        found[f"gap_{first}_{second}"] = mean_difference(inner, *pair).value
    for first, second in (("small", "rural"), ("medium", "small")):
        pair = [sample.labelled("size", each) for each in (first, second)]
        found[f"gap_{first}_{second}"] = mean_difference(inner, *pair).value
    politics = factor_columns_of(sample)
    found["index_politics_share"] = shapley_shares(total, politics, country)[1]
    for name in COMPONENTS:
        found[f"component_{name}"] = float(sample[f"mipex_{name}"].mean())
    zeros = [sample[f"mipex_{name}"] <= 0 for name in COMPONENTS]
    found["zeros"] = float(np.mean(zeros))
    return found


def factor_columns_of(sample: Sample) -> list[list[Array]]:
    """Size and politics."""
    return [
        [sample.labelled("size", "small").astype(float), sample.labelled("size", "medium").astype(float)],
        [
            sample.labelled("executive", "progressive").astype(float),
            sample.labelled("executive", "conservative").astype(float),
            sample["rrp"],
        ],
    ]


@cache
def _published() -> dict[str, float]:
    return _values(published().west)


def simulated(study: Study) -> Array:
    """All statistics of a study; nan where one cannot be calculated."""
    try:
        return np.array(list(_values(study.west).values()))
    except MissingReadingError:
        return np.full(len(FIT_STATISTICS), np.nan)


@cache
def _bootstrap() -> Array:
    sample = published().west
    rng = np.random.default_rng(1)
    country = sample["country"]
    found = []
    for _ in range(200):
        rows = np.concatenate(
            [
                rng.choice(np.flatnonzero(country == each), (country == each).sum())
                for each in np.unique(country)
            ]
        )
        found.append(
            list(_values(Sample(sample.table, sample.rows[rows], sample.covariate_rows[rows])).values())
        )
    return np.array(found)


def observation_covariance() -> Array:
    """Covariance of the published statistics."""
    return np.cov(_bootstrap().T)


FIT_STATISTICS: Final = tuple(
    FitStatistic(name, "D1", value, float(error), "")
    for (name, value), error in zip(_published().items(), _bootstrap().std(axis=0), strict=True)
)


def published_without(country: str) -> Array:
    """The published statistics without a country; nan where they cannot be calculated."""
    sample = published().west
    return np.array(list(_values(sample.where(~sample.labelled("country", country))).values()))


def published_scores() -> dict[str, float]:
    """Policy score of each case (Table 4)."""
    from woc_sim.evidence.catalogue import table_rows

    return {row["case"]: float(row["total"]) for row in table_rows("table4") if row["case"]}
