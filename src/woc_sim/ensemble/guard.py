"""Runs that may fail: exceptions, endless loops and invalid numbers become failures with a cause."""

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
"""A reading that every valid run has."""


class TimeLimitError(Exception):
    """A run exceeded its time limit."""


def run_guarded(task: Task, run: Callable[[Task], Outcome], time_limit: float | None) -> Outcome | Failure:
    """Run a task; an error becomes a `Failure`. Interrupts (Ctrl-C, exit) are raised."""
    start = time.perf_counter()
    try:
        with _limited(time_limit):
            outcome = run(task)
    except TimeLimitError:  # it can be raised anywhere in the block
        message = f"not finished after {time_limit:g} s"
        return Failure(task.key, "time limit", "", message, "", time.perf_counter() - start)
    except Exception as error:
        seconds = time.perf_counter() - start
        return Failure(task.key, "run", type(error).__name__, str(error), traceback.format_exc(), seconds)
    index = READING_NAMES.index(REQUIRED_READING)
    bad_localities = [row.case for row in outcome.rows if not math.isfinite(row.readings[index])]
    if bad_localities or not outcome.rows:
        message = (
            f"{REQUIRED_READING} is not a number in {', '.join(bad_localities)}"
            if bad_localities
            else "the run gave no rows"
        )
        return Failure(task.key, "result", "", message, "", outcome.seconds)
    return outcome


@contextmanager
def _limited(seconds: float | None) -> Iterator[None]:
    """Raise TimeLimitError in the block after `seconds`, or when compiled code running then returns.

    Another thread raises it. This works on every system and in every thread.
    """
    if seconds is None:
        yield
        return
    thread, ending, is_over = threading.get_ident(), threading.Lock(), False
    sent: list[int] = []

    def raise_in_thread() -> None:
        with ending:
            if not is_over:
                sent.append(thread)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(thread), ctypes.py_object(TimeLimitError)
                )

    timer = threading.Timer(seconds, raise_in_thread)
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
                # An exception that is still pending is raised here. If it were withdrawn, Python 3.11 would
                # check
                # for it at every later instruction, and a profiler would hang.
                with suppress(TimeLimitError):
                    for _ in range(1000):
                        time.sleep(0)
    except Exception as error:
        if not _is_time_limit(error):
            raise
        raise TimeLimitError(f"not finished after {seconds:g} s") from None


def _is_time_limit(error: BaseException | None) -> bool:
    """Whether an error is the TimeLimitError or was caused by it. Compiled code that is interrupted while it
    returns raises a SystemError with that cause.
    """
    while error is not None:
        if isinstance(error, TimeLimitError):
            return True
        error = error.__cause__ or error.__context__
    return False
