"""A sweep as tables: one row for each planned run and locality, and the indicators by month.

A sweep's folder holds ``plan/`` (`woc_sim.ensemble.plan`), the ``shards/`` of finished and failed runs
(`woc_sim.ensemble.store`), its manifest, and the final tables and figures. Reading takes no lock and writes
nothing, so it works beside a running sweep. A folder of ``run -m`` gives the same tables.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.ensemble.axes import axis_column, axis_column_names
from woc_sim.ensemble.column_metadata import with_meanings
from woc_sim.ensemble.ledger import DONE, FAILED, LEDGER, SET, WAITING
from woc_sim.ensemble.manifests import (
    FINISHED,
    MultirunManifest,
    RunManifest,
    SweepManifest,
    damaged_files,
    read_manifest,
)
from woc_sim.ensemble.multirun import multirun_tables
from woc_sim.ensemble.plan import PlannedPoint, axis_values, require_plan, sets_of
from woc_sim.ensemble.plausible import PlausibleSet
from woc_sim.ensemble.run import Array, monthly_frame
from woc_sim.ensemble.store import ShardReader
from woc_sim.ensemble.tasks import Failure, Outcome, parse_key
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.records import shown

if TYPE_CHECKING:
    import pandas as pd

MAX_ATTEMPTS: Final = 3
"""How often a folder is read again if it changes during reading."""


class SweepContents(NamedTuple):
    """The content of a sweep's folder: ledger, months, the hash of all planned runs, the hash of the runs
    that were planned before (empty while runs are waiting), and the plausible set of each replicate.
    """

    runs: pd.DataFrame
    monthly: pd.DataFrame
    table_hash: str
    hash_before: str
    sets: Sequence[PlausibleSet]


def read_all(out: Path, store: ShardReader, before: Sequence[PlannedPoint] = ()) -> SweepContents:
    """Read every run of a folder once. before: points of an earlier state of the plan."""
    points = require_plan(out)
    keys = _keys(points) | _keys(before)
    outcomes, failures = store.read(keys), store.failures(keys)
    return SweepContents(
        _ledger(points, outcomes, failures),
        _months(points, outcomes),
        table_hash(points, outcomes, failures),
        table_hash(before, outcomes, failures) if before else "",
        sets_of(points),
    )


class Sweep(NamedTuple):
    """A sweep that was read: its manifest, its ledger, and its monthly indicators if requested."""

    manifest: SweepManifest | MultirunManifest
    runs: pd.DataFrame
    monthly: pd.DataFrame


def open_sweep(out: Path, monthly: bool = False) -> Sweep:
    """The sweep in a folder, complete and consistent with its manifest.

    Raises UserError if the folder holds no sweep, a file is damaged, or the runs do not match the manifest.
    """
    manifest = read_sweep_manifest(out)
    for _ in range(MAX_ATTEMPTS):
        if isinstance(manifest, MultirunManifest):
            return Sweep(manifest, *multirun_tables(out, manifest, monthly))
        contents = read_all(out, ShardReader(out))
        if manifest.status != FINISHED or manifest.table_hash in ("", contents.table_hash):
            damaged = damaged_files(out, manifest) if manifest.status == FINISHED else []
            if damaged and read_sweep_manifest(out) == manifest:
                raise UserError(
                    f"{shown(out / damaged[0])} is missing or changed; "
                    f"`{shown(manifest.command)}` makes it again"
                )
            return Sweep(manifest, contents.runs, contents.monthly if monthly else empty_months())
        earlier, manifest = manifest, read_sweep_manifest(out)
        if earlier == manifest or isinstance(manifest, MultirunManifest):
            break
    if not contents.table_hash:
        waiting = int((contents.runs["status"] == "waiting").sum())
        raise UserError(
            f"{waiting} runs in the manifest of {shown(out)} are missing; `{shown(manifest.command)}` "
            "runs them again, or unpack the archive again"
        )
    raise UserError(
        f"the runs in {shown(out)} do not match its manifest; delete its manifest.json "
        "and repeat the sweep's command to accept them"
    )


def read_sweep_manifest(out: Path) -> SweepManifest | MultirunManifest:
    """The manifest of a sweep's folder. Raises UserError if there is none or it cannot be read."""
    manifest = read_manifest(out)
    if isinstance(manifest, SweepManifest | MultirunManifest):
        return manifest
    if os.path.isfile(out):
        raise UserError(f"{shown(out)} is a file; give the folder of the sweep")
    if manifest is None:
        raise UserError(f"{shown(out)} holds no sweep; `woc-sim sweep out={shown(out)}` makes one")
    hint = "; woc_sim.load reads it" if isinstance(manifest, RunManifest) else ""
    raise UserError(f"{shown(out)} holds no sweep but a {shown(manifest.kind)}{hint}")


def require_sweep_manifest(out: Path) -> SweepManifest:
    """The manifest of a folder that ``sweep`` wrote. Raises UserError for any other folder."""
    manifest = read_sweep_manifest(out)
    if isinstance(manifest, SweepManifest):
        return manifest
    raise UserError(
        f"{shown(out)} was made by `woc-sim run -m`; this works only in a folder of `woc-sim sweep`"
    )


def ledger(out: Path, store: ShardReader) -> pd.DataFrame:
    """One row for each planned run and locality: run_id, the axes, replicate, number of its plausible set (if
    there are sets), row of the design, status
    ('waiting', 'done', 'failed'), stage, error, message and trace of failures, seconds, version of the model,
    case and readings (nan if missing).
    """
    return read_all(out, store).runs


def _keys(points: Sequence[PlannedPoint]) -> set[str]:
    return {key for each in points for key in each.run_keys()}


def _axis_columns(points: Sequence[PlannedPoint]) -> dict[str, list[Any]]:
    """Column -> value at each point, for the axes."""
    values = axis_values(points)
    names = axis_column_names(list(values), (SET, *LEDGER) if sets_of(points) else LEDGER)
    return {names[axis]: axis_column(values[axis]) for axis in values}


def _ledger(
    points: Sequence[PlannedPoint], outcomes: Mapping[str, Outcome], failures: Mapping[str, Failure]
) -> pd.DataFrame:
    import pandas as pd

    axes = _axis_columns(points)
    has_sets = bool(sets_of(points))
    rows: list[list[Any]] = []
    readings: list[Array] = []
    for number, point in enumerate(points):
        point_values = [axes[name][number] for name in axes]
        for replicate, key in enumerate(point.run_keys()):
            own_set = [point.sets[replicate].number if point.sets else None] if has_sets else []
            for row in _ledger_rows(outcomes.get(key), failures.get(key)):
                where = [*point_values, replicate, *own_set, number]
                rows.append([parse_key(key).run_id, *where, *row.ledger_values])
                readings.append(row.readings)
    columns = ["run_id", *axes, "replicate", *([SET] if has_sets else []), *LEDGER]
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    numbers = np.vstack(readings) if readings else np.empty((0, len(READING_NAMES)))
    return pd.concat([table, pd.DataFrame(numbers, columns=list(READING_NAMES))], axis=1)


class _Row(NamedTuple):
    """A row of the ledger: the columns of `LEDGER` after the first, then the readings."""

    ledger_values: tuple[Any, ...]
    readings: Array


_NO_READINGS: Final = np.full(len(READING_NAMES), np.nan)


def _ledger_rows(outcome: Outcome | None, failure: Failure | None) -> list[_Row]:
    if outcome is not None:
        common = (DONE, "", "", "", "", outcome.seconds, outcome.model)
        return [_Row((*common, row.case), row.readings) for row in outcome.rows]
    if failure is None:
        return [_Row((WAITING, "", "", "", "", math.nan, "", None), _NO_READINGS)]
    causes = (failure.stage, failure.kind, failure.message, failure.trace, failure.seconds)
    return [_Row((FAILED, *causes, "", None), _NO_READINGS)]


def _months(points: Sequence[PlannedPoint], outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Monthly indicators of the finished runs with run_id and axes; empty if months were not kept."""
    import pandas as pd

    axes = _axis_columns(points)
    frames = []
    for number, point in enumerate(points):
        for key in point.run_keys():
            if parse_key(key).period != "month" or key not in outcomes:
                continue
            frame = monthly_frame(list(outcomes[key].rows))
            for name in reversed(axes):
                frame.insert(0, name, axes[name][number])
            frame.insert(0, "run_id", parse_key(key).run_id)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else empty_months()


def empty_months() -> pd.DataFrame:
    """The table of months of a sweep that kept none."""
    import pandas as pd

    return pd.DataFrame()


def require_xarray() -> None:
    """Raise UserError if xarray is not installed."""
    if find_spec("xarray") is None:
        raise UserError('arrays need xarray; install it with pip install "woc-sim[arrays]"')


def as_arrays(table: pd.DataFrame) -> Any:
    """A ledger or table of months as an ``xarray.Dataset``: axes, replicate, case (and month) are dimensions,
    numbers are variables. Only finished runs. Raises UserError if xarray is not installed or rows repeat.
    """
    require_xarray()
    import xarray

    if "status" in table:
        table = table[table["status"] == DONE]
    names = list(table.columns)
    axes = names[1 : min(names.index(each) for each in ("replicate", "case") if each in names)]
    keys = [name for name in ("replicate", "case", "month") if name in names]
    numbers = table.drop(columns=["run_id", "design_row"], errors="ignore")
    indexed = numbers.set_index([*axes, *keys]).select_dtypes("number")
    if indexed.index.has_duplicates:
        raise UserError("this sweep repeats a point and replicate, so it has no array form")
    return with_meanings(xarray.Dataset.from_dataframe(indexed))


def canonical_hash(outcomes: Mapping[str, Outcome | Failure]) -> str:
    """SHA-256 of the readings of all runs in the order of their keys: equal hashes mean equal tables."""
    digest = hashlib.sha256()
    for key in sorted(outcomes):
        outcome = outcomes[key]
        digest.update(key.encode())
        if isinstance(outcome, Outcome):
            for row in outcome.rows:
                digest.update(row.case.encode())
                digest.update(np.where(np.isnan(row.readings), np.nan, row.readings).astype("<f8").tobytes())
        else:
            digest.update(outcome.stage.encode())
    return digest.hexdigest()


def table_hash(
    points: Sequence[PlannedPoint], outcomes: Mapping[str, Outcome], failures: Mapping[str, Failure]
) -> str:
    """`canonical_hash` of all planned runs; empty while some are waiting."""
    keys = _keys(points)
    results: dict[str, Outcome | Failure] = {**failures, **outcomes}
    return canonical_hash({key: results[key] for key in keys}) if keys <= results.keys() else ""
