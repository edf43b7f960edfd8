"""What a process is: a name, what it reads and writes, its parameters, and one function that lives a month.

A kernel of a process sees only the columns that the process declares, so an undeclared read or write cannot
happen by accident; it reads the state at the start of its turn and writes when all have decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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


@dataclass
class Bound:
    """A process tied to one locality: arrays are looked up once and again only after a set has grown."""

    process: Process
    locality: Locality
    _versions: tuple[int, ...] = ()
    _state: Any = None
    _constants: Any = None
    _now: Now | None = None
    _owners: tuple[str, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        self._owners = tuple(dict.fromkeys(name.partition(".")[0] for name in self.process.columns()))
        values = {field_name(name): self.locality.parameters[name] for name in self.process.parameters}
        self._constants = self.process.constants(**values) if values else self.process.constants()

    def state(self) -> Any:
        """The declared columns as the kernel's NamedTuple of whole buffers."""
        versions = tuple(self.locality.sets[owner].version for owner in self._owners)
        if versions != self._versions:
            arrays = {field_name(name): self.locality.buffer(name) for name in self.process.columns()}
            self._state = self.process.state(**arrays)
            self._versions = versions
        return self._state

    def step(self, month: int) -> None:
        """Live one month, if it is this process's turn."""
        if month % self.process.every == 0:
            self.process.step(self.locality, self.state(), self._constants, self._moment(month))

    def _moment(self, month: int) -> Now:
        """Now, with the process's key hashed once and the counts as they stand."""
        if self._now is None:
            self._now = self.locality.now(month, self.process.name)
        sets = self.locality.sets
        return self._now._replace(month=month, migrants=sets["migrants"].count)
