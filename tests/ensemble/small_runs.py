"""Small runs for tests of ensembles: tasks of two localities, and whether two results are the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from woc_sim.ensemble.tasks import Outcome, Task, replicated
from woc_sim.instruments.readings import READINGS
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

MONTHS = 8


def scenario(name: str = "C21", **changes: object) -> Scenario:
    return replace(Scenario((from_case(name),), people=120, months=MONTHS), **changes)


def tasks(count: int = 5) -> list[Task]:
    return replicated("model", [("C21", scenario()), ("C02", scenario("C02"))], range(count))[:count]


def same(first: list[Outcome], second: list[Outcome]) -> bool:
    return [each.key for each in first] == [each.key for each in second] and all(
        a.case == b.case
        and a.replicate == b.replicate
        and np.array_equal(a.readings, b.readings, equal_nan=True)
        and np.array_equal(a.indicators, b.indicators, equal_nan=True)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one.rows, other.rows, strict=True)
    )


def held_by(*instruments: str) -> list[bool]:
    """Which readings these instruments hold."""
    return [each.instrument in instruments for each in READINGS]
