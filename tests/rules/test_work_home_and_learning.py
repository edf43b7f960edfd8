"""Rules of the labour market, housing and learning: bounds, and signs of published arrows."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import housing, labour, learning

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
P = parameters("work", "housing", "learning")


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


@given(st.floats(0, 1e5), st.floats(1, 1e5))
def test_vacancy_is_a_share(households: float, dwellings: float) -> None:
    assert 0.0 <= housing.vacancy_share(households, dwellings) <= 1.0


@given(UNIT, UNIT)
def test_more_is_built_where_little_is_empty(vacancy: float, other: float) -> None:
    low, high = sorted((vacancy, other))
    scarce = housing.building_step(1000.0, low, 0.006, 0.5, 0.001, 0.07)
    ample = housing.building_step(1000.0, high, 0.006, 0.5, 0.001, 0.07)
    assert scarce >= ample > 0.0


def test_a_growing_town_tightens_and_a_shrinking_one_empties() -> None:
    shares = []
    for trend in (-0.008, 0.008):
        households, dwellings = 1000.0, 1075.0
        for _ in range(120):
            households = housing.household_step(households, trend, 0.003)
            vacancy = housing.vacancy_share(households, dwellings)
            dwellings = housing.building_step(dwellings, vacancy, 0.006, 0.5, 0.001, 0.07)
        shares.append(housing.vacancy_share(households, dwellings))
    assert shares[0] > 0.07 > shares[1]


@given(UNIT, UNIT, UNIT, UNIT, st.floats(0, 8))
def test_homes_come_with_vacancy_acceptance_brokerage_and_income(
    vacancy: float, accepted: float, helped: float, income: float, ties: float
) -> None:
    chance = housing.move_chance(P, vacancy, accepted, helped, income, ties)
    assert 0.0 <= chance <= 1.0
    assert housing.move_chance(P, 0.0, accepted, helped, income, ties) == 0.0
    assert housing.move_chance(P, 1.0, accepted, helped, income, ties) >= chance
    assert housing.move_chance(P, vacancy, 1.0, helped, income, ties) >= chance
    assert housing.move_chance(P, vacancy, accepted, 1.0, income, ties) >= chance
    assert housing.move_chance(P, vacancy, accepted, helped, 1.0, ties) >= chance


@given(UNIT, UNIT, st.booleans(), UNIT, UNIT)
def test_language_saturates_and_waiting_slows_it(
    language: float, skill: float, young: bool, heard: float, waiting: float
) -> None:
    top = learning.ceiling(P, skill, young)
    later = learning.language_step(language, top, heard, 0.17, waiting)
    assert language <= later <= max(language, top) + 1e-12
    assert learning.language_step(language, top, heard, 0.17, 0.0) >= later


@given(UNIT, UNIT, st.booleans(), st.booleans())
def test_courses_and_talk_expose_to_the_language(
    course: float, talk: float, working: bool, school: bool
) -> None:
    heard = learning.exposure(P, course, working, talk, school)
    assert 0.0 < heard <= 1.0
    assert learning.exposure(P, 1.0, working, talk, school) >= heard
    assert learning.exposure(P, course, working, 1.0, school) >= heard


@given(UNIT, st.floats(0, 8), UNIT, UNIT)
def test_services_become_known_and_unknown_ones_are_unused(
    known: float, ties: float, reception: float, language: float
) -> None:
    later = learning.known_step(P, known, ties, reception, language)
    assert known <= later <= 1.0
    assert learning.known_step(P, known, ties + 1.0, reception, language) >= later
    assert learning.uptake(P, 1.0, 0.0, 0.0) == 0.0


def test_only_distrust_keeps_people_from_what_they_know() -> None:
    assert learning.uptake(P, 0.8, 0.5, 1.0) == learning.uptake(P, 0.8, 0.5, 0.0) == 0.4
    assert learning.uptake(P, 0.8, 0.5, -1.0) == 0.4 * (1.0 - P.learning_distrust)
