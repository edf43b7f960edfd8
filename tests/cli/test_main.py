"""The dispatcher: quick help, exit codes, and what is imported for what."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from woc_sim import __version__
from woc_sim.cli import listing
from woc_sim.cli.main import COMMANDS, main

HEAVY = ("numpy", "numba", "hydra", "mesa", "pandas", "matplotlib", "rich", "yaml", "pyarrow", "SALib")


def loaded_by(code: str) -> set[str]:
    shown = f"import sys; {code}; print(' '.join(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name} " in printed for name in COMMANDS)
    assert "warm" not in printed


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: woc-sim {command}")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"woc-sim {__version__}\n"


def test_help_and_list_import_nothing_heavy() -> None:
    assert loaded_by("from woc_sim.cli.main import main; main(['--help'])") == set()
    assert loaded_by("import woc_sim; woc_sim.UserError") == set()
    assert not loaded_by("from woc_sim.cli.main import main; main(['list', 'cases'])") & (
        set(HEAVY) - {"yaml"}
    )


@pytest.mark.parametrize(("arguments", "limit"), [(["--help"], 0.5), (["list", "cases"], 1.0)])
def test_start_is_quick(arguments: list[str], limit: float) -> None:
    """The best of five processor times, because the machine may be busy with other things."""
    code = (
        "import os, sys; from woc_sim.cli.main import main; main(sys.argv[1:]);"
        "print(sum(os.times()[:2]), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    best = min(
        float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr)
        for _ in range(5)
    )
    assert best < limit


def test_an_interruption_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Sequence[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(listing, "main", interrupted)
    assert main(["list", "cases"]) == 130
    printed = capsys.readouterr().err
    assert "interrupted" in printed
    assert printed.count("\n") == 1


def test_a_bug_exits_70_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Sequence[str]) -> int:
        raise LookupError("of ours")

    monkeypatch.setattr(listing, "main", broken)
    assert main(["list", "cases"]) == 70
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert "LookupError: of ours" in printed


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m woc_sim.cli.main list findings | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
