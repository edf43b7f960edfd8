"""A pool of worker processes on this machine. Each is spawned (a forked numba or BLAS can hang) and has one
thread.

One thread of this process talks to each worker, so that a worker that does not read or reply cannot block the
others.
"""

from __future__ import annotations

import subprocess
import threading
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Final, Self

from woc_sim.ensemble.batches import Event, Lost, Replied, Started
from woc_sim.ensemble.messages import receive, send
from woc_sim.ensemble.spawn import exit_description, kill_all, spawn_worker
from woc_sim.errors import UserError

MAX_FAILED_STARTS: Final = 3
"""This many workers, besides one for each place in the pool, may end before the first result."""


class _Worker:
    """One process and the thread that talks to it. ``number``: the batch that it runs."""

    def __init__(
        self, jobs: SimpleQueue[tuple[int, bytes] | None], events: SimpleQueue[_WorkerEvent]
    ) -> None:
        self.process = spawn_worker()
        self.number: int | None = None
        self.is_ready = False
        self._jobs, self._events = jobs, events
        threading.Thread(target=self._serve, name="worker", daemon=True).start()

    def _serve(self) -> None:
        """Send batches and receive replies until there are no more batches or the process ends."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin, process.stdout:
                receive(process.stdout)
                self.is_ready = True
                while (job := self._jobs.get()) is not None:
                    self.number, batch = job
                    self._events.put((self, Started(self.number)))
                    send(process.stdin, batch)
                    reply = receive(process.stdout)
                    number, self.number = self.number, None
                    self._events.put((self, Replied(number, reply)))
        except (OSError, EOFError):
            event = None if self.number is None else Lost(self.number, exit_description(process))
            self._events.put((self, event))


_WorkerEvent = tuple[_Worker, Event | None]


class Pool:
    """A fixed number of worker processes; a process that ends is replaced. The context manager ends them
    all.
    """

    def __init__(self, workers: int) -> None:
        self._jobs: SimpleQueue[tuple[int, bytes] | None] = SimpleQueue()
        self._events: SimpleQueue[_WorkerEvent] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._size = workers
        self._failed_starts = 0

    def __enter__(self) -> Self:
        try:
            for _ in range(self._size):
                self._start_worker()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def capacity(self) -> int:
        """How many batches can run at the same time."""
        return self._size

    def has_room(self, running: int) -> bool:
        """Whether another batch can be submitted: one more than there are workers, so that no worker
        waits.
        """
        return running <= self._size

    def submit(self, number: int, batch: bytes) -> None:
        """Let the next free worker run a batch."""
        self._jobs.put((number, batch))

    def events(self, seconds: float) -> list[Event]:
        """The events since the last call; waits up to `seconds` for one. Raises UserError if workers cannot
        start.
        """
        events: list[Event] = []
        try:
            worker, event = self._events.get(timeout=seconds)
            while True:
                if event is not None:
                    self._failed_starts = 0
                    events.append(event)
                if event is None or isinstance(event, Lost):
                    self._replace(worker)
                worker, event = self._events.get_nowait()
        except Empty:
            return events

    def kill(self, number: int) -> None:
        """Kill the worker of a batch, or, if none runs it, the workers that have not started."""
        for worker in self._workers:
            if worker.number == number or not worker.is_ready:
                worker.process.kill()

    def _start_worker(self) -> None:
        self._workers.append(_Worker(self._jobs, self._events))

    def _replace(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        description = exit_description(worker.process)
        self._failed_starts += 1
        if self._failed_starts > self._size + MAX_FAILED_STARTS:
            raise UserError(
                f"worker processes end before their first result ({description}); their messages are on "
                "standard error; workers=1 needs none of them"
            )
        self._start_worker()

    def _stop(self) -> None:
        processes: list[subprocess.Popen[bytes]] = [worker.process for worker in self._workers]
        for _ in processes:
            self._jobs.put(None)
        kill_all(processes)
