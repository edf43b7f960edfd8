"""Progress of long work on standard error: a bar in a terminal, otherwise a line every ten seconds.

A closed or full standard error does not stop the work.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

LINE_SECONDS: Final = 10.0
SLOW: Final = 0.1
"""Below this many a second only the time left is shown."""
STDERR_ERRORS: Final = (OSError, ValueError)
"""Errors of writing to a full, lost or closed standard error."""


class Progress:
    """Context manager that counts finished runs and shows their rate and the remaining time.

    `already_done`: runs that were stored before. `show`: None shows a bar in a terminal and lines elsewhere,
    False nothing. `noun`: what is counted.
    """

    def __init__(
        self, title: str, total: int, already_done: int = 0, show: bool | None = None, noun: str = "runs"
    ) -> None:
        self.title, self.total, self.already_done, self.noun = title, total, already_done, noun
        self.show = show
        self.done = self.failed = 0
        self._start = self._last_line = time.perf_counter()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        self._start = self._last_line = time.perf_counter()
        if self.show is False or self.total == 0:
            return self
        if sys.stderr is None:
            self.show = False
        elif sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                console=Console(stderr=True),
                transient=True,
            )
            with suppress(*STDERR_ERRORS):
                self._bar.start()
            self._task = self._bar.add_task(self.title, total=self.total, rate="")
        else:
            already_done = f", {self.already_done} found finished" if self.already_done else ""
            self._say(f"{self.title}: {self.total} {self.noun}{already_done}")
        return self

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count `runs` more as finished; `failed` of them failed."""
        self.done += runs
        self.failed += failed
        if self.show is False:
            return
        if self._bar is not None:
            with suppress(*STDERR_ERRORS):
                self._bar.update(self._task, completed=self.done, rate=self.rate())
        elif time.perf_counter() - self._last_line >= LINE_SECONDS and self.done < self.total:
            self._last_line = time.perf_counter()
            self._say(f"{self.title}: {self.done} of {self.total} {self.noun}, {self.rate()}")

    def rate(self) -> str:
        """Finished per second so far, and the remaining time at that rate."""
        elapsed = max(time.perf_counter() - self._start, 1e-9)
        pace = self.done / elapsed
        if pace <= 0:
            return ""
        failures = f"{self.failed} failed, " if self.failed else ""
        speed = f"{pace:.1f} {self.noun}/s, " if pace >= SLOW else ""
        return f"{failures}{speed}{duration((self.total - self.done) / pace)} left"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with suppress(*STDERR_ERRORS):
                self._bar.stop()
        if kind is None and self.show is not False and self.total:
            elapsed = time.perf_counter() - self._start
            pace = self.done / max(elapsed, 1e-9)
            failures = f", {self.failed} of them failed" if self.failed else ""
            speed = f" ({pace:.1f} a second)" if pace >= SLOW else ""
            self._say(f"{self.title}: {self.done} {self.noun} in {elapsed:.1f} s{speed}{failures}")

    @staticmethod
    def _say(line: str) -> None:
        with suppress(*STDERR_ERRORS):
            print(line, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """A duration in words, with at most two numbers.

    >>> duration(41.2), duration(754), duration(7600)
    ('41 s', '13 min', '2 h 7 min')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
