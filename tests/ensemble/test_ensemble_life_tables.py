"""life_stories=N on the command line: files and figure, one worker or two, sweeps, folders with other life
stories.
"""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from woc_sim.cli.main import main
from woc_sim.cli.run import HELP
from woc_sim.ensemble.life_tables import COLUMNS

ASKED = ("case=[C21,C27]", "seed=12", "replicates=2", "people=150", "months=40", "shocks.asylum=5")
STORIES = ("life_stories.csv", "life_stories.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two localities, two replicates, twelve life stories of each."""
    out = tmp_path_factory.mktemp("lives") / "told"
    assert main(["run", *ASKED, "life_stories=12", f"out={out}"]) == 0
    return out


def test_the_table_has_all_places_and_replicates_and_twelve_lives_of_each(folder: Path) -> None:
    table = pd.read_csv(folder / "life_stories.csv", keep_default_na=False)
    assert list(table.columns) == list(COLUMNS)
    assert set(zip(table["case"], table["replicate"], strict=True)) == {
        (case, replicate) for case in ("C21", "C27") for replicate in (0, 1)
    }
    assert set(table["kind"]) == {"migrant", "resident", "organisation"}
    assert table["month"].str.fullmatch(r"201[2-5]-(0[1-9]|1[0-2])").all()
    assert (table[["name", "code", "text"]] != "").all(axis=None)
    for _, place in table.groupby(["case", "replicate"]):
        lives = place.drop_duplicates("id").groupby("kind").size()
        assert lives.sum() <= 12
        assert lives["migrant"] <= 6


def test_the_text_has_a_section_a_life_with_its_sentences_in_order(folder: Path) -> None:
    text = (folder / "life_stories.md").read_text("utf-8")
    table = pd.read_csv(folder / "life_stories.csv", keep_default_na=False)
    sections = re.split(r"^#### ", text, flags=re.MULTILINE)[1:]
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == [
        f"{case}, replicate {replicate}" for replicate in (0, 1) for case in ("C21", "C27")
    ]
    told = []
    for section in sections:
        heading, _, header, *_ = section.split("\n")
        assert re.search(r"\((migrant|resident|organisation)-\d+[-\d\w]*\)$", heading)
        assert header.endswith(".")
        months = re.findall(r"^- \*\*(\d{4}-\d{2})\*\* .+\.$", section, flags=re.MULTILINE)
        assert months == sorted(months)
        told += re.findall(r"^- \*\*\d{4}-\d{2}\*\* (.+)$", section, flags=re.MULTILINE)
        assert months or "No event up to the end of the run." in section
    assert told == table["text"].tolist()


def test_there_is_a_picture_and_the_manifest_and_help_name_the_lives(folder: Path) -> None:
    assert (folder / "figures" / "life_stories.png").stat().st_size > 10_000
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["life_stories"] == 12
    assert all(name in HELP for name in STORIES)


@pytest.mark.thorough
def test_two_workers_write_the_same_bytes_and_results_are_those_without(folder: Path, tmp_path: Path) -> None:
    two = tmp_path / "two"
    asked = ["run", *ASKED, "executor=processes", "workers=2", "life_stories=12", f"out={two}"]
    assert main(asked) == 0
    for name in STORIES:
        assert (two / name).read_bytes() == (folder / name).read_bytes()
    assert main(["run", *ASKED, f"out={tmp_path / 'none'}"]) == 0
    for name in ("monthly.parquet", "final.parquet"):
        assert (tmp_path / "none" / name).read_bytes() == (folder / name).read_bytes()
    assert not any((tmp_path / "none" / name).exists() for name in STORIES)
    with_lives, without = (
        json.loads((each / "manifest.json").read_text("utf-8")) for each in (folder, tmp_path / "none")
    )
    assert with_lives["run_ids"] == without["run_ids"]
    assert with_lives["scenario_hash"] == without["scenario_hash"]


def test_a_folder_with_other_lives_is_refused_and_one_with_them_is_enough(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["run", *ASKED, "life_stories=7", f"out={folder}"]) == 2
    assert "holds this run with 12 life stories; choose a new folder" in capsys.readouterr().err
    for lives in ("life_stories=12", "life_stories=0"):
        assert main(["run", *ASKED, lives, f"out={folder}"]) == 0
        assert "already holds this run" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path)
    for lives in ("life_stories=0", "life_stories=2"):
        assert main(["run", "people=60", "months=2", lives]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names[1] == f"{names[0]}-lives2"


def test_a_sweep_tells_lives_in_the_folder_of_each_job(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "run",
        "-m",
        "seed=1,2",
        "people=60",
        "months=30",
        "shocks.asylum=5",
        f"out={tmp_path / 'sweep'}",
    ]
    assert main([*asked, "life_stories=6"]) == 0
    texts = [(tmp_path / "sweep" / job / "life_stories.md").read_text("utf-8") for job in ("0", "1")]
    assert texts[0] != texts[1]
    assert all((tmp_path / "sweep" / job / "figures" / "life_stories.png").exists() for job in ("0", "1"))
    capsys.readouterr()
    assert main([*asked, "life_stories=9"]) == 2
    assert "holds this sweep with" in capsys.readouterr().err
