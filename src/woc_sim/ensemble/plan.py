"""The plan of a sweep on disk: which design points were requested, in which order, with how many replicates.

The folder ``plan/`` holds one Parquet file for each design, with one row for each design point: its scenario,
its axes, the keys of its runs and, if there are some, the plausible sets of its replicates. Files are only
added. Each row carries a SHA-256 of its content. A point is identified by its scenario, its name, whether it
has sets, and how many equal rows came before it in its design. So a design that repeats a point keeps all its
rows, and a design that grows adds only new points.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from woc_sim.ensemble.axes import axis_column, is_missing
from woc_sim.ensemble.folders import PLAN
from woc_sim.ensemble.plausible import PlausibleSet
from woc_sim.ensemble.store import write_parquet
from woc_sim.ensemble.tasks import Period, Task, replicated
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
"""One row for each design point. ``axes``, ``typed``, ``scenario`` are JSON; ``runs``: run_id of each
replicate.
"""
POINTS_WITH_SETS: Final = POINTS.insert(len(POINTS) - 1, pa.field("sets", pa.list_(pa.string())))
"""The rows of a design with plausible sets. ``sets``: the set of each replicate, as JSON."""


@dataclass(frozen=True, slots=True)
class DesignPoint:
    """One point of a design: its scenario, its axes (axis -> value), the settings that were typed, a name if
    it has one (points made in Python), and the plausible set of each replicate (empty if there are none).
    """

    scenario: Scenario
    axes: Mapping[str, Any]
    typed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    sets: Sequence[PlausibleSet] = ()


@dataclass(slots=True)
class PlannedPoint:
    """A design point as the plan stores it. ``scenario``: without the values of a plausible set. ``sets``:
    the set of each replicate, empty if there are none.
    """

    name: str
    axes: dict[str, Any]
    typed: dict[str, Any]
    scenario: str
    runs: list[str]
    monthly: bool
    sets: list[PlausibleSet]

    def run_keys(self) -> list[str]:
        """The keys of its runs in the store, one for each replicate."""
        period = "month" if self.monthly else "year"
        return [f"{run_id}-{period}" for run_id in self.runs]

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the scenario by full key, without parameters at their default."""
        return _settings_of(json.loads(self.scenario))

    def value_of(self, axis: str) -> Any:
        """The value of an axis at this point: as typed, else from its scenario; None if neither has it, or if
        it differs between replicates.
        """
        for settings in (self.axes, self.typed):
            if axis in settings:
                return settings[axis]
        settings = self.settings
        for key in (axis, f"locality.{axis}"):
            if key in settings:
                return settings[key]
        name = axis.removeprefix("parameters.")
        is_in_sets = bool(self.sets) and name in self.sets[0].values
        parameter = None if is_in_sets else registry().get(name)
        return None if parameter is None else parameter.value


def plan_tasks(out: Path, points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The tasks of a design, replicates outermost, so that early results cover all points. Adds the design to
    the plan of `out` if it is new. Raises UserError for a damaged plan or a folder that cannot be written.
    """
    tasks = design_tasks(points, replicates, monthly)
    tasks_by_point = [tasks[index :: len(points)] for index in range(len(points))] if points else []
    schema = POINTS_WITH_SETS if any(point.sets for point in points) else POINTS
    rows = [
        _row(point, [task.run_id for task in own_tasks], monthly, schema)
        for point, own_tasks in zip(points, tasks_by_point, strict=True)
    ]
    table = pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
    digest = hashlib.sha256("\n".join(row["digest"] for row in rows).encode()).hexdigest()[:16]
    files = _files(out)
    if not any(path.stem.endswith(digest) for path in files):
        folder = out / PLAN
        with writing_into(out):
            folder.mkdir(parents=True, exist_ok=True)
        write_parquet(folder / f"{len(files) + 1:04}-{digest}.parquet", table)
    return tasks


def design_tasks(points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The runs of a design, replicates outermost. ``cell`` is the number of the design point."""
    period: Period = "month" if monthly else "year"
    tasks_by_point = []
    for cell, point in enumerate(points):
        if not point.sets:
            own = replicated(ARM, [(str(cell), point.scenario)], range(replicates), period=period)
        else:
            scenarios = {one.number: one.given_to(point.scenario) for one in point.sets[:replicates]}
            own = [
                Task(ARM, str(cell), scenarios[one.number], replicate, period)
                for replicate, one in enumerate(point.sets[:replicates])
            ]
        tasks_by_point.append(own)
    return [task for row in zip(*tasks_by_point, strict=True) for task in row]


def read_plan(out: Path) -> list[PlannedPoint]:
    """All design points ever planned in a folder, in the order of their first appearance; empty if it holds
    no sweep. Of repeated requests, the most replicates count, and months if any request had them.

    Raises UserError for a damaged file.
    """
    points: dict[tuple[str, str, bool, int], PlannedPoint] = {}
    for path in _files(out):
        counts: dict[tuple[str, str, bool], int] = {}
        for row in _read_points(path):
            identity = row.name, row.scenario, bool(row.sets)
            counts[identity] = counts.get(identity, -1) + 1
            point = points.setdefault((*identity, counts[identity]), row)
            if point is not row:
                point.runs = max(point.runs, row.runs, key=len)
                point.sets = max(point.sets, row.sets, key=len)
                point.monthly |= row.monthly
                point.axes = row.axes | point.axes
                point.typed = row.typed | point.typed
    return list(points.values())


def sets_of(points: Sequence[DesignPoint | PlannedPoint]) -> Sequence[PlausibleSet]:
    """The plausible set of each replicate, of as many as there are; empty if no point has sets."""
    return max((point.sets for point in points), key=len, default=())


def refuse_other_sets(out: Path, planned: Sequence[PlannedPoint], points: Sequence[DesignPoint]) -> None:
    """Raise UserError if a replicate had another plausible set in the plan of `out`, because the number of a
    set has one meaning in a folder.
    """
    for replicate, (earlier, wanted) in enumerate(zip(sets_of(planned), sets_of(points), strict=False)):
        if earlier != wanted:
            raise UserError(
                f"out={shown(out)} holds runs with other plausible sets (replicate {replicate} had set "
                f"{earlier.number} of them); choose another folder"
            )


def require_plan(out: Path) -> list[PlannedPoint]:
    """The plan of a sweep. Raises UserError if the folder holds none."""
    points = read_plan(out)
    if not points:
        raise UserError(f"{shown(out)} holds no sweep; `woc-sim sweep out={shown(out)}` makes one")
    return points


def axis_values(points: Sequence[PlannedPoint]) -> dict[str, list[Any]]:
    """Axis -> its value at each point.

    Axes are the settings that the designs varied. If points agree in all of them but have different
    scenarios, further settings that differ become axes, until the scenarios can be told apart. Values agree
    if a table shows them alike, such as 1 and '1' in a column of texts. A setting that is an axis already
    has the value of its scenario there, in place of the typed one.
    """
    names = list(dict.fromkeys(axis for point in points for axis in point.axes))
    values_by_axis = {axis: [point.value_of(axis) for point in points] for axis in names}
    columns = [axis_column(values) for values in values_by_axis.values()]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, point in enumerate(points):
        row = (column[index] for column in columns)
        label = point.name, *(None if is_missing(value) else value for value in row)
        groups.setdefault(label, []).append(index)
    # groups of points that have the same axes but different scenarios
    unsplit = [
        indices for indices in groups.values() if len({points[index].scenario for index in indices}) > 1
    ]
    settings = {index: points[index].settings for indices in unsplit for index in indices}
    for key in dict.fromkeys(key for values in settings.values() for key in values):
        splits = [
            _grouped_by_value(
                indices, {index: _setting(points[index], settings[index], key) for index in indices}
            )
            for indices in unsplit
        ]
        if any(len(split) > 1 for split in splits):
            if key not in values_by_axis:
                values_by_axis[key] = [_setting(point, point.settings, key) for point in points]
            for indices, split in zip(unsplit, splits, strict=True):
                for index in indices if len(split) > 1 else ():
                    values_by_axis[key][index] = _setting(points[index], settings[index], key)
            unsplit = [group for split in splits for group in split]
    return values_by_axis


def _grouped_by_value(indices: Sequence[int], values: Mapping[int, Any]) -> list[list[int]]:
    """Indices grouped by value."""
    groups: dict[str, list[int]] = {}
    for index in indices:
        groups.setdefault(json.dumps(values[index], default=str), []).append(index)
    return list(groups.values())


def _setting(point: PlannedPoint, settings: Mapping[str, Any], key: str) -> Any:
    return settings[key] if key in settings else point.value_of(key)


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
    if not any(table.schema.equals(each) for each in (POINTS, POINTS_WITH_SETS)):
        raise UserError(f"{shown(path)} is not a plan of this version of woc-sim; choose another folder")
    digests = []
    known: dict[str, PlausibleSet] = {}  # most rows have the same sets
    for row in table.to_pylist():
        digest = row.pop("digest")
        if digest != _digest(row):
            raise UserError(f"{shown(path)} is damaged (a row was changed); {REPLAN_ADVICE}")
        digests.append(digest)
        axes, typed = (
            json_text(row[name], dict[str, Any], shown(path), REPLAN_ADVICE) for name in ("axes", "typed")
        )
        sets = row.get("sets") or []
        for text in set(sets) - known.keys():
            known[text] = json_text(text, PlausibleSet, shown(path), REPLAN_ADVICE)
        yield PlannedPoint(
            row["name"],
            axes,
            typed,
            row["scenario"],
            row["runs"],
            row["monthly"],
            [known[text] for text in sets],
        )
    digest_of_rows = hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
    if not path.stem.endswith(digest_of_rows):
        raise UserError(f"{shown(path)} is damaged (its rows do not match its name); {REPLAN_ADVICE}")


def _row(point: DesignPoint, runs: list[str], monthly: bool, schema: pa.Schema) -> dict[str, Any]:
    row = {
        "name": point.name,
        "axes": _text(point.axes),
        "typed": _text(point.typed),
        "scenario": compact_form(point.scenario),
        "runs": runs,
        "monthly": monthly,
    }
    if schema is POINTS_WITH_SETS:
        row["sets"] = [_text(asdict(one)) for one in point.sets[: len(runs)]]
    return row | {"digest": _digest(row)}


def _text(settings: Mapping[str, Any]) -> str:
    return json.dumps(dict(settings), ensure_ascii=True, allow_nan=False, default=str)


def _digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(list(row.values())).encode()).hexdigest()


def compact_form(scenario: Scenario) -> str:
    """The canonical form of a scenario with only those parameters that differ from their default. A
    repetition uses the defaults of its own time for the others, like the repetition of a run.
    """
    known = registry()
    changed = {name: value for name, value in scenario.parameters.items() if known[name].value != value}
    return canonical(scenario, parameters=changed)


def scenario_from_text(text: str, source: str) -> Scenario:
    """The scenario in a text of `compact_form`. Raises UserError if it is invalid in this version of the
    model.
    """
    from woc_sim.scenario.parameters import defaults

    record: dict[str, Any] = json_text(text, dict[str, Any], source)
    record["parameters"] = {**defaults(), **record.get("parameters", {})}
    return json_text(json.dumps(record), Scenario, source)


def _settings_of(record: Mapping[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    localities = record["localities"]
    for number, locality in enumerate(localities):
        parent = "locality" if len(localities) == 1 else f"locality.{number}"
        for name, value in locality.items():
            settings[f"{parent}.{name}"] = _cell(value)
    settings["case"] = " ".join(locality["case"] for locality in localities)
    settings["intervention"] = " ".join(intervention["name"] for intervention in record["interventions"])
    for intervention in record["interventions"]:
        settings |= {
            f"intervention.{intervention['name']}.{key}": _cell(value)
            for key, value in intervention.items()
            if key != "name"
        }
    for parent, key in (("theory", "theories"), ("parameters", "parameters"), ("shocks", "shocks")):
        settings |= {f"{parent}.{name}": _cell(value) for name, value in record[key].items()}
    settings["schedule"] = " ".join(record["schedule"])
    return settings | {key: record[key] for key in ("seed", "months", "people", "scale")}


def _cell(value: Any) -> Any:
    """A value of a scenario as a table cell: a band with equal ends becomes a number, any other list a
    text.
    """
    if isinstance(value, list):
        if len(value) == 2 and value[0] == value[1] and not isinstance(value[0], str):
            return value[0]
        return " ".join(str(each) for each in value)
    return value
