"""Rules of comparison: the own lot or the group's, against what another group has."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.comparison import GROUP_GAP, OWN_LOT, UNKNOWN, remembered, worse_off

SHARE = st.floats(0, 1)
P = parameters("comparison")


@given(SHARE, SHARE, SHARE, SHARE)
def test_each_theory_compares_its_own_pair(own: float, theirs: float, ours: float, others: float) -> None:
    assert worse_off(OWN_LOT, own, theirs, ours, others) == theirs - own
    assert worse_off(GROUP_GAP, own, theirs, ours, others) == others - ours
    assert worse_off(GROUP_GAP, own, theirs, ours, others) == -worse_off(GROUP_GAP, own, theirs, others, ours)


def test_nobody_compares_what_nobody_knows() -> None:
    assert worse_off(GROUP_GAP, 0.0, 1.0, UNKNOWN, 1.0) == 0.0
    assert worse_off(GROUP_GAP, 0.0, 1.0, 0.0, UNKNOWN) == 0.0


@given(SHARE, SHARE)
def test_the_first_newcomers_make_the_picture_and_later_ones_move_it(before: float, seen: float) -> None:
    assert remembered(P, UNKNOWN, seen) == seen
    after = remembered(P, before, seen)
    assert min(before, seen) - 1e-12 <= after <= max(before, seen) + 1e-12
    assert remembered(parameters("comparison", comparison_memory=0.0), before, seen) == before
