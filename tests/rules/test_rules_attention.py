"""Rules of attention: what is noticed, who leaves with the news, and how a rally ebbs."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.attention import FADING, STEADY, lapse, noticed, rally_left, rally_wave

SHARE = st.floats(0, 1)
P = parameters("attention", "attitudes")


@given(SHARE, SHARE)
def test_only_what_exceeds_the_usual_is_noticed(salience: float, used_to: float) -> None:
    assert noticed(P, STEADY, salience, used_to) == salience
    found = noticed(P, FADING, salience, used_to)
    assert 0.0 <= found <= noticed(P, FADING, salience, 0.0) <= 1.0
    if salience <= used_to:
        assert found == 0.0


@given(SHARE, SHARE)
def test_the_interested_stay_and_the_others_leave_with_the_news(fresh: float, interest: float) -> None:
    assert lapse(P, STEADY, fresh, interest) == 1.0
    assert lapse(P, FADING, fresh, 1.0) == 1.0
    assert lapse(P, FADING, 1.0, interest) == 1.0
    assert 1.0 <= lapse(P, FADING, fresh, interest) <= lapse(P, FADING, 0.0, interest)
    assert lapse(P, FADING, 0.0, 0.0) == 1.0 + P.attention_lapse


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=60))
def test_the_ebb_never_takes_more_than_the_waves_brought(arrivals: list[float]) -> None:
    total = lasting = 0.0
    for arriving in arrivals:
        assert rally_wave(P, STEADY, arriving, lasting) == arriving
        total += rally_wave(P, FADING, arriving, lasting)
        lasting = rally_left(P, lasting, arriving)
        assert 0.0 <= lasting <= total + 1e-12


def test_a_wave_has_ebbed_after_some_years() -> None:
    lasting = rally_left(P, 0.0, 1.0)
    for _ in range(48):
        lasting = rally_left(P, lasting, 0.0)
    assert lasting < 0.01
