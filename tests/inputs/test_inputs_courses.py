"""Courses of countries by month: they add up to the years of the tables, and differ as these do."""

from itertools import pairwise

import numpy as np
import pytest

from woc_sim.inputs import courses, history
from woc_sim.inputs.courses import BEGIN, WAVE_YEARS, YEARS
from woc_sim.inputs.tables import calendar
from woc_sim.inputs.vocabulary import COUNTRIES, MONTHS


def by_year(months: courses.Months) -> dict[int, float]:
    return {year: sum(months[12 * (year - BEGIN) : 12 * (year - BEGIN) + 12]) for year in YEARS}


@pytest.mark.parametrize("country", COUNTRIES)
def test_applicants_of_a_year_are_those_of_the_table(country: str) -> None:
    course = courses.applicants(country)
    people = history.inhabitants()[country]
    for year, months in by_year(course.months).items():
        persons = course.level * months / 12.0 * people[year].value / 1000.0
        assert persons == pytest.approx(history.applications()[country][year].persons)
    assert np.mean(course.months[24:120]) == pytest.approx(1.0)


def test_months_inside_a_year_have_the_european_profile() -> None:
    european = [month.arrivals["asylum"] for month in calendar()]
    for country in ("Sweden", "Spain"):
        months = courses.applicants(country).months
        assert np.divide(months[36:48], european[36:48]) == pytest.approx(months[36] / european[36])


@pytest.mark.parametrize("country", COUNTRIES)
def test_ukrainians_have_come_by_the_end_of_2022(country: str) -> None:
    months = courses.ukrainian_refugees(country).months
    assert sum(months[:132]) == pytest.approx(1.0)
    assert sum(months[:121]) == 0.0
    assert min(months) >= 0.0
    assert courses.ukrainian_refugees("Poland").level > 5.0 * courses.ukrainian_refugees("Sweden").level


def test_a_year_without_decisions_lies_between_its_neighbours() -> None:
    assert 2014 not in history.decisions()["Austria"]
    months = courses.rejected("Austria")
    assert months[12 * 2] == pytest.approx((months[12 * 1] + months[12 * 3]) / 2.0)
    assert all(0.0 < share < 1.0 for country in COUNTRIES for share in courses.rejected(country))


def test_salience_lies_on_the_waves_and_between_them() -> None:
    months = courses.salience("Sweden", "country")
    assert months is not None
    assert (months[46], months[52]) == pytest.approx((51.0 / 58.0, 42.3 / 58.0))
    assert months[49] == pytest.approx((months[46] + months[52]) / 2.0)
    assert months[0] == months[4]
    assert months[143] == months[142]
    assert courses.salience("Turkey", "eu") is None


def test_salience_does_not_rise_with_the_war() -> None:
    """What the European curve assumes for spring 2022 was not measured: May 2022 lies below November 2021."""
    european = [month.media for month in calendar()]
    assert european[124] > european[118]
    falls = 0
    for country in COUNTRIES:
        months = courses.salience(country, "eu")
        falls += months is not None and months[124] < months[118]
    assert falls == 8


def test_the_national_vote_is_one_at_the_reading_and_begins_late_where_parties_did() -> None:
    for country in COUNTRIES:
        assert courses.national_vote(country)[12 * (2021 - BEGIN)] == 1.0
    assert set(courses.national_vote("Turkey")) == {1.0}
    assert courses.national_vote("Spain")[95] == 0.0 < courses.national_vote("Spain")[96]
    assert courses.national_vote("Germany")[71] == 0.0 < courses.national_vote("Germany")[72]


def test_the_wave_is_where_europe_lies_above_its_trend() -> None:
    """Without the fixed years, the European series exceeds the line of 2012 and 2013 in just these years."""
    years = by_year(tuple(month.arrivals["asylum"] for month in calendar()))
    slope = years[2013] - years[2012]
    above = [y for y in range(2014, 2024) if years[y] > years[2013] + slope * (y - 2013)]
    assert above == list(WAVE_YEARS)


@pytest.mark.parametrize("country", [None, *COUNTRIES])
def test_without_the_wave_the_trend_remains(country: str | None) -> None:
    above = courses.above_trend(country)
    assert len(above) == MONTHS
    assert all(0.0 <= share < 1.0 for share in above), "somebody comes without the wave too"
    assert not any(above[:24])
    assert not any(above[60:])


def test_a_falling_line_is_no_trend() -> None:
    """Belgium received fewer from 2010 on; their line would end below nobody in the middle of the wave."""
    rates = [
        1000.0 * one.persons / history.inhabitants()["Belgium"][year].value
        for year, one in history.applications()["Belgium"].items()
    ]
    assert all(later < earlier for earlier, later in pairwise(rates[:4]))
    rest = rates[5] * (1.0 - courses.above_trend("Belgium")[12 * (2015 - BEGIN)])
    assert rest == pytest.approx(np.mean(rates[:4]))


def test_placement_is_reported_for_sweden_only() -> None:
    assert [c for c in COUNTRIES if courses.placed_share(c, -1.0) != -1.0] == ["Sweden"]
