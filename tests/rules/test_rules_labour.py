"""Rules of the labour market: bounds, and signs of published arrows."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import labour

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
P = parameters("work")


@given(st.floats(0, 0.5), st.floats(0, 0.3))
def test_unemployment_leaves_fewer_vacancies_per_seeker(rate: float, more: float) -> None:
    tight = labour.vacancies_per_seeker(rate, 0.0036)
    assert tight > 0.0
    assert labour.vacancies_per_seeker(rate + more, 0.0036) <= tight


@given(OPINION, UNIT, st.floats(0.3, 1))
def test_acceptance_rises_with_attitude_and_falls_with_distance(
    attitude: float, far: float, base: float
) -> None:
    accepted = labour.acceptance(base, 2.0, attitude, far)
    assert 0.0 < accepted < 1.0
    assert labour.acceptance(base, 2.0, -1.0, far) <= accepted <= labour.acceptance(base, 2.0, 1.0, far)
    assert (
        labour.acceptance(base, 2.0, attitude, 1.0) <= accepted <= labour.acceptance(base, 2.0, attitude, 0.0)
    )


@given(UNIT, st.floats(0, 20), UNIT, UNIT, st.floats(0, 8), UNIT)
def test_jobs_come_with_language_demand_acceptance_help_and_ties(
    language: float, tight: float, accepted: float, support: float, ties: float, skill: float
) -> None:
    def chance(**changed: float) -> float:
        given = {"language": language, "tight": tight, "accepted": accepted, "support": support, "ties": ties}
        given.update(changed)
        return labour.job_chance(
            P, given["tight"], given["accepted"], given["language"], skill, given["support"], given["ties"]
        )

    own = chance()
    assert 0.0 <= own <= 1.0
    for name, best in (
        ("language", 1.0),
        ("tight", 20.0),
        ("accepted", 1.0),
        ("support", 1.0),
        ("ties", 8.0),
    ):
        assert chance(**{name: best}) >= own
    assert chance(accepted=0.0) == 0.0


@given(st.floats(0, 0.05), UNIT)
def test_precarious_jobs_are_lost_sooner_and_a_slump_costs_both(base: float, slump: float) -> None:
    p = P._replace(work_loss=base)
    assert labour.loss_chance(p, False, slump) <= labour.loss_chance(p, True, slump) <= 1.0
    assert labour.loss_chance(p, True, 0.0) <= labour.loss_chance(p, True, slump)


@given(st.floats(0.01, 0.3), st.floats(0.01, 0.3))
def test_unemployment_returns_to_its_base(rate: float, base: float) -> None:
    later = labour.unemployment_step(rate, base, 0.0, 0.6, 0.1)
    assert abs(later - base) <= abs(rate - base) + 1e-12
    assert labour.unemployment_step(rate, base, 1.0, 0.6, 0.1) >= later


@given(st.floats(0, 100), st.floats(-0.02, 0.02))
def test_shortage_is_felt_more_where_people_leave(tight: float, trend: float) -> None:
    felt = labour.shortage(P, tight, trend)
    assert 0.0 <= felt <= 1.0
    assert labour.shortage(P, tight, -0.02) >= felt >= labour.shortage(P, tight, 0.02)
