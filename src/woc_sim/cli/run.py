"""`woc-sim run`: one scenario in one or more replicates, or a sweep with -m, with tables and figures."""

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli.config_dir import command_text
from woc_sim.cli.drawing import LIFE_STORY_PICTURES, USUAL, Drawing, drawing_processes
from woc_sim.cli.repeat import is_repeat
from woc_sim.cli.repeat import main as repeat
from woc_sim.cli.request import Point, Request, compose_in_helper
from woc_sim.cli.settings import DRAWING, about, read_settings, refuse_unused_workers
from woc_sim.cli.showing import is_question
from woc_sim.cli.showing import main as show
from woc_sim.cli.startup import resume_garbage_collection
from woc_sim.ensemble import folders
from woc_sim.ensemble.manifests import FINISHED, MANIFEST, MULTIRUN, RUN, file_hashes
from woc_sim.ensemble.provenance import describe
from woc_sim.errors import UserError
from woc_sim.files import write_table, write_text
from woc_sim.records import json_record, settings_text, shown
from woc_sim.scenario.identity import run_id, scenario_hash
from woc_sim.scenario.own_rules import own_rules

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.run import LocalityRows

HELP: Final = """\
usage: woc-sim run [-m] [key=value ...]

  woc-sim run case=C21 seed=7                      one of the 49 localities
  woc-sim run case=[C31,C32] intervention=links intervention.links.where=[C31]
                                                   two localities in one world, one with an intervention
  woc-sim run size=rural executive=conservative    a synthetic locality; other values are drawn
  woc-sim run locality.file=mine.yaml out=mine     your own locality
  woc-sim run -m executive=progressive,conservative size=rural,small,medium seed=1,2 out=DIR
                                                   every combination: folders DIR/0, DIR/1, ... and one table
  woc-sim run from=DIR --check                     repeat the runs of a folder, and compare every number
  woc-sim run theory/contact=my_rules.py:contact_effect   a rule of your own: docs/own-rules.md
  woc-sim run --config-dir DIR locality=mytown     options from files of your own: DIR/locality/mytown.yaml
  woc-sim run case=C21 --cfg job                   print the settings and run nothing (--resolve: as they are
                                                   read; --info: where they come from)

Keys: case seed replicates months people scale locality.* theory.* parameters.* intervention.* shocks.*
      schedule.* out executor workers progress profile life_stories
Groups: locality size executive theory/* intervention shocks schedule executor experiment sweep
null means the default. Write integers in digits. A setting of locality holds for all cases of a list.
More: `woc-sim list parameters`, `woc-sim list presets`, `woc-sim list cases`
A run writes config.yaml, manifest.json, monthly.parquet, final.parquet and figures/ into its folder;
life_stories=20 adds twenty life stories of each locality: life_stories.md and life_stories.csv.
figures=belonging,unemployment draws these indicators (`woc-sim list indicators`) in place of the usual
ones, and format=pdf,svg writes every figure in these formats too; both draw a finished folder again.
"""

SETTINGS, FINAL, MONTHLY, PROFILE = "config.yaml", "final.parquet", "monthly.parquet", "profile.csv"


def main(arguments: Sequence[str]) -> int:
    """Run the requested points; returns the exit code. Raises UserError before anything is written."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if is_question(arguments):
        return show(arguments)
    if is_repeat(arguments):
        return repeat(arguments)
    typed = [argument for argument in arguments if argument not in ("-m", "--multirun")]
    if len(arguments) - len(typed) > 1:
        raise UserError("-m is given twice; give it once")
    drawn = [argument for argument in typed if argument.partition("=")[0] in DRAWING]
    if drawn and len(typed) < len(arguments):
        raise UserError(
            f"{shown(repr(drawn[0]))} has no effect with -m; give it with the settings of one point"
        )
    chosen, _ = read_settings(drawn, DRAWING)
    typed = [argument for argument in typed if argument not in drawn]
    drawing = _drawing(chosen)
    request = (
        compose_in_helper(typed) if len(typed) + len(drawn) == len(arguments) else _compose_multirun(typed)
    )
    command = command_text("run", arguments)
    for point in request.points:
        refuse_unused_workers(point.options)
    return (
        _run_multirun(request, command) if request.sweep else run_single(request.points[0], command, drawing)
    )


def _compose_multirun(typed: Sequence[str]) -> Request:
    from woc_sim.cli.compose import compose_request

    return compose_request(typed, multirun=True)


def _drawing(chosen: Mapping[str, Any]) -> Drawing:
    """What ``figures`` and ``format`` ask for. Raises UserError."""
    names = chosen.get("figures", ())
    if names:
        from woc_sim.figures.choice import choice_of  # imports the registry, which other runs do not need yet

        names = choice_of(names, readings=False).indicators
    return Drawing(indicators=tuple(names), formats=chosen.get("format", ()))


def run_single(point: Point, command: str, drawing: Drawing = USUAL) -> int:
    """Run one point, and say where its results are; returns the exit code."""
    out = Path(point.options.out or f"out/{_folder_name(point)}")
    if run_point(point, out, command, _progress(point), drawing):
        _print(f"{out} already holds this run; nothing to do")
    else:
        _summary(out / FINAL)
        _print(f"results: {out}/ (final.parquet, monthly.parquet, figures/, config.yaml, manifest.json)")
    return 0


def _folder_name(point: Point) -> str:
    names = "-".join(spec.name for spec in point.scenario.localities[:3])
    safe_names = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in names)
    life_stories = f"-lives{point.options.life_stories}" if point.options.life_stories else ""
    identity = f"seed{point.scenario.seed}-{scenario_hash(point.scenario)[:8]}"
    return f"{safe_names}-{identity}-{point.options.replicates}{life_stories}"


def _run_ids(point: Point) -> list[str]:
    return [run_id(point.scenario, replicate) for replicate in range(point.options.replicates)]


def _progress(point: Point) -> bool | None:
    """Whether to show progress: as given, else only in a terminal."""
    if point.options.progress is not None:
        return point.options.progress
    return None if sys.stderr.isatty() else False


def run_point(point: Point, out: Path, command: str, progress: bool | None, drawing: Drawing = USUAL) -> bool:
    """Simulate all replicates of one point in the folder `out`; returns True if the folder already holds
    them. Figures are drawn again if `drawing` asks for other ones than the usual.
    """
    run_ids, life_stories = _run_ids(point), point.options.life_stories
    state = folders.folder_state(out, RUN, run_ids, [life_stories])
    wanted = replace(drawing, about=about(shlex.split(command)[2:], point.scenario.seed))
    if state == FINISHED:
        if drawing != USUAL:
            _draw_again(out, wanted, life_stories)
        return True
    own = own_rules(point.scenario.theories)
    if own:
        from woc_sim.ensemble.warm import ensure_own_rules

        ensure_own_rules([point.scenario])
    is_new = not out.exists()
    folders.make_folder(out)
    # start them first: they import while this process works
    helpers = (
        [drawing_processes(), drawing_processes(LIFE_STORY_PICTURES)]
        if life_stories
        else [drawing_processes()]
    )
    manifest = describe(RUN, command) | {
        "run_ids": run_ids,
        "scenario_hash": scenario_hash(point.scenario),
        "seed": point.scenario.seed,
        "replicates": point.options.replicates,
        "life_stories": life_stories,
    }
    try:
        folders.mark_started(out, manifest)
        names, timings = _simulate(point, out, progress, wanted)
        for processes in helpers:
            processes.finish(out.absolute())
    except BaseException:
        folders.remove_traces(out, is_new and not state)
        raise
    names += _figures(out)
    folders.mark_finished(out, manifest | {"timings": timings, "files": file_hashes(out, names)})
    folders.drop_shards(out)
    return False


def _figures(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in (out / "figures").iterdir())


def _draw_again(out: Path, drawing: Drawing, life_stories: int) -> None:
    """Draw the figures of a finished folder again, and note their hashes in its manifest."""
    pictures = [drawing_processes(), *([drawing_processes(LIFE_STORY_PICTURES)] if life_stories else [])]
    for processes in pictures:
        processes.draw(out.absolute(), drawing)
    for processes in pictures:
        processes.finish(out.absolute())
    manifest = json_record(out / MANIFEST, dict[str, Any])
    files = manifest["files"] | file_hashes(out, _figures(out))
    folders.mark_finished(out, manifest | {"files": files})


def _simulate(
    point: Point, out: Path, progress: bool | None, drawing: Drawing
) -> tuple[list[str], dict[str, Any]]:
    """Run all replicates of one point, write its tables and start drawing; returns the names of the files
    and the timings.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import final_frame, monthly_frame
    from woc_sim.ensemble.store import open_store, write_frame
    from woc_sim.ensemble.tasks import replicated

    resume_garbage_collection()
    life_stories = point.options.life_stories
    tasks = replicated("model", [("", point.scenario)], range(point.options.replicates), life_stories)
    imported = time.perf_counter()
    with open_store(out) as store:
        outcomes = run_many(tasks, _workers(point), progress, store)
        simulated = time.perf_counter() - imported
        rows = [row for outcome in outcomes for row in outcome.rows]
        write_frame(out / MONTHLY, monthly_frame(rows))
        write_frame(out / FINAL, final_frame(rows))
        names = [MONTHLY, FINAL, SETTINGS]
        drawing_processes().draw(out.absolute(), drawing)
        settings = {key: value for key, value in point.settings.items() if key != "out"}
        write_text(settings_text(settings), out / SETTINGS)
        names += folders.write_own_rules(own_rules(point.scenario.theories).values(), out)
        if life_stories:
            names += _write_lives(out, rows)
            drawing_processes(LIFE_STORY_PICTURES).draw(out.absolute(), drawing)
        if point.options.profile:
            from woc_sim.cli.profile import time_processes

            write_table(time_processes(point.scenario), out / PROFILE)
            names.append(PROFILE)
    return names, {
        "started": started.isoformat(timespec="seconds"),
        "simulation_seconds": round(simulated, 3),
        "total_seconds": round(time.perf_counter() - clock, 3),
        "run_seconds": [round(outcome.seconds, 3) for outcome in outcomes],
    }


def _write_lives(out: Path, rows: "list[LocalityRows]") -> list[str]:
    from woc_sim.ensemble.escaping import csv_text
    from woc_sim.ensemble.life_tables import lives_frame, lives_markdown

    table, text = "life_stories.csv", "life_stories.md"
    write_text(csv_text(lives_frame(rows)), out / table)
    write_text(lives_markdown(rows), out / text)
    return [table, text]


def _workers(point: Point) -> "int | Dask":
    if point.options.executor == "in_process":
        return 1
    import os

    from woc_sim.ensemble.clusters import Dask

    workers = point.options.workers or os.cpu_count() or 1
    return Dask(workers) if point.options.executor == "dask" else workers


def _run_multirun(request: Request, command: str) -> int:
    """Run every point through Hydra's launcher, each in its own folder, and join the final tables."""
    from hydra.core.global_hydra import GlobalHydra

    from woc_sim.cli.compose import CONFIG, hydra_at_conf

    first = request.points[0]
    if any(point.options.out != first.options.out for point in request.points):
        raise UserError("out varies in the sweep; give one folder: each point gets a numbered folder in it")
    run_ids = [key for point in request.points for key in _run_ids(point)]
    out = Path(first.options.out or f"out/sweep-{_digest(run_ids)}")
    life_stories = [point.options.life_stories for point in request.points]
    state = folders.folder_state(out, MULTIRUN, run_ids, life_stories)
    if state == FINISHED and all(
        _is_finished(point, out / str(row)) for row, point in enumerate(request.points)
    ):
        _print(f"{out} already holds this sweep; nothing to do")
        return 0
    manifest = describe(MULTIRUN, command) | {
        "run_ids": run_ids,
        "points": [point.axes for point in request.points],
        "replicates": [point.options.replicates for point in request.points],
        "life_stories": life_stories,
    }
    folders.mark_started(out, manifest)
    clock = time.perf_counter()
    with hydra_at_conf():
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        job = [line for line in request.scenario_overrides if not line.startswith("out=")]
        (out / "multirun.yaml").unlink(missing_ok=True)  # Hydra writes this file and would follow a link
        jobs = hydra.multirun(
            CONFIG,
            _job,
            [*job, f"out={_quoted(str(out))}", *request.hydra_overrides],
            with_log_configuration=False,
        )
    for each in jobs[0]:
        if each.return_value is not None:
            raise UserError(each.return_value)
    _join_tables(request, out)
    manifest |= {
        "timings": {"total_seconds": round(time.perf_counter() - clock, 3)},
        "files": file_hashes(out, [FINAL]),
    }
    folders.mark_finished(out, manifest)
    _summary(out / FINAL, list(first.axes))
    _print(f"results: {out}/final.parquet ({len(request.points)} points), each point in {out}/<number>/")
    return 0


def _is_finished(point: Point, folder: Path) -> bool:
    return folders.folder_state(folder, RUN, _run_ids(point), [point.options.life_stories]) == FINISHED


def _job(config: "DictConfig") -> str | None:
    """One point of a sweep, called by Hydra's launcher in this or another process.

    Returns the sentence of a UserError instead of raising it, because Hydra would add text to an error.
    """
    from hydra.core.hydra_config import HydraConfig

    from woc_sim.cli.compose import point_of, settings_of
    from woc_sim.cli.overrides import own_rules_named, parse_override

    hydra = HydraConfig.get()
    named = own_rules_named([parse_override(line.lstrip("+")) for line in hydra.overrides.task])
    point = point_of(settings_of(config), named)
    clock = time.perf_counter()
    shown_overrides = " ".join(line for line in hydra.overrides.task if not line.startswith("out="))
    try:
        was_done = run_point(point, Path(hydra.runtime.output_dir), f"woc-sim run {shown_overrides}", False)
    except UserError as error:
        return error.sentence
    if _progress(point) is not False:
        duration = "found finished" if was_done else f"{time.perf_counter() - clock:.1f} s"
        print(f"{hydra.job.num}: {shown_overrides} ({duration})", file=sys.stderr, flush=True)
    return None


def _join_tables(request: Request, out: Path) -> None:
    """One table of all points: their number and axes, then the columns of each final.parquet."""
    import pandas as pd

    from woc_sim.ensemble.store import write_frame
    from woc_sim.records import parquet_table

    tables = []
    for number, point in enumerate(request.points):
        table = parquet_table(out / str(number) / FINAL).to_pandas()
        for position, (key, value) in enumerate(point.axes.items()):
            if key not in table.columns:
                table.insert(position, key, value)
        table.insert(0, "job", number)
        tables.append(table)
    write_frame(out / FINAL, pd.concat(tables, ignore_index=True))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _digest(run_ids: list[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(run_ids).encode()).hexdigest()[:12]


def _summary(path: Path, axes: Sequence[str] = ()) -> None:
    """Print a few readings."""
    from woc_sim.cli.summary import summary
    from woc_sim.ensemble.column_metadata import data_frame
    from woc_sim.records import parquet_table

    for line in summary(data_frame(parquet_table(path)), axes):
        _print(line)


def _print(line: str) -> None:
    print(line, flush=True)
