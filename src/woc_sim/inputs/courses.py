"""Courses of single countries, month by month from 2012-01 to 2023-12, from what was measured of them.

The tables (`woc_sim.inputs.history`) have years or half-years. The months inside a year follow the profile of
the European series in calendar.csv. How large a series is, and its course against its size, are kept apart,
as in the model's state: a level, and months relative to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import fsum
from typing import Final

from woc_sim.inputs import history
from woc_sim.inputs.tables import calendar
from woc_sim.inputs.vocabulary import MONTHS

PER: Final = 1000.0  # levels are for a thousand inhabitants
BEGIN: Final = 2012  # year of the first month
YEARS: Final = range(BEGIN, BEGIN + MONTHS // 12)
COUNTED_YEARS: Final = range(2014, 2022)
"""Years whose mean is the level of yearly arrivals, as in countries.csv."""
WAVE_YEARS: Final = range(2014, 2017)
"""The wave of 2015: the years around it in which the European series lies above its trend of before."""
BEFORE_WAVE: Final = range(history.FIRST_YEAR, WAVE_YEARS[0])
SEATS_READ: Final = 2021
"""Year in which local seats are what Table A1 says: that of the study's fieldwork."""
FULL_SALIENCE: Final = 58.0
"""Percent naming immigration at which salience is 1: the European peak, as in calendar.csv."""

ASYLUM, UKRAINIANS = "asylum", "ukrainians"
"""Columns of calendar.csv whose European series a country's own course can replace."""

Months = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Arrivals of one group in a country.

    ``level`` per 1000 inhabitants: a year as a mean of 2014-21, or all who had come by the end of 2022;
    ``months`` against the mean month of 2014-21, or as shares of the level.
    """

    level: float
    months: Months


def _months_of_year(year: int) -> range:
    return range(12 * (year - BEGIN), 12 * (year - BEGIN) + 12)


def _profile(series: str, year: int) -> list[float]:
    """Shares of the months in what the European series has in a year; equal ones if it has nothing."""
    values = [calendar()[month].arrivals[series] for month in _months_of_year(year)]
    total = fsum(values)
    return [value / total for value in values] if total > 0.0 else [1.0 / 12.0] * 12


@cache
def applicants(country: str) -> Course:
    """Asylum applications and registrations under temporary protection of a country."""
    rates = _rates(country)
    level = fsum(rates[year] for year in COUNTED_YEARS) / len(COUNTED_YEARS)
    months = [12.0 * rates[year] / level * share for year in YEARS for share in _profile(ASYLUM, year)]
    return Course(level, tuple(months))


def _rates(country: str) -> dict[int, float]:
    """Applicants of each year per 1000 inhabitants."""
    people = history.inhabitants()[country]
    return {
        year: PER * one.persons / people[year].value for year, one in history.applications()[country].items()
    }


@cache
def ukrainian_refugees(country: str) -> Course:
    """Refugees from Ukraine of a country: who was present at the end of 2022 and not before the war, and by
    how many more there were at the end of 2023 (none where there were fewer: the model has departures of its
    own)."""
    people, present = history.inhabitants()[country], history.ukrainians()[country]
    before = present[2021].value if 2021 in present else 0.0
    level = PER * (present[2022].value - before) / people[2022].value
    more = PER * (present[2023].value / people[2023].value - present[2022].value / people[2022].value)
    of_year = {2022: 1.0, 2023: max(0.0, more / level)}
    months = [of_year.get(year, 0.0) * share for year in YEARS for share in _profile(UKRAINIANS, year)]
    return Course(level, tuple(months))


@cache
def rejected(country: str) -> Months:
    """Share of first-instance decisions that reject the claim; a missing year lies between its neighbours."""
    known = {year: one.rejected_share for year, one in history.decisions()[country].items()}
    return tuple(value for year in YEARS for value in [_between(known, year)] * 12)


@cache
def salience(country: str, context: str) -> Months | None:
    """Salience of immigration, 1 at `FULL_SALIENCE` percent, between the waves on a straight line; before the
    first known wave and after the last as in these. None for a country without the survey."""
    known = {}
    for one in history.salience():
        if (one.country, one.context) == (country, context) and one.percent is not None:
            year, month = (int(part) for part in one.wave.split("-"))
            known[12 * (year - BEGIN) + month - 1] = one.percent / FULL_SALIENCE
    return tuple(_between(known, month) for month in range(MONTHS)) if known else None


@cache
def national_vote(country: str) -> Months:
    """Vote of the radical right against that of `SEATS_READ`. An election counts from the January after it;
    1 in every month for a country whose vote is not known."""
    if country not in history.votes():
        return (1.0,) * MONTHS
    percent = {year: one.value for year, one in history.votes()[country].items()}
    base = percent[SEATS_READ - 1]
    if base <= 0.0:
        raise ValueError(
            f"radical_right_votes.csv: {country} has no vote to which {SEATS_READ} can be related"
        )
    return tuple(value for year in YEARS for value in [percent[year - 1] / base] * 12)


def placed_share(country: str, assumed: float) -> float:
    """Share of newcomers who were placed where it was reported, else what was assumed."""
    found = history.placements().get(country)
    return assumed if found is None else found.placed_share


@cache
def above_trend(country: str | None) -> Months:
    """Share of each month's asylum arrivals that exceeds the trend from before the wave of 2015, 0..1.

    The trend is the straight line (least squares) through the years before 2014: 2010-13 for a country,
    2012-13 for the European series (None). Where that line falls, the mean of these years goes on instead,
    since it would end below nobody. The share is 0 outside `WAVE_YEARS`.
    """
    if country is None:
        months = calendar()
        rates = {year: fsum(months[m].arrivals[ASYLUM] for m in _months_of_year(year)) for year in YEARS}
    else:
        rates = _rates(country)
    trend = _trend({year: rates[year] for year in BEFORE_WAVE if year in rates})
    found = []
    for year in YEARS:
        beyond = 1.0 - trend(year) / rates[year] if year in WAVE_YEARS and rates[year] > 0.0 else 0.0
        found += [max(0.0, beyond)] * 12
    return tuple(found)


def _trend(values: Mapping[int, float]) -> Callable[[int], float]:
    """The straight line of least squares through two points or more, level where it would fall."""
    middle = fsum(values) / len(values)
    mean = fsum(values.values()) / len(values)
    slope = fsum((x - middle) * (y - mean) for x, y in values.items()) / fsum(
        (x - middle) * (x - middle) for x in values
    )
    return lambda year: mean + max(0.0, slope) * (year - middle)


def _between(known: Mapping[int, float], at: int) -> float:
    """The value at a place: known, on the straight line between its known neighbours, or that of the nearest
    one."""
    if at in known:
        return known[at]
    before: Sequence[int] = [place for place in known if place < at]
    after: Sequence[int] = [place for place in known if place > at]
    if not before or not after:
        return known[min(after) if after else max(before)]
    left, right = max(before), min(after)
    return known[left] + (known[right] - known[left]) * (at - left) / (right - left)
