"""The plan of a sweep with plausible sets: which run has which set, in one folder and when a design grows."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from woc_sim.ensemble.plan import (
    DesignPoint,
    axis_values,
    design_tasks,
    plan_tasks,
    read_plan,
    refuse_other_sets,
    sets_of,
)
from woc_sim.ensemble.plausible import PlausibleSet
from woc_sim.errors import UserError
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

LOW, HIGH = PlausibleSet(3, {"frames.speed": 0.01}), PlausibleSet(8, {"frames.speed": 0.15})
DEALT = (LOW, HIGH, LOW, HIGH)
KEY = "parameters.frames.speed"


def points(sets: tuple[PlausibleSet, ...]) -> list[DesignPoint]:
    return [
        DesignPoint(Scenario((from_case(name),), people=80), {"case": name}, sets=sets)
        for name in ("C21", "C02")
    ]


def test_a_replicate_has_one_set_at_all_points() -> None:
    tasks = design_tasks(points(DEALT), 4, monthly=False)
    found = [(task.cell, task.replicate, task.scenario.parameters["frames.speed"]) for task in tasks]
    assert found == [
        (cell, replicate, one.values["frames.speed"])
        for replicate, one in enumerate(DEALT)
        for cell in ("0", "1")
    ]
    assert len({task.run_id for task in tasks}) == 8


def test_more_replicates_keep_runs_and_sets(tmp_path: Path) -> None:
    fewer = plan_tasks(tmp_path, points(DEALT[:2]), 2, monthly=False)
    more = plan_tasks(tmp_path, points(DEALT), 4, monthly=False)
    assert [task.run_id for task in more[:4]] == [task.run_id for task in fewer]
    planned = read_plan(tmp_path)
    assert [point.sets for point in planned] == [list(DEALT)] * 2
    assert [point.runs for point in planned] == [[task.run_id for task in more[row::2]] for row in (0, 1)]


def test_points_with_and_without_sets_share_a_folder(tmp_path: Path) -> None:
    plan_tasks(tmp_path, points(()), 3, monthly=False)
    (file,) = (tmp_path / "plan").iterdir()
    assert "sets" not in pq.read_schema(file).names, "a plan without sets has the form it always had"
    moved = DesignPoint(
        Scenario((from_case("C21"),), people=80, parameters={"frames.speed": 0.1}), {KEY: 0.1}
    )
    plan_tasks(tmp_path, [moved, *points(DEALT[:2])], 2, monthly=False)
    planned = read_plan(tmp_path)
    assert [[one.number for one in point.sets] for point in planned] == [[], [], [], [3, 8], [3, 8]]
    assert sets_of(planned) == list(DEALT[:2])
    default = registry()["frames.speed"].value
    assert axis_values(planned)[KEY] == [default, default, 0.1, None, None], "sets differ by replicate"


def test_a_number_of_a_set_has_one_meaning_in_a_folder(tmp_path: Path) -> None:
    plan_tasks(tmp_path, points(DEALT[:2]), 2, monthly=False)
    planned = read_plan(tmp_path)
    for same in (DEALT, DEALT[:1], ()):
        refuse_other_sets(tmp_path, planned, points(same))
    other = LOW, PlausibleSet(8, {"frames.speed": 0.14})
    with pytest.raises(UserError, match=r"other plausible sets \(replicate 1 had set 8 of them\)"):
        refuse_other_sets(tmp_path, planned, points(other))


def test_what_a_table_shows_alike_is_told_apart(tmp_path: Path) -> None:
    """1 and '1' are one text in a column of mixed values."""
    scenarios = [Scenario((from_case("C21"),), people=people) for people in (60, 80)]
    design = [DesignPoint(one, {"x": value}) for one, value in zip(scenarios, (1, "1"), strict=True)]
    plan_tasks(tmp_path, design, 1, monthly=False)
    assert axis_values(read_plan(tmp_path)) == {"x": [1, "1"], "people": [60, 80]}


def test_a_label_that_stands_for_two_scenarios_gives_way_to_what_they_hold(tmp_path: Path) -> None:
    same = {"theory.contact": "mine"}
    design = [
        DesignPoint(Scenario((from_case("C21"),), theories={"contact": name}), same)
        for name in ("none", "unmoderated")
    ]
    plan_tasks(tmp_path, design, 1, monthly=False)
    assert axis_values(read_plan(tmp_path)) == {"theory.contact": ["none", "unmoderated"]}
