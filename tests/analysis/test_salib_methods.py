"""SALib's methods give SALib's own results, without its traps."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol

from woc_sim.analysis.salib_methods import METHODS, analyse, complete_rows, factor_names, refuse_groups
from woc_sim.ensemble.sampling import MORRIS_LEVELS, points_of_problem
from woc_sim.errors import UserError

Array = np.ndarray[Any, Any]
PROBLEM: dict[str, Any] = {
    "num_vars": 4,
    "names": ["a.first_step", "a.second", "b.third", "dummy"],
    "bounds": [[0.0, 1.0], [0.0, 2.0], [-1.0, 1.0], [0.0, 1.0]],
}
GROUPED = PROBLEM | {"groups": ["a", "a", "b", "dummy"]}
NUMBERS = {"morris": 12, "sobol": 128, "pawn": 200, "delta": 110, "rbd_fast": 300}


def sample(name: str, problem: dict[str, Any] = PROBLEM) -> tuple[Array, Array]:
    """Points, and an outcome with shares 9/13 of the first factor and 4/13 of the third."""
    points = points_of_problem(METHODS[name].design, problem, NUMBERS[name], 0)
    low, high = np.array(problem["bounds"]).T
    unit = (points - low) / (high - low)
    return points, 3 * unit[:, 0] + 2 * unit[:, 2]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("seed", [0, 3])
def test_an_analysis_repeats_and_leaves_the_process_alone(name: str, seed: int) -> None:
    points, values = sample(name)
    np.random.seed(11)  # noqa: NPY002 - a user's own
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(11)  # noqa: NPY002
    form, filters = warnings.formatwarning, list(warnings.filters)
    method = METHODS[name]
    first = analyse(method, PROBLEM, points, values, seed, resamples=2)
    assert np.array_equal(np.random.random(3), expected)  # noqa: NPY002
    assert warnings.formatwarning is form
    assert warnings.filters == filters
    np.random.seed(12)  # noqa: NPY002
    again = analyse(method, PROBLEM, points, values, seed, resamples=2)
    table = first.to_df()
    table = table[0] if isinstance(table, list) else table
    assert len(table) == 4
    for column in (method.index, method.interval):
        assert np.array_equal(first[column], again[column]), column
        assert np.isfinite(np.asarray(first[column], dtype=float)).all(), column
    index = np.asarray(first[method.index], dtype=float)
    assert np.argmax(index) == 0
    assert index[0] > 1.2 * max(index[1], index[3])  # the second factor and the dummy do nothing
    assert set(PROBLEM) == {"num_vars", "names", "bounds"}  # SALib writes into what it is given


def test_the_results_are_those_of_salib() -> None:
    points, values = sample("morris")
    mine = analyse(METHODS["morris"], PROBLEM, points, values, 6)
    theirs = salib_morris.analyze(
        dict(PROBLEM), points, values, num_levels=MORRIS_LEVELS, num_resamples=200, seed=7
    )
    assert np.allclose(mine["mu_star"], [3, 0, 2, 0])
    assert np.array_equal(mine["mu_star_conf"], np.asarray(theirs["mu_star_conf"]))
    points, values = sample("sobol", GROUPED)
    grouped = analyse(METHODS["sobol"], GROUPED, points, values, 6)
    direct = salib_sobol.analyze(dict(GROUPED), values, calc_second_order=False, num_resamples=200, seed=7)
    assert np.array_equal(grouped["ST"], direct["ST"])
    assert grouped["ST"] == pytest.approx([9 / 13, 4 / 13, 0], abs=0.05)


@pytest.mark.parametrize("name", METHODS)
def test_what_salib_would_take_for_a_result_is_refused(name: str) -> None:
    points, values = sample(name)
    broken = values.copy()
    broken[7] = np.nan
    for wrong, sentence in (
        (broken, "a value is missing"),
        (np.full(len(values), 0.1), "does not vary"),
    ):
        with pytest.raises(ValueError, match=sentence):
            analyse(METHODS[name], PROBLEM, points, wrong, 1)
    with pytest.raises(ValueError, match="too few"):
        analyse(METHODS[name], PROBLEM, points[:5], values[:5], 1)


def test_missing_values_take_their_whole_trajectory_or_base_sample_with_them() -> None:
    for name, block in (("morris", 5), ("sobol", 6), ("rbd_fast", 1)):
        points, values = sample(name)
        values[block + 1] = np.nan
        kept = complete_rows(METHODS[name], PROBLEM, values)
        assert (~kept).sum() == block
        found = analyse(METHODS[name], PROBLEM, points[kept], values[kept], 1, resamples=4)
        assert np.argmax(np.asarray(found[METHODS[name].index], dtype=float)) == 0
    assert factor_names(GROUPED) == ["a", "b", "dummy"]


@pytest.mark.parametrize("name", METHODS)
def test_groups_are_refused_where_they_would_be_ignored(name: str) -> None:
    if METHODS[name].groups:
        refuse_groups(METHODS[name], GROUPED)
        return
    with pytest.raises(UserError, match=f"method={name} takes no groups"):
        refuse_groups(METHODS[name], GROUPED)
