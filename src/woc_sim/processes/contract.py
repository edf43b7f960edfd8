"""What a process is: a name, what it reads and writes, its parameters, and one function that lives a month.

A kernel of a process sees only the columns that the process declares, so an undeclared read or write cannot
happen by accident; it reads the state at the start of its turn and writes when all have decided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pickle import PicklingError
from typing import Any

from woc_sim.jit import compiled_for, pack, with_first_fields
from woc_sim.world.locality import Locality, Now

Step = Callable[[Locality, Any, Any, Now], None]
Kernel = Callable[[Any, Any, Any], None]


@dataclass(frozen=True)
class Process:
    """One process of the model.

    state: NamedTuple type of the columns it sees (`locality.record`); constants: NamedTuple type of its
    parameters.
    In its month it calls its `kernels` in order as kernel(state, constants, now) and then, where that is not
    all, step(locality, state, constants, now). `every`: months between turns.
    """

    name: str
    purpose: str
    source: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    parameters: tuple[str, ...]
    state: Any
    constants: Any
    kernels: tuple[Kernel, ...] = ()
    step: Step | None = None
    theories: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    every: int = 1

    def columns(self) -> tuple[str, ...]:
        """Declared columns, reads first, each once."""
        return tuple(dict.fromkeys(self.reads + self.writes))

    def __deepcopy__(self, memo: object) -> Process:
        return self  # nothing in it changes

    def __reduce__(self) -> tuple[Any, ...]:
        """Found again by its module: compiled kernels cannot be written down."""
        if _declared(self.state.__module__) is not self:
            raise PicklingError(f"the process {self.name} is not the one its module declares")
        return _declared, (self.state.__module__,)

    @cached_property
    def owned(self) -> tuple[tuple[str, str], ...]:
        """The set and the name of each declared column, in the order of `state`."""
        return tuple((name.partition(".")[0], name.partition(".")[2]) for name in self.columns())


def _declared(module: str) -> Any:
    return getattr(import_module(module), "PROCESS", None)


class Bound:
    """A process tied to one locality. Arrays and keys are looked up once, and arrays again after the
    migrants, the only set that grows, were given more room."""

    def __init__(self, process: Process, locality: Locality) -> None:
        self.process = process
        self.locality = locality
        self._migrants = locality.sets["migrants"]
        self._grows = any(owner == "migrants" for owner, _ in process.owned)
        self._forget()

    def _forget(self) -> None:
        """Nothing is looked up."""
        self._version = -1
        self._constants: Any = None
        self._state: Any = None
        self._now: Any = None
        self._kernels: tuple[Kernel, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """What a copy begins with: places in memory and compiled kernels are looked up again."""
        kept = ("process", "locality", "_migrants", "_grows")
        return {name: getattr(self, name) for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()

    def _look_up(self) -> None:
        """The declared columns as the kernels' record of whole buffers, the moment they are given, and the
        kernels compiled for these."""
        sets = self.locality.sets
        if self._constants is None:
            numbers = [self.locality.parameters[name] for name in self.process.parameters]
            self._constants = pack(self.process.constants(*numbers))
        arrays = [sets[owner].buffer(column) for owner, column in self.process.owned]
        self._state = pack(self.process.state(*arrays))
        self._now = pack(self.locality.now(0, self.process.name))
        self._kernels = tuple(
            [compiled_for(each, self._state, self._constants, self._now) for each in self.process.kernels]
        )
        self._version = self._migrants.version

    def step(self, month: int) -> None:
        """Live one month, if it is this process's turn."""
        process, migrants = self.process, self._migrants
        if month % process.every:
            return
        if self._version != migrants.version and (self._grows or self._version < 0):
            self._look_up()
        now = self._now = with_first_fields(self._now, month, migrants.count)
        for advance in self._kernels:
            advance(self._state, self._constants, now)
        if process.step is not None:
            process.step(self.locality, self._state, self._constants, now)
