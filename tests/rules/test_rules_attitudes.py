"""Rules of predispositions: bounds kept, and monotone where the source says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import attitudes

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
P = parameters("population")


@given(st.floats(0, 0.999), st.floats(0, 0.999), st.floats(0, 0.4), st.floats(0.45, 0.9))
def test_leaning_fits_the_council(u: float, v: float, radical: float, right: float) -> None:
    leaning = attitudes.leaning_of(u, v, radical, right, 0.5)
    assert -1.0 <= leaning <= 1.0
    assert (leaning >= 0.5) == (u < radical)
    if u >= right:
        assert leaning <= 0.0


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(-0.05, 0.05))
def test_a_conservative_executive_has_more_of_the_right_behind_it(
    executive: float, radical: float, noise: float
) -> None:
    share = attitudes.right_share(0.25, executive, radical, noise)
    assert radical <= share <= 0.95
    assert attitudes.right_share(0.25, -1.0, radical, noise) >= share
    assert share >= attitudes.right_share(0.25, 1.0, radical, noise)


@given(OPINION, UNIT, UNIT, st.floats(0, 0.999))
def test_predispositions_fall_to_the_right(leaning: float, skill: float, settled: float, u: float) -> None:
    mind = attitudes.predisposition(P, 0.1, leaning, skill, settled, u, 0.4)
    assert -1.0 < mind < 1.0
    assert attitudes.predisposition(P, 0.1, 1.0, skill, settled, u, 0.4) <= mind


@given(UNIT, OPINION, st.floats(0, 0.999))
def test_distance_grows_to_the_right(mean: float, leaning: float, u: float) -> None:
    far = attitudes.value_distance(P, mean, leaning, u)
    assert 0.0 <= far <= attitudes.value_distance(P, mean, 1.0, u) <= 1.0


@pytest.mark.parametrize("attitude", [-1.0, 0.0, 0.9])
def test_a_rally_lifts_and_leaves_room(attitude: float) -> None:
    assert 0.0 < attitudes.solidarity(attitude, 0.3, 0.5) <= 1.0 - attitude
    assert attitudes.solidarity(attitude, 0.0, 0.5) == 0.0


@given(OPINION, OPINION)
def test_the_anchor_drifts_towards_what_is_lived(anchor: float, attitude: float) -> None:
    drifted = attitudes.drifted_anchor(anchor, attitude, 0.005)
    assert min(anchor, attitude) - 1e-12 <= drifted <= max(anchor, attitude) + 1e-12
    assert attitudes.drifted_anchor(anchor, attitude, 0.0) == anchor
