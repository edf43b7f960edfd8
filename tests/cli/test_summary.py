"""The summary of `run` never pools localities or points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woc_sim.cli.summary import summary
from woc_sim.ensemble.run import SUMMARISED, LocalityRows, final_frame
from woc_sim.instruments.readings import READING_NAMES


def table(values: dict[str, list[float]]) -> pd.DataFrame:
    """A final table: locality -> the value that all its readings have in each replicate."""
    rows = [
        LocalityRows(case, number, np.full(len(READING_NAMES), value), np.empty((0, 0)))
        for case, found in values.items()
        for number, value in enumerate(found)
    ]
    return final_frame(rows)


def test_one_run_is_told_as_it_is():
    lines = summary(table({"C21": [2.5]}))
    assert [line.split()[0] for line in lines] == list(SUMMARISED)
    assert lines[0].split()[1:] == ["2.50", "0-100"]


def test_replicates_are_told_as_median_and_range():
    (line, *_) = summary(table({"C21": [1.0, 2.0, 4.0]}))
    assert line.endswith("2.00 0-100  (median; 1.00 to 4.00 in 3 replicates)")
    (line, *_) = summary(table({"C21": [1.0, np.nan, 4.0]}))
    assert line.endswith("2.50 0-100  (median; 1.00 to 4.00 in 2 of 3 replicates)")
    assert summary(table({"C21": [np.nan]}))[0].endswith("not observed")


def test_treated_and_untreated_localities_stand_apart():
    lines = summary(table({"C31": [1.0, 3.0], "C32": [7.0, 7.0]}))
    assert lines[0].startswith("medians of 2 replicates, mipex_total 0-100, ")
    assert lines[1].split() == ["case", *SUMMARISED]
    assert lines[2].split() == ["C31"] + ["2.00"] * 6
    assert lines[3].split() == ["C32"] + ["7.00"] * 6
    assert len({len(line) for line in lines[1:]}) == 1
    assert max(map(len, lines[1:])) <= 100
    assert not summary(table({"C31": [1.0], "C32": [7.0]}))[0].startswith("medians")


def test_points_and_their_localities_stand_apart():
    one, other = table({"C31": [1.0], "C32": [2.0]}), table({"C31": [3.0], "C32": [np.nan]})
    both = pd.concat([one.assign(share=0.1), other.assign(share=None)], ignore_index=True)
    lines = summary(both, ["share"])
    assert [line.split()[:3] for line in lines[1:]] == [
        ["share", "case", "mipex_total"],
        ["0.1", "C31", "1.00"],
        ["0.1", "C32", "2.00"],
        ["-", "C31", "3.00"],
        ["-", "C32", "-"],
    ]


def test_an_axis_of_cases_is_one_column():
    lines = summary(table({"C31": [1.0], "C32": [2.0]}), ["case"])
    assert lines[1].split()[:2] == ["case", "mipex_total"]


def test_many_localities_are_cut_and_names_are_shown_as_text():
    lines = summary(table({f"P{number}\x1b[31m": [1.0] for number in range(49)}))
    assert lines[-1] == "... 9 more in final.parquet"
    assert len(lines) == 43
    assert all(line.isprintable() for line in lines)
