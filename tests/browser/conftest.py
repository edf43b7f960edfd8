"""An explorer that is served, and a real Chromium before it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

SECONDS = 120_000
"""Longest time that anything is waited for, in milliseconds. What has to be quick is measured."""


class Served(NamedTuple):
    """A running explorer."""

    url: str
    pid: int


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """`woc-sim explore`, as a user starts it."""
    command = [sys.executable, "-m", "woc_sim.cli.main", "explore", "port=0", "open=false", "case=C21"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line, line
        yield Served(line.split()[4], process.pid)
        process.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    assert program is not None, "the tests of the explorer need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


class Tab:
    """A browser tab before the explorer."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 720}, accept_downloads=True)
        self.page.set_default_timeout(SECONDS)
        self.outside: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        begun = time.perf_counter()
        self.page.goto(address)
        self.settle()
        self.first_seconds = time.perf_counter() - begun

    def _asked(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.outside.append(url)

    def settle(self) -> None:
        """Wait until all replicates are drawn."""
        self.page.get_by_text("5 replicates", exact=True).wait_for()
        self.page.wait_for_function(f"() => {LINE}.length > 0")

    def line(self, indicator: str, side: str = "A", column: str = "mean") -> list[float]:
        """A column of the data that the browser draws."""
        values: list[float] = self.page.evaluate(
            f"Array.from({SOURCE}.data['{column}'])".replace("A mean_attitude", f"{side} {indicator}")
        )
        return values

    def open_view(self, title: str) -> None:
        """Click the tab of a view."""
        self.page.locator(".bk-tab").get_by_text(title, exact=True).click()

    def slider(self) -> Any:
        """The handle of the first slider, seats of radical-right parties, with the keyboard on it."""
        handle = self.page.locator(".noUi-handle:visible").first
        handle.focus()
        return handle

    def move(self, key: str, count: int = 1) -> None:
        """Press a key on the slider, and wait after each press until the page is drawn."""
        handle = self.slider()
        for _ in range(count):
            before = self.line("mean_attitude")
            handle.press(key)
            self.wait_until_other_than(before)

    def wait_until_other_than(self, before: list[float]) -> None:
        """Wait until the page draws other attitudes of side A than these."""
        self.page.wait_for_function(
            "([name, before]) =>"
            " JSON.stringify(Array.from(Bokeh.documents[0].get_model_by_name(name).data.mean)) !== before",
            arg=["A mean_attitude", self.page.evaluate("values => JSON.stringify(values)", before)],
        )
        self.settle()


SOURCE = "Bokeh.documents[0].get_model_by_name('A mean_attitude')"
LINE = f"{SOURCE}.data.mean"


@pytest.fixture
def open_tab(browser: Any, served: Served) -> Iterator[Any]:
    """Open a tab with a query of the address. Nothing may come from outside, and no script may fail."""
    tabs: list[Tab] = []

    def opened(query: str = "") -> Tab:
        tabs.append(Tab(browser, f"{served.url}{query}"))
        return tabs[-1]

    yield opened
    for tab in tabs:
        assert tab.outside == [], "the explorer works without a network"
        assert tab.faults == []
        tab.page.close()
