"""Compiled kernels on disk: damaged files are compiled again, folders of other users are not used, waiting
is reported.
"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.copies import copy_compiler

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="owners and modes are those of POSIX")

RULE = """
from woc_sim.jit import rule
@rule
def planted(x: float) -> float:
    return x + 1.0
"""
RUN = """
from woc_sim import jit
from woc_sim.rules.planted import planted
progress = jit.COMPILE_PROGRESS
print(planted(1.0), sum(planted.stats.cache_hits.values()), progress.folder, progress.is_writable)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one rule, whose cache is empty."""
    copy = copy_compiler(tmp_path / "src")
    (copy / "rules" / "planted.py").write_text(RULE)
    return copy


def run(package: Path, before: str = "", **environment: str | Path) -> tuple[list[str], str]:
    """The output of a process that calls the rule: value, hits, folder, whether it is writable; and its
    standard error.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "COV"))}
    places = {"PYTHONPATH": package.parent, "WOC_SIM_CACHE": package.parent.parent / "cache"}
    done = subprocess.run(
        [sys.executable, "-c", before + RUN],
        env=inherited | {key: str(value) for key, value in (places | environment).items()},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=package.parent.parent,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


def kept(package: Path) -> Path:
    [path] = (package.parent.parent / "cache").glob("kernels-*/*.kernel")
    return path


def test_compiling_is_said_once_and_not_when_the_cache_is_warm(package: Path) -> None:
    said, errors = run(package)
    assert said[:2] == ["2.0", "0"]
    assert errors.count("\n") == 1
    assert "compiling the kernels" in errors
    assert run(package) == ([said[0], "1", *said[2:]], "")


@pytest.mark.thorough
@pytest.mark.parametrize("damage", ["empty", "short", "flipped", "nonsense", "folder"])
def test_a_damaged_file_is_compiled_anew(package: Path, damage: str) -> None:
    run(package)
    path = kept(package)
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        new = {"empty": b"", "short": content[:-1], "flipped": flipped, "nonsense": b"\x80nonsense" * 9}
        path.write_bytes(new[damage])
    assert run(package)[0][:2] == ["2.0", "0"]
    assert run(package)[0][:2] == ["2.0", "0" if damage == "folder" else "1"]


@POSIX
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o777])
def test_the_cache_belongs_to_its_user_whatever_the_umask(package: Path, umask: int) -> None:
    said, _ = run(package, f"import os; os.umask({umask})\n")
    folder = Path(said[2])
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)] == [0o700, 0o700]


@POSIX
@pytest.mark.parametrize("how", ["root", "link", "inside"])
def test_a_cache_that_others_can_write_is_not_used(package: Path, how: str, tmp_path: Path) -> None:
    first, _ = run(package)
    theirs = Path(first[2]) if how == "inside" else Path(first[2]).parent
    theirs.chmod(0o777)
    place = theirs.parent if how == "inside" else theirs
    if how == "link":
        place = tmp_path / "link"
        place.symlink_to(theirs)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    said, errors = run(package, WOC_SIM_CACHE=place, TMPDIR=temporary)
    assert said[:2] == ["2.0", "0"]
    if how == "inside":  # emptied, and ours alone again
        assert said[2] == str(theirs)
        assert stat.S_IMODE(theirs.stat().st_mode) == 0o700
        return
    assert said[2].startswith(f"{temporary}{os.sep}")
    assert "written by others" in errors
    assert str(place) in errors
    assert errors.count("\n") == 2  # that, and that the kernels are compiled


@POSIX
@pytest.mark.parametrize("value", ["file", "file/below", "/proc/none", "relative", "~/mine"])
def test_wherever_the_cache_is_asked_for_kernels_run(package: Path, value: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    (tmp_path / "home").mkdir()
    (tmp_path / "tmp").mkdir()
    said, _ = run(package, WOC_SIM_CACHE=value, HOME=tmp_path / "home", TMPDIR=tmp_path / "tmp")
    assert said[0] == "2.0"
    where = {"relative": "relative", "~/mine": "home/mine"}.get(value, "tmp")
    assert Path(said[2]).is_relative_to(tmp_path / where)


@POSIX
def test_without_any_folder_kernels_are_compiled_all_the_same(package: Path) -> None:
    nowhere = "import tempfile\ndef none(): raise FileNotFoundError('no place')\ntempfile.gettempdir = none\n"
    said, errors = run(package, nowhere, WOC_SIM_CACHE="/proc/none", HOME="relative")
    assert said == ["2.0", "0", "None", "False"]
    assert "compiles them again" in errors


def test_a_full_disk_costs_the_cache_and_nothing_else(package: Path) -> None:
    full = (
        "import os, errno\n"
        "def full(*_): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "os.replace = full\n"
    )
    said, errors = run(package, full)
    assert said[0] == "2.0"
    assert said[3] == "False"
    assert "No space left" in errors
    assert not list(Path(said[2]).iterdir())


SETTINGS = {
    "NUMBA_NUM_THREADS": "0",
    "NUMBA_OPT": "nonsense",
    "NUMBA_CACHE_LOCATOR_CLASSES": "no.such.Class",
    "NUMBA_DEBUG": "1",
    "NUMBA_BOUNDSCHECK": "x",
    "NUMBA_CPU_NAME": "nonsense",
    "NUMBA_DISABLE_JIT": "no",
    "NUMBA_THREADING_LAYER": "nonsense",
    "OMP_NUM_THREADS": "abc",
    "OPENBLAS_NUM_THREADS": "0",
    "PYTHONOPTIMIZE": "2",
}


def test_settings_of_others_change_nothing(package: Path) -> None:
    said, _ = run(package)
    (package.parent.parent / ".numba_config.yaml").write_text("opt: nonsense\n- : [", "utf-8")
    again, errors = run(package, **SETTINGS)
    assert again == [said[0], "1", *said[2:]]
    assert errors == ""
