"""Events in the folder of a sweep: full disks, lost plans, other versions, archives, arrays."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import zipfile

import numpy as np
import pandas as pd
import pytest

import woc_sim
from woc_sim.cli.main import main
from woc_sim.ensemble import store as stores
from woc_sim.ensemble.crate import DESCRIPTION
from woc_sim.ensemble.store import FAILED, SHARD_SUFFIX, open_store
from woc_sim.ensemble.sweep_tables import as_arrays
from woc_sim.ensemble.tasks import Failure
from woc_sim.errors import UserError

ASKED = [
    "sweep",
    "executive=progressive,conservative",
    "replicates=2",
    "people=80",
    "months=122",
    "workers=1",
]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    out = tmp_path_factory.mktemp("sweep") / "s"
    assert main([*ASKED, f"out={out}"]) == 0
    return out


def full_disk(monkeypatch, after: int) -> None:
    """The system accepts only so many further files; each file and its folder are synchronised."""
    written = [0]
    fsync = os.fsync

    def refuse(number: int) -> None:
        written[0] += 1
        if written[0] > 2 * after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(number)

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.mark.parametrize("after", [0, 3])
def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path, swept, monkeypatch, capsys, after):
    out = tmp_path / "s"
    full_disk(monkeypatch, after)
    assert main([*ASKED, f"out={out}"]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("woc-sim: ")
    assert "cannot be written (No space left on device)" in said
    assert not list(out.rglob("*.part"))
    kept = list((out / "shards").glob(f"*{SHARD_SUFFIX}"))
    assert len(kept) == max(0, after - 2)  # the manifest and the plan are written first
    monkeypatch.undo()
    assert main([*ASKED, f"out={out}"]) == 0
    assert all(path.exists() for path in kept)
    hashes = [json.loads((each / "manifest.json").read_text())["table_hash"] for each in (out, swept)]
    assert hashes[0] == hashes[1]


def test_a_folder_that_may_only_be_read_is_one_sentence(tmp_path, swept, monkeypatch, capsys):
    out = tmp_path / "s"
    shutil.copytree(swept, out)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("pathlib.Path.touch", refuse)
    before = sorted(path.name for path in out.rglob("*"))
    assert main([*ASKED, f"out={out}"]) == 2
    assert "cannot be written (Read-only file system)" in capsys.readouterr().err
    assert sorted(path.name for path in out.rglob("*")) == before


def test_a_lost_plan_is_made_again_and_no_run_with_it(tmp_path, swept, capsys, monkeypatch):
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    shutil.rmtree(out / "plan")
    assert main(["status", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setattr("woc_sim.ensemble.executors.run_task", lambda task: pytest.fail("ran again"))
    assert main([*ASKED, f"out={out}"]) == 0
    assert main(["status", str(out)]) == 0


def test_a_damaged_plan_is_named(tmp_path, swept, capsys):
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    plan = next((out / "plan").iterdir())
    plan.write_bytes(plan.read_bytes()[:60])
    assert main([*ASKED, f"out={out}"]) == 2
    assert "is damaged" in capsys.readouterr().err
    plan.unlink()
    assert main([*ASKED, f"out={out}"]) == 0


def test_another_version_of_the_model_is_refused_unless_mixing_is_asked_for(
    tmp_path, swept, monkeypatch, capsys
):
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    own = stores.model_hash()
    monkeypatch.setattr(stores, "model_hash", lambda: "another")
    more = [each.replace("replicates=2", "replicates=3") for each in ASKED]
    assert main([*more, f"out={out}"]) == 2
    assert "or add mix=true" in capsys.readouterr().err
    assert main([*more, "mix=true", f"out={out}"]) == 0
    table = pd.read_parquet(out / "final.parquet")
    assert dict(table.groupby("replicate")["model_hash"].unique().map(list)) == {
        0: [own],
        1: [own],
        2: ["another"],
    }
    assert main(["compact", str(out)]) == 0
    assert len(list((out / "shards").glob(f"*{SHARD_SUFFIX}"))) == 1
    assert list(woc_sim.load_sweep(str(out))["model_hash"]) == list(table["model_hash"])


def test_failures_are_joined_too(tmp_path):
    with open_store(tmp_path) as store:
        for number in range(3):
            store.add_failures([Failure(f"k{number}", "run", "ValueError", "no", "", 0.1)])
        before = store.failures()
        store.compact()
        assert store.failures() == before
        assert len(list((tmp_path / "shards" / FAILED).iterdir())) == 1


# --- for others


def test_an_archive_says_what_is_in_it_and_is_enough_to_repeat_the_sweep(tmp_path, swept, capsys):
    archive = tmp_path / "s.zip"
    assert main(["export", str(swept), f"to={archive}"]) == 0
    assert main(["export", str(swept), f"to={archive}"]) == 2
    assert "is not overwritten" in capsys.readouterr().err
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "elsewhere")
    graph = json.loads((tmp_path / "elsewhere" / DESCRIPTION).read_text())["@graph"]
    files = {each["@id"]: each for each in graph if each["@type"] == "File"}
    root = next(each for each in graph if each["@id"] == "./")
    assert {each["@id"] for each in root["hasPart"]} == set(files)
    for name, each in files.items():
        content = (tmp_path / "elsewhere" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
    for name in ("final.parquet", "manifest.json", "sources.zip", "requirements.lock", "README.md"):
        assert name in files
    # the archive's own design gives the archive's own numbers
    there = tmp_path / "elsewhere"
    shutil.rmtree(there / "shards")
    before = json.loads((there / "manifest.json").read_text())["table_hash"]
    assert main([*ASKED, f"out={there}"]) == 0
    assert json.loads((there / "manifest.json").read_text())["table_hash"] == before
    with zipfile.ZipFile(there / "sources.zip") as sources:
        assert {"run", "requirements.lock", "src/woc_sim/cli/main.py"} <= set(sources.namelist())


def test_archives_of_equal_content_are_equal(tmp_path, swept):
    for name in ("a.zip", "b.zip"):
        assert main(["export", str(swept), f"to={tmp_path / name}"]) == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_the_manifest_tells_what_made_the_sweep(swept):
    held = json.loads((swept / "manifest.json").read_text())
    assert held["seeds"] == [1]
    assert held["axes"] == ["executive"]
    assert held["inputs"]["inputs/cases.csv"]
    assert len(held["git"]["lock_sha256"]) == 64
    assert {"OMP_NUM_THREADS"} >= set(held["machine"]["threads"]) - {"NUMBA_DISABLE_JIT", "NUMBA_NUM_THREADS"}
    top = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
        cwd=os.path.dirname(__file__),
    )
    assert held["git"]["commit"] == top.stdout.strip()


def test_a_sweep_is_an_array_on_request(tmp_path, swept):
    found = woc_sim.load_sweep(str(swept), arrays=True)
    assert dict(found.sizes) == {"executive": 2, "replicate": 2, "case": 1}
    table = woc_sim.load_sweep(str(swept))
    one = table[(table["executive"] == "progressive") & (table["replicate"] == 1)]
    there = found["mipex_total"].sel(executive="progressive", replicate=1).item()
    assert there == one["mipex_total"].item()
    with pytest.raises(UserError, match="repeat"):
        as_arrays(pd.concat([table, table]))


def test_monthly_arrays_have_months(tmp_path):
    out = tmp_path / "s"
    assert main([*ASKED, "monthly=true", f"out={out}"]) == 0
    found = woc_sim.load_sweep(str(out), monthly=True, arrays=True)
    assert found.sizes["month"] == 122
    assert np.isfinite(found["residents"]).all()
    assert (out / "figures" / "over_time.png").stat().st_size > 10_000
