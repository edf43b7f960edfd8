"""Rivals of the model: what plain statistics predict of a locality from the covariates the model also gets.

Each rival predicts every case from the others: leaving out that case, or its whole country. The model has
seen no score of a single case, so its prediction is the same in both folds; the published means were used
to choose some of its parameters (roles.yaml), and the rivals see all other cases, so neither side is
favoured throughout.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.estimates import within
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool, Sample

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Rival = Callable[[Array, Array, Array, Array, Array], tuple[Array, Array]]

TARGETS: Final = ("mipex_total", "perceived_attitudes")
FOLDS: Final = ("one_out", "country_out")


def covariate_columns(sample: Sample) -> Array:
    """Standardised covariates of the cases: size and executive as dummies, and the three bands of Table
    A1."""
    columns = [
        sample.of("size", "small").astype(float),
        sample.of("size", "medium").astype(float),
        sample.of("executive", "progressive").astype(float),
        sample.of("executive", "conservative").astype(float),
        sample["rrp_band"],
        sample["non_eu_band"],
        sample["unemployment_band"],
    ]
    matrix: Array = np.column_stack(columns)
    centred: Array = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    return centred


def _spread(residual: Array, lost: int) -> float:
    return math.sqrt(float(residual @ residual) / max(len(residual) - lost, 1))


def overall_mean(x: Array, country: Array, y: Array, new_x: Array, new_country: Array) -> tuple[Array, Array]:
    """The mean of the cases seen."""
    return np.full(len(new_x), y.mean()), np.full(len(new_x), _spread(y - y.mean(), 1))


def country_mean(x: Array, country: Array, y: Array, new_x: Array, new_country: Array) -> tuple[Array, Array]:
    """The mean of the country's cases seen, or of all where none of the country was."""
    means = {code: float(y[country == code].mean()) for code in np.unique(country)}
    residual = y - np.array([means[code] for code in country])
    found = np.array([means.get(code, float(y.mean())) for code in new_country])
    known = np.array([code in means for code in new_country])
    return found, np.where(known, _spread(residual, len(means)), _spread(y - y.mean(), 1))


def linear(x: Array, country: Array, y: Array, new_x: Array, new_country: Array) -> tuple[Array, Array]:
    """Linear regression on the covariates."""
    design = np.column_stack([np.ones(len(x)), x])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    residual = y - design @ beta
    found = np.column_stack([np.ones(len(new_x)), new_x]) @ beta
    return found, np.full(len(new_x), _spread(residual, design.shape[1]))


def gaussian_process(
    x: Array, country: Array, y: Array, new_x: Array, new_country: Array
) -> tuple[Array, Array]:
    """Gaussian process on the covariates with a country effect, fitted by marginal likelihood."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    codes = np.unique(np.concatenate([country, new_country]))
    scale = 3.0  # dummies of countries far apart in the common metric, so that a country is like itself first

    def joined(matrix: Array, of: Array) -> Array:
        dummies = (of[:, None] == codes[None, :]).astype(float) * scale
        both: Array = np.column_stack([matrix, dummies])
        return both

    kernel = ConstantKernel(1.0, (0.05, 20)) * RBF(4.0, (1.0, 50)) + WhiteKernel(0.5, (0.05, 5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at its bound is an answer here
        model = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
        model.fit(joined(x, country), y)
    found, spread = model.predict(joined(new_x, new_country), return_std=True)
    return found, spread


RIVALS: Final[dict[str, Rival]] = {
    "mean": overall_mean,
    "country_mean": country_mean,
    "linear_regression": linear,
    "gaussian_process": gaussian_process,
}


def cross_validated(rival: Rival, x: Array, country: Array, y: Array, fold: str) -> tuple[Array, Array]:
    """Predictions of every case and their standard deviations from cases outside its fold."""
    groups = np.arange(len(y)) if fold == "one_out" else country
    found, spread = np.empty(len(y)), np.empty(len(y))
    for group in np.unique(groups):
        out = groups == group
        found[out], spread[out] = rival(x[~out], country[~out], y[~out], x[out], country[out])
    return found, spread


def crps_normal(y: Array, mean: Array, sd: Array) -> float:
    """Mean continuous ranked probability score of normal predictions (Gneiting & Raftery 2007)."""
    from scipy.stats import norm

    z = (y - mean) / sd
    return float(np.mean(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))))


def crps_ensemble(y: Array, draws: Array) -> float:
    """Mean CRPS of an ensemble (cases x draws), with the fair correction for its size."""
    n = draws.shape[1]
    near = np.abs(draws - y[:, None]).mean(axis=1)
    if n < 2:
        return float(near.mean())
    apart = np.abs(draws[:, :, None] - draws[:, None, :]).sum(axis=(1, 2)) / (n * (n - 1))
    return float(np.mean(near - apart / 2))


def _scores(y: Array, found: Array, country: Array) -> dict[str, float]:
    def r(a: Array, b: Array) -> float:
        if a.std() < 1e-9 or b.std() < 1e-9:
            return math.nan
        return float(np.corrcoef(a, b)[0, 1])

    return {
        "n": len(y),
        "mae": float(np.abs(y - found).mean()),
        "rmse": math.sqrt(float(((y - found) ** 2).mean())),
        "r": r(y, found),
        "r_within_country": r(within(y, country), within(found, country)),
    }


def rivals(model: Pool) -> pd.DataFrame:
    """Errors of the model and of its rivals by case: target, rival, fold, n, mae, rmse, crps, r,
    r_within_country."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    names = list(model.cases)
    for target in TARGETS:
        study = published().west if target == "mipex_total" else published().rated
        y, country, x = study[target], study["country"], covariate_columns(study)
        for name, rival in RIVALS.items():
            for fold in FOLDS:
                found, spread = cross_validated(rival, x, country, y, fold)
                row = {"target": target, "rival": name, "fold": fold, **_scores(y, found, country)}
                rows.append(row | {"crps": crps_normal(y, found, spread)})
        # The published localities stand in the order of Table A1, as the model's cases do.
        chosen = [name for name, code in zip(names, _countries(model), strict=True) if code in set(country)]
        column = model.eu.values[:, model.eu.index[target]]
        draws = np.array([column[model.cases[name]] for name in chosen])
        row = {"target": target, "rival": "model", "fold": "none"}
        row |= _scores(y, np.nanmean(draws, axis=1), country)
        rows.append(row | {"crps": crps_ensemble(y, draws)})
    return pd.DataFrame(rows)


def _countries(model: Pool) -> list[float]:
    column = model.eu.values[:, model.eu.index["country"]]
    return [float(column[rows[0]]) for rows in model.cases.values()]
