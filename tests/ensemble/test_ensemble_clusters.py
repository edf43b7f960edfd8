"""Dask gives what one process gives, and loses no more than the run that ends its worker."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from distributed import LocalCluster
from ensemble_processes import children, ended
from test_ensemble_sweeps import begun, broken, planned_tasks

from woc_sim.ensemble import clusters, executors
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.clusters import Dask, on_dask
from woc_sim.ensemble.design import Failure, Task
from woc_sim.ensemble.executors import run_all, run_batch
from woc_sim.ensemble.guard import guarded
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.sweeps import canonical_hash, ledger
from woc_sim.errors import UserError


@pytest.fixture(scope="module", autouse=True)
def loopback() -> None:
    """Dask's processes talk over the loopback device, which is down where the network was switched off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        name, get_flags, set_flags, up = b"lo", 0x8913, 0x8914, 1
        told = fcntl.ioctl(device, get_flags, struct.pack("16sH14x", name, 0))
        (flags,) = struct.unpack("16xH14x", told)
        if not flags & up:
            fcntl.ioctl(device, set_flags, struct.pack("16sH14x", name, flags | up))


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


def test_a_running_cluster_is_reached_by_its_address(tmp_path, whole):
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        found = run_all(planned_tasks(tmp_path), Dask(address=cluster.scheduler_address), progress=False)
    assert canonical_hash(found) == canonical_hash(whole)


def test_an_address_without_a_scheduler_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere:here"):
        with pytest.raises(UserError, match=rf"{address}: no Dask scheduler with workers"):
            run_all(planned_tasks(tmp_path), Dask(address=address), progress=False)


def deadly(tasks: Sequence[Task]) -> Batch:
    if any(task.replicate == 1 and "C02" in task.cell for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_batch(tasks)


def test_a_run_that_ends_its_worker_is_a_failure_and_its_neighbours_are_not(tmp_path):
    tasks = planned_tasks(tmp_path)
    found = [each for batch in on_dask(tasks, Dask(2), deadly, patient=True) for each in batch]
    lost = [each for each in found if isinstance(each, Failure)]
    (guilty,) = (task.key for task in tasks if task.replicate == 1 and "C02" in task.cell)
    assert [(each.key, each.stage, each.kind) for each in lost] == [(guilty, "worker", "KilledWorker")]
    assert {each.key for each in found} == {task.key for task in tasks}
    assert len(found) == len(tasks)


def test_a_time_limit_holds_in_a_thread_as_workers_of_dask_have_it(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "run_task", broken("hangs", 0))
    task, found = planned_tasks(tmp_path)[0], []
    thread = threading.Thread(target=lambda: found.append(guarded(task, executors.run_task, 0.3)))
    thread.start()
    thread.join(timeout=20)
    assert [(each.stage, each.message) for each in found] == [("time limit", "not finished after 0.3 s")]


ON_DASK = """
import sys
from pathlib import Path
from test_ensemble_sweeps import planned_tasks
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.executors import run_all
from woc_sim.ensemble.store import open_store

if __name__ == "__main__":
    out = Path(sys.argv[1])
    with open_store(out) as store:
        run_all(planned_tasks(out, 200), Dask(2), progress=False, store=store)
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
