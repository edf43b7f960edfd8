"""Baselines: simple statistical predictions of a locality from the covariates that the model also gets.

A baseline predicts each case from the other cases. One fold leaves out that case, the other its whole
country. The model has not seen the score of any single case, so its prediction is the same in both folds.
Neither side has an advantage throughout: published means were used to choose some parameters of the model
(roles.yaml), and the baselines see all other cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.estimates import group_centred
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool, Sample

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Baseline = Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]

TARGETS: Final = ("mipex_total", "perceived_attitudes")
FOLDS: Final = ("one_out", "country_out")


def covariate_columns(sample: Sample) -> Array:
    """Standardised covariates of the cases: size and executive as dummies, and the three bands of Table
    A1."""
    columns = [
        sample.labelled("size", "small").astype(float),
        sample.labelled("size", "medium").astype(float),
        sample.labelled("executive", "progressive").astype(float),
        sample.labelled("executive", "conservative").astype(float),
        sample["rrp_band"],
        sample["non_eu_band"],
        sample["unemployment_band"],
    ]
    matrix: Array = np.column_stack(columns)
    centred: Array = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    return centred


def _residual_deviation(residual: Array, lost: int) -> float:
    """Standard deviation of residuals; `lost` degrees of freedom went into the fit."""
    return math.sqrt(float(residual @ residual) / max(len(residual) - lost, 1))


def overall_mean(x: Array, country: Array, y: Array, new_x: Array, new_country: Array) -> tuple[Array, Array]:
    """The mean of the training cases."""
    return np.full(len(new_x), y.mean()), np.full(len(new_x), _residual_deviation(y - y.mean(), 1))


def country_mean(x: Array, country: Array, y: Array, new_x: Array, new_country: Array) -> tuple[Array, Array]:
    """The mean of the training cases of the country, or of all training cases if the country has none."""
    means = {code: float(y[country == code].mean()) for code in np.unique(country)}
    residual = y - np.array([means[code] for code in country])
    predicted = np.array([means.get(code, float(y.mean())) for code in new_country])
    country_seen = np.array([code in means for code in new_country])
    return predicted, np.where(
        country_seen, _residual_deviation(residual, len(means)), _residual_deviation(y - y.mean(), 1)
    )


def linear_regression(
    x: Array, country: Array, y: Array, new_x: Array, new_country: Array
) -> tuple[Array, Array]:
    """Linear regression on the covariates."""
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    residual = y - design @ beta
    predicted = np.column_stack([np.ones(len(new_x)), new_x]) @ beta
    return predicted, np.full(len(new_x), _residual_deviation(residual, design.shape[1]))


COUNTRY_SCALE: Final = 3.0
"""Distance between two countries, in standard deviations of the covariates. It makes cases of one country
more alike than cases of two."""
GRID: Final = tuple(product((0.3, 1.0), (1.5, 3.0, 6.0, 12.0), (0.1, 0.3, 0.6, 1.0)))
"""Candidates for signal variance, length and noise variance; variances as shares of the variance of the
scores."""


def gaussian_process(
    x: Array, country: Array, y: Array, new_x: Array, new_country: Array
) -> tuple[Array, Array]:
    """Gaussian process (squared exponential) on the covariates with a country effect.

    Signal, length and noise maximise the marginal likelihood on a grid (Rasmussen & Williams 2006, algorithm
    2.1).
    """
    centre, sd = float(y.mean()), float(y.std())
    scaled = (y - centre) / sd
    among_training = _distances(x, country, x, country)
    to_training = _distances(new_x, new_country, x, country)
    best, chosen = -math.inf, GRID[0]
    for signal, length, noise in GRID:
        lower, alpha = _solve_covariance(among_training, scaled, signal, length, noise)
        likelihood = -0.5 * float(scaled @ alpha) - float(np.log(np.diag(lower)).sum())
        if likelihood > best:
            best, chosen = likelihood, (signal, length, noise)
    signal, length, noise = chosen
    lower, alpha = _solve_covariance(among_training, scaled, *chosen)
    cross = signal * np.exp(-to_training / (2 * length * length))
    explained = (np.linalg.solve(lower, cross.T) ** 2).sum(axis=0)
    return centre + sd * (cross @ alpha), sd * np.sqrt(np.maximum(signal + noise - explained, 1e-9))


def _distances(x: Array, country: Array, other_x: Array, other_country: Array) -> Array:
    """Squared distances of localities, with the same additional distance between any two countries."""
    covariate_distance: Array = ((x[:, None, :] - other_x[None, :, :]) ** 2).sum(axis=2)
    country_distance: Array = 2 * COUNTRY_SCALE**2 * (country[:, None] != other_country[None, :])
    return covariate_distance + country_distance


def _solve_covariance(
    distances: Array, y: Array, signal: float, length: float, noise: float
) -> tuple[Array, Array]:
    """Cholesky factor of the covariance and its inverse times y."""
    covariance = signal * np.exp(-distances / (2 * length * length)) + noise * np.eye(len(y))
    lower = np.linalg.cholesky(covariance)
    return lower, np.linalg.solve(lower.T, np.linalg.solve(lower, y))


BASELINES: Final[dict[str, Baseline]] = {
    "mean": overall_mean,
    "country_mean": country_mean,
    "linear_regression": linear_regression,
    "gaussian_process": gaussian_process,
}


def cross_validated(baseline: Baseline, x: Array, country: Array, y: Array, fold: str) -> tuple[Array, Array]:
    """Prediction of every case, and its standard deviation, from the cases outside its fold."""
    groups = np.arange(len(y)) if fold == "one_out" else country
    predicted, deviation = np.empty(len(y)), np.empty(len(y))
    for group in np.unique(groups):
        out = groups == group
        predicted[out], deviation[out] = baseline(x[~out], country[~out], y[~out], x[out], country[out])
    return predicted, deviation


def crps_normal(y: Array, mean: Array, sd: Array) -> float:
    """Mean continuous ranked probability score of normal predictions (Gneiting & Raftery 2007)."""
    from scipy.stats import norm

    z = (y - mean) / sd
    return float(np.mean(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))))


def crps_ensemble(y: Array, draws: Array) -> float:
    """Mean CRPS of an ensemble (cases x draws), with the fair correction for its size."""
    n = draws.shape[1]
    distance_to_case = np.abs(draws - y[:, None]).mean(axis=1)
    if n < 2:
        return float(distance_to_case.mean())
    distance_between_draws = np.abs(draws[:, :, None] - draws[:, None, :]).sum(axis=(1, 2)) / (n * (n - 1))
    return float(np.mean(distance_to_case - distance_between_draws / 2))


def _scores(y: Array, predicted: Array, country: Array) -> dict[str, float]:
    def correlation_of(a: Array, b: Array) -> float:
        if a.std() < 1e-9 or b.std() < 1e-9:
            return math.nan
        return float(np.corrcoef(a, b)[0, 1])

    return {
        "n": len(y),
        "mae": float(np.abs(y - predicted).mean()),
        "rmse": math.sqrt(float(((y - predicted) ** 2).mean())),
        "r": correlation_of(y, predicted),
        "r_within_country": correlation_of(group_centred(y, country), group_centred(predicted, country)),
    }


def baseline_scores(model: Pool) -> pd.DataFrame:
    """Errors of the model and of the baselines.

    Columns: target, baseline ('model' for the model), fold, n, mae, rmse, r, r_within_country, crps.
    """
    import pandas as pd

    return pd.DataFrame(_rows(model))


def _rows(model: Pool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    names = list(model.cases)
    for target in TARGETS:
        study = published().west if target == "mipex_total" else published().rated
        y, country, x = study[target], study["country"], covariate_columns(study)
        for name, baseline in BASELINES.items():
            for fold in FOLDS:
                predicted, deviation = cross_validated(baseline, x, country, y, fold)
                row = {"target": target, "baseline": name, "fold": fold, **_scores(y, predicted, country)}
                rows.append(row | {"crps": crps_normal(y, predicted, deviation)})
        # The published localities and the cases of the model are both in the order of Table A1.
        chosen = [name for name, code in zip(names, _countries(model), strict=True) if code in set(country)]
        column = model.eu.values[:, model.eu.index[target]]
        draws = np.array([column[model.cases[name]] for name in chosen])
        row = {"target": target, "baseline": "model", "fold": "none"}
        row |= _scores(y, np.nanmean(draws, axis=1), country)
        rows.append(row | {"crps": crps_ensemble(y, draws)})
    return rows


def _countries(model: Pool) -> list[float]:
    column = model.eu.values[:, model.eu.index["country"]]
    return [float(column[rows[0]]) for rows in model.cases.values()]
