"""One person as an object: a view on a row of columns, for looking and for code that is written per person.

A view holds nothing of its own: reading and writing go to the columns. It is slow (a microsecond a value), so
processes never use it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.world.columns import ColumnSet
from woc_sim.world.locality import Locality


class PersonView:
    """Row `row` of the residents or migrants of `locality`; every column is an attribute.

    A column with one value a person reads as a number, one with several, or with one for each group of
    migrants, as a tuple. Assigning writes into
    the column; ValueError for a value outside the column's bounds, AttributeError for a column that does not
    exist. Two views on the same row are equal.
    """

    __slots__ = ("kind", "locality", "row")

    kind: str
    locality: Locality
    row: int

    def __init__(self, locality: Locality, kind: str, row: int) -> None:
        object.__setattr__(self, "locality", locality)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "row", row)

    def __getattr__(self, column: str) -> Any:
        if column.startswith("__"):
            raise AttributeError(column)
        rows = self.locality.sets[self.kind]
        value = rows.take(column, self.row)
        return tuple(value.tolist()) if value.ndim else value.item()

    def __setattr__(self, column: str, value: object) -> None:
        write(self.locality.sets[self.kind], column, self.row, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PersonView):
            return NotImplemented
        return self.locality is other.locality and (self.kind, self.row) == (other.kind, other.row)

    def __hash__(self) -> int:
        return hash((id(self.locality), self.kind, self.row))

    def __repr__(self) -> str:
        return f"<{self.kind}[{self.row}] of {self.locality.case}>"


def write(rows: ColumnSet, column: str, where: Any, value: object) -> None:
    """Write `value` into rows `where` of a column; ValueError if any of it is outside the column's bounds."""
    declared, column = rows.named(column)
    values = np.asarray(value)
    if not (np.all(values >= declared.low) and np.all(values <= declared.high)):
        raise ValueError(
            f"{rows.name}.{column} goes from {declared.low:g} to {declared.high:g} ({declared.unit}); "
            f"{value!r} does not fit"
        )
    rows.put(column, where, values)
