"""Whole posts: rounding with persistence, bodies that need free posts, and generalists."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.staff import DIVISIBLE, WHOLE, can_be_set_up, staff_in_post, staffed

P = parameters("staff")
STAFF = st.floats(0, 40)
KEEPS = st.floats(0, 0.5)


@given(STAFF, STAFF, KEEPS)
def test_posts_are_whole_and_near_to_what_can_be_paid(held: float, wanted: float, keeps: float) -> None:
    assert staff_in_post(DIVISIBLE, held, wanted, keeps) == held
    posts = staff_in_post(WHOLE, held, wanted, keeps)
    assert posts == int(posts) >= 0
    assert abs(posts - wanted) <= 0.5 + keeps + 1e-9


@given(STAFF, STAFF, KEEPS)
def test_what_was_rounded_stays_where_means_stay(held: float, wanted: float, keeps: float) -> None:
    posts = staff_in_post(WHOLE, held, wanted, keeps)
    assert staff_in_post(WHOLE, posts, wanted, keeps) == posts


def test_the_same_means_pay_more_posts_on_the_way_down_than_on_the_way_up() -> None:
    """Worked by hand: a post is made at 3.75 and cut at 3.25."""
    assert [staff_in_post(WHOLE, 3.0, wanted, 0.25) for wanted in (3.2, 3.6, 3.75)] == [3.0, 3.0, 4.0]
    assert [staff_in_post(WHOLE, 4.0, wanted, 0.25) for wanted in (3.6, 3.3, 3.25)] == [4.0, 4.0, 3.0]
    assert staff_in_post(WHOLE, 3.0, 3.6, 0.0) == staff_in_post(WHOLE, 4.0, 3.6, 0.0) == 4.0


@given(st.floats(0, 5), st.floats(0, 5), st.floats(-5, 20))
def test_a_body_of_its_own_needs_free_posts_where_posts_are_whole(
    needed: float, own: float, free: float
) -> None:
    assert can_be_set_up(DIVISIBLE, needed, own, free)
    assert can_be_set_up(WHOLE, 0.5, own, free)
    assert can_be_set_up(WHOLE, 1.0, own, free) == (own <= free)
    assert not can_be_set_up(99, needed, own, free)


def test_generalists_cover_what_specialists_do_not() -> None:
    shares = [staffed(P, WHOLE, 1.0, filled) for filled in (0.0, 0.3, 0.7, 1.0)]
    assert shares[0] == P.staff_generalist
    assert shares[-1] == 1.0
    assert all(a < b for a, b in pairwise(shares))
    assert staffed(P, WHOLE, 0.0, 0.0) == staffed(P, DIVISIBLE, 1.0, 0.0) == 1.0
    nobody = P._replace(staff_generalist=0.0)
    assert staffed(nobody, WHOLE, 0.5, 0.4) == pytest.approx(0.4)
