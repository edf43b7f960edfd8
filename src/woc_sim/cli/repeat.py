"""`woc-sim run from=DIR`: repeat what a folder holds, and say whether the numbers are the same."""

import os
import shlex
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from woc_sim.cli import settings
from woc_sim.ensemble.manifests import Manifest, MultirunManifest, RunManifest, SweepManifest, read_manifest
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.parse import MAX_WORKERS

if TYPE_CHECKING:
    import pandas as pd

HELP: Final = """\
usage: woc-sim run from=DIR [--check] [workers=N] [out=DIR]

Repeats the run, the `run -m` or the sweep in DIR from what the folder itself says, and compares all readings:
IDENTICAL, WITHIN TOLERANCE (differences of rounding), or DIFFERENT with how many runs and readings differ, by
how much, from which month on, and what has changed since (exit code 1). The repetition is kept in out= (DIR
with -again); with --check nothing is kept.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "from": lambda key, value: fields.text(key, value),
    "out": lambda key, value: fields.text(key, value),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
}
CHECK: Final = "--check"


class FolderResults(NamedTuple):
    """What a folder holds: a row a locality of a run (run_id, axes, replicate, case, readings), and the
    indicators by month where they were kept."""

    runs: "pd.DataFrame"
    monthly: "pd.DataFrame"


def main(arguments: Sequence[str]) -> int:
    """Repeat, compare, tell; returns the exit code. Raises UserError before anything is written."""
    given, flags = settings.read_settings(arguments, READERS, (CHECK,))
    if "from" not in given:
        raise UserError("from is missing; give the folder to repeat, from=DIR --check")
    folder = Path(given["from"])
    held = read_manifest(folder)
    if not isinstance(held, RunManifest | MultirunManifest | SweepManifest):
        found = f"a {shown(held.kind)}" if held else "no results"
        raise UserError(f"from={shown(folder)} holds {found}; give the folder of a run or a sweep")
    expected = read_results(folder, held)
    command = shlex.join(["woc-sim", "run", *arguments])
    with ExitStack() as stack:
        if CHECK in flags and "out" not in given:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="woc-sim-"))) / "again"
        else:
            out = Path(given.get("out", f"{folder.resolve()}-again"))
        if out.resolve() == folder.resolve():
            raise UserError(f"out={shown(out)} is the folder that is to be repeated; choose another one")
        run_again(folder, held, out, given.get("workers"), command)
        repeated = read_manifest(out)
        assert repeated is not None
        return _report(
            expected, read_results(out, repeated), held, repeated, out if CHECK not in flags else None
        )


def read_results(folder: Path, held: Manifest) -> FolderResults:
    """The results of a folder as they were written; raises UserError if they are not whole."""
    from woc_sim.ensemble.folders import finished_run
    from woc_sim.ensemble.run_files import FINAL, MONTHLY, read_run_table
    from woc_sim.ensemble.sweep_tables import open_sweep

    if not isinstance(held, RunManifest):
        _, runs, monthly = open_sweep(folder, monthly=True)
        if len(waiting := runs[runs["status"] == "waiting"]):
            raise UserError(
                f"{shown(folder)} is not finished ({len(waiting)} runs wait); `{held.command}` goes on"
            )
        return FolderResults(runs, monthly)
    finished_run(folder)
    tables = []
    for name in (FINAL, MONTHLY):
        table = read_run_table(folder, name, len(held.run_ids))
        table.insert(0, "run_id", [held.run_ids[replicate] for replicate in table["replicate"]])
        tables.append(table)
    return FolderResults(*tables)


def run_again(folder: Path, held: Manifest, out: Path, workers: int | None, command: str) -> None:
    """Run what a folder holds into the folder `out`."""
    if isinstance(held, RunManifest):
        _run_again(folder, out, workers, command)
    elif isinstance(held, MultirunManifest):
        for place in range(len(held.points)):
            _run_again(folder / str(place), out / str(place), workers, command)
        _write_multirun_manifest(held, out, command)
    else:
        _sweep_again(folder, out, workers, command)


def _run_again(folder: Path, out: Path, workers: int | None, command: str) -> None:
    from woc_sim.cli.request import Point
    from woc_sim.cli.run import SETTINGS, run_point
    from woc_sim.records import yaml_settings
    from woc_sim.scenario.parse import parse

    path = folder / SETTINGS
    try:
        found = yaml_settings(path, "the folder cannot be repeated")
    except FileNotFoundError:
        raise UserError(f"{shown(path)} is missing, so the folder cannot be repeated") from None
    said = fields.mapping(shown(path), found)
    chosen = {} if workers is None else {"workers": workers, "executor": "processes"}
    scenario, options = parse({**said, **chosen})
    run_point(Point({**said, **chosen}, scenario, options, {}), out, command, None)


def _write_multirun_manifest(held: MultirunManifest, out: Path, command: str) -> None:
    """The manifest of a repeated ``run -m``: its points are those of the first, its runs were repeated."""
    from woc_sim.ensemble import folders
    from woc_sim.ensemble.manifests import MULTIRUN
    from woc_sim.ensemble.provenance import describe

    own = [read_manifest(out / str(place)) for place in range(len(held.points))]
    run_ids = [key for each in own if isinstance(each, RunManifest) for key in each.run_ids]
    said = {name: getattr(held, name) for name in ("points", "replicates", "life_stories")}
    folders.mark_finished(out, describe(MULTIRUN, command) | said | {"run_ids": run_ids})


def _sweep_again(folder: Path, out: Path, workers: int | None, command: str) -> None:
    from woc_sim.ensemble.plan import DesignPoint, require_plan, scenario_from_text
    from woc_sim.ensemble.sweep_run import run_sweep

    parts: dict[tuple[int, bool], list[DesignPoint]] = {}
    for each in require_plan(folder):
        point = DesignPoint(
            scenario_from_text(each.scenario, shown(folder)), each.axes, each.typed, each.name
        )
        parts.setdefault((len(each.runs), each.monthly), []).append(point)
    for (replicates, monthly), points in parts.items():
        run_sweep(out, points, replicates, command, monthly, workers or os.cpu_count() or 1)


def _comparable(expected: FolderResults, found: FolderResults) -> tuple[FolderResults, FolderResults]:
    """Both without the runs that had failed in the first; how many they are is told."""
    if "status" not in expected.runs:
        return expected, found
    done = expected.runs["status"] == "done"
    if done.all():
        return expected, found
    failed = expected.runs[~done]
    print(f"{len(failed)} runs had failed in the folder and are not compared")
    keys = ["design_row", "replicate"]
    lost = found.runs.set_index(keys).index.isin(failed.set_index(keys).index)
    kept = found.runs[~lost]
    months = found.monthly
    if len(months):
        months = months[months["run_id"].isin(kept["run_id"])]
    return FolderResults(expected.runs[done], expected.monthly), FolderResults(kept, months)


def _report(
    expected: FolderResults, found: FolderResults, was: Manifest, now: Manifest, out: Path | None
) -> int:
    """Print how the second result stands to the first, and write what differs into `out`."""
    from woc_sim.ensemble.differences import (
        DIFFERENT,
        IDENTICAL,
        Provenance,
        explain,
        provenance_changes,
        verdict,
        worse,
    )
    from woc_sim.ensemble.escaping import csv_text
    from woc_sim.figures.differences import draw_differences
    from woc_sim.files import write_text
    from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

    expected, found = _comparable(expected, found)
    word = verdict(expected.runs, found.runs, READING_NAMES)
    if len(expected.monthly) or len(found.monthly):
        word = worse(word, verdict(expected.monthly, found.monthly, INDICATOR_NAMES))
    print(word)
    made = [Provenance(each.model_hash, each.inputs, each.versions) for each in (was, now)]
    if word == IDENTICAL and was.model_hash != now.model_hash:
        for sentence in provenance_changes(*made):
            print(f"- {sentence}")
    if word != IDENTICAL:
        courses = (expected.monthly, found.monthly) if len(expected.monthly) and len(found.monthly) else None
        told = explain(expected.runs, found.runs, READING_NAMES, *made, months=courses)
        for sentence in told.sentences:
            print(f"- {sentence}")
        if out is not None and len(told.table):
            write_text(csv_text(told.table), out / "differences.csv")
            draw_differences(told.table, out / "figures")
    if out is not None:
        print(f"results: {out}")
    return 1 if word == DIFFERENT else 0


def is_repeat(arguments: Sequence[str]) -> bool:
    """Whether the arguments of `run` ask to repeat a folder."""
    return any(each.startswith("from=") or each == CHECK for each in arguments)
