"""The view of time lines: any indicators, replicates as a band, and below each the difference of B and A."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, HoverTool, Span
from bokeh.plotting import figure

from woc_sim.ensemble.run import month_names
from woc_sim.explorer.controls import NOTE, Quiet
from woc_sim.explorer.numbers import BY_NAME, band, difference, sentence
from woc_sim.explorer.pair import Pair
from woc_sim.explorer.views.drawing import side_by_side
from woc_sim.figures.run import EVENTS, decimal_years
from woc_sim.figures.style import BLUE, GREY, INK, VERMILION, readable
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.instruments.readings import INDICATOR_NAMES

MOST_SHOWN: Final = 8
"""Most indicators at once."""
COLOURS: Final = {"A": BLUE, "B": VERMILION}
DASHES: Final = {"A": "solid", "B": "dashed"}
YEARS: Final = decimal_years(month_names(MONTHS))
SIDE_COLUMNS: Final = ("year", "mean", "low", "high")
TOOLS: Final = "xpan,xwheel_zoom,box_zoom,reset,save"


class Plot:
    """One indicator: its time lines, and the difference below them."""

    def __init__(self, name: str, output: str, ask_why: Callable[[str], None], compared: bool) -> None:
        self.name = name
        one = BY_NAME[name]
        self.sides = {
            side: ColumnDataSource({each: [] for each in SIDE_COLUMNS}, name=f"{side} {name}")
            for side in COLOURS
        }
        self.effect = ColumnDataSource({each: [] for each in (*SIDE_COLUMNS[:1], "effect", "low", "high")})
        self.upper = _figure(f"{readable(name)}  [{one.unit}]", 190, output)
        for side, source in self.sides.items():
            colour = COLOURS[side]
            self.upper.varea("year", "low", "high", source=source, fill_color=colour, fill_alpha=0.16)
            line = self.upper.line(
                "year",
                "mean",
                source=source,
                color=colour,
                width=2,
                line_dash=DASHES[side],
                legend_label=side,
            )
            tips = [(f"{side}, mean", "@mean{0.000}"), ("replicates", "@low{0.000} to @high{0.000}")]
            self.upper.add_tools(HoverTool(renderers=[line], tooltips=tips, mode="vline", visible=False))
        self.upper.legend.location, self.upper.legend.orientation = "top_left", "horizontal"
        self.upper.legend.background_fill_alpha, self.upper.legend.padding = 0.5, 3
        self.lower: Any = None  # made when there is a B: without it a page is there sooner
        self._output = output
        self.words = pn.pane.HTML(
            escape(one.meaning), styles=NOTE, sizing_mode="stretch_width", margin=(5, 8, 0, 8)
        )
        self.why = pn.widgets.Button(
            label="Why?", width=60, height=26, margin=(0, 6), visible=False,
            description="Through which channels does this difference run?",
        )  # fmt: skip
        self.why.on_click(lambda _: ask_why(name))
        self.box = pn.Column(
            pn.pane.Bokeh(self.upper, sizing_mode="stretch_width"),
            pn.Row(self.words, self.why, sizing_mode="stretch_width"),
            sizing_mode="stretch_width", min_width=330, css_classes=["woc-plot"],
        )  # fmt: skip
        self._show_b(compared)

    def show(self, pair: Pair) -> None:
        """Put the numbers of the pair into the sources."""
        years = YEARS[: pair.months]
        for side, source in self.sides.items():
            shown = pair.a if side == "A" else pair.b
            if shown is None:
                source.data = {each: [] for each in SIDE_COLUMNS}
                continue
            found = band(shown, self.name)
            source.data = {"year": years, "mean": found.mean, "low": found.low, "high": found.high}
        if pair.b is None:
            self.effect.data = {each: [] for each in self.effect.data}
        else:
            change = difference(pair, self.name)
            self.effect.data = {
                "year": years, "effect": change.effect, "low": change.low, "high": change.high,
            }  # fmt: skip
        if self.why.visible != (pair.b is not None):
            self._show_b(pair.b is not None)
        self.words.object = escape(sentence(pair, self.name))

    def _show_b(self, on: bool) -> None:
        """Whether there is a side B, and so a difference."""
        if on and self.lower is None:
            self.lower = self._difference()
            self.box.insert(1, pn.pane.Bokeh(self.lower, sizing_mode="stretch_width"))
        if self.lower is not None:
            self.lower.visible = on
        self.why.visible = self.upper.legend.visible = on
        self.upper.xaxis.visible = not on

    def _difference(self) -> Any:
        """The figure of B less A."""
        lower = _figure("", 110, self._output)
        lower.x_range = self.upper.x_range
        lower.yaxis.axis_label = "B less A"
        lower.yaxis.axis_label_text_font_size = "10px"
        lower.add_layout(Span(location=0, dimension="width", line_color=GREY, line_width=1))
        lower.varea("year", "low", "high", source=self.effect, fill_color=INK, fill_alpha=0.15)
        drawn = lower.line("year", "effect", source=self.effect, color=INK, width=1.6)
        tips = [("B less A", "@effect{+0.000}"), ("95 % interval", "@low{+0.000} to @high{+0.000}")]
        lower.add_tools(HoverTool(renderers=[drawn], tooltips=tips, mode="vline", visible=False))
        return lower


class TimeLines:
    """The view. `changed` is told which indicators are chosen, `ask_why` which one a reader asks about;
    `compared`: whether the page begins with a B.
    """

    name, title, has_months = "lines", "Time lines", False

    def __init__(
        self,
        shown: Sequence[str],
        changed: Callable[[tuple[str, ...]], None],
        ask_why: Callable[[str], None],
        compared: bool = False,
    ) -> None:
        self._changed, self._ask_why, self._quiet = changed, ask_why, Quiet()
        self._compared = compared
        self._pair: Pair | None = None
        self._output = "canvas"
        self._choice = pn.widgets.MultiChoice(
            label="Indicators", options={readable(each): each for each in INDICATOR_NAMES},
            value=list(shown), max_items=MOST_SHOWN, sizing_mode="stretch_width",
        )  # fmt: skip
        self.plots: dict[str, Plot] = {}
        self._grid = pn.Column(sizing_mode="stretch_width")
        self._choice.param.watch(self._chosen, "value")
        self._build()

    def panel(self) -> Any:
        """The choice of indicators, and a plot for each."""
        text = (
            "Lines are means over replicates, bands go from the lowest replicate to the highest. "
            "Below: B less A, mean over paired replicates with its 95 % interval. "
            "Shaded: 2015, Covid, Ukraine."
        )
        return pn.Column(
            self._choice,
            pn.pane.HTML(escape(text), styles=NOTE, sizing_mode="stretch_width", margin=(0, 10)),
            self._grid,
            sizing_mode="stretch_width",
        )

    def prepare(self, pair: Pair) -> None:
        """Nothing else is needed."""

    def show(self, pair: Pair) -> None:
        """Show the pair in all plots."""
        self._pair = pair
        for plot in self.plots.values():
            plot.show(pair)

    def month(self, month: int) -> None:
        """All months are shown."""

    def choose(self, shown: Sequence[str]) -> None:
        """Show these indicators; nothing is reported as changed."""
        with self._quiet():
            self._choice.value = list(shown)
        self._build()

    def pictures_as(self, output: str) -> None:
        """Let the tool that saves a picture write 'canvas' (PNG) or 'svg'."""
        self._output, self.plots = output, {}
        self._build()

    def _chosen(self, event: Any) -> None:
        self._build()
        if not self._quiet.on:
            self._changed(tuple(event.new))

    def _build(self) -> None:
        names = list(self._choice.value)
        if list(self.plots) == names:
            return
        new = [name for name in names if name not in self.plots]
        self.plots = {
            name: self.plots.get(name) or Plot(name, self._output, self._ask_why, self._compared)
            for name in names
        }
        if self._pair is not None:
            for name in new:
                self.plots[name].show(self._pair)
        boxes = [plot.box for plot in self.plots.values()]
        self._grid.objects = [side_by_side(*boxes[at : at + 2]) for at in range(0, len(boxes), 2)]


def _figure(title: str, height: int, output: str) -> Any:
    plot = figure(
        title=title or None, height=height, sizing_mode="stretch_width", x_range=(2012, 2024), tools=TOOLS,
        active_drag=None, output_backend=output, toolbar_location="right", min_border_left=58,
        min_border_right=4, min_border_top=2, min_border_bottom=2,
    )  # fmt: skip
    plot.toolbar.autohide = True
    if title:
        plot.title.text_font_size, plot.title.text_color = "13px", INK
    starts, ends, _, colours = zip(*EVENTS, strict=True)
    plot.vstrip(
        list(starts), list(ends), fill_color=list(colours), fill_alpha=0.13, line_color=None, level="underlay"
    )
    plot.xaxis.ticker = np.arange(2012, 2025, 2)
    plot.yaxis.ticker.desired_num_ticks = 4
    plot.grid.grid_line_color = "#EEEEEE"
    plot.outline_line_color = None
    return plot
