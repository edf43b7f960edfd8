"""The four types of locality beside one another: the settings of A (and B) with each type in turn.

They are simulated when the button is pressed, since they take four times as long as the settings themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource

from woc_sim.ensemble.escaping import html_text
from woc_sim.errors import UserError
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.views import drawing
from woc_sim.explorer.views.drawing import Array
from woc_sim.figures.style import TYPE_COLOURS, readable
from woc_sim.inputs.vocabulary import TYPES
from woc_sim.instruments.monthly_readings import INDICATORS
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import signs, with_labels
from woc_sim.scenario.schema import Scenario

SHOWN: Final = (
    ("mipex_total", "Policy index"),
    ("lg_degree", "Meetings of local government"),
    ("active_share", "Active organisations"),
    ("vacancy", "Vacant dwellings"),
    ("employed_share", "Migrants in regular work"),
    ("private_home_share", "Migrants in a home of their own"),
    ("mean_attitude", "Residents' attitude"),
    ("ties_per_migrant", "Ties to residents"),
    ("belonging", "Migrants' belonging"),
)
"""Indicator and title of each panel."""
UNITS: Final = {each.name: each.unit for each in INDICATORS}
MARKS: Final = dict(zip(TYPES, ("circle", "square", "triangle", "diamond"), strict=True))
COLUMNS: Final = 3


def of_type(scenario: Scenario, type_name: str) -> Scenario:
    """The scenario with its locality made one of a type: population trend, unemployment and the foreign share
    before 2014 are those of the type, all else stays."""
    (spec,) = scenario.localities
    return replace(scenario, localities=(with_labels(spec, "", "", type_name),))


def simulate_types(side: Side) -> dict[str, Array]:
    """Indicators of each type (replicate x month x indicator), in as many replicates as the side has."""
    replicates = range(side.replicates)
    return {name: side.simulator.indicators(of_type(side.scenario, name), replicates) for name in TYPES}


def type_words(name: str) -> str:
    """'revitalising (+ +)': the type with the signs of structure and experience with diversity."""
    return f"{readable(name)} ({' '.join('+' if sign > 0 else '-' for sign in signs(name))})"


class TypesView:
    """The view of the four types. It is a `woc_sim.explorer.view.View`."""

    name, title, has_months = "types", "Four types", False

    def __init__(self) -> None:
        self._pair: Pair | None = None
        self._drawn: Pair | None = None
        self._ends = ""
        self._heading = drawing.text_pane("Nothing is simulated yet.")
        self._state = drawing.text_pane()
        self.button = pn.widgets.Button(label="Simulate the four types", color="primary", width=220)
        self.button.on_click(self._pressed)
        self.lines: dict[tuple[int, str, str], ColumnDataSource] = {
            (side, name, indicator): drawing.source("time", "mean", "low", "high")
            for side in range(len(drawing.SIDE_NAMES))
            for name in TYPES
            for indicator, _ in SHOWN
        }

    def panel(self) -> Any:
        """Heading, the button, and a figure for each indicator."""
        figures = [self._figure(indicator, title) for indicator, title in SHOWN]
        rows = [
            pn.Row(*[pn.pane.Bokeh(each, sizing_mode="stretch_width") for each in figures[at : at + COLUMNS]])
            for at in range(0, len(figures), COLUMNS)
        ]
        legend = pn.pane.HTML(_legend(), sizing_mode="stretch_width", margin=(2, 10))
        return pn.Column(
            self._heading, pn.Row(self.button, self._state), legend, *rows, sizing_mode="stretch_width"
        )

    def prepare(self, pair: Pair) -> None:
        """Nothing: the types are simulated when the button is pressed."""

    def show(self, pair: Pair) -> None:
        """Say of which settings the lines are."""
        self._pair = pair
        note = (
            "The settings with each type in turn: structure, then experience with diversity. Lines: mean of "
            f"{drawing.counted(pair.a.replicates, 'replicate', 'replicates')}; bands of A: from lowest to "
            "highest. Where bands overlap, places of different types end alike."
        )
        self._heading.object = drawing.heading(self.title, pair, note)
        if self._drawn is None:
            self._state.object = "Not simulated yet."
        elif _settings(self._drawn) == _settings(pair):
            self._state.object = self._ends
        else:
            self._state.object = "<b>The lines are of earlier settings.</b> Press the button again."

    def month(self, month: int) -> None:
        """Nothing: all months are shown."""

    def _pressed(self, _: Any) -> None:
        """Simulate on another thread, so that the page stays awake, and draw on the thread of the page."""
        pair, document = self._pair, pn.state.curdoc
        if pair is None or self.button.disabled:
            return
        self.button.disabled = True
        self._state.object = "Simulating ..."

        def work() -> None:
            try:
                found = [simulate_types(side) for side in pair.sides]
            except Exception as error:
                document.add_next_tick_callback(partial(self._failed, error))
            else:
                document.add_next_tick_callback(partial(self.draw, pair, found))

        threading.Thread(target=work, name="four types", daemon=True).start()

    def _failed(self, error: Exception) -> None:
        """Say what went wrong; a bug keeps its traceback in the terminal."""
        self.button.disabled = False
        if not isinstance(error, UserError):
            self._state.object = (
                "The types could not be simulated: a bug, whose traceback is in the terminal."
            )
            raise error
        self._state.object = html_text(error.sentence)

    def draw(self, pair: Pair, found: list[dict[str, Array]]) -> None:
        """Show the indicators of the types, one mapping for each side."""
        time = drawing.years_of(pair.months)
        for (side, name, indicator), source in self.lines.items():
            if side >= len(found):
                drawing.clear([source])
                continue
            values = found[side][name][:, :, INDICATOR_NAMES.index(indicator)]
            mean, low, high = drawing.band_of(values)
            source.data = {"time": time, "mean": mean, "low": low, "high": high}
        self._drawn = pair
        self.button.disabled = False
        self._ends = last_month_words(found)
        self.show(self._pair or pair)

    def _figure(self, indicator: str, title: str) -> Any:
        drawn = drawing.plain_figure(title, 230, x_axis_type="datetime", tools="pan,wheel_zoom,reset,save")
        drawn.title.text_font_size = "10pt"
        drawn.yaxis.axis_label = UNITS[indicator]
        drawn.yaxis.axis_label_text_font_size = "9pt"
        for (side, name, of), source in self.lines.items():
            if of != indicator:
                continue
            colour = TYPE_COLOURS[name]
            drawn.line(
                "time",
                "mean",
                source=source,
                line_color=colour,
                line_dash=drawing.SIDE_DASHES[side],
                line_width=2,
            )
            if side == 0:
                drawn.varea("time", "low", "high", source=source, fill_color=colour, fill_alpha=0.12)
        return drawn


def _settings(pair: Pair) -> tuple[Any, ...]:
    """What the lines depend on."""
    return pair.scenarios, pair.a.replicates


def _legend() -> str:
    """What colours and dashes mean."""
    types = "".join(
        f"<span style='margin-right:1.2em'><svg width='26' height='10'><line x1='0' x2='26' y1='5' y2='5' "
        f"stroke='{TYPE_COLOURS[name]}' stroke-width='3'/></svg> {html_text(type_words(name))}</span>"
        for name in TYPES
    )
    return f"{types}<span>solid, with bands: A; dashed: B</span>"


def last_month_words(found: list[dict[str, Array]]) -> str:
    """The last value of the first indicator of each type, as HTML text."""
    words = []
    for letter, side in zip(drawing.SIDE_NAMES, found, strict=False):
        words.append(f"<b>{letter}</b> {_index_words(side)}")
    return f"{SHOWN[0][1]} in the last month: {'; '.join(words)}."


def _index_words(side: Mapping[str, Array]) -> str:
    at = INDICATOR_NAMES.index(SHOWN[0][0])
    return ", ".join(
        f"{html_text(readable(name))} {np.mean(values[:, -1, at]):.0f}" for name, values in side.items()
    )
