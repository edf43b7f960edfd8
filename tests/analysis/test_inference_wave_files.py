"""A folder of waves is read as it was written, and a damaged or edited file in it gives one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up_model import NAMES, OVER, TRUTH, made_up, use_made_up_model

from woc_sim.analysis.inference import wave_files, waves
from woc_sim.errors import UserError

SETTINGS = waves.WaveSettings(points=24, people=60, waves=1, over=OVER, discrepancy=0.0)
EMULATORS, STUDIES = "wave_1/emulators.json", "wave_1/studies.parquet"


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a calibration of one wave."""
    out = tmp_path_factory.mktemp("calibration")
    with pytest.MonkeyPatch.context() as patch:
        use_made_up_model(patch, made_up(TRUTH)[0])
        waves.calibrate_waves(out, SETTINGS, 1, False)
    return out


@pytest.fixture
def folder(calibrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it."""
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    return Path(shutil.copytree(calibrated, tmp_path / "copy"))


def refusal(folder: Path, name: str) -> str:
    """The sentence with which the folder is refused; it names the file and says what to do."""
    with pytest.raises(UserError) as caught:
        waves.read_calibration(folder)
    sentence = caught.value.sentence
    assert Path(name).name in sentence
    assert "repeat `woc-sim calibrate waves`" in sentence
    return sentence


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file in place."""
    held = json.loads(path.read_text("utf-8"))
    change(held)
    path.write_text(json.dumps(held), "utf-8")


def test_the_written_form_stays(calibrated: Path) -> None:
    """Folders are read years after they were written."""
    held = json.loads((calibrated / "calibration.json").read_text("utf-8"))
    settings = ["points", "studies", "people", "seed", "over", "discrepancy", "model", "statistics"]
    assert list(held) == settings
    assert held["over"] == list(OVER)
    assert [len(each) for each in held["statistics"]] == [3] * len(NAMES)
    wave = json.loads((calibrated / EMULATORS).read_text("utf-8"))
    assert list(wave) == ["units", "emulators", "region"]
    assert list(wave["region"]) == ["units", "share", "smallest"]
    assert [list(each) for each in wave["emulators"]] == [["active", "theta"]] * len(NAMES)
    columns = [name + end for end in ("", " without Austria") for name in NAMES]
    assert list(pd.read_parquet(calibrated / STUDIES).columns)[: 1 + len(columns)] == ["point", *columns]


def test_a_wave_is_read_as_it_was_made(folder: Path) -> None:
    read = waves.calibrate_waves(folder, SETTINGS, 1, False).waves[0]
    (folder / EMULATORS).unlink()
    made = waves.calibrate_waves(folder, SETTINGS, 1, False).waves[0]
    assert (read.units == made.units).all()
    assert (read.region.units == made.region.units).all()
    assert (read.region.share, read.region.smallest) == (made.region.share, made.region.smallest)
    for one, other in zip(read.emulators, made.emulators, strict=True):
        assert one is not None
        assert other is not None
        assert (one.active == other.active).all()
        for each, wanted in zip(one.predict(TRUTH[None, :]), other.predict(TRUTH[None, :]), strict=True):
            assert each == pytest.approx(wanted, rel=1e-6)


def test_a_statistic_without_emulator_is_kept_as_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    run = waves.run_studies

    def without_the_last(*given: Any) -> Any:
        table = run(*given)
        table.values[:, -1] = np.nan
        return table

    monkeypatch.setattr(waves, "run_studies", without_the_last)
    waves.calibrate_waves(tmp_path, SETTINGS, 1, False)
    assert json.loads((tmp_path / EMULATORS).read_text("utf-8"))["emulators"][-1] is None
    assert waves.read_calibration(tmp_path).waves[0].emulators[-1] is None


@pytest.mark.parametrize("name", ["calibration.json", EMULATORS, STUDIES])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_file_that_was_cut_is_refused(folder: Path, name: str, share: float) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(share * len(content))])
    assert "not valid JSON" in (said := refusal(folder, name)) or "damaged" in said


SETTINGS_EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a text for a number": (
        lambda held: held.update(points="24"),
        "Expected `int`, got `str` - at `$.points`",
    ),
    "no points": (lambda held: held.update(points=0), ">= 1"),
    "a field is missing": (lambda held: held.pop("seed"), "required field `seed`"),
    "a field too many": (lambda held: held.update(wave=3), "unknown field `wave`"),
    "a number of a statistic is missing": (lambda held: held["statistics"][0].pop(), "$.statistics[0]"),
    "not a number": (lambda held: held["statistics"][0].__setitem__(1, np.nan), "not valid JSON"),
    "a list": (lambda held: held.update(people=[60]), "$.people"),
    "an unknown parameter": (lambda held: held.update(over=["policy.neeed"]), "did you mean 'policy.need'"),
}


@pytest.mark.parametrize("case", SETTINGS_EDITS)
def test_damaged_settings_are_refused(folder: Path, case: str) -> None:
    change, words = SETTINGS_EDITS[case]
    edit(folder / "calibration.json", change)
    assert words in refusal(folder, "calibration.json")


WAVE_EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a field is missing": (lambda wave: wave["region"].pop("share"), "required field `share`"),
    "a field too many": (lambda wave: wave["region"].update(cut=3), "unknown field `cut`"),
    "a text for a number": (lambda wave: wave["region"].update(share="half"), "$.region.share"),
    "a share above 1": (lambda wave: wave["region"].update(share=1.5), "<= 1.0"),
    "below 0": (lambda wave: wave["region"].update(smallest=-1), "$.region.smallest"),
    "not a number": (lambda wave: wave["units"][3].__setitem__(0, np.nan), "not valid JSON"),
    "infinite": (lambda wave: wave["region"].update(smallest=np.inf), "not valid JSON"),
    "outside the cube": (lambda wave: wave["units"][3].__setitem__(0, 1.1), "$.units[3][0]"),
    "a row is short": (lambda wave: wave["units"][3].pop(), "units[3] has 2 numbers, and 3 parameters"),
    "a point is missing": (
        lambda wave: wave["units"].pop(),
        "units has 23 points, and calibration.json says 24",
    ),
    "a row of the region is short": (lambda wave: wave["region"]["units"][0].pop(), "region.units[0] has 2"),
    "the region is short": (lambda wave: wave["region"].update(units=[[0.5] * 3]), "must have 24 or more"),
    "an emulator is missing": (lambda wave: wave["emulators"].pop(), "there are 4 fit statistics"),
    "an emulator is a list": (lambda wave: wave["emulators"].__setitem__(0, []), "$.emulators[0]"),
    "active out of range": (lambda wave: wave["emulators"][1].update(active=[0, 3]), "numbers from 0 to 2"),
    "active twice": (lambda wave: wave["emulators"][1].update(active=[1, 1]), "in rising order"),
    "nothing active": (lambda wave: wave["emulators"][1].update(active=[]), "emulators[1].active"),
    "half a column": (lambda wave: wave["emulators"][1].update(active=[0.5, 1]), "Expected `int`"),
    "theta is short": (lambda wave: wave["emulators"][2]["theta"].pop(), "emulators[2].theta must be"),
    "theta is large": (lambda wave: wave["emulators"][2]["theta"].__setitem__(0, 99), "in the ranges of"),
    "theta is a text": (lambda wave: wave["emulators"][2].update(theta="1"), "Expected `array`, got `str`"),
}


@pytest.mark.parametrize("case", WAVE_EDITS)
def test_a_damaged_wave_is_refused(folder: Path, case: str) -> None:
    change, words = WAVE_EDITS[case]
    edit(folder / EMULATORS, change)
    assert words in refusal(folder, EMULATORS)


TABLE_EDITS: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str, str]] = {
    "a column is missing": (
        lambda table: table.drop(columns="gap without Italy"),
        STUDIES,
        "gap without Italy",
    ),
    "texts": (lambda table: table.assign(level="high"), STUDIES, "columns it should"),
    "a point is not a number": (
        lambda table: table.assign(point=table["point"].where(table["point"] > 0)),
        STUDIES,
        "point must name each of the points 0 to 23",
    ),
    "a point is a fraction": (lambda table: table.assign(point=0.5), STUDIES, "columns it should"),
    "a point is lost": (lambda table: table[table["point"] != 5], STUDIES, "must name each of the points"),
    "a point too many": (lambda table: table.assign(point=table["point"] + 1), STUDIES, "and no other"),
    "a point below 0": (lambda table: table.assign(point=table["point"] - 1), STUDIES, "and no other"),
    "no rows": (lambda table: table.head(0), STUDIES, "point must name each"),
    "no values": (
        lambda table: table.assign(gap=np.nan),
        EMULATORS,
        "emulators[1] must be null",
    ),
}


@pytest.mark.parametrize("case", TABLE_EDITS)
def test_damaged_studies_are_refused(folder: Path, case: str) -> None:
    change, name, words = TABLE_EDITS[case]
    change(pd.read_parquet(folder / STUDIES)).to_parquet(folder / STUDIES, index=False)
    assert words in refusal(folder, name)


def test_studies_that_are_missing_are_no_unfinished_wave(folder: Path) -> None:
    (folder / STUDIES).unlink()
    assert "studies.parquet is missing" in refusal(folder, STUDIES)


def test_the_command_that_made_a_damaged_folder_refuses_it_too(folder: Path) -> None:
    edit(folder / EMULATORS, lambda wave: wave["units"].pop())
    with pytest.raises(UserError, match="units has 23 points"):
        waves.calibrate_waves(folder, SETTINGS, 1, False)
    (folder / "calibration.json").write_text("{}", "utf-8")
    with pytest.raises(UserError, match="required field `points`"):
        waves.calibrate_waves(folder, SETTINGS, 1, False)


def test_deleting_what_is_damaged_mends_a_folder(folder: Path, calibrated: Path) -> None:
    shutil.rmtree(folder / "wave_1")
    (folder / "calibration.json").unlink()
    waves.calibrate_waves(folder, SETTINGS, 1, False)
    for name in ("calibration.json", "wave_1/design.csv", STUDIES, EMULATORS):
        assert (folder / name).read_bytes() == (calibrated / name).read_bytes(), name


def test_a_wave_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert wave_files.read_wave(tmp_path, 1, 3, 24) is None
    with pytest.raises(FileNotFoundError):
        wave_files.read_settings(tmp_path)
