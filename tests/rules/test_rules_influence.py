"""Rules of influence: who listens to whom, and no step overshoots."""

from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules import influence
from woc_sim.rules.influence import BOUNDED_CONFIDENCE, FRIEDKIN_JOHNSEN, NO_INFLUENCE

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)


@given(OPINION, OPINION, st.floats(0.05, 0.9))
def test_who_listens_to_whom(own: float, other: float, reach: float) -> None:
    assert influence.listens(FRIEDKIN_JOHNSEN, own, other, reach)
    assert not influence.listens(NO_INFLUENCE, own, other, reach)
    assert influence.listens(BOUNDED_CONFIDENCE, own, other, reach) == (abs(other - own) < reach)


@given(OPINION, OPINION, OPINION, UNIT, st.floats(0, 1))
def test_talk_and_predisposition_never_overshoot(
    own: float, heard: float, anchor: float, stubborn: float, speed: float
) -> None:
    moved = own + influence.influence_effect(own, heard, 3, stubborn, speed)
    moved += influence.anchor_effect(own, anchor, stubborn, speed)
    assert min(own, heard, anchor) - 1e-9 <= moved <= max(own, heard, anchor) + 1e-9
    assert influence.influence_effect(own, heard, 0, stubborn, speed) == 0.0


@given(OPINION, OPINION, UNIT, UNIT, st.floats(0, 0.03))
def test_cues_follow_the_executive_and_need_a_politicised_topic(
    attitude: float, leaning: float, interest: float, politicised: float, gain: float
) -> None:
    inclusive = influence.cue_effect(attitude, leaning, interest, politicised, 0.6, 0.0, gain)
    exclusive = influence.cue_effect(attitude, leaning, interest, politicised, -0.6, 0.0, gain)
    assert exclusive <= 0.0 <= inclusive
    assert influence.cue_effect(attitude, leaning, interest, 0.0, 0.6, 0.3, gain) == 0.0
    assert influence.cue_effect(attitude, leaning, interest, politicised, 0.6, 0.3, gain) <= inclusive
