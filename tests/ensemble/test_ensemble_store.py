"""Finished runs on disk: what is stored is not run again, also after any interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from ensemble_processes import children, ended
from small_runs import held_by, same, scenario, tasks

from woc_sim.ensemble import store as store_module
from woc_sim.ensemble.executors import run_batch, run_many
from woc_sim.ensemble.run import run_rows
from woc_sim.ensemble.store import SHARD_SUFFIX, Store, open_store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.errors import UserError
from woc_sim.scenario.schema import Scenario


def test_what_is_stored_is_not_run_again(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        store.add(outcomes[:3])
    ran: list[str] = []

    def noted(batch: list[Task]) -> list[Outcome]:
        ran.extend(task.key for task in batch)
        return run_batch(batch)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", noted)
    with open_store(tmp_path) as store:
        found = run_many(tasks(), 1, progress=False, store=store)
    assert sorted(ran) == sorted(task.key for task in tasks()[3:])
    assert same(found, outcomes)


def test_resuming_a_finished_ensemble_runs_nothing(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        run_many(tasks(), 1, progress=False, store=store)
    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda batch: pytest.fail("ran again"))
    with open_store(tmp_path) as store:
        assert same(run_many(tasks(), 1, progress=False, store=store), outcomes)


def test_a_half_written_shard_is_forgotten(tmp_path, outcomes):
    with open_store(tmp_path) as store:
        store.add(outcomes[:2])
    shards = tmp_path / "shards"
    ledger = next(shards.glob(f"*{SHARD_SUFFIX}"))
    ledger.rename(ledger.with_name(f".{ledger.name}.0123abcd.part"))  # killed before the last rename
    with open_store(tmp_path) as store:
        assert store.read({each.key for each in outcomes}) == {}
        assert not list(shards.glob("*.part"))
        store.add(outcomes[:2])
        assert set(store.read({each.key for each in outcomes})) == {each.key for each in outcomes[:2]}


def test_runs_of_another_model_are_refused(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        store.add(outcomes[:1])
    monkeypatch.setattr(store_module, "model_hash", lambda: "0123456789abcdef")
    with (
        pytest.raises(UserError, match=r"another version of the model .*this is 0123456789abcdef"),
        open_store(tmp_path),
    ):
        pass


def test_two_writers_of_one_folder_are_refused(tmp_path):
    with open_store(tmp_path), pytest.raises(UserError, match="another process"), open_store(tmp_path):
        pass
    with open_store(tmp_path):  # and the lock is given back
        pass


def test_an_empty_batch_leaves_no_shard(tmp_path):
    with Store(tmp_path) as store:
        store.add([])
    assert list((tmp_path / "shards").iterdir()) == []


ENSEMBLE = """
import sys
from pathlib import Path
from small_runs import tasks
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import open_store
if __name__ == "__main__":
    with open_store(Path(sys.argv[1])) as store:
        run_many(tasks(24), int(sys.argv[2]), progress=False, store=store)
    print("finished")
"""


@pytest.mark.timeout(600)
def test_a_killed_ensemble_resumes_to_the_same_table_and_leaves_no_workers(tmp_path):
    out, script = tmp_path / "out", tmp_path / "ensemble.py"
    script.write_text(ENSEMBLE)
    places = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    command = [sys.executable, str(script), str(out), "2"]
    running = subprocess.Popen(command, env=environment)
    deadline = time.monotonic() + 300
    while not list((out / "shards").glob(f"*{SHARD_SUFFIX}")):
        assert running.poll() is None, "ended before a batch was stored"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers = children(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert workers
    waited = time.monotonic()
    while not all(ended(worker) for worker in workers):
        assert time.monotonic() - waited < 15, "workers outlive their parent"
        time.sleep(0.1)
    before = len(list((out / "shards").glob(f"*{SHARD_SUFFIX}")))
    with open_store(out) as store:
        resumed = run_many(tasks(24), 1, progress=False, store=store)
    assert len(list((out / "shards").glob(f"*{SHARD_SUFFIX}"))) > before
    assert same(resumed, run_many(tasks(24), 1, progress=False))


def test_a_store_gives_the_readings_that_are_asked_for_and_runs_what_it_lacks(tmp_path, monkeypatch):
    run: list[tuple[str, ...]] = []

    def counted(asked: Scenario, replicate: int, lives: int, readings: tuple[str, ...]) -> object:
        run.append(readings)
        return run_rows(asked, replicate, lives, readings)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_rows", counted)

    def asked(*readings: str) -> np.ndarray:
        with open_store(tmp_path / "runs") as store:
            task = Task("model", "", scenario(), 0, "year", readings=readings)
            return run_many([task], 1, progress=False, store=store)[0].rows[0].readings

    policy = asked("mipex_total", "response_share")
    fewer, whole = asked("mipex_total"), asked()
    later = asked("response_share"), asked("support_ne", "response_class")
    assert run == [("mipex_total", "response_share"), ()], "the rest was in the store"
    for found, instruments in (
        (policy, ("mipex", "response_class")),
        (fewer, ("mipex",)),
        (later[0], ("mipex", "response_class")),
        (later[1], ("mipex", "response_class", "resident_survey")),
    ):
        expected = np.where(held_by(*instruments), whole, np.nan)
        assert np.array_equal(found, expected, equal_nan=True)
