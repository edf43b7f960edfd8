"""Rules of arrivals: who comes, what reception gives, which families follow, births and hosts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import arrivals

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
P = parameters("arrivals")


@given(st.floats(0, 100), UNIT, OPINION)
def test_an_open_executive_takes_more_than_a_closed_one(
    expected: float, share: float, openness: float
) -> None:
    placed = arrivals.placed_arrivals(expected, share, openness, 0.5)
    assert 0.0 <= arrivals.placed_arrivals(expected, share, -1.0, 0.5) <= placed
    assert placed <= arrivals.placed_arrivals(expected, share, 1.0, 0.5)


@given(st.floats(0, 100), UNIT, st.floats(0, 20), UNIT)
def test_jobs_and_compatriots_pull(expected: float, share: float, tight: float, compatriots: float) -> None:
    chosen = arrivals.chosen_arrivals(P, expected, share, tight, compatriots)
    assert chosen >= 0.0
    assert arrivals.chosen_arrivals(P, expected, share, tight + 1.0, compatriots) >= chosen
    assert arrivals.chosen_arrivals(P, expected, share, tight, min(1.0, compatriots + 0.1)) >= chosen


@given(st.floats(0, 50))
def test_counts_have_the_right_mean(expected: float) -> None:
    counts = [arrivals.whole_number(expected, (k + 0.5) / 1000.0) for k in range(1000)]
    assert abs(sum(counts) / 1000.0 - expected) <= 0.001
    assert max(counts) - min(counts) <= 1


@given(st.floats(0, 60), st.floats(0, 0.9), st.floats(0, 0.999))
def test_procedures_last_around_their_mean(mean: float, spread: float, u: float) -> None:
    months = arrivals.procedure_months(mean, spread, u)
    assert mean * (1.0 - spread) - 0.5 <= months <= mean * (1.0 + spread) + 0.5


@given(UNIT, UNIT, UNIT, UNIT)
def test_reception_gains_from_support_and_loses_by_restriction(
    base: float, support: float, harm: float, crowd: float
) -> None:
    p = P._replace(arrivals_reception_base=base)
    quality = arrivals.reception_aim(p, support, harm, crowd)
    assert 0.0 <= quality <= 1.0
    assert arrivals.reception_aim(p, 1.0, harm, crowd) >= quality
    assert arrivals.reception_aim(p, support, 1.0, crowd) <= quality


def test_families_follow_only_after_the_delay() -> None:
    assert arrivals.reunion_chance(0.03, 11.0, 12.0) == 0.0
    assert arrivals.reunion_chance(0.03, 12.0, 12.0) == 0.03


@given(OPINION, UNIT)
def test_sympathy_opens_homes_and_distance_closes_them(attitude: float, distance: float) -> None:
    chance = arrivals.hosting_chance(P, attitude, distance)
    assert 0.0 <= chance <= 1.0
    assert arrivals.hosting_chance(P, 1.0, distance) >= chance >= arrivals.hosting_chance(P, attitude, 1.0)


def test_births_fall_in_fertile_years() -> None:
    assert arrivals.birth_chance(0.12, 30.0) == pytest.approx(0.01)
    assert arrivals.birth_chance(0.12, 17.9) == arrivals.birth_chance(0.12, 45.1) == 0.0
