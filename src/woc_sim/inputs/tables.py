"""Typed, cached readers of the input tables that are shipped beside this module.

Each reader returns frozen records and checks vocabulary and ranges once. A fault in a shipped table raises
``ValueError`` naming file and row, never a user error. Asking for a name that does not exist raises
``KeyError``; whoever takes names from a user checks them against the vocabulary first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from woc_sim.inputs.groups import series, sizes
from woc_sim.inputs.reading import read_rows, refuse_twins
from woc_sim.inputs.vocabulary import (
    COMPONENTS,
    COUNTRIES,
    EXECUTIVES,
    FRAMEWORKS,
    LEVELS,
    MEASURE_ROLES,
    MEASURE_SCOPES,
    MEASURE_TARGETS,
    MONTHS,
    SECTORS,
    SIZES,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One of the 49 localities of the study (final working paper, Table A1).

    Bands are percent of council seats (radical-right parties), of residents (non-EU foreigners, 2019) and
    of the labour force (unemployed, 2019); both ends are None where the paper prints none.
    """

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

    ``welfare_public`` is the share of welfare tasks under public responsibility, publicly funded delivery
    by others included (0..1); ``per_1000`` the sizes of groups of migrants per 1000 inhabitants, by column:
    ``asylum_per_1000`` mean yearly first asylum applications 2014-2021, ``ukrainians_per_1000`` people under
    temporary protection at the end of 2022;
    ``placed_share`` the share of asylum seekers sent to a place by quota (0..1); ``waiting_months`` months
    to a first decision; ``residence_months`` how long after it a placed person without work may not move
    away; ``unemployment_national`` percent of the labour force 2019;
    ``fallback_non_eu`` percent of inhabitants with a non-EU nationality 2019; ``municipal_spending``
    percent of the gross domestic product that municipalities spend; ``note`` which cells are assumed.
    """

    framework: str
    country: str
    welfare_public: float
    per_1000: Mapping[str, float]
    placed_share: float
    waiting_months: float
    residence_months: float
    unemployment_national: float
    fallback_non_eu: float
    municipal_spending: float
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Majority:
    """A majority above the municipality, from ``since`` (a month, YYYY-MM) until the next one.

    ``level`` is nation or region, ``of`` a country or a framework. ``low`` and ``high`` are the ends of its
    stance on the inclusion of immigrants (-1 restrictive .. 1 inclusive); they differ where it is not known
    which region a place lies in, and its stance is drawn between them (W9).
    """

    level: str
    of: str
    since: str
    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """What law and higher levels ask of a municipality in one component, and what they deliver themselves.

    ``duty`` 0 none, 1 soft or shared, 2 legal duty; ``funding`` share of the cost covered from above
    (0..1); ``level`` the level chiefly competent; ``provision`` share of the component's content that is
    present in every municipality whatever it decides (0..1). Three rules keep rows comparable: steering
    components (governance to implementation) count only what law or automatic funding puts in place in
    every municipality; anti-discrimination counts only bodies in reach of the municipality; grants that
    must be applied for are funding, not provision.
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

    ``direction`` 1 inclusive or -1 restrictive; ``weight`` share of the component's score (restrictive
    measures: 0 and no component); ``cost`` staff time a quarter relative to one full post; ``staff`` posts
    that must be filled for it to work; ``scope`` whether it addresses migrants (targeted) or changes what all
    residents have (mainstream); ``coverage`` share of migrants in the target group; ``strength``
    effect when fully in force. Cost, staff and strength follow from the kind of act alone: paper act 0.2,
    0, 0.25; part-time post 0.5, 0.5, 0.5; running service 1, 1, 0.75 (restrictive acts: strength 0.5).
    ``role``: what it does for the others, one of MEASURE_ROLES, empty for none. ``shares`` 1 if it gives
    others a say in what the government does, or a written ground to call it to account, else 0.
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
    scope: str
    coverage: float
    strength: float
    role: str
    shares: int
    source: str


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """What the outside world does in one month.

    ``arrivals`` the series that groups of migrants follow, by column: ``asylum`` arrivals relative to the
    monthly mean of 2014, ``ukrainians`` share of all arrivals of 2022-23; ``meetings`` multiplier of meetings
    (1 = no restriction); ``media`` salience of migration in the media (0..1).
    """

    month: str
    arrivals: Mapping[str, float]
    meetings: float
    media: float
    source: str


@cache
def cases() -> tuple[Case, ...]:
    """The 49 cases in the order of Table A1."""
    file = "cases.csv"
    header = (
        "case country macroregion framework size executive rrp_low rrp_high non_eu_low non_eu_high "
        "unemployment_low unemployment_high source"
    )
    found = []
    for row in read_rows(file, tuple(header.split())):
        rrp, non_eu, unemployment = (row.band(stem, 0, 100) for stem in ("rrp", "non_eu", "unemployment"))
        found.append(
            Case(
                row.text("case"),
                row.choice("country", COUNTRIES),
                row.text("macroregion"),
                row.choice("framework", FRAMEWORKS),
                row.choice("size", SIZES),
                row.choice("executive", EXECUTIVES),
                rrp[0],
                rrp[1],
                non_eu[0],
                non_eu[1],
                unemployment[0],
                unemployment[1],
                row.text("source"),
            )
        )
    refuse_twins(file, [(one.name,) for one in found])
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
    for row in read_rows(file, ("kind", "label", "quantity", "low", "high", "unit", "source")):
        low, high = row.number_in("low", -1e6, 1e6), row.number_in("high", -1e6, 1e6)
        if low > high:
            raise row.fault(f"low {low:g} is above high {high:g}")
        names = row.text("kind"), row.text("label"), row.text("quantity")
        found.append(Label(*names, low, high, row.text("unit"), row.text("source")))
    refuse_twins(file, [(one.kind, one.label, one.quantity) for one in found])
    return tuple(found)


@cache
def _ranges() -> dict[tuple[str, str, str], tuple[float, float]]:
    return {(one.kind, one.label, one.quantity): (one.low, one.high) for one in labels()}


def label(kind: str, label: str, quantity: str) -> tuple[float, float]:
    """The range (low, high) a label stands for; KeyError if the label says nothing about the quantity."""
    return _ranges()[kind, label, quantity]


@cache
def countries() -> tuple[Country, ...]:
    """The 12 legal frameworks, in the order of FRAMEWORKS."""
    file = "countries.csv"
    given = (
        "placed_share waiting_months residence_months unemployment_national fallback_non_eu "
        "municipal_spending source note"
    )
    found = []
    names = sizes()
    for row in read_rows(file, ("framework", "country", "welfare_public", *names, *given.split())):
        found.append(
            Country(
                row.choice("framework", FRAMEWORKS),
                row.choice("country", COUNTRIES),
                row.number_in("welfare_public", 0, 1),
                MappingProxyType({name: row.number_in(name, 0, 100) for name in names}),
                row.number_in("placed_share", 0, 1),
                row.number_in("waiting_months", 0, 60),
                row.number_in("residence_months", 0, 240),
                row.number_in("unemployment_national", 0, 40),
                row.number_in("fallback_non_eu", 0, 40),
                row.number_in("municipal_spending", 0, 50),
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
def majorities() -> tuple[Majority, ...]:
    """The majorities of all countries and of the regions of all frameworks, by their dates."""
    file = "majorities.csv"
    found = []
    for row in read_rows(file, ("level", "of", "since", "low", "high", "source")):
        level = row.choice("level", ("nation", "region"))
        low, high = row.number_in("low", -1, 1), row.number_in("high", -1, 1)
        if low > high:
            raise row.fault(f"stance runs from {low:g} down to {high:g}")
        of = row.choice("of", COUNTRIES if level == "nation" else FRAMEWORKS)
        found.append(Majority(level, of, row.text("since"), low, high, row.text("source")))
    refuse_twins(file, [(one.level, one.of, one.since) for one in found])
    places = [("nation", name) for name in COUNTRIES] + [("region", name) for name in FRAMEWORKS]
    for level, of in places:
        since = [one.since for one in found if (one.level, one.of) == (level, of)]
        if since[:1] != ["2012-01"] or since != sorted(since):
            raise ValueError(f"{file}: {level} {of} must begin with 2012-01 and go on in the order of time")
    return tuple(found)


@cache
def stances(framework: str) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """For each of the 144 months, the ends of the stance of the nation's and of the region's majority."""
    above = ("nation", country(framework).country), ("region", framework)
    months = []
    for month in calendar():
        now = [
            [one for one in majorities() if (one.level, one.of) == each and one.since <= month.month][-1]
            for each in above
        ]
        nation, region = ((one.low, one.high) for one in now)
        months.append((nation, region))
    return tuple(months)


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
        for row in read_rows(file, header)
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
    header = (
        "measure component label direction weight cost staff sector target scope coverage strength role "
        "shares source"
    )
    found = []
    for row in read_rows(file, tuple(header.split())):
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
            row.choice("scope", MEASURE_SCOPES),
            row.number_in("coverage", 0, 1),
            row.number_in("strength", 0, 1),
            row.choice("role", MEASURE_ROLES),
            row.integer("shares", (0, 1)),
            row.text("source"),
        )
        if (one.direction < 0) != (one.component == "" and one.weight == 0):
            raise row.fault("restrictive measures, and only they, have no component and weight 0")
        found.append(one)
    refuse_twins(file, [(one.name,) for one in found])
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
    names = series()
    for row in read_rows(file, ("month", *names, "meetings", "media", "source")):
        one = CalendarMonth(
            row.text("month"),
            MappingProxyType({name: row.number_in(name, 0, 10) for name in names}),
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
    for row in read_rows(file, ("quantity", "category", "value", "unit", "source")):
        categories = table.setdefault(row.text("quantity"), {})
        category = row.text("category")
        if category in categories:
            raise row.fault(f"{category} appears twice")
        row.text("unit")
        row.text("source")
        categories[category] = row.number_in("value", 0, 1000)
    return MappingProxyType({name: MappingProxyType(values) for name, values in table.items()})


def margins(quantity: str) -> Mapping[str, float]:
    """All categories of a population margin with their values, in file order; KeyError if there is none.

    Values of unit "share" sum to 1 over the categories; values of unit "rate" are probabilities of their own.
    """
    return _margin_table()[quantity]


def margin(quantity: str, category: str) -> float:
    """One value of a population margin; KeyError if there is none."""
    return _margin_table()[quantity][category]
