"""`woc-sim reproduce`: the committed experiments give the committed numbers, and a changed one does not."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from woc_sim.analysis.expected import read
from woc_sim.cli import reproduce
from woc_sim.cli.main import main
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
    experiment = read(EXPERIMENTS / name)
    known = {each.id for each in (*findings(), *targets())}
    assert set(experiment.findings) <= known
    assert (EXPERIMENTS / name / "README.md").read_text().startswith(f"# {name}")
    kept = [f"{stem}_{version}" for version in ("full", "quick") for stem in ("expected", "trail")]
    for file in ("expected.json", "factors.png", *kept):
        place = next((EXPERIMENTS / name).glob(f"{file}*"))
        assert place.stat().st_size > 0


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own with one experiment."""
    folder = tmp_path / "checkout" / "experiments" / "e06_shocks"
    shutil.copytree(EXPERIMENTS / "e06_shocks", folder)
    monkeypatch.setattr(reproduce, "ROOT", tmp_path / "checkout")
    return folder


def test_a_changed_parameter_is_different_until_it_is_accepted(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    description = copied / "experiment.yaml"
    description.write_text(
        description.read_text().replace("design:\n", "design:\n  - parameters.ties.friend=60\n")
    )
    asked = ["reproduce", "e06_shocks", "--quick", "workers=1", f"out={tmp_path / 'r'}"]
    assert main(asked) == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("DIFFERENT: run ")
    assert re.search(r"expected [-0-9.e]+; its course differs from 20\d\d-\d\d on, in \w+", said)
    assert main([*asked, "--accept"]) == 0
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "IDENTICAL"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["e06_shoks"], "e06_shocks"),
        ([], "takes the name of one experiment"),
        (["e06_shocks", "seed=3"], "would change the experiment"),
        (["e06_shocks", "--fast"], "--fast is no flag"),
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
