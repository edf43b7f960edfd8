"""Running tasks on Dask: a cluster of this machine's own processes, or a running one at an address.

On a cluster each worker should have one thread; ``dask-jobqueue`` starts such workers on Slurm and PBS
(docs/sweeps.md). The scheduler distributes batches; only this process collects and stores results. Every
worker is asked for its version of the model when it appears, and repeats it with every batch. A message names
functions by text, and everything else in it is bytes. So a worker without this package can still reply, and
workers may have different versions of Python.

A local cluster uses the loopback device and TLS with a key in memory. Without TLS, other users of the machine
could connect and run code as its owner.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final

from woc_sim.ensemble.batches import START_SECONDS, Event, Lost, Replied, Started, refuse_other_model
from woc_sim.ensemble.pool import MAX_FAILED_STARTS
from woc_sim.ensemble.spawn import exit_description, kill_all, spawn_worker
from woc_sim.errors import UserError
from woc_sim.records import shown

CONNECT_SECONDS: Final = 10
GREETING_SECONDS: Final = 60.0
"""Time in which a worker must import the package and report its version."""
NO_WORKER_SECONDS: Final = 60.0
"""Time without any worker, after which the run ends."""
ANSWER_SECONDS: Final = 30
UPDATE_SECONDS: Final = 1.0
LATE_SECONDS: Final = 5.0
"""Time in which Dask's thread still tells of connections that an error or Ctrl-C broke."""
WORKER: Final = "__import__('woc_sim.ensemble.worker', fromlist=['reply_to_batch'])"
ASK_MODEL: Final = f"{WORKER}.model_version()"
RUN_BATCH: Final = f"{WORKER}.reply_to_batch(batch)"
RESUME_ADVICE: Final = "finished runs are kept, and the same command resumes"


@dataclass(frozen=True, slots=True)
class Dask:
    """Where Dask runs tasks: ``workers`` processes of this machine, or the cluster whose scheduler is at
    ``address`` ("tcp://host:port").
    """

    workers: int = 2
    address: str | None = None


def check_cluster(cluster: Dask) -> None:
    """Raise UserError if tasks cannot run on a cluster: Dask is not installed, no scheduler or worker answers
    at the address, or its workers have another version of the model or none. Starts nothing.
    """
    _check_installed(cluster)
    if cluster.address is not None:
        with on_dask(cluster):
            pass


@contextmanager
def on_dask(cluster: Dask) -> Iterator[_Cluster]:
    """The workers of a Dask cluster, all with the same version of the model as this process.

    Raises UserError like `check_cluster`.
    """
    _check_installed(cluster)
    with (
        _without_dask_logging(),
        _local(cluster.workers) if cluster.address is None else _remote(cluster.address) as running,
    ):
        running.greet_workers()
        yield running


def _check_installed(cluster: Dask) -> None:
    try:
        import distributed  # noqa: F401

        if cluster.address is None:
            import cryptography  # noqa: F401 - Dask's encryption needs it
    except ImportError as error:
        raise UserError(
            f"executor=dask needs {error.name or 'Dask'}, which cannot be imported; install it with "
            'pip install "woc-sim[cluster]"'
        ) from None


@contextmanager
def _without_dask_logging() -> Iterator[None]:
    """Switch off Dask's messages on standard error; important ones become our own sentences.

    After an error or Ctrl-C they stay off for `LATE_SECONDS`: Dask's thread tells a moment later of broken
    connections.
    """
    import distributed  # noqa: F401 - sets up its loggers

    while _late:  # an earlier cluster ended a moment ago
        earlier = _late.pop()
        earlier.cancel()
        earlier.function()
    names = [name for name in logging.root.manager.loggerDict if name.startswith(("distributed", "tornado"))]
    loggers = [logging.getLogger(name) for name in [*names, "asyncio"]]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)

    def restore() -> None:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except BaseException:
        later = threading.Timer(LATE_SECONDS, restore)
        later.daemon = True
        later.start()
        _late.append(later)
        raise
    restore()


_late: Final[list[threading.Timer]] = []
"""Timers that switch Dask's messages on again."""


@contextmanager
def _remote(address: str) -> Iterator[_Cluster]:
    client = _connect(address)
    try:
        with suppress(TimeoutError):
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        if not client.nthreads():
            raise UserError(
                f"executor.address={shown(address)}: the Dask scheduler there has no workers; start some "
                "with `dask worker ADDRESS --nthreads 1`"
            )
        yield _Cluster(client, address)
    finally:
        _close(client)


def _connect(address: str) -> Any:
    """A client of a running scheduler. Raises UserError if no scheduler answers at the address."""
    from distributed import Client

    answers: SimpleQueue[Exception | None] = SimpleQueue()

    def ask_scheduler() -> None:
        try:
            asyncio.run(asyncio.wait_for(_scheduler_at(address), CONNECT_SECONDS))
        except Exception as error:  # of any type: Dask does not check an address before it uses it
            answers.put(error)
        else:
            answers.put(None)

    # A client would wait for ever if another program has the address. A thread, because notebooks run an
    # event loop.
    threading.Thread(target=ask_scheduler, daemon=True).start()
    error = answers.get()
    if error is not None:
        raise UserError(
            f"executor.address={shown(address)}: no Dask scheduler answers there ({_first_line(error)}); "
            "give the address that it prints, tcp://HOST:PORT"
        )
    return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)


async def _scheduler_at(address: str) -> None:
    """Raise an error if no scheduler answers at an address: that of the connection, or ValueError for another
    program.
    """
    from distributed.core import rpc
    from distributed.security import Security

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        kind = (await scheduler.identity())["type"]
        if "Scheduler" not in kind:
            raise ValueError(f"a {kind} does")


@contextmanager
def _local(workers: int) -> Iterator[_Cluster]:
    import dask
    from distributed import Client
    from distributed.security import Security

    security = Security.temporary()
    # A lost batch is tried again here, task by task; the scheduler must not repeat it as a whole.
    # The dashboard is off: other users could open it.
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.http.routes": []}
    with dask.config.set(settings), _loopback_cluster(security) as local:
        cluster = None
        client = Client(local, set_as_default=False)
        try:
            cluster = _LocalCluster(client, local.scheduler, security, workers)
            yield cluster
        finally:
            if cluster is not None:
                cluster.stop()
            _close(client)


def _loopback_cluster(security: Any) -> Any:
    """An encrypted scheduler in this process that listens on the loopback device."""
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=0,
            processes=False,
            protocol="tls://",
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            security=security,
        )
    except (OSError, RuntimeError, TimeoutError) as error:
        raise UserError(
            f"executor=dask: no cluster can be started on 127.0.0.1 ({_first_line(error)}); without Dask, "
            "executor=processes does the same"
        ) from None


def _close(client: Any) -> None:
    with suppress(Exception):  # the scheduler may be gone
        client.close(timeout=2)


def _first_line(error: BaseException) -> str:
    return shown(str(error).splitlines()[0] if str(error) else type(error).__name__)


class _WorkerEndedError(Exception):
    """A worker ended; the text says why."""


class _Cluster:
    """The workers of a Dask cluster as a `WorkerGroup`."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = shown(address)
        self._futures: dict[int, Any] = {}
        self._done: SimpleQueue[int] = SimpleQueue()
        self._pending: list[Event] = []
        self._greeted: set[str] = set()
        self._greetings: dict[str, Any] = {}
        self._frozen: set[str] = set()
        self._threads: dict[str, int] = {}
        self._last_worker = self._last_update = 0.0

    def greet_workers(self) -> None:
        """Ask all present workers for their version and wait for the replies. A worker that gives none is
        checked with its first batch.
        """
        start = time.monotonic()
        self._update_and_greet()
        while self._greetings and time.monotonic() - start < GREETING_SECONDS:
            time.sleep(0.05)
            self._update_and_greet()

    def capacity(self) -> int:
        """How many batches can run at the same time."""
        return max(1, sum(self._threads.values()))

    def has_room(self, running: int) -> bool:
        """Whether a worker is free."""
        return running < sum(self._threads.values())

    def submit(self, number: int, batch: bytes) -> None:
        """Let Dask choose a worker for a batch."""
        where = {"workers": list(self._threads)} if self._frozen else {}
        future = self._client.submit(eval, RUN_BATCH, {"batch": batch}, pure=False, **where)
        self._futures[number] = future
        self._pending.append(Started(number))
        future.add_done_callback(lambda _: self._done.put(number))

    def events(self, seconds: float) -> list[Event]:
        """The events since the last call; waits up to `seconds` for one. Raises UserError if the scheduler is
        lost, no worker is left, or a worker has another version of the model or none.
        """
        if time.monotonic() - self._last_update > UPDATE_SECONDS:
            self._update_and_greet()
        events, self._pending = self._pending, []
        if events:
            return events
        try:
            number = self._done.get(timeout=seconds)
            while True:
                future = self._futures.pop(number, None)
                if future is not None:
                    events.append(self._event_of(number, future))
                number = self._done.get_nowait()
        except Empty:
            return events

    def kill(self, number: int) -> None:
        """Give up a batch and use its worker no more."""
        future = self._futures.pop(number)
        for address, keys in self._ask_scheduler(self._client.scheduler.processing).items():
            if any(str(key) == str(future.key) for key in keys):
                self._frozen.add(address)
                self._threads.pop(address, None)  # so that it gets no further batch
                self._drop_worker(address)
        future.cancel(force=True)
        self._pending.append(Lost(number, "it did not reply"))

    def _drop_worker(self, address: str) -> None:
        """Handle a worker that does not reply; here it only gets no more work."""

    def _update_and_greet(self) -> None:
        """Update the list of workers, and ask new ones for their version of the model.

        Raises UserError if a worker has another version or none.
        """
        self._update_workers()
        for address in self._threads.keys() - self._greeted:
            self._greeted.add(address)
            self._greetings[address] = self._client.submit(eval, ASK_MODEL, pure=False, workers=[address])
        for address, future in list(self._greetings.items()):
            if future.done() or address not in self._threads:
                del self._greetings[address]
                with suppress(_WorkerEndedError):
                    refuse_other_model(self._result(future, address), address)

    def _update_workers(self) -> None:
        """Update the list of workers. Raises UserError if there has been none for long, or if the scheduler
        does not answer.
        """
        self._last_update = time.monotonic()
        cores = self._ask_scheduler(self._client.scheduler.ncores)
        self._threads = {address: number for address, number in cores.items() if address not in self._frozen}
        if self._threads or not self._last_worker:
            self._last_worker = self._last_update
        elif self._last_update - self._last_worker > NO_WORKER_SECONDS:
            raise UserError(f"executor=dask: no worker of {self._address} answers; {RESUME_ADVICE}")

    def _ask_scheduler(self, question: Any) -> Any:
        """The scheduler's answer. Raises UserError if there is none."""
        try:
            if self._client.status != "running":
                raise OSError(self._client.status)
            return self._client.sync(question, callback_timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise self._scheduler_lost(error) from None

    def _event_of(self, number: int, future: Any) -> Event:
        try:
            return Replied(number, self._result(future, f"of {self._address}"))
        except _WorkerEndedError as error:
            return Lost(number, str(error))

    def _result(self, future: Any, worker: str) -> Any:
        """A worker's reply. Raises _WorkerEndedError if it ended, UserError if it cannot reply. (An exception
        of a run there is part of a reply.)
        """
        from distributed import KilledWorker

        try:
            return future.result(timeout=ANSWER_SECONDS if future.done() else 0)
        except KilledWorker as error:
            raise _WorkerEndedError(_first_line(error)) from None
        except TimeoutError:
            raise _WorkerEndedError("it ended before its answer was fetched") from None
        except UserError:
            raise
        except (Exception, CancelledError) as error:
            if future.status != "error":
                raise self._scheduler_lost(error) from None
            raise UserError(
                f"the worker {shown(worker)} cannot use woc_sim ({type(error).__name__}: "
                f"{_first_line(error)}); "
                "install this woc_sim where it runs and start it again"
            ) from None

    def _scheduler_lost(self, error: BaseException) -> UserError:
        return UserError(
            f"executor=dask: the scheduler at {self._address} does not answer ({_first_line(error)}); "
            f"{RESUME_ADVICE}"
        )


class _LocalCluster(_Cluster):
    """Workers that are processes of this machine. A process that ends is replaced."""

    def __init__(self, client: Any, scheduler: Any, security: Any, workers: int) -> None:
        super().__init__(client, scheduler.address)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._scheduler, self._security = scheduler, security
        self._started = self._failed_starts = 0
        for _ in range(workers):
            self._start_worker()

    def greet_workers(self) -> None:
        """Wait for the first worker. All have the same version, because they start from this package."""
        start = time.monotonic()
        while not self._threads:
            self._replace_ended()
            self._update_workers()
            if time.monotonic() - start > START_SECONDS:
                raise UserError("executor=dask: no worker process has started; try executor=processes")
            time.sleep(0.05)

    def events(self, seconds: float) -> list[Event]:
        """The events since the last call. Replaces processes that ended. Raises UserError if they cannot
        start.
        """
        self._replace_ended()
        events = super().events(seconds)
        if any(not isinstance(event, Started) for event in events):
            self._failed_starts = 0
        return events

    def _replace_ended(self) -> None:
        """Replace the processes that have ended."""
        for name, process in list(self.processes.items()):
            if process.poll() is None:
                continue
            _close_pipes(self.processes.pop(name))
            self._failed_starts += 1
            if self._failed_starts > len(self.processes) + 1 + MAX_FAILED_STARTS:
                raise UserError(
                    "worker processes of Dask end before their first result "
                    f"({exit_description(process)}); "
                    "their messages are on standard error"
                )
            self._start_worker()

    def stop(self) -> None:
        """End the processes."""
        processes = list(self.processes.values())
        kill_all(processes)
        for process in processes:
            _close_pipes(process)

    def _update_and_greet(self) -> None:
        """Update the list of workers. They all have the same version of the model."""
        self._update_workers()

    def _start_worker(self) -> None:
        self._started += 1
        name = f"worker-{self._started}"
        self.processes[name] = spawn_worker((self._scheduler.address, self._security, name))

    def _drop_worker(self, address: str) -> None:
        worker = self._scheduler.workers.get(address)
        if worker is not None and worker.name in self.processes:
            self.processes[worker.name].kill()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes to a process that has ended."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
