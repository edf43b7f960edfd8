"""A process of the exact twin: the same name, parameters and draws, lived person by person."""

from __future__ import annotations

from typing import Any

from benchmarks.exact.people import Town
from woc_sim.draws import uniform
from woc_sim.processes.contract import Process


class PersonTurn:
    """Lives a month of `process` on the objects of a town instead of on columns."""

    def __init__(self, town: Town, process: Process) -> None:
        self.town = town
        self.process = process
        self.constants: Any = process.constants_of(town.locality)
        self.key0, self.key1 = (int(word) for word in town.locality.key(process.name))
        self.month = 0

    def draw(self, entity: int, purpose: int, index: int = 0) -> float:
        """The number that the kernel draws at this address."""
        return float(uniform(self.key0, self.key1, entity, self.month, purpose, index))

    def step(self, month: int) -> None:
        """Live one month, if it is this process's turn."""
        if month % self.process.every == 0:
            self.month = month
            self.live()

    def live(self) -> None:
        """What happens this month."""
        raise NotImplementedError
