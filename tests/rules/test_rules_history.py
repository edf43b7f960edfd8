"""Rival inputs: what each gives, and what a counterfactual takes away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.inputs.theories import theories
from woc_sim.rules import history

SHARE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("subject", "rule", "given_"),
    [
        ("applications", history.asylum_arrivals, (1.0, 2.0)),
        ("ukrainians", history.ukrainian_arrivals, (1.0, 2.0)),
        ("rejections", history.rejection_share, (0.3, 0.7)),
        ("salience", history.salience_of, (0.1, 0.2, 0.3)),
        ("placement", history.share_placed, (0.5, 0.3)),
    ],
)
def test_each_rival_gives_its_own_input(subject, rule, given_) -> None:
    codes = [one.code for one in theories()[subject].values()]
    assert [rule(code, *given_) for code in codes] == list(given_)
    assert np.isnan(rule(99, *given_))


@given(SHARE, st.floats(0, 3), st.floats(0, 2))
def test_seats_stay_seats(read: float, nation: float, follow: float) -> None:
    course = history.seats_of_course(history.NATIONAL_COURSE, read, nation, follow)
    assert 0.0 <= course <= 1.0
    assert history.seats_of_course(history.CONSTANT_SEATS, read, nation, follow) == read


def test_seats_follow_the_nation_as_far_as_they_follow() -> None:
    def course(nation: float, follow: float) -> float:
        return history.seats_of_course(history.NATIONAL_COURSE, 0.2, nation, follow)

    assert course(1.0, 1.0) == course(0.4, 0.0) == 0.2
    assert course(1.5, 1.0) == pytest.approx(0.3)
    assert course(0.5, 1.0) == pytest.approx(0.1)
    assert course(1.5, 2.0) == pytest.approx(0.4)
    assert course(0.0, 1.0) == 0.0
    assert course(9.0, 1.0) == history.MOST_SEATS
    assert np.isnan(history.seats_of_course(99, 0.2, 1.0, 1.0))


def test_a_wave_is_taken_away_or_doubled_and_nothing_else() -> None:
    arrivals, above = np.array([1.0, 4.0, 2.0]), np.array([0.0, 0.75, 0.0])
    assert history.less_wave(arrivals, above, 1.0).tobytes() == arrivals.tobytes()
    assert history.less_wave(arrivals, above, 0.0).tolist() == [1.0, 1.0, 2.0]
    assert history.less_wave(arrivals, above, 2.0).tolist() == [1.0, 7.0, 2.0]
