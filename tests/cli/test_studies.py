"""`validate`, `sensitivity` and `warm` as commands: what they pass on, print and write. Their results are
tested with the analysis.
"""

import json
import math
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from woc_sim.analysis import sensitivity as screening
from woc_sim.analysis import validate as judging
from woc_sim.analysis.scoreboard import ScoreboardRow
from woc_sim.cli.main import main
from woc_sim.cli.validate import requested, scoreboard
from woc_sim.errors import UserError
from woc_sim.figures import report
from woc_sim.scenario.schema import PROCESSES, Scenario


def row(name: str, model: float, statement: str = "Something holds.") -> ScoreboardRow:
    """A judged finding with the given printed fields; the others are empty."""
    empty: dict[str, Any] = {"str": "", "float": math.nan, "int": 0, "bool": False}
    rest = {field.name: empty[str(field.type)] for field in fields(ScoreboardRow)}
    verdict = "reproduced" if model > 0.7 else "not reproduced"
    given = {"id": name, "role": "held_out", "statement": statement, "verdict": verdict, "pass_model": model}
    return ScoreboardRow(**(rest | given))


def test_validate_hands_on_its_settings_and_leaves_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: dict[str, Any] = {}
    found = judging.Validation([row("S12", 0.1), row("S35", 0.9)], None, {"simulating": 1.5}, "countries")

    def validate(out: Path, settings: judging.ValidationSettings) -> judging.Validation:
        called.update(settings=settings, out=out)
        return found

    monkeypatch.setattr(judging, "validate", validate)
    monkeypatch.setattr(report, "write_report", lambda folder: folder / "report.html")
    monkeypatch.setenv("COLUMNS", "150")
    out = tmp_path / "v"
    typed = ["validate", "replicates=2", "people=300", "workers=1", f"out={out}", "--knockouts"]
    assert main([*typed, "theory/contact=none", "parameters.policy.load=0.3", "seed=4"]) == 0
    base = Scenario((), people=300, seed=4)
    base = replace(
        base,
        theories={**base.theories, "contact": "none"},
        parameters={**base.parameters, "policy.load": 0.3},
    )
    settings = judging.ValidationSettings(studies=2, base=base, workers=1, knockouts=True)
    assert called == {"out": out, "settings": settings}
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("S35   held_out      reproduced")
    assert lines[2].startswith("S12   held_out      not reproduced")
    summary = found.summary.splitlines()
    assert lines[3 : 3 + len(summary)] == summary
    assert lines[3 + len(summary)].startswith(f"report: {out}/report.html")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "validate"
    assert manifest["status"] == "finished"
    assert manifest["timings"] == {"simulating": 1.5}
    assert manifest["command"].startswith("woc-sim validate replicates=2")


def test_the_scenario_of_a_validation_is_that_of_run_with_fewer_people() -> None:
    default = judging.ValidationSettings()
    assert requested([]) == (default.base, {}, set())
    assert requested(["people=null"])[0] == default.base
    assert requested(["scale=0.05"])[0].scale == 0.05
    assert requested(["schedule.drop=[ties]"])[0].schedule == tuple(
        name for name in PROCESSES if name != "ties"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("case=C21", "the study sets the localities"),
        ("locality.size=rural", "the study sets the localities"),
        ("executive=mixed", "the study sets the localities"),
        ("seed=1,2", "has several values; a validation takes one"),
        ("executor=dask", "has no effect in validate"),
        ("parameters.policy.laod=1", "did you mean"),
        ("theory/contact=nobody", "theory/contact is 'nobody'"),
        ("replcates=3", "does not exist"),
    ],
)
def test_what_a_validation_does_not_take_is_refused(typed: str, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        requested([typed])


def test_the_printed_scoreboard_fits_and_is_ordered() -> None:
    rows = [row("S01", 0.2, "word " * 60), row("S02", math.nan), row("S03", 1.0)]
    lines = scoreboard(rows, 100).splitlines()
    assert [line[:3] for line in lines[1:]] == ["S03", "S01", "S02"]
    assert all(len(line) <= 100 for line in lines)
    assert lines[2].endswith("...")
    assert " - " in lines[3]


def test_validate_leaves_other_folders_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    assert main(["validate", f"out={tmp_path}"]) == 2
    assert "holds other files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_sensitivity_hands_on_its_settings_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: dict[str, Any] = {}

    def sensitivity(out: Path, **settings: Any) -> pd.DataFrame:
        called.update(settings, out=out)
        found = pd.DataFrame(
            {
                "outcome": ["mipex_total"] * 2,
                "parameter": ["policy.a", "policy.b"],
                "mu_star": [3.0, 1.0],
                "mu": [3.0, -1.0],
                "sigma": [1.0, 0.5],
                "mu_star_conf": [0.5, 0.2],
                "unit": ["0-100"] * 2,
                "trajectories": [4, 4],
            }
        )
        found.to_csv(out / "sensitivity.csv", index=False)
        return found

    monkeypatch.setattr(screening, "sensitivity", sensitivity)
    out = tmp_path / "s"
    assert main(["sensitivity", "trajectories=4", "only=policy,covariates", "workers=1", f"out={out}"]) == 0
    assert called == {"out": out, "trajectories": 4, "only": ("policy", "covariates"), "workers": 1}
    printed = capsys.readouterr().out
    assert "mipex_total (0-100): policy.a 3, policy.b 1\n" in printed
    assert "sensitivity.csv" in printed
    assert list((out / "figures").glob("*.png"))


def test_warm_lives_a_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["warm", "--help"]) == 0
    assert main(["warm"]) == 0
    assert capsys.readouterr().out.startswith("usage: woc-sim warm")
