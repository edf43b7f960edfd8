"""Running tasks: the same rows in the same order for any number of workers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_runs import same, scenario, tasks

from woc_sim.ensemble.executors import run_batch, run_many, yearly
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES


def test_outcomes_come_in_the_order_of_the_tasks(outcomes):
    assert [each.key for each in outcomes] == [task.key for task in tasks()]
    assert [each.rows[0].case for each in outcomes] == ["C21", "C02", "C21", "C02", "C21"]
    assert [each.rows[0].replicate for each in outcomes] == [0, 0, 1, 1, 2]


def test_two_workers_give_what_one_gives(outcomes):
    assert same(outcomes, run_many(tasks(), 2, progress=False))


def test_years_are_means_of_months():
    months = run_batch([Task("a", "b", scenario(months=24), 0)])[0].rows[0].indicators
    years = run_batch([Task("a", "b", scenario(months=24), 0, "year")])[0].rows[0].indicators
    assert years.shape == (2, len(INDICATOR_NAMES))
    assert np.array_equal(years, yearly(months), equal_nan=True)
    assert np.allclose(years[1], months[12:].mean(axis=0), equal_nan=True)


def test_the_same_run_twice_is_run_once(monkeypatch):
    ran: list[int] = []

    def counted(batch: list[Task]) -> list[Outcome]:
        ran.append(len(batch))
        return run_batch(batch)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", counted)
    task = tasks(1)[0]
    found = run_many([task, replace(task, arm="null")], 1, progress=False)
    assert sum(ran) == 1
    assert found[0] is found[1]


def test_an_exception_in_a_task_is_raised_here(tmp_path, monkeypatch):
    def broken(*_: object) -> list[object]:
        raise RuntimeError("a bug")

    monkeypatch.setattr("woc_sim.ensemble.executors.run_rows", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        run_many(tasks(1), 1, progress=False)
