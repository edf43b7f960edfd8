"""A whole validation, small: tables on disk, resumed without a run, equal for any number of workers."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis import sensitivity as sensitivity_module
from woc_sim.analysis.baselines import (
    BASELINES,
    baseline_scores,
    covariate_columns,
    cross_validated,
    crps_ensemble,
    crps_normal,
)
from woc_sim.analysis.counterfactuals import COUNTERFACTUALS
from woc_sim.analysis.knockouts import without_process
from woc_sim.analysis.replication import published
from woc_sim.analysis.scoreboard import VERDICTS
from woc_sim.analysis.study import COVARIATES, Pool, table_of
from woc_sim.analysis.validate import ValidationSettings, validate
from woc_sim.analysis.validation_runs import EU, SYNTHETIC, Plan, leader_deviation
from woc_sim.analysis.variants import MODEL, VARIANTS, eu_cases
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import PROCESSES, Scenario
from woc_sim.simulation import open_world

TINY = Scenario((), months=14)
TINY_SETTINGS = ValidationSettings(replicates=1, people=60, workers=1, progress=False, base=TINY, studies=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("validation")
    found = validate(out, TINY_SETTINGS)
    return out, found


def test_the_tables_are_there_and_complete(folder):
    out, found = folder
    board = pd.read_csv(out / "scoreboard.csv")
    assert len(board) == len(found.rows) >= 45
    assert set(board["verdict"]) <= set(VERDICTS)
    assert (out / "baselines.csv").exists()
    cases = pd.read_parquet(out / "cases.parquet")
    assert set(cases["variant"]) == {*VARIANTS, "permuted"}
    assert len(cases) == 5 * 40
    assert {"case", "replicate", "country", "size", "executive", "structure", *READING_NAMES} <= set(
        cases.columns
    )
    synthetic = pd.read_parquet(out / "factorial.parquet")
    assert len(synthetic) == 5 * 36
    assert set(synthetic["rrp"].round(6)) == {0.0, 0.1, 0.25}
    lines = pd.read_parquet(out / "timelines.parquet")
    assert lines["month"].tolist()[:2] == ["2012-01", "2012-02"]
    assert set(INDICATOR_NAMES) <= set(lines.columns)
    assert len(json.loads((out / "published.json").read_text())["localities"]) == 36


def test_covariates_of_a_locality_are_the_same_in_every_world(folder):
    cases = pd.read_parquet(folder[0] / "cases.parquet")
    columns = ["case", "country", "size", "executive", "unemployment", "rrp"]
    model = cases.loc[cases["variant"] == MODEL, columns].reset_index(drop=True)
    for world in VARIANTS[1:]:
        assert model.equals(cases.loc[cases["variant"] == world, columns].reset_index(drop=True))
    permuted = cases[cases["variant"] == "permuted"]
    for country, rows in permuted.groupby("country"):
        wanted = model.loc[model["country"] == country, "size"]
        assert sorted(rows["size"]) == sorted(wanted)


def test_the_same_command_runs_nothing_again(folder, monkeypatch):
    out, found = folder
    before = (out / "scoreboard.csv").read_bytes()
    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda tasks: pytest.fail("ran again"))
    again = validate(out, TINY_SETTINGS)
    assert (out / "scoreboard.csv").read_bytes() == before
    assert again.summary == found.summary


def test_every_world_runs_every_place():
    plan = Plan(TINY, 3)
    for world in VARIANTS:
        replicates = 2 if world == "equal_localities" else 3
        places = [task for task in plan.tasks(world) if not task.arm.endswith(COUNTERFACTUALS)]
        assert len({task.key for task in places}) == replicates * (40 + 36)


def test_leadership_is_the_draw_the_world_starts_from():
    plan = Plan(Scenario((), people=60, months=1), 1)
    task = plan.tasks(MODEL)[3]
    (spec,) = task.scenario.localities
    with open_world(task.scenario, 0) as world:
        row = world.localities[0].row
        spread = task.scenario.parameters["policy.mayor_spread"]
        wanted = spread * leader_deviation(spec.name, 1, 0)
        assert row.mayor[0] == pytest.approx(min(1.0, max(-1.0, wanted)))


def test_covariates_are_those_the_world_lives_with():
    plan = Plan(Scenario((), people=60, months=1), 1)
    for kind, cell in ((EU, "C05"), (SYNTHETIC, plan.localities(SYNTHETIC)[7])):
        task = next(each for each in plan.tasks(MODEL) if each.cell == cell)
        known = dict(zip(COVARIATES, plan.covariates(kind, cell, 0), strict=True))
        with open_world(task.scenario, 0) as world:
            row = world.localities[0].row
            for name in ("inhabitants", "rrp", "executive_ideology", "unemployment", "trend"):
                column = {"unemployment": "unemployment"}.get(name, name)
                assert known[name] == pytest.approx(float(row.buffer(column)[0])), name


# --- rivals


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
def test_no_rival_sees_what_it_predicts(name):
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


def test_rivals_stand_beside_the_model():
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


# --- knock-outs and sensitivity


def test_dropping_a_process_drops_that_process():
    for name in PROCESSES:
        assert set(Scenario(()).schedule) - set(without_process(Scenario(()), name).schedule) == {name}


def test_the_design_keeps_to_the_ranges_and_moves_one_parameter_at_a_time():
    names = sensitivity_module.selected_parameters(["policy"])
    problem = sensitivity_module.problem_of(names)
    points = sensitivity_module.trajectory_points(problem, 3, seed=0)
    assert points.shape == (3 * (len(names) + 1), len(names))
    low, high = np.array(problem["bounds"]).T
    assert (points >= low - 1e-12).all()
    assert (points <= high + 1e-12).all()
    for start in range(0, len(points), len(names) + 1):
        steps = np.diff(points[start : start + len(names) + 1], axis=0) != 0
        assert (steps.sum(axis=1) == 1).all()
    assert np.array_equal(points, sensitivity_module.trajectory_points(problem, 3, seed=0))
    assert not np.array_equal(points, sensitivity_module.trajectory_points(problem, 3, seed=1))


def test_morris_finds_the_parameter_that_matters_and_leaves_out_missing_outcomes():
    names = sensitivity_module.selected_parameters(["policy"])[:4]
    problem = sensitivity_module.problem_of(names)
    points = sensitivity_module.trajectory_points(problem, 6, seed=1)
    low, high = np.array(problem["bounds"]).T
    scaled = (points - low) / (high - low)
    whole = 3 * scaled[:, 2] + 0.5 * scaled[:, 0]
    broken = whole.copy()
    broken[1] = math.nan
    found = sensitivity_module.morris_statistics(
        problem, points, {"mipex_total": whole, "mean_attitude": broken}, 1
    )
    policy = found[found["outcome"] == "mipex_total"].set_index("parameter")
    assert policy.index[0] == names[2]
    assert policy.loc[names[2], "mu_star"] == pytest.approx(3)
    assert policy.loc[names[1], "mu_star"] == pytest.approx(0)
    assert (policy["trajectories"] == 6).all()
    attitude = found[found["outcome"] == "mean_attitude"].set_index("parameter")
    assert (attitude["trajectories"] == 5).all()
    assert attitude.loc[names[2], "mu_star"] == pytest.approx(3)


def test_an_outcome_that_is_always_missing_gives_no_effect():
    names = sensitivity_module.selected_parameters(["policy"])[:2]
    problem = sensitivity_module.problem_of(names)
    points = sensitivity_module.trajectory_points(problem, 2, seed=1)
    found = sensitivity_module.morris_statistics(
        problem, points, {"mipex_total": np.full(len(points), math.nan)}, 1
    )
    assert found["mu_star"].isna().all()
    assert (found["trajectories"] == 0).all()


def test_a_selection_that_names_nothing_is_refused(tmp_path):
    with pytest.raises(UserError, match="only=polcy is no parameter and no subject; did you mean 'policy'"):
        sensitivity_module.selected_parameters(["polcy"])
    with pytest.raises(UserError, match="at least 2"):
        sensitivity_module.sensitivity(tmp_path, trajectories=1)
    assert set(sensitivity_module.selected_parameters([])) == set(registry())


def test_a_small_screening_from_end_to_end(tmp_path, monkeypatch):
    monkeypatch.setattr(
        sensitivity_module, "Scenario", lambda places, **rest: Scenario(places, months=12, **rest)
    )
    found = sensitivity_module.sensitivity(
        tmp_path, trajectories=2, people=60, workers=1, progress=False, only=["policy.steep", "policy.cost"]
    )
    written = pd.read_csv(tmp_path / "sensitivity.csv")
    assert len(written) == len(found) == 2 * len(sensitivity_module.OUTCOMES)
    assert np.isfinite(written.loc[written["outcome"] == "mipex_total", "mu_star"]).all()
