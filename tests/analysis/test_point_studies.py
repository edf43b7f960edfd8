"""The studies of points: the same rows as a pool of one replicate gives, and cases alone."""

from __future__ import annotations

import numpy as np
import pytest

from woc_sim.analysis.point_studies import (
    case_study,
    case_tasks,
    whole_study,
    whole_study_tasks,
    without_country,
)
from woc_sim.analysis.study import Study
from woc_sim.analysis.variants import eu_cases
from woc_sim.ensemble.executors import run_batch
from woc_sim.scenario.schema import Scenario

BASE = Scenario((), people=50, months=18)


@pytest.fixture(scope="module")
def cases() -> Study:
    tasks = case_tasks(BASE, 3)
    return case_study(BASE, tasks, run_batch(tasks))


def test_a_study_of_cases_has_one_row_for_each_case(cases: Study) -> None:
    assert len(cases.eu) == len(eu_cases()) == 40
    assert len(cases.synthetic) == 0
    assert np.isfinite(cases.west["inhabitants"]).all()


def test_the_cases_of_a_whole_study_are_those_of_a_study_of_cases(cases: Study) -> None:
    tasks = whole_study_tasks(BASE, 3)
    whole = whole_study(BASE, tasks, run_batch(tasks))
    assert len(whole.synthetic) > 0
    assert (whole.eu["rrp"] == cases.eu["rrp"]).all()
    assert np.array_equal(whole.eu.table.values, cases.eu.table.values, equal_nan=True)


def test_a_country_is_left_out(cases: Study) -> None:
    rest = without_country(cases, "Italy")
    assert len(rest.eu) == 40 - int(cases.eu.labelled("country", "Italy").sum()) < 40
    assert not rest.eu.labelled("country", "Italy").any()


def test_some_cases_alone() -> None:
    assert [task.cell for task in case_tasks(BASE, 1, ["C21", "C02"])] == ["C21", "C02"]
