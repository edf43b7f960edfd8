"""Reading the tables in a run's folder, with a check of their form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from woc_sim.ensemble.column_metadata import data_frame
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import parquet_table, shown
from woc_sim.scenario.renamed import current_columns

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
"""Types of the key columns."""
NEW_RUN_ADVICE: Final = "`woc-sim run` into another folder makes a new one"


def read_run_table(folder: Path, name: str, replicates: int | None = None) -> pd.DataFrame:
    """``final.parquet`` (one row for each replicate and locality) or ``monthly.parquet`` (one row for each of
    their months), with months as YYYY-MM. replicates: the expected number, if known.

    Raises FileNotFoundError if there is no file, UserError if it has another form.
    """
    path = folder / name
    table = parquet_table(path, advice=NEW_RUN_ADVICE, partitioning=None)
    table = table.rename_columns(current_columns(table.column_names))
    fault = _fault(table, name, replicates)
    if fault:
        raise UserError(f"{shown(path)} was not written by a run ({fault}); {NEW_RUN_ADVICE}")
    return data_frame(table)


def _fault(table: pa.Table, name: str, replicates: int | None) -> str:
    """What is wrong with a table; empty if nothing is."""
    keys = KEY_COLUMNS[name]
    if tuple(table.column_names[: len(keys)]) != keys:
        return f"it does not begin with the columns {', '.join(keys)}"
    if tuple(table.column_names[len(keys) :]) != tuple(NUMBER_COLUMNS[name]):
        return "its readings belong to another version"
    for field in table.schema:
        fits = COLUMN_CHECKS.get(field.name, pa.types.is_float64)(field.type)
        if not fits or (field.name in keys and table.column(field.name).null_count):
            return f"column {field.name} has another type"
    if not table.num_rows:
        return "it has no rows"
    rows = list(zip(*(table.column(key).to_pylist() for key in keys), strict=True))
    if len(set(rows)) < len(rows):
        return "a row is repeated"
    replicates_found = {row[1] for row in rows}
    if replicates is not None and replicates_found != set(range(replicates)):
        return f"its replicates are not 0 to {replicates - 1}"
    return ""
