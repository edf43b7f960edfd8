"""Columns: what a kind of entity carries, declared once with type, bounds, unit and meaning.

A `ColumnSet` is a preallocated struct of arrays. Rows are stable: they are appended, never moved or reused.
Kernels see whole buffers and a count; everybody else sees live slices.

A column may be held once for each of several names, such as the groups of migrants: then its array has an
axis of these names in front, so that the values of all rows for one name lie side by side.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from woc_sim.errors import nearest


@dataclass(frozen=True)
class Column:
    """One attribute of all entities of a kind.

    dtype: numpy code; width: 0 for one value a row, otherwise the number of values a row; low and high:
    closed bounds. by: the names of the axis in front, such as those of all groups; empty for none. former:
    pairs of a name that the values had in the last release, and the name along `by` that they stand for.
    """

    name: str
    dtype: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    width: int = 0
    by: tuple[str, ...] = ()
    former: tuple[tuple[str, str], ...] = ()

    def shape(self, rows: int) -> tuple[int, ...]:
        """Shape of the array of so many rows."""
        front = (len(self.by),) if self.by else ()
        return (*front, rows, self.width) if self.width else (*front, rows)

    def cut(self, values: np.ndarray[Any, Any], rows: slice) -> np.ndarray[Any, Any]:
        """A view of some rows of such an array."""
        return values[:, rows] if self.by else values[rows]


_OWN_NAMES = (
    *("name", "columns", "count", "reserved", "version"),
    *("append", "buffer", "take", "put", "has", "declared", "current", "out_of_bounds"),
)


class ColumnSet:
    """Rows of one kind of entity. Attributes are live slices; rebinding or misspelling a column raises.

    Where a column has an axis in front, `residents.attitude_to` has the shape (groups, rows), and
    'attitude_to.ukrainian' names the values for one group, wherever a column is named by a text.
    """

    def __init__(self, name: str, columns: Sequence[Column], capacity: int, count: int = 0) -> None:
        taken = [column.name for column in columns if column.name in _OWN_NAMES]
        if taken:
            raise ValueError(f"{name}: a column cannot be called {', '.join(taken)}")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "columns", {column.name: column for column in columns})
        object.__setattr__(self, "count", 0)
        object.__setattr__(self, "reserved", 0)
        object.__setattr__(self, "version", 0)
        object.__setattr__(self, "_filled", 0)
        object.__setattr__(self, "_buffers", {})
        self._reserve(max(capacity, count))
        self.append(count)

    name: str
    columns: dict[str, Column]
    count: int
    reserved: int
    version: int
    _filled: int
    _buffers: dict[str, np.ndarray[Any, Any]]

    def _reserve(self, capacity: int) -> None:
        buffers: dict[str, np.ndarray[Any, Any]] = {}
        for column in self.columns.values():
            # Room costs no memory until a row is written.
            buffer = np.empty(column.shape(capacity), dtype=column.dtype)
            if self.count:
                held = slice(0, self.count)
                column.cut(buffer, held)[...] = column.cut(self._buffers[column.name], held)
            buffers[column.name] = buffer
        object.__setattr__(self, "_buffers", buffers)
        object.__setattr__(self, "reserved", capacity)
        object.__setattr__(self, "_filled", self.count)
        object.__setattr__(self, "version", self.version + 1)

    def _fill(self, end: int) -> None:
        """Give default values to the rows up to `end`, some ahead of use."""
        for column in self.columns.values():
            column.cut(self._buffers[column.name], slice(self._filled, end))[...] = column.default
        object.__setattr__(self, "_filled", end)

    def append(self, rows: int) -> int:
        """Add `rows` entities with default values; returns the first new row. Grows by half when full."""
        start = self.count
        needed = start + rows
        if needed > self.reserved:
            self._reserve(max(needed, self.reserved + self.reserved // 2 + 8))
        if needed > self._filled:
            self._fill(min(self.reserved, needed + needed // 2 + 64))
        object.__setattr__(self, "count", needed)
        return start

    def _part(self, column: str) -> tuple[Column, int] | None:
        """The column with an axis in front, and the place on it, that 'column.name' or a former name says."""
        stem, _, label = column.partition(".")
        declared = self.columns.get(stem)
        if declared is not None and label in declared.by:
            return declared, declared.by.index(label)
        for each in self.columns.values():
            for old, label in each.former:
                if old == column and label in each.by:
                    return each, each.by.index(label)
        return None

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        return column in self.columns or self._part(column) is not None

    def declared(self, column: str) -> Column:
        """What is declared of a column, or of the values for one name along its axis."""
        if column in self.columns:
            return self.columns[column]
        part = self._part(column)
        if part is None:
            raise self._missing(column)
        return replace(part[0], by=(), former=())

    def current(self, column: str) -> str:
        """The name of a column; that of the last release is told to be none (FutureWarning)."""
        part = None if column in self.columns or "." in column else self._part(column)
        if part is None:
            return column
        name = f"{part[0].name}.{part[0].by[part[1]]}"
        told = f"{self.name}.{column} is called '{name}' now; the former name ends with the next release"
        warnings.warn(told, FutureWarning, stacklevel=4)
        return name

    def _missing(self, column: str) -> AttributeError:
        return AttributeError(f"{self.name} has no column '{column}'; {nearest(column, self._buffers)}")

    def buffer(self, column: str) -> np.ndarray[Any, Any]:
        """The whole array behind a column, for kernels; 'column.name' gives one row of an axis in front."""
        found = self._buffers.get(column)
        if found is not None:
            return found
        part = self._part(column)
        if part is None:
            raise self._missing(column)
        row: np.ndarray[Any, Any] = self._buffers[part[0].name][part[1]]
        return row

    def take(self, column: str, rows: Any) -> np.ndarray[Any, Any]:
        """Values of one row or of an array of rows: rows come first, the names along an axis after them."""
        declared = self.columns.get(column)
        values = self.buffer(column)
        if declared is None or not declared.by:
            return np.asarray(values[rows])
        return np.asarray(np.moveaxis(values[:, rows], 0, np.ndim(rows)))

    def put(self, column: str, rows: Any, values: Any) -> None:
        """Write into one row or an array of rows what `take` would read, or what fits it."""
        declared = self.columns.get(column)
        buffer = self.buffer(column)
        if declared is None or not declared.by:
            buffer[rows] = values
            return
        given = np.asarray(values)
        if given.ndim > np.ndim(rows):  # each row brings its values for all names
            given = np.moveaxis(given, np.ndim(rows), 0)
        buffer[:, rows] = given

    def __getattr__(self, column: str) -> np.ndarray[Any, Any]:
        if column.startswith("__"):
            raise AttributeError(column)
        declared = self.columns.get(column)
        held = slice(0, self.count)
        if declared is not None:
            return declared.cut(self._buffers[column], held)
        return self.buffer(self.current(column))[held]

    def __setattr__(self, column: str, value: object) -> None:
        raise AttributeError(f"write into {self.name}.{column}[...] in place; a column is never rebound")

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def out_of_bounds(self) -> list[str]:
        """Names of the columns that hold a value outside their declared bounds, or a nan."""
        bad = []
        for column in self.columns.values():
            values = column.cut(self._buffers[column.name], slice(0, self.count))
            if values.size and not (np.all(values >= column.low) and np.all(values <= column.high)):
                bad.append(f"{self.name}.{column.name}")
        return bad
