"""Rules of markets: size, land, employers who are open or closed; the defaults change nothing."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import labour, markets
from woc_sim.rules.markets import ALIKE, INDEPENDENT, JOINT, SEGMENTED, SIZED, UNIFORM

UNIT = st.floats(0, 1)
P = parameters("work")


@given(UNIT, UNIT, UNIT, UNIT)
def test_the_trend_falls_with_unemployment_and_keeps_its_range(
    own: float, rate: float, more: float, correlation: float
) -> None:
    assert markets.trend_position(INDEPENDENT, own, rate, correlation) == own
    here = markets.trend_position(JOINT, own, rate, correlation)
    assert 0.0 <= here <= 1.0
    assert markets.trend_position(JOINT, own, min(1.0, rate + more), correlation) <= here
    assert markets.trend_position(JOINT, own, rate, 0.0) == pytest.approx(own, abs=1e-9)
    assert markets.trend_position(JOINT, own, rate, 1.0) == pytest.approx(1.0 - rate, abs=1e-9)


def test_trend_and_unemployment_correlate_as_asked_and_both_stay_uniform() -> None:
    steps = [(each + 0.5) / 60 for each in range(60)]
    found = [(u, markets.trend_position(JOINT, own, u, 0.5)) for own in steps for u in steps]
    middle = sum(trend for _, trend in found) / len(found)
    variance = sum((trend - 0.5) ** 2 for _, trend in found) / len(found)
    covariance = sum((u - 0.5) * (trend - middle) for u, trend in found) / len(found)
    assert middle == pytest.approx(0.5, abs=0.005)
    assert variance == pytest.approx(1 / 12, rel=0.02)
    # The rank correlation of a normal copula is 6/pi asin(rho/2): .483 for one half.
    assert covariance / variance == pytest.approx(-0.483, abs=0.01)


@given(st.floats(0, 20), st.floats(0.02, 0.3), st.floats(1e3, 5e5), st.floats(1, 3))
def test_jobs_match_better_where_more_are_vacant_and_worse_where_few_are(
    tight: float, rate: float, people: float, larger: float
) -> None:
    def factor(theory: int, inhabitants: float, **changed: float) -> float:
        return markets.thickness(P._replace(**changed), theory, tight, rate, inhabitants)

    assert factor(UNIFORM, people) == 1.0
    assert factor(SIZED, people, work_thick=0.0) == 1.0
    assert factor(SIZED, people) <= factor(SIZED, people * larger) + 1e-12
    vacant = tight * rate * P.work_labour_force * people
    assert (factor(SIZED, people) > 1.0) == (vacant > P.work_thick_half) or vacant == P.work_thick_half


@given(UNIT, st.floats(0, 0.3), st.floats(0, 1e6), st.floats(0, 1e5), UNIT)
def test_building_is_slower_where_much_is_built_but_only_when_homes_are_short(
    response: float, vacancy: float, dwellings: float, more: float, land: float
) -> None:
    def of(theory: int, built: float, weight: float = land) -> float:
        return markets.building_response(theory, response, vacancy, 0.07, built, weight, 20_000.0)

    assert of(UNIFORM, dwellings) == of(SIZED, dwellings, 0.0) == response
    assert 0.0 <= of(SIZED, dwellings + more) <= of(SIZED, dwellings) + 1e-12
    if vacancy >= 0.07:
        assert of(SIZED, dwellings) == response
    elif dwellings > 20_000.0:
        assert of(SIZED, dwellings) <= response
    else:
        assert of(SIZED, dwellings) >= response


@given(st.floats(-1, 1), UNIT)
def test_open_employers_accept_more_and_closed_ones_less(attitude: float, distance: float) -> None:
    accepted = labour.acceptance(P.work_acceptance, P.work_acceptance_slope, attitude, distance)
    assert markets.employer_accepts(P, ALIKE, attitude, distance) == accepted
    assert markets.employer_accepts(P._replace(work_segmented=0.0), SEGMENTED, attitude, distance) == accepted
    split = markets.employer_accepts(P, SEGMENTED, attitude, distance)
    is_open = P.work_acceptance + attitude - distance > 0.0
    assert 0.0 <= split <= 1.0
    assert split >= accepted if is_open else split <= accepted
    wholly = markets.employer_accepts(P._replace(work_segmented=1.0), SEGMENTED, attitude, distance)
    assert wholly == pytest.approx(float(is_open), abs=1e-12)


@given(st.floats(0.01, 1), st.floats(0, 5e3), st.floats(0.02, 0.3), st.floats(0, 5e3))
def test_the_line_is_longer_with_more_newcomers_and_fewer_open_doors(
    accepted: float, seekers: float, rate: float, more: float
) -> None:
    def part(theory: int, share: float, number: float, weight: float = 1.0) -> float:
        return markets.open_part(P._replace(work_queue=weight), theory, share, number, rate, 20_000.0)

    assert part(ALIKE, accepted, seekers) == 1.0
    assert part(SEGMENTED, accepted, seekers, 0.0) == pytest.approx(1.0)
    assert part(SEGMENTED, accepted, 0.0) == pytest.approx(1.0)
    assert 0.0 < part(SEGMENTED, accepted, seekers + more) <= part(SEGMENTED, accepted, seekers) <= 1.0
    assert part(SEGMENTED, accepted / 2, seekers) <= part(SEGMENTED, accepted, seekers)
    assert part(SEGMENTED, 0.0, seekers) == 0.0


@given(st.floats(0.1, 0.9), st.floats(0.05, 0.45))
def test_hostility_costs_more_where_many_newcomers_seek(accepted: float, less: float) -> None:
    """With a line, the loss by fewer open doors grows with the number who stand in it."""
    assume(less < accepted)

    def loss(seekers: float) -> float:
        before, after = (
            markets.open_part(P, SEGMENTED, each, seekers, 0.06, 20_000.0)
            for each in (accepted, accepted - less)
        )
        return after / before

    assert loss(1000.0) < loss(10.0) < 1.0
    # Worked out by hand: 600 unemployed, half of the doors open, 300 newcomers: .5/(.5 + .5).
    assert markets.open_part(P, SEGMENTED, 0.5, 300.0, 0.06, 20_000.0) == pytest.approx(0.5)
