"""The tables of a run's folder, read with the form that they were written in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from woc_sim.ensemble.column_metadata import data_frame
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import parquet_table, shown

if TYPE_CHECKING:
    import pandas as pd

FINAL, MONTHLY = "final.parquet", "monthly.parquet"
KEY_COLUMNS: Final = {FINAL: ("case", "replicate"), MONTHLY: ("case", "replicate", "month")}
NUMBER_COLUMNS: Final = {FINAL: READING_NAMES, MONTHLY: INDICATOR_NAMES}
COLUMN_CHECKS: Final[dict[str, Callable[[pa.DataType], bool]]] = {
    "case": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    "replicate": pa.types.is_integer,
    "month": pa.types.is_date32,
}
"""What columns hold that are no readings."""
NEW_RUN_ADVICE: Final = "`woc-sim run` into another folder makes a new one"


def read_run_table(folder: Path, name: str, replicates: int | None = None) -> pd.DataFrame:
    """``final.parquet`` (a row a locality of a replicate) or ``monthly.parquet`` (a row a month of it), with
    months as YYYY-MM. replicates: how many the run has, if that is known.

    Raises FileNotFoundError if there is no file, UserError for one of another form.
    """
    path = folder / name
    table = parquet_table(path, advice=NEW_RUN_ADVICE, partitioning=None)
    fault = _fault(table, name, replicates)
    if fault:
        raise UserError(f"{shown(path)} is not what a run writes ({fault}); {NEW_RUN_ADVICE}")
    return data_frame(table)


def _fault(table: pa.Table, name: str, replicates: int | None) -> str:
    """What is wrong with a table; empty if nothing is."""
    keys = KEY_COLUMNS[name]
    if tuple(table.column_names[: len(keys)]) != keys:
        return f"it does not begin with the columns {', '.join(keys)}"
    if tuple(table.column_names[len(keys) :]) != tuple(NUMBER_COLUMNS[name]):
        return "its readings are those of another version"
    for field in table.schema:
        fits = COLUMN_CHECKS.get(field.name, pa.types.is_float64)(field.type)
        if not fits or (field.name in keys and table.column(field.name).null_count):
            return f"column {field.name} holds something else"
    if not table.num_rows:
        return "it has no rows"
    rows = list(zip(*(table.column(key).to_pylist() for key in keys), strict=True))
    if len(set(rows)) < len(rows):
        return "a row stands twice"
    found = {row[1] for row in rows}
    if replicates is not None and found != set(range(replicates)):
        return f"its replicates are not 0 to {replicates - 1}"
    return ""
