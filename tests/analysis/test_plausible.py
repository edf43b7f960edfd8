"""Plausible sets of parameters: how they are read, and how studies get them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from woc_sim.analysis import plausible
from woc_sim.analysis.plausible import read_sets, sets_named
from woc_sim.analysis.validation_runs import Plan
from woc_sim.analysis.variants import MODEL
from woc_sim.errors import UserError
from woc_sim.scenario.schema import Scenario

HEAD = "set,weight,medoid,implausibility,policy.load,policy.need"
GOOD = f"{HEAD}\n0,0.75,True,1.2,0.1,2.0\n1,0.25,False,2.5,0.3,3.0\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "posterior.csv").write_text(GOOD)
    return tmp_path / "posterior.csv"


def test_each_study_has_one_set_and_sets_come_by_weight(path: Path) -> None:
    sets = read_sets(path)
    assert sets.names == ("policy.load", "policy.need")
    dealt = Counter(tuple(sets.of_study(study).items()) for study in range(2000))
    first, second = (("policy.load", 0.1), ("policy.need", 2.0)), (("policy.load", 0.3), ("policy.need", 3.0))
    assert set(dealt) == {first, second}
    assert dealt[first] / 2000 == pytest.approx(0.75, abs=0.03)  # three standard errors


def test_all_runs_of_a_study_have_its_set_and_a_typed_parameter_wins(path: Path) -> None:
    base = Scenario((), people=50, parameters={"policy.need": 1.0})
    plan = Plan(base, 6, read_sets(path))
    loads = {}
    for task in plan.tasks(MODEL):
        assert task.scenario.parameters["policy.need"] == 1.0
        loads.setdefault(task.replicate, set()).add(task.scenario.parameters["policy.load"])
    assert all(len(found) == 1 for found in loads.values())
    assert set().union(*loads.values()) == {0.1, 0.3}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no table that can be read"),
        (HEAD + "\n", "no weights, no parameters or no sets"),
        ("set,policy.load\n0,0.1\n", "no weights, no parameters or no sets"),
        ("weight\n1\n", "no weights, no parameters or no sets"),
        ("weight,policy.laod\n1,0.1\n", "'policy.laod' is no parameter; did you mean 'policy.load'"),
        ("weight,policy.load\n1,99\n", "policy.load must be a number from 0 to"),
        ("weight,policy.load\n1,high\n", "policy.load must be a number from 0 to"),
        ("weight,policy.load\n-1,0.1\n", "weights must be numbers from 0 on"),
        ("weight,policy.load\n0,0.1\n", "weights must be numbers from 0 on"),
    ],
)
def test_a_table_of_another_kind_is_refused_in_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "sets.csv").write_text(text)
    with pytest.raises(UserError, match=sentence):
        read_sets(tmp_path / "sets.csv")


def test_a_missing_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"nothing\.csv does not exist"):
        sets_named(str(tmp_path / "nothing.csv"))
    monkeypatch.setattr(plausible, "SHIPPED", tmp_path / "nothing.csv")
    with pytest.raises(UserError, match="no plausible sets of its own; make them with `woc-sim calibrate"):
        sets_named("plausible")
