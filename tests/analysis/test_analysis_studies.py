"""One study of a scenario: the runs that it needs, and the same rows as in a validation."""

from __future__ import annotations

import numpy as np
import pytest

from woc_sim.analysis.studies import CASES, PLACE, STUDY, study_of, tasks_of_study, without_country
from woc_sim.analysis.study import COVARIATES
from woc_sim.analysis.validation_runs import Plan, pool_of_variant
from woc_sim.analysis.variants import MODEL, eu_cases
from woc_sim.ensemble.run import LocalityRows
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

BASE = Scenario((), people=60)


def finished(tasks: list[Task]) -> list[Outcome]:
    """Outcomes with numbers of their own for each task, in place of simulated ones."""
    found = []
    for number, task in enumerate(tasks):
        rng = np.random.default_rng(number)
        rows = tuple(
            LocalityRows(
                place.case,
                task.replicate,
                rng.random(len(READING_NAMES)),
                rng.random((12, len(INDICATOR_NAMES))),
            )
            for place in task.scenario.localities
        )
        found.append(Outcome(task.key, rows, 0.0))
    return found


@pytest.mark.parametrize("replicate", [0, 3])
def test_a_study_has_the_rows_of_a_validation(replicate: int) -> None:
    tasks = tasks_of_study(BASE, replicate)
    assert {task.period for task in tasks} == {"year"}
    outcomes = finished(tasks)
    study = study_of(BASE, tasks, outcomes)
    wanted = pool_of_variant(Plan(BASE, 1), MODEL, tasks, outcomes).study(0)
    for name in ("eu", "synthetic", "counterfactuals"):
        mine, theirs = getattr(study, name), getattr(wanted, name)
        assert mine.table.names == theirs.table.names
        assert len(mine) == len(theirs)
        for part in ("values", "covariates"):
            ours = getattr(mine.table, part)[mine.rows]
            other = getattr(theirs.table, part)[theirs.rows]
            assert sorted(map(tuple, ours)) == sorted(map(tuple, other)), (name, part)


def test_statistics_of_cases_need_the_cases_alone() -> None:
    tasks = tasks_of_study(BASE, 0, CASES)
    assert [task.cell for task in tasks] == list(eu_cases())
    study = study_of(BASE, tasks, finished(tasks))
    assert (len(study.eu), len(study.synthetic), len(study.counterfactuals)) == (40, 0, 0)
    assert len(tasks_of_study(BASE, 0, STUDY)) > 76


def test_some_cases_alone_have_the_rows_that_they_have_among_all() -> None:
    chosen = ["C21", "C02"]
    tasks = tasks_of_study(BASE, 1, CASES, chosen)
    assert [task.cell for task in tasks] == chosen
    among_all = {task.cell: task for task in tasks_of_study(BASE, 1, CASES)}
    assert tasks == [among_all[name] for name in chosen]
    assert tasks == [task for name in chosen for task in tasks_of_study(BASE, 1) if task.cell == name]


def test_a_country_is_left_out() -> None:
    tasks = tasks_of_study(BASE, 0, CASES)
    study = study_of(BASE, tasks, finished(tasks))
    rest = without_country(study, "Italy")
    assert len(rest.eu) == 40 - int(study.eu.labelled("country", "Italy").sum()) < 40
    assert not rest.eu.labelled("country", "Italy").any()


def test_a_place_stands_for_the_cases_without_covariates() -> None:
    base = Scenario((from_case("C21"),), people=60)
    tasks = tasks_of_study(base, 5, PLACE)
    (outcome,) = finished(tasks)
    study = study_of(base, tasks, [outcome])
    assert study.eu["mipex_total"] == outcome.rows[0].readings[READING_NAMES.index("mipex_total")]
    assert (
        study.eu["mean_attitude@2023"]
        == outcome.rows[0].indicators[-1, INDICATOR_NAMES.index("mean_attitude")]
    )
    assert np.isnan(study.eu.table.covariates).all()
    assert study.eu.table.covariates.shape == (1, len(COVARIATES))
