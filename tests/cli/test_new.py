"""`woc-sim new`: templates that can be used as they are, and also with every comment taken away."""

import re
import shlex
from pathlib import Path

import pytest

from woc_sim.cli.compose import compose_request
from woc_sim.cli.main import main
from woc_sim.cli.new import EXAMPLES, TEMPLATES, locality_text, rule_text
from woc_sim.records import yaml_text
from woc_sim.scenario.locality_file import locality_from
from woc_sim.scenario.own_rules import named_by_user, replaceable
from woc_sim.scenario.schema import COVARIATES


def test_a_locality_is_valid_as_it_is_and_with_every_line() -> None:
    text = locality_text()
    assert locality_from(yaml_text(text, "it", ""), "").name == "My town"
    full = re.sub(r"(?m)^# (\w+: [^ ]+ #)", r"\1", text)
    spec = locality_from(yaml_text(full, "it", ""), "")
    assert all(getattr(spec, name) is not None for name in COVARIATES)


@pytest.mark.parametrize("subject", replaceable())
def test_a_rule_says_what_it_may_ask_for(subject: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(rule_text(subject), "utf-8")
    rule = named_by_user(f"{path}:{replaceable()[subject].rule}", subject)
    assert all(f"\n  {name} " in rule.source for name in replaceable()[subject].arguments)
    assert max(map(len, rule.source.splitlines())) <= 110
    assert list(EXAMPLES) == list(replaceable())


@pytest.mark.parametrize("kind", TEMPLATES)
def test_files_are_written_once(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sub" / ("mine.py" if kind == "rule" else "mine.yaml")
    assert main(["new", kind, str(path)]) == 0
    assert path.read_text("utf-8") == TEMPLATES[kind]()
    assert "is written. Try: " in capsys.readouterr().out or kind in ("intervention", "sweep")
    path.write_text("mine", "utf-8")
    assert main(["new", kind, str(path)]) == 2
    assert "exists and is not overwritten" in capsys.readouterr().err
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["a b.py", "x,y.py", "it's.py", "k=v.py"])
def test_the_command_that_is_shown_can_be_typed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "rule", str(tmp_path / name)]) == 0
    typed = shlex.split(capsys.readouterr().out.partition("Try: ")[2])
    assert typed[:2] == ["woc-sim", "run"]
    (point,) = compose_request(typed[2:], multirun=False).points
    assert str(point.scenario.theories["contact"]).startswith("contact_effect@")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["loclity", "a.yaml"], "did you mean 'locality'?"),
        (["rule", "a.yaml"], "a.yaml does not end in .py"),
        (["locality"], "new takes one of locality, rule, intervention, sweep and a file"),
        (["rule", "a.py", "subject=rrp"], "theory.rrp takes no rule of one's own"),
        (["locality", "a.yaml", "subject=contact"], "only `woc-sim new rule` takes it"),
    ],
)
def test_mistakes(typed: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", *typed]) == 2
    assert said in capsys.readouterr().err
