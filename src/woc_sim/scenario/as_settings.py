"""A scenario as it could be typed: the settings from which `scenario(...)` makes the very same one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from woc_sim.errors import UserError
from woc_sim.inputs.tables import cases
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.scenario.checks import standard_parameters, standard_theories
from woc_sim.scenario.localities import from_case, synthetic, with_labels
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import COVARIATES, PROCESSES, Intervention, LocalitySpec, Scenario, Shocks


def settings_of(scenario: Scenario) -> dict[str, Any] | None:
    """What departs from the defaults, as settings; None if no settings make this scenario (a locality of
    one's own, for example). Whether they do is tried, not guessed."""
    if not scenario.localities:
        return None
    found = _place(scenario.localities) | _run(scenario) | _model(scenario)
    try:
        return found if parse_scenario(found) == scenario else None
    except UserError:
        return None


def _place(localities: tuple[LocalitySpec, ...]) -> dict[str, Any]:
    known = {one.name for one in cases()}
    names = [each.name for each in localities]
    if len(names) > 1:
        return {"case": names}
    spec = localities[0]
    base = from_case(spec.name) if spec.name in known else synthetic()
    labels = {key: getattr(spec, key) for key in ("size", "executive", "type")}
    new = {key: label for key, label in labels.items() if label and label != getattr(base, key)}
    labelled = with_labels(base, new.get("size", ""), new.get("executive", ""), new.get("type", ""))
    inner = {key: new.pop(key) for key in ("type",) if key in new}
    if spec.framework != base.framework:
        inner["framework"] = spec.framework
    for key in COVARIATES:
        ends = getattr(spec, key)
        if ends is not None and ends != getattr(labelled, key):
            inner[key] = ends[0] if ends[0] == ends[1] else list(ends)
    found: dict[str, Any] = {"case": spec.name} if spec.name in known else {}
    return found | new | ({"locality": inner} if inner else {})


def _run(scenario: Scenario) -> dict[str, Any]:
    default = Scenario(())
    names = ("seed", "months", "people", "scale")
    return {
        name: getattr(scenario, name) for name in names if getattr(scenario, name) != getattr(default, name)
    }


def _model(scenario: Scenario) -> dict[str, Any]:
    shocks = {each.name: getattr(scenario.shocks, each.name) for each in fields(Shocks)}
    dropped = [name for name in PROCESSES if name not in scenario.schedule]
    kept = tuple(name for name in PROCESSES if name in scenario.schedule)
    found = {
        "theory": _changed(scenario.theories, standard_theories()),
        "parameters": _changed(scenario.parameters, standard_parameters()),
        "intervention": {each.name: _intervention(each) for each in scenario.interventions},
        "shocks": _changed(shocks, dict.fromkeys(shocks, 1.0)),
        "schedule": ({"drop": dropped} if dropped else {})
        if kept == scenario.schedule
        else {"processes": list(scenario.schedule)},
    }
    return {key: value for key, value in found.items() if value}


def _changed(values: Any, standard: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != standard[name]}


def _intervention(one: Intervention) -> dict[str, Any]:
    found: dict[str, Any] = {"start": _month(one.start)}
    if one.end != MONTHS:
        found["end"] = _month(one.end)
    if one.strength != 1.0:
        found["strength"] = one.strength
    if one.where:
        found["where"] = list(one.where)
    return found


def _month(index: int) -> str:
    return f"{2012 + index // 12}-{index % 12 + 1:02d}"
