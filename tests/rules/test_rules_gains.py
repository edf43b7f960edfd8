"""Ideology by outcome: with one weight nothing changes, with weights apart an echo counts once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.gains import APART, TOGETHER, beyond_own, weighed

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)


@given(SIGNED, st.floats(0, 2))
def test_together_ideology_weighs_as_it_is_and_apart_by_the_weight(ideology: float, weight: float) -> None:
    assert weighed(TOGETHER, ideology, weight) == ideology
    assert weighed(APART, ideology, weight) == weight * ideology
    assert weighed(APART, ideology, 0.0) == 0.0
    assert weighed(APART, ideology, 1.0) == ideology


@given(SIGNED, SIGNED, SHARE, SHARE)
def test_only_apart_is_the_echo_of_the_own_ideology_taken_away(
    voice: float, own: float, part: float, echo: float
) -> None:
    assert beyond_own(TOGETHER, voice, own, part, echo) == voice
    assert beyond_own(APART, voice, own, part, 1.0) == voice
    assert beyond_own(APART, voice, own, 0.0, echo) == voice
    assert beyond_own(APART, voice, own, part, echo) == pytest.approx(voice - (1.0 - echo) * part * own)


def test_parties_that_stand_where_the_executive_stands_add_nothing() -> None:
    assert beyond_own(APART, 0.5, 0.5, 1.0, 0.0) == 0.0
    assert beyond_own(APART, 0.3, 0.5, 1.0, 0.0) < 0.0 < beyond_own(APART, 0.7, 0.5, 1.0, 0.0)
