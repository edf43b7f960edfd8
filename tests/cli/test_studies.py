"""`validate`, `sensitivity` and `warm` as commands: what they pass on, print and write. Their results are
tested with the analysis.
"""

import json
import math
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis import sensitivity as screening
from woc_sim.analysis import theories as rival
from woc_sim.analysis import validate as judging
from woc_sim.analysis.inference.parameters import CALIBRATED
from woc_sim.analysis.rival_theories import NO_SETS
from woc_sim.analysis.salib_methods import METHODS
from woc_sim.analysis.scoreboard import ScoreboardRow
from woc_sim.cli import sensitivity as sensitivity_command
from woc_sim.cli.main import main
from woc_sim.cli.validate import requested, scoreboard
from woc_sim.ensemble.sampling import points_of_problem
from woc_sim.errors import UserError
from woc_sim.figures import report
from woc_sim.scenario.parse import parse
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
    assert main(typed) == 0
    sets = called["settings"].sets
    assert set(sets.names) == set(CALIBRATED), "studies have the plausible sets of the package"
    capsys.readouterr()
    typed.append("parameters=default")
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
    found = replace(found, own="your locality: policy index 31 (22 to 40), higher than 18 of the 40 cases")
    assert main([*typed, "size=rural"]) == 0
    assert called["settings"].own.size == "rural"
    assert f"\n{found.own}\nreport: " in capsys.readouterr().out
    assert main(typed) == 0
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
        ("experiment=first_look", "the study sets the localities"),
        ("sweep=rrp_gradient", "one of your own is described by locality.file="),
        ("locality.file=nowhere.yaml", "there is no such file"),
        ("size=rural,small", "has several values; a validation takes one"),
        ("size=tiny", "size is 'tiny'"),
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


def test_a_locality_of_ones_own_is_what_run_would_make_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("name: Hillford\nframework: AT\nsize: rural\nexecutive: mixed\n")
    for typed, settings in (
        (["locality.file=mine.yaml"], {"locality.file": "mine.yaml"}),
        (["size=rural", "executive=mixed"], {"size": "rural", "executive": "mixed"}),
        (
            ["locality=left_behind", "locality.rrp_share=0.2"],
            {"locality.type": "left_behind", "locality.rrp_share": 0.2},
        ),
    ):
        base, given, _ = requested([*typed, "seed=3"])
        assert given == {"own": parse(settings)[0].localities[0]}
        assert base == Scenario((), people=judging.PEOPLE, seed=3)
    assert requested(["locality.size=null"])[1] == {}
    with pytest.raises(UserError, match=r"intervention\.links\.where has no effect in validate"):
        requested(["locality.file=mine.yaml", "intervention=links", "intervention.links.where=[Hillford]"])


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


def small_analysis(settings: screening.SensitivitySettings) -> screening.Sensitivity:
    """An analysis of a linear outcome that needs no runs."""
    problem, outcomes = screening.check_settings(settings)
    method = METHODS[settings.method]
    points = points_of_problem(method.design, problem, screening.samples_of(settings), 1)
    low, high = np.array(problem["bounds"]).T
    moved = ((points - low) / (high - low)) @ np.arange(len(low), 0.0, -1.0)
    values = pd.DataFrame({each.name: moved for each in outcomes})
    return screening.analysed(method, problem, points, values, outcomes, 1)


def test_sensitivity_hands_on_its_settings_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[screening.SensitivitySettings] = []

    def sensitivity(out: Path, settings: screening.SensitivitySettings) -> screening.Sensitivity:
        called.append(settings)
        return small_analysis(settings)

    monkeypatch.setattr(screening, "sensitivity", sensitivity)
    out = tmp_path / "s"
    typed = ["samples=4", "over=policy.steep,policy.cost", "workers=1", "case=C21", "theory/threat=stock"]
    assert main(["sensitivity", "outcomes=mipex_total,ties_mean", f"out={out}", *typed]) == 0
    (settings,) = called
    assert settings.samples == 4
    assert settings.over == ("policy.steep", "policy.cost")
    assert settings.base is not None
    assert [place.case for place in settings.base.localities] == ["C21"]
    assert settings.base.theories["threat"] == "stock"
    printed = capsys.readouterr().out
    assert "mipex_total: moved most by policy.cost 4 ±" in printed
    assert "sensitivity.csv" in printed
    names = {path.name for path in (out / "figures").glob("*.png")}
    assert names == {"sensitivity.png", "sensitivity_map.png", "convergence.png"}
    assert json.loads((out / "manifest.json").read_text("utf-8"))["status"] == "finished"


def test_a_theory_alone_leaves_the_place_to_the_analysis() -> None:
    _, settings, studies = sensitivity_command.requested(["theory/threat=stock", "months=24", "workers=1"])
    assert settings.base is not None
    assert settings.base.localities == ()
    assert settings.base.months == 24
    assert screening.base_scenario(settings).localities[0].case == "median"
    assert studies == 24
    _, settings, studies = sensitivity_command.requested(["outcomes=table8", "studies=5", "people=60"])
    assert (settings.base, settings.people, studies) == (None, 60, 5)


def test_a_held_out_finding_is_not_looked_at_unnoticed() -> None:
    outcomes = pd.DataFrame({"outcome": ["S66", "S12"], "role": ["fit", "held_out"]})
    (line,) = sensitivity_command.held_out_note(outcomes)
    assert line.startswith("held out: S12; if anything in the model is changed because of this")
    assert sensitivity_command.held_out_note(outcomes.head(1)) == []


def test_theories_hands_on_its_settings_and_says_one_sentence_for_each_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: dict[str, Any] = {}
    numbers = {f"{name}{end}": 1.0 for name in ("fit", "crps") for end in ("", "_low", "_high")}
    pair = {"subject": "contact", "first": "moderated", "second": "none", "verdict": rival.CANNOT_TELL}
    ranking = [
        {"subject": "contact", "theory": name, "default": name == "moderated", **numbers}
        for name in ("moderated", "none")
    ]

    def theories(out: Path, **settings: Any) -> rival.Theories:
        called.update(settings, out=out)
        seen = pd.DataFrame(columns=rival.OBSERVATION_COLUMNS)
        return rival.Theories(pd.DataFrame(ranking), pd.DataFrame([pair | numbers]), seen, "", pd.DataFrame())

    monkeypatch.setattr(rival, "theories", theories)
    out = tmp_path / "t"
    assert main(["theories", "subjects=contact", "studies=3", "workers=1", f"out={out}"]) == 0
    expected = {"out": out, "subjects": ("contact",), "studies": 3, "workers": 1, "sets": NO_SETS, "own": {}}
    assert called == expected
    printed = capsys.readouterr().out
    assert "contact, none less moderated: the evidence cannot tell them apart; fit +1.00" in printed
    assert len(list((out / "figures").glob("*.png"))) == 2


@pytest.mark.parametrize(
    ("typed", "simulate", "draw"),
    [
        (
            ["sensitivity", "samples=4", "over=policy.steep"],
            "sensitivity.sensitivity",
            "sensitivity_pictures",
        ),
        (["theories", "subjects=contact", "studies=2"], "theories.theories", "theories"),
        (["obstacles", "replicates=2"], "obstacles.obstacles", "obstacles"),
    ],
)
def test_a_command_is_not_finished_before_its_pictures(
    typed: list[str], simulate: str, draw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise UserError("the disk is full")

    monkeypatch.setattr(
        f"woc_sim.analysis.{simulate}",
        lambda out, settings=None, **_: None if settings is None else small_analysis(settings),
    )
    monkeypatch.setattr(f"woc_sim.figures.{typed[0]}.{draw}", refused)
    assert main([*typed, "workers=1", f"out={tmp_path}"]) == 2
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))["status"] == "started"


def test_warm_lives_a_world(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["warm", "--help"]) == 0
    assert main(["warm"]) == 0
    assert capsys.readouterr().out.startswith("usage: woc-sim warm")
