"""Baselines: scores, folds without leaks, and the Gaussian process."""

from __future__ import annotations

import math

import numpy as np
import pytest

from woc_sim.analysis.baselines import (
    BASELINES,
    baseline_scores,
    covariate_columns,
    cross_validated,
    crps_ensemble,
    crps_normal,
)
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool, table_of
from woc_sim.analysis.variants import eu_cases


def test_crps_of_a_sure_hit_and_a_miss():
    y = np.array([1.0, 2.0])
    assert crps_normal(y, y, np.full(2, 1e-6)) < 1e-5
    assert crps_normal(y, y + 3, np.full(2, 0.1)) == pytest.approx(3 - 0.1 / math.sqrt(math.pi), abs=1e-3)
    assert crps_ensemble(y, np.tile(y[:, None], 4)) == 0
    assert crps_ensemble(y, np.tile(y[:, None], 4) + 3) == 3


def test_crps_of_an_ensemble_tends_to_that_of_its_distribution():
    draws = np.random.default_rng(2).normal(0, 1, (1, 1500))
    y = np.array([0.4])
    assert crps_ensemble(y, draws) == pytest.approx(crps_normal(y, np.zeros(1), np.ones(1)), abs=0.03)


@pytest.mark.parametrize("name", BASELINES)
def test_no_baseline_sees_what_it_predicts(name):
    west = published().west
    some = slice(0, 14)  # two countries and a part of a third
    x, country, y = covariate_columns(west)[some], west["country"][some], west["mipex_total"][some].copy()
    for fold in ("one_out", "country_out"):
        rows = np.array([0]) if fold == "one_out" else np.flatnonzero(country == country[0])
        first = cross_validated(BASELINES[name], x, country, y, fold)[0][rows]
        changed = y.copy()
        changed[rows] += 50
        assert np.allclose(first, cross_validated(BASELINES[name], x, country, changed, fold)[0][rows])


def test_the_gaussian_process_predicts_as_scikit_learn_does(monkeypatch):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    monkeypatch.setattr("woc_sim.analysis.baselines.GRID", ((0.8, 2.5, 0.4),))
    west = published().west
    x, country, y = covariate_columns(west), west["country"], west["mipex_total"]
    dummies = 3.0 * (country[:, None] == np.unique(country)[None, :])
    joined = np.column_stack([x, dummies])
    kernel = ConstantKernel(0.8, "fixed") * RBF(2.5, "fixed") + WhiteKernel(0.4, "fixed")
    model = GaussianProcessRegressor(kernel, normalize_y=True).fit(joined[6:], y[6:])
    wanted, spread = model.predict(joined[:6], return_std=True)
    found, sd = BASELINES["gaussian_process"](x[6:], country[6:], y[6:], x[:6], country[:6])
    assert found == pytest.approx(wanted)
    assert sd == pytest.approx(spread)


def test_baselines_and_the_model_are_scored():
    scores = published().eu["mipex_total"]
    rows = [
        {"country": c, "framework": f}
        for c, f in zip(published().eu["country"], published().eu["framework"], strict=True)
    ]
    rows += [{"country": 7.0, "framework": 9.0}] * 4
    for row, score in zip(rows, [*scores, 0, 0, 0, 0], strict=True):
        row["mipex_total"], row["perceived_attitudes"] = score, 3.0
    names = ["country", "framework", "mipex_total", "perceived_attitudes"]
    made = table_of(rows, names)
    places = {name: np.array([row]) for row, name in enumerate(eu_cases())}
    board = baseline_scores(Pool("model", made, made, places, {}))
    perfect = board[(board["baseline"] == "model") & (board["target"] == "mipex_total")].iloc[0]
    assert perfect["mae"] == 0
    assert perfect["r"] == pytest.approx(1)
    assert set(board["baseline"]) == {*BASELINES, "model"}
    country = board[(board["baseline"] == "country_mean") & (board["target"] == "mipex_total")].set_index(
        "fold"
    )
    assert country.loc["one_out", "mae"] < country.loc["country_out", "mae"]
