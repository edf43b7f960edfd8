"""Rival rules of pressure by the radical right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.rrp import BALANCE_OF_POWER, INTERACTION, PENALTY, rrp_pressure

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)


@given(SHARE, SHARE, SIGNED)
def test_rival_rules_of_radical_right_pressure(seats, majority, ideology):
    for theory in (INTERACTION, BALANCE_OF_POWER, PENALTY):
        assert rrp_pressure(theory, seats, majority, ideology, 1.5, 0.5) <= 0
    assert rrp_pressure(INTERACTION, seats, majority, 1.0, 1.5, 0.5) == 0
    assert rrp_pressure(PENALTY, seats, majority, -1.0, 1.5, 0.5) == rrp_pressure(
        PENALTY, seats, majority, 1.0, 1.5, 0.5
    )
    assert rrp_pressure(BALANCE_OF_POWER, 0.2, 0.6, ideology, 1.5, 0.5) == 0
    assert rrp_pressure(BALANCE_OF_POWER, 0.2, 0.4, ideology, 1.5, 0.3) == pytest.approx(-0.45)
