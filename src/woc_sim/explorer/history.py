"""The history of one replicate: columns of its world month by month, for views of people and networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from woc_sim.instruments import mipex
from woc_sim.instruments.life_events import organisation_words
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import simulate
from woc_sim.world.columns import ColumnSet
from woc_sim.world.locality import Locality
from woc_sim.world.model import World

Array = np.ndarray[Any, Any]

RECORDED: Final = (
    "organisations.active",
    "organisations.engagement",
    "organisations.diagnostic",
    "organisations.prognostic",
    "organisations.initiative",
    "governance.frequency",
    "governance.tone",
    "measures.in_force",
    "residents.attitude_to",
    "residents.volunteer",
    "migrants.present",
    "migrants.attitude",
    "migrants.job",
    "migrants.housing",
    "migrants.neighbourhood",
    "migrants.workplace",
    "migrants.school",
    "migrants.association",
    "migrants.met",
    "migrants.met_hours",
    "migrants.met_venue",
    "migrants.met_good",
    "migrants.tie",
    "migrants.tie_venue",
    "migrants.tie_month",
)
"""Columns that are kept for every month."""
AT_END: Final = (
    "organisations.kind",
    "organisations.level",
    "residents.entity",
    "residents.age",
    "residents.female",
    "residents.neighbourhood",
    "residents.workplace",
    "residents.school",
    "residents.association",
    "migrants.entity",
    "migrants.group",
    "migrants.cohort",
    "migrants.age",
    "migrants.female",
    "places.kind",
    "places.sector",
    "links.other",
    "residents.link_start",
    "residents.link_count",
)
"""Columns that are kept as they are after the last month."""


@dataclass(frozen=True, eq=False)
class History:
    """One replicate of a scenario with one locality.

    monthly: column ('set.column') -> array with the month as its first axis, then the axes of the column:
    (months, rows), (months, rows, width), or (months, groups, rows) for a column that is held for each group.
    Rows that did not exist yet have the default of their column. end: column -> array as after the last
    month. Floats have single precision. `woc_sim.world.people`, `woc_sim.world.places` and
    `woc_sim.world.governance` say what columns mean.

    scores: of the policy components as they would be rated in each month, 0 to 100 (months x COMPONENTS).
    organisations: words for each organisation, such as 'the mayor' or 'NGO 2'. persons: inhabitants for whom
    one simulated person stands.
    """

    monthly: Mapping[str, Array]
    end: Mapping[str, Array]
    scores: Array
    organisations: tuple[str, ...]
    persons: float

    @property
    def months(self) -> int:
        """Number of months."""
        return len(next(iter(self.monthly.values())))


def record(scenario: Scenario, replicate: int) -> History:
    """Simulate one replicate of a scenario with one locality and keep its history."""
    months: dict[str, list[Array]] = {column: [] for column in RECORDED}
    end: dict[str, Array] = {}
    rows: dict[str, ColumnSet] = {}
    scores: list[list[float]] = []
    last: list[Locality] = []

    def observe(world: World) -> None:
        (locality,) = world.localities
        scores.append(mipex.scores(locality))
        for column, kept in months.items():
            kept.append(_copy(locality, column))
        if world.month + 1 == scenario.months:
            end.update((column, _copy(locality, column)) for column in AT_END)
            rows.update(locality.sets)
            last.append(locality)

    simulate(scenario, replicate, observe)
    (locality,) = last
    return History(
        {column: _stacked(kept, rows, column) for column, kept in months.items()},
        end,
        np.array(scores),
        tuple(organisation_words(locality, row) for row in range(locality.sets["organisations"].count)),
        1.0 / locality.value("scale"),
    )


def _copy(locality: Locality, column: str) -> Array:
    """The rows in use of a column, floats in single precision."""
    owner, _, name = column.partition(".")
    rows = locality.sets[owner]
    values = rows.columns[name].cut(rows.buffer(name), slice(0, rows.count))
    return values.astype("f4") if values.dtype == np.float64 else values.copy()


def _stacked(months: list[Array], sets: Mapping[str, ColumnSet], column: str) -> Array:
    """The months of a column as one array; rows that came later have the default before they came."""
    owner, _, name = column.partition(".")
    rows, declared = sets[owner], sets[owner].columns[name]
    stacked = np.full((len(months), *declared.shape(rows.count)), declared.default, months[0].dtype)
    for month, values in zip(stacked, months, strict=True):
        there = values.shape[1] if declared.by else len(values)
        declared.cut(month, slice(0, there))[...] = values
    return stacked
