"""Completion in bash: the words that may follow, and the script in a real bash."""

import shutil
import subprocess
from pathlib import Path

import pytest

from woc_sim.cli.completion import SCRIPT, words_after
from woc_sim.cli.main import COMMANDS, main


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("woc-sim ", {"run", "sweep", "new", "help"}),
        ("woc-sim help va", {"validate"}),
        ("woc-sim list the", {"theories"}),
        ("woc-sim new l", {"locality"}),
        ("woc-sim run theory/con", {"theory/contact="}),
        ("woc-sim run theory/contact=un", {"unmoderated"}),
        ("woc-sim run seed=2 case=C2", {"C21", "C29"}),
        ("woc-sim run case=C21,C22,C4", {"C21,C22,C49"}),
        ("woc-sim sweep locality.rr", {"locality.rrp_share="}),
        ("woc-sim run parameters.att", {"parameters.attitudes.", "parameters.attention."}),
        ("woc-sim run --conf", {"--config-dir"}),
    ],
)
def test_words_that_may_follow(line: str, some: set[str]) -> None:
    assert some <= set(words_after(line))


def test_no_word_where_none_fits() -> None:
    assert words_after("woc-sim run cose=") == []
    assert words_after("woc-sim zzz") == []


def test_the_script_completes_in_bash(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    program = tmp_path / "woc-sim"
    program.write_text('#!/bin/sh\necho "$COMP_LINE" >&2\nprintf "moderated\\nunmoderated\\n"\n', "utf-8")
    program.chmod(0o755)
    typed = f"COMP_WORDS=({program} run theory/contact=) COMP_CWORD=2 COMP_POINT=27"
    typed += " COMP_LINE='woc-sim run theory/contact='"
    done = subprocess.run(
        [bash, "--norc", "-c", f"{SCRIPT}\n{typed}; _woc_sim; echo ${{COMPREPLY[*]}}; complete -p"],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert done.stdout.splitlines()[0] == "moderated unmoderated"
    assert "-F _woc_sim woc-sim" in done.stdout


def test_the_command_prints_script_and_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["-sc", "install=bash"]) == 0
    assert capsys.readouterr().out == SCRIPT
    monkeypatch.setenv("COMP_LINE", "woc-sim ru and more")
    monkeypatch.setenv("COMP_POINT", "10")
    assert main(["--shell-completion", "query=bash"]) == 0
    assert capsys.readouterr().out == "run\n"
    assert main(["-sc", "install=fish"]) == 2
    assert "other shells than bash are not served" in capsys.readouterr().err
    assert "run" in COMMANDS
