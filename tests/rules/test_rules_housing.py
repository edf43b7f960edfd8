"""Rules of the housing market: bounds, and signs of published arrows."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import housing

UNIT = st.floats(0, 1)
P = parameters("housing")


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
