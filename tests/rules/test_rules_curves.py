"""Curves: bounded and increasing, and equal to what they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.curves import chance, clip, coverage, normal, normal_rank, saturate, squash, towards

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
ANY = st.floats(-50, 50)


@given(ANY, ANY)
def test_curves_are_bounded_and_increasing(a, b):
    low, high = min(a, b), max(a, b)
    assert -1 <= squash(low) <= squash(high) <= 1
    assert 0 <= chance(low) <= chance(high) <= 1
    assert chance(0.0) == 0.5
    assert 0 <= saturate(abs(a), 1.0) < 1


@given(SHARE, st.floats(-6, 6), st.floats(0, 6))
def test_a_rank_is_the_quantile_the_other_way_round(u, z, more):
    assert normal_rank(normal(u)) == pytest.approx(u, abs=1e-9)
    assert 0.0 <= normal_rank(z) <= normal_rank(z + more) <= 1.0
    assert normal_rank(0.0) == pytest.approx(0.5)


@given(SHARE, SHARE, SHARE)
def test_coverage_is_a_share_that_every_supplier_raises(public, higher, nonpublic):
    both = coverage(public, higher, nonpublic)
    assert max(public, higher, nonpublic) - 1e-12 <= both <= 1.0


@given(SIGNED, SIGNED, SHARE)
def test_towards_and_clip_stay_between(value, target, speed):
    moved = towards(value, target, speed)
    assert min(value, target) - 1e-12 <= moved <= max(value, target) + 1e-12
    assert clip(moved * 3, -1, 1) == max(-1, min(1, moved * 3))
