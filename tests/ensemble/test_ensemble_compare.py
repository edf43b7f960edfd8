"""Paired comparisons: intervals and p values are correct for few pairs, and few readings differ by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from woc_sim.ensemble.compare import (
    FIRST,
    READING_NAMES,
    SECOND,
    by_month,
    by_reading,
    fdr_adjusted,
    paired_differences,
    paired_tasks,
    summary_lines,
)
from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.ensemble.plausible import PlausibleSets
from woc_sim.ensemble.run import LocalityRows
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.figures.compare import below_rounding, draw_effects
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.schema import Scenario

NAN = float("nan")


def column(*changes: float) -> np.ndarray:
    return np.array(changes, dtype=float)[:, None]


def both(changes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.full(changes.shape, 2.0), 2.0 + changes


def outcomes(first: np.ndarray, second: np.ndarray, months: int = 3) -> tuple[list[Task], list[Outcome]]:
    """Tasks and outcomes with given readings: replicate x locality x reading."""
    tasks, found = [], []
    for replicate in range(len(first)):
        for arm, values in ((FIRST, first), (SECOND, second)):
            rows = [
                LocalityRows(
                    f"C{place}", replicate, values[replicate, place], np.zeros((months, len(INDICATOR_NAMES)))
                )
                for place in range(values.shape[1])
            ]
            task = Task(arm, "", Scenario(()), replicate)
            tasks.append(task)
            found.append(Outcome(task.key, tuple(rows), 0.0))
    return tasks, found


def test_intervals_and_p_values_are_students():
    changes = column(1.0, 2.5, 0.5, 3.0)
    found = paired_differences(*both(changes))
    known = stats.ttest_1samp(changes[:, 0], 0.0)
    low, high = known.confidence_interval(0.95)
    assert found.p[0] == pytest.approx(known.pvalue)
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))
    assert found.size[0] == pytest.approx(changes.mean() / changes.std(ddof=1))


def test_one_mean_has_the_same_interval_and_few_values_have_none():
    values = [1.0, 2.5, NAN, 0.5, 3.0]
    found = paired_differences(*both(column(*values)))
    assert mean_and_half(values) == pytest.approx((found.effect[0], found.high[0] - found.effect[0]))
    assert mean_and_half([2.0])[0] == 2.0
    assert np.isnan([mean_and_half([2.0])[1], *mean_and_half([NAN])]).all()


def test_both_scenarios_of_a_pair_have_the_set_of_the_replicate():
    sets = PlausibleSets(("frames.speed",), (3, 8), np.array([[0.01], [0.03]]), np.array([0.5, 0.5]))
    first, second = Scenario((), seed=4), Scenario((), seed=4, people=90)
    pairs = [
        [
            each.scenario.parameters["frames.speed"]
            for each in paired_tasks(first, second, 6, sets)[start:][:2]
        ]
        for start in range(0, 12, 2)
    ]
    assert {tuple(pair) for pair in pairs} == {(0.01, 0.01), (0.03, 0.03)}
    assert [each.scenario for each in paired_tasks(first, second, 1)] == [first, second]


def test_two_pairs_make_a_wide_interval():
    found = paired_differences(*both(column(1.0, 2.0)))
    assert found.high[0] - found.effect[0] == pytest.approx(12.706 * 0.5, rel=1e-3)
    assert found.p[0] > 0.2


@pytest.mark.parametrize("scale", [1.0, 0.1, 1e6])
def test_pairs_that_all_differ_alike_have_no_interval_and_the_p_value_of_their_signs(scale: float):
    first = np.array([0.1, 0.7, 0.3, 0.2, 0.9])[:, None] * scale
    found = paired_differences(first, first + 0.3 * scale)
    assert found.test[0] == "sign"
    assert found.p[0] == 2 / 2**5
    assert np.isnan([found.low[0], found.high[0], found.size[0]]).all()


def test_pairs_without_a_difference_are_no_discovery():
    first = np.array([[0.1], [0.7], [0.3]])
    found = paired_differences(first, first.copy())
    assert (found.effect[0], found.low[0], found.high[0], found.p[0]) == (0.0, 0.0, 0.0, 1.0)


def test_pairs_of_which_one_side_is_unknown_do_not_count():
    first = np.array([[1.0], [NAN], [3.0], [5.0]])
    second = np.array([[2.0], [100.0], [5.0], [NAN]])
    found = paired_differences(first, second)
    assert found.n[0] == 2
    assert (found.first[0], found.second[0], found.effect[0]) == (2.0, 3.5, 1.5)
    alone = paired_differences(first[1:3], second[1:3])
    assert alone.n[0] == 1
    assert np.isnan([alone.low[0], alone.high[0], alone.p[0]]).all()
    assert np.isnan(paired_differences(first[1:2], second[1:2]).effect[0])


def test_p_values_are_adjusted_for_their_number_and_unknown_ones_do_not_count():
    found = fdr_adjusted(np.array([0.01, NAN, 0.02, 0.5, 0.03]))
    assert found[[0, 2, 3, 4]] == pytest.approx([0.04, 0.04, 0.5, 0.04])
    assert np.isnan(found[1])


def test_among_many_readings_without_an_effect_hardly_any_is_called_different():
    """With 1.96 instead of t, more than 5 % of the intervals would miss zero; without fdr, 5 % of 383
    readings would differ.
    """
    found = []
    for seed in range(20):
        chance = np.random.default_rng(seed).normal(size=(2, 10, 1, len(READING_NAMES)))
        found.append(by_reading(*outcomes(*chance)))
    beyond = np.mean([(table["low"] * table["high"] > 0).mean() for table in found])
    assert beyond == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / (20 * 383)))
    assert sum((table["fdr"] <= 0.05).any() for table in found) <= 4


def test_the_surest_difference_is_first_and_the_words_say_how_many():
    rng = np.random.default_rng(1)
    first = rng.normal(size=(6, 2, len(READING_NAMES)))
    second = first + rng.normal(size=first.shape)
    second[:, :, 7] = first[:, :, 7] + 1.0  # all pairs alike
    second[:, :, 9] = first[:, :, 9] + rng.normal(5.0, 0.05, size=(6, 2))
    second[:, :, 11] = NAN
    table = by_reading(*outcomes(first, second))
    assert table["reading"][0] == READING_NAMES[9]
    assert table["fdr"].dropna().is_monotonic_increasing
    alike = table[table["reading"] == READING_NAMES[7]].iloc[0]
    assert (alike["test"], alike["n"], alike["p"]) == ("sign", 6, 2 / 2**6)
    lines = summary_lines(table)
    assert lines[0] == (
        "1 of 382 readings differ at a false discovery rate of 0.05; 1 are known in fewer than two pairs"
    )
    assert lines[1].startswith(READING_NAMES[9])
    assert "6 pairs" in lines[1]


def test_a_reading_known_in_one_locality_only_is_compared_there():
    first = np.zeros((3, 2, len(READING_NAMES)))
    second = np.ones((3, 2, len(READING_NAMES)))
    first[:, 1], second[:, 0] = NAN, [[1.0], [2.0], [4.0]]
    table = by_reading(*outcomes(first, second))
    assert (table["n"] == 3).all()
    assert table["effect"].to_numpy() == pytest.approx(7 / 3)


def test_months_have_intervals_and_are_drawn(tmp_path):
    rng = np.random.default_rng(2)
    readings = rng.normal(size=(2, 3, 1, len(READING_NAMES)))
    tasks, found = outcomes(*readings)
    place = INDICATOR_NAMES.index("mean_attitude")
    for each in found[1::2]:
        each.rows[0].indicators[1:, place] += rng.normal(size=2)
    months = by_month(tasks, found)
    assert list(months.columns) == ["indicator", "month", "first", "second", "effect", "low", "high", "n"]
    moved = months[months["indicator"] == "mean_attitude"].set_index("month")
    assert moved.loc["2012-01", ["low", "high"]].tolist() == [0.0, 0.0]
    changes = [
        found[i + 1].rows[0].indicators[1, place] - found[i].rows[0].indicators[1, place] for i in (0, 2, 4)
    ]
    low, high = stats.ttest_1samp(changes, 0.0).confidence_interval(0.95)
    assert moved.loc["2012-02", ["low", "high"]].tolist() == pytest.approx([low, high])
    picture = draw_effects(months, ("size=small", "a $name with \\one dollar$"), tmp_path)
    assert picture.path.stat().st_size > 20_000
    assert isinstance(months, pd.DataFrame)


def test_differences_of_rounding_are_no_effect() -> None:
    rows = pd.DataFrame(
        {
            "first": [3.0, 3.0, NAN, 0.0, 1e6],
            "second": [3.0 + 1e-10, 3.1, NAN, 1e-12, 1e6 + 1e-5],
        }
    )
    rows["effect"] = rows["second"] - rows["first"]
    assert below_rounding(rows).tolist() == [True, False, False, True, True]
