"""What a process is: a name, what it reads and writes, its parameters, and one function that lives a month.

A kernel of a process sees only the columns that the process declares, so an undeclared read or write cannot
happen by accident; it reads the state at the start of its turn and writes when all have decided.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pickle import PicklingError
from typing import Any, Protocol

from woc_sim.jit import Call, pack, walk, with_first_fields
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.world.locality import Locality, Now

Step = Callable[[Locality, Any, Any, Now], None]
Kernel = Callable[[Any, Any, Any], None]
Tables = Callable[[Locality], tuple[Any, ...]]


@dataclass(frozen=True)
class Process:
    """One process of the model.

    state: NamedTuple type of the columns it sees (`locality.record`); constants: NamedTuple type of its
    parameters and then of its `tables`, arrays made for a locality when its columns are looked up.
    In its month it calls its `kernels` in order as kernel(state, constants, now) and then, where that is not
    all, step(locality, state, constants, now). `every`: months between turns. own_rules: subjects on which
    its kernels have a rule of one's own (`woc_sim.processes.own_rules`).
    """

    name: str
    purpose: str
    source: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    parameters: tuple[str, ...]
    state: Any
    constants: Any
    tables: Tables | None = None
    kernels: tuple[Kernel, ...] = ()
    step: Step | None = None
    theories: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    every: int = 1
    own_rules: tuple[tuple[str, OwnRule], ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Declared columns, reads first, each once."""
        return tuple(dict.fromkeys(self.reads + self.writes))

    def constants_of(self, locality: Locality) -> Any:
        """Its parameters and tables in a locality."""
        numbers = [locality.parameters[name] for name in self.parameters]
        tables = self.tables(locality) if self.tables is not None else ()
        return self.constants(*numbers, *tables)

    def __deepcopy__(self, memo: object) -> Process:
        return self  # nothing in it changes

    def __reduce__(self) -> tuple[Any, ...]:
        """Found again by its module: compiled kernels cannot be written down."""
        module = self.state.__module__
        if self.own_rules:
            return _with_own_rules, (module, dict(self.own_rules))
        if _declared(module) is not self:
            raise PicklingError(f"the process {self.name} is not the one its module declares")
        return _declared, (module,)

    @cached_property
    def owned(self) -> tuple[tuple[str, str], ...]:
        """The set and the name of each declared column, in the order of `state`."""
        return tuple((name.partition(".")[0], name.partition(".")[2]) for name in self.columns())

    @cached_property
    def grows(self) -> bool:
        """Whether it sees migrants, the only set that grows."""
        return any(owner == "migrants" for owner, _ in self.owned)


def _declared(module: str) -> Any:
    return getattr(import_module(module), "PROCESS", None)


def _with_own_rules(module: str, chosen: dict[str, OwnRule]) -> Any:
    from woc_sim.processes.own_rules import with_own_rules

    return with_own_rules(_declared(module), chosen)


class Part(Protocol):
    """What a stretch runs in a month."""

    def calls(self) -> list[Call]:
        """The calls of its kernels, with columns as they lie in memory now."""


class Bound:
    """A process tied to one locality. Arrays and keys are looked up once, and arrays again after the
    migrants, the only set that grows, were given more room."""

    def __init__(self, process: Process, locality: Locality) -> None:
        self.process = process
        self.locality = locality
        self._migrants = locality.sets["migrants"]
        self._forget()

    def _forget(self) -> None:
        """Nothing is looked up."""
        self._version = -1
        self._constants: Any = None
        self._state: Any = None
        self._now: Any = None
        self._walk: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """What a copy begins with: places in memory and compiled kernels are looked up again."""
        return {name: getattr(self, name) for name in ("process", "locality", "_migrants")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()

    def calls(self) -> list[Call]:
        """What its kernels are called with: the declared columns as they lie in memory now, its parameters
        and the moment."""
        process, locality, sets = self.process, self.locality, self.locality.sets
        first = self._version < 0
        if first:
            self._now = pack(locality.now(0, process.name))
        if first or (process.grows and self._version != self._migrants.version):
            self._constants = pack(process.constants_of(locality))
            self._state = pack(process.state(*[sets[owner].buffer(name) for owner, name in process.owned]))
        self._version = self._migrants.version
        return [
            Call(kernel, self._state, self._constants, self._now, process.every) for kernel in process.kernels
        ]

    def step(self, month: int) -> None:
        """Live one month, if it is this process's turn."""
        process, migrants = self.process, self._migrants
        if month % process.every:
            return
        if self._version != migrants.version:
            self._walk = walk(self.calls())
        if process.kernels:
            self._walk(month, migrants.count)
        if process.step is not None:
            now = self._now = with_first_fields(self._now, month, migrants.count)
            process.step(self.locality, self._state, self._constants, now)


class Stretch:
    """Parts of a month in a locality that are kernels alone and follow each other: one call runs them all.

    parts: processes tied to the locality, or instruments that take notes of it. Their calls are asked for
    once, and again after the migrants were given more room.
    """

    def __init__(self, locality: Locality, parts: Sequence[Part]) -> None:
        self.parts = parts
        self._migrants = locality.sets["migrants"]
        self._version = -1
        self._walk: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """What a copy begins with: places in memory are looked up again."""
        return vars(self) | {"_version": -1, "_walk": None}

    def step(self, month: int) -> None:
        """Run the month of all parts."""
        migrants = self._migrants
        if self._version != migrants.version:
            self._walk = walk([call for part in self.parts for call in part.calls()])
            self._version = migrants.version
        self._walk(month, migrants.count)
