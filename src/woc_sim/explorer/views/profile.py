"""A profile: several numbers of a place side by side in one month, and one of them over all months.

Policy components and frames are shown so. The left figure has a row for each number: A, B, and the
difference. The right ones follow the row that is chosen over time.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import FixedTicker, HoverTool, Range1d, Span

from woc_sim.ensemble.compare import paired_differences
from woc_sim.explorer.history import History
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.views import drawing
from woc_sim.explorer.views.drawing import Array
from woc_sim.explorer.views.kept import MOST, Kept
from woc_sim.figures.style import BLACK, GREY, PALE

MOST_REPLICATES: Final = 5
"""Replicates that a profile is averaged over at most: each is simulated once more, with its history."""
AT_ONCE: Final = 4
"""Replicates that are asked for at the same time."""
ROW_HEIGHT: Final = 26
"""Pixels for each row of the left figure."""
WORDS: Final = 1.15
"""Room for the differences in words, to the right of the range and in widths of it."""


@dataclass(frozen=True)
class Subject:
    """What a profile is of.

    labels: words for each number. low, high: its range. read: the numbers of a history, months x rows.
    about: what the numbers are, in a sentence.
    """

    name: str
    title: str
    unit: str
    labels: tuple[str, ...]
    low: float
    high: float
    form: str
    read: Callable[[History], Array]
    about: str


class ProfileView:
    """The view of one subject. It is a `woc_sim.explorer.view.View`."""

    has_months = True

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.name, self.title = subject.name, subject.title
        self._kept: Kept[Array] = Kept(MOST * MOST_REPLICATES)
        self._pair: Pair | None = None
        self._values: list[Array] = []
        self._month = 0
        self.sides = [drawing.source("y", "mean", "low", "high", "label") for _ in drawing.SIDE_NAMES]
        self.changes = drawing.source("y", "a", "b", "words")
        self.lines = [drawing.source("time", "mean", "low", "high") for _ in drawing.SIDE_NAMES]
        self.difference = drawing.source("time", "mean", "low", "high")
        self._rows = [len(subject.labels) - row for row in range(len(subject.labels))]  # from the top down
        self._heading = drawing.text_pane("Nothing is simulated yet.")
        self.choice = pn.widgets.Select(
            label=f"Over time: {subject.title.lower()}",
            options={label: row for row, label in enumerate(subject.labels)},
            value=len(subject.labels) - 1,
            sizing_mode="stretch_width",
        )
        self.choice.param.watch(lambda _: self._follow(), "value")

    def panel(self) -> Any:
        """The heading, the profile of the month, and the chosen row over time."""
        self._profile = self._profile_figure()
        self._over_time, self._change = self._time_figures()
        left = pn.Column(
            pn.pane.Bokeh(self._profile, sizing_mode="stretch_width"), sizing_mode="stretch_width"
        )
        right = pn.Column(
            self.choice,
            pn.pane.Bokeh(self._over_time, sizing_mode="stretch_width"),
            pn.pane.Bokeh(self._change, sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )
        return pn.Column(self._heading, drawing.side_by_side(left, right), sizing_mode="stretch_width")

    def prepare(self, pair: Pair) -> None:
        """Simulate the replicates that are new, several at once."""
        wanted = [(side, replicate) for side in pair.sides for replicate in self._replicates(side)]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(lambda each: self._one(*each), wanted))
        drawing.warm()

    def _one(self, side: Side, replicate: int) -> Array:
        """The numbers of one replicate: months x rows."""

        def make() -> Array:
            return self.subject.read(side.simulator.history(side.scenario, replicate))

        return self._kept.get((side.scenario, replicate), make)

    @staticmethod
    def _replicates(side: Side) -> range:
        return range(min(side.replicates, MOST_REPLICATES))

    def show(self, pair: Pair) -> None:
        """Show the month and the chosen row of this pair."""
        self._pair = pair
        self._values = [
            np.array([self._one(side, replicate) for replicate in self._replicates(side)])
            for side in pair.sides
        ]
        self.month(min(self._month, pair.months - 1))
        self._follow()

    def month(self, month: int) -> None:
        """Show the profile of this month."""
        self._month = month
        if self._pair is None:
            return
        values = [each[:, month] for each in self._values]
        for source, found in zip(self.sides, values, strict=False):
            mean, low, high = drawing.band_of(found)
            labels = list(self.subject.labels)
            source.data = {"y": self._rows, "mean": mean, "low": low, "high": high, "label": labels}
        if len(values) == 2:
            change = paired_differences(*values)
            words = drawing.difference_words(change, self.subject.form)
            self.changes.data = {"y": self._rows, "a": change.first, "b": change.second, "words": words}
        else:
            drawing.clear([self.sides[1], self.changes])
        title = f"{self.subject.title}, {drawing.month_words(month)}"
        self._heading.object = drawing.heading(title, self._pair, self._note())
        for span in self._spans:
            span.location = drawing.years_of(month + 1)[-1]

    def _note(self) -> str:
        what = drawing.counted(len(self._values[0]), "replicate", "replicates")
        return (
            f"{self.subject.about} Mean of {what}; lines beside marks and bands of A and B go from the "
            "lowest replicate to the highest. On the right and below: B less A with its 95 % interval."
        )

    def _follow(self) -> None:
        """Show the chosen row over all months."""
        if self._pair is None:
            return
        row, time = int(self.choice.value), drawing.years_of(self._pair.months)
        values = [each[:, :, row] for each in self._values]
        for source, found in zip(self.lines, values, strict=False):
            mean, low, high = drawing.band_of(found)
            source.data = {"time": time, "mean": mean, "low": low, "high": high}
        if len(values) == 2:
            change = paired_differences(*values)
            ends = {"low": _or(change.low, change.effect), "high": _or(change.high, change.effect)}
            self.difference.data = {"time": time, "mean": change.effect, **ends}
        else:
            drawing.clear([self.lines[1], self.difference])
        self._over_time.title.text = f"{self.subject.labels[row]}, over time"

    def _profile_figure(self) -> Any:
        """The rows of the month, with A and B."""
        subject, count = self.subject, len(self.subject.labels)
        drawn = drawing.plain_figure(subject.unit, max(260, ROW_HEIGHT * count + 90), tools="tap,save")
        span = subject.high - subject.low
        drawn.x_range = Range1d(subject.low - 0.03 * span, subject.high + WORDS * span)
        drawn.y_range = Range1d(0.4, count + 0.6)
        drawn.xaxis.ticker = FixedTicker(ticks=[subject.low + part * span / 4 for part in range(5)])
        drawn.yaxis.ticker = FixedTicker(ticks=list(range(1, count + 1)))
        drawn.yaxis.major_label_overrides = dict(zip(self._rows, subject.labels, strict=True))
        drawn.yaxis.major_label_text_font_size = "9pt"
        drawn.segment("a", "y", "b", "y", source=self.changes, line_color=PALE, line_width=5)
        for side, (source, name) in enumerate(zip(self.sides, drawing.SIDE_NAMES, strict=True)):
            colour = drawing.SIDE_COLOURS[side]
            drawn.segment("low", "y", "high", "y", source=source, line_color=colour, line_width=2)
            dots = drawing.dots(drawn, "mean", "y", source, side)
            drawn.add_tools(
                HoverTool(
                    renderers=[dots],
                    tooltips=[
                        (name, "@label"),
                        ("mean", "@mean{0.00}"),
                        ("from", "@low{0.00} to @high{0.00}"),
                    ],
                )
            )
            source.selected.on_change("indices", lambda _attr, _old, new: self._choose(new))
        drawn.text(
            subject.high + 0.05 * span, "y", "words", source=self.changes, text_font_size="8.5pt",
            text_baseline="middle",
        )  # fmt: skip
        drawn.legend.orientation = "horizontal"
        drawn.add_layout(drawn.legend[0], "below")
        return drawn

    def _choose(self, rows: list[int]) -> None:
        if rows:
            self.choice.value = rows[0]

    def _time_figures(self) -> tuple[Any, Any]:
        over_time = drawing.plain_figure("over time", 230, x_axis_type="datetime")
        change = drawing.plain_figure(
            "B less A, over time", 190, x_axis_type="datetime", x_range=over_time.x_range
        )
        over_time.y_range.range_padding = 0.1
        looks = zip(self.lines, drawing.SIDE_COLOURS, drawing.SIDE_DASHES, drawing.SIDE_NAMES, strict=True)
        for source, colour, dash, name in looks:
            _draw_line(over_time, source, colour, dash, name)
        over_time.add_layout(over_time.legend[0], "right")
        _draw_line(change, self.difference, BLACK, "solid", None)
        zero = Span(location=0, dimension="width", line_color=GREY, line_width=1)
        change.add_layout(zero)
        self._spans = [
            Span(location=0, dimension="height", line_color=GREY, line_dash="dotted") for _ in range(2)
        ]
        for drawn, span in zip((over_time, change), self._spans, strict=True):
            drawn.add_layout(span)
            drawn.yaxis.axis_label = self.subject.unit
            drawn.yaxis.axis_label_text_font_size = "9pt"
        return over_time, change


def _or(ends: Array, values: Array) -> Array:
    """The ends of intervals; the values themselves where there is no interval."""
    return np.where(np.isfinite(ends), ends, values)


def _draw_line(drawn: Any, source: Any, colour: str, dash: str, name: str | None) -> None:
    """A line with its band."""
    drawn.varea("time", "low", "high", source=source, fill_color=colour, fill_alpha=0.2)
    named = {"legend_label": name} if name else {}
    drawn.line("time", "mean", source=source, line_color=colour, line_dash=dash, line_width=2, **named)
