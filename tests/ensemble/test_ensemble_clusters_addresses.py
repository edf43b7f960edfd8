"""Dask clusters at an address: other versions, no package, no scheduler, one that ends during a run."""

from __future__ import annotations

import contextlib
import http.server
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from ensemble_processes import loopback_up
from test_ensemble_sweep_tables import planned_tasks
from tests.copies import copy_package

from woc_sim.ensemble import clusters
from woc_sim.ensemble.batches import Reply, _open_reply
from woc_sim.ensemble.clusters import Dask, check_cluster, on_dask
from woc_sim.ensemble.executors import run_all
from woc_sim.ensemble.sweep_tables import canonical_hash
from woc_sim.errors import UserError

BLOCKED = "import sys\nsys.modules['woc_sim'] = None\n"


@pytest.fixture(scope="module", autouse=True)
def loopback() -> None:
    loopback_up()


@contextlib.contextmanager
def started(*command: str, places: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One of Dask's own commands as a process; `places` is its PYTHONPATH."""
    paths = {} if places is None else {"PYTHONPATH": places}
    process = subprocess.Popen(
        [sys.executable, "-m", *command], env=os.environ | paths, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler: its address and process."""
    port = 20000 + os.getpid() % 20000
    address = f"tcp://127.0.0.1:{port}"
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--dashboard-address", ":0")
    with started("distributed.cli.dask_scheduler", *options) as process:
        yield address, process


def worker(address: str, places: str | None = None):
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    return started("distributed.cli.dask_worker", address, *options, places=places)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory) -> str:
    """A folder with a copy of the package in which one number of the model differs."""
    place = tmp_path_factory.mktemp("foreign")
    (table, *_) = sorted((copy_package(place) / "scenario" / "parameters").glob("*.csv"))
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([*lines[:-1], lines[-1].replace("0", "1", 1)]) + "\n", "utf-8")
    return str(place)


@pytest.fixture(scope="module")
def without(tmp_path_factory) -> str:
    """A folder that prevents Python from importing the package."""
    place = tmp_path_factory.mktemp("without")
    (place / "sitecustomize.py").write_text(BLOCKED)
    return str(place)


def refused(address: str, match: str) -> None:
    with pytest.raises(UserError, match=match) as told:
        check_cluster(Dask(address=address))
    assert len(told.value.sentence) <= 300
    assert told.value.sentence.isprintable()


@pytest.mark.thorough
@pytest.mark.timeout(60)
def test_workers_that_lack_this_version_are_refused_and_one_that_has_it_is_not(
    tmp_path, foreign, without, monkeypatch
):
    whole = canonical_hash(run_all(planned_tasks(tmp_path), progress=False))
    with scheduler() as (address, _):
        monkeypatch.setattr(clusters, "CONNECT_SECONDS", 2)
        time.sleep(3)
        refused(address, r"has no workers; start some")
        monkeypatch.setattr(clusters, "CONNECT_SECONDS", 20)
        with worker(address, foreign):
            refused(address, r"worker tcp://127.* has another version of the model .*install this woc_sim")
        with worker(address, without):
            refused(address, r"the worker tcp://127.* cannot use woc_sim .*install this woc_sim")
        with worker(address):
            found = run_all(planned_tasks(tmp_path), Dask(address=address), progress=False)
            assert canonical_hash(found) == whole


def watched(crew) -> None:
    while True:
        crew.events(0.5)


@pytest.mark.thorough
@pytest.mark.timeout(60)
def test_a_worker_that_joins_later_is_asked_too(foreign):
    with scheduler() as (address, _), worker(address), on_dask(Dask(address=address)) as crew:
        assert crew.events(0.1) == []
        with worker(address, foreign), pytest.raises(UserError, match="another version of the model"):
            watched(crew)


def test_every_reply_says_which_model_made_it():
    reply = Reply("0123456789abcdef", "on far\x1b, process 7", [], ValueError("of another version"))
    with pytest.raises(UserError, match=r"worker on far\?, process 7 has another version of the model"):
        _open_reply(pickle.dumps(reply))


@pytest.mark.timeout(60)
def test_a_lost_scheduler_is_told_in_a_sentence_and_what_was_finished_is_kept(tmp_path):
    kept: list[str] = []

    with scheduler() as (address, process), worker(address):

        class Store:
            """Keeps keys; the scheduler ends when the first batch is stored."""

            def read(self, keys):
                return {}

            failures = read

            def add(self, outcomes):
                kept.extend(each.key for each in outcomes)
                process.kill()

            def add_failures(self, failures):
                assert not failures

        with pytest.raises(UserError, match=r"scheduler at tcp.* does not answer.*kept") as told:
            run_all(planned_tasks(tmp_path, 200), Dask(address=address), progress=False, store=Store())
    assert kept
    assert len(told.value.sentence) <= 300


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:9",
        "tls://127.0.0.1:9",
        "nowhere:here",
        "http://127.0.0.1:9",
        "ucx://127.0.0.1:9",
        "inproc://127.0.0.1/1/1",
        "tcp://127.0.0.1:99999999",
        "tcp://[::1",
        "tcp://",
        "",
        "tcp://\x1b[31m:1",
        "x" * 500,
    ],
)
def test_an_address_without_a_scheduler_is_told_in_a_sentence(monkeypatch, address):
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 1)
    refused(address, r"executor\.address=.*: no Dask scheduler answers there .*tcp://HOST:PORT")


@pytest.mark.timeout(60)
def test_another_service_at_the_address_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(clusters, "CONNECT_SECONDS", 2)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        refused(f"tcp://127.0.0.1:{server.server_port}", "no Dask scheduler answers there")
        server.shutdown()
