"""Rules of provision: what begins and ends initiatives, and what they serve."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.provision import (
    CROWDING_OUT,
    NEED_ONLY,
    Actor,
    begin_chance,
    covered_by_two,
    end_chance,
    interest_will,
    mission_will,
    served,
    unmet,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("business", "civil_society")


@given(SHARE, SHARE)
def test_measures_crowd_out_only_in_the_theory_that_says_so(need, covered):
    assert unmet(CROWDING_OUT, need, covered) <= unmet(NEED_ONLY, need, covered) == need


@given(SHARE, SHARE, SIGNED, SIGNED, SHARE, SHARE, st.floats(0, 5), SIGNED)
def test_mission_will_rises_with_need_and_falls_with_other_work(
    left, third, joint, openness, tired, public, busy, goodwill
):
    actor = Actor(third, joint, openness, tired, goodwill, 1.2, 0.5, 0.0)
    will = mission_will(P, actor, left, public, busy)
    assert 0 <= will <= 1
    assert mission_will(P, actor, left + 0.2, public, busy) > will
    assert mission_will(P, actor, left, public, busy + 1) < will
    assert mission_will(P, actor, left, public + 0.2, busy) > will
    assert mission_will(P, actor._replace(goodwill=goodwill + 0.2), left, public, busy) > will
    assert mission_will(P, actor._replace(fatigue=tired + 0.2), left, public, busy) < will
    assert mission_will(P, actor._replace(tie=0.0), left, public, busy) <= will
    assert mission_will(P, actor._replace(courage=-0.2), left, public, busy) < will


@given(SHARE, SHARE, SHARE, SIGNED)
def test_interest_needs_an_own_shortage(shortage, cost, invited, reaction):
    will = interest_will(P, shortage, 0.3, invited, reaction, 0.0)
    assert interest_will(P, shortage + 0.1, 0.3, invited, reaction, 0.0) > will
    assert interest_will(P, shortage, 1.0, invited, reaction, 0.0) <= will
    assert interest_will(P, shortage, 0.3, invited, reaction, -0.2) < will


@given(st.floats(0, 100))
def test_supply_has_diminishing_returns(supply):
    assert 0 <= served(supply, 3.0) < 1
    assert served(supply + 1, 3.0) - served(supply, 3.0) >= served(supply + 2, 3.0) - served(supply + 1, 3.0)


@given(SHARE, SHARE)
def test_will_begins_initiatives_and_the_lack_of_it_ends_them(will, more):
    stronger = min(1.0, will + more)
    assert 0 <= begin_chance(will, 0.08) <= begin_chance(stronger, 0.08) <= 0.08
    assert 0 <= end_chance(stronger, 0.05) <= end_chance(will, 0.05) <= 0.05
    both = covered_by_two(will, more)
    assert max(will, more) - 1e-12 <= both == covered_by_two(more, will) <= 1
