"""The program accepts every command that pages, configuration files and help texts document."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from woc_sim.analysis.factors import factors
from woc_sim.analysis.sensitivity import check_settings
from woc_sim.cli import (
    CONF,
    benchmark,
    calibrate,
    compare,
    explore,
    listing,
    new,
    obstacles,
    overrides,
    repeat,
    sensitivity,
    settings,
    showing,
    sweep,
    theories,
    validate,
    why,
)
from woc_sim.cli.compose import compose_request
from woc_sim.cli.config_dir import take_config_dir
from woc_sim.cli.main import COMMANDS, UNLISTED_COMMANDS, main
from woc_sim.cli.startup import CONFIG_DIR_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    **{name: ROOT / name for name in ("README.md", "CONTRIBUTING.md", "experiments/README.md")},
    "conf/config.yaml": CONF / "config.yaml",
    **{page.relative_to(ROOT).as_posix(): page for page in sorted((ROOT / "docs").rglob("*.md"))},
}
PLACEHOLDERS = {"DIR": "out/some", "NAME": "e02_affiliation_by_size", "N": "4", "S": "5"}
OWN = (benchmark, calibrate, compare, explore, obstacles, repeat, sensitivity, sweep, theories, validate, why)
FILES = {
    "mine.yaml": "name: Hillford\nframework: AT\nsize: rural\nexecutive: mixed\n",
    "points.csv": "case,locality.rrp_share\nC21,0.1\nC02,0.2\n",
    "posterior.csv": "set,weight,policy.load\n1,1,0.1\n",
    "my_rules.py": new.rule_text(),
    **{
        f"{folder}/{name}": text
        for folder in ("town", PLACEHOLDERS["DIR"])
        for name, text in (
            ("locality/mytown.yaml", new.locality_text()),
            ("intervention/plan.yaml", new.intervention_text()),
        )
    },
}


def helps() -> Iterator[tuple[str, str]]:
    """The help text of each command."""
    for name in (*COMMANDS, *UNLISTED_COMMANDS):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            assert main([name, "--help"]) == 0
        yield name, printed.getvalue()


def commands(text: str) -> Iterator[str]:
    """Lines that begin with the program, and texts in backticks, without descriptions after them."""
    for line in re.findall(r"^(?:#?  +|)(?:\.venv/bin/)?woc-sim ([a-z].*)$", text, re.MULTILINE):
        yield re.split(r"\s{2,}|\s# ", line)[0]
    for span in re.findall(r"`(?:\.venv/bin/)?woc-sim\s+([a-z][^`]*)`", text):
        yield " ".join(span.split())


def documented() -> list[tuple[str, str]]:
    texts = [(name, page.read_text("utf-8")) for name, page in PAGES.items()]
    texts += [(f"{name} --help", text) for name, text in helps()]
    return [(source, found) for source, text in texts for found in dict.fromkeys(commands(text))]


def filled(command: str) -> list[list[str]]:
    """The words of a command with placeholders replaced; one command for each alternative a|b."""
    words = [each for each in shlex.split(command) if each not in ("...", "[--csv]")]
    found: list[list[str]] = [[]]
    for word in words:
        key, equals, value = word.partition("=")
        options = [f"{key}={PLACEHOLDERS.get(value, value)}"] if equals else word.split("|")
        found = [[*line, PLACEHOLDERS.get(each, each)] for line in found for each in options]
    return found


def check(name: str, typed: list[str]) -> None:
    """Parse a command as the program does, and stop before anything runs."""
    modules: dict[str, Any] = {each.__name__.rpartition(".")[2]: each for each in OWN}
    if name == "run" and repeat.is_repeat(typed):
        settings.read_settings(typed, repeat.READERS, (repeat.CHECK,))
    elif name == "run":
        asked = [each for each in typed if each not in ("-m", "--multirun")]
        if showing.is_question(asked):
            asked = [each for each in asked if each not in ("--cfg", "job", "--resolve", "--info")]
        compose_request(asked, multirun=len(asked) < len(typed))
    elif name == "sweep":
        own = [each for each in typed if each.partition("=")[0] in sweep.READERS]
        given, _ = settings.read_settings(own, sweep.READERS)
        sweep.requested_design([each for each in typed if each not in own], given)
    elif name == "sensitivity":
        check_settings(sensitivity.requested(typed)[1])
    elif name in ("compare", "why"):
        for each in typed[:2]:
            if "=" in each:
                compare.scenario_of(each, name)
        settings.read_settings(typed[2:], modules[name].READERS)
    elif name == "list":
        assert not typed or typed[0] in listing.TABLES
    elif name == "calibrate":
        settings.read_settings(typed[1:], calibrate.STEPS[typed[0]])
    elif name == "validate":
        validate.requested(typed)
    elif name == "explore":
        explore.requested(typed)
    elif name in modules:
        settings.read_settings(typed, modules[name].READERS)
    elif name == "reproduce":
        assert (ROOT / "experiments" / typed[0] / "experiment.yaml").exists()
    elif name == "new" and len(typed) == 1:  # a kind that a text speaks of
        assert typed[0] in new.TEMPLATES
    elif name == "new":
        Path("empty").mkdir()
        with contextlib.chdir("empty"):
            assert main(["new", *typed]) == 0
    else:
        assert name in {**COMMANDS, **UNLISTED_COMMANDS}
        assert len(typed) <= (2 if name in ("query", "export") else 1)


@pytest.mark.parametrize(("source", "command"), documented())
def test_a_documented_command_is_taken(
    source: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(CONFIG_DIR_VARIABLE, "")
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    for name, *typed in filled(command):
        check(name, take_config_dir(typed))


def test_commands_are_found_in_all_kinds_of_places() -> None:
    found = documented()
    assert len(found) > 50
    sources = {source for source, _ in found}
    assert {
        "README.md",
        "docs/sweeps.md",
        "conf/config.yaml",
        "run --help",
        "sweep --help",
    } <= sources
    assert list(
        commands('  woc-sim run -m a=1 "b c"    words\nand `.venv/bin/woc-sim\nlist cases` more')
    ) == [
        'run -m a=1 "b c"',
        "list cases",
    ]


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """key=value in backticks, except arguments of Python functions."""
    for span in re.findall(r"`([^`\n]+)`", text):
        words = span.split()
        if all(re.fullmatch(r"[a-z][\w./]*=\S*", word) for word in words):
            for word in words:
                key, _, value = word.partition("=")
                if value not in ("True", "False") and not value.startswith("("):
                    yield key, value


@pytest.mark.parametrize("page", [name for name in PAGES if name.endswith(".md")])
def test_settings_in_pages_exist(page: str) -> None:
    known = {*overrides.keys(), *overrides.groups(), *(key for each in OWN for key in each.READERS)}
    known |= {"seed", "to", "from", "hydra/launcher", "theory/SUBJECT"}
    for key, value in pairs(PAGES[page].read_text("utf-8")):
        assert key in known, f"{key}={value}"
        if key == "over" and value.islower():
            assert len(factors(value.split(","))) > len(factors(()))
