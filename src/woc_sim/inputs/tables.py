"""Typed, cached readers of the input tables that are shipped beside this module.

Each reader returns frozen records and checks vocabulary and ranges once. The tables belong to the package, so a fault
in one is a bug of the package: it raises ``ValueError`` naming file and row, never a user error. Asking for a name
that does not exist raises ``KeyError``; whoever takes names from a user checks them against the vocabulary first.
Only the csv module of the standard library is used, because every command pays for these imports.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from woc_sim.inputs.vocabulary import (
    COMPONENTS,
    COUNTRIES,
    EXECUTIVES,
    FRAMEWORKS,
    LEVELS,
    MEASURE_TARGETS,
    MONTHS,
    SECTORS,
    SIZES,
)

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One of the 49 localities of the study (seed 001, Table A1); shares are bands in percent, None where not printed."""

    name: str
    country: str
    macroregion: str
    framework: str
    size: str
    executive: str
    rrp_low: float | None
    rrp_high: float | None
    non_eu_low: float | None
    non_eu_high: float | None
    unemployment_low: float | None
    unemployment_high: float | None
    source: str

    @property
    def banded(self) -> bool:
        """Whether Table A1 prints the three bands of this case."""
        return self.rrp_low is not None


@dataclass(frozen=True, slots=True)
class Label:
    """What a label of a place means as a range of a quantity."""

    kind: str
    label: str
    quantity: str
    low: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Country:
    """What is given to every locality under one legal framework.

    ``welfare_public`` is the share of welfare tasks under public responsibility (0..1), ``asylum_per_1000`` mean
    yearly first asylum applications 2014-2021 and ``ukrainians_per_1000`` people under temporary protection at the
    end of 2022 (both per 1000 inhabitants), ``placed_share`` the share of asylum seekers sent to a place by quota,
    ``waiting_months`` months to a first decision, ``nation_ideology`` and ``region_ideology`` the average stance of
    the majorities above (-1 restrictive .. 1 inclusive), ``unemployment_national`` percent of the labour force 2019,
    ``fallback_non_eu`` percent of inhabitants with a non-EU nationality 2019, ``decentralisation`` 0..1.
    """

    framework: str
    country: str
    welfare_public: float
    asylum_per_1000: float
    ukrainians_per_1000: float
    placed_share: float
    waiting_months: float
    nation_ideology: float
    region_ideology: float
    unemployment_national: float
    fallback_non_eu: float
    decentralisation: float
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """What law and higher levels ask of a municipality in one component, and what they deliver themselves.

    ``duty`` 0 none, 1 soft or shared, 2 legal duty; ``funding`` share of the cost covered from above; ``level`` the
    level that is chiefly competent; ``provision`` the share of the component's content that is present in every
    municipality whatever it decides.
    """

    framework: str
    component: str
    duty: int
    funding: float
    level: str
    provision: float
    source: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A municipal measure that an executive can adopt or drop.

    ``direction`` 1 inclusive or -1 restrictive; ``weight`` its share of the component's score (restrictive: 0 and no
    component); ``cost`` relative staff time a quarter; ``staff`` posts that must be filled for it to work;
    ``coverage`` the share of migrants who belong to the target group; ``strength`` its effect when fully in force.
    """

    name: str
    component: str
    label: str
    direction: int
    weight: float
    cost: float
    staff: float
    sector: str
    target: str
    coverage: float
    strength: float
    source: str


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """What the outside world does in one month.

    ``asylum`` arrivals relative to the monthly mean of 2014; ``ukrainians`` share of all arrivals of 2022-23;
    ``meetings`` multiplier of meetings (1 = no restriction); ``media`` salience of migration in the media (0..1).
    """

    month: str
    asylum: float
    ukrainians: float
    meetings: float
    media: float
    source: str


class _Row:
    """One row of a shipped table; every reading names the file and the row when it fails."""

    def __init__(self, file: str, number: int, fields: dict[str, str]) -> None:
        self.file = file
        self.number = number
        self.fields = fields

    def fault(self, what: str) -> ValueError:
        return ValueError(f"{self.file} row {self.number}: {what}")

    def text(self, name: str, *, empty: bool = False) -> str:
        value = self.fields[name].strip()
        if not value and not empty:
            raise self.fault(f"{name} is empty")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, empty="" in allowed)
        if value not in allowed:
            raise self.fault(f"{name} is {value!r}, not one of {', '.join(allowed)}")
        return value

    def number_in(self, name: str, low: float, high: float) -> float:
        written = self.text(name)
        try:
            value = float(written)
        except ValueError:
            raise self.fault(f"{name} is {written!r}, not a number") from None
        if not low <= value <= high:  # also refuses nan
            raise self.fault(f"{name} is {value:g}, outside {low:g}..{high:g}")
        return value

    def band(self, stem: str, low: float, high: float) -> tuple[float, float] | tuple[None, None]:
        """The two ends of a band, or (None, None) when both are empty."""
        ends = f"{stem}_low", f"{stem}_high"
        if not any(self.text(end, empty=True) for end in ends):
            return None, None
        bottom, top = (self.number_in(end, low, high) for end in ends)
        if bottom > top:
            raise self.fault(f"{stem} runs from {bottom:g} down to {top:g}")
        return bottom, top

    def integer(self, name: str, allowed: tuple[int, ...]) -> int:
        value = self.number_in(name, min(allowed), max(allowed))
        if value not in allowed:
            raise self.fault(f"{name} is {value:g}, not one of {allowed}")
        return int(value)


def _rows(file: str, header: tuple[str, ...]) -> list[_Row]:
    """Rows of a shipped table, numbered as in a spreadsheet (the header is row 1)."""
    with (_FOLDER / file).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        found = tuple(next(reader, ()))
        if found != header:
            raise ValueError(f"{file} row 1: header is {found}, expected {header}")
        rows = []
        for number, cells in enumerate(reader, start=2):
            if len(cells) != len(header):
                raise ValueError(f"{file} row {number}: {len(cells)} cells, expected {len(header)}")
            rows.append(_Row(file, number, dict(zip(header, cells, strict=True))))
    return rows


def _unique(file: str, keys: list[tuple[str, ...]]) -> None:
    seen: set[tuple[str, ...]] = set()
    for number, key in enumerate(keys, start=2):
        if key in seen:
            raise ValueError(f"{file} row {number}: {' '.join(key)} appears twice")
        seen.add(key)


@cache
def cases() -> tuple[Case, ...]:
    """The 49 cases in the order of Table A1."""
    file = "cases.csv"
    header = (
        "case country macroregion framework size executive rrp_low rrp_high non_eu_low non_eu_high "
        "unemployment_low unemployment_high source"
    )
    found = []
    for row in _rows(file, tuple(header.split())):
        found.append(
            Case(
                row.text("case"),
                row.choice("country", COUNTRIES),
                row.text("macroregion"),
                row.choice("framework", FRAMEWORKS),
                row.choice("size", SIZES),
                row.choice("executive", EXECUTIVES),
                *row.band("rrp", 0, 100),
                *row.band("non_eu", 0, 100),
                *row.band("unemployment", 0, 100),
                row.text("source"),
            )
        )
    _unique(file, [(one.name,) for one in found])
    return tuple(found)


@cache
def _cases_by_name() -> dict[str, Case]:
    return {one.name: one for one in cases()}


def case(name: str) -> Case:
    """The case of that name (C01..C49); KeyError if there is none."""
    return _cases_by_name()[name]


@cache
def labels() -> tuple[Label, ...]:
    """Every meaning of every label, in file order."""
    file = "labels.csv"
    found = []
    for row in _rows(file, ("kind", "label", "quantity", "low", "high", "unit", "source")):
        low, high = row.number_in("low", -1e6, 1e6), row.number_in("high", -1e6, 1e6)
        if low > high:
            raise row.fault(f"low {low:g} is above high {high:g}")
        names = row.text("kind"), row.text("label"), row.text("quantity")
        found.append(Label(*names, low, high, row.text("unit"), row.text("source")))
    _unique(file, [(one.kind, one.label, one.quantity) for one in found])
    return tuple(found)


@cache
def _ranges() -> dict[tuple[str, str, str], tuple[float, float]]:
    return {(one.kind, one.label, one.quantity): (one.low, one.high) for one in labels()}


def label(kind: str, label: str, quantity: str) -> tuple[float, float]:
    """The range (low, high) of a quantity that a label stands for; KeyError if the label says nothing about it."""
    return _ranges()[kind, label, quantity]


@cache
def countries() -> tuple[Country, ...]:
    """The 12 legal frameworks, in the order of FRAMEWORKS."""
    file = "countries.csv"
    header = (
        "framework country welfare_public asylum_per_1000 ukrainians_per_1000 placed_share waiting_months "
        "nation_ideology region_ideology unemployment_national fallback_non_eu decentralisation source note"
    )
    found = []
    for row in _rows(file, tuple(header.split())):
        found.append(
            Country(
                row.choice("framework", FRAMEWORKS),
                row.choice("country", COUNTRIES),
                row.number_in("welfare_public", 0, 1),
                row.number_in("asylum_per_1000", 0, 50),
                row.number_in("ukrainians_per_1000", 0, 100),
                row.number_in("placed_share", 0, 1),
                row.number_in("waiting_months", 0, 60),
                row.number_in("nation_ideology", -1, 1),
                row.number_in("region_ideology", -1, 1),
                row.number_in("unemployment_national", 0, 40),
                row.number_in("fallback_non_eu", 0, 40),
                row.number_in("decentralisation", 0, 1),
                row.text("source"),
                row.text("note"),
            )
        )
    if tuple(one.framework for one in found) != FRAMEWORKS:
        raise ValueError(f"{file}: the frameworks must be exactly {', '.join(FRAMEWORKS)}, in this order")
    return tuple(found)


def country(framework: str) -> Country:
    """What one legal framework gives to its localities; KeyError if there is no such framework."""
    for one in countries():
        if one.framework == framework:
            return one
    raise KeyError(framework)


@cache
def _mandate_table() -> dict[str, tuple[Mandate, ...]]:
    file = "frameworks.csv"
    header = ("framework", "component", "duty", "funding", "level", "provision", "source")
    found = [
        Mandate(
            row.choice("framework", FRAMEWORKS),
            row.choice("component", COMPONENTS),
            row.integer("duty", (0, 1, 2)),
            row.number_in("funding", 0, 1),
            row.choice("level", LEVELS),
            row.number_in("provision", 0, 1),
            row.text("source"),
        )
        for row in _rows(file, header)
    ]
    table = {name: tuple(one for one in found if one.framework == name) for name in FRAMEWORKS}
    for name, mandates_of in table.items():
        if tuple(one.component for one in mandates_of) != COMPONENTS:
            raise ValueError(f"{file}: {name} must have each of the 13 components once, in their order")
    return table


def mandates(framework: str) -> tuple[Mandate, ...]:
    """The 13 mandates of a framework in the order of COMPONENTS; KeyError if there is no such framework."""
    return _mandate_table()[framework]


@cache
def measures() -> tuple[Measure, ...]:
    """The catalogue of municipal measures; its order is the order of the measure columns of a world."""
    file = "measures.csv"
    header = "measure component label direction weight cost staff sector target coverage strength source"
    found = []
    for row in _rows(file, tuple(header.split())):
        one = Measure(
            row.text("measure"),
            row.choice("component", ("", *COMPONENTS)),
            row.text("label"),
            row.integer("direction", (-1, 1)),
            row.number_in("weight", 0, 1),
            row.number_in("cost", 0.1, 1),
            row.number_in("staff", 0, 5),
            row.choice("sector", SECTORS),
            row.choice("target", MEASURE_TARGETS),
            row.number_in("coverage", 0, 1),
            row.number_in("strength", 0, 1),
            row.text("source"),
        )
        if (one.direction < 0) != (one.component == "" and one.weight == 0):
            raise row.fault("restrictive measures, and only they, have no component and weight 0")
        found.append(one)
    _unique(file, [(one.name,) for one in found])
    for component in COMPONENTS:
        total = sum(one.weight for one in found if one.component == component)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"{file}: the weights of {component} sum to {total:g}, not to 1")
    return tuple(found)


@cache
def calendar() -> tuple[CalendarMonth, ...]:
    """The 144 months from 2012-01 to 2023-12."""
    file = "calendar.csv"
    found = []
    for row in _rows(file, ("month", "asylum", "ukrainians", "meetings", "media", "source")):
        one = CalendarMonth(
            row.text("month"),
            row.number_in("asylum", 0, 10),
            row.number_in("ukrainians", 0, 1),
            row.number_in("meetings", 0, 1),
            row.number_in("media", 0, 1),
            row.text("source"),
        )
        position = row.number - 2
        expected = f"{2012 + position // 12}-{position % 12 + 1:02d}"
        if one.month != expected:
            raise row.fault(f"month is {one.month}, expected {expected}")
        found.append(one)
    if len(found) != MONTHS:
        raise ValueError(f"{file}: {len(found)} months, expected {MONTHS}")
    return tuple(found)


@cache
def _margin_table() -> Mapping[str, Mapping[str, float]]:
    file = "margins.csv"
    table: dict[str, dict[str, float]] = {}
    for row in _rows(file, ("quantity", "category", "value", "unit", "source")):
        categories = table.setdefault(row.text("quantity"), {})
        category = row.text("category")
        if category in categories:
            raise row.fault(f"{category} appears twice")
        row.text("unit")
        row.text("source")
        categories[category] = row.number_in("value", 0, 1000)
    return MappingProxyType({name: MappingProxyType(values) for name, values in table.items()})


def margins(quantity: str) -> Mapping[str, float]:
    """All categories of a population margin with their values, in file order; KeyError if there is no such margin."""
    return _margin_table()[quantity]


def margin(quantity: str, category: str) -> float:
    """One value of a population margin; KeyError if there is none."""
    return _margin_table()[quantity][category]
