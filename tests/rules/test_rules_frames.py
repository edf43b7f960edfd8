"""Rules of frames: how organisations take over what they hear."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.frames import (
    INTEREST,
    NEED,
    diagnostic_target,
    hearing_weight,
    leaning_weight,
    own_reading,
    reads_by_interest,
    talk,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("frames")


@given(SIGNED, SHARE, SHARE)
def test_frames(ideology, breadth, speed):
    assert leaning_weight(1.6, -0.6, ideology, 0.0, 0.0) > 0
    assert leaning_weight(0.4, 0.6, ideology, breadth, 1.0) >= leaning_weight(0.4, 0.6, ideology, 0.0, 1.0)
    mixed = talk(0.2, 0.4, 0.6, 0.5, speed)
    assert 0.2 <= mixed <= 0.5 + 1e-12
    assert hearing_weight(10.0, 0.8, 1.0, 2.0) > hearing_weight(10.0, 0.8, 0.0, 2.0)
    assert diagnostic_target(P, 0.6, ideology, 0.0, 0.0) > diagnostic_target(P, 0.1, ideology, 0.0, 0.0)
    assert diagnostic_target(P, 0.6, ideology, 0.0, 0.2) > diagnostic_target(P, 0.6, ideology, 0.0, 0.0)


@given(SIGNED)
def test_own_work_speaks_for_its_frames_and_against_others(concern):
    assert own_reading(P, NEED, concern) == 0
    assert own_reading(P, INTEREST, concern) == P.frames_interest * concern
    assert [reads_by_interest(each) for each in (NEED, INTEREST, 99)] == [False, True, False]
