"""What was simulated of two settings, A and B, held as arrays that views read.

Replicate r of both sides shares its draws, so that the difference of a replicate is an effect.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np

from woc_sim.explorer.history import History
from woc_sim.instruments.life_events import Life
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]
T = TypeVar("T")


class Simulator(Protocol):
    """Where replicates are simulated. Calls wait for the result; any thread may call."""

    def indicators(self, scenario: Scenario, replicates: Sequence[int]) -> Array:
        """Indicators of these replicates: replicate x month x indicator, in the order of INDICATOR_NAMES."""

    def history(self, scenario: Scenario, replicate: int) -> History:
        """The history of one replicate."""

    def lives(self, scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
        """`count` life stories of one replicate."""


@dataclass(frozen=True, eq=False)
class Side:
    """One setting, simulated.

    indicators: replicate x month x indicator (`INDICATOR_NAMES`); nan where nothing can be observed.
    """

    scenario: Scenario
    indicators: Array
    simulator: Simulator
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.indicators)

    @property
    def months(self) -> int:
        """Number of months."""
        return self.scenario.months

    def indicator(self, name: str) -> Array:
        """One indicator: replicate x month."""
        return self.indicators[:, :, INDICATOR_NAMES.index(name)]

    def history(self, replicate: int = 0) -> History:
        """The history of a replicate, simulated at the first call. Call it in `View.prepare`."""
        return self._once(("history", replicate), lambda: self.simulator.history(self.scenario, replicate))

    def lives(self, count: int, replicate: int = 0) -> tuple[Life, ...]:
        """Life stories of a replicate, simulated at the first call. Call it in `View.prepare`."""
        return self._once(
            ("lives", count, replicate), lambda: self.simulator.lives(self.scenario, replicate, count)
        )

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept


@dataclass(frozen=True, eq=False)
class Pair:
    """Side A, and side B where two settings are compared. Both have the same months and replicates."""

    a: Side
    b: Side | None = None

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that there are."""
        return (self.a,) if self.b is None else (self.a, self.b)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios of the sides that there are."""
        return tuple(each.scenario for each in self.sides)

    @property
    def months(self) -> int:
        """Number of months."""
        return self.a.months
