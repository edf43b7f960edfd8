"""Tables that say what they hold: months as dates, and for each column its unit and meaning.

In Parquet they are metadata of the fields (``unit``, ``meaning``, and of a reading ``instrument``), in an
``xarray.Dataset`` the attributes that its plots show (``units``, ``long_name``).
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
    "run_id": ("", "identity of what is simulated: scenario and replicate"),
    "design_row": ("", "number of the row in the design, from 0"),
    "replicate": ("", "number of the replicate, from 0"),
    "case": ("", "locality"),
    MONTH: ("", "first day of the month"),
    "status": ("", "waiting, done or failed"),
    "stage": ("", "where a run failed: run, time limit, result or worker"),
    "error": ("", "kind of the error"),
    "message": ("", "what the error says"),
    "trace": ("", "traceback of the error"),
    "seconds": ("s", "processor time of the run, which no result depends on"),
    "model_hash": ("", "version of the model"),
}
"""Columns that are no observations: unit and meaning."""
PARAMETERS: Final = "parameters."


def column_meanings(columns: Iterable[str], axes: Mapping[str, str] | None = None) -> dict[str, Metadata]:
    """What is known of the columns of a table of readings, or of indicators by month: unit, meaning, and of a
    reading its instrument.

    axes: column -> setting that varies in it (``policy_load`` -> ``parameters.policy.load``).
    """
    names = list(columns)
    found: dict[str, Metadata] = {}
    for name, key in (axes or {}).items():
        parameter = registry().get(key.removeprefix(PARAMETERS)) if key.startswith(PARAMETERS) else None
        unit, meaning = (parameter.unit, parameter.meaning) if parameter else ("", f"setting {key}")
        found[name] = {"unit": unit, "meaning": meaning}
    found |= {name: {"unit": unit, "meaning": meaning} for name, (unit, meaning) in LEDGER_MEANINGS.items()}
    # some names are both: an indicator in every month, a reading when the instrument is applied
    if MONTH in names:
        found |= {each.name: {"unit": each.unit, "meaning": each.meaning} for each in INDICATORS}
    else:
        for each in READINGS:
            said = {"unit": each.unit, "meaning": each.meaning, "instrument": each.instrument}
            found[each.name] = said
    return {name: found[name] for name in names if name in found}


def first_days(months: Sequence[str] | Array) -> Array:
    """The first day of each month given as YYYY-MM, ``datetime64[s]`` as pandas takes it."""
    return np.asarray(months, dtype=str).astype("datetime64[M]").astype("datetime64[s]")


def arrow_table(frame: pd.DataFrame, axes: Mapping[str, str] | None = None) -> pa.Table:
    """A table for Parquet: as the frame, months as dates (DATE), units and meanings as fields' metadata.

    frame: readings or indicators by month, month as YYYY-MM or as a time; axes as in `column_meanings`.
    """
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False)
    if MONTH in frame:
        months = frame[MONTH].to_numpy()
        days = months if np.issubdtype(months.dtype, np.datetime64) else first_days(months)
        place = table.column_names.index(MONTH)
        table = table.set_column(place, MONTH, pa.array(days.astype("datetime64[D]"), pa.date32()))
    known = column_meanings(table.column_names, axes)
    fields = [
        field.with_metadata(known[field.name]) if field.name in known else field for field in table.schema
    ]
    # pandas' own note would make text of the dates again
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)


def data_frame(table: pa.Table) -> pd.DataFrame:
    """A table that `arrow_table` made as a frame, months as YYYY-MM."""
    found: pd.DataFrame = table.to_pandas()
    if MONTH in found:
        found[MONTH] = found[MONTH].to_numpy().astype("datetime64[M]").astype(str).tolist()
    return found


def with_meanings(dataset: Any, axes: Mapping[str, str] | None = None) -> Any:
    """The ``xarray.Dataset`` with units and meanings as attributes of its variables, months as times."""
    names = [str(name) for name in dataset.variables]
    if MONTH in names and not np.issubdtype(dataset[MONTH].dtype, np.datetime64):
        dataset = dataset.assign_coords({MONTH: first_days(dataset[MONTH].to_numpy())})
    for name, said in column_meanings(names, axes).items():
        told = {"units": said["unit"], "long_name": said["meaning"]}
        dataset[name].attrs.update({key: text for key, text in told.items() if text})
    return dataset
