"""Rules of meetings: time that is shared out, claims, and ties that have to be rebuilt."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.meetings import (
    BUDGET,
    CLAIMS,
    COMMON,
    ELASTIC,
    REBUILT,
    UNLIMITED,
    claim_heard,
    habit_speed,
    offered,
    time_is_short,
)

SHARE = st.floats(0, 1)
P = parameters("relations")
UNKNOWN = 99


def offers(wishes: list[float], time: float, theory: int = BUDGET, **changed: float) -> list[float]:
    p = parameters("relations", **changed)
    sums = sum(wishes), sum(each * each for each in wishes)
    return [offered(p, theory, each, time, *sums) for each in wishes]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=12), st.floats(0, 100), SHARE)
def test_nobody_gives_more_time_than_there_is_or_than_is_wanted(wishes, time, choosiness):
    found = offers(wishes, time, relations_choosiness=choosiness)
    assert all(0 <= each <= wish for each, wish in zip(found, wishes, strict=True))
    assert sum(found) <= max(time, 0.0) + 1e-9 or found == wishes
    assert offers(wishes, time, UNLIMITED) == wishes
    assert offers(wishes, sum(wishes)) == wishes, "who has time enough shares nothing out"


def test_the_best_partner_gets_the_more_the_choosier_an_organisation_is():
    """Wishes of 10, 20 and 30 a year and time for 30: in proportion 5, 10, 15; by their squares 30/14 times
    1, 4 and 9."""
    assert offers([10, 20, 30], 30, relations_choosiness=0.0) == pytest.approx([5, 10, 15])
    assert offers([10, 20, 30], 30, relations_choosiness=1.0) == pytest.approx([30 / 14, 120 / 14, 270 / 14])


def test_more_with_one_is_less_with_another_only_where_time_is_short():
    assert offers([10, 12], 15)[1] > offers([20, 12], 15)[1]
    assert offers([10, 12], 50)[1] == offers([20, 12], 50)[1]


def test_time_is_short_under_one_theory_alone():
    assert [time_is_short(each) for each in (UNLIMITED, BUDGET, UNKNOWN)] == [False, True, False]


@given(SHARE, SHARE)
def test_a_claim_is_taken_to_who_listens(claim, engagement):
    assert claim_heard(COMMON, claim, engagement) == 0
    assert 0 <= claim_heard(CLAIMS, claim, engagement) <= min(claim, engagement)
    assert claim_heard(CLAIMS, 0.0, engagement) == claim_heard(CLAIMS, claim, 0.0) == 0


@given(st.floats(0, 60), st.floats(0, 60))
def test_only_what_was_lost_comes_back_slowly(habit, target):
    assert habit_speed(P, ELASTIC, habit, target) == P.relations_speed
    rebuilt = habit_speed(P, REBUILT, habit, target)
    assert P.relations_rebuild * P.relations_speed - 1e-12 <= rebuilt <= P.relations_speed
    if target <= habit:
        assert rebuilt == P.relations_speed
    else:
        assert rebuilt < P.relations_speed
    off = parameters("relations", relations_rebuild=1.0)
    assert habit_speed(off, REBUILT, habit, target) == off.relations_speed


def test_a_tie_at_half_is_rebuilt_at_the_middle_speed():
    """At the half habit, .3 + .7 / 2 of the full speed."""
    half = P.relations_rebuild_half
    assert habit_speed(P, REBUILT, half, 2 * half) == pytest.approx(0.65 * P.relations_speed)
    assert math.isnan(habit_speed(P, UNKNOWN, 1.0, 2.0))
