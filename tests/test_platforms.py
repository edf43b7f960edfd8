"""Systems other than Linux: what the sources may not use, and runs without the functions of POSIX."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

import woc_sim

ROOT = Path(__file__).parent.parent
PACKAGE = Path(woc_sim.__file__).parent
STAND_IN = Path(__file__).parent / "stand_in_for_windows.py"
SMALL = ("case=C21", "people=60", "months=12")

POSIX_MODULES = {
    *(
        "fcntl",
        "resource",
        "pwd",
        "grp",
        "spwd",
        "crypt",
        "nis",
        "termios",
        "tty",
        "pty",
        "syslog",
        "readline",
    ),
    *("curses", "posix", "posixpath", "posixshmem"),
}
TEXT_METHODS = {"open", "read_text", "write_text"}
LINE_END_METHODS = {"write_text": "newline", "to_csv": "lineterminator"}


def imported(node: ast.AST) -> list[str]:
    """Top-level names of the modules that a statement imports."""
    match node:
        case ast.Import(names=names):
            return [alias.name.split(".")[0] for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module.split(".")[0]]
    return []


def called(node: ast.Call) -> str:
    """The last word of the name of the called function."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def text_offence(node: ast.Call) -> str | None:
    """Text whose encoding or line ends would be those of the system, or None."""
    name, given = called(node), {keyword.arg for keyword in node.keywords}
    if isinstance(node.func, ast.Name) and name in LINE_END_METHODS:
        return None  # `write_text` of woc_sim.files, which says both
    words = [
        each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    if {"text", "universal_newlines"} & given and "encoding" not in given:
        return f"{name}(text=...) without encoding"
    mode = next((each for each in words if set(each) <= set("rwxabt+")), "r")
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if isinstance(owner, ast.Name) and owner.id in ("os", "archive") and name == "open":
        return None  # a descriptor, or an entry of an archive
    encoded = "encoding" in given or any(each.startswith(("utf", "ascii")) for each in words)
    if name in TEXT_METHODS and "b" not in mode and not encoded:
        return f"{name}() without encoding"
    needed = LINE_END_METHODS.get(name)
    if needed is not None and needed not in given:
        return f"{name}() without {needed}"
    return None


def offences(source: str, name: str) -> list[str]:
    """What is not there, or not the same, on every system, as 'file:line: what'."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        found += [f"{name}:{line}: {module}" for module in imported(node) if module in POSIX_MODULES]
        if isinstance(node, ast.Call) and (what := text_offence(node)) is not None:
            found.append(f"{name}:{line}: {what}")
    return found


def test_the_sources_need_no_system_of_their_own() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        found += offences(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import fcntl",
        "import os, resource",
        "from pwd import getpwuid",
        "def f():\n    import termios",
        "open(path)",
        "path.open('w')",
        "path.read_text()",
        "path.write_text(text, newline='')",
        "path.write_text(text, encoding='utf-8')",
        "table.to_csv(path, index=False)",
        "run(command, text=True)",
    ],
)
def test_a_planted_offence_is_caught(line: str) -> None:
    assert offences(f"{line}\n", "planted.py")


@pytest.mark.parametrize(
    "line",
    [
        "import os",
        "open(path, 'rb')",
        "path.open(encoding='utf-8', newline='')",
        "path.read_text('utf-8')",
        "path.write_text(text, 'utf-8', newline='')",
        "write_text(text, path)",
        "table.to_csv(path, index=False, lineterminator='\\n')",
        "run(command, text=True, encoding='utf-8')",
        "number = os.open(path, os.O_RDONLY)",
    ],
)
def test_what_is_the_same_everywhere_is_no_offence(line: str) -> None:
    assert offences(f"{line}\n", "planted.py") == []


def test_types_are_checked_for_the_system_with_the_fewest_functions() -> None:
    """So mypy refuses `os.fork`, `signal.SIGALRM` and whatever else Windows lacks."""
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["platform"] == "win32"


def test_no_link_is_on_the_way_to_a_run() -> None:
    """A checkout on Windows has a text file in the place of a link."""
    assert [path for path in PACKAGE.rglob("*") if path.is_symlink()] == []


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which every Python process starts as on Windows, with a console in Windows-1252."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "sitecustomize.py").write_text(STAND_IN.read_text("utf-8"), "utf-8")
    path = os.pathsep.join([str(folder), str(PACKAGE.parent)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


def woc(environment: dict[str, str], folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "woc_sim.cli.main", *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        timeout=200,
        check=False,
    )


def test_a_run_with_workers_and_figures_needs_nothing_of_posix(
    elsewhere: dict[str, str], tmp_path: Path
) -> None:
    """What it prints holds signs that Windows-1252 lacks, and a stream refuses what its encoding lacks."""
    asked = (*SMALL, "replicates=2", "executor=processes", "workers=2", "out='Zürich – ≤Ж'")
    ran = woc(elsewhere, tmp_path, "run", *asked)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "results: Zürich – \\u2264\\u0416/" in ran.stdout.decode("cp1252")
    out = tmp_path / "Zürich – ≤Ж"
    assert (out / "figures" / "timeline.png").is_file()
    here = woc_sim.run({"case": "C21", "people": 60, "months": 12}, replicates=2).final
    pd.testing.assert_frame_equal(woc_sim.load(out).final, here)


def test_a_mistake_is_a_sentence_in_every_encoding(elsewhere: dict[str, str], tmp_path: Path) -> None:
    done = woc(elsewhere, tmp_path, "run", "case=C21", "size=kléin≤Ж")
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert "kléin\\u2264\\u0416" in done.stderr.decode("cp1252")
