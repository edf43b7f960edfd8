"""`woc-sim run`: one scenario in one or more replicates, or a sweep over many, with tables and figures."""

import shlex
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli.drawing import LIFE_STORY_PICTURES, drawing_processes
from woc_sim.cli.repeat import is_repeat
from woc_sim.cli.repeat import main as repeat
from woc_sim.cli.request import Point, Request, compose_in_helper
from woc_sim.cli.settings import refuse_unused_workers
from woc_sim.cli.startup import resume_garbage_collection
from woc_sim.ensemble import folders
from woc_sim.ensemble.manifests import FINISHED, MULTIRUN, RUN, file_hashes
from woc_sim.ensemble.provenance import describe
from woc_sim.errors import UserError
from woc_sim.files import atomic_write
from woc_sim.records import settings_text
from woc_sim.scenario.identity import run_id, scenario_hash
from woc_sim.scenario.parse import parse, self_contained

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.run import Rows

HELP: Final = """\
usage: woc-sim run [-m] [key=value ...]

  woc-sim run case=C21 seed=7                      one of the 49 localities
  woc-sim run case=[C31,C32] intervention=links intervention.links.where=[C31]
                                                   places that hear of one another, one of them changed
  woc-sim run size=rural executive=conservative    a synthetic one; what is not said is drawn from the study's
  woc-sim run locality.file=mine.yaml out=mine     your own
  woc-sim run -m executive=progressive,conservative size=rural,small,medium seed=1,2 out=DIR
                                                   every combination in DIR/0, DIR/1, ... and one table
  woc-sim run from=DIR --check                     repeat what a folder holds, and compare every number

Keys: case seed replicates months people scale locality.* theory.* parameters.* intervention.* shocks.*
      schedule.* out executor workers progress profile life_stories
Groups: locality size executive theory/* intervention shocks schedule executor experiment sweep
null says nothing, integers are written in digits, a setting of locality holds for every case of a list.
More: `woc-sim list parameters`, `woc-sim list experiments`, `woc-sim list cases`
A run writes config.yaml, manifest.json, monthly.parquet, final.parquet and figures/ into its folder;
life_stories=20 adds twenty biographies of each locality, life_stories.md and life_stories.csv.
"""

SETTINGS, FINAL, MONTHLY, PROFILE = "config.yaml", "final.parquet", "monthly.parquet", "profile.csv"


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; returns the exit code. Raises UserError before anything is written."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if is_repeat(arguments):
        return repeat(arguments)
    typed = [argument for argument in arguments if argument not in ("-m", "--multirun")]
    if len(arguments) - len(typed) > 1:
        raise UserError("-m is given twice; give it once")
    asked = compose_in_helper(typed) if len(typed) == len(arguments) else _compose_multirun(typed)
    command = shlex.join(["woc-sim", "run", *arguments])
    for point in asked.points:
        refuse_unused_workers(point.options)
    return _run_multirun(asked, command) if asked.sweep else _run_single(asked.points[0], command)


def _compose_multirun(typed: Sequence[str]) -> Request:
    from woc_sim.cli.compose import compose_request

    return compose_request(typed, multirun=True)


def _run_single(point: Point, command: str) -> int:
    out = Path(point.options.out or f"out/{_folder_name(point)}")
    if run_point(point, out, command, _progress(point)):
        _print(f"{out} already holds this run; nothing to do")
    else:
        _summary(out / FINAL)
        _print(f"results: {out}/ (final.parquet, monthly.parquet, figures/, config.yaml, manifest.json)")
    return 0


def _folder_name(point: Point) -> str:
    place = "-".join(spec.name for spec in point.scenario.localities[:3])
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in place)
    lives = f"-lives{point.options.life_stories}" if point.options.life_stories else ""
    identity = f"seed{point.scenario.seed}-{scenario_hash(point.scenario)[:8]}"
    return f"{safe}-{identity}-{point.options.replicates}{lives}"


def _run_ids(point: Point) -> list[str]:
    return [run_id(point.scenario, replicate) for replicate in range(point.options.replicates)]


def _progress(point: Point) -> bool | None:
    """Whether to show progress: as told, else on a terminal only."""
    if point.options.progress is not None:
        return point.options.progress
    return None if sys.stderr.isatty() else False


def run_point(point: Point, out: Path, command: str, progress: bool | None) -> bool:
    """Simulate all replicates of one point in the folder `out`; True if they were there already."""
    run_ids, lives = _run_ids(point), point.options.life_stories
    held = folders.folder_state(out, RUN, run_ids, [lives])
    if held == FINISHED:
        return True
    made = not out.exists()
    folders.make_folder(out)
    # first: they import while this process does
    wanted = [drawing_processes(), drawing_processes(LIFE_STORY_PICTURES)] if lives else [drawing_processes()]
    said = describe(RUN, command) | {
        "run_ids": run_ids,
        "scenario_hash": scenario_hash(point.scenario),
        "seed": point.scenario.seed,
        "replicates": point.options.replicates,
        "life_stories": lives,
    }
    try:
        folders.mark_started(out, said)
        names, timings = _simulate(point, out, progress)
        for each in wanted:
            each.finish(out.absolute())
    except BaseException:
        folders.remove_traces(out, made and not held)
        raise
    names += sorted(path.relative_to(out).as_posix() for path in (out / "figures").glob("*.png"))
    folders.mark_finished(out, said | {"timings": timings, "files": file_hashes(out, names)})
    folders.drop_shards(out)
    return False


def _simulate(point: Point, out: Path, progress: bool | None) -> tuple[list[str], dict[str, Any]]:
    """Run all replicates of one point, fill the folder and let its pictures be drawn; names of the files and
    how long it took."""
    started, clock = datetime.now(UTC), time.perf_counter()
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import final_frame, monthly_frame
    from woc_sim.ensemble.store import open_store, write_frame
    from woc_sim.ensemble.tasks import replicated

    resume_garbage_collection()
    lives = point.options.life_stories
    tasks = replicated("model", [("", point.scenario)], range(point.options.replicates), lives)
    imported = time.perf_counter()
    with open_store(out) as store:
        outcomes = run_many(tasks, _workers(point), progress, store)
        simulated = time.perf_counter() - imported
        rows = [row for outcome in outcomes for row in outcome.rows]
        write_frame(out / MONTHLY, monthly_frame(rows))
        write_frame(out / FINAL, final_frame(rows))
        names = [MONTHLY, FINAL, SETTINGS]
        drawing_processes().draw(out.absolute())
        settings = {key: value for key, value in point.settings.items() if key != "out"}
        with atomic_write(out / SETTINGS) as part:
            part.write_text(settings_text(settings), "utf-8")
        if lives:
            names += _write_lives(out, rows)
            drawing_processes(LIFE_STORY_PICTURES).draw(out.absolute())
        if point.options.profile:
            from woc_sim.cli.profile import time_processes

            with atomic_write(out / PROFILE) as part:
                time_processes(point.scenario).to_csv(part, index=False)
            names.append(PROFILE)
    return names, {
        "started": started.isoformat(timespec="seconds"),
        "simulation_seconds": round(simulated, 3),
        "total_seconds": round(time.perf_counter() - clock, 3),
        "run_seconds": [round(outcome.seconds, 3) for outcome in outcomes],
    }


def _write_lives(out: Path, rows: "list[Rows]") -> list[str]:
    from woc_sim.ensemble.escaping import csv_text
    from woc_sim.ensemble.life_tables import lives_frame, lives_markdown
    from woc_sim.files import write_text

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


def _run_multirun(asked: Request, command: str) -> int:
    """Run every point through Hydra's launcher, each into a folder of its own, and join their final
    tables."""
    from hydra.core.global_hydra import GlobalHydra

    from woc_sim.cli.compose import CONFIG, hydra_at_conf

    first = asked.points[0]
    if any(point.options.out != first.options.out for point in asked.points):
        raise UserError("out is an axis of the sweep; give one folder, each point gets its own in it")
    run_ids = [key for point in asked.points for key in _run_ids(point)]
    out = Path(first.options.out or f"out/sweep-{_digest(run_ids)}")
    lives = [point.options.life_stories for point in asked.points]
    held = folders.folder_state(out, MULTIRUN, run_ids, lives)
    if held == FINISHED and all(
        _is_finished(point, out / str(row)) for row, point in enumerate(asked.points)
    ):
        _print(f"{out} already holds this sweep; nothing to do")
        return 0
    said = describe(MULTIRUN, command) | {
        "run_ids": run_ids,
        "points": [point.axes for point in asked.points],
        "replicates": [point.options.replicates for point in asked.points],
        "life_stories": lives,
    }
    folders.mark_started(out, said)
    clock = time.perf_counter()
    with hydra_at_conf():
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        job = [line for line in asked.job if not line.startswith("out=")]
        (out / "multirun.yaml").unlink(missing_ok=True)  # Hydra writes it, and would follow a link
        said_by_jobs = hydra.multirun(
            CONFIG, _job, [*job, f"out={_quoted(str(out))}", *asked.sweeping], with_log_configuration=False
        )
    for each in said_by_jobs[0]:
        if each.return_value is not None:
            raise UserError(each.return_value)
    _join_tables(asked, out)
    said |= {
        "timings": {"total_seconds": round(time.perf_counter() - clock, 3)},
        "files": file_hashes(out, [FINAL]),
    }
    folders.mark_finished(out, said)
    _summary(out / FINAL, list(first.axes))
    _print(f"results: {out}/final.parquet ({len(asked.points)} points), each point in {out}/<number>/")
    return 0


def _is_finished(point: Point, folder: Path) -> bool:
    return folders.folder_state(folder, RUN, _run_ids(point), [point.options.life_stories]) == FINISHED


def _job(config: "DictConfig") -> str | None:
    """One point of a sweep, called by Hydra's launcher in this or in another process; a sentence of what is
    wrong is returned, since Hydra would add its own words to an error."""
    from hydra.core.hydra_config import HydraConfig

    from woc_sim.cli.compose import settings_of

    hydra = HydraConfig.get()
    settings = self_contained(settings_of(config))
    scenario, options = parse(settings)
    point = Point(settings, scenario, options, {})
    clock = time.perf_counter()
    changed = " ".join(line for line in hydra.overrides.task if not line.startswith("out="))
    try:
        there = run_point(point, Path(hydra.runtime.output_dir), f"woc-sim run {changed}", False)
    except UserError as error:
        return error.sentence
    if _progress(point) is not False:
        took = "found finished" if there else f"{time.perf_counter() - clock:.1f} s"
        print(f"{hydra.job.num}: {changed} ({took})", file=sys.stderr, flush=True)
    return None


def _join_tables(asked: Request, out: Path) -> None:
    """One table of all points: their number and axes, then what each final.parquet has."""
    import pandas as pd

    from woc_sim.ensemble.store import write_frame
    from woc_sim.records import parquet_table

    tables = []
    for number, point in enumerate(asked.points):
        table = parquet_table(out / str(number) / FINAL).to_pandas()
        for place, (key, value) in enumerate(point.axes.items()):
            if key not in table.columns:
                table.insert(place, key, value)
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
    """A few readings on standard output."""
    from woc_sim.cli.summary import summary
    from woc_sim.ensemble.column_metadata import data_frame
    from woc_sim.records import parquet_table

    for line in summary(data_frame(parquet_table(path)), axes):
        _print(line)


def _print(line: str) -> None:
    print(line, flush=True)
