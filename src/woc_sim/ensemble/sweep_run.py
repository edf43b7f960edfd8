"""Running a sweep in its folder: make the plan, run what is missing, write the tables."""

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
from woc_sim.ensemble.plan import DesignPoint, plan_tasks, read_plan, refuse_other_sets
from woc_sim.ensemble.plausible import write_sets
from woc_sim.ensemble.provenance import describe
from woc_sim.ensemble.store import open_store, write_frame
from woc_sim.ensemble.sweep_tables import Sweep, empty_months, read_all
from woc_sim.ensemble.warm import ensure_own_rules
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario.own_rules import own_rules

FINAL, MONTHLY = "final.parquet", "monthly.parquet"
STOPPED = "stopped"


class SweepResult(NamedTuple):
    """The tables of a sweep that was run, and why it was stopped early (empty if it was not)."""

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
    """Run the missing runs of a design in `out` and write final.parquet, monthly.parquet and the manifest;
    with plausible sets, also sets.csv.

    config: settings of the first point; design: the record of sampled points. Raises UserError like `Store`,
    for a folder of another kind, and for a folder whose runs do not match its manifest.
    """
    if isinstance(workers, Dask):
        check_cluster(workers)
    scenarios = list({id(point.scenario): point.scenario for point in points}.values())
    ensure_own_rules(scenarios)
    earlier_manifest = folders.prepare(out, SWEEP)
    earlier_commands = earlier_manifest.commands if isinstance(earlier_manifest, SweepManifest) else []
    clock = time.perf_counter()
    started = earlier_manifest.timings.get("started") if earlier_manifest else None
    started = started or datetime.now(UTC).isoformat(timespec="seconds")
    manifest_fields: dict[str, Any] = describe(SWEEP, command) | {
        "points": len(points),
        "replicates": replicates,
        "seeds": sorted({point.scenario.seed for point in points}),
        "config": dict(config or {}),
        "axes": sorted({axis for point in points for axis in point.axes}),
        "design": None if design is None else dict(design),
        "commands": [*(each for each in earlier_commands if each != command), command],
    }
    stopped = ""
    with open_store(out, mix) as store:
        earlier_plan = read_plan(out)
        refuse_other_sets(out, earlier_plan, points)
        expected_hash = (
            earlier_manifest.table_hash
            if isinstance(earlier_manifest, SweepManifest) and earlier_plan
            else ""
        )
        write_manifest(
            out,
            manifest_fields
            | {"status": STARTED, "table_hash": expected_hash, "timings": {"started": started}},
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
        contents = read_all(out, store, earlier_plan)
        if expected_hash and contents.hash_before != expected_hash:
            raise UserError(
                f"the runs in {shown(out)} do not match its manifest; delete its "
                "manifest.json to accept them, or the folder to run them again"
            )
        write_frame(out / FINAL, contents.runs)
        write_sets(contents.sets, out)
        rules = [rule for one in scenarios for rule in own_rules(one.theories).values()]
        names = [FINAL, *folders.write_own_rules(rules, out)]
        if len(contents.monthly.columns):
            write_frame(out / MONTHLY, contents.monthly)
            names.append(MONTHLY)
        manifest_fields |= {
            "status": STOPPED if stopped else FINISHED,
            "table_hash": contents.table_hash,
            "timings": {"started": started, "total_seconds": round(time.perf_counter() - clock, 2)},
            "files": file_hashes(out, names),
        }
        write_manifest(out, manifest_fields)
    manifest = SweepManifest(**manifest_fields)
    return SweepResult(
        Sweep(manifest, contents.runs, contents.monthly if monthly else empty_months()), stopped
    )
