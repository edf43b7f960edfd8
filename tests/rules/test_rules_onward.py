"""Rules of onward moves: what holds migrants and what sends them on."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import onward

OPINION = st.floats(-1, 1)
YES = st.booleans()
P = parameters("experience")


@given(YES, YES, YES, OPINION, YES, YES, YES)
def test_who_moves_on(
    children: bool, job: bool, home: bool, stay: float, bound: bool, free: bool, refused: bool
) -> None:
    hazard = onward.leave_chance(P, children, job, home, stay, bound, free, refused)
    assert 0.0 <= hazard <= 1.0
    assert onward.leave_chance(P, True, job, home, stay, bound, free, refused) <= hazard
    assert onward.leave_chance(P, children, False, home, stay, bound, free, refused) >= hazard
    assert onward.leave_chance(P, children, job, False, stay, bound, free, refused) >= hazard
    assert onward.leave_chance(P, children, job, home, 1.0, bound, free, refused) <= hazard
    assert onward.leave_chance(P, children, job, home, stay, True, free, refused) <= hazard


def test_no_job_and_no_home_about_double_onward_moves() -> None:
    both = onward.leave_chance(P, False, False, False, 0.0, False, False, False)
    none = onward.leave_chance(P, False, True, True, 0.0, False, False, False)
    assert 1.5 <= both / none <= 2.0
