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
from woc_sim.ensemble.sampling import DESIGNS, design_record, parameter_names, sample_points
from woc_sim.errors import UserError
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
    """The code on the page, with a table that has replicates and unordered rows."""
    page = Path(__file__).resolve().parents[2] / "docs" / "sweeps.md"
    (code,) = re.findall(r"```python\n(import json\n.*?)```", page.read_text("utf-8"), re.DOTALL)
    names = ["policy.load", *parameter_names(["ties"])[:2]]
    record = design_record("morris", names, 6, 0)
    points = sample_points("morris", names, 6, 0)
    table = pd.DataFrame(points, columns=record["columns"]).assign(design_row=range(len(points)))
    table["mipex_total"] = linear(points, names)
    twice = pd.concat([table, table.assign(mipex_total=table["mipex_total"] + 1.0)]).assign(message="")
    folder = tmp_path / "out" / "screen"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"design": record}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(woc_sim, "load_sweep", lambda _: twice.sample(frac=1, random_state=1))
    scope: dict[str, Any] = {}
    exec(compile(code, "sweeps.md", "exec"), scope)
    assert np.asarray(scope["found"]["mu_star"]) == pytest.approx(np.arange(3.0))
    assert list(scope["found"]["names"]) == names


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
