"""Axes as columns: no name with another meaning, no column that cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.cli import overrides
from woc_sim.ensemble.axes import ROW_KEYS, SQL_WORDS, axis_column, axis_column_names
from woc_sim.ensemble.sweep_tables import LEDGER
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

TAKEN = {*ROW_KEYS, *LEDGER, *READING_NAMES, *INDICATOR_NAMES, *SQL_WORDS}


def test_columns_are_named_by_the_last_word_where_that_is_enough():
    names = axis_column_names(
        ["executive", "locality.rrp_share", "theory.rrp", "parameters.ties.speed", "a.speed"]
    )
    assert names == {
        "executive": "executive",
        "locality.rrp_share": "rrp_share",
        "theory.rrp": "rrp",
        "parameters.ties.speed": "parameters_ties_speed",
        "a.speed": "a_speed",
    }
    assert axis_column_names(["x.seconds", "case"], LEDGER) == {"x.seconds": "x_seconds", "case": "axis_case"}


def test_names_of_indicators_readings_and_sql_are_left_to_them():
    assert axis_column_names(["parameters.policy.load", "parameters.policy.cost"]) == {
        "parameters.policy.load": "parameters_policy_load",
        "parameters.policy.cost": "cost",
    }
    assert axis_column_names(["intervention.links.where"]) == {
        "intervention.links.where": "intervention_links_where"
    }
    assert axis_column_names(["order", "Group", "month"]) == {
        "order": "axis_order",
        "Group": "axis_Group",
        "month": "axis_month",
    }


@given(keys=st.lists(st.text("aA._", max_size=4) | st.sampled_from(sorted(TAKEN)), unique=True, max_size=8))
def test_whatever_the_axes_are_called_their_columns_collide_with_nothing(keys: list[str]):
    found = axis_column_names(keys, LEDGER)
    names = [name.casefold() for name in found.values()]
    assert list(found) == keys
    assert len(set(names)) == len(names)
    assert not set(names) & {name.casefold() for name in TAKEN}


def test_every_setting_can_be_an_axis():
    keys = sorted(overrides.keys() | set(overrides.groups()))
    found = axis_column_names([key.replace("/", ".") for key in keys], LEDGER)
    assert not set(found.values()) & TAKEN


def test_duckdb_takes_every_name_as_a_column():
    """Runs in a separate process, because DuckDB prints warnings when a test process ends."""
    code = """
import duckdb
from woc_sim.ensemble.axes import axis_column_names
base = duckdb.connect()
words = [row[0] for row in base.execute("select distinct keyword_name from duckdb_keywords()").fetchall()]
assert len(words) > 300
for name in axis_column_names(words).values():
    sql = f'with t as (select 7 as "{name}") select {name} from t where {name} > 0 group by {name}'
    assert base.execute(sql).fetchall() == [(7,)], name
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0.5, None], [1, 0.5, None]),
        (["rural", None], ["rural", None]),
        ([True, False], [True, False]),
        ([0.1, "[0.1,0.2]"], ["0.1", "[0.1,0.2]"]),
        ([0.1, [0.1, 0.2], None], ["0.1", "[0.1,0.2]", None]),
        ([[1], [2]], ["[1]", "[2]"]),
        ([True, 1], ["true", "1"]),
        ([(1, "a b")], ["[1,'a b']"]),
        ([{"b": 1}], ['{"b": 1}']),
        ([10**30, 1], [str(10**30), "1"]),
        ([None, None], [None, None]),
        ([0.1, float("nan"), "x"], ["0.1", None, "x"]),
        (["x", pd.NA, True], ["x", None, "true"]),
        ([], []),
    ],
)
def test_an_axis_of_several_kinds_is_text_and_can_be_written(tmp_path: Path, values: Any, expected: Any):
    assert axis_column(values) == expected
    pd.DataFrame({"axis": axis_column(values)}).to_parquet(tmp_path / "t.parquet")
    assert len(pd.read_parquet(tmp_path / "t.parquet")) == len(values)
