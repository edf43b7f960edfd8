"""The page of one browser tab: controls on the left, views on the right, and what connects them."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any, Final

import panel as pn

from woc_sim.ensemble.replays import Game, Played
from woc_sim.ensemble.why import split
from woc_sim.errors import UserError
from woc_sim.explorer.asking import Asking
from woc_sim.explorer.layout import Frame
from woc_sim.explorer.pair import Pair
from woc_sim.explorer.settings import COMMON, Screen, address, read_address, scenario_of, with_common
from woc_sim.explorer.time_lines import TimeLines
from woc_sim.explorer.view import View
from woc_sim.explorer.views import make_views
from woc_sim.explorer.why_view import WhyView
from woc_sim.explorer.words import SAME, differences, place_name
from woc_sim.explorer.work import Workers
from woc_sim.scenario.schema import Scenario

BUG: Final = "this is a bug in woc-sim, not in what you set; its traceback is in the terminal"
SIMULATING: Final = "simulating ..."
DRAW_SECONDS: Final = 10.0
"""Longest time that the next pair waits for the last one to be drawn."""


class Page:
    """One browser tab. It has its own screen and views, and shares the workers with other tabs."""

    def __init__(self, workers: Workers, start: Screen, query: str = "") -> None:
        self.screen, first_error = start, ""
        try:
            self.screen = read_address(query, start)
        except UserError as error:
            first_error = error.sentence
        self._workers = workers
        self._document: Any = None
        self._lock = threading.Lock()
        self._newest: tuple[Pair, int] | None = None
        self._preparing = False
        self._asked: tuple[Scenario, ...] = ()
        self._drawn = threading.Event()
        self._thread = ThreadPoolExecutor(1, "explorer page")
        self._asking = Asking(workers, self._came, self._failed)
        self._why_owner = object()
        self.pair: Pair | None = None
        self.lines = TimeLines(
            self.screen.shown, self._shown_changed, self._ask_why, self.screen.b is not None
        )
        self.why = WhyView(self.screen.shown[0], self._split)
        self.views: list[View] = [self.lines, *make_views(), self.why]
        self.frame = Frame(self, self.views)
        self.frame.say_error(first_error)
        self._refresh()

    # what the page's controls call

    def change(self, changes: Mapping[str, Any]) -> None:
        """Change settings of the side that is edited; None takes a setting away."""
        settings = dict(self.screen.a if self.frame.edited == "A" or self.screen.b is None else self.screen.b)
        # a slider that is moved shows its number already; everything else may change what other controls show
        refresh = len(changes) > 1 or any(
            value is None or key in COMMON or (key.startswith("intervention.") and key not in settings)
            for key, value in changes.items()
        )
        for key, value in changes.items():
            if value is None:
                settings.pop(key, None)
            else:
                settings[key] = value
        if self.screen.b is None or self.frame.edited == "A":
            new = replace(self.screen, a=settings)
            if new.b is not None:
                new = replace(new, b=with_common(new.b, settings))
        else:
            new = replace(self.screen, b=settings, a=with_common(self.screen.a, settings))
        self.go_to(new, refresh=refresh)

    def compare(self, on: bool) -> None:
        """Switch B on, as a copy of A, or off."""
        if on != (self.screen.b is not None):
            self.go_to(replace(self.screen, b=dict(self.screen.a) if on else None))

    def copy_to_b(self) -> None:
        """Make B equal to A."""
        self.go_to(replace(self.screen, b=dict(self.screen.a)))

    def replicates(self, count: int) -> None:
        """Change the number of replicates."""
        self.go_to(replace(self.screen, replicates=count), refresh=False)

    def go_to(self, screen: Screen, refresh: bool = True) -> None:
        """Show another screen. If its settings are at fault, the sentence is shown and nothing changes."""
        try:
            for each in screen.sides:
                scenario_of(each)
        except UserError as error:
            self.fail(error)
            self._refresh()
            return
        self.screen = screen
        self.ask()  # the workers begin while the page tells what was set
        with pn.io.hold(self._document):
            self.frame.say_error("")
            self._told_settings()
            if refresh:
                self._refresh()

    def fail(self, error: BaseException) -> None:
        """Show an error as a sentence. A bug also leaves its traceback in the terminal."""
        if isinstance(error, UserError):
            self.frame.say_error(error.sentence)
            return
        traceback.print_exception(error, file=sys.stderr)
        self.frame.say_error(BUG)

    def turned_to(self, view: View) -> None:
        """Another tab is on top."""
        self.screen = replace(self.screen, view=view.name)
        self._told_settings()
        if self.pair is not None:
            self._came(self.pair, self.pair.a.replicates)

    # simulating and drawing

    def begin(self, document: Any) -> None:
        """The page is in the browser: simulate."""
        self._document = document
        self.ask()

    def ask(self) -> None:
        """Ask for the pair of the screen."""
        if self._document is not None:
            self.frame.say_state(SIMULATING)
            self._asked = tuple(map(scenario_of, self.screen.sides))
            self._asking.ask(self._asked, self.screen.replicates)

    def close(self) -> None:
        """The browser tab is gone."""
        self._document = None
        self._asking.close()
        self._workers.drop(self._why_owner)
        self._drawn.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _later(self, call: Any) -> None:
        """Call on the thread of the page."""
        document = self._document
        if document is not None:
            document.add_next_tick_callback(call)

    def _came(self, pair: Pair, wanted: int) -> None:
        with self._lock:
            self._newest = (pair, wanted)
            if self._preparing:
                return
            self._preparing = True
        try:
            self._thread.submit(self._prepare)
        except RuntimeError:  # the tab was closed
            self._preparing = False

    def _prepare(self) -> None:
        """Let the view on top prepare the newest pair, and have it drawn; again while newer ones come."""
        while True:
            with self._lock:
                if self._newest is None:
                    self._preparing = False
                    return
                (pair, wanted), self._newest = self._newest, None
            view = self.frame.view
            self._drawn.clear()
            try:
                view.prepare(pair)
                self._later(partial(self._draw, view, pair, wanted))
            except Exception as error:
                self._later(partial(self._not_drawn, error))
            if self._document is not None:
                self._drawn.wait(DRAW_SECONDS)

    def _draw(self, view: View, pair: Pair, wanted: int) -> None:
        try:
            with pn.io.hold(self._document):  # all changes go to the browser in one message
                self._show(view, pair, wanted)
        except Exception as error:
            self.fail(error)
        finally:
            self._drawn.set()

    def _show(self, view: View, pair: Pair, wanted: int) -> None:
        self.pair = pair
        view.show(pair)
        if view is self.frame.view and view.has_months:
            view.month(self.frame.month)
        if pair.scenarios != self._asked:  # an earlier pair; the one that was asked for is still to come
            self.frame.say_state(SIMULATING)
            return
        done = pair.a.replicates
        word = "replicate" if wanted == 1 else "replicates"
        self.frame.say_state(f"{wanted} {word}" if done == wanted else f"{done} of {wanted} {word} ...")

    def _not_drawn(self, error: BaseException) -> None:
        self.fail(error)
        self._drawn.set()

    def _failed(self, error: BaseException) -> None:
        self._later(partial(self._not_simulated, error))

    def _not_simulated(self, error: BaseException) -> None:
        self.frame.say_state("not simulated")
        self.fail(error)

    # why

    def _ask_why(self, indicator: str) -> None:
        self.frame.turn_to(self.why)
        if self.pair is not None:
            self.why.show(self.pair)
        self.why.ask(indicator)

    def _split(self, game: Game, replicates: int) -> None:
        self._workers.drop(self._why_owner)
        owner = self._why_owner = object()
        futures: list[Future[Played]] = []

        def came(done: Future[Played]) -> None:
            if done.cancelled() or owner is not self._why_owner:
                return
            error = done.exception()
            if error is not None:
                self._later(partial(self._no_answer, error))
            elif len(futures) == replicates and all(each.done() for each in futures):
                self._later(partial(self._answer, game, [each.result() for each in futures]))
            else:
                count = sum(each.done() for each in futures)
                self._later(partial(self.why.told, count, replicates))

        futures += [self._workers.why(owner, game, replicate) for replicate in range(replicates)]
        for future in futures:
            future.add_done_callback(came)

    def _answer(self, game: Game, played: Sequence[Played]) -> None:
        self.why.answer(split(game, played))

    def _no_answer(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            traceback.print_exception(error, file=sys.stderr)
        self.why.refuse(error.sentence if isinstance(error, UserError) else BUG)

    # telling

    def _shown_changed(self, shown: tuple[str, ...]) -> None:
        if shown:
            self.screen = replace(self.screen, shown=shown)
            self._told_settings()

    def _refresh(self) -> None:
        """Show the settings of the edited side in all controls."""
        side = self.screen.b if self.frame.edited == "B" and self.screen.b is not None else self.screen.a
        self.frame.refresh(self.screen, side)
        self._told_settings()

    def refresh(self) -> None:
        """Show the settings of the side that is now edited."""
        self._refresh()

    def _told_settings(self) -> None:
        """Tell what is shown: places, what differs, command and address."""
        found = differences(self.screen)
        sides = zip("AB", self.screen.sides, strict=False)
        places = [f"<b>{label}</b>: {escape(place_name(each))}" for label, each in sides]
        words = " &nbsp; ".join(places)
        if self.screen.b is not None:
            words += "<br><b>What differs.</b> " + escape(" ".join(found) if found else SAME)
        self.frame.say_settings(words, self.screen)
        location = pn.state.location if self._document is not None else None
        if location is not None:
            location.search = address(self.screen)
