"""Fingerprints of small runs: a hash of all column data and of all tables, equal on every Python and in
both modes."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from woc_sim.instruments import Observation
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Intervention, Scenario
from woc_sim.scenario.theories import THEORIES, default_theories
from woc_sim.simulation import open_world

GOLDEN = Path(__file__).parent / "golden" / "fingerprints.json"
COLUMNS = Path(__file__).parent / "golden" / "columns.csv"
LONGER = {
    "elections": 62,
    "ukrainians": 126,
    "rejections": 126,
    "attention": 126,
    "comparison": 144,
    "hosting": 126,
}
ELSEWHERE = {"placement": "C13", "rejections": "C13", "hosting": "C13", "decline": "C05"}


class Hashed(NamedTuple):
    """A column as it is hashed: `owner.name` and `dtype` as they were when the fingerprints were committed.

    column, group: where its values are today, so that a renamed column, or one that became a row of an array
    with an axis of groups, still has the fingerprint of its values. A column that is not listed is not
    hashed.
    """

    owner: str
    name: str
    dtype: str
    column: str
    group: str

    def values(self, locality: Any) -> Any:
        """The column's values in its former type."""
        values = getattr(locality.sets[self.owner], self.column)
        if self.group:
            values = values[int(self.group)]
        return np.ascontiguousarray(values, dtype=self.dtype)


@cache
def hashed_columns() -> tuple[Hashed, ...]:
    """The columns of a fingerprint in the order in which they are hashed."""
    with COLUMNS.open(encoding="utf-8", newline="") as file:
        return tuple(Hashed(**row) for row in csv.DictReader(file))


def golden_scenario() -> Scenario:
    """The default theories in a Dutch town: 300 residents from 2012 to the end of 2015."""
    return Scenario(localities=(from_case("C21"),), seed=7, people=300, months=48)


def rival_scenarios() -> dict[str, Scenario]:
    """Each rival theory once, in a small Austrian place with radical-right seats, or where and as long as it
    takes for the rival to act: past a term, until Ukrainians come, where people leave, and in Sweden, where
    placement is reported, rejections turned and Ukrainians are hosted."""
    base = Scenario(localities=(from_case("C24"),), seed=3, people=120, months=42)
    rivals = {}
    for subject, names in THEORIES.items():
        for name in names:
            if name == default_theories()[subject]:
                continue
            months = LONGER.get(subject, base.months)
            localities = (from_case(ELSEWHERE[subject]),) if subject in ELSEWHERE else base.localities
            theories = {**default_theories(), subject: name}
            rivals[f"{subject}={name}"] = replace(
                base, theories=theories, months=months, localities=localities
            )
    obstacles = ("expertise", "links", "eu_weight", "responsibility", "depoliticise", "perception")
    changes = tuple(Intervention(name, 30, 42, 0.5) for name in obstacles)
    rivals["interventions"] = replace(base, interventions=changes)
    return rivals


def long_scenarios() -> dict[str, Scenario]:
    """Worlds that live to the end of 2023, past the Ukrainians' arrival and all fieldwork: one place, and
    three that learn from each other."""
    towns = tuple(from_case(case) for case in ("C05", "C21", "C27"))
    return {
        "long": Scenario(localities=(from_case("C24"),), seed=5, people=200, months=144),
        "towns": Scenario(localities=towns, seed=9, people=80, months=144),
    }


def committed_scenarios() -> dict[str, Scenario]:
    """All scenarios whose fingerprints are committed, by name."""
    return {"golden": golden_scenario(), **rival_scenarios(), **long_scenarios()}


def fingerprint(scenario: Scenario, replicate: int = 0) -> str:
    """Sixteen hex digits of everything a run leaves behind."""
    digest = hashlib.sha256()
    observation = Observation(scenario.months)
    with open_world(scenario, replicate) as world:
        for _ in range(scenario.months):
            world.step()
            observation.observe(world)
        for locality in world.localities:
            for each in hashed_columns():
                values = each.values(locality)
                digest.update(f"{each.owner}.{each.name}{values.dtype.str}{values.shape}".encode())
                digest.update(values.tobytes())
    for each in observation.localities:
        readings = np.array([float(value) for value in each.final_row().values()])
        for values in (readings, each.monthly.rows[: each.monthly.recorded]):
            digest.update(np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes())
    return digest.hexdigest()[:16]
