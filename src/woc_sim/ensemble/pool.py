"""Worker processes of this machine. Each is spawned (a forked numba or BLAS can hang) and has one thread.

A thread of this process talks to each of them, so that one that does not read or answer holds up no other.
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
"""Beyond one each, so many workers may end one after the other before any has done something."""


class _Worker:
    """One process and the thread that talks to it; ``number`` is the batch at work."""

    def __init__(self, todo: SimpleQueue[tuple[int, bytes] | None], told: SimpleQueue[_Told]) -> None:
        self.process = spawn_worker()
        self.number: int | None = None
        self.is_ready = False
        self._todo, self._told = todo, told
        threading.Thread(target=self._talk, name="worker", daemon=True).start()

    def _talk(self) -> None:
        """Hand batches over and take answers, until there are no more or the process ends."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with process.stdin, process.stdout:
                receive(process.stdout)
                self.is_ready = True
                while (job := self._todo.get()) is not None:
                    self.number, batch = job
                    self._told.put((self, Started(self.number)))
                    send(process.stdin, batch)
                    reply = receive(process.stdout)
                    number, self.number = self.number, None
                    self._told.put((self, Replied(number, reply)))
        except (OSError, EOFError):
            lost = None if self.number is None else Lost(self.number, exit_description(process))
            self._told.put((self, lost))


_Told = tuple[_Worker, Event | None]


class Pool:
    """So many worker processes; those that end are replaced. A context manager that ends them all."""

    def __init__(self, workers: int) -> None:
        self._todo: SimpleQueue[tuple[int, bytes] | None] = SimpleQueue()
        self._told: SimpleQueue[_Told] = SimpleQueue()
        self._workers: list[_Worker] = []
        self._count = workers
        self._ended = 0

    def __enter__(self) -> Self:
        try:
            for _ in range(self._count):
                self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def width(self) -> int:
        """How many batches can be at work at the same time."""
        return self._count

    def room(self, running: int) -> bool:
        """Whether another batch can be handed over: one more than there are workers, so that none waits."""
        return running <= self._count

    def hand(self, number: int, batch: bytes) -> None:
        """Let the next worker that is free do a batch."""
        self._todo.put((number, batch))

    def events(self, seconds: float) -> list[Event]:
        """What has happened, after so many seconds at most. Raises UserError if workers cannot start."""
        found: list[Event] = []
        try:
            worker, event = self._told.get(timeout=seconds)
            while True:
                if event is not None:
                    self._ended = 0
                    found.append(event)
                if event is None or isinstance(event, Lost):
                    self._replace(worker)
                worker, event = self._told.get_nowait()
        except Empty:
            return found

    def end(self, number: int) -> None:
        """End the worker that does a batch, or, if none does, those that have not come to life."""
        for worker in self._workers:
            if worker.number == number or not worker.is_ready:
                worker.process.kill()

    def _start(self) -> None:
        self._workers.append(_Worker(self._todo, self._told))

    def _replace(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        how = exit_description(worker.process)
        self._ended += 1
        if self._ended > self._count + MAX_FAILED_STARTS:
            raise UserError(
                f"worker processes end before they have done anything ({how}); what they say is on standard "
                "error, and workers=1 does without them"
            )
        self._start()

    def _stop(self) -> None:
        processes: list[subprocess.Popen[bytes]] = [worker.process for worker in self._workers]
        for _ in processes:
            self._todo.put(None)
        kill_all(processes)
