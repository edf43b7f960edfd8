"""Batches: how many tasks go together, and how they are handed to workers, whatever kind these are.

Any kind of workers is a `WorkerGroup`. What travels is bytes: a batch of tasks and what is to be done with
them there, a `Reply` back, which names the model that the worker has. So a worker with another version of it,
or none, is told from its first answer.
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
"""After so long a worker begins no other task of its batch, but gives the rest back."""
MARGIN_SECONDS: Final = 10.0
"""Beyond the time that a batch may last, before its worker counts as frozen."""
START_SECONDS: Final = 300.0
"""For workers to begin a batch that is handed over: to start and to import, or to end an earlier batch."""
TICK_SECONDS: Final = 0.5

Batch = Sequence[Outcome | Failure]
Work = Callable[[Sequence[Task]], Batch]


class Reply(NamedTuple):
    """What a worker says of a batch: its version of the model, its name, what became of the first tasks of
    the batch, and the exception that ended it."""

    model: str
    worker: str
    batch: list[Outcome | Failure]
    error: BaseException | None


class Started(NamedTuple):
    """A worker has begun a batch."""

    number: int


class Replied(NamedTuple):
    """A worker has sent its `Reply` to a batch, pickled."""

    number: int
    reply: bytes


class Lost(NamedTuple):
    """A batch will not be answered, because its worker ended."""

    number: int
    reason: str


Event = Started | Replied | Lost


class WorkerGroup(Protocol):
    """Workers of some kind. Batches are known by number."""

    def width(self) -> int:
        """How many batches can be at work at the same time."""

    def room(self, running: int) -> bool:
        """Whether another batch can be handed over while so many are."""

    def hand(self, number: int, batch: bytes) -> None:
        """Let a worker do a batch: (work, tasks), pickled."""

    def events(self, seconds: float) -> list[Event]:
        """What has happened, after so many seconds at most. Raises UserError if no worker is left."""

    def end(self, number: int) -> None:
        """End whoever works on a batch and does not answer; `Lost` follows if that was its worker."""


class BatchSizer:
    """How many tasks make a batch of `BATCH_SECONDS`, from the tasks finished so far."""

    def __init__(self) -> None:
        self._tasks = 0
        self._seconds = 0.0

    def learn(self, batch: Batch) -> None:
        """Take note of a finished batch."""
        # The first run of a process compiles or loads kernels; the quickest of a batch is the better guide.
        self._tasks += 1
        self._seconds += min(each.seconds for each in batch)

    def size(self, left: int, workers: int) -> int:
        """How many of the tasks that are left make the next batch."""
        if not self._tasks:
            return FIRST_BATCH
        fit = int(BATCH_SECONDS * self._tasks / max(self._seconds, 1e-6))
        fair = -(-left // (2 * workers))  # the last batches are short, so that workers finish together
        return max(1, min(fit, fair, MAX_BATCH))


@dataclass(slots=True)
class _RunningBatch:
    """Tasks at work: whether they were handed over to be tried again alone, whether a worker has begun, and
    since how many seconds nothing was heard of them."""

    tasks: list[Task]
    again: bool
    begun: bool = False
    late: bool = False
    age: float = 0.0


def dispatch(
    crew: WorkerGroup, tasks: Sequence[Task], work: Work, patient: bool, time_limit: float | None
) -> Generator[Batch, None, None]:
    """Batches from a crew, in the order in which they end.

    patient: when a worker ends, the tasks it may have died of are tried again alone, and the one that ends
    its worker again is a failure; otherwise that is an exception. time_limit: seconds that a task may last;
    workers watch it themselves, and one that does not answer long after is ended too. Raises UserError for a
    worker with another model, and what a task raises.
    """
    pace, number = BatchSizer(), 0
    waiting, suspects = deque(tasks), deque[Task]()
    running: dict[int, _RunningBatch] = {}
    clock = time.monotonic()

    def hand(chunk: _RunningBatch) -> None:
        nonlocal number
        number += 1
        running[number] = chunk
        crew.hand(number, pickle.dumps((work, chunk.tasks)))

    while waiting or running or suspects:
        while waiting and not suspects and crew.room(len(running)):
            size = pace.size(len(waiting), crew.width())
            hand(_RunningBatch([waiting.popleft() for _ in range(min(size, len(waiting)))], again=False))
        if suspects and not running and crew.room(0):
            hand(_RunningBatch([suspects.popleft()], again=True))
        for event in crew.events(TICK_SECONDS):
            chunk = running[event.number]
            chunk.age = 0.0
            if isinstance(event, Started):
                chunk.begun = True
                continue
            del running[event.number]
            if isinstance(event, Replied):
                reply = _open_reply(event.reply)
                waiting.extendleft(reversed(chunk.tasks[len(reply.batch) :]))
                if reply.batch:
                    pace.learn(reply.batch)
                    yield reply.batch
            elif not patient:
                raise UserError(
                    f"a worker ended in the middle of its runs ({shown(event.reason)}), often for want of "
                    "memory; try again, with fewer workers"
                )
            elif chunk.again:
                yield [_failure(chunk, event.reason, time_limit)]
            else:
                suspects += chunk.tasks
        # while this process is stopped nothing is heard of its workers, and that is no fault of theirs
        passed, clock = min(time.monotonic() - clock, 2 * TICK_SECONDS), time.monotonic()
        if time_limit is None:
            continue
        for place, chunk in list(running.items()):
            chunk.age += passed
            given = MAX_BATCH_SECONDS + time_limit + MARGIN_SECONDS if chunk.begun else START_SECONDS
            if chunk.age > given:
                chunk.late, chunk.age = chunk.begun, 0.0
                crew.end(place)


def _open_reply(reply: bytes) -> Reply:
    """A worker's reply; raises what the worker raised, or UserError if it has another model."""
    found: Reply = pickle.loads(reply)
    refuse_other_model(found.model, found.worker)
    if found.error is not None:
        raise found.error
    return found


def refuse_other_model(model: str, worker: str) -> None:
    """Raise UserError if a worker's version of the model is not this process's."""
    if model != model_hash():
        raise UserError(
            f"the worker {shown(worker)} has another version of the model ({shown(model)}, this is "
            f"{model_hash()}); install this woc_sim there and start it anew; its results are not used"
        )


def _failure(chunk: _RunningBatch, reason: str, time_limit: float | None) -> Failure:
    key = chunk.tasks[0].key
    if chunk.late and time_limit is not None:
        said = f"not finished after {time_limit:g} s, and its worker answered no more"
        return Failure(key, "time limit", "", said, "", time_limit)
    return Failure(key, "worker", "WorkerLost", reason, "", 0.0)
