"""How far an ensemble is, on standard error: a bar in a terminal, a plain line every ten seconds
elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Final, Self

LINE_SECONDS: Final = 10.0


class Progress:
    """Context manager that counts finished runs and says how fast it goes and how long it still takes.

    `kept` runs were found finished; `show` None shows a bar if standard error is a terminal and lines
    otherwise, False shows nothing.
    """

    def __init__(self, title: str, total: int, kept: int = 0, show: bool | None = None) -> None:
        self.title, self.total, self.kept = title, total, kept
        self.show = show
        self.done = self.failed = 0
        self._start = self._said = time.perf_counter()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        self._start = self._said = time.perf_counter()
        if self.show is False or self.total == 0:
            return self
        if sys.stderr.isatty():
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
            self._bar.start()
            self._task = self._bar.add_task(self.title, total=self.total, rate="")
        else:
            kept = f", {self.kept} found finished" if self.kept else ""
            self._say(f"{self.title}: {self.total} runs{kept}")
        return self

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count `runs` more as finished, `failed` of them in vain."""
        self.done += runs
        self.failed += failed
        if self.show is False:
            return
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, rate=self.rate())
        elif time.perf_counter() - self._said >= LINE_SECONDS and self.done < self.total:
            self._said = time.perf_counter()
            self._say(f"{self.title}: {self.done} of {self.total} runs, {self.rate()}")

    def rate(self) -> str:
        """Runs a second so far and the time left at that rate."""
        passed = max(time.perf_counter() - self._start, 1e-9)
        pace = self.done / passed
        if pace <= 0:
            return ""
        lost = f"{self.failed} failed, " if self.failed else ""
        return f"{lost}{pace:.1f} runs/s, {(self.total - self.done) / pace:.0f} s left"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if kind is None and self.show is not False and self.total:
            passed = time.perf_counter() - self._start
            pace = self.done / max(passed, 1e-9)
            lost = f", {self.failed} of them failed" if self.failed else ""
            self._say(f"{self.title}: {self.done} runs in {passed:.1f} s ({pace:.1f} a second){lost}")

    @staticmethod
    def _say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)
