"""Rules of decline: grievance needs loss and media; need makes who hires, lets and governs invite, or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import decline
from woc_sim.rules.decline import GRIEVANCE, INVITING, NO_PULL, SILENT

UNIT = st.floats(0, 1)
OPINION = st.floats(-1, 1)
P = parameters("attitudes")


@given(st.floats(-0.03, 0.03), UNIT, st.floats(0, 0.01))
def test_grievance_needs_loss_of_people_and_media_that_speak(trend: float, media: float, more: float) -> None:
    felt = decline.grievance(P, GRIEVANCE, trend, media)
    assert felt >= 0.0
    assert decline.grievance(P, SILENT, trend, media) == 0.0
    assert decline.grievance(P, GRIEVANCE, abs(trend), media) == 0.0
    assert decline.grievance(P, GRIEVANCE, trend, 0.0) == 0.0
    assert decline.grievance(P._replace(attitudes_grievance=0.0), GRIEVANCE, trend, media) == 0.0
    assert decline.grievance(P, GRIEVANCE, trend - more, media) >= felt


def test_grievance_worked_out_by_hand() -> None:
    """A loss of half a percent a year is half of the grievance."""
    felt = decline.grievance(P, GRIEVANCE, -P.attitudes_decline_half, 0.6)
    assert felt == pytest.approx(P.attitudes_grievance * 0.5 * 0.6)
    assert decline.grievance_effect(0.2, 0.5, felt) == pytest.approx(-felt * 1.2)


@given(OPINION, UNIT, st.floats(0, 0.03), UNIT)
def test_grievance_lowers_attitudes_to_distant_groups_more_and_stays_in_the_scale(
    attitude: float, distance: float, felt: float, more: float
) -> None:
    effect = decline.grievance_effect(attitude, distance, felt)
    assert effect <= 0.0
    assert attitude + effect >= -1.0 - 1e-12
    assert decline.grievance_effect(attitude, min(1.0, distance + more), felt) <= effect


@given(UNIT, UNIT, UNIT, UNIT)
def test_need_opens_doors_and_plenty_closes_them(
    accepted: float, need: float, more: float, weight: float
) -> None:
    assert decline.with_need(NO_PULL, accepted, need, weight) == accepted
    assert decline.with_need(INVITING, accepted, need, 0.0) == accepted
    assert decline.with_need(INVITING, accepted, 0.5, weight) == accepted
    found = decline.with_need(INVITING, accepted, need, weight)
    assert 0.0 <= found <= 1.0
    assert found >= accepted if need > 0.5 else found <= accepted
    assert decline.with_need(INVITING, accepted, min(1.0, need + more), weight) >= found - 1e-12


@given(OPINION, UNIT, UNIT, UNIT)
def test_a_mayor_wants_newcomers_where_hands_and_tenants_are_short(
    own: float, shortage: float, empty: float, weight: float
) -> None:
    assert decline.with_wish(NO_PULL, own, shortage, empty, weight) == own
    found = decline.with_wish(INVITING, own, shortage, empty, weight)
    assert found >= own if shortage + empty >= 1.0 else found <= own
    assert decline.with_wish(INVITING, own, shortage, empty, 0.0) == own
