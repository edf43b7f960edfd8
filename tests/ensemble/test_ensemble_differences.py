"""The report on two results that differ: how many, how much, from when, in what, and what changed since."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woc_sim.ensemble.differences import (
    COLUMNS,
    DIFFERENT,
    IDENTICAL,
    WITHIN,
    Provenance,
    explain,
    provenance_changes,
    verdict,
)
from woc_sim.instruments.readings import INDICATOR_NAMES

READINGS = ("mipex_total", "rank_lg", "horizontal")


def ledger(ids: str = "abcd", mark: str = "") -> pd.DataFrame:
    number = len(ids)
    return pd.DataFrame(
        {
            "run_id": [f"{each}{mark}" for each in ids],
            "size": ["rural", "small", "rural", "small"][:number],
            "share": [0.1, 0.1, 0.2, 0.2][:number],
            "replicate": [0, 0, 1, 1][:number],
            "status": "done",
            "case": "synthetic",
            "mipex_total": [10.0, 20.0, 30.0, 0.0][:number],
            "rank_lg": [1.0, 2.0, np.nan, 4.0][:number],
            "horizontal": 0.5,
        }
    )


def courses(months: int = 3, **changed: tuple[int, float]) -> pd.DataFrame:
    """Monthly indicators of two runs; a changed one differs from a given month on."""
    rows = pd.DataFrame(
        {
            "run_id": np.repeat(["a", "b"], months),
            "case": "C21",
            "replicate": 0,
            "month": [f"2012-{month + 1:02d}" for month in range(months)] * 2,
        }
    )
    rows = pd.concat([rows, pd.DataFrame(1.0, index=rows.index, columns=list(INDICATOR_NAMES))], axis=1)
    for name, (month, value) in changed.items():
        rows.loc[rows["month"] >= f"2012-{month:02d}", name] = value
    return rows


def test_equal_results_have_no_differences() -> None:
    same = explain(ledger(), ledger(), READINGS, Provenance("x"), Provenance("y"))
    assert same.sentences == ()
    assert same.table.empty
    near = ledger()
    near["mipex_total"] *= 1 + 1e-12
    assert explain(ledger(), near, READINGS).sentences == ()


def test_one_word_says_how_one_stands_to_the_other() -> None:
    assert verdict(ledger(), ledger().sample(frac=1.0, random_state=2), READINGS) == IDENTICAL
    near, far = ledger(), ledger()
    near["mipex_total"] *= 1 + 1e-12
    far.loc[1, "rank_lg"] = np.nan
    assert verdict(ledger(), near, READINGS) == WITHIN
    assert verdict(ledger(), far, READINGS) == DIFFERENT
    assert verdict(ledger(), ledger("abc"), READINGS) == DIFFERENT
    assert verdict(ledger(), ledger().drop(columns="rank_lg"), READINGS) == DIFFERENT
    twice = pd.concat([ledger(), ledger()])  # a point that a design asks for twice
    assert verdict(twice, twice, READINGS) == IDENTICAL
    assert verdict(twice, ledger(), READINGS) == DIFFERENT


def test_it_says_how_many_and_how_much() -> None:
    found = ledger()
    found.loc[0, "mipex_total"] = 12.0
    found.loc[3, "mipex_total"] = 0.5
    found.loc[1, "rank_lg"] = 2.5
    found.loc[2, "rank_lg"] = 3.0
    told = explain(ledger(), found, READINGS)
    assert told.sentences[0] == "4 of 4 runs differ, in 2 of 3 readings"
    assert "mipex_total: 2 rows, at most 10 -> 12 (+20 %)" in told.sentences
    assert "rank_lg: 2 rows, at most nan -> 3" in told.sentences
    assert list(told.table.columns) == ["run_id", "size", "share", "replicate", "case", *COLUMNS]
    assert told.table[["run_id", "reading", "absolute"]].values.tolist()[:2] == [
        ["a", "mipex_total", 2.0],
        ["b", "rank_lg", 0.5],
    ]
    assert told.table["relative"].tolist()[:2] == [0.2, 0.25]
    assert np.isnan(told.table["relative"]).sum() == 2  # of nothing, and of 0


def test_at_most_five_readings_are_told() -> None:
    expected, found = ledger(), ledger()
    names = [f"r{place}" for place in range(8)]
    for place, name in enumerate(names):
        expected[name], found[name] = 1.0, 1.0 + place
    told = explain(expected, found, [*READINGS, *names]).sentences
    assert [line.partition(":")[0] for line in told[1:6]] == ["r7", "r6", "r5", "r4", "r3"]
    assert told[6] == "and 2 readings more"


@pytest.mark.parametrize("text", [False, True])
def test_runs_with_other_ids_are_paired_by_what_varies(text: bool) -> None:
    found = ledger(mark="-new").sample(frac=1.0, random_state=1)
    if text:  # a design from a file knows its numbers as text
        found["share"] = found["share"].astype(str)
    assert explain(ledger(), found, READINGS).table.empty
    found.loc[found["run_id"] == "c-new", "mipex_total"] = 31.0
    told = explain(ledger(), found, READINGS)
    assert told.table[["run_id", "size", "share"]].values.tolist() == [["c", "rural", 0.2]]


def test_missing_and_new_runs_are_counted() -> None:
    told = explain(ledger("abc"), ledger("abcd"), READINGS)
    assert told.sentences == ("1 runs are new",)
    told = explain(ledger("abcd"), ledger("ab"), READINGS)
    assert told.sentences == ("2 runs are missing",)
    assert explain(ledger(), ledger().drop(columns="rank_lg"), READINGS).sentences == (
        "not in both: rank_lg",
    )


def test_a_plain_run_has_no_ids() -> None:
    one = ledger()[["case", "replicate", *READINGS]].head(1)
    other = one.assign(mipex_total=11.0)
    told = explain(one, other, READINGS)
    assert told.sentences[0] == "1 of 1 run differ, in 1 of 3 readings"
    assert list(told.table.columns) == ["case", "replicate", *COLUMNS]


def test_the_first_month_its_indicators_and_the_processes_behind_them() -> None:
    found = ledger().assign(mipex_total=11.0)
    months = courses(), courses(mean_attitude=(2, 0.0), trust=(3, 0.0))
    told = explain(ledger(), found, READINGS, months=months).sentences
    assert "2 of 3 months differ, from 2012-02 on, first in mean_attitude" in told
    assert "the processes demography, attitudes write the columns behind them" in told
    same = explain(ledger(), found, READINGS, months=(courses(), courses())).sentences
    assert same[-1] == "no indicator differs in any month"


def test_months_that_only_one_has_are_not_compared() -> None:
    told = explain(ledger(), ledger(), READINGS, months=(courses(3), courses(2, load=(2, 5.0)))).sentences
    assert told[0] == "1 of 2 months differ, from 2012-02 on, first in load"


def test_what_changed_since_is_named_and_what_is_not_known_is_said() -> None:
    was = Provenance(
        "one", {"a.csv": "1", "b.csv": "2"}, {"numpy": "2.4", "mesa": "3"}, ["size=rural", "people=10"]
    )
    now = Provenance(
        "two", {"a.csv": "1", "c.csv": "2"}, {"numpy": "2.5", "mesa": "3"}, ["size=rural", "people=20"]
    )
    assert provenance_changes(was, now) == [
        "the model changed (one, now two)",
        "inputs changed: b.csv, c.csv",
        "versions changed: numpy 2.4 -> 2.5",
        "settings changed: -people=10, +people=20",
    ]
    assert provenance_changes(was, was) == ["model, inputs, versions and settings are the same"]
    assert provenance_changes(Provenance("one"), now) == [
        "the model changed (one, now two)",
        "its inputs are not recorded",
    ]


def test_names_of_others_are_text() -> None:
    found = ledger().assign(mipex_total=11.0)
    was = Provenance("\x1b[31m", {"\x1b]0;": "1"}, {"\x07": "1"}, ["\u202e"])
    told = explain(ledger(), found, READINGS, was, Provenance("x", {"y": "1"}, {}, ["z" * 5000])).sentences
    assert all(line.isprintable() and len(line) < 300 for line in told)
