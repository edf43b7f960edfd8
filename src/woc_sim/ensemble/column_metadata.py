"""Units and meanings of table columns, and months as dates.

In Parquet they are metadata of the fields (``unit``, ``meaning``, and ``instrument`` for readings). In an
``xarray.Dataset`` they are attributes that its plots show (``units``, ``long_name``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.instruments.readings import INDICATORS, READINGS
from woc_sim.scenario.parameters import registry

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Array = np.ndarray[Any, Any]
Metadata = dict[str, str]

MONTH: Final = "month"
LEDGER_MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "run_id": ("", "identity of the run: scenario and replicate"),
    "design_row": ("", "number of the row in the design, from 0"),
    "replicate": ("", "number of the replicate, from 0"),
    "set": ("", "number of the plausible set of parameters"),
    "case": ("", "locality"),
    MONTH: ("", "first day of the month"),
    "status": ("", "waiting, done or failed"),
    "stage": ("", "where a run failed: run, time limit, result or worker"),
    "error": ("", "kind of the error"),
    "message": ("", "what the error says"),
    "trace": ("", "traceback of the error"),
    "seconds": ("s", "processor time of the run; no result depends on it"),
    "model_hash": ("", "version of the model"),
}
"""Columns that are not observations: unit and meaning."""
PARAMETERS: Final = "parameters."


def column_meanings(columns: Iterable[str], axes: Mapping[str, str] | None = None) -> dict[str, Metadata]:
    """What is known about the columns of a table of readings or of monthly indicators: unit, meaning, and the
    instrument of a reading.

    axes: column -> the setting that varies in it (``policy_load`` -> ``parameters.policy.load``).
    """
    names = list(columns)
    meanings: dict[str, Metadata] = {}
    for name, key in (axes or {}).items():
        parameter = registry().get(key.removeprefix(PARAMETERS)) if key.startswith(PARAMETERS) else None
        unit, meaning = (parameter.unit, parameter.meaning) if parameter else ("", f"setting {key}")
        meanings[name] = {"unit": unit, "meaning": meaning}
    meanings |= {
        name: {"unit": unit, "meaning": meaning} for name, (unit, meaning) in LEDGER_MEANINGS.items()
    }
    # some names exist as an indicator (every month) and as a reading (when the instrument is applied)
    if MONTH in names:
        meanings |= {entry.name: {"unit": entry.unit, "meaning": entry.meaning} for entry in INDICATORS}
    else:
        for entry in READINGS:
            metadata = {"unit": entry.unit, "meaning": entry.meaning, "instrument": entry.instrument}
            meanings[entry.name] = metadata
    return {name: meanings[name] for name in names if name in meanings}


def first_days(months: Sequence[str] | Array) -> Array:
    """The first day of each month given as YYYY-MM, as ``datetime64[s]`` for pandas."""
    return np.asarray(months, dtype=str).astype("datetime64[M]").astype("datetime64[s]")


def arrow_table(frame: pd.DataFrame, axes: Mapping[str, str] | None = None) -> pa.Table:
    """The frame as a table for Parquet, with months as dates (DATE) and units and meanings as field metadata.

    frame: readings or monthly indicators; month is YYYY-MM or a time. axes: as in `column_meanings`.
    """
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if MONTH in frame:
        months = frame[MONTH].to_numpy()
        days = months if np.issubdtype(months.dtype, np.datetime64) else first_days(months)
        position = table.column_names.index(MONTH)
        table = table.set_column(position, MONTH, pa.array(days.astype("datetime64[D]"), pa.date32()))
    known = column_meanings(table.column_names, axes)
    fields = [
        field.with_metadata(known[field.name]) if field.name in known else field for field in table.schema
    ]
    # pandas' own metadata would turn the dates into text again
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)


def data_frame(table: pa.Table) -> pd.DataFrame:
    """A table made by `arrow_table` as a data frame, with months as YYYY-MM."""
    frame: pd.DataFrame = table.to_pandas()
    if MONTH in frame:
        frame[MONTH] = frame[MONTH].to_numpy().astype("datetime64[M]").astype(str).tolist()
    return frame


def with_meanings(dataset: Any, axes: Mapping[str, str] | None = None) -> Any:
    """The ``xarray.Dataset`` with units and meanings as attributes of its variables, and months as times."""
    names = [str(name) for name in dataset.variables]
    if MONTH in names and not np.issubdtype(dataset[MONTH].dtype, np.datetime64):
        dataset = dataset.assign_coords({MONTH: first_days(dataset[MONTH].to_numpy())})
    for name, metadata in column_meanings(names, axes).items():
        attributes = {"units": metadata["unit"], "long_name": metadata["meaning"]}
        dataset[name].attrs.update({key: text for key, text in attributes.items() if text})
    return dataset
