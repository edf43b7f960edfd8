"""Baselines: scores, folds without leaks, the Gaussian process and the ridge regression."""

from __future__ import annotations

import math

import numpy as np
import pytest

from woc_sim.analysis.baselines import (
    BASELINES,
    baseline_line,
    baseline_scores,
    covariate_columns,
    cross_validated,
    crps_ensemble,
    crps_normal,
    input_columns,
    offsets,
)
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool, label_code, table_of
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
    x = BASELINES[name].columns(west)[some]
    country, y = west["country"][some], west["mipex_total"][some].copy()
    for fold in ("one_out", "country_out"):
        rows = np.array([0]) if fold == "one_out" else np.flatnonzero(country == country[0])
        first = cross_validated(BASELINES[name].predict, x, country, y, fold)[0][rows]
        changed = y.copy()
        changed[rows] += 50
        assert np.allclose(
            first, cross_validated(BASELINES[name].predict, x, country, changed, fold)[0][rows]
        )


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
    found, sd = BASELINES["gaussian_process"].predict(x[6:], country[6:], y[6:], x[:6], country[:6])
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
    policy = board[board["target"] == "mipex_total"].set_index(["baseline", "fold"]).sort_index()
    perfect = policy.loc["model"]
    assert perfect["mae"].tolist() == [0, 0, 0]
    assert perfect.loc["none", "r"] == pytest.approx(1)
    assert (perfect["coverage"] == 1).all()
    assert set(board["baseline"]) == {*BASELINES, "model"}
    assert policy.loc[("country_mean", "one_out"), "mae"] < policy.loc[("country_mean", "country_out"), "mae"]
    others = policy.drop(index="model")
    assert (others["mae_low"] < others["mae"]).all()
    assert (others["mae"] < others["mae_high"]).all()
    assert (others["mae_minus_model"] == others["mae"]).all()
    assert "ridge on duty" in baseline_line(board)


def test_a_country_left_out_is_predicted_by_the_runs_that_were_refitted_without_it():
    """Runs of the model are perfect; those without Italy miss it by 4 and spread by 1 around that."""
    scores, countries = published().eu["mipex_total"], published().eu["country"]
    names = ["country", "framework", "mipex_total", "perceived_attitudes"]

    def pool(shift: float, chosen: list[int]) -> Pool:
        rows, places = [], {}
        for case in chosen:
            places[eu_cases()[case]] = np.array([len(rows), len(rows) + 1])
            known = scores[case] if case < len(scores) else 0.0
            country = countries[case] if case < len(scores) else 7.0
            for spread in (-1.0, 1.0):
                values = (country, 0.0, known + shift + spread, 3.0)
                rows.append(dict(zip(names, values, strict=True)))
        made = table_of(rows, names)
        return Pool("model", made, made, places, {})

    italian = [case for case in range(36) if countries[case] == label_code("country", "Italy")]
    board = baseline_scores(pool(0.0, list(range(40))), pool(4.0, italian))
    row = board[(board["baseline"] == "model") & (board["target"] == "mipex_total")].set_index("fold")
    assert row.loc["none", "mae"] == 0.0
    assert row.loc["country_out", "mae"] == pytest.approx(4 * len(italian) / 36)
    # the others are met to the point, so Italy gets no discrepancy, and 4 lies outside 1.645 * sqrt(2)
    assert row.loc["country_out", "coverage"] == pytest.approx(1 - len(italian) / 36)
    assert bool(row.loc["country_out", "refitted"])
    assert "the model is refitted without it" in baseline_line(board)


def test_the_offset_of_the_model_is_fitted_outside_the_fold():
    country = np.array([0.0, 0.0, 1.0, 1.0])
    residual = np.array([1.0, 3.0, 10.0, 20.0])
    assert offsets(residual, country, "none").tolist() == [0, 0, 0, 0]
    assert offsets(residual, country, "country_out").tolist() == [15, 15, 2, 2]
    assert offsets(residual, country, "one_out") == pytest.approx([11, 31 / 3, 8, 14 / 3])


def test_ridge_on_the_inputs_of_the_model_beats_the_mean_of_other_countries():
    """Computed here once with scikit-learn alone, from Tables 4 and A1 and frameworks.csv."""
    west = published().west
    x, country, y = input_columns(west), west["country"], west["mipex_total"]
    ridge, mean = (
        np.abs(y - cross_validated(BASELINES[name].predict, x, country, y, "country_out")[0]).mean()
        for name in ("ridge_on_duty", "mean")
    )
    assert 11 < ridge < 13 < mean
