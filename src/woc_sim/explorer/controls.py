"""What the controls of the left column have in common: they show settings of a side and report changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any, Protocol

import panel as pn

from woc_sim.explorer.settings import Settings

Change = Callable[[Mapping[str, Any]], None]
"""Takes flat settings that were changed; None stands for a setting that goes back to its default."""

NOTE = {"font-size": "11px", "color": "#555555", "line-height": "1.3"}


class Control(Protocol):
    """A part of the left column."""

    def panel(self) -> Any:
        """The Panel object. Called once."""

    def refresh(self, settings: Settings) -> None:
        """Show these settings; nothing is reported as changed."""


class Quiet:
    """Tells changes that the user makes from those that `refresh` makes."""

    def __init__(self) -> None:
        self.on = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """A block in which changes of widgets are not reported."""
        before, self.on = self.on, True
        try:
            yield
        finally:
            self.on = before


def note(text: str) -> Any:
    """A small text below a control. What it says is shown as text, whatever it holds."""
    return pn.pane.HTML(escape(text), styles=NOTE, sizing_mode="stretch_width", margin=(0, 10, 4, 10))


class Folded:
    """A control that is made when its card is first opened: a page whose cards are closed is there sooner."""

    def __init__(self, make: Callable[[], Control]) -> None:
        self._make = make
        self._box = pn.Column(sizing_mode="stretch_width")
        self.control: Control | None = None

    def panel(self) -> Any:
        """The place of the control."""
        return self._box

    def unfold(self) -> None:
        """Make the control, if it is not there yet. It shows no settings before `refresh`."""
        if self.control is None:
            self.control = self._make()
            self._box.append(self.control.panel())

    def refresh(self, settings: Settings) -> None:
        """Show these settings, if the control is there."""
        if self.control is not None:
            self.control.refresh(settings)


class NumberControl:
    """A slider for a number that has a default, a text below it, and a button back to the default.

    default: where the slider stands while the number is not set; `unset` says in words what holds then.
    """

    def __init__(
        self,
        key: str,
        label: str,
        low: float,
        high: float,
        default: float,
        unset: str,
        text: str,
        change: Change,
    ) -> None:
        self.key, self._default, self._unset, self._text, self._change = key, default, unset, text, change
        self._quiet = Quiet()
        step = step_of(low, high)
        self.slider = pn.widgets.FloatSlider(
            label=label, start=low, end=high, step=step, value=default, sizing_mode="stretch_width",
            format=format_of(step), margin=(2, 10, 0, 10), width=None,
        )  # fmt: skip
        self._reset = pn.widgets.Button(
            label="↺",
            width=34,
            margin=(8, 6, 0, 0),
            disabled=True,
            description=f"{label}: back to the default",
        )
        self._note = note(self._words(False))
        self.slider.param.watch(self._moved, "value")
        self._reset.on_click(lambda _: self._change({self.key: None}))

    def panel(self) -> Any:
        """Slider, button and text."""
        row = pn.Row(self.slider, self._reset, sizing_mode="stretch_width")
        return pn.Column(row, self._note, sizing_mode="stretch_width")

    def refresh(self, settings: Settings) -> None:
        """Show whether the number is set, and to what."""
        value = settings.get(self.key)
        if isinstance(value, list | tuple):  # a band: the slider stands in its middle
            value = sum(value) / 2
        with self._quiet():
            self.slider.value = self._default if value is None else value
        self._show(value is not None)

    def _show(self, is_set: bool) -> None:
        self._reset.disabled = not is_set
        words = escape(self._words(is_set))
        if self._note.object != words:
            self._note.object = words

    def _words(self, is_set: bool) -> str:
        text = f"{self._text[:1].upper()}{self._text[1:]}"
        return text if is_set else f"{self._unset}. {text}"

    def _moved(self, event: Any) -> None:
        if not self._quiet.on:
            self._show(True)
            self._change({self.key: round(float(event.new), 9)})


def step_of(low: float, high: float) -> float:
    """A round step: about a hundred of them from low to high."""
    wide = (high - low) / 100
    power = 1.0
    while wide / power >= 10:
        power *= 10
    while wide / power < 1:
        power /= 10
    step = next(size for size in (1, 2, 5, 10) if wide / power <= size + 1e-9) * power
    return float(f"{step:.1g}")


def format_of(step: float) -> str:
    """The format of numbers with this step, as Bokeh's sliders take it."""
    text = f"{step:.9f}".rstrip("0")
    digits = len(text.partition(".")[2])
    return "0,0" if digits == 0 else f"0.{'0' * digits}"
