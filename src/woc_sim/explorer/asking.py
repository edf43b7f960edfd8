"""Asking for the newest pair of settings: one asking for each browser tab.

While a slider is held, settings change faster than they can be simulated. A pair that has been begun is
shown, at least from its first replicates. Of those that were asked for meanwhile only the newest is
simulated.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, Final

import numpy as np

from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.work import Workers
from woc_sim.scenario.schema import Scenario

PATIENCE: Final = 0.2
"""Seconds after which the replicates that are there are shown, though others are still to come."""


class Asked:
    """A pair that is asked for: its scenarios, and the replicates that have come."""

    def __init__(self, scenarios: tuple[Scenario, ...], replicates: int) -> None:
        self.scenarios, self.replicates = scenarios, replicates
        self.begun = self.shown_at = time.monotonic()
        self.shown = 0
        self.found: list[list[Any]] = [[None] * replicates for _ in scenarios]

    @property
    def complete(self) -> int:
        """Number of first replicates that have come for every side."""
        for replicate in range(self.replicates):
            if any(side[replicate] is None for side in self.found):
                return replicate
        return self.replicates

    def pair(self, replicates: int, workers: Workers) -> Pair:
        """The pair of the first replicates."""
        sides = [
            Side(scenario, np.array(found[:replicates]), workers)
            for scenario, found in zip(self.scenarios, self.found, strict=True)
        ]
        return Pair(*sides)


class Asking:
    """Simulates the newest pair. `show(pair, wanted)` and `fail(error)` are called on other threads.

    wanted: the number of replicates that were asked for; the pair may have fewer, and then comes again.
    """

    def __init__(
        self, workers: Workers, show: Callable[[Pair, int], None], fail: Callable[[BaseException], None]
    ) -> None:
        self._workers, self._show, self._fail = workers, show, fail
        self._lock = threading.RLock()
        self._now: Asked | None = None
        self._next: Asked | None = None

    def ask(self, scenarios: tuple[Scenario, ...], replicates: int) -> None:
        """Ask for a pair. It replaces one that waits."""
        with self._lock:
            self._next = Asked(scenarios, replicates)
            if self._now is None:
                self._begin()
            elif self._now.complete and time.monotonic() - self._now.begun > PATIENCE:
                self._end()

    def close(self) -> None:
        """Forget everything; nothing is shown any more."""
        with self._lock:
            self._now = self._next = None
            self._workers.drop(self)

    def _begin(self) -> None:
        asked, self._now, self._next = self._next, self._next, None
        if asked is None:
            return
        for replicate in range(asked.replicates):
            for side, scenario in enumerate(asked.scenarios):
                future = self._workers.replicate(self, scenario, replicate)
                future.add_done_callback(partial(self._came, asked, side, replicate))

    def _came(self, asked: Asked, side: int, replicate: int, done: Future[Any]) -> None:
        try:
            found = done.result()
        except CancelledError:
            return
        except Exception as error:
            with self._lock:
                if self._now is not asked:
                    return
                self._end(show=False)
            self._fail(error)
            return
        with self._lock:
            asked.found[side][replicate] = found
            if self._now is not asked:
                return
            complete, now = asked.complete, time.monotonic()
            if complete == asked.replicates or (
                self._next is not None and complete and now - asked.begun > PATIENCE
            ):
                self._end()
            elif complete > asked.shown and now - asked.shown_at > PATIENCE:
                asked.shown, asked.shown_at = complete, now
                self._show(asked.pair(complete, self._workers), asked.replicates)

    def _end(self, show: bool = True) -> None:
        """Show what is there of the pair that is simulated, and begin the one that waits."""
        asked, self._now = self._now, None
        self._workers.drop(self)
        if asked is not None and show and asked.complete:
            self._show(asked.pair(asked.complete, self._workers), asked.replicates)
        self._begin()
