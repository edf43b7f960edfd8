"""Law on paper and in practice."""

from hypothesis import given
from hypothesis import strategies as st

from woc_sim.rules.law import AS_PRACTISED, ON_PAPER, law_in_force

SHARE = st.floats(0, 1)


@given(SHARE, SHARE)
def test_what_is_practised_is_a_share_of_what_is_written(written: float, practised: float) -> None:
    assert law_in_force(ON_PAPER, written, practised) == written
    assert 0.0 <= law_in_force(AS_PRACTISED, written, practised) <= written
    assert law_in_force(AS_PRACTISED, written, 1.0) == written
    assert law_in_force(AS_PRACTISED, written, 0.0) == 0.0
