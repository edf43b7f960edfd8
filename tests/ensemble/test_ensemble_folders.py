"""Result folders: which may be written, and what remains after a failure."""

from pathlib import Path

import pytest

from woc_sim.ensemble import folders
from woc_sim.ensemble.manifests import file_hashes, read_manifest
from woc_sim.ensemble.provenance import describe
from woc_sim.errors import UserError


def test_an_empty_folder_is_free_and_a_full_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert folders.folder_state(tmp_path / "empty", "run", ["1"], [0]) == ""
    assert folders.folder_state(tmp_path / "none", "run", ["1"], [0]) == ""
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match="is a file"):
        folders.folder_state(tmp_path / "file", "run", ["1"], [0])
    (tmp_path / "empty" / "thesis.txt").write_text("mine", "utf-8")
    with pytest.raises(UserError, match="holds other files"):
        folders.folder_state(tmp_path / "empty", "run", ["1"], [0])
    (tmp_path / "empty" / "manifest.json").write_text("[1]", "utf-8")
    with pytest.raises(UserError, match="does not have the expected form"):
        folders.folder_state(tmp_path / "empty", "run", ["1"], [0])


def test_what_a_killed_command_leaves_of_its_first_file_is_no_other_thing(tmp_path: Path) -> None:
    for name in (".manifest.json.0123abcd.part", ".probe-17"):
        (tmp_path / name).write_text("half", "utf-8")
    assert folders.folder_state(tmp_path, "run", ["1"], [0]) == ""
    assert folders.prepare(tmp_path, "comparison") is None


def test_folders_made_in_vain_are_taken_back(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        folders.make_folder(tmp_path / "file" / "below")
    with pytest.raises(UserError, match="File name too long"):
        folders.make_folder(tmp_path / "new" / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_work_of_which_nothing_was_finished_is_taken_back(tmp_path: Path) -> None:
    out = tmp_path / "o"
    folders.mark_started(out, describe("comparison", "woc-sim compare"))
    folders.remove_traces(out, created=True)
    assert list(tmp_path.iterdir()) == []
    folders.mark_started(out, describe("comparison", "woc-sim compare"))
    (out / "shards").mkdir()
    (out / "shards" / "1.parquet").write_bytes(b"finished")
    folders.remove_traces(out, created=True)
    assert (out / "shards" / "1.parquet").exists()


def test_a_command_goes_on_only_in_its_own_folder(tmp_path: Path) -> None:
    said = describe("comparison", "woc-sim compare")
    folders.mark_started(tmp_path / "new", said)
    folders.mark_started(tmp_path / "new", said)
    folders.mark_finished(tmp_path / "new", said)
    assert read_manifest(tmp_path / "new").status == "finished"
    with pytest.raises(UserError, match="holds a comparison"):
        folders.prepare(tmp_path / "new", "validate")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("", "utf-8")
    with pytest.raises(UserError, match="holds other files"):
        folders.prepare(tmp_path / "mine", "comparison")
    (tmp_path / "begun" / "shards").mkdir(parents=True)
    folders.prepare(tmp_path / "begun", "comparison")


def test_the_manifest_of_another_version_of_the_model_is_kept(tmp_path: Path) -> None:
    said = describe("validate", "woc-sim validate")
    folders.mark_started(tmp_path / "o", said | {"model_hash": "0123456789abcdef"})
    before = (tmp_path / "o" / "manifest.json").read_bytes()
    with pytest.raises(UserError, match="made by another version of the model"):
        folders.mark_started(tmp_path / "o", said)
    assert (tmp_path / "o" / "manifest.json").read_bytes() == before


def test_a_changed_file_is_named_and_a_lost_one_where_it_is_needed(tmp_path: Path) -> None:
    said = describe("calibrate", "woc-sim calibrate waves")
    folders.mark_started(tmp_path, said)
    (tmp_path / "table.csv").write_text("1\n", "utf-8")
    folders.mark_finished(tmp_path, said | {"files": file_hashes(tmp_path, ["table.csv"])})
    held = read_manifest(tmp_path)
    folders.refuse_changed_files(tmp_path, held, lost=True)
    (tmp_path / "table.csv").write_text("2\n", "utf-8")
    with pytest.raises(UserError, match=r"table\.csv was changed; delete it and repeat `woc-sim calibrate"):
        folders.refuse_changed_files(tmp_path, held, lost=False)
    (tmp_path / "table.csv").unlink()
    folders.refuse_changed_files(tmp_path, held, lost=False)
    with pytest.raises(UserError, match=r"table\.csv is missing; repeat `woc-sim calibrate waves`"):
        folders.refuse_changed_files(tmp_path, held, lost=True)
