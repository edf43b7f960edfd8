"""What earlier migrants leave: more with number, years and means, and nothing without one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.legacy import (
    NO_LEGACY,
    STOCK_AND_YEARS,
    founded_share,
    known_at_start,
    legacy_left,
    years_settled,
)

P = parameters("legacy", "civil_society")
SHARE = st.floats(0, 1)
YEARS = st.floats(0, 60)
MEANS = st.floats(0.25, 2.5)


@given(SHARE, YEARS, MEANS, st.floats(0, 0.3), st.floats(0, 0.15))
def test_the_legacy_is_a_share_that_number_years_and_means_raise(stock, years, means, gain, fade):
    p = P._replace(legacy_gain=gain, legacy_fade=fade)
    left = legacy_left(p, STOCK_AND_YEARS, stock, years, means)
    assert 0.0 <= left <= 1.0
    assert left <= legacy_left(p, STOCK_AND_YEARS, stock + 0.1, years, means) + 1e-12
    assert left <= legacy_left(p, STOCK_AND_YEARS, stock, years + 5, means) + 1e-12
    assert left <= legacy_left(p, STOCK_AND_YEARS, stock, years, means + 0.2) + 1e-12
    assert legacy_left(p, NO_LEGACY, stock, years, means) == 0.0


def test_a_legacy_worked_out_by_hand():
    """Half of the gain at the half stock: .05 after a year, then .05 + .05 x .95 - .05 x .05."""
    p = P._replace(legacy_gain=0.1, legacy_stock_half=0.1, legacy_fade=0.05)
    assert legacy_left(p, STOCK_AND_YEARS, 0.1, 1.9, 1.0) == pytest.approx(0.05)
    assert legacy_left(p, STOCK_AND_YEARS, 0.1, 2.0, 1.0) == pytest.approx(0.095)


@given(SHARE, YEARS)
def test_nothing_is_left_without_migrants_years_or_gain(stock, years):
    assert legacy_left(P, STOCK_AND_YEARS, 0.0, years, 1.0) == 0.0
    assert legacy_left(P, STOCK_AND_YEARS, stock, 0.0, 1.0) == 0.0
    assert legacy_left(P._replace(legacy_gain=0.0), STOCK_AND_YEARS, stock, years, 1.0) == 0.0


@given(SHARE, YEARS)
def test_organisations_follow_the_stock_or_the_years_with_it(stock, years):
    assert founded_share(P, NO_LEGACY, stock, years) == stock / (stock + 0.05)
    share = founded_share(P, STOCK_AND_YEARS, stock, years)
    assert 0.0 <= share <= founded_share(P, STOCK_AND_YEARS, stock, years + 10) <= 1.0
    lasting = P._replace(civil_society_dissolve=0.0)
    assert share <= founded_share(lasting, STOCK_AND_YEARS, stock, years)


@given(SHARE, SHARE, SHARE)
def test_know_how_is_added_to_what_all_know(known, legacy, share):
    assert known - 1e-12 <= known_at_start(known, legacy, share) <= 1.0
    assert known_at_start(known, 0.0, share) == known


def test_years_in_a_place_lie_between_a_part_and_all_of_the_countrys():
    assert years_settled(40.0, 0.3, 0.0) == pytest.approx(12.0)
    assert years_settled(40.0, 0.3, 1.0) == pytest.approx(40.0)
    assert years_settled(40.0, 1.0, 0.0) == 40.0
