"""Rules of threat: what is felt as a threat, and by whom."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import threat
from woc_sim.rules.threat import NO_THREAT, THREAT_RATE, THREAT_STOCK

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
STEP = st.floats(0, 0.05)
P = parameters("attitudes")


@given(UNIT, UNIT, UNIT, st.floats(0, 3))
def test_threat_is_of_the_rate_or_of_the_stock_or_none(
    rate: float, stock: float, politicised: float, inflation: float
) -> None:
    p = P._replace(attitudes_inflation=inflation)
    for theory in (THREAT_RATE, THREAT_STOCK):
        assert 0.0 <= threat.threat_signal(p, theory, rate, stock, politicised) <= 1.0
    by_rate = threat.threat_signal(p, THREAT_RATE, rate, stock, politicised)
    assert by_rate == threat.threat_signal(p, THREAT_RATE, rate, 0.0, politicised)
    by_stock = threat.threat_signal(p, THREAT_STOCK, rate, stock, politicised)
    assert by_stock == threat.threat_signal(p, THREAT_STOCK, 0.0, stock, politicised)
    assert threat.threat_signal(p, NO_THREAT, rate, stock, politicised) == 0.0


@given(OPINION, UNIT, UNIT, UNIT, OPINION, UNIT, STEP)
def test_only_the_right_feels_threatened(
    attitude: float,
    signal: float,
    scarce: float,
    politicised: float,
    leaning: float,
    distance: float,
    gain: float,
) -> None:
    effect = threat.threat_effect(attitude, signal, scarce, politicised, leaning, distance, gain)
    assert effect <= 0.0
    assert attitude + effect >= -1.0 - 1e-12
    assert leaning > 0.0 or effect == 0.0


@given(st.floats(0, 50), UNIT, st.floats(0, 50), UNIT)
def test_scarcity_falls_with_jobs_and_homes(tight: float, vacancy: float, more: float, empty: float) -> None:
    scarce = threat.scarcity(P, tight, vacancy)
    assert 0.0 <= scarce <= 1.0
    assert threat.scarcity(P, tight + more, vacancy) <= scarce
    assert threat.scarcity(P, tight, vacancy + empty) <= scarce


@given(UNIT, OPINION, UNIT, UNIT, UNIT)
def test_perceptions_stay_in_their_scale(
    before: float, attitude: float, signal: float, scarce: float, speed: float
) -> None:
    p = P._replace(attitudes_perception=speed)
    assert 0.0 <= threat.perceived_threat(p, before, attitude, signal, scarce) <= 1.0
    assert 0.0 <= threat.perceived_benefit(p, before, attitude, signal) <= 1.0
