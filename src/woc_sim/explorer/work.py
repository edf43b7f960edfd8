"""Simulating for the explorer: in this process, or in worker processes that stay while the explorer runs.

The workers are those of ensembles (`woc_sim.ensemble.pool`). They keep the page quick in two ways: the thread
of the page never simulates, and what the simulator leaves in memory is not left in the process of the page.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from woc_sim.ensemble.batches import Lost, Replied, Reply, refuse_other_model
from woc_sim.ensemble.pool import Pool
from woc_sim.ensemble.replays import Game, Played, play_one
from woc_sim.ensemble.run import run_rows
from woc_sim.ensemble.warm import ensure_compiled
from woc_sim.errors import UserError
from woc_sim.explorer.history import History, record
from woc_sim.instruments.life_events import Life
from woc_sim.instruments.readings import READINGS
from woc_sim.scenario.identity import run_ids
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

MOST_KEPT: Final = 400
"""Replicates whose indicators are kept for when a slider comes back: 35 MB."""
TICK_SECONDS: Final = 0.2


def indicators_of(scenario: Scenario, replicate: int) -> Array:
    """Indicators of one replicate of a scenario with one locality: month x indicator."""
    (rows,) = run_rows(scenario, replicate, readings=(READINGS[0].name,))
    return rows.indicators


def lives_of(scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
    """Life stories of one replicate."""
    (rows,) = run_rows(scenario, replicate, count, readings=(READINGS[0].name,))
    return rows.lives


class Here:
    """Simulates in this process, for tests and notebooks. It is a `woc_sim.explorer.pair.Simulator`."""

    def indicators(self, scenario: Scenario, replicates: Sequence[int]) -> Array:
        """Indicators of these replicates."""
        return np.array([indicators_of(scenario, replicate) for replicate in replicates])

    def history(self, scenario: Scenario, replicate: int) -> History:
        """The history of one replicate."""
        return record(scenario, replicate)

    def lives(self, scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
        """Life stories of one replicate."""
        return lives_of(scenario, replicate, count)


@dataclass(frozen=True)
class Call:
    """A function of this module or `record`, and what it is called with. A worker takes it as a task."""

    work: Callable[..., Any]
    arguments: tuple[Any, ...]


def work_through(calls: Sequence[Call]) -> list[Any]:
    """What a worker does with a batch."""
    return [call.work(*call.arguments) for call in calls]


class Workers:
    """A few worker processes. It is a `woc_sim.explorer.pair.Simulator`, and a context manager.

    Calls wait in a queue of their owner's; `drop` forgets those of an owner that are no longer wanted. A call
    that runs is not stopped: it takes some hundredths of a second.
    """

    def __init__(self, processes: int) -> None:
        self._pool, self._size = Pool(processes), processes
        self._lock = threading.RLock()
        self._waiting: list[tuple[object, Call, Future[Any]]] = []
        self._running: dict[int, Future[Any]] = {}
        self._number = 0
        self._open = False
        self._kept: OrderedDict[Hashable, Array] = OrderedDict()

    def __enter__(self) -> Self:
        ensure_compiled()  # otherwise each worker would compile the kernels
        self._pool.__enter__()
        self._open = True
        threading.Thread(target=self._listen, name="explorer workers", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        self._pool.__exit__(kind, error, trace)

    def submit(self, owner: object, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Let a worker call `work`, a function that it can import."""
        future: Future[Any] = Future()
        with self._lock:
            self._waiting.append((owner, Call(work, arguments), future))
            self._send()
        return future

    def replicate(self, owner: object, scenario: Scenario, replicate: int) -> Future[Any]:
        """The indicators of one replicate: month x indicator. Those of late are kept."""
        key = run_ids(scenario, (replicate,))[0]
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                known: Future[Any] = Future()
                known.set_result(self._kept[key])
                return known
        future = self.submit(owner, indicators_of, scenario, replicate)
        future.add_done_callback(lambda done: self._keep(key, done))
        return future

    def drop(self, owner: object) -> None:
        """Forget the calls of this owner that no worker has begun."""
        with self._lock:
            dropped = [future for each, _, future in self._waiting if each is owner]
            self._waiting = [entry for entry in self._waiting if entry[0] is not owner]
        for future in dropped:
            future.cancel()

    def indicators(self, scenario: Scenario, replicates: Sequence[int]) -> Array:
        """Indicators of these replicates."""
        owner = object()
        futures = [self.replicate(owner, scenario, replicate) for replicate in replicates]
        return np.array([future.result() for future in futures])

    def history(self, scenario: Scenario, replicate: int) -> History:
        """The history of one replicate."""
        found: History = self.submit(object(), record, scenario, replicate).result()
        return found

    def lives(self, scenario: Scenario, replicate: int, count: int) -> tuple[Life, ...]:
        """Life stories of one replicate."""
        found: tuple[Life, ...] = self.submit(object(), lives_of, scenario, replicate, count).result()
        return found

    def why(self, owner: object, game: Game, replicate: int) -> Future[Played]:
        """The replays of one replicate that split an effect."""
        return self.submit(owner, play_one, game, replicate)

    def _keep(self, key: Hashable, done: Future[Any]) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        with self._lock:
            self._kept[key] = done.result()
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _send(self) -> None:
        """Give waiting calls to workers that are free."""
        while self._waiting and len(self._running) < self._size:
            _, call, future = self._waiting.pop(0)
            if not future.set_running_or_notify_cancel():
                continue
            self._number += 1
            self._running[self._number] = future
            self._pool.submit(self._number, pickle.dumps((work_through, [call])))

    def _listen(self) -> None:
        """Pass on what workers reply, until they are ended."""
        while self._open:
            try:
                events = self._pool.events(TICK_SECONDS)
            except UserError as error:  # workers cannot start
                self._fail(error)
                return
            for event in events:
                if not isinstance(event, Replied | Lost):
                    continue
                with self._lock:
                    future = self._running.pop(event.number)
                    self._send()
                _settle(future, event)

    def _fail(self, error: Exception) -> None:
        with self._lock:
            futures = [*self._running.values(), *(future for _, _, future in self._waiting)]
            self._running.clear()
            self._waiting.clear()
            self._open = False
        for future in futures:
            future.set_exception(error)


def _settle(future: Future[Any], event: Replied | Lost) -> None:
    """Give a call its result, or the error that came instead."""
    if isinstance(event, Lost):
        future.set_exception(
            UserError(f"a worker process ended ({event.reason}); move a setting to try again")
        )
        return
    reply: Reply = pickle.loads(event.reply)
    try:
        refuse_other_model(reply.model, reply.worker)
    except UserError as error:
        future.set_exception(error)
        return
    if reply.error is not None:
        future.set_exception(reply.error)
    else:
        future.set_result(reply.batch[0])
