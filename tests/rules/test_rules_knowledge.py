"""What informs an interviewee: all measures alike, or those that reach migrants in the own field."""

from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.knowledge import COMMON, OWN_FIELD, from_field, heeded, shown

SHARE = st.floats(0, 1)


@given(SHARE, SHARE)
def test_a_measure_informs_as_far_as_it_reaches_migrants(effect, coverage):
    assert shown(COMMON, effect, coverage, False) == effect
    assert shown(OWN_FIELD, effect, coverage, False) == 0.0
    assert shown(OWN_FIELD, effect, coverage, True) == effect * coverage <= effect


@given(SHARE, st.floats(0, 3))
def test_the_own_field_tells_in_proportion_to_whom_it_meets(met, weight):
    assert from_field(COMMON, met, weight) == 0.0
    assert from_field(OWN_FIELD, met, weight) == weight * met


@given(st.floats(0, 50), st.floats(0, 50))
def test_a_side_counts_the_more_the_more_is_known_of_it(insight, more):
    assert heeded(COMMON, insight, 2.5) == 1.0
    assert heeded(OWN_FIELD, 0.0, 2.5) == 0.0
    assert heeded(OWN_FIELD, insight, 2.5) <= heeded(OWN_FIELD, insight + more, 2.5) < 1.0
