"""The files of a sensitivity analysis: read as they were written, or refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis.sensitivity import read_sensitivity
from woc_sim.analysis.sensitivity_record import (
    StoredAnalysis,
    StoredProblem,
    read_analysis,
    write_analysis,
)
from woc_sim.ensemble.sampling import points_of_problem
from woc_sim.errors import UserError

NAMES = ["ties.loss", "ties.quit", "chance", "dummy"]
RECORD = StoredAnalysis("morris", 1, "place", StoredProblem(4, NAMES, [(0.0, 1.0)] * 4))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    points = points_of_problem("morris", RECORD.salib_problem(), 4, 1)
    write_analysis(tmp_path, RECORD, points, pd.DataFrame({"mipex_total": points @ [1.0, 2.0, 0.1, 0.0]}))
    return tmp_path


def test_what_is_written_is_read_again(folder: Path) -> None:
    record, points, values = read_analysis(folder)
    assert record == RECORD
    assert (values["mipex_total"].to_numpy() == points @ [1.0, 2.0, 0.1, 0.0]).all()
    pd.testing.assert_frame_equal(read_sensitivity(str(folder)).values, values)


def problem(**changed: Any) -> Callable[[Path], None]:
    """A change of the record of the analysis."""

    def change(folder: Path) -> None:
        record = msgspec.to_builtins(RECORD)
        own = {name: changed.pop(name) for name in set(changed) & {"names", "bounds", "num_vars", "groups"}}
        (folder / "problem.json").write_text(
            json.dumps(record | {"problem": record["problem"] | own} | changed), "utf-8"
        )

    return change


def table(name: str, changed: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    """A change of one of the tables."""
    return lambda folder: changed(pd.read_parquet(folder / name)).to_parquet(folder / name)


@pytest.mark.parametrize(
    "damage",
    [
        *(
            lambda folder, text=text: (folder / "problem.json").write_text(text)
            for text in ("", "{}", "[]", "1", "{")
        ),
        problem(method="x"),
        problem(method=3),
        problem(on="town"),
        problem(seed="one"),
        problem(seed=-1),
        problem(names=[]),
        problem(names=["a", "a", "chance", "dummy"]),
        problem(bounds=[[0]]),
        problem(num_vars=3),
        problem(groups=["a"]),
        *(
            lambda folder, name=name, part=part: (folder / name).write_bytes(
                (folder / name).read_bytes()[:part]
            )
            for name in ("points.parquet", "values.parquet")
            for part in (0, 300, -1)
        ),
        table("points.parquet", lambda each: each.head(5)),
        table("points.parquet", lambda each: each.drop(columns="dummy")),
        table("points.parquet", lambda each: each.assign(dummy="x")),
        table("values.parquet", lambda each: each.head(3)),
        table("values.parquet", lambda each: each.assign(mipex_total="x")),
        table("values.parquet", lambda each: each.rename(columns={"mipex_total": "mipex_totl"})),
    ],
)
def test_damage_is_a_sentence(damage: Callable[[Path], None], folder: Path) -> None:
    damage(folder)
    with pytest.raises(UserError):
        read_sensitivity(folder)


def test_a_flipped_bit_of_a_value_is_found(folder: Path) -> None:
    path = folder / "values.parquet"
    content, known = path.read_bytes(), read_analysis(folder)[2]
    found = 0
    for place in range(0, len(content), 29):
        path.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            assert np.array_equal(read_analysis(folder)[2], known)  # in a part that says nothing
        except UserError:
            found += 1
    assert found > len(content) / 29 / 3
