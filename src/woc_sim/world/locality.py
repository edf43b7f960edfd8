"""A locality: all column sets of one place, its parameters and its keys of randomness."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import name_key
from woc_sim.world.columns import ColumnSet


class Now(NamedTuple):
    """What every kernel knows about the moment: counts, the key of its process, and the theories in force.

    First what differs from month to month.
    """

    month: int
    migrants: int
    key0: np.uint64
    key1: np.uint64
    residents: int
    organisations: int
    measures: int
    influence: int
    contact: int
    threat: int
    rrp: int
    substitution: int
    elections: int


def field_name(dotted: str) -> str:
    """Name of a state column or parameter inside a kernel: 'residents.attitude' -> 'residents_attitude'."""
    return dotted.replace(".", "_")


def record(name: str, dotted: Iterable[str], module: str) -> Any:
    """A NamedTuple type for kernels. Assign it to `name` in `module`, so that compiled code can be cached."""
    return namedtuple(name, [field_name(each) for each in dict.fromkeys(dotted)], module=module)


@dataclass
class Locality:
    """State of one place. `sets` maps a set's name to its rows; `info` is what never changes."""

    name: str
    case: str
    seed: int
    replicate: int
    sets: dict[str, ColumnSet]
    parameters: dict[str, float]
    theories: dict[str, int]
    info: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> ColumnSet:
        sets = self.__dict__.get("sets", {})
        if name in sets:
            found: ColumnSet = sets[name]
            return found
        raise AttributeError(name)

    def buffer(self, dotted: str) -> np.ndarray[Any, Any]:
        """The whole array behind 'set.column'."""
        owner, _, column = dotted.partition(".")
        return self.sets[owner].buffer(column)

    @property
    def row(self) -> ColumnSet:
        """The locality's own row (length-one columns)."""
        return self.sets["locality"]

    def value(self, column: str) -> float:
        """One of the locality's own numbers."""
        return float(self.sets["locality"].buffer(column)[0])

    def key(self, process: str) -> tuple[np.uint64, np.uint64]:
        """Key of the draws of one process: names, never positions."""
        return name_key(self.seed, self.replicate), name_key(self.name, process)

    def now(self, month: int, process: str) -> Now:
        """The moment as kernels see it."""
        key0, key1 = self.key(process)
        return Now(
            month,
            self.sets["migrants"].count,
            key0,
            key1,
            self.sets["residents"].count,
            self.sets["organisations"].count,
            self.sets["measures"].count,
            self.theories["influence"],
            self.theories["contact"],
            self.theories["threat"],
            self.theories["rrp"],
            self.theories["substitution"],
            self.theories["elections"],
        )
