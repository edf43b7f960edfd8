"""Taking notes of a locality every month, by kernels: alone, or several instruments in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from woc_sim.jit import Call, pack
from woc_sim.processes.contract import Stretch
from woc_sim.world.locality import Locality


class Moment(NamedTuple):
    """When notes are taken: the month that was lived, and rows of migrants so far."""

    month: int
    migrants: int


class Recorder:
    """An instrument that takes notes by one kernel: kernel(state, constants, moment).

    constants: what never changes, as a record. `arrays` says what the fields of `state` are.
    """

    def __init__(self, locality: Locality, kernel: Any, state: Any, constants: Any) -> None:
        self.locality = locality
        self._kernel = kernel
        self._state = state
        self._constants = pack(constants)
        self._moment = pack(Moment(0, 0))
        self._alone = Stretch(locality, [self])

    def arrays(self) -> Mapping[str, Any]:
        """The fields of its state, as they lie in memory now."""
        raise NotImplementedError

    def calls(self) -> list[Call]:
        """The call of its kernel."""
        return [Call(self._kernel, pack(self._state(**self.arrays())), self._constants, self._moment)]

    def record(self, month: int) -> None:
        """Take notes of the month that was lived, of this instrument alone."""
        self._alone.step(month)
