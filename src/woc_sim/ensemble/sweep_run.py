"""Running a sweep in its folder: plan, run what is missing, and write the tables."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from woc_sim.ensemble import folders
from woc_sim.ensemble.clusters import Dask, check_cluster
from woc_sim.ensemble.executors import TooManyFailuresError, run_all
from woc_sim.ensemble.manifests import FINISHED, STARTED, SWEEP, SweepManifest, file_hashes, write_manifest
from woc_sim.ensemble.plan import DesignPoint, plan_tasks, read_plan
from woc_sim.ensemble.provenance import describe
from woc_sim.ensemble.store import open_store, write_frame
from woc_sim.ensemble.sweep_tables import Sweep, empty_months, read_all
from woc_sim.errors import UserError
from woc_sim.records import shown

FINAL, MONTHLY = "final.parquet", "monthly.parquet"
STOPPED = "stopped"


class SweepResult(NamedTuple):
    """A sweep that was run: its tables, and why it was ended early if it was."""

    sweep: Sweep
    stopped: str


def run_sweep(
    out: Path,
    points: Sequence[DesignPoint],
    replicates: int,
    command: str,
    monthly: bool = False,
    workers: int | Dask = 1,
    progress: bool | None = None,
    mix: bool | None = False,
    time_limit: float | None = None,
    max_failures: int | None = None,
    config: Mapping[str, Any] | None = None,
    design: Mapping[str, Any] | None = None,
) -> SweepResult:
    """Run what of a design is missing in `out` and write final.parquet, monthly.parquet and the manifest.

    config: settings of the first point; design: how points were drawn. Raises UserError as `Store` does, for
    a folder of another kind, and for one whose runs are not those that its manifest was written for.
    """
    if isinstance(workers, Dask):
        check_cluster(workers)
    begun = folders.prepare(out, SWEEP)
    earlier = begun.commands if isinstance(begun, SweepManifest) else []
    clock = time.perf_counter()
    started = begun.timings.get("started") if begun else None
    started = started or datetime.now(UTC).isoformat(timespec="seconds")
    said: dict[str, Any] = describe(SWEEP, command) | {
        "points": len(points),
        "replicates": replicates,
        "seeds": sorted({point.scenario.seed for point in points}),
        "config": dict(config or {}),
        "axes": sorted({axis for point in points for axis in point.axes}),
        "design": None if design is None else dict(design),
        "commands": [*(each for each in earlier if each != command), command],
    }
    stopped = ""
    with open_store(out, mix) as store:
        before = read_plan(out)
        expected = begun.table_hash if isinstance(begun, SweepManifest) and before else ""
        write_manifest(
            out, said | {"status": STARTED, "table_hash": expected, "timings": {"started": started}}
        )
        tasks = plan_tasks(out, points, replicates, monthly)
        try:
            run_all(
                tasks,
                workers,
                progress,
                store,
                f"{len(points)} points, {replicates} replicates",
                time_limit,
                max_failures,
            )
        except TooManyFailuresError as error:
            stopped = str(error)
        found = read_all(out, store, before)
        if expected and found.hash_before != expected:
            raise UserError(
                f"the runs in {shown(out)} are not those that its manifest was written for; delete its "
                "manifest.json to take them as they are, or the folder to run them again"
            )
        write_frame(out / FINAL, found.runs)
        names = [FINAL]
        if len(found.monthly.columns):
            write_frame(out / MONTHLY, found.monthly)
            names.append(MONTHLY)
        said |= {
            "status": STOPPED if stopped else FINISHED,
            "table_hash": found.table_hash,
            "timings": {"started": started, "total_seconds": round(time.perf_counter() - clock, 2)},
            "files": file_hashes(out, names),
        }
        write_manifest(out, said)
    manifest = SweepManifest(**said)
    return SweepResult(Sweep(manifest, found.runs, found.monthly if monthly else empty_months()), stopped)
