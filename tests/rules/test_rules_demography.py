"""Rules of demography and votes: the old die sooner, successors keep their stage, votes follow leaning."""

from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules import demography

OPINION = st.floats(-1, 1)
YES = st.booleans()


@given(st.floats(0, 109), st.floats(0, 109))
def test_the_old_die_sooner(age: float, other: float) -> None:
    low, high = sorted((age, other))
    assert 0.0 <= demography.death_chance(low, 0.06) <= demography.death_chance(high, 0.06) <= 1.0


@given(st.integers(0, 2), YES, st.floats(0, 0.999))
def test_a_successor_is_in_the_stage_of_the_position(stage: int, ended: bool, u: float) -> None:
    assert demography.stage_of(demography.successor_age(stage, ended, u)) == stage


@given(OPINION, OPINION, OPINION)
def test_votes_follow_leaning_and_changed_opinion(leaning: float, attitude: float, anchor: float) -> None:
    position = demography.vote_position(leaning, attitude, anchor, 1.0)
    assert -1.0 <= position <= 1.0
    assert demography.vote_position(leaning, anchor, anchor, 1.0) == -leaning
    assert demography.vote_position(leaning, 1.0, anchor, 1.0) >= position
