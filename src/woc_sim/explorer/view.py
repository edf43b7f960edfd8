"""What a view of the explorer is: a tab that shows a pair of settings."""

from __future__ import annotations

from typing import Any, Protocol

from woc_sim.explorer.pair import Pair


class View(Protocol):
    """A tab of the page. One object belongs to one browser tab; it keeps no pair longer than the next one.

    `panel` and `show` are called on the thread of the page, `prepare` on another one. A view whose tab is not
    on top is not called; it gets the newest pair when it comes to the top.
    """

    name: str
    """Key in the address of the page, such as 'network'."""
    title: str
    """Label of the tab."""
    has_months: bool
    """Whether the view shows one month, which the common month slider chooses (`month` is then called)."""

    def panel(self) -> Any:
        """The Panel object of the tab. Called once; what it shows before the first `show` is a short note."""

    def prepare(self, pair: Pair) -> None:
        """Simulate what `show` needs beyond the indicators: `pair.a.history()`, `pair.a.lives(20)`.

        Called before `show` of the same pair, and may take a while. It changes nothing on the page. A newer
        pair may come before `show` of this one is called.
        """

    def show(self, pair: Pair) -> None:
        """Show the pair: change the data of Bokeh sources in place, build nothing anew."""

    def month(self, month: int) -> None:
        """Show this month (0 is 2012-01) of the pair that was shown last. Called many times a second."""
