"""A sweep on disk: its plan (points, replicates and what varies), its ledger, and its rows as tables.

The folder holds ``plan/`` (Parquet, append-only: a row a run with the axes and settings of its point), the
``shards/`` of finished and failed runs (`woc_sim.ensemble.store`), and what is made of them at the end.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from woc_sim.ensemble.design import Failure, Outcome, Task, replicated
from woc_sim.ensemble.run import Array, Rows, monthly_frame
from woc_sim.ensemble.store import Store, write_whole
from woc_sim.errors import UserError, written
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

PLAN: Final = "plan"
ARM: Final = "sweep"
WAITING, DONE, FAILED = "waiting", "done", "failed"
LEDGER: Final = ("status", "stage", "error", "message", "trace", "seconds", "model_hash", "case")
"""Columns of a ledger between the replicate and the readings."""


@dataclass(frozen=True, slots=True)
class DesignPoint:
    """One point of a design: its scenario, what varies in it (axis -> value), and its settings as typed."""

    scenario: Scenario
    axes: Mapping[str, Any]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """One run of a sweep as the plan has it; ``settings`` is JSON."""

    key: str
    point: str
    replicate: int
    axes: dict[str, Any]
    settings: str


def short_names(keys: Sequence[str]) -> dict[str, str]:
    """Axis -> column: the last part of the key, all of it with underscores where two would be alike, and with
    ``axis_`` before it where a column of the ledger has that name."""
    last = [key.rpartition(".")[2] for key in keys]
    taken = {"run_id", "replicate", *LEDGER, *READING_NAMES}
    found = {}
    for key, name in zip(keys, last, strict=True):
        whole = key.replace(".", "_")
        free = name if last.count(name) == 1 and name not in taken else whole
        found[key] = f"axis_{free}" if free in taken else free
    return found


def tasks_of(points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The runs of a sweep, replicates outermost, so that an early look sees all points."""
    cells = [(json.dumps(dict(point.axes)), point.scenario) for point in points]
    return replicated(ARM, cells, range(replicates), period="month" if monthly else "year")


def plan(out: Path, points: Sequence[DesignPoint], replicates: int, monthly: bool) -> list[Task]:
    """The tasks of a sweep; what is new to the plan of `out` is added to it, nothing is taken off."""
    tasks = tasks_of(points, replicates, monthly)
    known = {each.key for each in read_plan(out)}
    settings = {json.dumps(dict(point.axes)): json.dumps(point.settings) for point in points}
    new = [task for task in {task.key: task for task in tasks}.values() if task.key not in known]
    if new:
        folder = out / PLAN
        with written(out):
            folder.mkdir(parents=True, exist_ok=True)
        table = pa.table(
            {
                "key": [task.key for task in new],
                "point": [task.cell for task in new],
                "replicate": [task.replicate for task in new],
                "settings": [settings[task.cell] for task in new],
            }
        )
        name = hashlib.sha256("\n".join(task.key for task in new).encode()).hexdigest()[:16]
        write_whole(folder / f"{name}.parquet", table, out)
    return tasks


def read_plan(out: Path) -> list[Planned]:
    """All runs that were ever planned in a folder; none if it holds no sweep.

    Raises UserError for a damaged file.
    """
    found: dict[str, Planned] = {}
    for path in sorted((out / PLAN).glob("*.parquet")):
        try:
            rows = pq.read_table(path).to_pylist()
        except (pa.ArrowInvalid, OSError) as error:
            raise UserError(
                f"{path} is damaged ({error}); delete it, and the same command plans again"
            ) from None
        for row in rows:
            found[row["key"]] = Planned(
                row["key"], row["point"], row["replicate"], json.loads(row["point"]), row["settings"]
            )
    return list(found.values())


def planned(out: Path) -> list[Planned]:
    """The plan of a sweep; UserError if the folder holds none."""
    found = read_plan(out)
    if not found:
        raise UserError(f"{out} holds no sweep; `woc-sim sweep out={out}` makes one")
    return found


def ledger(out: Path, store: Store) -> pd.DataFrame:
    """One row a locality of every planned run: run_id, the axes, replicate, status ('waiting', 'done',
    'failed'), stage, error, message and trace of failures, seconds, version of the model, case and readings
    (nan where missing)."""
    import pandas as pd

    runs = planned(out)
    keys = {each.key for each in runs}
    done, lost, models = store.read(keys), store.failures(keys), store.models()
    names = short_names(list(dict.fromkeys(axis for each in runs for axis in each.axes)))
    rows: list[list[Any]] = []
    readings: list[Array] = []
    for each in runs:
        opening = [each.key, *(each.axes.get(axis) for axis in names), each.replicate]
        for told in _told(done.get(each.key), lost.get(each.key), models.get(each.key, "")):
            rows.append([*opening, *told.meta])
            readings.append(told.readings)
    columns = ["run_id", *names.values(), "replicate", *LEDGER]
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    numbers = np.vstack(readings) if readings else np.empty((0, len(READING_NAMES)))
    return pd.concat([table, pd.DataFrame(numbers, columns=list(READING_NAMES))], axis=1)


class _Row(NamedTuple):
    """A line of the ledger: the columns of `LEDGER`, then the readings."""

    meta: tuple[Any, ...]
    readings: Array


_NOTHING: Final = np.full(len(READING_NAMES), np.nan)


def _told(outcome: Outcome | None, failure: Failure | None, model: str) -> list[_Row]:
    if outcome is not None:
        common = (DONE, "", "", "", "", outcome.seconds, model)
        return [_Row((*common, row.case), row.readings) for row in outcome.rows]
    if failure is None:
        return [_Row((WAITING, "", "", "", "", math.nan, "", None), _NOTHING)]
    causes = (failure.stage, failure.kind, failure.message, failure.trace, failure.seconds)
    return [_Row((FAILED, *causes, "", None), _NOTHING)]


def months(out: Path, store: Store) -> pd.DataFrame:
    """Monthly indicators of the finished runs with run_id and axes; empty where months were not kept."""
    import pandas as pd

    runs = [each for each in planned(out) if each.key.endswith("-month")]
    done = store.read({each.key for each in runs})
    names = short_names(list(dict.fromkeys(axis for each in runs for axis in each.axes)))
    frames = []
    for each in runs:
        if each.key not in done:
            continue
        rows: list[Rows] = list(done[each.key].rows)
        frame = monthly_frame(rows)
        for axis, name in reversed(names.items()):
            frame.insert(0, name, each.axes.get(axis))
        frame.insert(0, "run_id", each.key)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def as_arrays(table: pd.DataFrame) -> Any:
    """A table of `ledger` or `months` as an ``xarray.Dataset``: dimensions axes, replicate, case (and month),
    numbers as variables, finished runs only. Raises UserError if xarray is not installed or rows repeat."""
    try:
        import xarray
    except ImportError:
        raise UserError('arrays need xarray; install it with pip install "woc-sim[arrays]"') from None
    if "status" in table:
        table = table[table["status"] == DONE]
    names = list(table.columns)
    axes = names[1 : min(names.index(each) for each in ("replicate", "case") if each in names)]
    rest = [name for name in ("replicate", "case", "month") if name in names]
    indexed = table.set_index([*axes, *rest]).drop(columns="run_id").select_dtypes("number")
    if indexed.index.has_duplicates:
        raise UserError("runs of one point and replicate repeat in this sweep, so they are no array")
    return xarray.Dataset.from_dataframe(indexed)


def canonical_hash(outcomes: Mapping[str, Outcome | Failure]) -> str:
    """SHA-256 of the readings of all runs in the order of their keys: equal hashes, equal tables."""
    digest = hashlib.sha256()
    for key in sorted(outcomes):
        each = outcomes[key]
        digest.update(key.encode())
        if isinstance(each, Outcome):
            for row in each.rows:
                digest.update(row.case.encode())
                digest.update(np.where(np.isnan(row.readings), np.nan, row.readings).astype("<f8").tobytes())
        else:
            digest.update(each.stage.encode())
    return digest.hexdigest()
