"""People as Mesa agents with attributes and references, and the way to columns and back, for both twins.

A `Town` holds the same people as a `Locality`: it makes agents of its rows, `Town.store` writes them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from benchmarks.plain import plain
from woc_sim.rules import curves
from woc_sim.world.columns import ColumnSet
from woc_sim.world.locality import Locality
from woc_sim.world.people import CIRCLE, HELPERS, MEETINGS, TIES
from woc_sim.world.places import ASSOCIATION, PUBLIC_SPACE, SCHOOL, WORKPLACE

coverage = plain(curves.coverage)

PLACES_OF_RESIDENTS = ("neighbourhood", "workplace", "school", "association")
PLACES_OF_MIGRANTS = ("neighbourhood", "workplace", "school", "association")
SLOTS = ("helper", "circle", "tie", "tie_venue", "tie_month", "met", "met_hours", "met_venue", "met_good")
OTHERS = ("head", "host")  # columns that name another person
LINKS = ("link_start", "link_count")


class Place:
    """A building or club with the residents who belong to it."""

    def __init__(self, row: int, kind: int, migrant_workers: int) -> None:
        self.row = row
        self.kind = kind
        self.migrant_workers = migrant_workers
        self.owner: Resident | None = None
        self.members: list[Resident] = []


class Resident(mesa.Agent):
    """A resident: one attribute a column; places and friends are objects."""

    def __init__(self, town: Town, row: int) -> None:
        super().__init__(town)
        self.row = row
        self.friends: list[Resident] = []


@dataclass
class Meeting:
    """A meeting of a migrant this month: with whom, effective hours, kind of place, and whether it went
    well."""

    resident: Resident
    hours: float
    kind: int
    good: bool


@dataclass
class Tie:
    """A tie to a resident: where and when it was made."""

    resident: Resident
    kind: int
    month: int


class Migrant(mesa.Agent):
    """A migrant: one attribute a column; places, helpers, meetings and ties are objects."""

    def __init__(self, town: Town, row: int) -> None:
        super().__init__(town)
        self.row = row
        for column in town.locality.migrants.columns.values():
            if column.name not in (*SLOTS, *OTHERS):
                default = float(column.default) if column.dtype == "f8" else int(column.default)
                setattr(self, column.name, default)
        self.neighbourhood: Place | None = town.places[0]
        self.workplace: Place | None = None
        self.school: Place | None = None
        self.association: Place | None = None
        self.head: Migrant | None = None
        self.host: Resident | None = None
        self.helper: list[Resident | None] = [None] * HELPERS
        self.circle: list[Resident | None] = [None] * CIRCLE
        self.tie: list[Tie | None] = [None] * TIES
        self.met: list[Meeting] = []

    def ties(self) -> float:
        """Number of ties to residents."""
        return float(sum(1 for tie in self.tie if tie is not None))


class Row:
    """The locality's own numbers as attributes."""

    def __init__(self, locality: Locality) -> None:
        self.__dict__["rows"] = locality.row

    def __getattr__(self, name: str) -> float:
        return self.of(name)

    def __setattr__(self, name: str, value: float) -> None:
        self.__dict__["rows"].buffer(name)[0] = value

    def of(self, column: str) -> float:
        """A number by its column; 'arriving.ukrainian' is one for a group of migrants."""
        return float(self.__dict__["rows"].buffer(column)[0])


class Town(mesa.Model):
    """Residents, migrants and places of a locality as objects, in the order of its rows.

    rng: seed of Mesa's own generator, which the exact twin has no use for.
    """

    resident: type[Resident] = Resident
    migrant: type[Migrant] = Migrant

    def __init__(self, locality: Locality, rng: int = 0) -> None:
        super().__init__(rng=rng)
        self.locality = locality
        self.row = Row(locality)
        self.places: list[Place] = []
        self.residents: list[Any] = []
        self.migrants: list[Any] = []
        self._load_places()
        self._load_residents()
        for column in ("owner", "members"):
            self._settle(column)
        self.workplaces = [place for place in self.places if place.kind == WORKPLACE]
        self.schools = [place for place in self.places if place.kind == SCHOOL]
        self.clubs = [place for place in self.places if place.kind == ASSOCIATION]
        self.square = [place for place in self.places if place.kind == PUBLIC_SPACE][-1]
        self._load_migrants()

    def add_migrant(self) -> Any:
        """One migrant more, at the end of the list."""
        self.migrants.append(self.migrant(self, len(self.migrants)))
        return self.migrants[-1]

    def covered(self, sector: int) -> float:
        """Share of the need of a sector that town, higher levels and others cover together."""
        return coverage(*(self.sector(name, sector) for name in ("public", "higher", "nonpublic")))

    def sector(self, name: str, sector: int) -> float:
        """One number of a sector."""
        return float(self.locality.sets["sectors"].buffer(name)[sector])

    def _place(self, row: int) -> Place | None:
        return self.places[row] if row >= 0 else None

    def _load_places(self) -> None:
        rows = self.locality.sets["places"]
        for row in range(len(rows)):
            self.places.append(Place(row, int(rows.kind[row]), int(rows.migrant_workers[row])))

    def _load_residents(self) -> None:
        rows = self.locality.sets["residents"]
        self.residents = [self.resident(self, row) for row in range(len(rows))]
        for name, column in attributes(rows).items():
            for resident, value in zip(self.residents, rows.buffer(column).tolist(), strict=False):
                setattr(resident, name, self._place(value) if name in PLACES_OF_RESIDENTS else value)
        others = self.locality.sets["links"].other.tolist()
        for resident in self.residents:
            start = resident.link_start
            linked = others[start : start + resident.link_count]
            resident.friends = [self.residents[other] for other in linked]

    def _settle(self, column: str) -> None:
        rows = self.locality.sets["places"]
        members = self.locality.sets["members"].resident.tolist()
        for place in self.places:
            if column == "owner":
                place.owner = self.residents[max(0, int(rows.owner[place.row]))]
            else:
                start = int(rows.member_start[place.row])
                here = members[start : start + int(rows.member_count[place.row])]
                place.members = [self.residents[member] for member in here]

    def _load_migrants(self) -> None:
        rows = self.locality.sets["migrants"]
        self.migrants = [self.migrant(self, row) for row in range(len(rows))]
        for name in rows:
            if name in (*SLOTS, *OTHERS):
                continue
            for migrant, value in zip(self.migrants, rows.buffer(name).tolist(), strict=False):
                setattr(migrant, name, self._place(value) if name in PLACES_OF_MIGRANTS else value)
        slots = {name: rows.buffer(name).tolist() for name in (*SLOTS, *OTHERS)}
        for i, migrant in enumerate(self.migrants):
            head, host = slots["head"][i], slots["host"][i]
            migrant.head = self.migrants[head] if head >= 0 else None
            migrant.host = self.residents[host] if host >= 0 else None
            migrant.helper = [self.residents[r] if r >= 0 else None for r in slots["helper"][i]]
            migrant.circle = [self.residents[r] if r >= 0 else None for r in slots["circle"][i]]
            kinds, months = slots["tie_venue"][i], slots["tie_month"][i]
            migrant.tie = [
                Tie(self.residents[r], kinds[k], months[k]) if r >= 0 else None
                for k, r in enumerate(slots["tie"][i])
            ]
            hours, where, good = slots["met_hours"][i], slots["met_venue"][i], slots["met_good"][i]
            migrant.met = [
                Meeting(self.residents[r], hours[k], where[k], good[k] == 1)
                for k, r in enumerate(slots["met"][i])
                if r >= 0
            ]

    def store(self) -> None:
        """Write everybody back into the columns of the locality."""
        residents, migrants = self.locality.sets["residents"], self.locality.sets["migrants"]
        if len(self.migrants) > len(migrants):
            migrants.append(len(self.migrants) - len(migrants))
        _write(residents, self.residents, set(attributes(residents)) - set(LINKS), PLACES_OF_RESIDENTS)
        _write(migrants, self.migrants, set(migrants) - {*SLOTS, *OTHERS}, PLACES_OF_MIGRANTS)
        for i, migrant in enumerate(self.migrants):
            migrants.head[i] = _row(migrant.head)
            migrants.host[i] = _row(migrant.host)
            for k in range(HELPERS):
                migrants.helper[i, k] = _row(migrant.helper[k])
            for k in range(CIRCLE):
                migrants.circle[i, k] = _row(migrant.circle[k])
            for k, tie in enumerate(migrant.tie):
                migrants.tie[i, k] = -1 if tie is None else tie.resident.row
                migrants.tie_venue[i, k] = -1 if tie is None else tie.kind
                migrants.tie_month[i, k] = -1 if tie is None else tie.month
            for k in range(MEETINGS):
                met = migrant.met[k] if k < len(migrant.met) else None
                migrants.met[i, k] = -1 if met is None else met.resident.row
                migrants.met_hours[i, k] = 0.0 if met is None else met.hours
                migrants.met_venue[i, k] = -1 if met is None else met.kind
                migrants.met_good[i, k] = 0 if met is None else met.good
        workers = self.locality.sets["places"].migrant_workers
        for place in self.places:
            workers[place.row] = place.migrant_workers

    def close(self) -> None:
        """Let Mesa forget the people: Mesa 3.3.1 keeps every model alive in a class attribute."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def attributes(rows: ColumnSet) -> dict[str, str]:
    """Attributes of a person -> columns: `attitude` is that to non-Europeans, `attitude_ua` to Ukrainians."""
    found = {}
    for one in rows.columns.values():
        stem = one.name.rpartition("_")[0]
        found |= {f"{stem}_ua" if name == "ukrainian" else stem: f"{one.name}.{name}" for name in one.by} or {
            one.name: one.name
        }
    return found


def _row(thing: Place | Resident | Migrant | None) -> int:
    return -1 if thing is None else thing.row


def _write(rows: ColumnSet, agents: list[Any], names: set[str], places: tuple[str, ...]) -> None:
    columns = attributes(rows)
    for name in names:
        values = [getattr(agent, name) for agent in agents]
        if name in places:
            values = [_row(value) for value in values]
        buffer = rows.buffer(columns[name])
        buffer[: rows.count] = np.array(values, dtype=buffer.dtype)
