"""Rules of what is written down of interviews."""

from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.answers import (
    ABOVE_CUT,
    ALL_OF_A_KIND,
    STANDING_OUT,
    TYPICAL_PARTNER,
    is_noted,
    meetings_told,
)

SHARE = st.floats(0, 1)


@given(st.floats(0, 400), st.integers(1, 9))
def test_a_typical_partner_is_the_mean_of_its_kind(each, partners):
    total = each * partners
    assert meetings_told(ALL_OF_A_KIND, total, partners) == total
    assert meetings_told(TYPICAL_PARTNER, total, partners) == total / partners
    assert meetings_told(TYPICAL_PARTNER, total, 1.0) == total


@given(SHARE, SHARE, st.integers(0, 9), SHARE, st.integers(1, 5), SHARE)
def test_a_frame_is_noted_above_a_cut_or_if_it_is_one_of_the_few_that_stand_out(
    strength, cut, stronger, usual, most, margin
):
    rest = float(stronger), usual, float(most), margin
    assert is_noted(ABOVE_CUT, strength, cut, *rest) == (strength > cut)
    found = is_noted(STANDING_OUT, strength, cut, *rest)
    assert found == (stronger < most and strength > usual + margin)
    assert found == is_noted(STANDING_OUT, strength, 0.0, *rest), "no cut is asked for"


def test_no_frame_is_noted_by_a_theory_that_does_not_exist():
    assert not is_noted(99, 1.0, 0.0, 0.0, 0.0, 3.0, 0.0)
