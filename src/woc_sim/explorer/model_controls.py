"""Choosing what the model assumes on a side: theories, interventions, the calendar and parameters."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import panel as pn
from bokeh.models import CustomJSTickFormatter

from woc_sim.explorer.controls import NOTE, Change, NumberControl, Quiet, note
from woc_sim.explorer.settings import Settings, interventions_of, month_label
from woc_sim.figures.style import readable
from woc_sim.inputs.theories import theories
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.scenario.interventions import EFFECTS, STARTS
from woc_sim.scenario.parameters import Parameter, registry

MOST_FOUND: Final = 8
"""Most parameters that a search shows."""
MONTH_WORDS: Final = """
const month = Math.round(tick);
const year = 2012 + Math.floor(month / 12);
return month >= 144 ? "the end" : `${year}-${String(month % 12 + 1).padStart(2, "0")}`;
"""
SHOCKS: Final = {
    "asylum": "all asylum seekers of all years",
    "wave": "the rise of asylum seekers in 2014-16 above the trend",
    "ukrainians": "refugees from Ukraine since 2022",
    "covid": "the restrictions of meetings in 2020-21",
    "media": "how much the media speak of it",
}


class TheoryControls:
    """One subject at a time, with its rival theories and their claims, and a list of what was changed."""

    def __init__(self, change: Change) -> None:
        self._change, self._quiet, self._settings = change, Quiet(), Settings()
        self._subject = pn.widgets.Select(
            label="Subject",
            options={readable(each): each for each in theories()},
            sizing_mode="stretch_width",
        )
        self._theory = pn.widgets.RadioBoxGroup(label="Theory", options=[], margin=(0, 10))
        self._claims = pn.pane.HTML("", styles=NOTE, sizing_mode="stretch_width", margin=(2, 10))
        self._changed = note("")
        self._subject.param.watch(lambda _: self._show(), "value")
        self._theory.param.watch(self._chosen, "value")
        self._show()

    def panel(self) -> Any:
        """Subject, rivals and claims."""
        return pn.Column(
            self._subject, self._theory, self._claims, self._changed, sizing_mode="stretch_width"
        )

    def refresh(self, settings: Settings) -> None:
        """Show the theories of these settings."""
        self._settings = settings
        self._show()

    def _show(self) -> None:
        subject = self._subject.value
        rivals = theories()[subject]
        default = next(name for name, one in rivals.items() if one.is_default)
        with self._quiet():
            options = {
                readable(name) + (" (default)" if one.is_default else ""): name
                for name, one in rivals.items()
            }
            if self._theory.options != options:
                self._theory.param.update(
                    options=options, value=self._settings.get(f"theory.{subject}", default)
                )
            else:
                self._theory.value = self._settings.get(f"theory.{subject}", default)
        self._claims.object = "<br>".join(
            f"<b>{escape(readable(name))}</b>: {escape(one.claim)}. <i>{escape(one.source)}</i>"
            for name, one in rivals.items()
        )
        changed = [
            f"{readable(key[7:])}: {readable(str(value))}"
            for key, value in self._settings.items()
            if key.startswith("theory.")
        ]
        self._changed.object = escape(f"Changed: {'; '.join(changed)}." if changed else "None is changed.")

    def _chosen(self, event: Any) -> None:
        if not self._quiet.on and event.new is not None:
            subject = self._subject.value
            is_default = theories()[subject][event.new].is_default
            self._change({f"theory.{subject}": None if is_default else event.new})


class InterventionControls:
    """The interventions of a side, each with a range on the time line that can be dragged."""

    def __init__(self, change: Change) -> None:
        self._change, self._quiet, self._settings = change, Quiet(), Settings()
        self._names = pn.widgets.MultiChoice(
            label="Interventions", options={readable(each): each for each in EFFECTS}, value=[],
            placeholder="choose one or more", sizing_mode="stretch_width",
        )  # fmt: skip
        self._rows = pn.Column(sizing_mode="stretch_width")
        self._sliders: dict[str, tuple[Any, Any]] = {}
        self._names.param.watch(self._chosen, "value")

    def panel(self) -> Any:
        """The choice, and a time line for each that is chosen."""
        return pn.Column(self._names, self._rows, sizing_mode="stretch_width")

    def refresh(self, settings: Settings) -> None:
        """Show the interventions of these settings."""
        self._settings = settings
        names = list(interventions_of(settings))
        with self._quiet():
            if self._names.value != names:
                self._names.value = names
            if list(self._sliders) != names:
                self._sliders = {name: self._row(name) for name in names}
                self._rows.objects = [
                    each
                    for name, sliders in self._sliders.items()
                    for each in (*sliders, note(EFFECTS[name].meaning))
                ]
            for name, (months, strength) in self._sliders.items():
                key = f"intervention.{name}"
                months.value = (
                    _month(settings.get(f"{key}.start"), STARTS),
                    _month(settings.get(f"{key}.end"), MONTHS),
                )
                strength.value = float(settings.get(f"{key}.strength", 1.0))

    def _row(self, name: str) -> tuple[Any, Any]:
        months = pn.widgets.IntRangeSlider(
            label=f"{readable(name)}: from, to", start=0, end=MONTHS, step=1, value=(STARTS, MONTHS),
            format=CustomJSTickFormatter(code=MONTH_WORDS), sizing_mode="stretch_width",
        )  # fmt: skip
        strength = pn.widgets.FloatSlider(
            label="strength", start=0.0, end=1.0, step=0.05, value=1.0, sizing_mode="stretch_width"
        )
        months.param.watch(lambda event: self._moved(name, event.new), "value")
        strength.param.watch(lambda event: self._strengthened(name, event.new), "value")
        return months, strength

    def _chosen(self, event: Any) -> None:
        if self._quiet.on:
            return
        change: dict[str, Any] = {}
        for name in interventions_of(self._settings):
            if name not in event.new:
                keys = [key for key in self._settings if key.startswith(f"intervention.{name}.")]
                change |= dict.fromkeys(keys)
        for name in event.new:
            if name not in interventions_of(self._settings):
                change[f"intervention.{name}.start"] = month_label(STARTS)
        self._change(change)

    def _moved(self, name: str, months: tuple[int, int]) -> None:
        start, end = months
        if not self._quiet.on and start < end:
            key = f"intervention.{name}"
            self._change(
                {f"{key}.start": month_label(start), f"{key}.end": month_label(end) if end < MONTHS else None}
            )

    def _strengthened(self, name: str, strength: float) -> None:
        if not self._quiet.on:
            self._change({f"intervention.{name}.strength": None if strength == 1.0 else strength})


def _month(label: Any, default: int) -> int:
    """Index of a month label that the parser has taken."""
    return default if label is None else 12 * (int(label[:4]) - 2012) + int(label[5:7]) - 1


class CalendarControls:
    """Multipliers of what the calendar brings."""

    def __init__(self, change: Change) -> None:
        self._sliders = [
            NumberControl(f"shocks.{name}", readable(name), 0.0, 5.0, 1.0, "As it was", meaning, change)
            for name, meaning in SHOCKS.items()
        ]

    def panel(self) -> Any:
        """A slider each."""
        return pn.Column(*(each.panel() for each in self._sliders), sizing_mode="stretch_width")

    def refresh(self, settings: Settings) -> None:
        """Show the multipliers of these settings."""
        for each in self._sliders:
            each.refresh(settings)


class ParameterControls:
    """Parameters by subject or found by a word, with range, source and meaning."""

    def __init__(self, change: Change) -> None:
        self._change, self._settings = change, Settings()
        subjects = dict.fromkeys(one.subject for one in registry().values())
        self._subject = pn.widgets.Select(
            label="Subject", options={"all": ""} | {readable(each): each for each in subjects},
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._word = pn.widgets.TextInput(
            label="Search by word", placeholder="for example: contact", sizing_mode="stretch_width"
        )
        self._rows = pn.Column(sizing_mode="stretch_width")
        self._told = note("")
        self._controls: dict[str, NumberControl] = {}
        self._subject.param.watch(lambda _: self._search(), "value")
        self._word.param.watch(lambda _: self._search(), "value_input")
        self._search()

    def panel(self) -> Any:
        """Search, and a slider for each parameter that is found or was changed."""
        return pn.Column(self._subject, self._word, self._told, self._rows, sizing_mode="stretch_width")

    def refresh(self, settings: Settings) -> None:
        """Show the parameters of these settings."""
        self._settings = settings
        self._search()

    def _search(self) -> None:
        changed = [key[11:] for key in self._settings if key.startswith("parameters.")]
        found = found_parameters(self._word.value_input or "", self._subject.value)
        names = list(dict.fromkeys([*changed, *found[:MOST_FOUND]]))
        left = len(found) - MOST_FOUND
        self._told.object = escape(
            f"{len(found)} of {len(registry())} parameters"
            + (f"; the first {MOST_FOUND} are shown, type a word to find others" if left > 0 else "")
        )
        if list(self._controls) != names:
            kept = self._controls
            self._controls = {name: kept.get(name) or self._control(registry()[name]) for name in names}
            self._rows.objects = [each.panel() for each in self._controls.values()]
        for each in self._controls.values():
            each.refresh(self._settings)

    def _control(self, one: Parameter) -> NumberControl:
        text = f"{one.meaning} ({one.unit}; {one.low:g} to {one.high:g}). {one.status}: {one.source}"
        return NumberControl(
            f"parameters.{one.name}", one.name, one.low, one.high, one.value,
            f"Default {one.value:g}", text, self._change,
        )  # fmt: skip


def found_parameters(words: str, subject: str = "") -> list[str]:
    """Names of the parameters of a subject (empty for all) that have all the words in name, meaning or
    source."""
    wanted = words.casefold().replace("_", " ").split()
    found = []
    for name, one in registry().items():
        text = f"{name} {one.meaning} {one.source}".casefold().replace("_", " ").replace(".", " ")
        if subject in ("", one.subject) and all(word in text for word in wanted):
            found.append(name)
    return found
