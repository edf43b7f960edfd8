"""What a process is: a name, what it reads and writes, its parameters, and one function that lives a month.

A kernel of a process sees only the columns that the process declares, so an undeclared read or write cannot
happen by accident; it reads the state at the start of its turn and writes when all have decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from woc_sim.jit import pack, renewed
from woc_sim.world.locality import Locality, Now, field_name

Step = Callable[[Locality, Any, Any, Now], None]


@dataclass(frozen=True)
class Process:
    """One process of the model.

    state: NamedTuple type of the columns it sees (`locality.record`); constants: NamedTuple type of its
    parameters.
    step(locality, state, constants, now) applies it to one locality for one month. `every`: months between
    turns.
    """

    name: str
    purpose: str
    source: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    parameters: tuple[str, ...]
    state: Any
    constants: Any
    step: Step
    theories: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    every: int = 1

    def columns(self) -> tuple[str, ...]:
        """Declared columns, reads first, each once."""
        return tuple(dict.fromkeys(self.reads + self.writes))


class Bound:
    """A process tied to one locality. Arrays and keys are looked up once, and arrays again after the
    migrants, the only set that grows, were given more room."""

    def __init__(self, process: Process, locality: Locality) -> None:
        self.process = process
        self.locality = locality
        values = {field_name(name): locality.parameters[name] for name in process.parameters}
        self._constants = pack(process.constants(**values))
        self._migrants = locality.sets["migrants"]
        self._version = -1
        self._grows = any(name.startswith("migrants.") for name in process.columns())
        self._state: Any = None
        self._now: Any = None

    def _look_up(self) -> None:
        """The declared columns as the kernel's record of whole buffers, and the moment it is given."""
        arrays = {field_name(name): self.locality.buffer(name) for name in self.process.columns()}
        self._state = pack(self.process.state(**arrays))
        self._now = pack(self.locality.now(0, self.process.name))
        self._version = self._migrants.version

    def step(self, month: int) -> None:
        """Live one month, if it is this process's turn."""
        if month % self.process.every:
            return
        if self._now is None or (self._grows and self._version != self._migrants.version):
            self._look_up()
        self._now = renewed(self._now, month=month, migrants=self._migrants.count)
        self.process.step(self.locality, self._state, self._constants, self._now)
