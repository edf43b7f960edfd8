"""The catalogue of groups of post-2014 migrants (groups.csv): one row a group.

A group is what law and residents tell apart: people who come under one legal regime, whom residents have an
attitude of their own to. The row says how its members arrive, what they may do, how they are seen, and how
residents begin to think of them. Kernels read these traits from the state (`woc_sim.world.groups`) and never
ask which group it is.

To add a group, add a row. `series` and `size` name a column of calendar.csv and one of countries.csv, which
may be new columns or those of another group; `margins` names the rows `<margins>_age`, `_gender`, `_skill`
and `_family` of margins.csv. The order of the rows is the order of the groups in the columns and has no other
meaning: draws belong to the `key`, a number that is given once and never again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from woc_sim.inputs.reading import Row, header_of, read_rows, refuse_twins

PROCEDURE_REGIME, TEMPORARY_PROTECTION = "procedure", "temporary_protection"
REGIMES: Final = (PROCEDURE_REGIME, TEMPORARY_PROTECTION)
"""A claim that is decided after months in reception, or protection and a supported home from the start."""

YEARLY, TOTAL = "yearly", "total"
COUNTED: Final = (YEARLY, TOTAL)
"""What the size of a group is: arrivals a year, mean of 2014-21, or all who had come by the end of 2022."""

MOST_KEYS: Final = 512
"""Keys that fit into the address of a migrant's draws."""

_HEADER: Final = (
    *("group", "key", "short", "label", "plural", "regime", "quota", "counted", "series", "size", "margins"),
    *("visible", "chose", "origin_shared", "compared_with", "reference"),
    *("attitude_mean", "individual", "distance", "cues", "rrp"),
    *("noise_shared", "noise_own", "rally", "source"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of migrants.

    ``key`` the number in its members' draws; ``short`` what names of readings end with; ``label`` and
    ``plural`` its name in sentences. ``regime`` one of REGIMES. ``quota`` whether a share of it is sent to
    places, and the others choose; ``counted`` one of COUNTED; ``series`` the column of calendar.csv and
    ``size`` that of countries.csv that its arrivals follow. ``margins`` begins the names of its margins;
    ``visible`` the share recognised as foreign in the street.

    ``origin_shared`` whether immigrants from before 2014 share its origins; ``compared_with`` the group that
    its members compare their lot with, empty for none. ``reference`` whether it is the group that questions
    on immigration as such are about: the attitude to any other starts from the attitude to it.

    The rest are numbers, or names of parameters that hold them: ``chose`` the share that chose the place
    (where there is no quota); ``attitude_mean``, ``individual``, ``distance`` mean, spread and distance of
    residents' predispositions; ``cues`` weight of elite cues about it, ``rrp`` of
    radical-right seats in them; ``noise_shared`` and ``noise_own`` weights of what changes the attitudes of a
    person to all groups alike and to this one alone; ``rally`` of sympathy while it arrives.
    """

    name: str
    key: int
    short: str
    label: str
    plural: str
    regime: str
    quota: bool
    counted: str
    series: str
    size: str
    margins: str
    visible: float
    chose: str
    origin_shared: bool
    compared_with: str
    reference: bool
    attitude_mean: str
    individual: str
    distance: str
    cues: str
    rrp: str
    noise_shared: str
    noise_own: str
    rally: str
    source: str

    @property
    def suffix(self) -> str:
        """What names of events about it end with: nothing for the reference."""
        return "" if self.reference else f"_{self.short}"

    @property
    def one(self) -> str:
        """A member in a sentence: 'a Ukrainian'."""
        return f"{'an' if self.label[0] in 'AEIOaeio' else 'a'} {self.label}"


def _read(row: Row) -> Group:
    return Group(
        row.text("group"),
        row.integer("key", tuple(range(MOST_KEYS))),
        row.text("short"),
        row.text("label"),
        row.text("plural"),
        row.choice("regime", REGIMES),
        row.flag("quota"),
        row.choice("counted", COUNTED),
        row.text("series"),
        row.text("size"),
        row.text("margins"),
        row.number_in("visible", 0, 1),
        row.text("chose", empty=row.fields["quota"] == "1"),
        row.flag("origin_shared"),
        row.text("compared_with", empty=True),
        row.flag("reference"),
        *(row.text(name) for name in _HEADER[-9:]),
    )


@cache
def groups() -> tuple[Group, ...]:
    """All groups in file order; the position of a group is its code in the columns.

    Exactly one group is the reference.
    """
    file = "groups.csv"
    found = tuple(_read(row) for row in read_rows(file, _HEADER))
    names = [one.name for one in found]
    for field in ("name", "key", "short"):
        refuse_twins(file, [(str(getattr(one, field)),) for one in found])
    for number, one in enumerate(found, start=2):
        if one.compared_with not in ("", *names):
            raise ValueError(f"{file} row {number}: compared_with is no group: {one.compared_with!r}")
    if sum(one.reference for one in found) != 1:
        raise ValueError(f"{file}: exactly one group must be the reference")
    return found


@cache
def group(name: str) -> Group:
    """The group of that name; KeyError if there is none."""
    return {one.name: one for one in groups()}[name]


def series() -> tuple[str, ...]:
    """Columns of calendar.csv that arrivals follow, in the order of that file."""
    return _present("calendar.csv", {one.series for one in groups()})


def sizes() -> tuple[str, ...]:
    """Columns of countries.csv that say how many arrive, in the order of that file."""
    return _present("countries.csv", {one.size for one in groups()})


def _present(file: str, wanted: set[str]) -> tuple[str, ...]:
    found = tuple(name for name in header_of(file) if name in wanted)
    if missing := sorted(wanted - set(found)):
        raise ValueError(f"{file} has no column {', '.join(missing)}, which groups.csv names")
    return found
