import json
import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from tests.copies import copy_compiler

from woc_sim import jit
from woc_sim.jit import JIT_ON, Call, entry, kernel, pack, walk, with_first_fields
from woc_sim.kernel_cache import MAX_FOLDERS

RULE = """
from woc_sim.jit import rule
@rule
def planted(x: float) -> float:
    return x + 1.0
"""
KERNEL = """
from woc_sim.jit import kernel
from woc_sim.rules.planted import planted
@kernel
def planted_kernel(values, out):
    for i in range(len(values)):
        out[i] = planted(values[i])
"""
RUN = """
import json, os
import numpy as np
from woc_sim import jit
from woc_sim.kernel_cache import MAX_FOLDERS
from woc_sim.processes.planted import planted_kernel
out = np.zeros(2)
planted_kernel(np.array([1.0, 2.0]), out)
hits = sum(planted_kernel.stats.cache_hits.values()) if jit.JIT_ON else None
place = jit.COMPILE_PROGRESS.folder if jit.JIT_ON else None
folder = str(place) if place else None
files = [str(path) for path in place.iterdir()] if place else []
print(json.dumps({"out": out.tolist(), "hits": hits, "folder": folder, "files": files}))
"""


@pytest.fixture
def copied_package(tmp_path: Path) -> Path:
    """A copy of the package with one added rule, and a kernel in another file that calls it."""
    copy = copy_compiler(tmp_path / "src")
    (copy / "rules" / "planted.py").write_text(RULE)
    (copy / "processes").mkdir()
    (copy / "processes" / "__init__.py").write_text("")
    (copy / "processes" / "planted.py").write_text(KERNEL)
    return copy


def run(package: Path, before: str = "", **environment: str) -> dict[str, object]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "COV"))}
    paths = {"PYTHONPATH": str(package.parent), "WOC_SIM_CACHE": str(package.parent.parent / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", before + RUN],
        env=inherited | paths | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def edit_rule(package: Path) -> None:
    path = package / "rules" / "planted.py"
    path.write_text(path.read_text().replace("+ 1.0", "+ 2.0"))


@pytest.mark.thorough
@pytest.mark.portable
@pytest.mark.parametrize("before", ["", "import numba\n"], ids=["numba second", "numba first"])
def test_an_edited_rule_changes_the_kernels_that_call_it(copied_package: Path, before: str) -> None:
    first = run(copied_package, before)
    again = run(copied_package, before)
    assert first["out"] == again["out"] == [2.0, 3.0]
    assert first["hits"] == 0
    assert again["hits"] == 1
    edit_rule(copied_package)
    edited = run(copied_package, before)
    assert edited["out"] == [3.0, 4.0]
    assert edited["hits"] == 0
    assert edited["folder"] != first["folder"]


def test_without_the_key_a_kernel_would_keep_the_old_rule(copied_package: Path) -> None:
    """The reason for the key: the functions that a kernel calls are in other files."""
    module = copied_package / "kernel_cache.py"
    text = module.read_text()
    assert "kernels-{key}" in text
    module.write_text(text.replace("kernels-{key}", "kernels-same"))
    run(copied_package)
    edit_rule(copied_package)
    assert run(copied_package)["out"] == [2.0, 3.0]


def test_compiled_files_land_in_the_cache_folder_only(copied_package: Path) -> None:
    result = run(copied_package, NUMBA_CACHE_DIR="/nowhere/else")
    assert result["files"]
    assert str(result["folder"]).startswith(str(copied_package.parent.parent / "cache" / "kernels-"))
    assert not list(copied_package.rglob("*.nb[ic]"))


@pytest.mark.portable
def test_plain_python_gives_the_same_bytes_without_numba(copied_package: Path) -> None:
    plain = run(copied_package, "import sys; sys.modules['numba'] = None\n", NUMBA_DISABLE_JIT="1")
    assert plain["folder"] is None
    assert plain["out"] == run(copied_package)["out"]


def test_an_unwritable_cache_falls_back_to_a_temporary_folder(copied_package: Path, tmp_path: Path) -> None:
    obstacle = tmp_path / "file"
    obstacle.write_text("not a folder")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    places = {"WOC_SIM_CACHE": str(obstacle / "cache"), "TMPDIR": str(temporary)}
    first = run(copied_package, **places)
    assert str(first["folder"]).startswith(str(temporary))
    assert run(copied_package, **places)["hits"] == 1
    # a name that somebody else may have prepared is not trusted with code to execute
    own = next(temporary.iterdir())
    shutil.rmtree(own)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    own.symlink_to(elsewhere)
    assert not str(run(copied_package, **places)["folder"]).startswith(str(own) + os.sep)
    assert not list(elsewhere.iterdir())


def test_the_key_covers_what_kernels_depend_on_and_nothing_else(copied_package: Path) -> None:
    key = jit.source_key(copied_package)
    (copied_package / "cli").mkdir()
    (copied_package / "cli" / "main.py").write_text("print('hello')")
    assert jit.source_key(copied_package) == key
    seen = {key}
    for name in jit.COMPILED_SOURCES:
        place = copied_package / name
        if place.suffix != ".py":
            place.mkdir(exist_ok=True)
            place = place / "changed.py"
        place.write_text(f"# {name}")
        seen.add(jit.source_key(copied_package))
    assert len(seen) == 1 + len(jit.COMPILED_SOURCES)


def test_a_file_renamed_or_cut_in_two_is_another_source(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    keys = set()
    for names in (("a.py",), ("b.py",), ("a.py", "b.py")):
        for path in rules.iterdir():
            path.unlink()
        for name in names:
            (rules / name).write_text("x = 1\n" if len(names) == 1 else "")
        keys.add(jit.source_key(tmp_path))
    assert len(keys) == 3


def test_caches_of_old_sources_are_pruned(copied_package: Path) -> None:
    root = copied_package.parent.parent / "cache"
    root.mkdir()
    now = time.time()
    for age in range(10):
        folder = root / f"kernels-old{age}"
        folder.mkdir()
        os.utime(folder, (now - 7200 - age, now - 7200 - age))
    recent = root / "kernels-recent"
    recent.mkdir()
    kept_file = root / "notes.txt"
    kept_file.write_text("not ours")
    run(copied_package)
    left = {folder.name for folder in root.glob("kernels-*")}
    assert len(left) == MAX_FOLDERS
    assert {"kernels-recent", "kernels-old0", "kernels-old3"} <= left
    assert "kernels-old4" not in left
    assert kept_file.exists()


def test_a_cache_that_may_still_be_in_use_is_kept(copied_package: Path) -> None:
    root = copied_package.parent.parent / "cache"
    for number in range(10):
        (root / f"kernels-used{number}").mkdir(parents=True)
    run(copied_package)
    assert len(list(root.glob("kernels-*"))) == 11


class Columns(NamedTuple):
    plain: np.ndarray
    wide: np.ndarray
    flag: np.ndarray


class Numbers(NamedTuple):
    month: int
    count: int
    key: np.uint64
    gain: float


@kernel
def weigh(state, numbers):
    """Writes into a column, reads every kind of field."""
    total = 0.0
    for i in range(len(state.plain)):
        state.plain[i] += numbers.gain * state.wide[i, 1] + state.flag[i]
        total += state.plain[i]
    return total + numbers.month + numbers.count, numbers.key


def test_a_packed_record_is_read_and_written_like_the_record_itself():
    def columns():
        return Columns(
            np.arange(4.0), np.arange(12, dtype=np.int32).reshape(4, 3), np.ones(4, dtype=np.uint8)
        )

    numbers = Numbers(7, 2, np.uint64(2**63 + 1), 0.5)
    state, packed = columns(), pack(columns())
    call = entry(weigh)
    assert weigh(state, numbers) == call(packed, pack(numbers))
    np.testing.assert_array_equal(state.plain, packed.plain)
    later = with_first_fields(pack(numbers), 8, 3)
    assert (later.month, later.count, later.gain) == (8, 3, 0.5)
    assert call(packed, later)[0] == weigh(state, numbers)[0] + 2


def test_a_packed_record_takes_whole_numbers_only():
    with pytest.raises(TypeError, match="type") if JIT_ON else nullcontext():
        with_first_fields(pack(Numbers(7, 2, np.uint64(1), 0.5)), 8, 2.5)


def test_what_is_not_contiguous_cannot_be_packed():
    # Plain Python takes what it is given.
    with pytest.raises(TypeError, match="packed record") if JIT_ON else nullcontext():
        pack(Columns(np.arange(8.0)[::2], np.zeros((4, 3), dtype=np.int32), np.ones(4, dtype=np.uint8)))


@pytest.mark.skipif(not JIT_ON, reason="plain Python has no types of its own")
def test_records_of_two_modules_with_as_many_fields_are_two_types():
    """What is kept on disk is found by the name of its types."""
    one = namedtuple("Constants", ["speed"], module="one")
    other = namedtuple("Constants", ["reach"], module="other")
    assert str(jit.type_of(pack(one(1.0)))) != str(jit.type_of(pack(other(1.0))))


@pytest.mark.skipif(not JIT_ON, reason="plain Python counts in its own way")
def test_kernels_hold_none_of_the_arrays_of_a_record():
    """Python owns them: a kernel neither counts who holds them nor gives one free."""
    state = Columns(np.arange(4.0), np.ones((4, 3), dtype=np.int32), np.ones(4, dtype=np.uint8))
    packed, numbers = pack(state), pack(Numbers(7, 2, np.uint64(1), 0.5))
    call = entry(weigh)
    held = [sys.getrefcount(array) for array in state]
    for _ in range(3):
        call(packed, numbers)
    assert [sys.getrefcount(array) for array in state] == held
    model = jit.datamodel.default_manager[jit.type_of(packed)]
    assert model.traverse(None) == []


class Log(NamedTuple):
    seen: np.ndarray


class Gain(NamedTuple):
    gain: int


@entry
@kernel
def note(state, constants, now):
    """Notes how often it is called, and the month and number it is given."""
    state.seen[0] = state.seen[0] * constants.gain + 1
    state.seen[1] = now.month
    state.seen[2] = now.count


@entry
@kernel
def fail(state, constants, now):
    """Fails in the month of its number."""
    if now.month == constants.gain:
        raise ValueError("no such month")


def test_a_walk_makes_its_calls_in_order_each_in_its_months_with_the_moment():
    log = Log(np.zeros(3, dtype=np.int64))
    now = [pack(Numbers(0, 0, np.uint64(1), 0.5)) for _ in range(3)]
    state, ten, hundred = pack(log), pack(Gain(10)), pack(Gain(100))
    live = walk([Call(note, state, ten, now[0]), Call(note, state, hundred, now[1], every=3)])
    live(4, 7)
    assert log.seen.tolist() == [1, 4, 7]
    live(6, 8)
    assert log.seen.tolist() == [11 * 100 + 1, 6, 8]
    walk([])(6, 8)
    assert log.seen.tolist() == [1101, 6, 8]


def test_an_error_in_a_walk_is_raised_and_stops_it():
    log = Log(np.zeros(3, dtype=np.int64))
    now = pack(Numbers(0, 0, np.uint64(1), 0.5))
    live = walk([Call(fail, pack(log), pack(Gain(5)), now), Call(note, pack(log), pack(Gain(10)), now)])
    live(4, 0)
    with pytest.raises(ValueError, match="no such month"):
        live(5, 0)
    assert log.seen.tolist() == [1, 4, 0]


@pytest.mark.skipif(not JIT_ON, reason="plain Python throws away what a kernel returns")
def test_a_walk_refuses_a_kernel_that_returns_something():
    state, numbers = pack(Log(np.zeros(3))), pack(Numbers(0, 0, np.uint64(1), 0.5))
    giving = entry(kernel(lambda state, constants, now: state.seen[0] + constants.gain + now.month))
    with pytest.raises(TypeError, match="returns a value"):
        walk([Call(giving, state, pack(Gain(1)), numbers)])
