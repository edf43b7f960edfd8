"""Rules of governance relations: engagement, meetings and tone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.relations import (
    Pair,
    amplified,
    capacity_factor,
    congruence,
    engagement_target,
    kept_habit,
    meeting_target,
    tone_target,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("relations")


@given(SIGNED, SHARE)
def test_politicisation_multiplies_ideology_of_either_sign(ideology, politicised):
    assert abs(amplified(ideology, politicised, 1.5)) >= abs(ideology)
    assert amplified(-ideology, politicised, 1.5) == -amplified(ideology, politicised, 1.5)


@given(SIGNED, SHARE, SIGNED, SIGNED)
def test_engagement_rises_with_each_reason(ideology, need, belief, joint):
    base = engagement_target(P, ideology, need, belief, joint)
    assert 0 <= base <= 1
    assert engagement_target(P, ideology + 0.1, need, belief, joint) > base
    assert engagement_target(P, ideology, need + 0.1, belief, joint) > base
    assert engagement_target(P, ideology, need, belief + 0.1, joint) > base
    assert engagement_target(P, ideology, need, belief, joint + 0.1) > base


@given(st.floats(0.5, 1.5), st.floats(0.5, 1.5), SHARE, st.floats(0, 2), SHARE, SIGNED, SHARE, SHARE)
def test_meetings_are_symmetric_and_limited(cap_i, cap_j, reach, engaged, need, agree, shared, paid):
    pair = Pair(cap_i, cap_j, reach, engaged, agree, shared, paid, 0.0, 0.0)
    one = meeting_target(P, pair, need)
    assert one == pytest.approx(meeting_target(P, pair._replace(capacity_a=cap_j, capacity_b=cap_i), need))
    assert 0 <= one <= P.relations_most * 1.5
    for more in (pair._replace(engaged=engaged + 1.0), pair._replace(claims=0.5), pair._replace(contest=0.5)):
        assert meeting_target(P, more, need) >= one


@given(SIGNED, SIGNED)
def test_congruence_is_one_for_the_same_ideology(a, b):
    assert congruence(a, a) == 1
    assert -1 <= congruence(a, b) <= 1


@given(SHARE, SHARE)
def test_disagreement_sours_the_tone_more_where_the_topic_is_politicised(shared, politicised):
    assert tone_target(P, -0.5, shared, politicised) <= tone_target(P, -0.5, shared, 0.0)
    assert tone_target(P, 1.0, shared, politicised) == pytest.approx(tone_target(P, 1.0, shared, 0.0))


@given(st.floats(0, 40), SHARE, SHARE)
def test_a_habit_fades_where_people_cannot_meet(target, meetings, erosion):
    assert 0 <= kept_habit(target, meetings, erosion) <= target
    assert kept_habit(target, 1.0, erosion) == target


@given(st.floats(0, 100))
def test_capacity_factor_lies_between_a_half_and_one_and_a_half(capacity):
    assert 0.5 <= capacity_factor(capacity, 4.0) <= 1.5
