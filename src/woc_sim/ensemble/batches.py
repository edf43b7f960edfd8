"""Batches: how many tasks go together, and what every process that works on them needs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from woc_sim.ensemble.design import Failure, Outcome, Task

BATCH_SECONDS: Final = 5.0
FIRST_BATCH: Final = 2
LARGEST_BATCH: Final = 200
WATCH_SECONDS: Final = 1.0
ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

Batch = Sequence[Outcome | Failure]
Work = Callable[[Sequence[Task]], Batch]


class Pace:
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
        return max(1, min(fit, fair, LARGEST_BATCH))


@contextmanager
def single_threaded() -> Iterator[None]:
    """Environment of spawned workers: one thread each, set before they import numpy."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def watch(parent: int) -> None:
    """End this process within a second after `parent` has ended."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)
