"""The course of a world, and replays of another world in which chosen channels are held at that course.

A channel that is *held* sends the course of the first world: the processes of all other channels see its
columns as they were there at the same turn of the same month. Its own processes and the instruments see the
replay's own values. So a held channel still reacts, and only what it passes on is cut. The channel `people`
is held as a whole, for everybody: the newcomers who are there are those of the first world, row by row.

Nothing in the model knows of this. A world is given its schedule, and here is another schedule: every process
gets a locality in which the columns that it must not see are replaced by others of the same shape.

Persons and organisations are found again by the key of their draws. Whoever is not in the first world is seen
as they are. A place is found by its number among the places of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, cast

import numpy as np

from woc_sim.ensemble.channels import (
    PEOPLE,
    Group,
    channel_of_column,
    channel_of_process,
)
from woc_sim.errors import UserError
from woc_sim.processes.contract import Bound, Process
from woc_sim.processes.interventions import Interventions
from woc_sim.processes.schedule import BY_NAME, PROCESSES, schedule
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.schema import Scenario
from woc_sim.world.columns import ColumnSet
from woc_sim.world.locality import Locality
from woc_sim.world.model import Schedule, Turn
from woc_sim.world.people import NO_JOB

Array = np.ndarray[Any, Any]
Values = dict[str, Array]

ARRIVALS: Final = "arrivals"
EXPERIENCE: Final = "experience"
WHO_IS_THERE: Final = (ARRIVALS, "demography", EXPERIENCE)
"""Processes after which the newcomers of the first world are put in place."""
IN_PLACES: Final = frozenset(
    f"migrants.{name}" for name in ("workplace", "neighbourhood", "school", "association")
)
"""Columns that hold the number of a place."""
JOBS: Final = ("migrants.job", "migrants.workplace")


@cache
def crossing(process: Process) -> tuple[str, ...]:
    """Columns of other channels that a process reads and does not write: what it can be shown instead.

    Of columns that it writes into for other channels, it is shown jobs, of which it needs to know.
    """
    owners, own = channel_of_column(), channel_of_process()[process.name]
    read = [column for column in process.reads if column not in process.writes]
    if process.name == EXPERIENCE:
        read += JOBS
    return tuple(column for column in read if owners.get(column) not in (None, own))


@cache
def _kept() -> frozenset[str]:
    """Columns whose course is needed."""
    return frozenset(column for process in PROCESSES for column in crossing(process)) | frozenset(
        column for name in WHO_IS_THERE for column in put_back(name)
    )


@cache
def put_back(process: str) -> tuple[str, ...]:
    """What a process wrote of who is there, and what arrivals wrote of those who came."""
    owners = channel_of_column()
    return tuple(
        column
        for column in BY_NAME[process].writes
        if owners.get(column) == PEOPLE or (process == ARRIVALS and column.startswith("migrants."))
    )


@dataclass
class Course:
    """What one locality of the first world was like: for each month and process the columns of other channels
    as it found them (`seen`), and what it wrote of who is there (`came`). The entities, places and residents
    tell who is who."""

    seen: list[dict[str, Values]] = field(default_factory=list)
    came: list[dict[str, Values]] = field(default_factory=list)
    locality: Any = None

    @property
    def migrants(self) -> Array:
        """Keys of all newcomers of the first world, in the order of their rows."""
        return cast(Array, self.locality.sets["migrants"].entity)


def copied(locality: Locality, column: str) -> Array:
    """A copy of the rows in use of a column 'set.name'."""
    owner, _, name = column.partition(".")
    rows = locality.sets[owner]
    return rows.columns[name].cut(rows.buffer(name), slice(0, rows.count)).copy()


class Recorded:
    """A turn of the first world that takes notes of its course."""

    def __init__(self, turn: Turn, locality: Locality, course: Course, latest: Values) -> None:
        self.turn, self.locality, self.course, self.latest = turn, locality, course, latest
        self.process = turn.process if isinstance(turn, Bound) else None
        changed = (
            self.process.writes
            if self.process is not None
            else [change.column for effect in EFFECTS.values() for change in effect.changes]
        )
        self.changes = tuple(column for column in dict.fromkeys(changed) if column in _kept())

    def step(self, month: int) -> None:
        """Live the month of this turn, and note it."""
        process = self.process
        if len(self.course.seen) <= month:
            self.course.seen.append({})
            self.course.came.append({})
        if process is not None:
            self.course.seen[month][process.name] = {
                column: self.latest[column] for column in crossing(process)
            }
        self.turn.step(month)
        if process is not None and month % process.every:
            return
        for column in self.changes:
            self.latest[column] = copied(self.locality, column)
        if process is not None and process.name in WHO_IS_THERE:
            self.course.came[month][process.name] = {
                column: self.latest[column] for column in put_back(process.name)
            }


def recording(scenario: Scenario, courses: list[Course]) -> Schedule:
    """The schedule of a scenario, which also appends the course of each of its localities to `courses`."""
    apart = schedule(scenario.schedule, scenario.interventions, apart=True)

    def bind(locality: Locality) -> Sequence[Turn]:
        course = Course(locality=locality)
        courses.append(course)
        latest = {column: copied(locality, column) for column in _kept()}
        return [Recorded(turn, locality, course, latest) for turn in apart(locality)]

    return bind


def replaying(
    scenario: Scenario, courses: Sequence[Course], groups: Sequence[Group], held: frozenset[str]
) -> Schedule:
    """The schedule of a scenario in which the groups named in `held` are held at the courses, one for each
    locality in the scenario's order."""
    apart = schedule(scenario.schedule, scenario.interventions, apart=True)
    waiting = iter(courses)
    group_of = {channel: group.name for group in groups for channel in group.channels}

    def bind(locality: Locality) -> Sequence[Turn]:
        course = next(waiting)
        match = Match(course, locality)
        return [
            turn
            if isinstance(turn, Interventions)
            else Replayed(cast(Bound, turn).process, locality, course, match, group_of, held)
            for turn in apart(locality)
        ]

    return bind


class Match:
    """Who of the replay is who in the first world."""

    def __init__(self, course: Course, locality: Locality) -> None:
        self.course, self.locality = course, locality
        first = course.locality
        refuse_other_residents(first, locality)
        self._count = -1
        self._agree = False
        self._migrants = np.empty(0, dtype=np.int64)
        self._known = np.argsort(course.migrants, kind="stable")
        self.organisations = found_in(
            locality.sets["organisations"].entity, first.sets["organisations"].entity
        )
        agree = np.array_equal(locality.sets["organisations"].entity, first.sets["organisations"].entity)
        self.searched = frozenset({"migrants"} if agree else {"migrants", "organisations", "governance"})
        kinds, others = (each.sets["places"].buffer("kind") for each in (first, locality))
        self.places = None if np.array_equal(kinds, others) else places_by_number(kinds, others)

    def migrants(self) -> Array | None:
        """For each newcomer of the replay the row in the first world, -1 for none; None if all rows agree."""
        rows = self.locality.sets["migrants"]
        if rows.count != self._count:
            self._count = rows.count
            self._migrants = found_in(rows.entity, self.course.migrants, self._known)
            self._agree = bool(np.array_equal(self._migrants, np.arange(rows.count)))
        return None if self._agree else self._migrants

    def translated(self, column: str, values: Array) -> Array:
        """Numbers of places of the first world as those of the replay."""
        if self.places is None or column not in IN_PLACES:
            return values
        return np.where(values < 0, values, self.places[np.maximum(values, 0)]).astype(values.dtype)


def refuse_other_residents(first: Locality, second: Locality) -> None:
    """Raise UserError if two localities have different numbers of residents."""
    one, other = (each.sets["residents"].count for each in (first, second))
    if one != other:
        raise UserError(
            f"{first.case} has {one} simulated residents in the first scenario and {other} in the second, so "
            f"that nobody is the same person; give both people={min(one, other)} and no scale"
        )


def found_in(entities: Array, known: Array, order: Array | None = None) -> Array:
    """For each key its row among the known ones, the first of equal ones; -1 for none."""
    if not len(known):
        return np.full(len(entities), -1)
    order = np.argsort(known, kind="stable") if order is None else order
    at = np.minimum(np.searchsorted(known, entities, sorter=order), len(known) - 1)
    rows = order[at]
    return np.where(known[rows] == entities, rows, -1)


def places_by_number(kinds: Array, others: Array) -> Array:
    """For each place the one with the same number among the other places of its kind; where these are fewer,
    numbers begin again."""
    found = np.zeros(len(kinds), dtype=np.int64)
    for kind in np.unique(kinds):
        mine, theirs = np.flatnonzero(kinds == kind), np.flatnonzero(others == kind)
        if len(theirs):
            found[mine] = theirs[np.arange(len(mine)) % len(theirs)]
    return found


class ShownRows:
    """A set of rows of which a process sees some columns replaced."""

    def __init__(self, rows: ColumnSet, shown: Mapping[str, Array]) -> None:
        self.rows, self.shown = rows, shown

    def buffer(self, column: str) -> Array:
        """The array that stands for a column."""
        found = self.shown.get(f"{self.rows.name}.{column}")
        return self.rows.buffer(column) if found is None else found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows, name)


class Replayed:
    """A process of a replay, which sees held channels as they were in the first world."""

    def __init__(
        self,
        process: Process,
        locality: Locality,
        course: Course,
        match: Match,
        group_of: Mapping[str, str],
        held: frozenset[str],
    ) -> None:
        self.process, self.locality, self.course, self.match = process, locality, course, match
        owners, own = channel_of_column(), channel_of_process()[process.name]

        def is_held(channel: str) -> bool:
            return group_of.get(channel) in held

        def is_cut(column: str) -> bool:
            owner = owners[column]
            apart = own is None or group_of.get(owner) != group_of.get(own)
            return owner != PEOPLE and is_held(owner) and apart

        self.puts = is_held(PEOPLE) and process.name in WHO_IS_THERE
        self.shown = tuple(filter(is_cut, crossing(process)))
        leaving = process.name == EXPERIENCE and (self.puts or any(each in self.shown for each in JOBS))
        # Who leaves in the replay is not who left in the first world: jobs are seen as copies, and who is
        # away afterwards has none.
        self.lent = tuple(each for each in JOBS if leaving and each not in self.shown)
        self.tidies = leaving or self.puts
        self.shadows: dict[str, Array] = {}
        # Rows that never change and are the same in both worlds need no search for who is who.
        self.matched = tuple(each for each in self.shown if each.partition(".")[0] in match.searched)
        self.alike = [(each, self._shadow(each)) for each in self.shown if each not in self.matched]
        self.bound = Bound(process, self._view() if self.shown or self.lent else locality)

    def _view(self) -> Locality:
        sets = {name: ShownRows(rows, self.shadows) for name, rows in self.locality.sets.items()}
        return replace(self.locality, sets=cast(Any, sets))

    def step(self, month: int) -> None:
        """Live one month, if it is the process's turn."""
        if month % self.process.every:
            return
        if self.shown:
            seen = self.course.seen[month][self.process.name]
            for column, shadow in self.alike:
                shadow[...] = seen[column]
            for column in self.matched:
                self._show(column, seen[column])
        for column in self.lent:
            self._shadow(column)[...] = self.locality.buffer(column)
        before = self.locality.sets["migrants"].count
        self.bound.step(month)
        if self.puts:
            self._put(self.course.came[month][self.process.name], before)
        if self.tidies:
            leave_jobs(self.locality)

    def _shadow(self, column: str) -> Array:
        real = self.locality.buffer(column)
        shadow = self.shadows.get(column)
        if shadow is None or shadow.shape != real.shape:
            shadow = self.shadows[column] = real.copy()
        return shadow

    def _show(self, column: str, values: Array) -> None:
        """Let the process see a column of the first world, of newcomers or organisations: of whoever is in
        both worlds."""
        owner, _, name = column.partition(".")
        rows, shadow = self.locality.sets[owner], self._shadow(column)
        values, known = self.match.translated(column, values), len(values)
        match = self.match.migrants() if owner == "migrants" else self.match.organisations
        if match is None and known >= rows.count:
            shadow[: rows.count] = values[: rows.count]
            return
        match = np.arange(rows.count) if match is None else match
        shadow[...] = rows.buffer(name)
        mine = np.flatnonzero((match >= 0) & (match < known))
        theirs = match[mine]
        if owner == "governance":
            shadow[np.ix_(mine, mine)] = values[np.ix_(theirs, theirs)]
        else:
            shadow[mine] = values[theirs]

    def _put(self, came: Values, before: int) -> None:
        """Put the newcomers of the first world in place, those who have just come with all that arrivals
        wrote of them."""
        migrants = self.locality.sets["migrants"]
        owners = channel_of_column()
        if self.process.name == ARRIVALS:
            set_count(migrants, len(came["migrants.entity"]))
        for column, values in came.items():
            owner, _, name = column.partition(".")
            rows = self.locality.sets[owner]
            first = 0 if owners.get(column) == PEOPLE else before
            part = slice(first, rows.count)
            declared, values = rows.columns[name], self.match.translated(column, values)
            declared.cut(rows.buffer(name), part)[...] = declared.cut(values, part)


def set_count(rows: ColumnSet, count: int) -> None:
    """Make it so many rows: new ones have default values, and those beyond are as if they had never been."""
    if count > rows.count:
        rows.append(count - rows.count)
        return
    for column in rows.columns.values():
        column.cut(rows.buffer(column.name), slice(count, rows.count))[...] = column.default
    vars(rows)["count"] = count


def leave_jobs(locality: Locality) -> None:
    """Whoever is away has no job, and workplaces count who is there."""
    migrants, places = locality.sets["migrants"], locality.sets["places"]
    away = migrants.present == 0
    migrants.job[away] = NO_JOB
    migrants.workplace[away] = -1
    working = migrants.workplace[migrants.workplace >= 0]
    places.migrant_workers[:] = np.bincount(working, minlength=places.count)
