"""Sampled designs are repeatable, can grow, and fit SALib's analyses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import morris, sobol

import woc_sim
from woc_sim.ensemble import sweep_tables
from woc_sim.ensemble.manifests import SWEEP, SweepManifest
from woc_sim.ensemble.sampling import (
    DESIGNS,
    design_record,
    parameter_names,
    points_of_problem,
    rows_in_block,
    salib_problem,
    sample_points,
)
from woc_sim.ensemble.sweep_tables import Sweep
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.parameters import registry

GROWING = tuple(design for design in DESIGNS if design != "latin")


@pytest.mark.parametrize("design", DESIGNS)
def test_designs_fill_the_ranges_and_repeat(design: str):
    names = parameter_names(["ties"])
    found = sample_points(design, names, 8, seed=0)
    assert found.shape == (design_record(design, names, 8, 0)["rows"], len(names))
    low = np.array([registry()[name].low for name in names])
    high = np.array([registry()[name].high for name in names])
    assert ((found >= low - 1e-12) & (found <= high + 1e-12)).all()
    assert np.array_equal(found, sample_points(design, names, 8, seed=0))
    assert not np.array_equal(found, sample_points(design, names, 8, seed=1))


@pytest.mark.parametrize("design", GROWING)
@pytest.mark.parametrize("number", [1, 4])
def test_a_design_that_grows_keeps_its_points(design: str, number: int):
    names = parameter_names(["ties"])
    few, many = (sample_points(design, names, each, seed=3) for each in (number, 8))
    assert np.array_equal(few, many[: len(few)])


@pytest.mark.parametrize("design", DESIGNS)
def test_drawing_leaves_numpys_random_state_alone(design: str):
    np.random.seed(7)  # noqa: NPY002 - a user's own
    before = np.random.get_state()  # noqa: NPY002
    sample_points(design, parameter_names(["ties"]), 4, seed=0)
    after = np.random.get_state()  # noqa: NPY002
    assert before[0] == after[0]
    assert np.array_equal(before[1], after[1])
    assert before[2:] == after[2:]


def test_trajectories_differ_from_one_another():
    names = parameter_names(["ties"])
    found = sample_points("morris", names, 8, seed=1).reshape(8, len(names) + 1, len(names))
    assert len({each.tobytes() for each in found}) == 8


def linear(points: np.ndarray, names: list[str]) -> np.ndarray:
    low, high = (np.array([getattr(registry()[name], end) for name in names]) for end in ("low", "high"))
    return (points - low) / (high - low) @ np.arange(len(names))


def test_the_record_is_the_problem_that_salib_screens():
    """In a linear model every elementary effect equals the slope, whatever the trajectories are."""
    names = parameter_names(["ties"])[:4]
    record = json.loads(json.dumps(design_record("morris", names, 5, 0)))
    points = sample_points(record["method"], record["names"], record["number"], record["seed"])
    assert len(points) == record["rows"]
    found = morris.analyze(record, points, linear(points, names), num_levels=record["num_levels"], seed=1)
    assert np.asarray(found["mu_star"]) == pytest.approx(np.arange(4.0))


def test_the_record_is_the_problem_that_salib_decomposes():
    names = parameter_names(["ties"])[:3]
    record = json.loads(json.dumps(design_record("saltelli", names, 512, 0)))
    points = sample_points(record["method"], record["names"], record["number"], record["seed"])
    values = linear(points, names)
    found = sobol.analyze(record, values, calc_second_order=record["calc_second_order"], seed=1)
    assert np.asarray(found["ST"]) == pytest.approx([0.0, 0.2, 0.8], abs=0.02)


def test_the_lines_of_the_page_screen_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The code on the page, on a sweep with replicates whose rows are in another order."""
    page = Path(__file__).resolve().parents[2] / "docs" / "sweeps.md"
    (code,) = re.findall(r"```python\n(import woc_sim\nfrom SALib.*?)```", page.read_text("utf-8"), re.DOTALL)
    names = ["policy.load", *parameter_names(["ties"])[:2]]
    table, record = made_sweep(names, "morris", 6)
    twice = pd.concat([table, table.assign(mipex_total=table["mipex_total"] + 1.0)])
    pretend_sweep(monkeypatch, twice.sample(frac=1, random_state=1), record)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    exec(compile(code, "sweeps.md", "exec"), scope)
    assert np.asarray(scope["found"]["mu_star"]) == pytest.approx(np.arange(3.0))
    assert scope["found"].to_df().index.tolist() == names


def made_sweep(names: list[str], design: str, number: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The ledger of a finished sweep of a linear model, and the record of its design."""
    record = design_record(design, names, number, 0)
    points = sample_points(design, names, number, 0)
    readings = pd.DataFrame(np.nan, index=range(len(points)), columns=list(READING_NAMES))
    readings["mipex_total"] = linear(points, names)
    table = pd.DataFrame(points, columns=record["columns"])
    table = table.assign(executive="mixed", design_row=range(len(points)), status="done")
    return pd.concat([table, readings], axis=1), record


def pretend_sweep(
    monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame, record: dict[str, Any] | None
) -> None:
    manifest = SweepManifest(
        kind=SWEEP, status="finished", command="", model_hash="x", versions={}, git=None, inputs={},
        machine={}, points=1, replicates=1, seeds=[1], axes=["executive"], design=record,
    )  # fmt: skip
    monkeypatch.setattr(sweep_tables, "open_sweep", lambda _: Sweep(manifest, table, pd.DataFrame()))


def test_a_saltelli_sweep_is_decomposed_one_point_of_the_grid_at_a_time(monkeypatch: pytest.MonkeyPatch):
    names = parameter_names(["ties"])[:3]
    table, record = made_sweep(names, "saltelli", 256)
    other = table.assign(executive="progressive", design_row=table["design_row"] + len(table))
    pretend_sweep(monkeypatch, pd.concat([table, other]), record)
    with pytest.raises(
        UserError, match="holds 2560 points, and its design has 1280; give the point of the grid"
    ):
        woc_sim.problem_of("out")
    design = woc_sim.problem_of("out", executive="progressive")
    found = sobol.analyze(
        design.problem,
        design.outcome("mipex_total"),
        calc_second_order=design.problem["calc_second_order"],
        seed=1,
    )
    assert np.asarray(found["ST"]) == pytest.approx([0.0, 0.2, 0.8], abs=0.03)
    with pytest.raises(UserError, match="colour is no column of out; its axes are executive"):
        woc_sim.problem_of("out", colour="red")


def test_what_salib_would_misread_is_refused(monkeypatch: pytest.MonkeyPatch):
    names = parameter_names(["ties"])[:3]
    table, record = made_sweep(names, "morris", 2)
    pretend_sweep(monkeypatch, table, record)
    with pytest.raises(UserError, match="ties_mean is missing at 8 of 8 points"):
        woc_sim.problem_of("out").outcome("ties_mean")
    with pytest.raises(UserError, match="mipex_totl is no reading; did you mean 'mipex_total'"):
        woc_sim.problem_of("out").outcome("mipex_totl")
    pretend_sweep(monkeypatch, table.assign(status=["failed", *["done"] * 7]), record)
    with pytest.raises(UserError, match="1 runs in out are waiting or failed"):
        woc_sim.problem_of("out")
    pretend_sweep(monkeypatch, table, None)
    with pytest.raises(UserError, match="out holds no sampled design"):
        woc_sim.problem_of("out")


def test_a_design_that_is_not_that_of_the_runs_is_refused(monkeypatch: pytest.MonkeyPatch):
    table, record = made_sweep(parameter_names(["ties"])[:3], "morris", 2)
    for changed in (
        *(
            {name: value for name, value in record.items() if name != key}
            for key in ("columns", "rows", "names")
        ),
        *(record | {"columns": columns} for columns in (None, 3, ["status"], ["no such column"])),
        *(record | {"rows": rows} for rows in (None, "8", 7)),
    ):
        pretend_sweep(monkeypatch, table, changed)
        with pytest.raises(UserError, match=r"^out"):
            woc_sim.problem_of("out")


@pytest.mark.parametrize(("design", "rows"), [("morris", 3), ("saltelli", 4)])
def test_members_of_a_group_move_together(design: str, rows: int):
    problem = salib_problem(parameter_names(["ties"])[:4]) | {"groups": ["a", "a", "b", "b"]}
    points = points_of_problem(design, problem, 8, 0)
    assert len(points) == 8 * rows == 8 * rows_in_block(design, 2)
    if design == "morris":
        for start in range(0, len(points), rows):
            moved = np.diff(points[start : start + rows], axis=0) != 0
            assert sorted(map(tuple, moved)) == [(False, False, True, True), (True, True, False, False)]
    assert set(problem) == {"num_vars", "names", "bounds", "groups"}


def test_columns_are_those_of_the_sweep():
    names = ["policy.load", "policy.cost"]
    assert design_record("latin", names, 2, 0)["columns"] == ["parameters_policy_load", "cost"]
    assert design_record("latin", names, 2, 0, ["a", "b"])["columns"] == ["a", "b"]


def test_designs_refuse_what_they_cannot_do():
    with pytest.raises(UserError, match="over=tise is neither a parameter"):
        parameter_names(["tise"])
    for design in ("sobol", "saltelli"):
        with pytest.raises(
            UserError, match=f"points=12 is not allowed with design={design}; use a power of 2"
        ):
            sample_points(design, parameter_names(["ties"]), 12, 1)
