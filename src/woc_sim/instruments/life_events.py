"""What a life story is made of: dated events, and how people, places and months are worded in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from woc_sim.inputs.ages import ADULT, PENSION
from woc_sim.inputs.groups import groups
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.instruments.observation import month_label
from woc_sim.world.columns import ColumnSet
from woc_sim.world.locality import Locality
from woc_sim.world.places import PLACE_KINDS

Row = dict[str, Any]
"""Columns of one row as plain Python values: numbers, and lists for columns with several values."""

MIGRANT: Final = "migrant"
RESIDENT: Final = "resident"
ORGANISATION: Final = "organisation"

AT: Final = dict(
    zip(
        PLACE_KINDS,
        (
            "in the neighbourhood",
            "at work",
            "at school",
            "in a club",
            "in a public space",
            "at the reception centre",
            "through volunteering",
            "at an intercultural meeting",
            "in the host's home",
        ),
        strict=True,
    )
)
"""Where something happened, in words, by kind of place."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one life in one month (index, 0 = 2012-01).

    `code` is its kind, `text` its sentence; `place` the kind of place (or of home) and `other` the id of
    the other party, empty where there is none.
    """

    month: int
    code: str
    text: str
    place: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """A sampled migrant, resident or organisation of one locality and all that is told of it, in order.

    `name` says in a few words who it is, `header` in a sentence.
    """

    kind: str
    id: str
    name: str
    header: str
    events: tuple[Event, ...]


@dataclass
class Story:
    """A life while it is followed: its row, its columns after the last month, and what was told already.

    `told` holds what has happened a first time; `known` how and by which id somebody was told of when a tie
    or help began, for the sentence in which it ends; `stances` the last told step of slowly moving numbers.
    """

    row: int
    id: str
    name: str
    header: str
    last: Row
    events: list[Event] = field(default_factory=list)
    told: set[tuple[Any, ...]] = field(default_factory=set)
    known: dict[tuple[Any, ...], tuple[str, str]] = field(default_factory=dict)
    stances: dict[str, int] = field(default_factory=dict)
    ended: bool = False

    def first(self, *what: Any) -> bool:
        """Whether this is the first time that it is asked about."""
        if what in self.told:
            return False
        self.told.add(what)
        return True

    def life(self, kind: str) -> Life:
        """What is told of it so far."""
        return Life(kind, self.id, self.name, self.header, tuple(self.events))


@dataclass(frozen=True, slots=True)
class Moment:
    """The month that has just ended in a locality."""

    locality: Locality
    month: int


def look(rows: ColumnSet, columns: tuple[str, ...], row: int) -> Row:
    """Columns of one row as plain values."""
    return {column: rows.take(column, row).tolist() for column in columns}


def value(rows: ColumnSet, column: str, row: int) -> Any:
    """One column of one row as a plain value."""
    return rows.take(column, row).tolist()


def grade(share: float) -> str:
    """Low, middle or high, by thirds of 0..1."""
    return "low" if share < 1.0 / 3.0 else "middle" if share < 2.0 / 3.0 else "high"


def _gender(female: int, age: float) -> str:
    if age < ADULT:
        return "girl" if female else "boy"
    return "woman" if female else "man"


def migrant_id(row: int) -> str:
    """Migrants are numbered in the order of their arrival."""
    return f"migrant-{row}"


def migrant_words(locality: Locality, row: int) -> str:
    """'a Ukrainian woman of 34', as of now."""
    people = locality.sets["migrants"]
    origin = groups()[value(people, "group", row)].one
    age = value(people, "age", row)
    return f"{origin} {_gender(value(people, 'female', row), age)} of {int(age)}"


def resident_id(locality: Locality, row: int) -> str:
    """Position in the town, and the month since when this person holds it if not from the start."""
    since = value(locality.sets["residents"], "since", row)
    return f"resident-{row}" if since < 0 else f"resident-{row}-since-{month_label(since)}"


def resident_words(locality: Locality, row: int) -> str:
    """'a man of 51 who works' or 'a girl of 9', as of now."""
    people = locality.sets["residents"]
    age = value(people, "age", row)
    who = f"a {_gender(value(people, 'female', row), age)} of {int(age)}"
    if age < ADULT:
        return who
    if value(people, "employer", row):
        does = "employs others"
    elif value(people, "workplace", row) >= 0:
        does = "works"
    else:
        does = "is retired" if age >= PENSION else "has no job"
    return f"{who} who {does}"


def organisation_id(row: int) -> str:
    """Organisations are numbered by row."""
    return f"organisation-{row}"


def organisation_words(locality: Locality, row: int) -> str:
    """'NGO 2', or 'the union' where there is one only; of the executive, 'the mayor' and the councillors."""
    kinds = locality.sets["organisations"].kind
    same = kinds == kinds[row]
    number, words = int(same[: row + 1].sum()), actor_kinds()[int(kinds[row])].label
    if row == mayor(locality):
        return "the mayor"
    if locality.sets["organisations"].head[row]:
        return f"{words} {number - 1}"
    return f"the {words}" if int(same.sum()) == 1 else f"{words} {number}"


def mayor(locality: Locality) -> int:
    """Row of the mayor: the first of the executive, to whose story its measures belong."""
    return int(np.flatnonzero(locality.sets["organisations"].head)[0])
