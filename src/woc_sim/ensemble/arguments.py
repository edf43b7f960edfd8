"""Checks of the arguments of the Python functions `run`, `sweep` and `load`."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from woc_sim.ensemble.clusters import Dask
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario import checks, fields
from woc_sim.scenario.parse import MAX_REPLICATES, MAX_WORKERS, parse_scenario
from woc_sim.scenario.schema import Scenario

ALLOWED_SCENARIO = "a scenario, e.g. woc_sim.scenario(case='C21', seed=7), or its settings, {'case': 'C21'}"
ALLOWED_POINTS = "a mapping of names to scenarios, e.g. {'as it was': scenario(case='C21')}"
ALLOWED_POINT_KEY = "a name, or a tuple of (axis, value) pairs, e.g. (('size', 'small'), ('load', 0.1))"


def scenario_of(scenario: object, key: str = "scenario") -> Scenario:
    """The scenario of a `Scenario` or of its settings. It has localities, so it can be run.

    Raises UserError for anything else and for a parameter out of range.
    """
    if isinstance(scenario, Mapping):
        return parse_scenario(scenario)
    if not isinstance(scenario, Scenario):
        raise fields.invalid(key, scenario, ALLOWED_SCENARIO)
    if not scenario.localities:
        raise UserError(f"{key} has no localities; it needs one at least, e.g. scenario(case='C21')")
    checks.in_range(scenario.parameters)
    return scenario


def replicates_of(value: object) -> int:
    """A number of replicates. Raises UserError."""
    return fields.integer("replicates", value, 1, MAX_REPLICATES)


def workers_of(value: Any) -> int | Dask:
    """A number of workers, or a Dask cluster. Raises UserError."""
    return value if isinstance(value, Dask) else fields.integer("workers", value, 1, MAX_WORKERS)


def folder_of(key: str, value: object) -> Path:
    """A folder given as a text or a path. Raises UserError."""
    path_text = os.fspath(value) if isinstance(value, os.PathLike) else value
    return Path(fields.text(key, path_text))


def names_of(key: str, value: object) -> tuple[str, ...]:
    """Names, given as one text or as several. Raises UserError."""
    given = (value,) if isinstance(value, str) else value
    if not isinstance(given, list | tuple | set | frozenset):
        raise fields.invalid(key, value, "a name, or a list of names")
    return tuple(fields.text(key, each) for each in given)


def points_of(points: object) -> list[tuple[dict[str, Any], Scenario]]:
    """The points of a sweep, each as its axes (axis -> value) and its scenario.

    A name becomes the value of the axis ``point``. Raises UserError.
    """
    if not isinstance(points, Mapping) or not points:
        raise fields.invalid("points", points, ALLOWED_POINTS)
    return [
        (_axes(name), scenario_of(scenario, f"the point {shown(repr(name))}"))
        for name, scenario in points.items()
    ]


def _axes(name: Any) -> dict[str, Any]:
    if isinstance(name, str) and name.strip():
        return {"point": _unicode("a key of points", name)}
    pairs = name if isinstance(name, tuple) and name else (None,)
    if not all(
        isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str) and pair[0].strip()
        for pair in pairs
    ):
        raise fields.invalid("a key of points", name, ALLOWED_POINT_KEY)
    checks.refuse_repeats("a key of points", [axis for axis, _ in pairs], "axis")
    return {_unicode("a key of points", axis): _axis_value(axis, value) for axis, value in pairs}


def _unicode(key: str, text: str) -> str:
    """The text, which may be numpy's, as Python's. Raises UserError for what no file can hold."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise fields.invalid(key, text, "a name that is text in Unicode")
    return str(text)


def _axis_value(axis: str, value: Any) -> Any:
    value = fields.as_python(value)
    if isinstance(value, list | tuple):
        return [_axis_value(axis, each) for each in value]
    if value is not None and not isinstance(value, bool | int | float | str):
        raise fields.invalid(f"axis {axis}", value, "a name, a number, true or false, or a list of these")
    if isinstance(value, float) and not math.isfinite(value):
        raise fields.invalid(f"axis {axis}", value, "a finite number")
    return _unicode(f"axis {axis}", value) if isinstance(value, str) else value
