"""Organisations and council blocs as Mesa agents: an identity and readable attributes; the numbers are in the
locality's columns."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

import mesa

from woc_sim.errors import UserError
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.inputs.vocabulary import ACTOR_KINDS, PROGNOSTIC_FRAMES, SECTORS
from woc_sim.world.locality import Locality


class Row(mesa.Agent):  # type: ignore[misc]
    """A row of the locality's columns as an agent, which has no behaviour of its own and cannot leave."""

    rows: ClassVar[str]

    def __init__(self, model: Any, locality: Locality, row: int) -> None:
        super().__init__(model)
        self.locality = locality
        self.row = row

    def _read(self, column: str) -> float:
        return float(self.locality.sets[self.rows].buffer(column)[self.row])

    def step(self) -> NoReturn:
        """Refused (UserError): processes say what organisations do, for all of them at once."""
        raise UserError(
            f"an agent of {self.rows} has no step of its own: processes say what it does; world.step() lives "
            "a month of all, and CONTRIBUTING.md says how to write a process"
        )

    advance = step

    def remove(self) -> NoReturn:
        """Refused (UserError): rows never leave."""
        raise UserError(
            f"an agent of {self.rows} is a row of the locality's columns and cannot be removed; leave a "
            "process out instead, with schedule={'drop': [...]}"
        )


class Organisation(Row):
    """One organisation of a locality: a view on row `row` of its columns.

    Use it to look (`agent.belief`, `agent.partners()`) or with Mesa's AgentSet; processes work on the
    columns.
    """

    rows = "organisations"

    @property
    def kind(self) -> str:
        """Actor kind, as in the vocabulary."""
        return ACTOR_KINDS[int(self._read("kind"))]

    @property
    def traits(self) -> frozenset[str]:
        """Traits of its kind, e.g. 'mission' (`woc-sim list kinds`)."""
        return actor_kinds()[int(self._read("kind"))].traits

    @property
    def name(self) -> str:
        """Kind and number within the kind, e.g. 'ngo 2'."""
        kinds = self.locality.sets["organisations"].buffer("kind")[: self.row + 1]
        return f"{self.kind} {int((kinds == kinds[self.row]).sum())}"

    @property
    def ideology(self) -> float:
        """Exclusive -1 to inclusive +1."""
        return self._read("ideology")

    @property
    def belief(self) -> float:
        """Attitude of residents as this organisation believes it, -1..1."""
        return self._read("belief")

    @property
    def engagement(self) -> float:
        """How much it works on the topic, 0..1."""
        return self._read("engagement")

    @property
    def responsibility_frame(self) -> str:
        """Its strongest prognostic frame."""
        weights = self.locality.sets["organisations"].buffer("prognostic")[self.row]
        return PROGNOSTIC_FRAMES[int(weights.argmax())]

    @property
    def initiatives(self) -> tuple[str, ...]:
        """Sectors in which it runs an initiative."""
        running = self.locality.sets["organisations"].buffer("initiative")[self.row]
        return tuple(sector for sector, on in zip(SECTORS, running, strict=True) if on > 0)

    def partners(self, meetings: float = 12.0) -> list[Organisation]:
        """Organisations of the same place that it meets at least `meetings` times a year."""
        row = self.locality.sets["governance"].buffer("frequency")[self.row]
        others = self.locality.info["agents"]
        return [others[j] for j in range(len(others)) if j != self.row and row[j] >= meetings]


class Bloc(Row):
    """A bloc of the council: a view on row `row` of the locality's blocs, some of which hold no seats."""

    rows = "blocs"

    @property
    def kind(self) -> str:
        """'bloc', so that a set of agents of all kinds can be asked for one."""
        return "bloc"

    @property
    def name(self) -> str:
        """Its number in the council, e.g. 'bloc 2'."""
        return f"bloc {self.row + 1}"

    @property
    def seats(self) -> float:
        """Share of the council's seats."""
        return self._read("seats")

    @property
    def ideology(self) -> float:
        """Exclusive -1 to inclusive +1."""
        return self._read("ideology")

    @property
    def in_government(self) -> bool:
        """Whether it supports the executive."""
        return self._read("executive") > 0

    @property
    def radical_right(self) -> bool:
        """Whether it is the radical right."""
        return self._read("radical_right") > 0
