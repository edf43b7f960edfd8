"""A file is complete under its name, or absent."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from woc_sim import files
from woc_sim.errors import UserError


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refuse(number: int) -> Callable[..., None]:
    def refusing(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return refusing


def test_a_file_gets_its_name_when_it_is_finished(tmp_path: Path) -> None:
    place = tmp_path / "table.csv"
    with files.atomic_write(place) as part:
        part.write_text("a,b\n", "utf-8")
        assert not place.exists()
        assert part.parent == tmp_path
        assert part.suffix == files.PART
    assert place.read_text("utf-8") == "a,b\n"
    assert listed(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("error", [ValueError("ours"), KeyboardInterrupt()])
def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    place = tmp_path / "table.csv"
    place.write_text("old", "utf-8")
    with pytest.raises(type(error)), files.atomic_write(place) as part:  # noqa: PT012 - the block is what is tested
        part.write_text("ne", "utf-8")
        raise error
    assert place.read_text("utf-8") == "old"
    assert listed(tmp_path) == ["table.csv"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_what_the_system_refuses_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    place = tmp_path / "table.csv"
    place.write_text("old", "utf-8")
    monkeypatch.setattr(os, call, refuse(number))
    with pytest.raises(UserError) as told, files.atomic_write(place) as part:
        part.write_text("new", "utf-8")
    assert os.strerror(number) in told.value.sentence
    assert "table.csv" in told.value.sentence
    assert len(told.value.sentence) <= 300
    assert place.read_text("utf-8") == "old"
    assert listed(tmp_path) == ["table.csv"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(UserError, match="cannot be written"),
        files.atomic_write(tmp_path / "no" / "a.csv") as part,
    ):
        part.write_text("new", "utf-8")


LIMITED = """
import resource, sys
from pathlib import Path
from woc_sim.errors import UserError
from woc_sim.files import atomic_write
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with atomic_write(Path(sys.argv[1])) as part:
        part.write_bytes(b"x" * 10_000)
except UserError as error:
    print(error.sentence)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_limit_on_the_size_of_files_is_a_sentence(tmp_path: Path) -> None:
    place = tmp_path / "big.bin"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(place)], capture_output=True, text=True, check=True
    )
    assert "File too large" in done.stdout
    assert listed(tmp_path) == []
