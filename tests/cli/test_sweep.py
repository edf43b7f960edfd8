"""`woc-sim sweep`, `status`, `retry`, `compact`, `query` and `compare` as typed by a user."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble.plan import require_plan, scenario_from_text
from woc_sim.ensemble.sampling import sample_points
from woc_sim.scenario.identity import run_ids


def asked(folder: Path, sql: str, *more: str) -> subprocess.CompletedProcess[str]:
    """`woc-sim query` in a separate process, because DuckDB prints warnings when a test process ends."""
    command = [sys.executable, "-m", "woc_sim.cli.main", "query", str(folder), sql, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


SMALL = ["people=80", "months=122", "workers=1"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sweep") / "s"
    grid = ["executive=progressive,conservative", "size=rural,small"]
    assert main(["sweep", *grid, "replicates=3", *SMALL, f"out={out}"]) == 0
    return out


def test_a_sweep_leaves_its_table_and_pictures(swept: Path) -> None:
    table = pd.read_parquet(swept / "final.parquet")
    assert len(table) == 12
    assert set(table["executive"]) == {"progressive", "conservative"}
    assert set(table["status"]) == {"done"}
    assert table["mipex_total"].notna().all()
    held = json.loads((swept / "manifest.json").read_text())
    assert (held["status"], held["points"], held["replicates"]) == ("finished", 4, 3)
    assert len(held["table_hash"]) == 64
    pictures = {path.name for path in (swept / "figures").iterdir()}
    assert pictures == {"factors.png", "map.png", "replicates.png"}


def test_status_and_query_read_it(swept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(swept)]) == 0
    assert "12 done, 0 failed, 0 waiting" in capsys.readouterr().out
    sql = "select executive, avg(mipex_total) as policy, count(*) as n from runs group by all order by 1"
    lines = asked(swept, sql, "--csv").stdout.splitlines()
    assert lines[0] == "executive,policy,n"
    assert lines[1].startswith("conservative,")
    assert lines[1].endswith(",6")
    mistaken = asked(swept, "select nothing from nowhere")
    assert mistaken.returncode == 2
    assert "the query failed" in mistaken.stderr
    assert mistaken.stderr.count("\n") == 1


def test_failures_are_told_and_retried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "s"
    assert main(["sweep", "case=C21", *SMALL, "time_limit=0.001", f"out={out}"]) == 1
    told = capsys.readouterr()
    assert "1 failed" in told.out
    assert "not finished after 0.001 s" in told.err
    assert main(["status", str(out)]) == 1
    assert "0 done, 1 failed" in capsys.readouterr().out
    assert main(["retry", str(out)]) == 0
    assert main(["compact", str(out)]) == 0
    assert main(["sweep", "case=C21", *SMALL, "monthly=true", f"out={out}"]) == 0
    assert asked(out, "select count(*) as n from monthly", "--csv").stdout == "n\n122\n"


def test_sampled_points_vary_parameters(tmp_path: Path) -> None:
    out = tmp_path / "s"
    drawn = ["design=latin", "over=ties,policy.cost", "points=4"]
    assert main(["sweep", "case=C21", *SMALL, *drawn, f"out={out}"]) == 0
    table = pd.read_parquet(out / "final.parquet")
    assert table["cost"].nunique() == 4
    assert len(table) == 4


def test_points_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("case,locality.rrp_share\nC21,0.1\nC02,0.2\n")
    out = tmp_path / "s"
    assert main(["sweep", *SMALL, f"file={tmp_path / 'points.csv'}", f"out={out}"]) == 0
    assert sorted(pd.read_parquet(out / "final.parquet")["case"]) == ["C02", "C21"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "case=C21"], "out is missing"),
        (["sweep", "case=C21", "design=latin", "out=x"], "design=, over= and points="),
        (["sweep", "case=C21", "design=latn", "over=ties", "out=x"], "latin"),
        (["sweep", "case=C21,C99", "out=x"], "C99"),
        (["sweep", "case=C21", "people=100,200", "seed=1,2", "replicates=1,2", "out=x"], "cannot vary"),
        (["sweep", "case=C21", "time_limit=0", "out=x"], "time_limit"),
        (["status", "nowhere"], "holds no sweep"),
        (["status"], "takes 1 argument"),
        (["query", "nowhere", "select 1"], "holds no sweep"),
        (["compare", "case=C21"], "two scenarios"),
        (["compare", "case=C21", "case=C21 seed=9", "out=x"], "seed is 1"),
        (["compare", "case=C21", "case=C21 months=5", "out=x"], "months"),
        (["compare", "case=C21", "case=C21"], "out is missing"),
    ],
)
def test_mistakes_are_one_sentence_and_leave_nothing(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error
    assert list(tmp_path.iterdir()) == []


def test_other_folders_and_edited_manifests_are_refused(
    swept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("my own")
    assert main(["sweep", "case=C21", *SMALL, f"out={tmp_path}"]) == 2
    assert "holds other files" in capsys.readouterr().err
    manifest = swept / "manifest.json"
    before = manifest.read_text()
    manifest.write_text(before[:50])
    assert main(["status", str(swept)]) == 2
    assert "is not valid JSON" in capsys.readouterr().err
    manifest.write_text(before)


def test_comparing_tells_the_effect_of_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "c"
    first = "case=C21 people=80 months=100"
    second = f"{first} intervention=links intervention.links.start=2016-01"
    assert main(["compare", first, second, "replicates=3", "workers=1", f"out={out}"]) == 0
    assert "readings differ at a false discovery rate" in capsys.readouterr().out
    effects = pd.read_csv(out / "effects.csv")
    before = effects[effects["month"] < "2016-01"]
    assert (before["effect"].dropna() == 0).all()
    after = effects[(effects["month"] > "2017-01") & (effects["effect"].abs() > 0)]
    assert len(after)
    assert (out / "figures" / "effects.png").stat().st_size > 20_000


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A file of two plausible sets that differ in the speed of frames; replicates have sets 3, 8, 3, 8, 8."""
    path = tmp_path / "posterior.csv"
    path.write_text("set,weight,frames.speed\n3,0.5,0.01\n8,0.5,0.15\n")
    return path


def test_effects_carry_what_the_sets_leave_open_and_stay_paired(sets: Path, tmp_path: Path) -> None:
    first = "case=C21 people=80 months=100"
    second = f"{first} intervention=responsibility intervention.responsibility.start=2016-01"
    widths = []
    for name, more in (("without", []), ("with", [f"parameters={sets}"])):
        out = tmp_path / name
        assert main(["compare", first, second, "replicates=3", "workers=1", *more, f"out={out}"]) == 0
        effects = pd.read_csv(out / "effects.csv")
        before = effects[effects["month"] < "2016-01"]
        assert (before["effect"].dropna() == 0).all(), "both runs of a pair have the same set"
        last = effects[effects["indicator"] == "whole_community"].iloc[-1]
        widths.append(last["high"] - last["low"])
    assert widths[1] > 2 * widths[0]
    assert pd.read_csv(out / "sets.csv")["set"].tolist() == [3, 8, 3]
    assert main(["compare", first, second, "replicates=3", "workers=1", f"out={out}"]) == 0
    assert not (out / "sets.csv").exists(), "now the runs have no sets"


@pytest.mark.thorough
def test_replicates_of_a_sweep_have_plausible_sets(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, other = tmp_path / "s", tmp_path / "other.csv"
    sets.write_text("set,weight,frames.whole_community\n3,0.5,0\n8,0.5,2\n")
    other.write_text("set,weight,frames.whole_community\n3,0.5,0.1\n8,0.5,2\n")
    grid = ["case=C21", "executive=progressive,conservative", *SMALL, f"out={out}"]
    assert main(["sweep", *grid, "replicates=3", f"parameters={sets}"]) == 0
    first = woc_sim.load_sweep(out)
    assert main(["sweep", *grid, "replicates=5", f"parameters={sets}"]) == 0
    table = woc_sim.load_sweep(out)
    assert set(first["run_id"]) < set(table["run_id"]), "more replicates keep the runs that are there"
    assert table.groupby("replicate")["set"].unique().map(list).tolist() == [[3], [8], [3], [8], [8]]
    values = pd.read_csv(out / "sets.csv")
    assert values["set"].tolist() == [3, 8, 3, 8, 8]
    assert values["frames.whole_community"].tolist() == [0.0, 2.0, 0.0, 2.0, 2.0]
    assert table["design_row"].nunique() == 2
    frames = table.groupby(["executive", "set"])["latent_whole_community"].mean().unstack()
    assert (frames[8] > frames[3] + 0.3).all(), "the runs have the parameters of their sets"
    assert main(["run", f"from={out}", "--check", "workers=1"]) == 0
    assert "IDENTICAL" in capsys.readouterr().out, "the folder is enough to repeat it"
    assert main(["sweep", *grid, "replicates=3", f"parameters={other}"]) == 2
    assert "holds runs with other plausible sets" in capsys.readouterr().err
    assert main(["sweep", *grid, "replicates=1"]) == 0
    mixed = woc_sim.load_sweep(out)
    assert mixed["set"].isna().sum() == 2, "runs without a set stand beside them"
    assert asked(out, "select set, count(*) as n from runs group by set order by set", "--csv").stdout == (
        "set,n\n3.0,4\n8.0,6\n,2\n"
    )


def test_a_sweep_with_the_default_parameters_has_no_sets(tmp_path: Path) -> None:
    assert main(["sweep", "case=C21", *SMALL, "parameters=default", f"out={tmp_path / 's'}"]) == 0
    assert "set" not in woc_sim.load_sweep(tmp_path / "s")
    assert not (tmp_path / "s" / "sets.csv").exists()


def test_a_parameter_is_given_or_in_the_sets_and_not_both(
    sets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "points.csv").write_text("parameters.frames.speed\n0.1\n0.05\n")
    typed = ["sweep", "case=C21", *SMALL, f"parameters={sets}", f"out={tmp_path / 's'}"]
    points = f"file={tmp_path / 'points.csv'}"
    for more in ("parameters.frames.speed=0.1,0.05", "parameters.frames.speed=0.05", points):
        assert main([*typed, more]) == 2
        assert "parameters.frames.speed is given and also in the sets" in capsys.readouterr().err
    assert main([*typed, "design=latin", "over=policy", "points=2"]) == 2
    assert "design= and parameters= both draw parameters; use one of them" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()
    assert main([*typed, "parameters.frames.speed=0.1"]) == 0
    (point,) = require_plan(tmp_path / "s")
    typed_scenario = scenario_from_text(point.scenario, "the plan")
    assert typed_scenario.parameters["frames.speed"] == 0.1
    assert point.runs == run_ids(typed_scenario, [0]), "a typed value wins"


def test_salib_reads_a_morris_design_off_the_folder(tmp_path: Path) -> None:
    from SALib.analyze import morris

    out = tmp_path / "m"
    drawn = ["design=morris", "over=ties.friend,policy.cost", "points=2"]
    assert main(["sweep", "case=C21", *SMALL, *drawn, f"out={out}"]) == 0
    assert main(["sweep", "case=C21", *SMALL, *drawn[:2], "points=4", f"out={out}"]) == 0, "grown"
    design = json.loads((out / "manifest.json").read_text())["design"]
    rows = woc_sim.load_sweep(str(out)).groupby("design_row")
    settings, outcome = rows[design["columns"]].first(), rows["mipex_total"].mean()
    assert len(settings) == design["rows"] == 12
    expected = sample_points("morris", design["names"], 4, design["seed"])
    assert settings.to_numpy() == pytest.approx(expected, abs=0)
    found = morris.analyze(design, settings.to_numpy(), outcome.to_numpy(), num_levels=design["num_levels"])
    assert all(value >= 0 for value in found["mu_star"])


def test_a_parameter_is_given_or_drawn_and_not_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    drawn = ["design=latin", "over=policy.cost", "points=2", "parameters.policy.cost=1,1.5"]
    assert main(["sweep", "case=C21", *SMALL, *drawn, "out=x"]) == 2
    assert "parameters.policy.cost is given and also drawn" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_axes_named_like_readings_leave_a_folder_that_can_be_read(tmp_path: Path) -> None:
    out = tmp_path / "s"
    grid = ["parameters.policy.load=0.1,0.2", "locality.rrp_share=0.1,[0.1,0.2]"]
    assert main(["sweep", "case=C21", *grid, "people=80", "months=20", "monthly=true", f"out={out}"]) == 0
    table = woc_sim.load_sweep(str(out), monthly=True)
    assert set(table["parameters_policy_load"]) == {0.1, 0.2}
    assert set(table["rrp_share"]) == {"0.1", "[0.1,0.2]"}
    dates = pd.read_parquet(out / "monthly.parquet")["month"]
    assert str(dates.iloc[0]) == "2012-01-01"
