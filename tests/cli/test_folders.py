"""Result folders: whole or not there."""

from pathlib import Path

import pytest

from woc_sim.cli import folders
from woc_sim.errors import UserError


def test_a_staged_folder_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with folders.staged(out) as staging:
        (staging / "x").write_text("1", "utf-8")
        assert not out.exists()
    assert (out / "x").read_text("utf-8") == "1"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def leave_half_done(out: Path, file: str) -> None:
    """Write one file into the staged folder and fail."""
    with folders.staged(out) as staging:
        (staging / file).parent.mkdir(exist_ok=True)
        (staging / file).write_text("1", "utf-8")
        raise KeyError


def test_a_failed_block_leaves_nothing_unless_shards_are_finished(tmp_path: Path) -> None:
    out = tmp_path / "b"
    with pytest.raises(KeyError):
        leave_half_done(out, "half")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyError):
        leave_half_done(out, "shards/1.final.parquet")
    assert [path.name for path in tmp_path.iterdir()] == [".b.part"]
    with pytest.raises(KeyError), folders.staged(out):
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == [".b.part"], "work of before is kept"
    with folders.staged(out) as staging:
        assert (staging / "shards" / "1.final.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_an_empty_folder_is_free_and_a_full_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert folders.state(tmp_path / "empty", "run", ["1"]) == ""
    assert folders.state(tmp_path / "none", "run", ["1"]) == ""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match="is a file"):
        folders.state(tmp_path / "file", "run", ["1"])
    (tmp_path / "empty" / "manifest.json").write_text("[1]", "utf-8")
    with pytest.raises(UserError, match="holds other things"):
        folders.state(tmp_path / "empty", "run", ["1"])


def test_folders_made_in_vain_are_taken_back(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        folders.make(tmp_path / "file" / "below")
    with pytest.raises(UserError, match="File name too long"):
        folders.make(tmp_path / "new" / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_command_goes_on_only_in_its_own_folder(tmp_path: Path) -> None:
    folders.usable(tmp_path / "new", "shards")
    assert (tmp_path / "new").is_dir()
    (tmp_path / "new" / "shards").mkdir()
    folders.usable(tmp_path / "new", "shards")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("", "utf-8")
    with pytest.raises(UserError, match="holds other things"):
        folders.usable(tmp_path / "mine", "shards")
