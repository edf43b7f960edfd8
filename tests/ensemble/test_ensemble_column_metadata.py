"""Tables carry units and meanings, in Parquet and in xarray."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from woc_sim.ensemble.column_metadata import (
    LEDGER_MEANINGS,
    arrow_table,
    column_meanings,
    first_days,
    with_meanings,
)
from woc_sim.ensemble.run import LocalityRows, final_frame, monthly_frame
from woc_sim.ensemble.sweep_tables import LEDGER, SET
from woc_sim.instruments.readings import INDICATOR_NAMES, INDICATORS, READING_NAMES, READINGS
from woc_sim.scenario.parameters import registry

ROWS = [
    LocalityRows(
        f"C0{place}", 0, np.arange(len(READING_NAMES)) / 7, np.full((3, len(INDICATOR_NAMES)), place / 3)
    )
    for place in range(2)
]
AXES = {"policy_load": "parameters.policy.load", "executive": "executive"}


def written(frame: pd.DataFrame, folder: Path) -> pa.Table:
    path = folder / "table.parquet"
    pq.write_table(arrow_table(frame, AXES), path)
    return pq.read_table(path)


def said(table: pa.Table, name: str) -> dict[str, str]:
    return {key.decode(): text.decode() for key, text in (table.field(name).metadata or {}).items()}


def test_months_are_dates_in_parquet_and_times_in_pandas(tmp_path: Path):
    table = written(monthly_frame(ROWS), tmp_path)
    assert table.schema.field("month").type == pa.date32()
    assert table["month"][1].as_py() == datetime.date(2012, 2, 1)
    frame = table.to_pandas(date_as_object=False)
    assert (frame["month"] >= "2012-02").sum() == 4
    again = arrow_table(frame)
    assert again["month"].equals(table["month"])


@pytest.mark.parametrize("make", [monthly_frame, final_frame])
def test_numbers_and_names_stay_as_they_are(make, tmp_path: Path):
    frame = make(ROWS)
    found = written(frame, tmp_path).to_pandas()
    assert list(found.columns) == list(frame.columns)
    shared = [name for name in frame.columns if name != "month"]
    pd.testing.assert_frame_equal(found[shared], frame[shared], check_exact=True)


def test_every_column_has_its_unit_and_meaning(tmp_path: Path):
    final = written(final_frame(ROWS), tmp_path)
    for each in READINGS:
        assert said(final, each.name) == {
            "unit": each.unit, "meaning": each.meaning, "instrument": each.instrument,
        }  # fmt: skip
    monthly = written(monthly_frame(ROWS), tmp_path)
    for one in INDICATORS:
        assert said(monthly, one.name) == {"unit": one.unit, "meaning": one.meaning}
    assert all(said(table, name) for table in (final, monthly) for name in table.column_names)


def test_the_columns_of_a_ledger_and_its_axes_have_one_too(tmp_path: Path):
    frame = final_frame(ROWS).assign(policy_load=0.5, executive="mixed", note="mine")
    table = written(frame, tmp_path)
    load = registry()["policy.load"]
    assert said(table, "policy_load") == {"unit": load.unit, "meaning": load.meaning}
    assert said(table, "executive")["meaning"] == "setting executive"
    assert said(table, "note") == {}
    assert {*LEDGER, SET} <= set(LEDGER_MEANINGS)
    assert set(column_meanings(["run_id", "status"])) == {"run_id", "status"}


def test_arrays_carry_them_as_attributes():
    xarray = pytest.importorskip("xarray")
    frame = monthly_frame(ROWS).assign(policy_load=0.5)
    arrays = with_meanings(
        xarray.Dataset.from_dataframe(frame.set_index(["policy_load", "case", "month"])), AXES
    )
    assert arrays["month"].dtype.kind == "M"
    assert arrays["mipex_total"].attrs == {
        "units": "0-100", "long_name": next(one.meaning for one in INDICATORS if one.name == "mipex_total"),
    }  # fmt: skip
    assert arrays["policy_load"].attrs["long_name"] == registry()["policy.load"].meaning
    assert arrays.sel(month="2012-02").sizes["month"] == 1


def test_a_month_that_is_none_is_refused():
    assert first_days(["2012-01", "2013-12"])[1] == np.datetime64("2013-12-01")
    with pytest.raises(ValueError, match="2012-13"):
        first_days(["2012-13"])


def test_a_table_without_rows_has_its_types():
    table = arrow_table(monthly_frame([]))
    assert table.num_rows == 0
    assert table.schema.field("month").type == pa.date32()
