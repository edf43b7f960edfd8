"""Sensitivity analysis: settings, misfits, indices with their verdict on the sample, and a small analysis."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from handmade_studies import eu_rows

from woc_sim.analysis.checks import Check, CheckResult
from woc_sim.analysis.factors import factors, problem_of_factors
from woc_sim.analysis.fit_statistics import FIT_STATISTICS
from woc_sim.analysis.salib_methods import METHODS
from woc_sim.analysis.sensitivity import (
    SensitivitySettings,
    analysed,
    check_settings,
    extent_of,
    next_step,
    read_sensitivity,
    samples_of,
    sensitivity,
    sentences,
)
from woc_sim.analysis.sensitivity_outcomes import MAIN, misfit, screened_outcomes
from woc_sim.analysis.study import one_study
from woc_sim.ensemble.sampling import points_of_problem
from woc_sim.errors import UserError
from woc_sim.figures.sensitivity import sensitivity_pictures
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

SMALL = SensitivitySettings(
    over=("policy.steep", "policy.cost"),
    outcomes=("mipex_total", "politicisation@2012"),
    samples=2,
    people=60,
    workers=1,
    progress=False,
    base=Scenario((from_case("C21"),), months=12),
)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"over": ("polcy",)}, "over=polcy is neither a parameter .*did you mean 'policy'"),
        ({"outcomes": ("mipex_totl",)}, "outcomes=mipex_totl is no reading, .*did you mean 'mipex_total'"),
        ({"outcomes": ("S66",)}, "outcomes=S66 is judged on the localities of a whole study; add on=study"),
        ({"over": ("size",), "on": "study"}, "over=context changes one place"),
        ({"method": "delta", "groups": "subjects"}, "method=delta takes no groups: it ignores groups"),
        ({"method": "sobol", "samples": 2}, "samples=2 is too few for method=sobol; use 4 or more"),
        ({"base": Scenario((from_case("C21"), from_case("C22")))}, "the place is 2 localities; give one"),
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        check_settings(replace(SMALL, **changed))


def test_defaults_screen_the_subjects_of_all_parameters() -> None:
    problem, outcomes = check_settings(SensitivitySettings())
    assert problem["num_vars"] > 400
    assert len(set(problem["groups"])) < 40
    single = SensitivitySettings(groups="none")
    assert "groups" not in check_settings(single)[0]
    assert "groups" not in check_settings(replace(single, groups=None, method="rbd_fast"))[0]
    assert "groups" not in check_settings(SensitivitySettings(over=("policy", "context")))[0]
    assert samples_of(SensitivitySettings()) > samples_of(single)
    assert [each.name for each in outcomes] == list(MAIN)
    problem, outcomes = check_settings(SensitivitySettings(on="study"))
    assert len(set(problem["groups"])) < 40
    assert [each.name for each in outcomes] == [each.name for each in FIT_STATISTICS]
    assert extent_of("study", outcomes) == "cases"
    assert extent_of("study", screened_outcomes(("S66", "mipex_total"), "study")) == "study"
    table8 = [each.name for each in screened_outcomes(("table8",), "place")]
    assert {"mipex_total", "ties_mean", "latent_ties"} <= set(table8)


def test_the_misfit_is_the_distance_in_standard_errors() -> None:
    def check(result: CheckResult) -> Check:
        return Check("c", ("S01",), lambda _: result, False, "a number")

    study = one_study(eu_rows())
    assert misfit(check(CheckResult(3.0, True, 0.5, 4.0)), study) == 2
    assert misfit(check(CheckResult(-3.0, False, 0.5)), study) == -6
    assert math.isnan(misfit(check(CheckResult(3.0, True, math.nan, 4.0)), study))
    assert math.isnan(misfit(check(CheckResult(math.nan, False, 0.5, 4.0)), study))
    rows = [row | {"mipex_total": 30.0 + number % 2} for number, row in enumerate(eu_rows())]
    study = one_study(rows)
    (mean,) = screened_outcomes(("policy_mean",), "study")
    statistic = next(each for each in FIT_STATISTICS if each.name == "policy_mean")
    assert mean.value(study) == pytest.approx(abs(30.5 - statistic.published) / statistic.error, rel=0.01)
    (level, missing) = screened_outcomes(("mipex_total", "lg_degree@2013"), "study")
    assert level.value(study) == 30.5
    assert math.isnan(missing.value(study))


def analysis_of(method: str, number: int, noise: float = 0.0, missing: int = 0) -> Any:
    """An analysis of a sum of ten parameters with falling weights, in which chance is noise."""
    chosen = factors(("ties", "policy.load"))[-12:]
    problem = problem_of_factors(chosen)
    points = points_of_problem(METHODS[method].design, problem, number, 1)
    low, high = np.array(problem["bounds"]).T
    unit = (points - low) / (high - low)
    values = unit[:, :10] @ np.arange(10.0, 0.0, -1.0) + noise * np.sin(999 * unit[:, 10])
    values[:missing] = np.nan
    outcomes = screened_outcomes(("mipex_total",), "place")
    return analysed(METHODS[method], problem, points, pd.DataFrame({"mipex_total": values}), outcomes, 1)


def test_a_large_sample_suffices_and_a_small_noisy_one_does_not() -> None:
    good = analysis_of("morris", 8)
    row = good.outcomes.iloc[0]
    assert row["suffices"]
    assert row["agreement"] == pytest.approx(1)
    assert row["influential"] == 10
    assert good.indices["index"].tolist()[:10] == pytest.approx(list(range(10, 0, -1)))
    assert set(good.indices["factor"].tolist()[10:]) == {"chance", "dummy"}
    assert good.convergence["share"].unique().tolist() == [0.25, 0.5, 1.0]
    rough = analysis_of("sobol", 8, noise=6)
    assert not rough.outcomes["suffices"].iloc[0]
    assert "does not suffice: influential factors are known to ±" in sentences(rough)[0]
    assert not good.indices.set_index("factor").at["dummy", "influential"]


def test_missing_values_are_counted_and_an_outcome_without_values_has_no_index() -> None:
    found = analysis_of("morris", 4, missing=3)
    assert found.outcomes.loc[0, ["rows", "missing"]].tolist() == [39, 13]
    assert "13 rows left out, because it is missing there" in sentences(found)[0]
    none = analysis_of("morris", 2, missing=1)
    assert none.results == {}
    assert none.outcomes["told"].iloc[0] == "no index: 13 rows are too few for morris"
    assert len(sentences(none)) == 1


def test_groups_that_matter_name_the_next_step() -> None:
    chosen = factors(("ties", "work", "learning"))
    problem = problem_of_factors(chosen, "subjects")
    points = points_of_problem("morris", problem, 4, 1)
    values = pd.DataFrame({"mipex_total": points[:, [one.subject == "work" for one in chosen]].sum(axis=1)})
    outcomes = screened_outcomes(("mipex_total",), "place")
    found = analysed(METHODS["morris"], problem, points, values, outcomes, 1)
    assert next_step(found).startswith("next: over=work groups=none")
    assert next_step(analysis_of("morris", 4)) == ""


def test_a_small_analysis_from_end_to_end(tmp_path: Path) -> None:
    found = sensitivity(tmp_path, SMALL)
    assert list(found.values) == ["mipex_total", "politicisation@2012"]
    assert np.isfinite(found.values.to_numpy()).all()
    assert len(found.points) == 10
    again = read_sensitivity(tmp_path)
    for name, result in found.results.items():
        pd.testing.assert_frame_equal(result.to_df(), again.results[name].to_df())
    written = pd.read_csv(tmp_path / "outcomes.csv").drop(columns="role")
    pd.testing.assert_frame_equal(written, found.outcomes.drop(columns="role"), check_dtype=False)
    if found.results:
        assert found.indices.groupby("outcome")["factor"].nunique().eq(4).all()
        for picture in sensitivity_pictures(found, tmp_path / "figures"):
            assert picture.path.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UserError, match=r"holds no sensitivity analysis \(problem.json is missing\)"):
        read_sensitivity(tmp_path / "figures")
