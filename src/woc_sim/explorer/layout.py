"""Where everything stands on the page, and the widgets that belong to no side."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

import panel as pn

from woc_sim.explorer.controls import NOTE, Folded, Quiet
from woc_sim.explorer.model_controls import (
    CalendarControls,
    InterventionControls,
    ParameterControls,
    TheoryControls,
)
from woc_sim.explorer.numbers import csv_text
from woc_sim.explorer.place_controls import PlaceControls
from woc_sim.explorer.settings import (
    FILE,
    MOST_REPLICATES,
    PLACE,
    Screen,
    Settings,
    address,
    command,
    config_text,
    month_label,
)
from woc_sim.explorer.taking import notebook
from woc_sim.explorer.view import View
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.records import settings_text
from woc_sim.scenario.checks import MAX_SEED

if TYPE_CHECKING:
    from woc_sim.explorer.page import Page

LEFT_WIDTH: Final = 340
CSS: Final = """
body { margin: 0; background: #FAFAFA; font-family: system-ui, "DejaVu Sans", sans-serif; }
"""
ERROR: Final = {
    "background": "#FDECE4", "border-left": "4px solid #D55E00", "color": "#5A2600", "padding": "6px 10px",
    "font-size": "13px",
}  # fmt: skip
READABLE: Final = ("textarea:disabled { color: #222222; background: white; font-family: monospace; }",)
BUTTONS_ALONE: Final = "input[type='range'], .pn-player-title { display: none; }"
"""The slider of months stands beside the player."""
COPY: Final = "navigator.clipboard.writeText(text.value_input || text.value)"
MOST_PEOPLE: Final = 5000
"""Most people of the slider; the address takes what the parser takes."""


class Frame:
    """The widgets of a page. `page` is told what the user does."""

    def __init__(self, page: Page, views: Sequence[View]) -> None:
        self._page, self._quiet = page, Quiet()
        self.views = list(views)
        self._compare = pn.widgets.Switch(label="", value=False, margin=(15, 6))
        self._edit = pn.widgets.RadioButtonGroup(
            label="Edit",
            options={"edit A": "A", "edit B": "B"},
            value="A",
            width=120,
            margin=(6, 2),
            visible=False,
        )
        self._copy = pn.widgets.Button(
            label="B := A", width=62, margin=(6, 2), visible=False, description="Make B equal to A"
        )
        self._people = pn.widgets.IntSlider(
            label="Simulated residents", start=100, end=MOST_PEOPLE, step=100, sizing_mode="stretch_width"
        )
        self._replicates = pn.widgets.IntSlider(
            label="Replicates", start=1, end=MOST_REPLICATES, step=1, sizing_mode="stretch_width"
        )
        self._seed = pn.widgets.IntInput(
            label="Seed", start=0, end=min(MAX_SEED, 2**31 - 1), step=1, sizing_mode="stretch_width"
        )
        self._place = PlaceControls(page.change, page.fail)
        self.controls = {
            "Interventions": Folded(lambda: InterventionControls(page.change)),
            "Theories": Folded(lambda: TheoryControls(page.change)),
            "Calendar": Folded(lambda: CalendarControls(page.change)),
            "Parameters": Folded(lambda: ParameterControls(page.change)),
        }
        self._error = pn.pane.HTML(
            "", styles=ERROR, sizing_mode="stretch_width", visible=False, margin=(4, 8)
        )
        self._words = pn.pane.HTML(
            "", sizing_mode="stretch_width", margin=(4, 10), styles={"font-size": "13px"}
        )
        self._state = pn.pane.HTML("", styles=NOTE | {"text-align": "right"}, width=190, margin=(8, 10))
        self._boxes = {view.name: pn.Column(sizing_mode="stretch_width") for view in self.views}
        self._take = pn.Column(sizing_mode="stretch_width")
        self._player = pn.widgets.Player(
            label="Month", start=0, end=MONTHS - 1, value=MONTHS - 1, interval=120, show_loop_controls=False,
            loop_policy="once", width=340, height=40, scale_buttons=0.8, stylesheets=[BUTTONS_ALONE],
        )  # fmt: skip
        self._months = pn.widgets.IntSlider(
            label="Month",
            start=0,
            end=MONTHS - 1,
            value=MONTHS - 1,
            show_value=False,
            sizing_mode="stretch_width",
            styles={"flex": "1 1 200px"},
        )
        self._month_words = pn.pane.HTML("", width=80, styles={"font-size": "15px", "font-weight": "bold"})
        self._month_row = pn.FlexBox(
            self._player, self._months, self._month_words, sizing_mode="stretch_width", visible=False
        )
        self._command = pn.widgets.TextAreaInput(
            label="The command that gives these numbers", disabled=True, rows=3, auto_grow=True,
            max_length=100_000, sizing_mode="stretch_width",
            stylesheets=list(READABLE),
        )  # fmt: skip
        self._link = pn.widgets.TextAreaInput(
            label="The end of the address that opens this screen again", disabled=True, rows=3,
            max_length=100_000, sizing_mode="stretch_width",
            stylesheets=list(READABLE),
        )  # fmt: skip
        self._own_file = self._download("Download locality.yaml", FILE, self._locality_yaml)
        self._config_b = self._download("Config of B", "config-b.yaml", lambda: self._config("b"))
        self._pictures = pn.widgets.RadioButtonGroup(options={"PNG": "canvas", "SVG": "svg"}, value="canvas")
        self._tabs = pn.Tabs(
            *((view.title, self._boxes[view.name]) for view in self.views),
            ("Take away", self._take),
            sizing_mode="stretch_width",
            active=self._place_of(page.screen.view),
        )
        self._fill_take()
        self._connect()
        self._turned()

    # what the page asks

    @property
    def edited(self) -> str:
        """The side whose settings the controls show: 'A' or 'B'."""
        return str(self._edit.value)

    @property
    def view(self) -> View:
        """The view on top, or the last one if none is."""
        on_top: int = self._tabs.active
        return self.views[min(on_top, len(self.views) - 1)]

    @property
    def month(self) -> int:
        """The month that the slider chooses."""
        return int(self._player.value)

    def panel(self) -> Any:
        """The whole page."""
        place = _card("Place", self._place.panel(), collapsed=False)
        cards = [_card(title, control.panel()) for title, control in self.controls.items()]
        for card, title in zip(cards, self.controls, strict=True):
            card.param.watch(lambda _, title=title: self.unfold(title), "collapsed")
        run = _card("Simulation", self._people, self._replicates, self._seed)
        title = pn.pane.HTML("<b>Compare</b>", margin=(11, 0, 0, 10), styles={"font-size": "13px"})
        head = pn.Row(
            title, self._compare, self._edit, self._copy,
            sizing_mode="stretch_width", height=46,
        )  # fmt: skip
        left = pn.Column(
            head, place, *cards, run, width=LEFT_WIDTH, margin=0,
            styles={"height": "100vh", "overflow-y": "auto", "background": "white", "flex": "none",
                    "border-right": "1px solid #DDDDDD"},
        )  # fmt: skip
        right = pn.Column(
            pn.Row(self._words, self._state, sizing_mode="stretch_width"), self._error, self._month_row,
            self._tabs,
            sizing_mode="stretch_width", styles={"height": "100vh", "overflow-y": "auto"}, margin=0,
        )  # fmt: skip
        return pn.Row(left, right, sizing_mode="stretch_width", margin=0)

    def refresh(self, screen: Screen, side: Settings) -> None:
        """Show the settings of a side in all controls."""
        with self._quiet():
            self._compare.value = screen.b is not None
            self._edit.visible = self._copy.visible = screen.b is not None
            if screen.b is None:
                self._edit.value = "A"
            people = int(side.get("people", 2000))
            self._people.end = max(MOST_PEOPLE, people)
            self._people.param.update(value=people)
            self._replicates.value = screen.replicates
            self._seed.value = int(side.get("seed", 1))
            last = int(side.get("months", MONTHS)) - 1
            self._player.param.update(end=last, value=min(self._player.value, last))
            # the ends of a slider differ; of a single month there is none to choose
            self._months.param.update(
                end=max(last, 1), value=min(self._months.value, last), disabled=last == 0
            )
        self._place.refresh(side)
        for control in self.controls.values():
            control.refresh(side)

    def say_error(self, sentence: str) -> None:
        """Show a sentence above the views; none if it is empty."""
        text = f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
        self._error.object, self._error.visible = escape(text), bool(text)

    def say_state(self, text: str) -> None:
        """Show what the simulator is doing."""
        self._state.object = escape(text)

    def say_settings(self, words: str, screen: Screen) -> None:
        """Show the two sides in words (HTML), and what a reader can take away."""
        if self._words.object != words:
            self._words.object = words
        self._command.value, self._link.value = command(screen), address(screen)
        self._own_file.visible = any(PLACE in each for each in screen.sides)
        self._config_b.visible = screen.b is not None

    def unfold(self, title: str) -> None:
        """A card is opened or closed: its control is made at the first time."""
        self.controls[title].unfold()
        self._page.refresh()

    def turn_to(self, view: View) -> None:
        """Put the tab of a view on top."""
        self._tabs.active = self.views.index(view)

    # inside

    def _connect(self) -> None:
        self._compare.param.watch(self._told(lambda value: self._page.compare(value)), "value")
        self._edit.param.watch(self._told(lambda _: self._page.refresh()), "value")
        self._copy.on_click(lambda _: self._page.copy_to_b())
        self._people.param.watch(self._told(lambda value: self._page.change({"people": value})), "value")
        self._replicates.param.watch(self._told(lambda value: self._page.replicates(value)), "value")
        self._seed.param.watch(self._told(lambda value: self._page.change({"seed": value})), "value")
        self._tabs.param.watch(lambda _: self._turned(), "active")
        self._player.param.watch(lambda event: self._to_month(event.new), "value")
        self._months.param.watch(lambda event: self._to_month(event.new), "value")
        self._pictures.param.watch(lambda event: self._page.lines.pictures_as(event.new), "value")

    def _told(self, call: Callable[[Any], None]) -> Callable[[Any], None]:
        def told(event: Any) -> None:
            if not self._quiet.on and event.new is not None:
                call(event.new)

        return told

    def _to_month(self, month: int) -> None:
        self._month_words.object = month_label(month)
        if self._quiet.on:
            return
        with self._quiet():
            self._player.value = self._months.value = month
        if self.view.has_months and self._page.pair is not None:
            try:
                self.view.month(month)
            except Exception as error:
                self._page.fail(error)

    def _place_of(self, name: str) -> int:
        names = [view.name for view in self.views]
        return names.index(name) if name in names else 0

    def _turned(self) -> None:
        """Build the tab on top if it is seen for the first time."""
        on_top = self._tabs.active
        if on_top >= len(self.views):
            self._month_row.visible = False
            return
        view = self.views[on_top]
        box = self._boxes[view.name]
        if not box.objects:
            box.append(view.panel())
        self._month_row.visible = view.has_months
        self._month_words.object = month_label(self.month)
        if hasattr(self._page, "frame"):  # not while the page is made
            self._page.turned_to(view)

    def _fill_take(self) -> None:
        copies = []
        for text in (self._command, self._link):
            button = pn.widgets.Button(label="Copy", width=70, align="end")
            button.js_on_click(args={"text": text}, code=COPY)
            copies.append(pn.Row(text, button, sizing_mode="stretch_width"))
        downloads = pn.FlexBox(
            self._download("Config of A", "config.yaml", lambda: self._config("a")),
            self._config_b,
            self._own_file,
            self._download("Data as CSV", "indicators.csv", self._csv),
            self._download("Notebook", "explored.ipynb", lambda: notebook(self._page.screen)),
        )
        told = (
            "A config runs with `woc-sim run from=config.yaml`. A locality of your own has to stand "
            "beside the command as locality.yaml. Pictures: move over a plot and press the tool that saves."
        )
        self._take.objects = [
            *copies,
            downloads,
            pn.Row(pn.pane.HTML("Pictures as"), self._pictures),
            pn.pane.HTML(escape(told), styles=NOTE, sizing_mode="stretch_width"),
        ]

    def _download(self, label: str, name: str, text: Callable[[], str]) -> Any:
        return pn.widgets.FileDownload(
            callback=lambda: io.BytesIO(text().encode()),
            filename=name,
            label=label,
            width=190,
        )

    def _config(self, side: str) -> str:
        screen = self._page.screen
        settings = screen.a if side == "a" or screen.b is None else screen.b
        return config_text(settings, screen.replicates)

    def _locality_yaml(self) -> str:
        places = [each[PLACE] for each in self._page.screen.sides if PLACE in each]
        return settings_text(places[0]) if places else ""

    def _csv(self) -> str:
        return csv_text(self._page.pair) if self._page.pair is not None else ""


def _card(title: str, *content: Any, collapsed: bool = True) -> Any:
    """A part of the left column that can be opened and closed."""
    return pn.Card(*content, title=title, collapsed=collapsed, sizing_mode="stretch_width", margin=(3, 0))
