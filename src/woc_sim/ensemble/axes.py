"""What varies in a sweep as columns of its tables: names that collide with nothing, one type a column."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain, count
from typing import Any, Final

from woc_sim.ensemble.points_file import as_typed
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

ROW_KEYS: Final = ("run_id", "replicate", "case", "month", "job")
"""Columns that say which run, locality and month a row is of."""
SQL_WORDS_TEXT: Final = (
    "all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case "
    "cast check collate collation column concurrently constraint create cross default deferrable desc "
    "describe distinct do else end except false fetch for foreign freeze from full glob group having "
    "ilike in initially inner intersect into is isnull join lambda lateral leading left like limit "
    "natural not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider "
    "placing positional primary qualify references returning right select semi show similar some "
    "summarize symmetric table tablesample then to trailing true union unique unpack unpivot using "
    "variadic verbose when where window with"
)
"""Words that DuckDB takes for its own where a column is meant."""
SQL_WORDS: Final = frozenset(SQL_WORDS_TEXT.split())
INT64_LIMIT: Final = 2**63


def axis_column_names(keys: Sequence[str], ledger: Sequence[str] = ()) -> dict[str, str]:
    """Axis -> column: the last part of the key; all of it with underscores where the last part is that of two
    axes or has another meaning in a table or in SQL; with ``axis_`` before it, and a number behind it, where
    that is so too.

    ledger: columns of the ledger beside identity, readings and indicators. Names that differ in capitals only
    are the same, as they are in SQL.
    """
    taken = {name.casefold() for name in (*ROW_KEYS, *ledger, *READING_NAMES, *INDICATOR_NAMES)} | SQL_WORDS
    last = Counter(key.rpartition(".")[2].casefold() for key in keys)
    found = {}
    for key in keys:
        short, whole = key.rpartition(".")[2], key.replace(".", "_")
        names = chain(
            [short] if short and last[short.casefold()] == 1 else [],
            [whole] if whole else [],
            [f"axis_{whole}"],
            (f"axis_{whole}_{number}" for number in count(2)),
        )
        found[key] = next(name for name in names if name.casefold() not in taken)
        taken.add(found[key].casefold())
    return found


def axis_column(values: Sequence[Any]) -> list[Any]:
    """The values of an axis as one column that Parquet takes: numbers, flags or texts; None stays None.

    Values of several kinds, and lists, become texts as they would be typed: 0.1 and [0.1,0.2] are '0.1' and
    '[0.1,0.2]'.
    """
    known = [value for value in values if not is_missing(value)]
    if (
        all(isinstance(value, str) for value in known)
        or all(isinstance(value, bool) for value in known)
        or all(_is_number(value) for value in known)
    ):
        return list(values)
    return [None if is_missing(value) else _as_text(value) for value in values]


def is_missing(value: object) -> bool:
    """Whether a value is none: None, or what pandas has in its place."""
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
    except TypeError:  # a mapping, from Python
        return json.dumps(value, sort_keys=True, default=str)
