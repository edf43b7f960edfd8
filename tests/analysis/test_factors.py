"""The factors of a sensitivity analysis: names, groups, and what a point of a design stands for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from woc_sim.analysis.factors import contexts, factors, problem_of_factors, rows_of_design
from woc_sim.analysis.variants import eu_cases
from woc_sim.ensemble.sampling import points_of_problem
from woc_sim.errors import UserError
from woc_sim.inputs.tables import case
from woc_sim.scenario.localities import synthetic
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import Scenario

BASE = Scenario((synthetic(),), people=60)


def test_names_choose_factors_and_chance_and_dummy_are_always_there() -> None:
    names = [one.name for one in factors(("policy.load", "size", "ties"))]
    ties = [name for name, one in registry().items() if one.subject == "ties" and one.low < one.high]
    assert names == ["size", "policy.load", *ties, "chance", "dummy"]
    assert [one.name for one in factors(("context",))] == [*contexts(), "chance", "dummy"]
    moving = sum(one.low < one.high for one in registry().values())
    assert len(factors(("parameters",))) == moving + 2
    with pytest.raises(UserError, match=r"over=sise is neither .*did you mean 'size'"):
        factors(("sise",))


def test_groups_are_subjects_or_the_columns_of_table_8() -> None:
    chosen = factors(("context", "policy.load", "ties.loss"))
    assert "groups" not in problem_of_factors(chosen)
    by_subject = problem_of_factors(chosen, "subjects")["groups"]
    assert by_subject[3:5] == ["politics", "politics"]
    assert by_subject[-4:] == ["policy", "ties", "chance", "dummy"]
    by_column = problem_of_factors(chosen, "table8")
    assert list(dict.fromkeys(by_column["groups"])) == [
        "structure", "experience", "size", "politics", "country", "parameters", "chance", "dummy",
    ]  # fmt: skip


def test_context_has_the_values_of_the_study_as_often_as_there() -> None:
    units = (np.arange(4000) + 0.5) / 4000
    places = [case(name) for name in eu_cases()]
    for factor, column in (("size", "size"), ("executive", "executive"), ("framework", "framework")):
        drawn = Counter(contexts()[factor].value(unit) for unit in units)
        given = Counter(getattr(one, column) for one in places)
        assert drawn == {value: 100 * count for value, count in given.items()}
    assert Counter(contexts()["structure"].value(unit) for unit in units)[1] == 1900
    seats = contexts()["seats"]
    assert seats.value(0.0) == min(seats.values)
    assert seats.value(1.0) == max(seats.values) == 0.35


def test_a_point_is_a_place_its_parameters_and_a_replicate() -> None:
    names = ["structure", "experience", "size", "executive", "seats", "framework", "policy.load", "chance"]
    low, high = rows_of_design(BASE, names, np.array([[0.0] * 6 + [0.1, 0.25], [1.0] * 6 + [0.2, 1.0]]))
    assert (low.replicate, high.replicate) == (25_000, 99_999)
    assert low.scenario.parameters["policy.load"] == 0.1
    first, second = (realise(row.scenario.localities[0], 1, 0) for row in (low, high))
    assert (first.structure, second.structure) == (-1, 1)
    assert (first.experience, second.experience) == (-1, 1)
    assert (first.size, second.size) == ("rural", "medium")
    assert (first.executive, second.executive) == ("progressive", "conservative")
    assert (first.rrp, second.rrp) == (contexts()["seats"].values[0], 0.35)
    assert first.framework != second.framework
    assert first.unemployment > second.unemployment


def test_a_dummy_changes_no_run_and_each_trajectory_has_its_own_replicates() -> None:
    problem = problem_of_factors(factors(("ties.loss",)))
    points = points_of_problem("morris", problem, 3, 1)
    rows = [
        each
        for start in range(0, 12, 4)  # in parts, as they are simulated
        for each in rows_of_design(BASE, problem["names"], points[start : start + 4], start, 4)
    ]
    assert rows == rows_of_design(BASE, problem["names"], points, 0, 4)
    assert [row.replicate // 4 for row in rows] == [0] * 4 + [1] * 4 + [2] * 4
    distinct = [
        len({(row.scenario, row.replicate) for row in rows[start : start + 4]}) for start in (0, 4, 8)
    ]
    assert distinct == [3, 3, 3]
