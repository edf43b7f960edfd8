"""`woc-sim sweep`: many scenarios in many replicates, kept run by run, so that the same command goes on."""

import json
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli import folders, settings
from woc_sim.cli.asked import Point
from woc_sim.errors import UserError, written
from woc_sim.scenario import fields

if TYPE_CHECKING:
    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.sweeps import DesignPoint

HELP: Final = """\
usage: woc-sim sweep [key=value[,value...] ...] [replicates=N] [workers=N] out=DIR

  woc-sim sweep sweep=politics_by_size replicates=20 out=DIR       a named sweep (conf/sweep)
  woc-sim sweep executive=progressive,conservative size=rural,medium out=DIR
                                                                   every combination
  woc-sim sweep case=C21 design=latin over=policy,ties points=64    out=DIR
                                                                   parameters drawn from their ranges
  woc-sim sweep file=points.csv out=DIR                            points from a file: a column a key

design=latin|sobol|saltelli|morris|random with over=NAMES (parameters or subjects) and points=N
monthly=true keeps indicators by month      time_limit=S  seconds that a run may last
max_failures=N ends after more failed runs  all other keys as for `woc-sim run`
mix=true allows a folder with runs of another version of the model (column model_hash tells them apart)
executor=dask on a Dask cluster of this machine, or on the one at executor.address=tcp://HOST:PORT

Replicates share their draws across points. Each finished batch is on disk: the same command goes on where it
was stopped, and more points or replicates run only what is new. Runs that fail become rows with their cause
(exit code 1). Then: woc-sim status DIR, query DIR "select ...", retry DIR, compact DIR.
"""

ADDRESS: Final = "executor.address"
DESIGNS: Final = ("latin", "sobol", "saltelli", "morris", "random")

READERS: Final[dict[str, settings.Reader]] = {
    "design": lambda key, value: fields.choice(key, value, DESIGNS),
    "over": lambda key, value: tuple(fields.text(key, value).replace(" ", "").split(",")),
    "points": lambda key, value: fields.integer(key, value, 1, 100_000),
    "file": lambda key, value: fields.text(key, value),
    "mix": lambda key, value: fields.flag(key, value),
    "monthly": lambda key, value: fields.flag(key, value),
    "time_limit": lambda key, value: fields.number(key, value, 0.001, 1e6),
    ADDRESS: lambda key, value: fields.text(key, value),
    "max_failures": lambda key, value: fields.integer(key, value, 0, 10**9),
}
KIND: Final = "sweep of runs"


def main(arguments: Sequence[str]) -> int:
    """Check everything, run what is missing, write tables and figures; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    own = [each for each in arguments if each.partition("=")[0] in READERS]
    rest = [each for each in arguments if each not in own and each not in ("-m", "--multirun")]
    given, _ = settings.read(own, READERS)
    points, options = designed(rest, given)
    if options.out is None:
        raise UserError("out is missing; give the folder of the sweep, out=DIR")
    out = Path(options.out)
    command = shlex.join(["woc-sim", "sweep", *arguments])
    return run(out, points, options, given, command)


def designed(typed: Sequence[str], given: Mapping[str, Any]) -> "tuple[list[DesignPoint], Any]":
    """The points of the design and the run options they share; raises UserError."""
    from woc_sim.cli.compose import ask
    from woc_sim.ensemble.sampling import chosen, from_file, sampled
    from woc_sim.ensemble.sweeps import DesignPoint

    if ("design" in given) != ("over" in given) or ("points" in given and "design" not in given):
        raise UserError("a sampled design needs design=, over= and points= together")
    found: list[Point] = []
    if "file" in given:
        for line in from_file(Path(given["file"])):
            asked = ask([*typed, *(f"{key}={value}" for key, value in line.items())], multirun=True)
            found += [replace(point, axes={**point.axes, **line}) for point in asked.points]
    else:
        found = list(ask(typed, multirun=True).points)
    options = found[0].options
    if any(each.options != options for each in found):
        raise UserError("out, replicates, workers and the like cannot vary in a sweep; give one value")
    plain = [DesignPoint(each.scenario, each.axes, _settings(each)) for each in found]
    if "design" not in given:
        return plain, options
    names = chosen(given["over"])
    rows = sampled(given["design"], names, given.get("points", 16), plain[0].scenario.seed)
    several = []
    for each in plain:
        for row in rows:
            values = dict(zip(names, (float(number) for number in row), strict=True))
            parameters = {**each.scenario.parameters, **values}
            axes = {**each.axes, **{f"parameters.{name}": value for name, value in values.items()}}
            several.append(DesignPoint(replace(each.scenario, parameters=parameters), axes, each.settings))
    return several, options


def _settings(point: Point) -> dict[str, Any]:
    return {key: value for key, value in point.settings.items() if key not in ("out", "workers", "executor")}


def run(
    out: Path, points: "Sequence[DesignPoint]", options: Any, given: Mapping[str, Any], command: str
) -> int:
    """Run what of a design is missing in `out`; tables, figures and the closing words."""
    folders.usable(out, "plan", "shards")
    from woc_sim.cli.manifest import describe
    from woc_sim.ensemble.executors import TooManyFailuresError, run_all
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweeps import canonical_hash, ledger, months, plan

    clock = time.perf_counter()
    workers = _workers(options, given)
    stopped = ""
    with open_store(out, given.get("mix", False)) as store:
        tasks = plan(out, points, options.replicates, given.get("monthly", False))
        manifest = describe(KIND, command) | {
            "points": len(points),
            "replicates": options.replicates,
            "seeds": sorted({point.scenario.seed for point in points}),
            "config": points[0].settings,
            "axes": sorted({axis for point in points for axis in point.axes}),
        }
        folders.write_manifest(out, manifest)
        try:
            found = run_all(
                tasks,
                workers,
                options.progress,
                store,
                f"{len(points)} points, {options.replicates} replicates",
                given.get("time_limit"),
                given.get("max_failures"),
            )
        except TooManyFailuresError as error:
            stopped = str(error)
        table = ledger(out, store)
        write(out / "final.parquet", table)
        course = months(out, store) if given.get("monthly") else None
        if course is not None:
            write(out / "monthly.parquet", course)
    if not stopped:
        manifest |= {"table_hash": canonical_hash(found)}
    manifest |= {
        "status": "stopped" if stopped else folders.FINISHED,
        "timings": {"total_seconds": round(time.perf_counter() - clock, 2)},
    }
    folders.write_manifest(out, manifest)
    counts = table.drop_duplicates("run_id")["status"].value_counts().to_dict()
    told = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
    if counts.get("done"):
        from woc_sim.figures.sweep import sweep_pictures

        (out / "figures").mkdir(exist_ok=True)
        sweep_pictures(table, _axes(table), out / "figures")
        if course is not None:
            from woc_sim.figures.sweep_time import over_time

            over_time(course, _axes(table), out / "figures")
    print(f"{told}; results: {out}/final.parquet, {out}/figures/", flush=True)
    if stopped or counts.get("failed"):
        lost = table[table["status"] == "failed"]
        for (stage, message), rows in lost.groupby(["stage", "message"], sort=False):
            print(f"failed ({stage}) {len(rows)} times: {message}", file=sys.stderr)
        print(f"woc-sim: {stopped or 'some runs failed'}; `woc-sim retry {out}` and the same command run "
              "them again", file=sys.stderr)  # fmt: skip
        return 1
    return 0


def _axes(table: Any) -> list[str]:
    names = list(table.columns)
    return [name for name in names[1 : names.index("replicate")] if table[name].nunique(dropna=False) > 1]


def _workers(options: Any, given: Mapping[str, Any]) -> "int | Dask":
    from woc_sim.ensemble.clusters import Dask

    workers = int(options.workers or os.cpu_count() or 1)
    if options.executor != "dask":
        if ADDRESS in given:
            raise UserError(f"{ADDRESS} is for executor=dask; add it, or leave the address out")
        return workers
    return Dask(workers, given.get(ADDRESS))


def write(path: Path, table: Any) -> None:
    """A table under its name, whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    with written(path.parent):
        try:
            table.to_parquet(temporary, index=False)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def recorded(out: Path) -> dict[str, Any]:
    """The manifest of a sweep folder; UserError if it is none or cannot be read."""
    try:
        held: dict[str, Any] = json.loads((out / folders.MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{out} holds no sweep; `woc-sim sweep out={out}` makes one") from None
    except (OSError, ValueError) as error:
        place = out / folders.MANIFEST
        raise UserError(f"{place} cannot be read ({error}); the sweep's command renews it") from None
    kind = held.get("kind") if isinstance(held, dict) else None
    if kind != KIND:
        raise UserError(f"{out} holds no sweep but {f'a {kind}' if kind else 'other things'}")
    return held
