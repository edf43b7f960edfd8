"""Rules of voice: what deters from acting in public, and what provokes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.voice import COSTLY, FREE, courage, disagreement, loud_opposition, outspoken

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("voice")


def test_seats_and_voices_add_up_to_how_loud_opponents_are() -> None:
    assert loud_opposition(P, 0.1, 0.5) == pytest.approx(0.5 * 0.5 + 0.5 * 0.5)
    assert loud_opposition(P, 0.0, 0.0) == 0.0


@given(SHARE, SHARE)
def test_more_seats_and_more_hostile_voices_are_louder(seats: float, hostile: float) -> None:
    loud = loud_opposition(P, seats, hostile)
    assert 0.0 <= loud <= loud_opposition(P, seats + 0.1, hostile) <= 1.0
    assert loud <= loud_opposition(P, seats, min(1.0, hostile + 0.1))


@given(SIGNED, SIGNED, SIGNED)
def test_only_who_is_inclusive_disagrees_with_a_hostile_majority(
    stance: float, nation: float, region: float
) -> None:
    found = disagreement(stance, nation, region)
    assert 0.0 <= found <= 1.0
    assert found == disagreement(stance, region, nation)
    if stance <= 0.0 or min(nation, region) >= 0.0:
        assert found == 0.0
    assert disagreement(1.0, -1.0, 0.5) == 1.0


@given(SHARE, SHARE)
def test_loud_opponents_deter_and_disagreement_provokes(loud: float, disagrees: float) -> None:
    assert courage(P, FREE, loud, disagrees) == 0.0
    assert outspoken(P, FREE, loud, disagrees) == 1.0
    assert courage(P, COSTLY, loud, 0.0) <= 0.0 <= courage(P, COSTLY, 0.0, disagrees)
    assert 0.0 <= outspoken(P, COSTLY, loud, 0.0) <= 1.0 <= outspoken(P, COSTLY, 0.0, disagrees)
    assert courage(P, COSTLY, 0.5, 0.5) == 0.0  # by default the two are as strong


def test_each_effect_can_be_switched_off() -> None:
    off = parameters("voice", voice_cost=0.0, voice_mobilised=0.0, voice_silence=0.0, voice_outcry=0.0)
    assert courage(off, COSTLY, 0.8, 0.4) == 0.0
    assert outspoken(off, COSTLY, 0.8, 0.4) == 1.0
