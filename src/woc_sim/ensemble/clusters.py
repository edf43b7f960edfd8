"""Tasks on Dask: a cluster of this machine's own processes, or a running one that is reached by its address.

On a cluster each worker should have one thread; Slurm and PBS start such workers by ``dask-jobqueue``
(docs/sweeps.md). The scheduler hands out batches; as in the pool of processes, this process alone collects
and stores, and a batch that ends its worker is tried again task by task.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from woc_sim.ensemble.batches import Batch, Pace, Work, single_threaded, watch
from woc_sim.ensemble.design import Failure, Task
from woc_sim.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECT_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Dask:
    """Where Dask runs tasks: ``workers`` processes of this machine, or the cluster whose scheduler is at
    ``address`` ("tcp://host:port")."""

    workers: int = 2
    address: str | None = None


def _follower(parent: int) -> Any:
    """A worker plugin of a local cluster: workers end with the process that opened it."""
    from distributed import WorkerPlugin

    class Follow(WorkerPlugin):  # type: ignore[misc]
        name = "follow-parent"

        def setup(self, worker: Any) -> None:
            threading.Thread(target=watch, args=(parent,), name=self.name, daemon=True).start()

    return Follow()


def on_dask(
    tasks: Sequence[Task], cluster: Dask, work: Work, patient: bool = False
) -> Generator[Batch, None, None]:
    """Batches from a Dask cluster, in the order in which they end.

    patient: tasks of a batch whose worker died are tried again alone, and the one that ends its worker again
    is a failure; otherwise that is an exception. Raises UserError if Dask is not installed, or no scheduler
    or worker answers.
    """
    if not tasks:
        return
    try:
        from distributed import KilledWorker, wait
    except ImportError:
        raise UserError('executor=dask needs Dask; install it with pip install "woc-sim[cluster]"') from None
    pace, start = Pace(), 0
    running: dict[Any, Sequence[Task]] = {}
    suspects: list[Task] = []
    with _client(cluster) as client:
        workers = len(client.nthreads())
        while start < len(tasks) or running or suspects:
            while start < len(tasks) and len(running) <= workers:
                size = pace.size(len(tasks) - start, workers)
                chunk = tasks[start : start + size]
                running[client.submit(work, chunk, pure=False)] = chunk
                start += size
            if suspects and not running:
                task = suspects.pop(0)
                running[client.submit(work, [task], pure=False)] = [task]
            for future in wait(list(running), return_when="FIRST_COMPLETED").done:
                chunk = running.pop(future)
                try:
                    batch = future.result()
                except KilledWorker as error:
                    if not patient:
                        raise
                    if len(chunk) > 1:
                        suspects += chunk
                        continue
                    batch = [Failure(chunk[0].key, "worker", type(error).__name__, str(error), "", 0.0)]
                pace.learn(batch)
                yield batch


@contextmanager
def _client(cluster: Dask) -> Iterator[Any]:
    import dask
    from distributed import Client, LocalCluster

    if cluster.address is not None:
        try:
            client = Client(cluster.address, timeout=CONNECT_SECONDS)
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            told = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise UserError(
                f"executor.address={cluster.address}: no Dask scheduler with workers answers there ({told})"
            ) from None
        with client:
            yield client
        return
    # A worker that died has its batch tried again here, task by task, and not by the scheduler as a whole.
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.logging.distributed": "critical"}
    with (
        single_threaded(),
        dask.config.set(settings),
        LocalCluster(
            n_workers=cluster.workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        Client(local) as client,
    ):
        client.register_plugin(_follower(os.getpid()))
        yield client
