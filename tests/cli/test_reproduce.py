"""`woc-sim reproduce`: the experiments give the committed numbers; a changed experiment does not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from woc_sim.analysis.expected import compare_with_expected, read_experiment
from woc_sim.cli import reproduce
from woc_sim.cli.main import main
from woc_sim.ensemble.differences import Provenance
from woc_sim.errors import UserError
from woc_sim.evidence.catalogue import findings, targets

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
NAMES = sorted(path.name for path in EXPERIMENTS.iterdir() if path.is_dir())


@pytest.mark.portable
@pytest.mark.parametrize("name", NAMES)
def test_the_quick_version_is_identical(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reproduce", name, "--quick", "workers=1", f"out={tmp_path / 'r'}"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "IDENTICAL"


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_asks_and_holds_both_expectations(name: str) -> None:
    experiment = read_experiment(EXPERIMENTS / name)
    known = {each.id for each in (*findings(), *targets())}
    assert set(experiment.findings) <= known
    title = (EXPERIMENTS / name / "README.md").read_text("utf-8").partition("\n")[0]
    assert title.startswith("# ")
    assert title.endswith(f"({name})")
    kept = [f"{stem}_{version}" for version in ("full", "quick") for stem in ("expected", "trail")]
    for file in ("expected.json", "factors.png", *kept):
        place = next((EXPERIMENTS / name).glob(f"{file}*"))
        assert place.stat().st_size > 0


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate checkout with one experiment."""
    folder = tmp_path / "checkout" / "experiments" / "e06_shocks"
    shutil.copytree(EXPERIMENTS / "e06_shocks", folder)
    monkeypatch.setattr(reproduce, "ROOT", tmp_path / "checkout")
    return folder


@pytest.mark.thorough
def test_a_changed_parameter_is_different_until_it_is_accepted(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description = copied / "experiment.yaml"
    description.write_text(
        description.read_text().replace("design:\n", "design:\n  - parameters.ties.friend=60\n")
    )
    asked = ["reproduce", "e06_shocks", "--quick", "workers=1", f"out={tmp_path / 'r'}"]
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert "\nDIFFERENT\n" in said
    assert re.search(r"  \d+ of \d+ runs differ, in \d of \d readings\n", said)
    assert re.search(r"  \w+: \d+ rows?, at most [-0-9.e]+ -> [-0-9.e]+", said)
    assert re.search(
        r"course of \d+ of \d+ differs, first from 20\d\d-\d\d on, in run [\w-]+ \(.*\), .* in \w+", said
    )
    assert "settings changed: +parameters.ties.friend=60" in said
    table = pd.read_csv(tmp_path / "r" / "differences.csv")
    assert set(table["reading"]) <= set(read_experiment(copied).readings)
    assert (table["absolute"] == table["found"] - table["expected"]).all()
    assert (tmp_path / "r" / "figures" / "differences.png").stat().st_size > 5_000
    assert main([*asked, "--accept"]) == 0
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "IDENTICAL"
    # what was accepted records what it was made from, so that the next change is named
    description.write_text(description.read_text().replace("friend=60", "friend=70"))
    held = json.loads((copied / "expected.json").read_text())
    held["quick"]["versions"]["numpy"] = "1.0"
    (copied / "expected.json").write_text(json.dumps(held))
    assert main(asked) == 1
    said = capsys.readouterr().out
    assert "settings changed: -parameters.ties.friend=60, +parameters.ties.friend=70" in said
    assert "versions changed: numpy 1.0 -> " in said
    assert "inputs changed" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["e06_shoks"], "e06_shocks"),
        ([], "takes the name of one experiment"),
        (["e06_shocks", "seed=3"], "would change the experiment"),
        (["e06_shocks", "--fast"], "--fast is not a flag"),
    ],
)
def test_mistakes(arguments: list[str], said: str, copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error


def test_an_experiment_without_expectation_says_how_to_make_one(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied / "expected.json").unlink()
    assert main(["reproduce", "e06_shocks", "--quick", "workers=1", f"out={tmp_path / 'r'}"]) == 2
    assert "--accept` makes one" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("expected.json", b"", "is not valid JSON"),
        ("expected.json", b'{"quick": ' * 100_000, "is not valid JSON|does not have"),
        ("expected.json", b"[]", "does not have the expected form"),
        (
            "expected.json",
            b'{"quick": {"table_hash": 1, "model_hash": "", "runs": 1}}',
            "does not have the expected form",
        ),
        ("expected.json", b'{"quick": {"model_hash": ""}}', "table_hash"),
        ("expected_quick.csv", b"", "is no table"),
        ("expected_quick.csv", b"\xff\xfe\x00", "is no table"),
        ("expected_quick.csv", b"run_id,replicate\n1,2\n", "lacks the column case"),
        ("trail_quick.parquet", b"PAR1", "is damaged"),
        ("trail_quick.parquet", None, "does not hold the columns"),
    ],
)
def test_a_damaged_expectation_is_one_sentence(
    file: str, content: bytes | None, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "e06_shocks"
    shutil.copytree(EXPERIMENTS / "e06_shocks", folder)
    if content is None:
        pd.DataFrame({"run_id": ["a"], "months": [1.5]}).to_parquet(folder / file)
    else:
        (folder / file).write_bytes(content)
    nothing = pd.DataFrame()
    with pytest.raises(UserError, match=said) as refused:
        compare_with_expected(read_experiment(folder), True, nothing, nothing, "", Provenance())
    assert len(refused.value.sentence) <= 300
    assert "--accept` makes a new one" in refused.value.sentence


def test_numbers_that_are_text_are_no_expectation(tmp_path: Path) -> None:
    folder = tmp_path / "e06_shocks"
    shutil.copytree(EXPERIMENTS / "e06_shocks", folder)
    table = pd.read_csv(folder / "expected_quick.csv", dtype=str)
    table.loc[0, read_experiment(folder).readings[0]] = "many"
    table.to_csv(folder / "expected_quick.csv", index=False)
    with pytest.raises(UserError, match="other things than numbers"):
        compare_with_expected(read_experiment(folder), True, pd.DataFrame(), pd.DataFrame(), "", Provenance())


def test_an_unpacked_source_archive_will_do(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reproduce, "ROOT", tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    assert main(["reproduce", "none"]) == 2
    assert "no folder experiments" in capsys.readouterr().err
    monkeypatch.chdir(copied.parents[1])
    assert main(["reproduce", "none"]) == 2
    assert "there are e06_shocks" in capsys.readouterr().err
