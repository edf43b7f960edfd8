"""`woc-sim run from=DIR` repeats every kind of folder from its own content and reports differences."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble.manifests import file_hashes, read_manifest
from woc_sim.ensemble.store import write_frame
from woc_sim.records import parquet_table

QUICK = ("people=60", "months=3")
OWN = "name: <b>Our town</b>\nframework: DE\nsize: rural\nexecutive: mixed\nrrp_share: [0.1, 0.2]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a user's own locality, whose file has been deleted."""
    place = tmp_path_factory.mktemp("own")
    (place / "mine.yaml").write_text(OWN, "utf-8")
    own = [f"locality.file={place / 'mine.yaml'}", "replicates=2", "seed=5"]
    assert main(["run", *own, *QUICK, f"out={place / 'run'}"]) == 0
    (place / "mine.yaml").unlink()
    return place / "run"


def test_a_run_of_a_place_of_ones_own_is_repeated_from_its_folder_alone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert main(["run", f"from={folder}", "--check"]) == 0
    assert capsys.readouterr().out == "IDENTICAL\n"
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [path.name for path in folder.parent.iterdir()] == ["run"]


def test_the_repetition_is_kept_unless_it_is_a_check(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(folder, tmp_path / "a copy")
    assert main(["run", f"from='{tmp_path / 'a copy'}'"]) == 0
    assert capsys.readouterr().out.startswith("IDENTICAL\nresults: ")
    again, first = (woc_sim.load(str(each)) for each in (tmp_path / "a copy-again", folder))
    pd.testing.assert_frame_equal(again.final, first.final, check_exact=True)
    assert again.scenario == first.scenario


@pytest.mark.thorough
def test_sweeps_of_every_kind_are_repeated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    towns = {name: woc_sim.scenario(case=name, people=60, months=3) for name in ("C21", "C02")}
    woc_sim.sweep(towns, 2, str(tmp_path / "python"), progress=False)
    drawn = ["design=random", "over=ties.friend", "points=3", "monthly=true"]
    assert main(["sweep", "case=C21", *QUICK, *drawn, "workers=1", f"out={tmp_path / 'drawn'}"]) == 0
    assert main(["sweep", "case=C21,C02", *QUICK, "workers=1", f"out={tmp_path / 'drawn'}"]) == 0
    assert main(["run", "-m", "case=C21,C02", "replicates=2", *QUICK, f"out={tmp_path / 'multi'}"]) == 0
    capsys.readouterr()
    for name in ("python", "drawn", "multi"):
        assert main(["run", f"from={tmp_path / name}", "--check", "workers=1"]) == 0, name
        assert capsys.readouterr().out == "IDENTICAL\n"


def tampered(folder: Path, copy: Path, by: float) -> Path:
    """A copy of a run in which one reading was changed and the hashes were updated."""
    shutil.copytree(folder, copy)
    table = parquet_table(copy / "final.parquet").to_pandas()
    table.loc[1, "mipex_total"] += by
    write_frame(copy / "final.parquet", table)
    held = json.loads((copy / "manifest.json").read_text("utf-8"))
    held["files"] |= file_hashes(copy, ["final.parquet"])
    held["versions"]["numpy"] = "1.0"
    held["inputs"]["inputs/cases.csv"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(held), "utf-8")
    return copy


def test_what_differs_is_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", f"from={tampered(folder, tmp_path / 'near', 1e-12)}", "--check"]) == 0
    assert capsys.readouterr().out.startswith("WITHIN TOLERANCE\n")
    out = tmp_path / "again"
    assert main(["run", f"from={tampered(folder, tmp_path / 'far', 1.0)}", f"out={out}"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("DIFFERENT\n")
    for word in ("1 of 2 runs", "mipex_total", "numpy", "inputs/cases.csv"):
        assert word in said
    table = pd.read_csv(out / "differences.csv")
    assert list(table["reading"]) == ["mipex_total"]
    assert abs(table["absolute"][0]) == pytest.approx(1.0)


@pytest.mark.parametrize("lost", ["config.yaml", "final.parquet"])
def test_a_folder_that_is_not_whole_is_not_repeated(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lost: str
) -> None:
    shutil.copytree(folder, tmp_path / "r")
    (tmp_path / "r" / lost).unlink()
    assert main(["run", f"from={tmp_path / 'r'}", "--check"]) == 2
    assert f"{lost} is missing or changed" in capsys.readouterr().err


def test_other_folders_and_settings_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, said in (
        ([f"from={tmp_path}"], "holds no results"),
        ([f"from={folder}", "seed=3"], "'seed=3' is not a setting of this command"),
        ([f"from={folder}", f"out={folder}"], "is the folder to repeat"),
        (["--check"], "from is missing"),
        (["from="], "from is ''"),
    ):
        assert main(["run", *arguments]) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert read_manifest(folder) is not None
