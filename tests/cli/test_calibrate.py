"""`calibrate` as a command: what it passes on, prints, writes and refuses. Its methods are tested with the
analysis."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.analysis.made_up_model import OVER, TRUTH, made_up, use_made_up_model

from woc_sim.analysis import reach as reaching
from woc_sim.analysis.inference import folds
from woc_sim.cli.main import main


def test_waves_and_plausible_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    out = tmp_path / "c"
    typed = ["points=24", "people=60", "waves=1", f"over={','.join(OVER)}", "workers=1", f"out={out}"]
    assert main(["calibrate", "waves", *typed]) == 0
    printed = capsys.readouterr().out
    assert "wave 1: 24 points, 27 studies; " in printed
    assert "stopped: all 1 waves are done" in printed
    assert " of 3 parameters are shrunk by the data by half or more" in printed
    assert "politics_share: " in printed
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["kind"], manifest["status"]) == ("calibrate", "finished")
    assert {path.name for path in (out / "figures").iterdir()} == {
        "calibration_statistics.png",
        "calibration_parameters.png",
        "calibration_pairs.png",
    }
    assert main(["calibrate", "posterior", "sets=20", "truths=5", "workers=1", f"out={out}"]) == 0
    printed = capsys.readouterr().out
    assert "check with known truths" in printed
    assert (out / "figures" / "posterior_ranks.png").is_file()
    assert pd.read_csv(out / "posterior.csv")["medoid"].sum() == 1
    wave = out / "wave_1" / "emulators.json"
    content = wave.read_text("utf-8")
    wave.write_text(content[:-20], "utf-8")
    for step in ("waves", "posterior", "folds"):
        settings = typed if step == "waves" else ["workers=1", f"out={out}"]
        assert main(["calibrate", step, *settings]) == 2
        assert "emulators.json was changed" in capsys.readouterr().err
    wave.write_text(content, "utf-8")
    assert main(["calibrate", "waves", *typed, "theory/contact=none"]) == 2
    assert "holds waves with another theories; choose another folder" in capsys.readouterr().err
    assert main(["calibrate", "waves", *typed, "theory/contact=nine"]) == 2
    assert "theory/contact is 'nine'; allowed: moderated" in capsys.readouterr().err
    other = ["points=30", *typed[1:]]
    assert main(["calibrate", "waves", *other]) == 2
    assert "holds waves with points=24; choose another folder" in capsys.readouterr().err
    assert json.loads((out / "manifest.json").read_text("utf-8")) == manifest, (
        "as the finished command left it"
    )

    emulators = out / "wave_1" / "emulators.json"
    emulators.write_text(emulators.read_text("utf-8").replace("3", "4", 1), "utf-8")
    for step in (["waves", *typed], ["posterior", f"out={out}"], ["folds", f"out={out}"]):
        assert main(["calibrate", *step]) == 2
        assert (
            "emulators.json was changed; delete it and repeat `woc-sim calibrate" in capsys.readouterr().err
        )
    emulators.unlink()
    assert main(["calibrate", "posterior", f"out={out}"]) == 2
    assert "emulators.json is missing; repeat `woc-sim calibrate waves" in capsys.readouterr().err
    assert main(["calibrate", "waves", *typed]) == 0
    assert json.loads((out / "manifest.json").read_text("utf-8"))["files"] == manifest["files"]


def test_countries_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(folds.fit_statistics, "published_scores", lambda: {"C01": 30.0, "C02": 80.0})
    scores = {"Italy": np.column_stack([np.linspace(20, 40, 21), np.linspace(20, 40, 21)])}
    places = folds.places_table({"Italy": ["C01", "C02"]}, scores)

    def made(out: Path, sets: int, workers: int) -> folds.Folds:
        assert (sets, workers) == (9, 1)
        return folds.Folds(places, folds.countries_table(places))

    monkeypatch.setattr(folds, "folds", made)
    (tmp_path / "calibration.json").write_text("{}")
    assert main(["calibrate", "folds", "sets=9", "workers=1", f"out={tmp_path}"]) == 0
    printed = capsys.readouterr().out
    assert "50% of the 90 % intervals hold the published score" in printed
    assert "worst: Italy (-25.0 on average)" in printed


def test_prior(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def judged(scenarios: list[object], *_: object) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(1)
        shape = len(scenarios), len(reaching.checks_by_finding())
        return rng.random(shape), rng.random(shape) < 0.4

    monkeypatch.setattr(reaching, "judged", judged)
    out = tmp_path / "p"
    assert main(["calibrate", "prior", "points=40", "over=work", "workers=1", f"out={out}"]) == 0
    printed = capsys.readouterr().out
    assert "findings are only off" in printed
    assert (out / "figures" / "reach.png").is_file()
    assert json.loads((out / "manifest.json").read_text("utf-8"))["kind"] == "calibrate prior"


def test_the_folder_of_another_command_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    for step in ("prior", "waves", "posterior", "folds"):
        assert main(["calibrate", step, f"out={tmp_path}"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert "holds no waves" in capsys.readouterr().err


@pytest.mark.parametrize("step", ["posterior", "folds"])
@pytest.mark.parametrize("name", ["nothing", "a_file", "a_file/below", "x" * 300])
def test_where_no_waves_can_be_one_sentence_says_so(
    step: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a_file").write_text("", "utf-8")
    assert main(["calibrate", step, f"out={tmp_path / name}"]) == 2
    assert "holds no waves" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a_file"]
