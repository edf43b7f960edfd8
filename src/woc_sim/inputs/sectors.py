"""Sectors: the needs that measures and initiatives serve.

`sectors.csv` alone says which sectors there are. A sector's position is its code in columns and kernels,
which look it up by name: `ENCOUNTER = sector("encounter")`. Needs of persons come first, those of the
administration last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from woc_sim.inputs.reading import read_rows, refuse_twins

DIMENSIONS: Final = ("jobs", "homes", "language", "ties", "peace")
"""What can be seen of the integration of migrants: what a diagnostic frame looks at, and what work in a
sector shows."""


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector.

    `label` is its name in sentences. `persons`: whether persons have the need (`need` says who has it; which
    persons need help is found in the process `experience`); the administration's own need is the mean of the
    others. `response`: whether it is one of the needs of newcomers by which the response of a locality is
    classed. `components`: parts of the policy index that serve it. `observed`: readings of instruments that
    tell of it. `shows_in`: the one of DIMENSIONS in which work on it shows, so that who does the work sees it
    (assumed); empty where the work meets no migrant.
    """

    sector: str
    label: str
    persons: bool
    response: bool
    components: tuple[str, ...]
    need: str
    observed: tuple[str, ...]
    shows_in: str
    source: str


@cache
def sectors() -> tuple[Sector, ...]:
    """All sectors in the order of the catalogue. Raises ValueError if the shipped table is at fault."""
    file = "sectors.csv"
    header = (
        "sector",
        "label",
        "persons",
        "response",
        "components",
        "need",
        "observed",
        "shows_in",
        "source",
    )
    rows = read_rows(file, header)
    found = [
        Sector(
            row.text("sector"),
            row.text("label"),
            row.flag("persons"),
            row.flag("response"),
            tuple(row.text("components", empty=True).split()),
            row.text("need"),
            tuple(row.text("observed", empty=True).split()),
            row.choice("shows_in", ("", *DIMENSIONS)),
            row.text("source"),
        )
        for row in rows
    ]
    refuse_twins(file, [(one.sector,) for one in found])
    served: set[str] = set()
    for before, one, row in zip([None, *found], found, rows, strict=False):
        if before is not None and one.persons > before.persons:
            raise row.fault("needs of persons come before those of the administration")
        twice = served.intersection(one.components)
        if twice:
            raise row.fault(f"{', '.join(sorted(twice))} serves another sector too")
        served.update(one.components)
    if sum(not one.persons for one in found) != 1:
        raise ValueError(f"{file}: one sector, and only one, is the need of the administration (persons 0)")
    return tuple(found)


@cache
def sector(name: str) -> int:
    """Code of a sector; KeyError if there is none of that name."""
    codes = {one.sector: code for code, one in enumerate(sectors())}
    return codes[name]


def needs() -> int:
    """How many sectors are needs of persons: they have the codes below this number."""
    return sum(one.persons for one in sectors())


@cache
def sector_of(component: str) -> str:
    """The sector that a component of the policy index serves; KeyError if none is served by it."""
    served = {component: one.sector for one in sectors() for component in one.components}
    return served[component]
