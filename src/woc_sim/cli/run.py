"""`woc-sim run`: one scenario in one or more replicates, or a sweep over many, with tables and figures."""

import shlex
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from woc_sim.cli import folders
from woc_sim.cli.asked import Asked, Point, ask_beside
from woc_sim.cli.manifest import describe
from woc_sim.cli.painters import OF_LIVES, painters
from woc_sim.cli.startup import collect_garbage
from woc_sim.errors import UserError
from woc_sim.scenario.identity import run_id, scenario_hash
from woc_sim.scenario.parse import parse

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from woc_sim.ensemble.clusters import Dask

HELP: Final = """\
usage: woc-sim run [-m] [key=value ...]

  woc-sim run case=C21 seed=7                      one of the 49 localities
  woc-sim run case=[C31,C32] intervention=links intervention.links.where=[C31]
                                                   places that hear of one another, one of them changed
  woc-sim run size=rural executive=conservative    a synthetic one; what is not said is drawn from the study's
  woc-sim run locality.file=mine.yaml out=mine     your own
  woc-sim run -m executive=progressive,conservative size=rural,small,medium seed=1,2 out=DIR
                                                   every combination in DIR/0, DIR/1, ... and one table

Keys: case seed replicates months people scale locality.* theory.* parameters.* intervention.* shocks.*
      schedule.* out executor workers progress profile life_stories
Groups: locality size executive theory/* intervention shocks schedule executor experiment sweep
More: `woc-sim list parameters`, `woc-sim list experiments`, `woc-sim list cases`
A run writes config.yaml, manifest.json, monthly.parquet, final.parquet and figures/ into its folder;
life_stories=20 adds twenty biographies of each locality, life_stories.md and life_stories.csv.
"""

SHOWN: Final = (
    "mipex_total",
    "perceived_integration",
    "perceived_attitudes",
    "lg_mean_2020",
    "horizontal",
    "vertical",
)
"""Readings in the closing summary."""


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; returns the exit code. Raises UserError before anything is written."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    typed = [argument for argument in arguments if argument not in ("-m", "--multirun")]
    asked = ask_beside(typed) if len(typed) == len(arguments) else _ask_sweep(typed)
    command = shlex.join(["woc-sim", "run", *arguments])
    return _sweep(asked, command) if asked.sweep else _single(asked.points[0], command)


def _ask_sweep(typed: Sequence[str]) -> Asked:
    from woc_sim.cli.compose import ask

    return ask(typed, multirun=True)


def _single(point: Point, command: str) -> int:
    out = Path(point.options.out or f"out/{_name(point)}")
    if _live(point, out, command, _progress(point)):
        _say(f"{out} already holds this run; nothing to do")
    else:
        _summary([out / "final.parquet"])
        _say(f"results: {out}/ (final.parquet, monthly.parquet, figures/, config.yaml, manifest.json)")
    return 0


def _name(point: Point) -> str:
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


def _live(point: Point, out: Path, command: str, progress: bool | None) -> bool:
    """Simulate all replicates of one point into the folder `out`; True if they were there already."""
    run_ids, lives = _run_ids(point), point.options.life_stories
    if folders.state(out, "run", run_ids, lives) == folders.FINISHED:
        return True
    with folders.staged(out) as folder:
        # first: they import while this process does
        wanted = [painters(), painters(OF_LIVES)] if lives else [painters()]
        manifest = _simulate(point, folder, progress)
        manifest = describe("run", command) | {"run_ids": run_ids, "status": folders.FINISHED} | manifest
        for each in wanted:
            each.finish(folder)
        folders.write_manifest(folder, manifest)
    return False


def _simulate(point: Point, folder: Path, progress: bool | None) -> dict[str, Any]:
    """Run all replicates of one point, fill the folder and let its pictures be drawn; what the manifest
    says of it."""
    started, clock = datetime.now(UTC), time.perf_counter()
    from woc_sim.ensemble.design import replicated
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import final_frame, monthly_frame
    from woc_sim.ensemble.store import open_store

    collect_garbage()
    lives = point.options.life_stories
    tasks = replicated("model", [("", point.scenario)], range(point.options.replicates), lives)
    imported = time.perf_counter()
    with open_store(folder) as store:
        outcomes = run_many(tasks, _workers(point), progress, store)
    simulated = time.perf_counter() - imported
    rows = [row for outcome in outcomes for row in outcome.rows]
    monthly_frame(rows).to_parquet(folder / "monthly.parquet", index=False)
    final_frame(rows).to_parquet(folder / "final.parquet", index=False)
    painters().draw(folder)
    if lives:
        from woc_sim.ensemble.lives import lives_frame, lives_markdown

        lives_frame(rows).to_csv(folder / "life_stories.csv", index=False)
        (folder / "life_stories.md").write_text(lives_markdown(rows), "utf-8")
        painters(OF_LIVES).draw(folder)
    if point.options.profile:
        from woc_sim.cli.profile import time_processes

        time_processes(point.scenario).to_csv(folder / "profile.csv", index=False)
    settings = {key: value for key, value in point.settings.items() if key != "out"}
    (folder / "config.yaml").write_text(
        yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), "utf-8"
    )
    shutil.rmtree(folder / "shards")
    return {
        "scenario_hash": scenario_hash(point.scenario),
        "seed": point.scenario.seed,
        "replicates": point.options.replicates,
        **({folders.LIVES: lives} if lives else {}),
        "timings": {
            "started": started.isoformat(timespec="seconds"),
            "simulation_seconds": round(simulated, 3),
            "total_seconds": round(time.perf_counter() - clock, 3),
            "run_seconds": [round(outcome.seconds, 3) for outcome in outcomes],
        },
    }


def _workers(point: Point) -> "int | Dask":
    if point.options.executor == "in_process":
        return 1
    import os

    from woc_sim.ensemble.clusters import Dask

    workers = point.options.workers or os.cpu_count() or 1
    return Dask(workers) if point.options.executor == "dask" else workers


def _sweep(asked: Asked, command: str) -> int:
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
    held = folders.state(out, "sweep", run_ids, lives if any(lives) else 0)
    if held == folders.FINISHED:
        _say(f"{out} already holds this sweep; nothing to do")
        return 0
    folders.make(out)
    manifest = describe("sweep", command)
    manifest |= {"run_ids": run_ids, "points": [point.axes for point in asked.points]}
    manifest |= {folders.LIVES: lives} if any(lives) else {}
    folders.write_manifest(out, manifest)
    clock = time.perf_counter()
    with hydra_at_conf():
        hydra = GlobalHydra.instance().hydra
        assert hydra is not None
        job = [line for line in asked.job if not line.startswith("out=")]
        hydra.multirun(
            CONFIG, _job, [*job, f"out={_quoted(str(out))}", *asked.sweeping], with_log_configuration=False
        )
    _join(asked, out)
    manifest |= {
        "status": folders.FINISHED,
        "timings": {"total_seconds": round(time.perf_counter() - clock, 3)},
    }
    folders.write_manifest(out, manifest)
    _summary([out / "final.parquet"], list(first.axes))
    _say(f"results: {out}/final.parquet ({len(asked.points)} points), each point in {out}/<number>/")
    return 0


def _job(config: "DictConfig") -> None:
    """One point of a sweep, called by Hydra's launcher in this or in another process."""
    from hydra.core.hydra_config import HydraConfig

    from woc_sim.cli.compose import settings_of

    hydra = HydraConfig.get()
    settings = settings_of(config)
    scenario, options = parse(settings)
    point = Point(settings, scenario, options, {})
    clock = time.perf_counter()
    changed = " ".join(line for line in hydra.overrides.task if not line.startswith("out="))
    there = _live(point, Path(hydra.runtime.output_dir), f"woc-sim run {changed}", False)
    if _progress(point) is not False:
        took = "found finished" if there else f"{time.perf_counter() - clock:.1f} s"
        print(f"{hydra.job.num}: {changed} ({took})", file=sys.stderr, flush=True)


def _join(asked: Asked, out: Path) -> None:
    """One table of all points: their number and axes, then what each final.parquet has."""
    import pandas as pd

    tables = []
    for number, point in enumerate(asked.points):
        table = pd.read_parquet(out / str(number) / "final.parquet")
        for place, (key, value) in enumerate(point.axes.items()):
            if key not in table.columns:
                table.insert(place, key, value)
        table.insert(0, "job", number)
        tables.append(table)
    temporary = out / ".final.parquet.tmp"
    pd.concat(tables, ignore_index=True).to_parquet(temporary, index=False)
    temporary.replace(out / "final.parquet")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _digest(run_ids: list[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(run_ids).encode()).hexdigest()[:12]


def _summary(paths: list[Path], axes: list[str] | None = None) -> None:
    """A few readings on standard output: median over replicates and localities, and range."""
    import pandas as pd

    from woc_sim.instruments.readings import READINGS

    table = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    shown = [each for each in READINGS if each.name in SHOWN]
    keys = [key for key in axes or [] if key in table.columns]
    if keys:
        names = [each.name for each in shown]
        _say(table.groupby(keys, sort=False)[names].median().round(2).to_string())
        return
    for each in shown:
        values = table[each.name].dropna()
        if values.empty:
            _say(f"{each.name:24} not observed")
            continue
        spread = (
            f"  ({values.min():.2f} to {values.max():.2f} in {len(values)} runs)" if len(values) > 1 else ""
        )
        _say(f"{each.name:24} {values.median():8.2f} {each.unit}{spread}")


def _say(line: str) -> None:
    print(line, flush=True)
