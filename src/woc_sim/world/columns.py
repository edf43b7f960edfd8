"""Columns: what a kind of entity carries, declared once with type, bounds, unit and meaning.

A `ColumnSet` is a preallocated struct of arrays. Rows are stable: they are appended, never moved or reused.
Kernels see whole buffers and a count; everybody else sees live slices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from woc_sim.errors import nearest


@dataclass(frozen=True)
class Column:
    """One attribute of all entities of a kind.

    dtype: numpy code; width: 0 for one value a row, otherwise the number of values a row; low and high:
    closed bounds.
    """

    name: str
    dtype: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    width: int = 0


_OWN_NAMES = ("name", "columns", "count", "reserved", "version", "append", "buffer", "out_of_bounds")


class ColumnSet:
    """Rows of one kind of entity. Attributes are live slices; rebinding or misspelling a column raises."""

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
            shape = (capacity, column.width) if column.width else (capacity,)
            buffer = np.empty(shape, dtype=column.dtype)  # room costs no memory until a row is written
            if self.count:
                buffer[: self.count] = self._buffers[column.name][: self.count]
            buffers[column.name] = buffer
        object.__setattr__(self, "_buffers", buffers)
        object.__setattr__(self, "reserved", capacity)
        object.__setattr__(self, "_filled", self.count)
        object.__setattr__(self, "version", self.version + 1)

    def _fill(self, end: int) -> None:
        """Give default values to the rows up to `end`, some ahead of use."""
        for column in self.columns.values():
            self._buffers[column.name][self._filled : end] = column.default
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

    def buffer(self, column: str) -> np.ndarray[Any, Any]:
        """The whole array behind a column, for kernels."""
        try:
            return self._buffers[column]
        except KeyError:
            raise AttributeError(
                f"{self.name} has no column '{column}'; {nearest(column, self._buffers)}"
            ) from None

    def __getattr__(self, column: str) -> np.ndarray[Any, Any]:
        if column.startswith("__"):
            raise AttributeError(column)
        return self.buffer(column)[: self.count]

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
            values = self.buffer(column.name)[: self.count]
            if values.size and not (np.all(values >= column.low) and np.all(values <= column.high)):
                bad.append(f"{self.name}.{column.name}")
        return bad
