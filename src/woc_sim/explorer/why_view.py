"""The view of why: the difference of one indicator, split over the channels through which it runs."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d
from bokeh.plotting import figure

from woc_sim.ensemble.replays import Game
from woc_sim.ensemble.why import Why, game_of
from woc_sim.errors import UserError
from woc_sim.explorer.controls import NOTE
from woc_sim.explorer.pair import Pair
from woc_sim.figures.style import BLUE, GREY, INK, VERMILION, readable
from woc_sim.figures.why import steps_of
from woc_sim.instruments.readings import INDICATOR_NAMES

BARS: Final = ("label", "y", "left", "right", "low", "high", "colour")


class WhyView:
    """The view. `split(game, replicates)` is asked for the answer, which comes by `answer` or `refuse`."""

    name, title, has_months = "why", "Why", False

    def __init__(self, indicator: str, split: Callable[[Game, int], None]) -> None:
        self._split = split
        self._pair: Pair | None = None
        self.indicator = pn.widgets.Select(
            label="Indicator", options={readable(each): each for each in INDICATOR_NAMES}, value=indicator,
            width=300,
        )  # fmt: skip
        self.button = pn.widgets.Button(label="Split the difference", color="primary", align="end")
        self.words = pn.pane.HTML("", sizing_mode="stretch_width", styles={"font-size": "13px"})
        self.bars = ColumnDataSource({each: [] for each in BARS})
        self._plot = figure(
            height=400, sizing_mode="stretch_width", y_range=[""], tools="save", toolbar_location="right",
            x_axis_label="", min_border_left=60,
        )  # fmt: skip
        self._plot.hbar(
            "label", 0.62, "right", "left", source=self.bars, fill_color="colour", fill_alpha=0.75,
            line_color=None,
        )  # fmt: skip
        self._plot.segment("low", "label", "high", "label", source=self.bars, color=INK)
        self._plot.scatter("right", "label", source=self.bars, size=5, color=GREY)
        self._plot.xgrid.grid_line_color = "#EEEEEE"
        self._plot.ygrid.grid_line_color = None
        self._plot.outline_line_color = None
        self._plot.visible = False
        self.button.on_click(lambda _: self.ask())

    def panel(self) -> Any:
        """Choice, button, words and waterfall."""
        text = (
            "B is lived again with single channels held at the course that they took in A. A channel's "
            "share is what it adds when it becomes free, mean over orders (Shapley). The reading is the mean "
            "of the last year. Orange bars raise it, blue ones lower it; lines are 95 % intervals."
        )
        return pn.Column(
            pn.Row(self.indicator, self.button),
            self.words,
            pn.pane.Bokeh(self._plot, sizing_mode="stretch_width"),
            pn.pane.HTML(escape(text), styles=NOTE, sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )

    def prepare(self, pair: Pair) -> None:
        """Replays are made only when somebody asks."""

    def show(self, pair: Pair) -> None:
        """A new pair: the old answer is gone."""
        if self._pair is not None and self._pair.scenarios == pair.scenarios:
            self._pair = pair
            return
        self._pair = pair
        self._plot.visible = False
        self.words.object = (
            "Switch B on and change a setting of it: then there is a difference to split."
            if pair.b is None
            else "Press the button to split the difference of these two settings."
        )

    def month(self, month: int) -> None:
        """No month is shown."""

    def ask(self, indicator: str = "") -> None:
        """Ask for the split of an indicator, the chosen one if none is named."""
        if indicator:
            self.indicator.value = indicator
        if self._pair is None or self._pair.b is None:
            self.refuse("switch B on and change a setting of it: then there is a difference to split")
            return
        try:
            game = game_of(self._pair.a.scenario, self._pair.b.scenario, (self.indicator.value,))
        except UserError as error:
            self.refuse(error.sentence)
            return
        self._plot.visible, self.button.disabled = False, True
        self.words.object = "Replaying ..."
        self._split(game, self._pair.a.replicates)

    def told(self, done: int, wanted: int) -> None:
        """Show how far the replays are."""
        self.words.object = f"Replaying: {done} of {wanted} replicates ..."

    def refuse(self, sentence: str) -> None:
        """Show why there is no answer."""
        self.button.disabled, self._plot.visible = False, False
        self.words.object = escape(sentence[:1].upper() + sentence[1:] + ".")

    def answer(self, found: Why) -> None:
        """Show the words and the waterfall."""
        self.button.disabled = False
        self.words.object = escape(found.text.replace("the first scenario", "A").replace("the second", "B"))
        effect = found.effects.to_dict("records")[0]
        if not np.isfinite(effect["effect"]):
            return
        rows = waterfall(effect, steps_of(found.shares))
        self.bars.data = {each: [row[each] for row in rows] for each in BARS}
        self._plot.y_range.factors = [row["label"] for row in reversed(rows)]
        values = [
            row[each] for row in rows for each in ("left", "right", "low", "high") if np.isfinite(row[each])
        ]
        room = 0.06 * (max(values) - min(values)) or 1.0
        self._plot.x_range = Range1d(min(values) - room, max(values) + room)
        self._plot.xaxis.axis_label = (
            f"{readable(effect['reading'])} [{effect['unit']}], mean of the last year"
        )
        self._plot.visible = True


def waterfall(effect: Any, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bars from the value of A to that of B, one row each with its label."""
    level, nan = float(effect["first"]), float("nan")

    def mark(label: str, value: float) -> dict[str, Any]:
        ends = {"left": value, "right": value, "low": nan, "high": nan}
        return {"label": f"{label}  {value:.3g}", "y": 0, "colour": INK} | ends

    rows = [mark("A", level)]
    for step in steps:
        share = float(step["share"])
        rows.append(
            {
                "label": f"{readable(step['meaning'])}  {round(share, 9) + 0.0:+.2g}",
                "y": len(rows),
                "left": level,
                "right": level + share,
                "low": level + step["low"],
                "high": level + step["high"],
                "colour": VERMILION if share >= 0 else BLUE,
            }
        )
        level += share
    return [*rows, mark("B", float(effect["second"]))]
