"""From parameters to outcomes: for SALib, optimisers and calibration packages."""

import pickle

import numpy as np
import pytest

import woc_sim
from woc_sim import UserError
from woc_sim.scenario.parameters import registry

TOWN = {"case": "C21", "people": 60, "months": 24}


def test_a_problem_is_a_dict_for_salib_that_simulates_its_points() -> None:
    problem = woc_sim.problem(
        ["policy.load", "policy.ideology"], TOWN, ["mipex_total", "mean_attitude"], replicates=2
    )
    assert problem.names == ("policy.ideology", "policy.load")
    load = registry()["policy.load"]
    assert problem.bounds["policy.load"] == (load.low, load.high)
    assert problem.units == {"mipex_total": "0-100", "mean_attitude": "-1..1"}
    X = np.array([[1.0, 0.1], [0.5, 0.4]])
    Y = problem.evaluate(X)
    settings = {**TOWN, "parameters": {"policy.ideology": 1.0, "policy.load": 0.1}}
    tables = woc_sim.run(settings, replicates=2)
    assert Y[0, 0] == pytest.approx(tables.final["mipex_total"].mean())
    by_name = problem({"policy.load": 0.4, "policy.ideology": 0.5})
    assert list(by_name.values()) == Y[1].tolist()
    again = pickle.loads(pickle.dumps(problem))
    assert (again, again.base, again.replicates) == (problem, problem.base, 2)
    table = problem.table(X[:1])
    assert list(table.columns) == [*problem.names, *problem.outcomes]
    assert table.attrs["units"] == problem.units


def test_one_outcome_is_one_number_a_point_and_context_can_vary() -> None:
    problem = woc_sim.problem(["size", "ties.loss"], {"people": 60, "months": 6}, "mean_attitude")
    assert problem.bounds["size"] == (0.0, 1.0)
    assert problem.evaluate([[0.0, 0.01], [0.99, 0.01]]).shape == (2,)
    with pytest.raises(UserError, match="size is missing"):
        problem({"ties.loss": 0.01})


def test_a_misfit_has_all_figures_and_moves_with_the_parameters() -> None:
    first = woc_sim.misfit(base={"people": 60, "months": 121})
    other = woc_sim.misfit({"policy": {"load": 0.4}}, base={"people": 60, "months": 121})
    assert list(first.index) == list(woc_sim.fit_figures())
    assert np.allclose(
        first["distance"], (first["simulated"] - first["published"]) / first["tolerance"], equal_nan=True
    )
    assert other.loc["policy_mean", "simulated"] < first.loc["policy_mean", "simulated"]
    assert first["spread"].isna().all()


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: woc_sim.problem("polcy"), "over=polcy is neither a parameter nor a subject"),
        (lambda: woc_sim.problem("policy", outcomes="S35"), "add on=study"),
        (lambda: woc_sim.problem("size", on="study"), "over=context changes one place"),
        (lambda: woc_sim.problem("policy", on="town"), "on is 'town'; allowed: place, study"),
        (lambda: woc_sim.problem("policy", TOWN, on="study"), "base has case"),
        (lambda: woc_sim.problem("policy", "C21"), "base is 'C21'"),
        (lambda: woc_sim.problem("policy", {"case": ["C21", "C27"]}), "the place is 2 localities"),
        (lambda: woc_sim.problem("policy", groups="all"), "groups is 'all'"),
        (lambda: woc_sim.problem("ties.loss").evaluate([1.0]), "it needs a row for each point and 1 columns"),
        (lambda: woc_sim.problem("ties.loss").evaluate([[99.0]]), r"ties\.loss is 99\.0 in row 0 of X"),
        (lambda: woc_sim.problem("ties.loss").evaluate([["x"]]), "X is "),
        (lambda: woc_sim.problem("ties.loss")({"ties.los": 0.1}), "did you mean 'ties.loss'"),
        (lambda: woc_sim.misfit({"policy.laod": 1}), "did you mean 'parameters.policy.load'"),
        (lambda: woc_sim.misfit({"policy.load": 99}), "parameters.policy.load is 99"),
        (lambda: woc_sim.misfit(base={"size": "rural"}), "base has size"),
    ],
)
def test_nonsense_is_a_sentence_before_anything_runs(ask, told: str) -> None:
    with pytest.raises(UserError, match=told):
        ask()
