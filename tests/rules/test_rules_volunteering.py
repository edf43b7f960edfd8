"""Rules of volunteering: who joins, who tires, and how soon volunteers are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.volunteering import (
    fatigue_step,
    hours_given,
    join_chance,
    match_chance,
    quit_chance,
    sympathy,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("civil_society")


@given(SIGNED, SHARE, st.floats(0, 3), SHARE)
def test_volunteers(attitude, interest, call, fatigue):
    assert 0 <= join_chance(attitude, interest, call, 0.06) <= 1
    if attitude <= 0:
        assert join_chance(attitude, interest, call, 0.06) == 0
    assert quit_chance(P, fatigue, attitude) >= quit_chance(P, 0.0, attitude)
    tired = fatigue_step(P, fatigue, 6.0, 0.0)
    eased = fatigue_step(P, fatigue, 6.0, 1.0)
    assert 0 <= eased <= tired <= 1


@given(SHARE)
def test_new_volunteers_give_the_mean_hours_on_the_mean(u):
    assert 0 < hours_given(P, u) < 2 * P.civil_society_hours
    assert (hours_given(P, u) + hours_given(P, 1 - u)) / 2 == pytest.approx(P.civil_society_hours)


@given(st.floats(0, 500), st.floats(0, 500))
def test_more_volunteers_per_migrant_are_found_sooner(volunteers, migrants):
    chance = match_chance(0.03, volunteers, migrants + 1.0)
    assert 0 <= chance <= match_chance(0.03, volunteers + 10.0, migrants + 1.0) <= 0.06
    assert match_chance(0.03, 50.0, 50.0) == pytest.approx(0.03)


@given(SIGNED, SIGNED, SHARE)
def test_sympathy_is_with_those_who_are_there(attitude, attitude_ua, part):
    felt = sympathy(attitude, attitude, attitude_ua, part)
    assert min(attitude, attitude_ua) - 1e-12 <= felt <= max(attitude, attitude_ua) + 1e-12
    assert sympathy(attitude, attitude, attitude_ua, 0.0) == attitude
