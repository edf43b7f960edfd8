"""A Dask cluster of this machine gives the results of one process, loses only the run that ends its worker,
and is closed to others. Clusters at an address: test_ensemble_clusters_addresses.py.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
from distributed import LocalCluster
from ensemble_processes import children, ended, freezing, loopback_up
from test_ensemble_sweep_tables import begun, broken, planned_tasks

from woc_sim.ensemble import batches as batching
from woc_sim.ensemble import clusters, executors
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.clusters import Dask, check_cluster, on_dask
from woc_sim.ensemble.executors import run_all, run_batch, run_batches
from woc_sim.ensemble.guard import run_guarded
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.sweep_tables import canonical_hash, ledger
from woc_sim.ensemble.tasks import Failure, Outcome, Task
from woc_sim.errors import UserError


@pytest.fixture(scope="module", autouse=True)
def loopback() -> None:
    loopback_up()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return run_all(planned_tasks(tmp_path_factory.mktemp("plan")), progress=False)


def test_a_cluster_of_this_machine_gives_the_table_of_one_process(tmp_path, whole):
    with open_store(tmp_path) as store:
        found = run_all(planned_tasks(tmp_path)[::-1], Dask(2), store=store, progress=False)
        assert canonical_hash(found) == canonical_hash(whole)
        assert (ledger(tmp_path, store)["status"] == "done").all()
        again = run_all(
            planned_tasks(tmp_path), Dask(2), store=store, progress=False
        )  # nothing is left to run
    assert canonical_hash(again) == canonical_hash(whole)


def deadly(tasks: Sequence[Task]) -> Batch:
    if any(task.replicate == 1 and task.cell == "1" for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_batch(tasks)


@pytest.mark.thorough
def test_a_run_that_ends_its_worker_is_a_failure_and_its_neighbours_are_not(tmp_path):
    tasks = planned_tasks(tmp_path)
    found = [each for batch in run_batches(tasks, Dask(1), deadly, retry_lost=True) for each in batch]
    lost = [each for each in found if isinstance(each, Failure)]
    (guilty,) = (task.key for task in tasks if task.replicate == 1 and task.cell == "1")
    assert [(each.key, each.stage, each.kind) for each in lost] == [(guilty, "worker", "WorkerLost")]
    assert {each.key for each in found} == {task.key for task in tasks}
    assert len(found) == len(tasks)


def test_a_time_limit_holds_in_a_thread_as_workers_of_dask_have_it(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "run_task", broken("hangs", 0))
    task, found = planned_tasks(tmp_path)[0], []
    thread = threading.Thread(target=lambda: found.append(run_guarded(task, executors.run_task, 0.3)))
    thread.start()
    thread.join(timeout=20)
    assert [(each.stage, each.message) for each in found] == [("time limit", "not finished after 0.3 s")]


@pytest.mark.thorough
def test_a_frozen_worker_is_ended_and_its_run_has_failed_by_the_time_limit(tmp_path, monkeypatch, whole):
    monkeypatch.setattr(batching, "MAX_BATCH_SECONDS", 1.0)
    monkeypatch.setattr(batching, "MARGIN_SECONDS", 4.0)
    monkeypatch.setattr(executors, "run_guarded_batch", freezing)
    found = run_all(planned_tasks(tmp_path), Dask(1), progress=False, time_limit=2.0)
    lost = [each for each in found.values() if isinstance(each, Failure)]
    assert [(each.stage, each.seconds) for each in lost] == [("time limit", 2.0)]
    assert "did not reply" in lost[0].message
    kept = {each.key: whole[each.key] for each in found.values() if isinstance(each, Outcome)}
    assert len(kept) == len(whole) - 1
    assert canonical_hash({key: found[key] for key in kept}) == canonical_hash(kept)


STRANGER = """
import sys
from distributed import Client
from distributed.security import Security

secured = {"security": Security.temporary()} if sys.argv[2] == "own" else {}
Client(sys.argv[1], timeout=2, set_as_default=False, **secured)
print("connected")
"""


def connects(address: str, certificate: str) -> bool:
    """Whether another process can connect to a scheduler. Dask's client may wait for ever, so it gets half
    a minute.
    """
    command = [sys.executable, "-c", STRANGER, address, certificate]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired as waited:
        return "connected" in str(waited.stdout)
    return "connected" in done.stdout


@pytest.mark.thorough
def test_nobody_but_its_owner_connects_to_a_local_cluster(monkeypatch):
    with LocalCluster(
        n_workers=0, protocol="tcp://", host="127.0.0.1", dashboard_address=None
    ) as open_to_all:
        assert connects(open_to_all.scheduler_address, "none"), "else the rest says nothing"
    with on_dask(Dask(1)) as crew:
        crew.greet_workers()
        address = crew._scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        for stranger in (address, address.replace("tls:", "tcp:")):
            assert not connects(stranger, "none")
        assert not connects(address, "own")
        family = [psutil.Process(), *psutil.Process().children()]
        listening = [
            each for one in family for each in one.net_connections("inet") if each.status == "LISTEN"
        ]
        assert listening
        assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(UserError, match=r"needs cryptography.*pip install"):
        check_cluster(Dask(1))


ON_DASK = """
import sys
from pathlib import Path
from test_ensemble_sweep_tables import planned_tasks
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.executors import run_all
from woc_sim.ensemble.store import open_store

if __name__ == "__main__":
    out = Path(sys.argv[1])
    with open_store(out) as store:
        run_all(planned_tasks(out, 200), Dask(1), progress=False, store=store)
"""


@pytest.mark.timeout(600)
def test_workers_of_a_killed_parent_end_and_what_was_stored_is_kept(tmp_path):
    out = tmp_path / "out"
    running = begun(ON_DASK, tmp_path, out)
    workers = children(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert workers
    waited = time.monotonic()
    while not all(map(ended, workers)):
        assert time.monotonic() - waited < 15, "workers outlive their parent"
        time.sleep(0.1)
    with open_store(out) as store:
        assert (ledger(out, store)["status"] == "done").any()
    assert Path(out / "shards").exists()


def test_dask_is_silent_until_broken_connections_have_been_told(monkeypatch):
    monkeypatch.setattr(clusters, "LATE_SECONDS", 0.3)
    logger = logging.getLogger("distributed")
    before = logger.level

    def interrupted():
        with clusters._without_dask_logging():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert logger.level > logging.CRITICAL
    with clusters._without_dask_logging():  # another cluster, before the time is over
        assert logger.level > logging.CRITICAL
    assert logger.level == before
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    time.sleep(0.6)
    assert logger.level == before
