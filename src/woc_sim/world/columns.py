"""Columns: what a kind of entity carries, declared once with type, bounds, unit and meaning.

A `ColumnSet` is a preallocated struct of arrays. Rows are stable: they are appended, never moved or reused.
Kernels see whole buffers and a count; everybody else sees live slices.

A column may be held once for each of several names, such as the groups of migrants: then its array has an
axis of these names in front, so that the values of all rows for one name lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from woc_sim.errors import nearest
from woc_sim.scenario.renamed import current


@dataclass(frozen=True)
class Column:
    """One attribute of all entities of a kind.

    dtype: numpy code; width: 0 for one value a row, otherwise the number of values a row; low and high:
    closed bounds. by: the names of the axis in front, such as those of all groups; empty for none.
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

    def shape(self, rows: int) -> tuple[int, ...]:
        """Shape of the array of so many rows."""
        front = (len(self.by),) if self.by else ()
        return (*front, rows, self.width) if self.width else (*front, rows)

    def cut(self, values: np.ndarray[Any, Any], rows: slice) -> np.ndarray[Any, Any]:
        """A view of some rows of such an array."""
        return values[:, rows] if self.by else values[rows]


_OWN_NAMES = (
    *("name", "columns", "count", "reserved", "version"),
    *("append", "buffer", "take", "put", "has", "named", "out_of_bounds"),
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
        vars(self).update(
            name=name,
            columns={column.name: column for column in columns},
            **dict.fromkeys(("count", "reserved", "version", "_filled"), 0),
            _buffers={},
        )
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
        vars(self).update(_buffers=buffers, reserved=capacity, _filled=self.count, version=self.version + 1)

    def _fill(self, end: int) -> None:
        """Give default values to the rows up to `end`, some ahead of use."""
        whole = self._filled == 0 and end == self.reserved
        for column in self.columns.values():
            buffer = self._buffers[column.name]
            rows = buffer if whole else column.cut(buffer, slice(self._filled, end))
            rows.fill(column.default)
        vars(self)["_filled"] = end

    def append(self, rows: int) -> int:
        """Add `rows` entities with default values; returns the first new row. Grows by half when full."""
        start = self.count
        needed = start + rows
        if needed > self.reserved:
            self._reserve(max(needed, self.reserved + self.reserved // 2 + 8))
        if needed > self._filled:
            self._fill(min(self.reserved, needed + needed // 2 + 64))
        vars(self)["count"] = needed
        return start

    def _part(self, column: str) -> tuple[Column, int | None]:
        """The column that a name says, and the place on its axis if it says one ('column.name').

        A name of the last release is taken with a warning. Raises AttributeError for one that no column ever
        had.
        """
        if column in self.columns:
            return self.columns[column], None
        today = column
        if "." not in column:
            today = current("column", f"{self.name}.{column}").partition(".")[2]
        stem, _, label = today.partition(".")
        declared = self.columns.get(stem)
        if declared is None or (label and label not in declared.by):
            raise AttributeError(f"{self.name} has no column '{column}'; {nearest(column, self._buffers)}")
        return declared, declared.by.index(label) if label else None

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        with suppress(AttributeError):
            return bool(self._part(column))
        return False

    def named(self, column: str) -> tuple[Column, str]:
        """What is declared of a column, and its name of today."""
        found, place = self._part(column)
        if place is None:
            return found, found.name
        return replace(found, by=()), f"{found.name}.{found.by[place]}"

    def buffer(self, column: str) -> np.ndarray[Any, Any]:
        """The whole array behind a column, for kernels; 'column.name' gives one row of an axis in front."""
        if column in self._buffers:
            return self._buffers[column]
        declared, place = self._part(column)
        if place is None:
            return self._buffers[declared.name]
        row: np.ndarray[Any, Any] = self._buffers[declared.name][place]
        return row

    def take(self, column: str, rows: Any) -> np.ndarray[Any, Any]:
        """Values of one row or of an array of rows: rows come first, the names along an axis after them."""
        declared, place = self._part(column)
        values = self._buffers[declared.name]
        if declared.by and place is None:
            return np.asarray(np.moveaxis(values[:, rows], 0, np.ndim(rows)))
        return np.asarray(values[rows] if place is None else values[place, rows])

    def put(self, column: str, rows: Any, values: Any) -> None:
        """Write into one row or an array of rows what `take` would read, or what fits it."""
        declared, place = self._part(column)
        buffer = self._buffers[declared.name]
        if not declared.by or place is not None:
            (buffer if place is None else buffer[place])[rows] = values
            return
        given = np.asarray(values)
        if given.ndim > np.ndim(rows):  # each row brings its values for all names
            given = np.moveaxis(given, np.ndim(rows), 0)
        buffer[:, rows] = given

    def __getattr__(self, column: str) -> np.ndarray[Any, Any]:
        if column.startswith("__"):
            raise AttributeError(column)
        values = self._buffers.get(column)
        if values is not None:
            return values[:, : self.count] if self.columns[column].by else values[: self.count]
        declared, place = self._part(column)
        values, held = self._buffers[declared.name], slice(0, self.count)
        return declared.cut(values, held) if place is None else values[place, held]

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
