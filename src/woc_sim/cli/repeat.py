"""`woc-sim run from=DIR`: repeat the runs of a folder and check whether the numbers are equal."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble.manifests import Manifest, MultirunManifest, RunManifest, SweepManifest, read_manifest
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.schema import with_sources

if TYPE_CHECKING:
    import pandas as pd

    from woc_sim.cli.request import Point

HELP: Final = """\
usage: woc-sim run from=DIR [--check] [workers=N] [out=DIR] [theory/SUBJECT=FILE.py:FUNCTION]
       woc-sim run from=FILE [workers=N] [out=DIR]

Repeats the run, the `run -m` or the sweep in DIR with the settings stored there, and compares all readings.
Prints IDENTICAL, WITHIN TOLERANCE (only rounding differs), or DIFFERENT (exit code 1) with the number of
runs and readings that differ, the size of the differences, the first month with a difference, and what
changed since. The repetition is kept in out= (default: DIR-again); with --check it is not kept.
FILE is a config.yaml alone, such as the explorer gives: its settings are run, and nothing is compared.

A folder that was made with a rule of one's own holds its text, in DIR/rules. The text is code, and is only
executed if you name its file: theory/contact=DIR/rules/NAME.py:FUNCTION. It must be the text of that time.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "from": fields.text,
    **settings.WORK,
    **settings.OWN_RULES,
}
CHECK: Final = "--check"


class FolderResults(NamedTuple):
    """The results in a folder: one row for each run and locality (run_id, axes, replicate, case,
    readings), and the indicators by month if kept.
    """

    runs: "pd.DataFrame"
    monthly: "pd.DataFrame"


def main(arguments: Sequence[str]) -> int:
    """Repeat, compare, report; returns the exit code. Raises UserError before anything is written."""
    given, flags = settings.read_settings(arguments, READERS, (CHECK,))
    if "from" not in given:
        raise UserError("from is missing; give the folder to repeat, from=DIR --check")
    folder = Path(given["from"])
    command = command_text("run", arguments)
    named = [rule for rules in settings.take_own_rules(given).values() for rule in rules]
    if folder.is_file():
        return _run_file(folder, given, flags, command, named)
    manifest = read_manifest(folder)
    if not isinstance(manifest, RunManifest | MultirunManifest | SweepManifest):
        content = f"a {shown(manifest.kind)}" if manifest else "no results"
        raise UserError(f"from={shown(folder)} holds {content}; give the folder of a run or a sweep")
    expected = read_results(folder, manifest)
    with ExitStack() as stack:
        if CHECK in flags and "out" not in given:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="woc-sim-"))) / "again"
        else:
            out = Path(given.get("out", f"{folder.resolve()}-again"))
        if out.resolve() == folder.resolve():
            raise UserError(f"out={shown(out)} is the folder to repeat; choose another one")
        run_again(folder, manifest, out, given.get("workers"), command, named)
        repeated = read_manifest(out)
        assert repeated is not None
        return _report(
            expected, read_results(out, repeated), manifest, repeated, out if CHECK not in flags else None
        )


def read_results(folder: Path, manifest: Manifest) -> FolderResults:
    """The stored results of a folder. Raises UserError if they are incomplete or damaged."""
    from woc_sim.ensemble.folders import finished_run
    from woc_sim.ensemble.run_files import FINAL, MONTHLY, read_run_table
    from woc_sim.ensemble.sweep_tables import open_sweep

    if not isinstance(manifest, RunManifest):
        _, runs, monthly = open_sweep(folder, monthly=True)
        if len(waiting := runs[runs["status"] == "waiting"]):
            raise UserError(
                f"{shown(folder)} is not finished ({len(waiting)} runs wait); `{manifest.command}` resumes it"
            )
        return FolderResults(runs, monthly)
    finished_run(folder)
    tables = []
    for name in (FINAL, MONTHLY):
        table = read_run_table(folder, name, len(manifest.run_ids))
        table.insert(0, "run_id", [manifest.run_ids[replicate] for replicate in table["replicate"]])
        tables.append(table)
    return FolderResults(*tables)


def run_again(
    folder: Path,
    manifest: Manifest,
    out: Path,
    workers: int | None,
    command: str,
    named: Sequence[OwnRule] = (),
) -> None:
    """Repeat the runs of a folder in the folder `out`. named: the rules of one's own that the user names;
    runs with others are refused.
    """
    if isinstance(manifest, RunManifest):
        _run_again(folder, out, workers, command, named)
    elif isinstance(manifest, MultirunManifest):
        for number in range(len(manifest.points)):
            _run_again(folder / str(number), out / str(number), workers, command, named)
        _write_multirun_manifest(manifest, out, command)
    else:
        _sweep_again(folder, out, workers, command, named)


def _run_again(folder: Path, out: Path, workers: int | None, command: str, named: Sequence[OwnRule]) -> None:
    from woc_sim.cli.run import SETTINGS, run_point

    run_point(_stored_point(folder / SETTINGS, workers, named), out, command, None)


def _stored_point(path: Path, workers: int | None, named: Sequence[OwnRule]) -> "Point":
    """The run that a config.yaml describes. Raises UserError."""
    from woc_sim.cli.request import Point
    from woc_sim.records import yaml_settings
    from woc_sim.scenario.parse import parse

    try:
        content = yaml_settings(path, "the folder cannot be repeated")
    except FileNotFoundError:
        raise UserError(f"{shown(path)} is missing, so the folder cannot be repeated") from None
    stored_settings = fields.mapping(shown(path), content)
    overrides = {} if workers is None else {"workers": workers, "executor": "processes"}
    scenario, options = parse({**stored_settings, **overrides})
    return Point({**stored_settings, **overrides}, with_sources(scenario, named), options, {})


def _run_file(
    path: Path, given: Mapping[str, Any], flags: set[str], command: str, named: Sequence[OwnRule]
) -> int:
    """Run the settings of a config.yaml that stands alone; returns the exit code."""
    from woc_sim.cli.run import run_single

    if CHECK in flags:
        raise UserError(
            f"from={shown(path)} is a file of settings, which holds no numbers to check; "
            "leave --check out, or give the folder of a run"
        )
    point = _stored_point(path, given.get("workers"), named)
    return run_single(replace(point, options=replace(point.options, out=given.get("out"))), command)


def _write_multirun_manifest(manifest: MultirunManifest, out: Path, command: str) -> None:
    """Write the manifest of a repeated ``run -m``: the points of the original, the repeated runs."""
    from woc_sim.ensemble import folders
    from woc_sim.ensemble.manifests import MULTIRUN
    from woc_sim.ensemble.provenance import describe

    manifests = [read_manifest(out / str(number)) for number in range(len(manifest.points))]
    run_ids = [key for each in manifests if isinstance(each, RunManifest) for key in each.run_ids]
    manifest_fields = {name: getattr(manifest, name) for name in ("points", "replicates", "life_stories")}
    folders.mark_finished(out, describe(MULTIRUN, command) | manifest_fields | {"run_ids": run_ids})


def _sweep_again(
    folder: Path, out: Path, workers: int | None, command: str, named: Sequence[OwnRule]
) -> None:
    from woc_sim.ensemble.plan import DesignPoint, require_plan, scenario_from_text
    from woc_sim.ensemble.sweep_run import run_sweep

    parts: dict[tuple[int, bool], list[DesignPoint]] = {}
    for each in require_plan(folder):
        scenario = scenario_from_text(each.scenario, shown(folder))
        scenario = with_sources(scenario, named)
        point = DesignPoint(scenario, each.axes, each.typed, each.name, each.sets)
        parts.setdefault((len(each.runs), each.monthly), []).append(point)
    for (replicates, monthly), points in parts.items():
        run_sweep(out, points, replicates, command, monthly, workers or os.cpu_count() or 1)


def _comparable(expected: FolderResults, found: FolderResults) -> tuple[FolderResults, FolderResults]:
    """Both results without the runs that failed in the original. Prints how many these are."""
    if "status" not in expected.runs:
        return expected, found
    done = expected.runs["status"] == "done"
    if done.all():
        return expected, found
    failed = expected.runs[~done]
    print(f"{len(failed)} runs had failed in the folder and are not compared")
    keys = ["design_row", "replicate"]
    failed_again = found.runs.set_index(keys).index.isin(failed.set_index(keys).index)
    compared = found.runs[~failed_again]
    months = found.monthly
    if len(months):
        months = months[months["run_id"].isin(compared["run_id"])]
    return FolderResults(expected.runs[done], expected.monthly), FolderResults(compared, months)


def _report(
    expected: FolderResults, found: FolderResults, was: Manifest, now: Manifest, out: Path | None
) -> int:
    """Print how the second result compares with the first, and write the differences into `out`."""
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
    provenances = [Provenance(each.model_hash, each.inputs, each.versions) for each in (was, now)]
    if word == IDENTICAL and was.model_hash != now.model_hash:
        for sentence in provenance_changes(*provenances):
            print(f"- {sentence}")
    if word != IDENTICAL:
        courses = (expected.monthly, found.monthly) if len(expected.monthly) and len(found.monthly) else None
        differences = explain(expected.runs, found.runs, READING_NAMES, *provenances, months=courses)
        for sentence in differences.sentences:
            print(f"- {sentence}")
        if out is not None and len(differences.table):
            write_text(csv_text(differences.table), out / "differences.csv")
            draw_differences(differences.table, out / "figures")
    if out is not None:
        print(f"results: {out}")
    return 1 if word == DIFFERENT else 0


def is_repeat(arguments: Sequence[str]) -> bool:
    """Whether the arguments of `run` ask for a repetition of a folder."""
    return any(each.startswith("from=") or each == CHECK for each in arguments)
