"""A run that may go wrong: exceptions, endless loops and impossible numbers become failures with a cause."""

from __future__ import annotations

import ctypes
import math
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from woc_sim.ensemble.tasks import Failure, Outcome, Task
from woc_sim.instruments.readings import READING_NAMES

REQUIRED_READING: Final = "mipex_total"
"""A reading that every run has, whatever happens in it."""


class TimeLimitError(Exception):
    """A run lasted longer than it may."""


def run_guarded(task: Task, run: Callable[[Task], Outcome], time_limit: float | None) -> Outcome | Failure:
    """Run a task; what goes wrong becomes a `Failure`. Interrupts (Ctrl-C, exit) pass."""
    start = time.perf_counter()
    try:
        with _limited(time_limit):
            outcome = run(task)
    except TimeLimitError:  # wherever in the block it struck, at its first line too
        said = f"not finished after {time_limit:g} s"
        return Failure(task.key, "time limit", "", said, "", time.perf_counter() - start)
    except Exception as error:
        took = time.perf_counter() - start
        return Failure(task.key, "run", type(error).__name__, str(error), traceback.format_exc(), took)
    place = READING_NAMES.index(REQUIRED_READING)
    wrong = [row.case for row in outcome.rows if not math.isfinite(row.readings[place])]
    if wrong or not outcome.rows:
        said = f"{REQUIRED_READING} is no number in {', '.join(wrong)}" if wrong else "the run gave no rows"
        return Failure(task.key, "result", "", said, "", outcome.seconds)
    return outcome


@contextmanager
def _limited(seconds: float | None) -> Iterator[None]:
    """Raise TimeLimitError in the block after so many seconds, or when its compiled code next returns.

    Another thread sends it, which works on every system and for blocks in any thread."""
    if seconds is None:
        yield
        return
    thread, ending, is_over = threading.get_ident(), threading.Lock(), False
    sent: list[int] = []

    def strike() -> None:
        with ending:
            if not is_over:
                sent.append(thread)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread), ctypes.py_object(TimeLimitError)
                )

    timer = threading.Timer(seconds, strike)
    timer.daemon = True
    timer.start()
    try:
        try:
            yield
        finally:
            with ending:
                is_over = True
            timer.cancel()
            if sent:
                # What has not struck yet strikes here. To take it back would leave Python 3.11 looking for it
                # at every instruction from then on, and hang a profiler.
                with suppress(TimeLimitError):
                    for _ in range(1000):
                        time.sleep(0)
    except Exception as error:
        if not _is_time_limit(error):
            raise
        raise TimeLimitError(f"not finished after {seconds:g} s") from None


def _is_time_limit(error: BaseException | None) -> bool:
    """Whether an error is the one that ends a run, or was made of it: compiled code that is struck while it
    hands over its result raises a SystemError of which that is the cause."""
    while error is not None:
        if isinstance(error, TimeLimitError):
            return True
        error = error.__cause__ or error.__context__
    return False
