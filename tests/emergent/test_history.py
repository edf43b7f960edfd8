"""Places of different countries live through different years where inputs are by country."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from woc_sim.inputs import history
from woc_sim.inputs.tables import countries
from woc_sim.inputs.theories import packages
from woc_sim.scenario.localities import synthetic
from woc_sim.scenario.schema import PROCESSES, Scenario
from woc_sim.scenario.theories import default_theories
from woc_sim.simulation import open_world
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN

PEOPLE = 20_000
ONE_CURVE = dict(packages()["inputs"].before)
COUNTRY = {one.framework: one.country for one in countries()}
YEARS = range(2013, 2024)


@cache
def stocks(framework: str, own: bool, group: int = NON_EUROPEAN, whole: bool = False) -> np.ndarray:
    """Present members of a group per 1000 inhabitants at the end of 2013 to 2023, in a synthetic place of the
    framework of which only arrivals and deaths are lived, or the whole month."""
    place = replace(synthetic(), framework=framework, inhabitants=(50_000.0, 50_000.0))
    scenario = Scenario(
        (place,),
        people=PEOPLE,
        theories=default_theories() | ({} if own else ONE_CURVE),
        schedule=PROCESSES if whole else ("calendar", "arrivals", "demography"),
    )
    found = []
    with open_world(scenario, 0) as world:
        (locality,) = world.localities
        for month in range(144):
            world.step()
            if month % 12 == 11:
                rows = locality.migrants
                found.append(1000.0 * ((rows.group == group) & (rows.present == 1)).sum() / PEOPLE)
    return np.array(found[1:])


def published(framework: str) -> np.ndarray:
    """Applicants of the country per 1000 inhabitants from 2012 to the end of 2013 to 2023."""
    country = COUNTRY[framework]
    people = history.inhabitants()[country]
    rates = [
        1000.0 * history.applications()[country][year].persons / people[year].value
        for year in range(2012, 2024)
    ]
    return np.cumsum(rates)[1:]


@pytest.mark.parametrize("framework", ["AT", "BE-VLG", "DE", "ES", "IT", "NL", "SE", "TR", "CA"])
def test_the_course_of_the_stock_is_that_of_the_country(framework: str) -> None:
    assert np.corrcoef(stocks(framework, True), published(framework))[0, 1] > 0.99


def test_the_level_of_the_stock_is_that_of_the_country() -> None:
    """Those who choose the place, families and births make more or fewer of them."""
    frameworks = ("PL", "NL", "ES", "DE", "AT", "SE")
    ends = {one: stocks(one, True)[8] for one in frameworks}
    told = {one: published(one)[8] for one in frameworks}
    assert np.corrcoef(list(ends.values()), list(told.values()))[0, 1] > 0.95
    assert ends["PL"] < 0.2 * min(ends[one] for one in frameworks if one != "PL")


def early(framework: str, own: bool, whole: bool = False) -> float:
    """Part of the stock of 2021 that was there at the end of 2015, less what was there in 2013."""
    stock = stocks(framework, own, NON_EUROPEAN, whole)
    return float((stock[2] - stock[0]) / (stock[8] - stock[0]))


def test_sweden_is_early_and_spain_late_only_where_inputs_are_by_country() -> None:
    sweden, germany, spain = (early(one, True) for one in ("SE", "DE", "ES"))
    assert sweden > 0.5 > germany > 0.15 > spain
    one_curve = [early(one, False) for one in ("SE", "DE", "ES")]
    assert max(one_curve) - min(one_curve) < 0.1


def test_they_are_where_people_also_move_on() -> None:
    """In the whole model the stock per 1000 has the level and the course of its country."""
    assert early("SE", True, whole=True) > 0.6 > 0.4 > early("ES", True, whole=True)
    sweden, spain = (stocks(one, True, NON_EUROPEAN, True)[8] for one in ("SE", "ES"))
    assert sweden > 2.0 * spain > 0.0


def test_ukrainians_come_in_the_numbers_of_the_country() -> None:
    for framework in ("PL", "DE", "SE"):
        people = history.inhabitants()[COUNTRY[framework]][2022].value
        present = history.ukrainians()[COUNTRY[framework]][2022].value
        assert stocks(framework, True, UKRAINIAN)[-2] == pytest.approx(1000.0 * present / people, rel=0.15)


def test_fewer_are_placed_in_sweden_where_it_was_reported() -> None:
    shares = []
    for name in ("assumed", "reported"):
        place = replace(synthetic(), framework="SE")
        theories = default_theories() | {"placement": name}
        with open_world(Scenario((place,), people=50, theories=theories), 0) as world:
            shares.append(world.localities[0].value("placed_share"))
    assert shares == [0.5, 0.3]
