"""Life stories: a row for each life with its events over time; click one, and read it.

The lives are those that `woc-sim run life_stories=N` tells of the first replicate. Nobody is chosen because
of what happens to them. Where the same person lives in A and B, both stories are told.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import FixedTicker, HoverTool, Range1d, Span

from woc_sim.ensemble.escaping import html_text, label
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.views import drawing
from woc_sim.explorer.views.kept import Kept
from woc_sim.figures.life_stories import ARRIVAL_LABELS, HOMES, MIGRANT_MARKS, OTHER_MARKS, Mark
from woc_sim.figures.style import GREY, INK
from woc_sim.instruments.life_events import MIGRANT, ORGANISATION, RESIDENT, Life

LIVES: Final = 16
"""Lives that are told: half migrants, a third residents, the rest organisations."""
KINDS: Final = {MIGRANT: "Migrants", RESIDENT: "Residents", ORGANISATION: "Organisations"}
ENDS: Final = ("moved_on", "died", "left", "outgrew", "dissolved")
"""Events that end a life in the town."""
STARTS: Final = ("came", "founded")
"""Events with which a life that is no migrant's begins after the first month."""
SHAPES: Final = {
    "^": "triangle", "v": "inverted_triangle", "s": "square", "x": "x", "o": "circle", ">": "triangle",
    "P": "plus", "D": "diamond", "*": "star",
}  # fmt: skip
"""The shapes of figures/life_stories.py under the names that Bokeh has for them."""
TURNED: Final = {">": -np.pi / 2}
"""Angle of a shape that Bokeh has in another direction only."""
IN_TOWN: Final = "#D6C9E6"
"""Colour of the bars of residents and organisations, which no home has."""
ROW_HEIGHT: Final = 24
"""Pixels for each life."""


def _marks(kind: str) -> tuple[Mark, ...]:
    return MIGRANT_MARKS if kind == MIGRANT else OTHER_MARKS


def spans_of(life: Life, months: int) -> list[tuple[int, int, str]]:
    """First month, month after the last, and colour of each bar of a life: the homes of a migrant, or the
    time of another life."""
    ends = [event.month for event in life.events if event.code in ENDS]
    end = ends[-1] + 1 if ends else months
    if life.kind != MIGRANT:
        starts = [event.month for event in life.events if event.code in STARTS]
        return [(starts[0] if starts else 0, end, IN_TOWN)]
    homes = [
        (event.month, HOMES[event.place])
        for event in life.events
        if event.place in HOMES and (event.code in ARRIVAL_LABELS or event.code.startswith("home_"))
    ]
    untils = [*(month for month, _ in homes[1:]), end]
    return [(month, until, colour) for (month, colour), until in zip(homes, untils, strict=True)]


class StoriesView:
    """The view of life stories. It is a `woc_sim.explorer.view.View`."""

    name, title, has_months = "stories", "Life stories", True

    def __init__(self) -> None:
        self._kept: Kept[tuple[Life, ...]] = Kept()
        self._lives: list[tuple[Life, ...]] = []
        self._pair: Pair | None = None
        self._month = 0
        self._heading = drawing.text_pane("Nothing is simulated yet.")
        self.side = pn.widgets.RadioButtonGroup(options=["A"], value="A", label="Side")
        self.life = pn.widgets.Select(
            label="Life (click a bar, or use the arrow keys)",
            options={},
            max_width=420,
            sizing_mode="stretch_width",
        )
        self.bars = drawing.source("y", "left", "right", "colour", "id")
        self.events = drawing.source("time", "y", "shape", "angle", "line", "fill", "what", "month", "id")
        self.chosen = drawing.source("y", "left", "right")
        self.texts = [drawing.text_pane() for _ in drawing.SIDE_NAMES]
        self.side.param.watch(lambda _: self._list(), "value")
        self.life.param.watch(lambda _: self._tell(), "value")
        for each in (self.bars, self.events):
            each.selected.on_change("indices", self._clicker(each))

    def panel(self) -> Any:
        """Heading, what is chosen, the rows of lives, and the story."""
        self._figure = self._make_figure()
        texts = pn.Row(
            *[pn.Column(text, height=430, scroll=True, sizing_mode="stretch_width") for text in self.texts],
            sizing_mode="stretch_width",
        )
        legend = pn.pane.HTML(_legend(), sizing_mode="stretch_width", margin=(2, 10))
        return pn.Column(
            self._heading,
            pn.Row(self.side, self.life),
            pn.pane.Bokeh(self._figure, sizing_mode="stretch_width"),
            legend,
            texts,
            sizing_mode="stretch_width",
        )

    def prepare(self, pair: Pair) -> None:
        """Tell the lives of sides that are new."""
        for side in pair.sides:
            self._told(side)

    def _told(self, side: Side) -> tuple[Life, ...]:
        return self._kept.get(side.scenario, lambda: side.lives(LIVES))

    def show(self, pair: Pair) -> None:
        """Show the lives of this pair; the one that was read stays open if it is there."""
        self._pair = pair
        self._lives = [self._told(side) for side in pair.sides]
        names = list(drawing.SIDE_NAMES[: len(pair.sides)])
        if self.side.options != names:
            self.side.options = names
        self.side.value = self.side.value if self.side.value in names else names[0]
        note = (
            f"First replicate; {LIVES} lives, chosen before anything happened to them. Bars: a migrant's "
            "home, or the time of another life in the town. Marks: events."
        )
        self._heading.object = drawing.heading(self.title, pair, note)
        self._list()
        self.month(min(self._month, pair.months - 1))

    def month(self, month: int) -> None:
        """Mark this month."""
        self._month = month
        if self._pair is not None:
            self._now.location = drawing.years_of(month + 1)[-1]

    def lives_of(self, letter: str) -> tuple[Life, ...]:
        """The lives of side A or B; none if there is no such side."""
        at = drawing.SIDE_NAMES.index(letter)
        return self._lives[at] if at < len(self._lives) else ()

    def _list(self) -> None:
        """List and draw the lives of the chosen side."""
        if self._pair is None:
            return
        lives = self.lives_of(self.side.value)
        kept = self.life.value
        options = {
            f"{KINDS[life.kind][:-1]}: {label(life.name, 60)} ({label(life.id)})": life.id for life in lives
        }
        self.life.options = options
        self.life.value = kept if kept in options.values() else next(iter(options.values()), None)
        self._draw(lives, self._pair.months)
        self._tell()

    def _draw(self, lives: tuple[Life, ...], months: int) -> None:
        at = np.append(drawing.years_of(months), drawing.years_of(months)[-1] + 2.6e9)
        bars: dict[str, list[Any]] = {name: [] for name in self.bars.data}
        events: dict[str, list[Any]] = {name: [] for name in self.events.data}
        rows = {life.id: len(lives) - row for row, life in enumerate(lives)}
        for life in lives:
            for start, end, colour in spans_of(life, months):
                _add(bars, y=rows[life.id], left=at[start], right=at[end], colour=colour, id=life.id)
            marks = {code: mark for mark in _marks(life.kind) for code in mark.codes}
            for event in life.events:
                mark = marks.get(event.code)
                if mark is not None:
                    _add(
                        events, time=at[event.month] + 1.3e9, y=rows[life.id] + mark.height * 0.9,
                        shape=SHAPES[mark.shape], angle=TURNED.get(mark.shape, 0.0), line=mark.colour,
                        fill=mark.colour if mark.filled else "white",
                        what=event.text, month=drawing.month_words(event.month), id=life.id,
                    )  # fmt: skip
        self.bars.data, self.events.data = bars, events
        self._figure.y_range.start, self._figure.y_range.end = 0.4, len(lives) + 0.6
        self._figure.yaxis.ticker = FixedTicker(ticks=list(rows.values()))
        self._figure.yaxis.major_label_overrides = {rows[life.id]: _plain(life.name) for life in lives}

    def _tell(self) -> None:
        """Write the story that is chosen, as it is in A and in B."""
        if self._pair is None:
            return
        bars = self.bars.data
        own = [at for at, each in enumerate(bars["id"]) if each == self.life.value]
        self.chosen.data = {
            "y": [bars["y"][at] for at in own[:1]],
            "left": [bars["left"][at] for at in own[:1]],
            "right": [bars["right"][at] for at in own[-1:]],
        }
        for letter, text in zip(drawing.SIDE_NAMES, self.texts, strict=True):
            found = [life for life in self.lives_of(letter) if life.id == self.life.value]
            if found:
                text.object = story(letter, found[0])
            elif self.lives_of(letter):
                text.object = f"<b>{letter}</b><p>This life is not among those that are told in {letter}.</p>"
            else:
                text.object = ""

    def _clicker(self, source: Any) -> Any:
        def clicked(_attribute: str, _old: Any, new: list[int]) -> None:
            if new:
                self.life.value = source.data["id"][new[0]]

        return clicked

    def _make_figure(self) -> Any:
        drawn = drawing.plain_figure(
            "Lives over time", ROW_HEIGHT * LIVES + 70, tools="tap,save", x_axis_type="datetime"
        )
        drawn.y_range = Range1d(0, 1)
        drawn.hbar(
            "y", height=0.8, left="left", right="right", source=self.bars, fill_color="colour",
            line_color=None, nonselection_fill_alpha=1.0,
        )  # fmt: skip
        drawn.hbar(
            "y", height=0.94, left="left", right="right", source=self.chosen, fill_color=None, line_color=INK
        )
        marks = drawn.scatter(
            "time",
            "y",
            source=self.events,
            marker="shape",
            angle="angle",
            size=7,
            line_color="line",
            fill_color="fill",
            nonselection_alpha=1.0,
        )
        drawn.add_tools(HoverTool(renderers=[marks], tooltips=[("@month", "@what")]))
        self._now = Span(location=0, dimension="height", line_color=GREY, line_dash="dotted")
        drawn.add_layout(self._now)
        drawn.yaxis.major_label_text_font_size = "8.5pt"
        return drawn


def _add(columns: dict[str, list[Any]], **values: Any) -> None:
    for name, value in values.items():
        columns[name].append(value)


def _plain(name: str) -> str:
    """A name as a label of an axis, where dollars would begin a formula."""
    return label(name, 34).replace("$", "＄")


def story(letter: str, life: Life) -> str:
    """A life as HTML in which all texts are plain."""
    months: dict[str, list[str]] = {}
    for event in life.events:
        months.setdefault(drawing.month_words(event.month), []).append(html_text(event.text))
    told = "".join(f"<li><b>{month}</b> {' '.join(texts)}</li>" for month, texts in months.items())
    return (
        f"<b>{letter}: {html_text(life.name)}</b> <span style='color:{GREY}'>{html_text(life.id)}</span>"
        f"<p>{html_text(life.header)}</p>"
        f"<ul style='padding-left:1.2em'>{told or '<li>Nothing happened.</li>'}</ul>"
    )


def _legend() -> str:
    """What the colours of bars and the marks mean."""
    colours = {f"home: {home}": colour for home, colour in HOMES.items()}
    colours["residents and organisations: in the town"] = IN_TOWN
    bars = " ".join(
        f"<span style='border-left:1em solid {colour};padding:0 0.8em 0 0.3em'>{html_text(words)}</span>"
        for words, colour in colours.items()
    )
    marks = " &nbsp; ".join(
        f"<span style='color:{mark.colour}'>{SIGNS[mark.shape][0 if mark.filled else 1]}</span> "
        f"{html_text(mark.label)}"
        for mark in (*MIGRANT_MARKS, *OTHER_MARKS)
    )
    return f"<span style='font-size:0.9em'>{bars}<br>{marks}</span>"


SIGNS: Final = {
    "^": "▲△", "v": "▼▽", "s": "■□", "x": "××", "o": "●○", ">": "▶▷", "P": "✚✚", "D": "◆◇", "*": "★☆",
}  # fmt: skip
"""The shapes as signs of a text, filled and open."""
