"""Baselines: simple statistical predictions of a locality from covariates that the model also gets.

A baseline predicts each case from the other cases. One fold leaves out that case, the other its whole
country, and every baseline is fitted anew in every fold. So is the model where a country is left out, if sets
of parameters were drawn without each country (`woc-sim calibrate folds`). Where they were not, and where one
case is left out, the model has one free number: the offset, the mean error of the cases outside the fold. Its
row 'none' has neither.

A prediction of a refitted model has an interval as a regression has one. Its variance is that of the runs,
over replicates and sets, and what the predictions of the other countries lack (`excess_elsewhere`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.analysis.estimates import excess_elsewhere, group_centred
from woc_sim.analysis.replication import published
from woc_sim.analysis.resampling import draws_of, picked_inside
from woc_sim.analysis.study import Pool, Sample
from woc_sim.analysis.twin import mean_duties

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Baseline = Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]

TARGETS: Final = ("mipex_total", "perceived_attitudes")
COUNTRY_OUT: Final = "country_out"
FOLDS: Final = ("one_out", COUNTRY_OUT)
BOOTSTRAPS: Final = 400
"""Samples of cases, drawn within countries, behind an interval of an error."""
LEVEL: Final = 0.9
"""Level of intervals of errors, and of the predictive intervals whose coverage is counted."""
HALF_WIDTH: Final = 1.645
"""Half a normal interval of that level, in standard deviations."""


def _labels(sample: Sample) -> list[Array]:
    return [
        sample.labelled("size", "small").astype(float),
        sample.labelled("size", "medium").astype(float),
        sample.labelled("executive", "progressive").astype(float),
        sample.labelled("executive", "conservative").astype(float),
    ]


def covariate_columns(sample: Sample) -> Array:
    """Standardised covariates of the cases: size and executive as dummies, and the three bands of Table
    A1."""
    bands = [sample[f"{name}_band"] for name in ("rrp", "non_eu", "unemployment")]
    matrix: Array = np.column_stack([*_labels(sample), *bands])
    centred: Array = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    return centred


def input_columns(sample: Sample) -> Array:
    """Some inputs of the model: size and executive as dummies, and the mean duty of the legal framework."""
    matrix: Array = np.column_stack([*_labels(sample), mean_duties()[sample["framework"].astype(int)]])
    return matrix


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


RIDGE_PENALTIES: Final = tuple(10.0 ** (k / 2) for k in range(-4, 7))
"""Candidates for the penalty of the ridge regression, chosen by leaving one training case out."""


def ridge_regression(
    x: Array, country: Array, y: Array, new_x: Array, new_country: Array
) -> tuple[Array, Array]:
    """Ridge regression on standardised columns."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), RidgeCV(RIDGE_PENALTIES)).fit(x, y)
    deviation = _residual_deviation(y - model.predict(x), x.shape[1] + 1)
    return np.asarray(model.predict(new_x)), np.full(len(new_x), deviation)


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


class Predictor(NamedTuple):
    """A baseline: the columns that it gets of a sample, and how it predicts from them."""

    columns: Callable[[Sample], Array]
    predict: Baseline


BASELINES: Final[dict[str, Predictor]] = {
    "mean": Predictor(covariate_columns, overall_mean),
    "country_mean": Predictor(covariate_columns, country_mean),
    "linear_regression": Predictor(covariate_columns, linear_regression),
    "gaussian_process": Predictor(covariate_columns, gaussian_process),
    "ridge_on_duty": Predictor(input_columns, ridge_regression),
}


def cross_validated(baseline: Baseline, x: Array, country: Array, y: Array, fold: str) -> tuple[Array, Array]:
    """Prediction of every case, and its standard deviation, from the cases outside its fold."""
    groups = _groups(country, fold)
    predicted, deviation = np.empty(len(y)), np.empty(len(y))
    for group in np.unique(groups):
        out = groups == group
        predicted[out], deviation[out] = baseline(x[~out], country[~out], y[~out], x[out], country[out])
    return predicted, deviation


def _groups(country: Array, fold: str) -> Array:
    """The group of each case that is left out together with it."""
    return np.arange(len(country)) if fold == "one_out" else country


def offsets(residual: Array, country: Array, fold: str) -> Array:
    """For each case the mean residual of the cases outside its fold; 0 without folds."""
    if fold not in FOLDS:
        return np.zeros(len(residual))
    groups = _groups(country, fold)
    return np.array([residual[groups != group].mean() for group in groups])


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


def _bootstrap(country: Array) -> Array:
    """Samples of cases as positions, shape (samples, cases); each has the cases of every country in their
    number."""
    return picked_inside(draws_of(("baselines",), "bootstrap", BOOTSTRAPS, len(country)), country)


def _interval(values: Array) -> tuple[float, float]:
    low, high = np.quantile(values, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return float(low), float(high)


def baseline_scores(model: Pool, left_out: Pool | None = None) -> pd.DataFrame:
    """Errors of the model and of the baselines.

    left_out: the cases of each country as predicted without its figures; cases that it lacks are taken
    from `model`.

    Columns: target, baseline ('model' for the model), fold, n, mae with the ends of its 90 % bootstrap
    interval, rmse, r, r_within_country, crps, coverage (share of cases inside the 90 % predictive interval),
    coverage_of_runs (the same for the spread of the runs alone), refitted, and the difference of mae to the
    model in the same fold with its interval. Error and difference are in the units of the target.
    """
    import pandas as pd

    return pd.DataFrame([row for target in TARGETS for row in _rows(model, left_out, target)])


def _rows(model: Pool, left_out: Pool | None, target: str) -> list[dict[str, Any]]:
    study = published().west if target == "mipex_total" else published().rated
    y, country = study[target], study["country"]
    draws = case_draws(model, target, country)
    samples = _bootstrap(country)
    rows: list[dict[str, Any]] = []
    errors: dict[str, Array] = {}
    for fold in ("none", *FOLDS):
        if fold == COUNTRY_OUT and left_out is not None:
            scores, errors[fold] = _refitted(y, country, case_draws(model, target, country, left_out))
            head = {"target": target, "baseline": "model", "fold": fold}
            rows.append(head | scores | _intervals(errors[fold], errors[fold], samples))
            continue
        shifted = draws + offsets(y - np.nanmean(draws, axis=1), country, fold)[:, None]
        low, high = np.nanquantile(shifted, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=1)
        predicted = np.nanmean(shifted, axis=1)
        errors[fold] = np.abs(y - predicted)
        row: dict[str, Any] = {
            "target": target,
            "baseline": "model",
            "fold": fold,
            **_scores(y, predicted, country),
        }
        inside = float(np.mean((low <= y) & (y <= high)))
        row |= {"crps": crps_ensemble(y, shifted), "coverage": inside, "coverage_of_runs": inside}
        row |= {"refitted": False}
        rows.append(row | _intervals(errors[fold], errors[fold], samples))
    for name, baseline in BASELINES.items():
        x = baseline.columns(study)
        for fold in FOLDS:
            predicted, deviation = cross_validated(baseline.predict, x, country, y, fold)
            error = np.abs(y - predicted)
            row = {"target": target, "baseline": name, "fold": fold, **_scores(y, predicted, country)}
            row |= {"crps": crps_normal(y, predicted, deviation)}
            row |= {"coverage": float(np.mean(error <= HALF_WIDTH * deviation)), "refitted": True}
            rows.append(row | _intervals(error, errors[fold], samples))
    return rows


def _refitted(y: Array, country: Array, draws: Array) -> tuple[dict[str, Any], Array]:
    """Scores of the model refitted without each country, and its absolute errors."""
    predicted, variance = np.nanmean(draws, axis=1), np.nanvar(draws, axis=1, ddof=1)
    error = predicted - y
    deviation = np.sqrt(variance + excess_elsewhere(error, variance, country))
    row = {
        **_scores(y, predicted, country),
        "crps": crps_normal(y, predicted, deviation),
        "coverage": float(np.mean(np.abs(error) <= HALF_WIDTH * deviation)),
        "coverage_of_runs": float(np.mean(np.abs(error) <= HALF_WIDTH * np.sqrt(variance))),
        "refitted": True,
    }
    return row, np.abs(error)


def _intervals(error: Array, of_model: Array, samples: Array) -> dict[str, float]:
    """Bootstrap intervals of a mean error, and of its difference to that of the model."""
    difference = error - of_model
    low, high = _interval(error[samples].mean(axis=1))
    closer, farther = _interval(difference[samples].mean(axis=1))
    return {
        "mae_low": low,
        "mae_high": high,
        "mae_minus_model": float(difference.mean()),
        "difference_low": closer,
        "difference_high": farther,
    }


def case_draws(model: Pool, reading: str, country: Array, left_out: Pool | None = None) -> Array:
    """A reading of the cases of some countries in all studies, shape (cases, studies).

    left_out: where it has a case, the reading is taken there. The published localities and the cases of the
    model are both in the order of Table A1.
    """
    of_row = model.eu.values[:, model.eu.index["country"]]
    wanted = set(country.tolist())
    draws = []
    for name, rows in model.cases.items():
        if float(of_row[rows[0]]) in wanted:
            pool = left_out if left_out is not None and name in left_out.cases else model
            draws.append(pool.eu.values[pool.cases[name], pool.eu.index[reading]])
    return np.array(draws)


def baseline_line(scores: pd.DataFrame) -> str:
    """A sentence on the country-out error of the policy score, of the model and of all baselines."""
    rows = scores[(scores["target"] == TARGETS[0]) & (scores["fold"] == COUNTRY_OUT)]
    each = "; ".join(
        f"{row['baseline'].replace('_', ' ')} {row['mae']:.1f} "
        f"({row['mae_low']:.1f} to {row['mae_high']:.1f})"
        for row in rows.to_dict("records")
    )
    model = rows[rows["baseline"] == "model"].iloc[0]
    fitted = "refitted without it" if model["refitted"] else "not refitted, with one offset"
    return (
        f"policy score of a country left out, mean error in points (90 % interval; the model is {fitted}): "
        f"{each}; {model['coverage']:.0%} of the places lie in the 90 % interval of the model "
        f"({model['coverage_of_runs']:.0%} in that of its runs alone)"
    )
