"""Rules of hosting: whether a host brings guests together with others."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.hosting import BRIDGE, ROOM, introduction_chance

P = parameters("hosting")


@given(st.floats(0, 1))
def test_guests_are_introduced_as_far_as_public_life_is_open(open_life: float) -> None:
    assert introduction_chance(P, ROOM, open_life) == 0.0
    assert introduction_chance(P, BRIDGE, open_life) == P.hosting_introduce * open_life
    assert introduction_chance(parameters("hosting", hosting_introduce=0.0), BRIDGE, open_life) == 0.0
