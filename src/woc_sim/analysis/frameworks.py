"""How much the country explains: offsets of countries, and shares of the variance between localities.

The model has no free number for a country. Its frameworks are tables of duties, funds and traditions. One
could add one free number for each country, an offset on the policy score. `framework_folds` compares the
error without offset, with the offset of the country itself, and with the offset of all other countries (the
country is left out). If the framework tables explain the differences between countries, the offset adds
little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.baselines import case_draws
from woc_sim.analysis.estimates import group_centred
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool
from woc_sim.inputs.vocabulary import COUNTRIES

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

OUTCOMES: Final = (
    "mipex_total",
    "horizontal",
    "perceived_attitudes",
    "latent_attitude",
    "welcome_share",
    "ties_mean",
)
SHARES: Final = ("offsets", "covariates", "dynamics")


def country_offsets(residual: Array, country: Array) -> tuple[Array, Array]:
    """For each case the mean residual of the cases of its country, and of the cases of all other
    countries."""
    of_country, others = np.empty(len(residual)), np.empty(len(residual))
    for code in np.unique(country):
        inside = country == code
        of_country[inside] = residual[inside].mean()
        others[inside] = residual[~inside].mean() if (~inside).any() else 0.0
    return of_country, others


def framework_folds(model: Pool) -> pd.DataFrame:
    """One row for each country and one for all.

    Columns: n, offset of the country, offset of the other countries (points), and the mean absolute error of
    the simulated policy score without offset, with the offset of the country, and with that of the others.
    """
    import pandas as pd

    study = published().west
    country, scores = study["country"], study["mipex_total"]
    simulated = np.nanmean(case_draws(model, "mipex_total", country), axis=1)
    residual = scores - simulated
    of_country, others = country_offsets(residual, country)
    rows = []
    for code in (*np.unique(country), math.nan):
        chosen = country == code if math.isfinite(code) else np.ones(len(country), dtype=bool)
        rows.append(
            {
                "country": COUNTRIES[int(code)] if math.isfinite(code) else "all",
                "n": int(chosen.sum()),
                "offset": float(of_country[chosen].mean()),
                "offset_of_others": float(others[chosen].mean()),
                "mae": float(np.abs(residual[chosen]).mean()),
                "mae_own_offset": float(np.abs(residual - of_country)[chosen].mean()),
                "mae_country_left_out": float(np.abs(residual - others)[chosen].mean()),
            }
        )
    return pd.DataFrame(rows)


def variance_components(values: Array, country: Array) -> dict[str, float]:
    """Shares of the variance between localities, by source.

    'offsets': between countries; 'covariates': between the expected values of localities of one country;
    'dynamics': between runs of one locality. values: (localities, replicates). Estimated as in a nested
    analysis of variance; nan if nothing varies.
    """
    localities, replicates = values.shape
    if replicates < 2 or not np.isfinite(values).all():
        return dict.fromkeys(SHARES, math.nan)
    total = float(values.var(axis=0, ddof=1).mean())
    if total < 1e-12:
        return dict.fromkeys(SHARES, math.nan)
    dynamics = float(values.var(axis=1, ddof=1).mean())
    centred = group_centred(values.mean(axis=1), country)
    free = localities - len(np.unique(country))
    covariates = max(0.0, float((centred**2).sum()) / free - dynamics / replicates)
    rest = max(0.0, total - covariates - dynamics)
    whole = rest + covariates + dynamics
    return dict(zip(SHARES, (rest / whole, covariates / whole, dynamics / whole), strict=True))


def variance_shares(pools: Mapping[str, Pool]) -> pd.DataFrame:
    """One row for each variant and outcome with its `variance_components` over the EU cases.

    A locality is left out if an outcome is missing in one of its runs.
    """
    import pandas as pd

    rows = []
    for variant, pool in pools.items():
        country_of_row = pool.eu.values[:, pool.eu.index["country"]]
        for name in OUTCOMES:
            column = pool.eu.values[:, pool.eu.index[name]]
            cases = [rows_of for rows_of in pool.cases.values() if np.isfinite(column[rows_of]).all()]
            values = np.array([column[rows_of] for rows_of in cases]).reshape(len(cases), -1)
            country = np.array([country_of_row[rows_of[0]] for rows_of in cases])
            found = (
                variance_components(values, country) if len(cases) > 2 else dict.fromkeys(SHARES, math.nan)
            )
            rows.append({"variant": variant, "outcome": name, "n": len(cases), **found})
    return pd.DataFrame(rows)


def summary_lines(folds: pd.DataFrame, variance: pd.DataFrame) -> str:
    """Two sentences on variance and offsets, for the terminal."""
    whole = folds.iloc[-1]
    rows = variance[(variance["variant"] == "model") & variance["offsets"].notna()]
    each = "; ".join(
        f"{row.outcome} " + ", ".join(f"{getattr(row, share):.0%} {share}" for share in SHARES)
        for row in rows.itertuples()
    )
    return (
        f"variance between localities: {each or 'nothing varies'}\n"
        f"policy score without an offset for a country: mean error {whole['mae']:.1f} points; with an "
        f"offset for each country {whole['mae_own_offset']:.1f}; with the offset of the other countries "
        f"{whole['mae_country_left_out']:.1f}"
    )
