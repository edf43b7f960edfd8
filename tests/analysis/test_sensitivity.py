"""Morris screening: design, statistics, and a small analysis."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis import sensitivity as sensitivity_module
from woc_sim.errors import UserError
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario


def test_the_design_keeps_to_the_ranges_and_moves_one_parameter_at_a_time():
    names = sensitivity_module.selected_parameters(["policy"])
    problem = sensitivity_module.salib_problem(names)
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
    problem = sensitivity_module.salib_problem(names)
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
    problem = sensitivity_module.salib_problem(names)
    points = sensitivity_module.trajectory_points(problem, 2, seed=1)
    found = sensitivity_module.morris_statistics(
        problem, points, {"mipex_total": np.full(len(points), math.nan)}, 1
    )
    assert found["mu_star"].isna().all()
    assert (found["trajectories"] == 0).all()


def test_a_selection_that_names_nothing_is_refused(tmp_path):
    sentence = "only=polcy is neither a parameter nor a subject; did you mean 'policy'"
    with pytest.raises(UserError, match=sentence):
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
