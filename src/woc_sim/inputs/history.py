"""What was measured of each country by year or half-year: typed, checked readers of seven tables.

One row is one number of one country at one time, with its source and a level of trust (`TRUST`). A country or
year that is not listed was not found: whoever needs one says what holds instead (`woc_sim.inputs.courses`).
Faults raise ``ValueError`` naming file and row, as in `woc_sim.inputs.tables`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, TypeVar

from woc_sim.inputs.reading import Row, read_rows, refuse_twins
from woc_sim.inputs.vocabulary import COUNTRIES

T = TypeVar("T")

TRUST: Final = ("measured", "digitised", "order_of_magnitude", "from_memory")
"""How far a number can be trusted: carried over from a statistic; read off a published chart; rounded and not
checked against its source; written down from memory."""

FIRST_YEAR, LAST_YEAR = 2010, 2023
CONTEXTS: Final = ("country", "eu")
"""What an issue of the salience question faces: the respondent's country, or the European Union."""

MOST_PEOPLE: Final = 500e6


@dataclass(frozen=True, slots=True)
class Applications:
    """Asylum applications of a year.

    ``applications`` new applications, persons; ``registered`` persons registered under temporary protection
    without an application (Syrians in Turkey).
    """

    country: str
    year: int
    applications: float
    registered: float
    trust: str
    source: str

    @property
    def persons(self) -> float:
        """All who came to seek asylum or temporary protection."""
        return self.applications + self.registered


@dataclass(frozen=True, slots=True)
class Decisions:
    """First-instance decisions of a year in persons: recognised as refugees, other protection, rejected."""

    country: str
    year: int
    recognised: float
    other_protection: float
    rejected: float
    trust: str
    source: str

    @property
    def rejected_share(self) -> float:
        """Rejected among all decisions on the merits, 0..1."""
        return self.rejected / (self.recognised + self.other_protection + self.rejected)


@dataclass(frozen=True, slots=True)
class Counted:
    """One number of a country in a year: inhabitants, Ukrainians present at its end, or percent of votes."""

    country: str
    year: int
    value: float
    trust: str
    source: str


@dataclass(frozen=True, slots=True)
class Salience:
    """Percent who name immigration among the two main issues, in a wave of the Eurobarometer (YYYY-MM).

    ``context`` one of CONTEXTS; ``percent`` None where the line of the chart was hidden.
    """

    country: str
    context: str
    wave: str
    percent: float | None
    trust: str
    source: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Share of newcomers who were sent to a place, where it was reported; the others found their own."""

    country: str
    placed_share: float
    trust: str
    source: str


def _year(row: Row) -> int:
    return row.integer("year", range(FIRST_YEAR, LAST_YEAR + 1))


def _trusted(row: Row) -> tuple[str, str]:
    return row.choice("trust", TRUST), row.text("source")


def _by_country(file: str, found: Sequence[tuple[str, int, T]]) -> Mapping[str, Mapping[int, T]]:
    """Country -> year -> row, refusing a year that stands twice."""
    refuse_twins(file, [(country, str(year)) for country, year, _ in found])
    table: dict[str, dict[int, T]] = {}
    for country, year, one in found:
        table.setdefault(country, {})[year] = one
    return MappingProxyType({country: MappingProxyType(years) for country, years in table.items()})


def _counted(file: str, column: str, most: float) -> Mapping[str, Mapping[int, Counted]]:
    found = []
    for row in read_rows(file, ("country", "year", column, "trust", "source")):
        country, year = row.choice("country", COUNTRIES), _year(row)
        found.append((country, year, Counted(country, year, row.number_in(column, 0, most), *_trusted(row))))
    return _by_country(file, found)


def _every_year(
    file: str, table: Mapping[str, Mapping[int, object]], countries: Sequence[str] = COUNTRIES
) -> None:
    """Raise ValueError unless each of the countries has each year."""
    for country in countries:
        missing = [y for y in range(FIRST_YEAR, LAST_YEAR + 1) if y not in table.get(country, {})]
        if missing:
            raise ValueError(f"{file}: {country} has no row of {missing[0]}")


@cache
def inhabitants() -> Mapping[str, Mapping[int, Counted]]:
    """Inhabitants of every country in every year from 2010 to 2023."""
    file = "inhabitants.csv"
    table = _counted(file, "inhabitants", MOST_PEOPLE)
    _every_year(file, table)
    return table


@cache
def applications() -> Mapping[str, Mapping[int, Applications]]:
    """Asylum applications of every country in every year from 2010 to 2023."""
    file = "asylum_applications.csv"
    found = []
    for row in read_rows(file, ("country", "year", "applications", "registered", "trust", "source")):
        country, year = row.choice("country", COUNTRIES), _year(row)
        persons = row.number_in("applications", 0, 1e7), row.number_in("registered", 0, 1e7)
        found.append((country, year, Applications(country, year, *persons, *_trusted(row))))
    table = _by_country(file, found)
    _every_year(file, table)
    return table


@cache
def decisions() -> Mapping[str, Mapping[int, Decisions]]:
    """First-instance decisions of every country, 2012 to 2023; a year may be missing inside."""
    file = "asylum_decisions.csv"
    kinds = ("recognised", "other_protection", "rejected")
    found = []
    for row in read_rows(file, ("country", "year", *kinds, "trust", "source")):
        country, year = row.choice("country", COUNTRIES), _year(row)
        recognised, other, rejected = (row.number_in(kind, 0, 1e7) for kind in kinds)
        if recognised + other + rejected == 0.0:
            raise row.fault("there are no decisions")
        one = Decisions(country, year, recognised, other, rejected, *_trusted(row))
        found.append((country, year, one))
    table = _by_country(file, found)
    for country in COUNTRIES:
        if country not in table:
            raise ValueError(f"{file}: {country} has no row")
    return table


@cache
def ukrainians() -> Mapping[str, Mapping[int, Counted]]:
    """Refugees from Ukraine present at the end of 2022 and 2023, and before the war where it is known."""
    file = "ukrainians.csv"
    table = _counted(file, "present", 1e7)
    for country in COUNTRIES:
        if not {2022, 2023} <= table.get(country, {}).keys():
            raise ValueError(f"{file}: {country} needs the years 2022 and 2023")
    return table


@cache
def votes() -> Mapping[str, Mapping[int, Counted]]:
    """Percent of votes for the radical right at the last national election, where it is known."""
    file = "radical_right_votes.csv"
    table = _counted(file, "percent", 100)
    _every_year(file, table, tuple(table))
    return table


@cache
def salience() -> tuple[Salience, ...]:
    """All waves of all countries and contexts, in the order of time inside each."""
    file = "salience.csv"
    found = []
    for row in read_rows(file, ("country", "context", "wave", "percent", "trust", "source")):
        wave = row.text("wave")
        year, dash, month = wave.partition("-")
        if not (dash and year.isdecimal() and month in ("05", "11") and FIRST_YEAR <= int(year) <= LAST_YEAR):
            raise row.fault(f"wave is {wave!r}, not May or November of a year")
        country, context = row.choice("country", COUNTRIES), row.choice("context", CONTEXTS)
        percent = row.number_in("percent", 0, 100) if row.text("percent", empty=True) else None
        found.append(Salience(country, context, wave, percent, *_trusted(row)))
    keys = [(one.country, one.context, one.wave) for one in found]
    refuse_twins(file, [tuple(key) for key in keys])
    if keys != sorted(keys, key=lambda key: (COUNTRIES.index(key[0]), key[1], key[2])):
        raise ValueError(f"{file}: rows are not in the order of country, context and wave")
    return tuple(found)


@cache
def placements() -> Mapping[str, Placement]:
    """Shares that were placed by country, where one was reported."""
    file = "placement.csv"
    found = [
        Placement(row.choice("country", COUNTRIES), row.number_in("placed_share", 0, 1), *_trusted(row))
        for row in read_rows(file, ("country", "placed_share", "trust", "source"))
    ]
    refuse_twins(file, [(one.country,) for one in found])
    return MappingProxyType({one.country: one for one in found})
