"""Simulating for the explorer: in this process, or in worker processes that stay while the explorer runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from woc_sim.ensemble.run import run_rows
from woc_sim.explorer.history import History, record
from woc_sim.instruments.life_events import Life
from woc_sim.instruments.readings import READINGS
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]


def indicators_of(scenario: Scenario, replicate: int) -> Array:
    """Indicators of one replicate of a scenario with one locality: month x indicator."""
    (rows,) = run_rows(scenario, replicate, readings=(READINGS[0].name,))
    return rows.indicators


def lives_of(scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
    """Life stories of one replicate."""
    (rows,) = run_rows(scenario, replicate, count, readings=(READINGS[0].name,))
    return rows.lives


class Here:
    """Simulates in this process, for tests and notebooks. It is a `woc_sim.explorer.pair.Simulator`."""

    def indicators(self, scenario: Scenario, replicates: Sequence[int]) -> Array:
        """Indicators of these replicates."""
        return np.array([indicators_of(scenario, replicate) for replicate in replicates])

    def history(self, scenario: Scenario, replicate: int) -> History:
        """The history of one replicate."""
        return record(scenario, replicate)

    def lives(self, scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
        """Life stories of one replicate."""
        return lives_of(scenario, replicate, count)
