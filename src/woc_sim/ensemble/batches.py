"""Batches: how many tasks go together, and how batches are sent to workers of any kind.

All kinds of workers implement `WorkerGroup`. Messages are bytes: a batch of tasks and the function to run on
them is sent, a `Reply` comes back. It names the worker's version of the model, so a worker with another
version is found with its first reply.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from woc_sim.ensemble.tasks import Failure, Outcome, Task
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario.identity import model_hash

BATCH_SECONDS: Final = 5.0
FIRST_BATCH: Final = 2
MAX_BATCH: Final = 200
MAX_BATCH_SECONDS: Final = 2 * BATCH_SECONDS
"""After this time a worker starts no further task of its batch; the remaining tasks are given back."""
MARGIN_SECONDS: Final = 10.0
"""Time beyond the longest duration of a batch, after which its worker counts as frozen."""
START_SECONDS: Final = 300.0
"""Time in which a worker must start a batch: it may first have to start, import, or finish an earlier batch.
"""
TICK_SECONDS: Final = 0.5

Batch = Sequence[Outcome | Failure]
Work = Callable[[Sequence[Task]], Batch]


class Reply(NamedTuple):
    """A worker's reply to a batch: its version of the model, its name, the results of the first tasks of the
    batch, and the exception that ended it, if any.
    """

    model: str
    worker: str
    batch: list[Outcome | Failure]
    error: BaseException | None


class Started(NamedTuple):
    """A worker has started a batch."""

    number: int


class Replied(NamedTuple):
    """A worker has sent its pickled `Reply` to a batch."""

    number: int
    reply: bytes


class Lost(NamedTuple):
    """A batch gets no reply, because its worker ended."""

    number: int
    reason: str


Event = Started | Replied | Lost


class WorkerGroup(Protocol):
    """Workers of some kind. Batches are identified by numbers."""

    def capacity(self) -> int:
        """How many batches can run at the same time."""

    def has_room(self, running: int) -> bool:
        """Whether another batch can be submitted while `running` batches run."""

    def submit(self, number: int, batch: bytes) -> None:
        """Send a batch to a worker: (work, tasks), pickled."""

    def events(self, seconds: float) -> list[Event]:
        """The events since the last call; waits up to `seconds` for one. Raises UserError if no worker is
        left.
        """

    def kill(self, number: int) -> None:
        """Kill the worker of a batch that does not reply. `Lost` follows."""


class BatchSizer:
    """Chooses batch sizes that take about `BATCH_SECONDS`, from the duration of finished tasks."""

    def __init__(self) -> None:
        self._tasks = 0
        self._seconds = 0.0

    def record(self, batch: Batch) -> None:
        """Take the duration of a finished batch into account."""
        # The first run of a process compiles or loads kernels, so use the fastest run of a batch.
        self._tasks += 1
        self._seconds += min(each.seconds for each in batch)

    def next_size(self, left: int, workers: int) -> int:
        """Size of the next batch, given the number of tasks left."""
        if not self._tasks:
            return FIRST_BATCH
        fitting = int(BATCH_SECONDS * self._tasks / max(self._seconds, 1e-6))
        # the last batches are small, so that all workers finish at the same time
        fair_share = -(-left // (2 * workers))
        return max(1, min(fitting, fair_share, MAX_BATCH))


@dataclass(slots=True)
class _RunningBatch:
    """Tasks sent to a worker. is_retry: they were sent again, alone. has_started: a worker has started them.
    silent_seconds: time since the last event about them. is_late: their time limit has passed.
    """

    tasks: list[Task]
    is_retry: bool
    has_started: bool = False
    is_late: bool = False
    silent_seconds: float = 0.0


def dispatch(
    group: WorkerGroup, tasks: Sequence[Task], work: Work, retry_lost: bool, time_limit: float | None
) -> Generator[Batch, None, None]:
    """Batches of results from a group of workers, in the order in which they finish.

    retry_lost: when a worker ends, each task of its batch is tried again alone, and a task that ends its
    worker again is a failure. Without it, a lost batch raises an exception. time_limit: seconds that a task
    may take. Workers check it themselves; a worker that does not reply long after it is killed. Raises
    UserError for a worker with another version of the model, and any exception of a task.
    """
    sizer, number = BatchSizer(), 0
    waiting, suspects = deque(tasks), deque[Task]()
    running: dict[int, _RunningBatch] = {}
    clock = time.monotonic()

    def submit(batch: _RunningBatch) -> None:
        nonlocal number
        number += 1
        running[number] = batch
        group.submit(number, pickle.dumps((work, batch.tasks)))

    while waiting or running or suspects:
        while waiting and not suspects and group.has_room(len(running)):
            size = sizer.next_size(len(waiting), group.capacity())
            submit(_RunningBatch([waiting.popleft() for _ in range(min(size, len(waiting)))], is_retry=False))
        if suspects and not running and group.has_room(0):
            submit(_RunningBatch([suspects.popleft()], is_retry=True))
        for event in group.events(TICK_SECONDS):
            batch = running[event.number]
            batch.silent_seconds = 0.0
            if isinstance(event, Started):
                batch.has_started = True
                continue
            del running[event.number]
            if isinstance(event, Replied):
                reply = _open_reply(event.reply)
                waiting.extendleft(reversed(batch.tasks[len(reply.batch) :]))
                if reply.batch:
                    sizer.record(reply.batch)
                    yield reply.batch
            elif not retry_lost:
                raise UserError(
                    f"a worker ended in the middle of its runs ({shown(event.reason)}), often for lack of "
                    "memory; try again with fewer workers"
                )
            elif batch.is_retry:
                yield [_failure(batch, event.reason, time_limit)]
            else:
                suspects += batch.tasks
        # the time in which this process itself was stopped does not count
        elapsed, clock = min(time.monotonic() - clock, 2 * TICK_SECONDS), time.monotonic()
        if time_limit is None:
            continue
        for stuck, batch in list(running.items()):
            batch.silent_seconds += elapsed
            allowed = MAX_BATCH_SECONDS + time_limit + MARGIN_SECONDS if batch.has_started else START_SECONDS
            if batch.silent_seconds > allowed:
                batch.is_late, batch.silent_seconds = batch.has_started, 0.0
                group.kill(stuck)


def _open_reply(reply: bytes) -> Reply:
    """A worker's reply. Raises the worker's exception, or UserError if its model is another version."""
    opened: Reply = pickle.loads(reply)
    refuse_other_model(opened.model, opened.worker)
    if opened.error is not None:
        raise opened.error
    return opened


def refuse_other_model(model: str, worker: str) -> None:
    """Raise UserError if a worker has another version of the model than this process."""
    if model != model_hash():
        raise UserError(
            f"the worker {shown(worker)} has another version of the model ({shown(model)}, this is "
            f"{model_hash()}); install this woc_sim there and start it again; its results are not used"
        )


def _failure(batch: _RunningBatch, reason: str, time_limit: float | None) -> Failure:
    key = batch.tasks[0].key
    if batch.is_late and time_limit is not None:
        message = f"not finished after {time_limit:g} s, and its worker did not reply"
        return Failure(key, "time limit", "", message, "", time_limit)
    return Failure(key, "worker", "WorkerLost", reason, "", 0.0)
