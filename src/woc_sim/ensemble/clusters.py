"""Tasks on Dask: a cluster of this machine's own processes, or a running one that is reached by its address.

On a cluster each worker should have one thread; Slurm and PBS start such workers by ``dask-jobqueue``
(docs/sweeps.md). The scheduler hands out batches; as in the pool of processes, this process alone collects
and stores. Every worker is asked for its version of the model when it is first seen, and says it again with
every batch. What is sent names functions by a text, and all else is bytes: so a worker without this package
can answer that it has none, and workers of different Pythons understand one another.

A cluster of our own talks over the loopback device, encrypted with a key that is kept in memory: without it
nobody else on the machine can connect, and so run code as its owner.
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
"""For a worker to import the package and say which version it has."""
NO_WORKER_SECONDS: Final = 60.0
"""For a worker to come back, or a new one, when all are gone."""
ANSWER_SECONDS: Final = 30
UPDATE_SECONDS: Final = 1.0
WORKER: Final = "__import__('woc_sim.ensemble.worker', fromlist=['reply_to_batch'])"
ASK_MODEL: Final = f"{WORKER}.model_version()"
RUN_BATCH: Final = f"{WORKER}.reply_to_batch(batch)"
RESUME_ADVICE: Final = "what was finished is kept, and the same command goes on from there"


@dataclass(frozen=True, slots=True)
class Dask:
    """Where Dask runs tasks: ``workers`` processes of this machine, or the cluster whose scheduler is at
    ``address`` ("tcp://host:port")."""

    workers: int = 2
    address: str | None = None


def check_cluster(cluster: Dask) -> None:
    """Raise UserError if tasks cannot be run on a cluster: Dask is not installed, no scheduler or worker
    answers at its address, or its workers have another version of the model, or none. Starts nothing."""
    _check_installed(cluster)
    if cluster.address is not None:
        with on_dask(cluster):
            pass


@contextmanager
def on_dask(cluster: Dask) -> Iterator[_Cluster]:
    """The workers of a Dask cluster, all of the same version of the model as this process.

    Raises UserError as `check_cluster` does.
    """
    _check_installed(cluster)
    with (
        _without_dask_logging(),
        _local(cluster.workers) if cluster.address is None else _remote(cluster.address) as crew,
    ):
        crew.welcome()
        yield crew


def _check_installed(cluster: Dask) -> None:
    try:
        import distributed  # noqa: F401

        if cluster.address is None:
            import cryptography  # noqa: F401 - which Dask's encryption needs
    except ImportError as error:
        raise UserError(
            f"executor=dask needs {error.name or 'Dask'}, which cannot be imported; install it with "
            'pip install "woc-sim[cluster]"'
        ) from None


@contextmanager
def _without_dask_logging() -> Iterator[None]:
    """Without what Dask tells on standard error: what matters of it becomes a sentence."""
    import distributed  # noqa: F401 - which sets up its loggers

    names = [name for name in logging.root.manager.loggerDict if name.startswith(("distributed", "tornado"))]
    loggers = [logging.getLogger(name) for name in [*names, "asyncio"]]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


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
    """A client of a running scheduler; raises UserError if there is none at the address."""
    from distributed import Client

    answers: SimpleQueue[Exception | None] = SimpleQueue()

    def knock() -> None:
        try:
            asyncio.run(asyncio.wait_for(_scheduler_at(address), CONNECT_SECONDS))
        except Exception as error:  # of any kind: an address is not checked before it is used
            answers.put(error)
        else:
            answers.put(None)

    # A client would wait for ever for the answer of another program. A thread, as notebooks have a loop.
    threading.Thread(target=knock, daemon=True).start()
    error = answers.get()
    if error is not None:
        raise UserError(
            f"executor.address={shown(address)}: no Dask scheduler answers there ({_first_line(error)}); give the "
            "address that it prints, tcp://HOST:PORT"
        )
    return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)


async def _scheduler_at(address: str) -> None:
    """Raise what goes wrong in asking who is at an address, or ValueError if that is no scheduler."""
    from distributed.core import rpc
    from distributed.security import Security

    async with rpc(address, connection_args=Security().get_connection_args("client")) as there:
        kind = (await there.identity())["type"]
        if "Scheduler" not in kind:
            raise ValueError(f"a {kind} does")


@contextmanager
def _local(workers: int) -> Iterator[_Cluster]:
    import dask
    from distributed import Client
    from distributed.security import Security

    security = Security.temporary()
    # A worker that died has its batch tried again here, task by task, and not by the scheduler as a whole.
    # Pages about the cluster are for none but its owner, who has no use for them.
    settings = {"distributed.scheduler.allowed-failures": 0, "distributed.scheduler.http.routes": []}
    with dask.config.set(settings), _loopback_cluster(security) as local:
        crew = None
        client = Client(local, set_as_default=False)
        try:
            crew = _LocalCluster(client, local.scheduler, security, workers)
            yield crew
        finally:
            if crew is not None:
                crew.stop()
            _close(client)


def _loopback_cluster(security: Any) -> Any:
    """A scheduler in this process that listens on the loopback device, encrypted."""
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
    with suppress(Exception):  # the scheduler may be gone, and nothing more is wanted of it
        client.close(timeout=2)


def _first_line(error: BaseException) -> str:
    return shown(str(error).splitlines()[0] if str(error) else type(error).__name__)


class _WorkerEndedError(Exception):
    """A worker ended, and why."""


class _Cluster:
    """Workers of a cluster as a crew."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = shown(address)
        self._futures: dict[int, Any] = {}
        self._done: SimpleQueue[int] = SimpleQueue()
        self._own: list[Event] = []
        self._known: set[str] = set()
        self._greetings: dict[str, Any] = {}
        self._frozen: set[str] = set()
        self._threads: dict[str, int] = {}
        self._seen = self._looked = 0.0

    def welcome(self) -> None:
        """Greet who is there, and wait for their answers; who gives none is asked with its first batch."""
        start = time.monotonic()
        self._greet()
        while self._greetings and time.monotonic() - start < GREETING_SECONDS:
            time.sleep(0.05)
            self._greet()

    def width(self) -> int:
        """How many batches can be at work at the same time."""
        return max(1, sum(self._threads.values()))

    def room(self, running: int) -> bool:
        """Whether a worker is free."""
        return running < sum(self._threads.values())

    def hand(self, number: int, batch: bytes) -> None:
        """Let Dask choose a worker for a batch."""
        places = {"workers": list(self._threads)} if self._frozen else {}
        future = self._client.submit(eval, RUN_BATCH, {"batch": batch}, pure=False, **places)
        self._futures[number] = future
        self._own.append(Started(number))
        future.add_done_callback(lambda _: self._done.put(number))

    def events(self, seconds: float) -> list[Event]:
        """What has happened, after so many seconds at most. Raises UserError if the scheduler is lost, if no
        worker is left, or one has another version of the model or none."""
        if time.monotonic() - self._looked > UPDATE_SECONDS:
            self._greet()
        found, self._own = self._own, []
        if found:
            return found
        try:
            number = self._done.get(timeout=seconds)
            while True:
                future = self._futures.pop(number, None)
                if future is not None:
                    found.append(self._ended(number, future))
                number = self._done.get_nowait()
        except Empty:
            return found

    def end(self, number: int) -> None:
        """Give up a batch, and trust its worker no more."""
        future = self._futures.pop(number)
        for address, keys in self._ask(self._client.scheduler.processing).items():
            if any(str(key) == str(future.key) for key in keys):
                self._frozen.add(address)
                self._threads.pop(address, None)  # not to be given the next batch before it is gone
                self._leave(address)
        future.cancel(force=True)
        self._own.append(Lost(number, "it answered no more"))

    def _leave(self, address: str) -> None:
        """What to do with a worker that does not answer: it gets no more work."""

    def _greet(self) -> None:
        """Look who is there, and ask those that are new for their version of the model.

        Raises UserError if one has another or none.
        """
        self._look()
        for address in self._threads.keys() - self._known:
            self._known.add(address)
            self._greetings[address] = self._client.submit(eval, ASK_MODEL, pure=False, workers=[address])
        for address, future in list(self._greetings.items()):
            if future.done() or address not in self._threads:
                del self._greetings[address]
                with suppress(_WorkerEndedError):
                    refuse_other_model(self._result(future, address), address)

    def _look(self) -> None:
        """Who is there. Raises UserError if nobody is for long, or the scheduler does not answer."""
        self._looked = time.monotonic()
        there = self._ask(self._client.scheduler.ncores)
        self._threads = {address: number for address, number in there.items() if address not in self._frozen}
        if self._threads or not self._seen:
            self._seen = self._looked
        elif self._looked - self._seen > NO_WORKER_SECONDS:
            raise UserError(f"executor=dask: no worker of {self._address} answers any more; {RESUME_ADVICE}")

    def _ask(self, question: Any) -> Any:
        """The scheduler's answer. Raises UserError if there is none."""
        try:
            if self._client.status != "running":
                raise OSError(self._client.status)
            return self._client.sync(question, callback_timeout=ANSWER_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise self._lost(error) from None

    def _ended(self, number: int, future: Any) -> Event:
        try:
            return Replied(number, self._result(future, f"of {self._address}"))
        except _WorkerEndedError as error:
            return Lost(number, str(error))

    def _result(self, future: Any, worker: str) -> Any:
        """What a worker answered. Raises _GoneError if it ended, UserError if it cannot answer (what a run
        raises there is an answer)."""
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
                raise self._lost(error) from None
            raise UserError(
                f"the worker {shown(worker)} cannot use woc_sim ({type(error).__name__}: {_first_line(error)}); "
                "install this woc_sim where it runs and start it anew"
            ) from None

    def _lost(self, error: BaseException) -> UserError:
        return UserError(
            f"executor=dask: the scheduler at {self._address} does not answer any more ({_first_line(error)}); "
            f"{RESUME_ADVICE}"
        )


class _LocalCluster(_Cluster):
    """Workers that are processes of our own; those that end are replaced."""

    def __init__(self, client: Any, scheduler: Any, security: Any, workers: int) -> None:
        super().__init__(client, scheduler.address)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._scheduler, self._security = scheduler, security
        self._started = self._ended_in_vain = 0
        for _ in range(workers):
            self._start()

    def welcome(self) -> None:
        """Wait for the first worker; all were started from this very package."""
        start = time.monotonic()
        while not self._threads:
            self._tend()
            self._look()
            if time.monotonic() - start > START_SECONDS:
                raise UserError("executor=dask: no worker process has come up; try executor=processes")
            time.sleep(0.05)

    def events(self, seconds: float) -> list[Event]:
        """What has happened; processes that ended are replaced. Raises UserError if they cannot start."""
        self._tend()
        found = super().events(seconds)
        if any(not isinstance(event, Started) for event in found):
            self._ended_in_vain = 0
        return found

    def _tend(self) -> None:
        """Replace the processes that have ended."""
        for name, process in list(self.processes.items()):
            if process.poll() is None:
                continue
            _close_pipes(self.processes.pop(name))
            self._ended_in_vain += 1
            if self._ended_in_vain > len(self.processes) + 1 + MAX_FAILED_STARTS:
                raise UserError(
                    f"worker processes of Dask end before they have done anything ({exit_description(process)}); what "
                    "they say is on standard error"
                )
            self._start()

    def stop(self) -> None:
        """End the processes."""
        processes = list(self.processes.values())
        kill_all(processes)
        for process in processes:
            _close_pipes(process)

    def _greet(self) -> None:
        """Look who is there; nobody has to be asked."""
        self._look()

    def _start(self) -> None:
        self._started += 1
        name = f"worker-{self._started}"
        self.processes[name] = spawn_worker((self._scheduler.address, self._security, name))

    def _leave(self, address: str) -> None:
        worker = self._scheduler.workers.get(address)
        if worker is not None and worker.name in self.processes:
            self.processes[worker.name].kill()


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    """Close the pipes to a process that has ended."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
