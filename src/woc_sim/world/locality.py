"""A locality: all column sets of one place, its parameters and its keys of randomness."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from woc_sim.draws import name_key
from woc_sim.inputs.theories import theories
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.world.columns import ColumnSet


def field_name(dotted: str) -> str:
    """Name of a state column or parameter inside a kernel: 'residents.attitude' -> 'residents_attitude'."""
    return dotted.replace(".", "_")


def record(name: str, dotted: Iterable[str], module: str) -> Any:
    """A NamedTuple type for kernels. Assign it to `name` in `module`, so that compiled code can be cached."""
    return namedtuple(name, [field_name(each) for each in dict.fromkeys(dotted)], module=module)


COUNTED: Final = ("month", "migrants", "key0", "key1", "residents", "organisations", "measures")

if TYPE_CHECKING:
    Now: TypeAlias = Any
else:
    Now = record("Now", (*COUNTED, *theories()), __name__)
    Now.__doc__ = """What every kernel knows about the moment: counts, the key of its process, and of each
    subject the code of the theory in force. First what differs from month to month."""


@dataclass
class Locality:
    """State of one place. `sets` maps a set's name to its rows; `info` is what never changes.

    theories: subject -> code; own_rules: subject -> rule of one's own. Raises ValueError if a subject has no
    code, or one that no theory has, so that rules get no code that they do not know.
    """

    name: str
    case: str
    seed: int
    replicate: int
    sets: dict[str, ColumnSet]
    parameters: dict[str, float]
    theories: dict[str, int]
    info: dict[str, Any] = field(default_factory=dict)
    own_rules: Mapping[str, OwnRule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subject, rivals in theories().items():
            codes = {one.code: name for name, one in rivals.items()}
            if self.theories.get(subject) not in codes:
                raise ValueError(
                    f"the theory of {subject} is {self.theories.get(subject)!r}, not one of {codes}"
                )

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
            *[self.theories[subject] for subject in theories()],
        )
