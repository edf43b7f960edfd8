"""Rules of coalitions: what camps do to agreement, meetings and tone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.coalitions import ADVOCACY, AGREEMENT, camp, contest, seen_agreement, tone_pace
from woc_sim.rules.relations import congruence

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("relations")


@given(SIGNED)
def test_a_side_has_the_sign_of_the_ideology(ideology):
    assert -1 < camp(P, ideology) < 1
    assert camp(P, ideology) * ideology >= 0
    assert camp(P, -ideology) == -camp(P, ideology)
    assert camp(P, P.relations_camp_half) == pytest.approx(0.5)


@given(SIGNED, SIGNED, SHARE)
def test_allies_come_nearer_and_opponents_move_apart(a, b, politicised):
    plain = congruence(a, b)
    seen = seen_agreement(P, ADVOCACY, a, b, politicised)
    assert -1 <= seen <= 1
    assert (seen - plain) * a * b >= 0
    assert seen == pytest.approx(seen_agreement(P, ADVOCACY, b, a, politicised))
    assert seen_agreement(P, AGREEMENT, a, b, politicised) == plain
    assert seen_agreement(P, ADVOCACY, a, b, 0.0) == plain
    assert seen_agreement(parameters("relations", relations_camps=0.0), ADVOCACY, a, b, politicised) == plain


@given(SIGNED, SIGNED, SHARE)
def test_only_opponents_on_a_contested_topic_have_to_meet(a, b, politicised):
    push = contest(P, ADVOCACY, a, b, politicised)
    assert 0 <= push <= 1
    assert (push > 0) <= (a * b < 0)
    assert contest(P, ADVOCACY, a, b, 0.0) == contest(P, AGREEMENT, a, b, politicised) == 0
    assert contest(P, ADVOCACY, 0.3, -0.3, 0.8) == pytest.approx(0.2)


@given(SIGNED, SIGNED)
def test_only_a_bad_tone_that_mends_is_slow(tone, target):
    speed = P.relations_tone_speed
    assert tone_pace(P, AGREEMENT, tone, target) == speed
    slow = tone < 0 and target > tone
    expected = speed * (1 - P.relations_grudge) if slow else speed
    assert tone_pace(P, ADVOCACY, tone, target) == pytest.approx(expected)
