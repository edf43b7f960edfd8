"""A scenario as settings: the settings from which `scenario(...)` makes exactly this scenario."""

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
    """The settings that differ from the defaults; None if no settings make this scenario (for example a
    locality made in Python). The settings are parsed again to make sure.
    """
    if not scenario.localities:
        return None
    settings = _locality_settings(scenario.localities) | _run_settings(scenario) | _model_settings(scenario)
    try:
        return settings if parse_scenario(settings) == scenario else None
    except UserError:
        return None


def _locality_settings(localities: tuple[LocalitySpec, ...]) -> dict[str, Any]:
    case_names = {one.name for one in cases()}
    names = [one.name for one in localities]
    if len(names) > 1:
        return {"case": names}
    spec = localities[0]
    base = from_case(spec.name) if spec.name in case_names else synthetic()
    labels = {key: getattr(spec, key) for key in ("size", "executive", "type")}
    new_labels = {key: label for key, label in labels.items() if label and label != getattr(base, key)}
    labelled = with_labels(
        base, new_labels.get("size", ""), new_labels.get("executive", ""), new_labels.get("type", "")
    )
    nested = {key: new_labels.pop(key) for key in ("type",) if key in new_labels}
    if spec.framework != base.framework:
        nested["framework"] = spec.framework
    for key in COVARIATES:
        band = getattr(spec, key)
        if band is not None and band != getattr(labelled, key):
            nested[key] = band[0] if band[0] == band[1] else list(band)
    settings: dict[str, Any] = {"case": spec.name} if spec.name in case_names else {}
    return settings | new_labels | ({"locality": nested} if nested else {})


def _run_settings(scenario: Scenario) -> dict[str, Any]:
    default = Scenario(())
    names = ("seed", "months", "people", "scale")
    return {
        name: getattr(scenario, name) for name in names if getattr(scenario, name) != getattr(default, name)
    }


def _model_settings(scenario: Scenario) -> dict[str, Any]:
    shocks = {one.name: getattr(scenario.shocks, one.name) for one in fields(Shocks)}
    dropped = [name for name in PROCESSES if name not in scenario.schedule]
    default_order = tuple(name for name in PROCESSES if name in scenario.schedule)
    settings = {
        "theory": _changed_values(scenario.theories, standard_theories()),
        "parameters": _changed_values(scenario.parameters, standard_parameters()),
        "intervention": {one.name: _intervention_settings(one) for one in scenario.interventions},
        "shocks": _changed_values(shocks, dict.fromkeys(shocks, 1.0)),
        "schedule": ({"drop": dropped} if dropped else {})
        if default_order == scenario.schedule
        else {"processes": list(scenario.schedule)},
    }
    return {key: value for key, value in settings.items() if value}


def _changed_values(values: Any, standard: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != standard[name]}


def _intervention_settings(one: Intervention) -> dict[str, Any]:
    settings: dict[str, Any] = {"start": _month_label(one.start)}
    if one.end != MONTHS:
        settings["end"] = _month_label(one.end)
    if one.strength != 1.0:
        settings["strength"] = one.strength
    if one.where:
        settings["where"] = list(one.where)
    return settings


def _month_label(index: int) -> str:
    return f"{2012 + index // 12}-{index % 12 + 1:02d}"
