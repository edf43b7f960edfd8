"""What differs between the two sides, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from woc_sim.explorer.settings import PLACE, Screen, differing, interventions_of, month_label
from woc_sim.figures.style import readable
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.records import shown
from woc_sim.scenario.interventions import EFFECTS, STARTS
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import COVARIATES
from woc_sim.scenario.theories import default_theories

SAME = "A and B are equal. Press “edit B” and change a setting: every difference is then shown."
"""What is said of two equal sides."""


def place_name(settings: Mapping[str, Any]) -> str:
    """The place of a side in a few words."""
    if PLACE in settings:
        return f"own locality “{shown(settings[PLACE].get('name', ''))}”"
    parts = [f"case {settings['case']}"] if "case" in settings else ["a synthetic locality"]
    parts += [
        f"{name} {readable(str(settings[key]))}"
        for name in ("size", "executive", "type", "framework")
        for key in (name, f"locality.{name}")
        if key in settings
    ]
    return ", ".join(parts)


def differences(screen: Screen) -> list[str]:
    """A sentence for each setting that differs between A and B; none where there is only A."""
    if screen.b is None:
        return []
    a, b = screen.a, screen.b
    keys = list(differing(a, b))
    sentences = []
    places = [key for key in keys if key in ("case", PLACE)]
    if places:
        sentences.append(f"Place: {place_name(a)} in A, {place_name(b)} in B.")
    told: set[str] = set()
    for key in keys:
        if key in places:
            continue
        if key.startswith("intervention."):
            name = key.split(".")[1]
            if name not in told:
                told.add(name)
                sentences.append(
                    f"Intervention {readable(name)} ({EFFECTS[name].meaning}): "
                    f"{_intervention(a, name)} in A, {_intervention(b, name)} in B."
                )
            continue
        sentences.append(f"{_called(key)}: {_value(key, a)} in A, {_value(key, b)} in B.")
    return [each[:1].upper() + each[1:] for each in sentences]


def _intervention(settings: Mapping[str, Any], name: str) -> str:
    if name not in interventions_of(settings):
        return "none"
    key = f"intervention.{name}"
    start = settings.get(f"{key}.start", month_label(STARTS))
    end = settings.get(f"{key}.end", month_label(MONTHS))
    strength = settings.get(f"{key}.strength", 1.0)
    return f"{start} to {end}" + (f" at strength {strength:g}" if strength != 1.0 else "")


def _called(key: str) -> str:
    """What a setting is called in a sentence."""
    group, _, name = key.partition(".")
    if group == "parameters":
        return f"Parameter {name} ({registry()[name].meaning})"
    if group == "theory":
        return f"Theory of {readable(name)}"
    if group == "shocks":
        return f"Calendar, {readable(name)}"
    if group == "locality" and name in COVARIATES:
        return COVARIATES[name].meaning
    return readable(name or group)


def _value(key: str, settings: Mapping[str, Any]) -> str:
    """The value of a setting on a side, and what it is if it is not set."""
    value = settings.get(key)
    group, _, name = key.partition(".")
    if value is None:
        if group == "parameters":
            return f"{registry()[name].value:g}"
        if group == "theory":
            return readable(default_theories()[name])
        return "1" if group == "shocks" else "as the place has it"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else shown(readable(str(value)))
