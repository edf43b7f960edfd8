"""Small-sample statistics against numpy."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.instruments import summary

NUMBERS = st.lists(st.floats(-100, 100), min_size=3, max_size=30)


@given(NUMBERS)
def test_mean_and_spread_agree_with_numpy(values):
    assert summary.mean(values) == pytest.approx(np.mean(values), abs=1e-9)
    assert summary.spread(values) == pytest.approx(np.std(values, ddof=1), abs=1e-6)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=200))
def test_the_sum_of_a_column_loses_nothing_to_rounding(values):
    column = np.array(values)
    exact = sum(Fraction(each) for each in values)
    assert summary.mean(column) == pytest.approx(float(exact / len(values)), rel=1e-15, abs=1e-15)
    assert summary.mean(np.array([1e16, 1.0, -1e16])) == 1.0 / 3.0


@given(NUMBERS, st.integers(0, 1000))
def test_correlation_is_bounded_and_agrees_with_numpy(values, seed):
    other = np.random.default_rng(seed).normal(size=len(values))
    r = summary.correlation(values, other)
    if np.std(values) > 1e-3:
        assert r == pytest.approx(np.corrcoef(values, other)[0, 1], abs=1e-6)
    assert math.isnan(r) or -1.0 <= r <= 1.0


def test_slope_of_a_line_and_of_a_point():
    assert summary.slope([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]) == pytest.approx(2.0)
    assert math.isnan(summary.slope([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]))


def test_nothing_is_nan_and_not_zero():
    assert math.isnan(summary.mean([]))
    assert math.isnan(summary.share([]))
    assert math.isnan(summary.ratio(0.0, 0.0))
    assert math.isnan(summary.gini([0.0, 0.0]))
    assert math.isnan(summary.correlation([1.0, 2.0], [1.0, 2.0]))
    assert summary.known_mean([math.nan, 2.0]) == 2.0


def test_gini_of_equality_and_of_monopoly():
    assert summary.gini([3.0] * 10) == pytest.approx(0.0)
    assert summary.gini([0.0] * 9 + [5.0]) == pytest.approx(0.9)
