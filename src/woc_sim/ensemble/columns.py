"""The columns of the tables of a sweep: those of every ledger, and names and types for axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

WAITING, DONE, FAILED = "waiting", "done", "failed"
LEDGER: Final = (
    "design_row",
    "status",
    "stage",
    "error",
    "message",
    "trace",
    "seconds",
    "model_hash",
    "case",
)
"""Columns of a ledger between the replicate and the readings."""


def short_names(keys: Sequence[str]) -> dict[str, str]:
    """Axis -> column: the last part of the key, all of it with underscores where two would be alike, and with
    ``axis_`` before it where a column of a table has that name."""
    last = [key.rpartition(".")[2] for key in keys]
    taken = {"run_id", "replicate", "month", *LEDGER, *READING_NAMES, *INDICATOR_NAMES}
    found: dict[str, str] = {}
    for key, name in zip(keys, last, strict=True):
        entire = key.replace(".", "_")
        free = name if last.count(name) == 1 and name not in taken else entire
        while free in taken or free in found.values():
            free = f"axis_{free}"
        found[key] = free
    return found


def one_type(values: Sequence[Any]) -> list[Any]:
    """Values of an axis as a column takes them: numbers stay numbers if all are (true and false are none),
    else all are texts; what is missing stays missing."""
    known = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in known):
        return list(values)
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return list(values)
    return [None if value is None else _word(value) for value in values]


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
