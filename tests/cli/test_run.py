"""Runs by the command: the content of a folder, that it is complete or absent, and the joined table of a
sweep.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble import executors, folders
from woc_sim.ensemble.manifests import write_manifest
from woc_sim.ensemble.run import LocalityRows, run_rows
from woc_sim.errors import UserError
from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.instruments.readings import INDICATORS, READINGS
from woc_sim.scenario.identity import model_hash, run_id
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import PROCESSES, Scenario

QUICK = ("people=60", "months=2")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished run of two replicates."""
    out = tmp_path_factory.mktemp("run") / "deep" / "c21"
    assert main(["run", "case=C21", "seed=7", "replicates=2", *QUICK, f"out={out}"]) == 0
    return out


def test_a_run_folder_holds_what_was_promised(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "config.yaml",
        "manifest.json",
        "monthly.parquet",
        "final.parquet",
        "figures",
    }
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "no temporary folder is left"
    assert list((folder / "figures").glob("*.png"))


def test_tables_have_the_columns_scripts_rely_on(folder: Path) -> None:
    monthly, final = woc_sim.load(folder).monthly, woc_sim.load(folder).final
    assert list(monthly.columns) == ["case", "replicate", "month", *(each.name for each in INDICATORS)]
    assert list(final.columns) == ["case", "replicate", *(each.name for each in READINGS)]
    assert {"residents", "migrants"} <= set(monthly.columns)
    assert {"mipex_total", *(f"mipex_{name}" for name in COMPONENTS)} <= set(final.columns)
    assert list(monthly["month"]) == [pd.Timestamp(2012, 1, 1), pd.Timestamp(2012, 2, 1)] * 2
    assert list(final["replicate"]) == [0, 1]
    assert set(final["case"]) == {"C21"}


def test_the_manifest_says_how_to_repeat_it(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    settings = yaml.safe_load((folder / "config.yaml").read_text("utf-8"))
    scenario, options = parse(settings)
    assert manifest["run_ids"] == [run_id(scenario, replicate) for replicate in range(options.replicates)]
    assert manifest["model_hash"] == model_hash()
    assert manifest["status"] == "finished"
    assert manifest["seed"] == 7
    assert manifest["versions"]["python"].startswith(f"{sys.version_info.major}.{sys.version_info.minor}")
    assert {"mesa", "numpy", "numba", "hydra-core", "woc-sim"} <= set(manifest["versions"])
    assert manifest["machine"]["cores"] == os.cpu_count()
    assert len(manifest["timings"]["run_seconds"]) == 2
    assert "out" not in settings, "a folder that is moved stays true"


def test_the_same_command_again_does_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert main(["run", "case=C21", "seed=7", "replicates=2", *QUICK, f"out={folder}"]) == 0
    assert "already holds this run" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_another_run_in_the_same_folder_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "case=C21", "seed=8", "replicates=2", *QUICK, f"out={folder}"]) == 2
    assert "holds another run (woc-sim run case=C21 seed=7" in capsys.readouterr().err
    assert main(["run", "-m", "case=C21", "seed=7", "replicates=2", *QUICK, f"out={folder}"]) == 2


def test_another_version_of_the_model_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = json.loads((folder / "manifest.json").read_text("utf-8"))
    monkeypatch.setattr(folders, "model_hash", lambda: "0" * 16)
    with pytest.raises(UserError, match="another version of the model"):
        folders.folder_state(folder, "run", held["run_ids"], [0])


@pytest.mark.portable
def test_seeds_decide_and_python_agrees(folder: Path, tmp_path: Path) -> None:
    monthly, final = woc_sim.load(folder).monthly, woc_sim.load(folder).final
    dates = pd.read_parquet(folder / "monthly.parquet")["month"]
    assert [str(each) for each in dates[:2]] == ["2012-01-01", "2012-02-01"]
    asked = woc_sim.scenario(case="C21", seed=7, people=60, months=2)
    tables = woc_sim.run(asked, replicates=2)
    pd.testing.assert_frame_equal(tables.final, final, check_exact=True)
    pd.testing.assert_frame_equal(tables.monthly, monthly, check_exact=True)
    loaded = woc_sim.load(str(folder))
    pd.testing.assert_frame_equal(loaded.final, final, check_exact=True)
    other = woc_sim.run(woc_sim.scenario(case="C21", seed=8, people=60, months=2))
    assert not other.monthly["mean_attitude"].equals(monthly["mean_attitude"][:2])
    assert not other.final.drop(columns="case").iloc[0].equals(final.drop(columns="case").iloc[0])


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sweep") / "it's a sweep"
    command = ["run", "-m", "executive=progressive,conservative", "seed=1,2", *QUICK, f'out="{out}"']
    assert main(command) == 0
    return out


def test_a_sweep_has_a_folder_for_each_job_and_one_table_of_all(sweep: Path) -> None:
    names = {path.name for path in sweep.iterdir()}
    assert names == {"0", "1", "2", "3", "final.parquet", "manifest.json", "multirun.yaml"}
    final = pd.read_parquet(sweep / "final.parquet")
    assert list(final.columns[:5]) == ["job", "executive", "seed", "case", "replicate"]
    assert list(zip(final["job"], final["executive"], final["seed"], strict=True)) == [
        (0, "progressive", 1),
        (1, "progressive", 2),
        (2, "conservative", 1),
        (3, "conservative", 2),
    ]
    for job in range(4):
        own = pd.read_parquet(sweep / str(job) / "final.parquet")
        part = final[final["job"] == job].drop(columns=["job", "executive", "seed"]).reset_index(drop=True)
        pd.testing.assert_frame_equal(part, own, check_exact=True)
        assert {path.name for path in (sweep / str(job)).iterdir()} == {
            "config.yaml",
            "manifest.json",
            "monthly.parquet",
            "final.parquet",
            "figures",
        }


def test_a_job_of_a_sweep_equals_the_run_alone(sweep: Path, tmp_path: Path) -> None:
    out = tmp_path / "alone"
    assert main(["run", "executive=conservative", "seed=1", *QUICK, f"out={out}"]) == 0
    for table in ("monthly.parquet", "final.parquet"):
        left, right = pd.read_parquet(out / table), pd.read_parquet(sweep / "2" / table)
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_a_stopped_sweep_goes_on_and_a_finished_one_says_so(
    sweep: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["run", "-m", "executive=progressive,conservative", "seed=1,2", *QUICK, f'out="{sweep}"']
    assert main(command) == 0
    assert "already holds this sweep" in capsys.readouterr().out
    kept = (sweep / "0" / "final.parquet").stat().st_mtime_ns
    before = pd.read_parquet(sweep / "final.parquet")
    manifest = json.loads((sweep / "manifest.json").read_text("utf-8"))
    write_manifest(sweep, manifest | {"status": "started"})
    (sweep / "final.parquet").unlink()
    for path in sorted((sweep / "3").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert main(command) == 0
    assert (sweep / "0" / "final.parquet").stat().st_mtime_ns == kept, "a finished job is not run again"
    pd.testing.assert_frame_equal(pd.read_parquet(sweep / "final.parquet"), before, check_exact=True)


def test_progress_and_several_processes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["run", "case=C21", "seed=3", "replicates=2", *QUICK]
    assert main([*asked, f"out={tmp_path / 'one'}", "progress=false"]) == 0
    assert capsys.readouterr().err == ""
    both = [*asked, f"out={tmp_path / 'two'}", "executor=processes", "workers=2", "progress=true"]
    assert main(both) == 0
    assert "2 runs" in capsys.readouterr().err
    one, two = (pd.read_parquet(tmp_path / name / "final.parquet") for name in ("one", "two"))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_a_profile_times_every_process(tmp_path: Path) -> None:
    out = tmp_path / "timed"
    assert main(["run", "case=C21", "intervention=links", "profile=true", *QUICK, f"out={out}"]) == 0
    table = pd.read_csv(out / "profile.csv")
    assert list(table["process"]) == ["building", "interventions", *PROCESSES]
    assert (table["seconds"] >= 0).all()
    assert table["share"].sum() == pytest.approx(1)


def test_the_default_folder_is_named_after_the_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", "case=C21", *QUICK]) == 0
    printed = capsys.readouterr().out
    made = list((tmp_path / "out").iterdir())
    assert len(made) == 1
    assert made[0].name.startswith("C21-seed1-")
    assert f"results: out/{made[0].name}/" in printed
    assert "mipex_total" in printed


def test_a_bug_keeps_its_traceback_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(executors, "run_rows", broken)
    assert main(["run", "case=C21", *QUICK, f"out={tmp_path / 'new'}"]) == 70
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert "ZeroDivisionError: of ours" in printed
    assert list(tmp_path.iterdir()) == []
    assert main(["run", "-m", "seed=1,2", *QUICK, f"out={tmp_path / 'sweep'}"]) == 70
    assert "ZeroDivisionError: of ours" in capsys.readouterr().err
    assert not (tmp_path / "sweep" / "final.parquet").exists()


SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start its children deaf to it
from woc_sim.cli.main import main
from woc_sim.ensemble.store import Store
add = Store.add
def add_and_rest(store, batch):
    add(store, batch)
    time.sleep(60)
Store.add = add_and_rest
sys.exit(main(sys.argv[1:]))
"""
"""The command, resting after its first finished batch, so that it can be interrupted there."""


def test_an_interrupted_run_keeps_what_is_finished_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C, then the same command again; the result equals that of an undisturbed run."""
    asked = ["run", "case=C21", "seed=5", "people=60", "months=2", "replicates=6", f"out={tmp_path / 'cut'}"]
    shards = tmp_path / "cut" / "shards"
    command = [sys.executable, "-c", SLOW, *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            limit = time.monotonic() + 240
            while not list(shards.glob("*.parquet")):
                assert process.poll() is None, process.communicate()[1]
                assert time.monotonic() < limit
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, error = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130, error
    assert "the same command resumes" in error
    assert "Traceback" not in error
    assert json.loads((tmp_path / "cut" / "manifest.json").read_text("utf-8"))["status"] == "started"
    with pytest.raises(UserError, match="is not finished"):
        woc_sim.load(str(tmp_path / "cut"))
    again: list[int] = []

    def counted(asked: Scenario, replicate: int, *rest: Any) -> list[LocalityRows]:
        again.append(replicate)
        return run_rows(asked, replicate, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(executors, "run_rows", counted)
        assert main(asked) == 0
    assert again == [2, 3, 4, 5], "the first batch of two is kept"
    assert not shards.exists()
    whole = woc_sim.run(woc_sim.scenario(case="C21", seed=5, people=60, months=2), replicates=6)
    found = pd.read_parquet(tmp_path / "cut" / "final.parquet")
    pd.testing.assert_frame_equal(found, whole.final, check_exact=True)
    assert len(json.loads((tmp_path / "cut" / "manifest.json").read_text("utf-8"))["run_ids"]) == 6


@pytest.mark.parametrize("lost", ["final.parquet", "monthly.parquet", "config.yaml", "figures/timeline.png"])
@pytest.mark.parametrize("how", ["deleted", "damaged"])
def test_a_finished_run_that_lost_a_file_makes_it_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lost: str, how: str
) -> None:
    out = tmp_path / "copy"
    shutil.copytree(folder, out)
    path = out / lost
    if not path.exists():
        path = next((out / "figures").glob("*.png"))
    before = path.read_bytes()
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(before[:50] + bytes([before[50] ^ 4]) + before[51:])
    assert main(["run", "case=C21", "seed=7", "replicates=2", *QUICK, f"out={out}"]) == 0
    assert "results:" in capsys.readouterr().out
    assert path.read_bytes() == before or path.suffix == ".png"
    assert main(["run", "case=C21", "seed=7", "replicates=2", *QUICK, f"out={out}"]) == 0
    assert "already holds this run" in capsys.readouterr().out


def test_a_run_goes_into_whatever_out_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    long = tmp_path / ("x" * 250)
    for out in (tmp_path / "link", Path(), long):
        assert main(["run", "case=C21", *QUICK, f"out={out}"]) == 0
        assert len(pd.read_parquet(out / "final.parquet")) == 1
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "final.parquet").exists()


def test_a_place_where_no_results_may_lie_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nowhere").symlink_to("gone")
    package = Path(woc_sim.__file__).parent
    for out in (tmp_path / "nowhere", tmp_path / ("x" * 256), package / "inputs" / "out"):
        assert main(["run", "case=C21", *QUICK, f"out={out}"]) == 2
        said = capsys.readouterr().err
        assert said.startswith("woc-sim: out=")
        assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["nowhere"]
    assert not (package / "inputs" / "out").exists()


def test_a_folder_of_run_m_is_read_as_a_sweep(sweep: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = woc_sim.load_sweep(str(sweep))
    assert list(table.columns[:4]) == ["run_id", "executive", "seed", "replicate"]
    assert set(table["status"]) == {"done"}
    assert len(woc_sim.load_sweep(str(sweep), monthly=True)) == 8
    assert main(["status", str(sweep)]) == 0
    assert "4 done, 0 failed, 0 waiting" in capsys.readouterr().out
    for command in ("retry", "compact", "export"):
        assert main([command, str(sweep)]) == 2
        assert "was made by `woc-sim run -m`" in capsys.readouterr().err
