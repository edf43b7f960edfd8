"""The axes of a sweep as columns of its tables: unique column names, and one data type for each column."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain, count
from typing import Any, Final

from woc_sim.ensemble.points_file import as_typed
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

ROW_KEYS: Final = ("run_id", "replicate", "case", "month", "job")
"""Columns that identify run, locality and month of a row."""
_SQL_WORDS: Final = (
    "all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case "
    "cast check collate collation column concurrently constraint create cross default deferrable desc "
    "describe distinct do else end except false fetch for foreign freeze from full glob group having "
    "ilike in initially inner intersect into is isnull join lambda lateral leading left like limit "
    "natural not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider "
    "placing positional primary qualify references returning right select semi show similar some "
    "summarize symmetric table tablesample then to trailing true union unique unpack unpivot using "
    "variadic verbose when where window with"
)
"""Reserved words of DuckDB, as one text."""
SQL_WORDS: Final = frozenset(_SQL_WORDS.split())
"""The reserved words; they cannot name a column without quotes."""
INT64_LIMIT: Final = 2**63


def axis_column_names(keys: Sequence[str], ledger: Sequence[str] = ()) -> dict[str, str]:
    """Axis -> name of its column.

    The name is the last part of the key. It is the whole key with underscores if two axes have the same last
    part, or if it already means something in a table or in SQL. If that is taken too, it gets ``axis_``
    before it, and then a number after it.

    ledger: columns of the ledger besides row keys, readings and indicators. Names that differ only in
    capitals count as equal, as in SQL.
    """
    taken = {name.casefold() for name in (*ROW_KEYS, *ledger, *READING_NAMES, *INDICATOR_NAMES)} | SQL_WORDS
    last_words = Counter(key.rpartition(".")[2].casefold() for key in keys)
    columns = {}
    for key in keys:
        short, full = key.rpartition(".")[2], key.replace(".", "_")
        names = chain(
            [short] if short and last_words[short.casefold()] == 1 else [],
            [full] if full else [],
            [f"axis_{full}"],
            (f"axis_{full}_{number}" for number in count(2)),
        )
        columns[key] = next(name for name in names if name.casefold() not in taken)
        taken.add(columns[key].casefold())
    return columns


def axis_column(values: Sequence[Any]) -> list[Any]:
    """The values of an axis as one column for Parquet: numbers, flags or texts. None stays None.

    Lists and values of mixed types become texts as they would be typed: 0.1 and [0.1,0.2] become '0.1' and
    '[0.1,0.2]'.
    """
    present = [value for value in values if not is_missing(value)]
    if (
        all(isinstance(value, str) for value in present)
        or all(isinstance(value, bool) for value in present)
        or all(_is_number(value) for value in present)
    ):
        return list(values)
    return [None if is_missing(value) else _as_text(value) for value in values]


def is_missing(value: object) -> bool:
    """Whether a value is missing: None, or what pandas has in its place."""
    return value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, float) or -INT64_LIMIT <= value < INT64_LIMIT


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return as_typed(list(value) if isinstance(value, tuple) else value)
    except TypeError:  # a mapping given in Python
        return json.dumps(value, sort_keys=True, default=str)
