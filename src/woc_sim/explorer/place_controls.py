"""Choosing the place of a side: a case, a synthetic locality, or a file of one's own."""

from __future__ import annotations

from typing import Any, Final

import panel as pn

from woc_sim.errors import UserError
from woc_sim.explorer.controls import Change, NumberControl, Quiet, note
from woc_sim.explorer.settings import PLACE, Settings
from woc_sim.figures.style import readable
from woc_sim.inputs.tables import cases, country
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES, TYPES
from woc_sim.records import settings_text, yaml_text
from woc_sim.scenario.localities import synthetic
from woc_sim.scenario.locality_file import locality_from
from woc_sim.scenario.schema import COVARIATES

CASE, SYNTHETIC, OWN = "case", "synthetic", "my own"
LABELS: Final = ("size", "executive", "locality.type", "locality.framework")
"""Keys of the labels of a place."""
NUMBERS: Final = tuple(f"locality.{name}" for name in COVARIATES)
PLACE_KEYS: Final = ("case", PLACE, "locality.file", "locality.size", "locality.executive", *LABELS, *NUMBERS)
MOST_BYTES: Final = 20_000
"""Longest description of a locality, typed or in a file. It is a part of the page's address."""
TEMPLATE: Final = """\
name: My town
framework: DE            # country: AT BE-VLG BE-WAL DE ES ES-CAT IT NL SE PL TR CA
size: small              # rural, small, medium; or inhabitants: 12000
executive: mixed         # progressive, mixed, conservative
rrp_share: 0.15          # seats of radical-right parties in 2021, as a share
"""
START_AT: Final = {
    "inhabitants": 20_000.0,
    "executive_ideology": 0.0,
    "rrp_share": 0.1,
    "non_eu_share": 0.05,
    "unemployment": 0.06,
    "population_trend": 0.0,
    "pre2014_foreign_share": 0.08,
}
"""Where a slider stands while its number comes from the place."""
HIGHEST: Final = {"inhabitants": 250_000.0}
"""Where a slider ends before what the parser takes."""


class PlaceControls:
    """The place: where it comes from, its labels, and its numbers."""

    def __init__(self, change: Change, fail: Any) -> None:
        self._change, self._fail, self._quiet = change, fail, Quiet()
        self._kind = pn.widgets.RadioButtonGroup(
            label="Place", options=[CASE, SYNTHETIC, OWN], value=CASE, sizing_mode="stretch_width"
        )
        self._case = pn.widgets.Select(
            label="Case of the study", options=_case_options(), sizing_mode="stretch_width"
        )
        framework = synthetic().framework
        self._open = note(
            "What you leave open is drawn anew in each replicate; the framework is that of "
            f"{country(framework).country}."
        )
        options = {
            "size": SIZES,
            "executive": EXECUTIVES,
            "locality.type": TYPES,
            "locality.framework": FRAMEWORKS,
        }
        self._labels = {key: _label_select(key, names) for key, names in options.items()}
        self._numbers = [_number(name, change) for name in COVARIATES]
        self._text = pn.widgets.TextAreaInput(
            label="Your locality, as YAML", value=TEMPLATE, rows=8, max_length=MOST_BYTES, auto_grow=True,
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._file = pn.widgets.FileDropper(
            accepted_filetypes=[".yaml", ".yml"], max_file_size="20KB", multiple=False, height=70,
            sizing_mode="stretch_width",
        )  # fmt: skip
        self._use_typed = pn.widgets.Button(label="Use this locality", color="primary")
        self._own = pn.Column(self._text, self._file, self._use_typed, sizing_mode="stretch_width")
        self._kind.param.watch(self._kind_chosen, "value")
        self._case.param.watch(self._case_chosen, "value")
        for key, select in self._labels.items():
            select.param.watch(lambda event, key=key: self._label_chosen(key, event.new), "value")
        self._file.param.watch(self._file_came, "value")
        self._use_typed.on_click(lambda _: self._use(self._text.value))

    def panel(self) -> Any:
        """Kind of place, case or file, labels, seats, and the other numbers folded away."""
        seats = next(each for each in self._numbers if each.key == "locality.rrp_share")
        others = [each.panel() for each in self._numbers if each is not seats]
        labels = pn.GridBox(*self._labels.values(), ncols=2, sizing_mode="stretch_width")
        more = pn.Card(
            *others, title="Other numbers of the place", collapsed=True, sizing_mode="stretch_width"
        )
        return pn.Column(
            self._kind,
            self._case,
            self._own,
            self._open,
            labels,
            seats.panel(),
            more,
            sizing_mode="stretch_width",
        )

    def refresh(self, settings: Settings) -> None:
        """Show the place of these settings."""
        kind = CASE if "case" in settings else OWN if PLACE in settings else SYNTHETIC
        with self._quiet():
            self._kind.value = kind
            if kind == CASE:
                self._case.value = str(settings["case"])
            if kind == OWN:
                self._text.value = settings_text(settings[PLACE])
            for key, select in self._labels.items():
                select.value = str(settings.get(key, settings.get(f"locality.{key}", "")))
        self._show(kind)
        for number in self._numbers:
            number.refresh(settings)

    def _show(self, kind: str) -> None:
        self._case.visible, self._own.visible = kind == CASE, kind == OWN
        self._open.visible = kind == SYNTHETIC

    def _kind_chosen(self, event: Any) -> None:
        if self._quiet.on:
            return
        self._show(event.new)
        if event.new != OWN:  # a file is used when it is there
            nothing: dict[str, Any] = dict.fromkeys(PLACE_KEYS)
            self._change(nothing | ({"case": self._case.value} if event.new == CASE else {}))

    def _case_chosen(self, event: Any) -> None:
        if not self._quiet.on:
            self._change(dict.fromkeys(PLACE_KEYS) | {"case": event.new})

    def _label_chosen(self, key: str, value: str) -> None:
        if not self._quiet.on:
            self._change({key: value or None, f"locality.{key}": None} if key in ("size", "executive")
                         else {key: value or None})  # fmt: skip

    def _file_came(self, event: Any) -> None:
        for content in (event.new or {}).values():
            self._use(content if isinstance(content, str) else bytes(content))

    def _use(self, content: bytes | str) -> None:
        try:
            settings = own_locality(content)
        except UserError as error:
            self._fail(error)
            return
        self._text.value = content if isinstance(content, str) else content.decode("utf-8-sig")
        self._change(dict.fromkeys(PLACE_KEYS) | {PLACE: settings})


def own_locality(content: bytes | str) -> dict[str, Any]:
    """The settings of a locality that somebody typed or uploaded, checked. Raises UserError."""
    source, advice = "your locality", "write lines 'key: value', as in the template"
    size = len(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise UserError(f"{source} has {size} bytes; allowed: {MOST_BYTES}")
    settings = yaml_text(content, source, advice)
    if not isinstance(settings, dict):
        raise UserError(f"{source} does not have the form of settings; {advice}")
    locality_from(settings, f" in {source}")
    return settings


def _case_options() -> dict[str, str]:
    return {f"{one.name} · {one.country} · {one.size} · {one.executive}": one.name for one in cases()}


def _label_select(key: str, names: tuple[str, ...]) -> Any:
    word = key.rpartition(".")[2]
    labels = {
        name: f"{name} ({country(name).country})" if word == "framework" else readable(name) for name in names
    }
    options = {"as the place has it": ""} | {label: name for name, label in labels.items()}
    title = {"framework": "Country", "type": "Type of place"}.get(word, word.capitalize())
    return pn.widgets.Select(label=title, options=options, sizing_mode="stretch_width")


def _number(name: str, change: Change) -> NumberControl:
    quantity = COVARIATES[name]
    title = {
        "inhabitants": "Inhabitants",
        "executive_ideology": "Ideology of the executive",
        "rrp_share": "Seats of radical-right parties",
        "non_eu_share": "Non-EU residents in 2019",
        "unemployment": "Unemployment in 2019",
        "population_trend": "Growth of the population",
        "pre2014_foreign_share": "Foreign residents before 2014",
    }[name]
    return NumberControl(
        f"locality.{name}",
        title,
        quantity.low,
        HIGHEST.get(name, quantity.high),
        START_AT[name],
        "As the place has it",
        f"{quantity.meaning} ({quantity.unit})",
        change,
    )


__all__ = ["PLACE_KEYS", "PlaceControls", "note", "own_locality"]
