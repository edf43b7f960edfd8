"""The plan of a sweep on disk: which design points were asked for, in which order, how often.

The folder ``plan/`` holds a Parquet file a design, with a row a design point in the order of the design: what
it simulates, what varies in it, and the keys of its runs. Files are only added. Each row carries a SHA-256 of
what it says. A point is known by its scenario, its name, and how often that stood before it in its design; so
a design that repeats a point keeps all its rows, and one that grows adds only what is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from woc_sim.ensemble.folders import PLAN
from woc_sim.ensemble.store import write_parquet
from woc_sim.ensemble.tasks import Task, replicated
from woc_sim.errors import UserError, writing_into
from woc_sim.records import json_text, parquet_table, shown
from woc_sim.scenario.identity import canonical
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

ARM: Final = "sweep"
REPLAN_ADVICE: Final = "delete it, and the same command plans again"

POINTS: Final = pa.schema(
    [
        ("name", pa.string()),
        ("axes", pa.string()),
        ("typed", pa.string()),
        ("scenario", pa.string()),
        ("runs", pa.list_(pa.string())),
        ("monthly", pa.bool_()),
        ("digest", pa.string()),
    ]
)
"""A row a design point. ``axes``, ``typed``, ``scenario`` are JSON; ``runs``: run_id of each replicate."""


@dataclass(frozen=True, slots=True)
class DesignPoint:
    """One point of a design: its scenario, what varies in it (axis -> value), the settings that were typed,
    and its name if it has one (points of Python)."""

    scenario: Scenario
    axes: Mapping[str, Any]
    typed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(slots=True)
class PlannedPoint:
    """A design point as the plan has it. ``facts`` are what it simulates, in one level of keys."""

    name: str
    axes: dict[str, Any]
    typed: dict[str, Any]
    scenario: str
    runs: list[str]
    monthly: bool

    def run_keys(self) -> list[str]:
        """The keys of its runs in the store, replicate by replicate."""
        period = "month" if self.monthly else "year"
        return [f"{run_id}-{period}" for run_id in self.runs]

    @property
    def facts(self) -> dict[str, Any]:
        """Settings of the scenario by their full keys; parameters at their default are not among them."""
        return _facts(json.loads(self.scenario))

    def says(self, axis: str) -> Any:
        """The value of an axis at this point: as typed, else from what it simulates; None if that says
        nothing of it."""
        for told in (self.axes, self.typed):
            if axis in told:
                return told[axis]
        facts = self.facts
        for key in (axis, f"locality.{axis}"):
            if key in facts:
                return facts[key]
        parameter = registry().get(axis.removeprefix("parameters."))
        return None if parameter is None else parameter.value


def plan_tasks(out: Path, points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The tasks of a design, replicates outermost, so that an early look sees all points; the design is added
    to the plan of `out` if it is new there. Raises UserError for a damaged plan or a folder that cannot be
    written."""
    tasks = design_tasks(points, replicates, monthly)
    columns = [tasks[place :: len(points)] for place in range(len(points))] if points else []
    rows = [
        _row(point, [task.run_id for task in column], monthly)
        for point, column in zip(points, columns, strict=True)
    ]
    table = pa.table({name: [row[name] for row in rows] for name in POINTS.names}, schema=POINTS)
    digest = hashlib.sha256("\n".join(row["digest"] for row in rows).encode()).hexdigest()[:16]
    known = _files(out)
    if not any(path.stem.endswith(digest) for path in known):
        folder = out / PLAN
        with writing_into(out):
            folder.mkdir(parents=True, exist_ok=True)
        write_parquet(folder / f"{len(known) + 1:04}-{digest}.parquet", table)
    return tasks


def design_tasks(points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The runs of a design, replicates outermost; ``cell`` is the number of the design point."""
    cells = [(str(place), point.scenario) for place, point in enumerate(points)]
    return replicated(ARM, cells, range(replicates), period="month" if monthly else "year")


def read_plan(out: Path) -> list[PlannedPoint]:
    """All design points that were ever planned in a folder, in the order in which they first stood there;
    none if it holds no sweep. Replicates and months are the most that was asked for.

    Raises UserError for a damaged file.
    """
    found: dict[tuple[str, str, int], PlannedPoint] = {}
    for path in _files(out):
        seen: dict[tuple[str, str], int] = {}
        for row in _read_points(path):
            same = row.name, row.scenario
            seen[same] = seen.get(same, -1) + 1
            known = found.setdefault((*same, seen[same]), row)
            if known is not row:
                known.runs = max(known.runs, row.runs, key=len)
                known.monthly |= row.monthly
                known.axes = row.axes | known.axes
                known.typed = row.typed | known.typed
    return list(found.values())


def require_plan(out: Path) -> list[PlannedPoint]:
    """The plan of a sweep; UserError if the folder holds none."""
    found = read_plan(out)
    if not found:
        raise UserError(f"{shown(out)} holds no sweep; `woc-sim sweep out={shown(out)}` makes one")
    return found


def axis_values(points: Sequence[PlannedPoint]) -> dict[str, list[Any]]:
    """Axis -> its value at each point. Axes are what a design varied, and of whatever else differs between
    points that agree in these as much as is needed to tell their scenarios apart."""
    names = list(dict.fromkeys(axis for each in points for axis in each.axes))
    found = {axis: [each.says(axis) for each in points] for axis in names}
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(points):
        label = json.dumps([each.name, *(values[place] for values in found.values())], default=str)
        groups.setdefault(label, []).append(place)
    alike = [places for places in groups.values() if len({points[place].scenario for place in places}) > 1]
    facts = {place: points[place].facts for places in alike for place in places}
    for key in dict.fromkeys(key for each in facts.values() for key in each):
        parts = [_grouped_by_value(places, {place: _fact(points[place], facts[place], key) for place in places})
                 for places in alike]  # fmt: skip
        if any(len(each) > 1 for each in parts):
            if key not in found:
                found[key] = [_fact(each, each.facts, key) for each in points]
            alike = [each for part in parts for each in part]
    return found


def _grouped_by_value(places: Sequence[int], values: Mapping[int, Any]) -> list[list[int]]:
    """Places in groups of one value."""
    found: dict[str, list[int]] = {}
    for place in places:
        found.setdefault(json.dumps(values[place], default=str), []).append(place)
    return list(found.values())


def _fact(point: PlannedPoint, facts: Mapping[str, Any], key: str) -> Any:
    return facts[key] if key in facts else point.says(key)


def _files(out: Path) -> list[Path]:
    folder = out / PLAN
    if folder.is_symlink():
        raise UserError(f"{shown(folder)} is a link to another folder; copy the sweep to read it")
    return sorted(folder.glob("*.parquet"))


def _read_points(path: Path) -> Iterable[PlannedPoint]:
    try:
        table = parquet_table(path, None, REPLAN_ADVICE, partitioning=None)
    except FileNotFoundError:
        return
    if [(each.name, each.type) for each in table.schema] != [(each.name, each.type) for each in POINTS]:
        raise UserError(f"{shown(path)} is no plan of this version of woc-sim; choose another folder")
    digests = []
    for row in table.to_pylist():
        digest = row.pop("digest")
        if digest != _digest(row):
            raise UserError(f"{shown(path)} is damaged (a row is not what was planned); {REPLAN_ADVICE}")
        digests.append(digest)
        axes, typed = (
            json_text(row[name], dict[str, Any], shown(path), REPLAN_ADVICE) for name in ("axes", "typed")
        )
        yield PlannedPoint(row["name"], axes, typed, row["scenario"], row["runs"], row["monthly"])
    whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
    if not path.stem.endswith(whole):
        raise UserError(f"{shown(path)} is damaged (its rows are not those of its name); {REPLAN_ADVICE}")


def _row(point: DesignPoint, runs: list[str], monthly: bool) -> dict[str, Any]:
    row = {
        "name": point.name,
        "axes": _text(point.axes),
        "typed": _text(point.typed),
        "scenario": compact_form(point.scenario),
        "runs": runs,
        "monthly": monthly,
    }
    return row | {"digest": _digest(row)}


def _text(settings: Mapping[str, Any]) -> str:
    return json.dumps(dict(settings), ensure_ascii=True, allow_nan=False, default=str)


def _digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([row[name] for name in POINTS.names[:-1]]).encode()).hexdigest()


def compact_form(scenario: Scenario) -> str:
    """The canonical form of a scenario with those parameters only that are not at their default: a repetition
    takes the others as they are then, as that of a run does."""
    known = registry()
    moved = {name: value for name, value in scenario.parameters.items() if known[name].value != value}
    return canonical(scenario, parameters=moved)


def scenario_from_text(text: str, source: str) -> Scenario:
    """The scenario that `compact_form` wrote; raises UserError if this version of the model has no such one."""
    from woc_sim.scenario.parameters import defaults

    record: dict[str, Any] = json_text(text, dict[str, Any], source)
    record["parameters"] = {**defaults(), **record.get("parameters", {})}
    return json_text(json.dumps(record), Scenario, source)


def _facts(record: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    localities = record["localities"]
    for number, locality in enumerate(localities):
        above = "locality" if len(localities) == 1 else f"locality.{number}"
        for name, value in locality.items():
            found[f"{above}.{name}"] = _cell(value)
    found["case"] = " ".join(locality["case"] for locality in localities)
    found["intervention"] = " ".join(each["name"] for each in record["interventions"])
    for each in record["interventions"]:
        found |= {
            f"intervention.{each['name']}.{key}": _cell(value) for key, value in each.items() if key != "name"
        }
    for above, key in (("theory", "theories"), ("parameters", "parameters"), ("shocks", "shocks")):
        found |= {f"{above}.{name}": _cell(value) for name, value in record[key].items()}
    found["schedule"] = " ".join(record["schedule"])
    return found | {key: record[key] for key in ("seed", "months", "people", "scale")}


def _cell(value: Any) -> Any:
    """A value of a scenario as a cell of a table: a band with equal ends is a number, another list a text."""
    if isinstance(value, list):
        if len(value) == 2 and value[0] == value[1] and not isinstance(value[0], str):
            return value[0]
        return " ".join(str(each) for each in value)
    return value
