"""Plausible sets of parameters: how they are read, and how replicates get them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from woc_sim.analysis.inference.parameters import CALIBRATED
from woc_sim.ensemble import plausible
from woc_sim.ensemble.plausible import (
    PlausibleSet,
    of_replicates,
    read_sets,
    read_sets_without,
    sets_named,
    sets_without,
    with_set,
    write_sets,
)
from woc_sim.errors import UserError
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

HEAD = "set,weight,medoid,implausibility,policy.load,policy.need"
GOOD = f"{HEAD}\n4,0.75,True,1.2,0.1,2.0\n7,0.25,False,2.5,0.3,3.0\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "posterior.csv").write_text(GOOD)
    return tmp_path / "posterior.csv"


def test_each_replicate_has_one_set_and_sets_come_by_weight(path: Path) -> None:
    sets = read_sets(path)
    assert sets.names == ("policy.load", "policy.need")
    dealt = [sets.of_replicate(replicate) for replicate in range(2000)]
    first = PlausibleSet(4, {"policy.load": 0.1, "policy.need": 2.0})
    second = PlausibleSet(7, {"policy.load": 0.3, "policy.need": 3.0})
    assert {one.number: one for one in dealt} == {4: first, 7: second}
    assert dealt.count(first) / 2000 == pytest.approx(0.75, abs=0.03)  # three standard errors
    assert of_replicates(sets, 5) == tuple(dealt[:5])
    assert of_replicates(None, 5) == ()


def test_a_set_leaves_parameters_that_the_scenario_moves_and_refuses_unknown_ones() -> None:
    scenario = Scenario((), parameters={"policy.need": 1.0})
    given = PlausibleSet(1, {"policy.load": 0.3, "policy.need": 3.0}).given_to(scenario)
    assert given == Scenario((), parameters={"policy.need": 1.0, "policy.load": 0.3})
    with pytest.raises(UserError, match=r"parameters\.policy\.laod"):
        PlausibleSet(1, {"policy.laod": 0.3}).given_to(scenario)


def test_a_scenario_has_the_set_of_its_replicate_or_none(path: Path) -> None:
    sets, scenario = read_sets(path), Scenario(())
    assert with_set(scenario, None, 3) is scenario
    for replicate in range(4):
        wanted = sets.of_replicate(replicate).values
        assert {name: with_set(scenario, sets, replicate).parameters[name] for name in wanted} == wanted


def test_a_file_says_which_set_each_replicate_has(path: Path, tmp_path: Path) -> None:
    dealt = of_replicates(read_sets(path), 6)
    write_sets(dealt, tmp_path)
    table = pd.read_csv(tmp_path / "sets.csv")
    assert list(table.columns) == ["replicate", "set", "policy.load", "policy.need"]
    assert table["set"].tolist() == [one.number for one in dealt]
    assert table["policy.load"].tolist() == [one.values["policy.load"] for one in dealt]
    write_sets((), tmp_path)
    assert not (tmp_path / "sets.csv").exists()


def test_the_package_has_sets_of_all_calibrated_parameters() -> None:
    found = sets_named("plausible")
    assert found is not None
    assert set(found.names) == set(CALIBRATED)
    assert len(found.numbers) >= 60
    assert sets_named("default") is None is sets_named(None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no table that can be read"),
        (HEAD + "\n", "no parameters or no sets"),
        ("set,policy.load\n0,0.1\n", "no weights"),
        ("weight,policy.load\n1,0.1\n", "no numbers of sets"),
        ("set,weight\n0,1\n", "no parameters or no sets"),
        ("set,weight,policy.load\n1,1,0.1\n1,1,0.2\n", "set must be an integer from 0 to 1000000, each once"),
        ("set,weight,policy.load\n1.5,1,0.1\n", "set must be an integer"),
        ("set,weight,policy.load\n-1,1,0.1\n", "set must be an integer"),
        ("set,weight,policy.laod\n0,1,0.1\n", "'policy.laod' is no parameter; did you mean 'policy.load'"),
        ("set,weight,policy.load\n0,1,99\n", "policy.load must be a number from 0 to"),
        ("set,weight,policy.load\n0,1,high\n", "policy.load must be a number from 0 to"),
        ("set,weight,policy.load\n0,-1,0.1\n", "weights must be numbers from 0 to"),
        ("set,weight,policy.load\n0,0,0.1\n", "weights must be numbers from 0 to"),
        ("set,weight,policy.load\n0,1e308,0.1\n1,1e308,0.2\n", "weights must be numbers from 0 to"),
        (f"set,weight,policy.load\n0,1,{'9' * 400}\n", "policy.load must be a number from 0 to"),
        ("set,weight,policy.load,policy.load\n0,1,0.1,0.2\n", "the column 'policy.load' is given twice"),
        ("set,weight,weight,policy.load\n0,1,0,0.2\n", "the column 'weight' is given twice"),
        ("set,weight,policy.load,policy.rrp\n0,1,0.1,0.2,0.3\n", "no table that can be read"),
        ("set,weight,policy.load,policy.rrp\n0,1,0.1\n", "policy.rrp must be a number from 0 to"),
        ("set;weight;policy.load\n0;1;0.1\n", "no parameters or no sets"),
    ],
)
def test_a_table_of_another_kind_is_refused_in_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "sets.csv").write_text(text)
    with pytest.raises(UserError, match=sentence):
        read_sets(tmp_path / "sets.csv")


def test_a_table_that_a_spreadsheet_saved_again_is_the_same(path: Path) -> None:
    before = read_sets(path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    after = read_sets(path)
    assert (after.names, after.values.tolist(), after.weights.tolist()) == (
        before.names,
        before.values.tolist(),
        before.weights.tolist(),
    )


def test_a_missing_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"nothing\.csv does not exist"):
        sets_named(str(tmp_path / "nothing.csv"))
    monkeypatch.setattr(plausible, "SHIPPED", tmp_path / "nothing.csv")
    assert sets_named(None) is None
    with pytest.raises(UserError, match="no plausible sets of its own; make them with `woc-sim calibrate"):
        sets_named("plausible")


@pytest.mark.parametrize(
    ("typed", "meant"), [("plausibel", "plausible"), ("Plausible", "plausible"), ("defualt", "default")]
)
def test_a_misspelt_name_of_sets_is_no_file(
    typed: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=rf"parameters={typed} is no file; did you mean '{meant}'\?"):
        sets_named(typed)
    (tmp_path / typed).write_text(GOOD, "utf-8")
    found = sets_named(typed)
    assert found is not None
    assert found.numbers == (4, 7), "a file of that name is read"


FOLDS = (
    "without,set,weight,policy.load,policy.need\n"
    "Italy,1,0.75,0.1,2.0\nItaly,2,0.25,0.3,3.0\nSpain,1,1,0.2,1.0\n"
)


def test_sets_without_a_country_are_those_beside_the_file(path: Path) -> None:
    assert sets_without(str(path), ("Italy", "Spain")) == {}
    path.with_name("fold_sets.csv").write_text(FOLDS)
    found = sets_without(str(path), ("Italy", "Spain"))
    assert {country: own.numbers for country, own in found.items()} == {"Italy": (1, 2), "Spain": (1,)}
    assert found["Italy"].values.tolist() == [[0.1, 2.0], [0.3, 3.0]]
    assert found["Spain"].names == ("policy.load", "policy.need")
    assert sets_without("default", ()) == {} == sets_without(None, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD, "has no column 'without'"),
        (FOLDS.replace("Spain", "Spane"), "'Spane' is no country of the study; did you mean 'Spain'"),
        (FOLDS.replace("Italy,2", "Italy,1"), "set must be an integer from 0 to 1000000, each once"),
        (FOLDS.replace("0.2", "99"), "policy.load must be a number from 0 to"),
    ],
)
def test_a_table_of_folds_that_is_wrong_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "fold_sets.csv").write_text(text)
    with pytest.raises(UserError, match=sentence):
        read_sets_without(tmp_path / "fold_sets.csv", ("Italy", "Spain"))


def test_the_default_point_is_the_median_of_the_shipped_sets() -> None:
    """As `./run renew defaults` writes it: with three digits."""
    table = pd.read_csv(plausible.SHIPPED)
    assert table["weight"].nunique() == 1, "so the lower median is that of the weights"
    for name in CALIBRATED:
        middle = table[name].quantile(0.5, interpolation="lower")
        assert registry()[name].value == float(f"{middle:.3g}"), name
        assert registry()[name].status == "calibrated", name
