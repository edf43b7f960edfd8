"""`woc-sim sweep`: many scenarios in many replicates. Every finished run is stored, so the same command
can resume.
"""

import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.parse import SHORT_KEYS
from woc_sim.scenario.schema import RunOptions

if TYPE_CHECKING:
    from woc_sim.cli.request import Point, Request
    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.points_file import PointRow
    from woc_sim.figures.choice import Choice

HELP: Final = """\
usage: woc-sim sweep [key=value[,value...] ...] [replicates=N] [workers=N] out=DIR

  woc-sim sweep sweep=politics_by_size replicates=20 out=DIR       a named sweep (conf/sweep)
  woc-sim sweep executive=progressive,conservative size=rural,medium out=DIR
                                                                   every combination
  woc-sim sweep case=C21 design=latin over=policy,ties points=64 out=DIR
                                                                   parameters drawn from their ranges
  woc-sim sweep file=points.csv out=DIR                            points from a file, one column per key

design=latin|sobol|saltelli|morris|random samples points=N points over=NAMES (parameters or subjects);
               a larger N keeps the earlier points, except with latin
monthly=true   keeps indicators by month instead of by year
parameters=plausible|FILE
               gives replicate r of every point one of the plausible sets of the package, or of the
               posterior.csv of `woc-sim calibrate posterior`, drawn by weight (column set; values: sets.csv)
time_limit=S   limits a run to S seconds
max_failures=N stops after more than N failed runs
figures=NAME,... draws these readings, indicators and axes; without it, a few usual ones. Repeat a finished
               sweep with other names to draw it again
format=pdf,svg writes every figure in these formats too
mix=true       allows a folder with runs of another version of the model (see column model_hash)
executor=dask  uses a Dask cluster of this machine, or the one at executor.address=tcp://HOST:PORT
All other keys are those of `woc-sim run`.

Points share the draws of a replicate. Each finished batch is stored: the same command resumes a stopped
sweep, and more points or replicates run only what is new. Failed runs become rows with their cause (exit
code 1). Then: woc-sim status DIR, query DIR "select ...", retry DIR, compact DIR.
"""

ADDRESS: Final = "executor.address"
DESIGNS: Final = ("latin", "sobol", "saltelli", "morris", "random")

READERS: Final[dict[str, settings.Reader]] = {
    "design": settings.choice(DESIGNS),
    "over": settings.names,
    "points": settings.integer(1, 100_000),
    "file": fields.text,
    "parameters": settings.PARAMETERS,
    "mix": fields.flag,
    "monthly": fields.flag,
    "time_limit": settings.number(0.001, 1e6),
    ADDRESS: fields.text,
    "max_failures": settings.integer(0, 10**9),
    **settings.DRAWING,
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, run what is missing, write tables and figures; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    sweep_settings = [each for each in arguments if each.partition("=")[0] in READERS]
    scenario_settings = [
        each for each in arguments if each not in sweep_settings and each not in ("-m", "--multirun")
    ]
    settings.refuse_ignored("sweep", scenario_settings)
    given, _ = settings.read_settings(sweep_settings, READERS)
    design = requested_design(scenario_settings, given)
    if design.options.out is None:
        raise UserError("out is missing; give the folder of the sweep, out=DIR")
    command = command_text("sweep", arguments)
    return run(Path(design.options.out), design, given, command)


class Design(NamedTuple):
    """The requested design: points, run options, all settings of the first point, and the record of
    sampled points (None if points were not sampled).
    """

    points: "list[DesignPoint]"
    options: RunOptions
    config: dict[str, Any]
    drawn: dict[str, Any] | None = None


def requested_design(typed: Sequence[str], given: Mapping[str, Any]) -> Design:
    """The points of the design and their common run options. Raises UserError."""
    from woc_sim.ensemble.axes import axis_column_names
    from woc_sim.ensemble.ledger import LEDGER
    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.points_file import PointRow, read_points
    from woc_sim.ensemble.sampling import design_record, parameter_names, sample_points

    if ("design" in given) != ("over" in given) or ("points" in given and "design" not in given):
        raise UserError("a sampled design needs design=, over= and points= together")
    if "design" in given and "parameters" in given:
        raise UserError("design= and parameters= both draw parameters; use one of them")
    points: list[DesignPoint] = []
    first: Point | None = None
    for line in read_points(Path(given["file"])) if "file" in given else [PointRow(0, {})]:
        request = _request_of(typed, line, str(given.get("file", "")))
        typed_settings = typed_values(request.scenario_overrides, request.points[0].scenario.theories)
        varied = {axis_key(key): value for key, value in line.axes.items()}
        for point in request.points:
            first = first or point
            if first.options != point.options:
                raise UserError(
                    "run options (out, replicates, workers, ...) cannot vary in a sweep; give one value"
                )
            axes = {axis_key(key): value for key, value in point.axes.items()} | varied
            points.append(DesignPoint(point.scenario, axes, typed_settings))
    assert first is not None
    if "parameters" in given:
        points = _with_sets(points, given["parameters"], first.options.replicates)
    if "design" not in given:
        return Design(points, first.options, first.settings)
    names = parameter_names(given["over"])
    for name in names:
        if any(f"parameters.{name}" in {**base.axes, **base.typed} for base in points):
            raise UserError(f"parameters.{name} is given and also drawn by over=; use one of them")
    number, seed = given.get("points", 16), points[0].scenario.seed
    rows = sample_points(given["design"], names, number, seed)
    sampled_points = []
    for base in points:
        for row in rows:
            values = dict(zip(names, (float(value) for value in row), strict=True))
            parameters = {**base.scenario.parameters, **values}
            axes = {**base.axes, **{f"parameters.{name}": value for name, value in values.items()}}
            sampled_points.append(
                DesignPoint(replace(base.scenario, parameters=parameters), axes, base.typed)
            )
    columns = axis_column_names(
        list(dict.fromkeys(axis for base in sampled_points for axis in base.axes)), LEDGER
    )
    drawn_columns = [columns[f"parameters.{name}"] for name in names]
    record = design_record(given["design"], names, number, seed, drawn_columns)
    return Design(sampled_points, first.options, first.settings, record)


def _with_sets(points: "Sequence[DesignPoint]", name: str, replicates: int) -> "list[DesignPoint]":
    """The points with the plausible set of each replicate, as they are if `name` is `default`.

    Raises UserError as `sets_named`, and for a parameter of the sets that is an axis, or is typed with its
    default, which the sets would replace.
    """
    from woc_sim.ensemble.plausible import of_replicates, sets_named
    from woc_sim.scenario.parameters import registry

    sets = sets_named(name)
    if sets is None:
        return list(points)
    for parameter in sets.names:
        key, default = f"parameters.{parameter}", registry()[parameter].value
        for point in points:
            is_default = point.scenario.parameters[parameter] == default
            if key in point.axes or (key in point.typed and is_default):
                raise UserError(
                    f"{key} is given and also in the sets of parameters={shown(name)}; use one of them"
                )
    return [replace(point, sets=of_replicates(sets, replicates)) for point in points]


def _request_of(typed: Sequence[str], line: "PointRow", file: str) -> "Request":
    """The request of one row of a points file (row 0: there is no file)."""
    from woc_sim.cli.compose import compose_request
    from woc_sim.cli.overrides import refuse_code

    try:
        refuse_code(line.settings)
        return compose_request([*typed, *line.settings], multirun=True)
    except UserError as error:
        if not line.number:
            raise
        raise UserError(f"file={shown(file)}, line {line.number}: {error.sentence}") from None


def axis_key(key: str) -> str:
    """One spelling for keys that set the same thing: `executive`, `theory.contact`."""
    dotted = key.lstrip("+").replace("/", ".")
    short = dotted.removeprefix("locality.")
    return short if short in SHORT_KEYS else dotted


def typed_values(lines: Sequence[str], theories: Mapping[str, str]) -> dict[str, Any]:
    """The settings of a command that have one value, by `axis_key`: numbers, true, false, null and texts.

    theories: those of its scenarios, by subject; a rule of one's own has its identity.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.core.override_parser.types import QuotedString, Transformer

    from woc_sim.cli.overrides import identified

    found: dict[str, Any] = {}
    for override in map(OverridesParser.create().parse_override, lines):
        if override.is_sweep_override():
            continue
        value = override.value()
        if isinstance(value, QuotedString):
            value = value.text
        result = Transformer.str(value) if isinstance(value, list | dict) else value
        key = axis_key(str(override.key_or_group))
        found[key] = identified(key, result, theories)
    return found


def run(
    out: Path, design: Design, given: Mapping[str, Any], command: str, choice: "Choice | None" = None
) -> int:
    """Run what is missing of a design in `out`, write tables and figures, and print a summary.

    choice: what figures show; None: what ``figures`` of `given` names.
    """
    from woc_sim.ensemble.sweep_run import run_sweep

    points, options = design.points, design.options
    choice = choice or chosen_figures(design, given)  # a mistake is refused before anything is written
    tables, stopped = run_sweep(
        out,
        points,
        options.replicates,
        command,
        monthly=given.get("monthly", False),
        workers=_workers(options, given),
        progress=options.progress,
        mix=given.get("mix", False),
        time_limit=given.get("time_limit"),
        max_failures=given.get("max_failures"),
        config=design.config,
        design=design.drawn,
    )
    table = tables.runs
    counts = table.drop_duplicates("run_id")["status"].value_counts().to_dict()
    counts_text = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
    if counts.get("done"):
        from woc_sim.figures.style import sheet
        from woc_sim.figures.sweep import sweep_pictures

        (out / "figures").mkdir(exist_ok=True)
        told = settings.about(shlex.split(command)[2:], points[0].scenario.seed)
        with sheet(told, given.get("format", ())):
            sweep_pictures(table, _axes(table), out / "figures", choice)
            if len(tables.monthly):
                from woc_sim.figures.sweep_time import over_time

                over_time(tables.monthly, _axes(table), out / "figures", choice)
    print(f"{counts_text}; results: {out}/final.parquet, {out}/figures/", flush=True)
    if stopped or counts.get("failed"):
        for line in failure_lines(table):
            print(line, file=sys.stderr)
        retry = shlex.join(["woc-sim", "retry", str(out)])
        print(f"woc-sim: {stopped or 'some runs failed'}; `{retry}` and the same command run them again",
              file=sys.stderr)  # fmt: skip
        return 1
    return 0


def chosen_figures(design: Design, given: Mapping[str, Any]) -> "Choice | None":
    """What ``figures`` names; None if it is not given. Raises UserError."""
    if "figures" not in given:
        return None
    from woc_sim.ensemble.axes import axis_column_names
    from woc_sim.ensemble.ledger import LEDGER, SET
    from woc_sim.figures.choice import choice_of

    axes = list(dict.fromkeys(axis for point in design.points for axis in point.axes))
    has_sets = any(point.sets for point in design.points)
    return choice_of(given["figures"], axis_column_names(axes, (SET, *LEDGER) if has_sets else LEDGER))


def failure_lines(table: Any) -> list[str]:
    """One line for each cause of failure in a ledger."""
    failed = table[table["status"] == "failed"]
    return [
        f"failed ({stage}) {len(rows)} times: {shown(message)}"
        for (stage, message), rows in failed.groupby(["stage", "message"], sort=False)
    ]


def _axes(table: Any) -> list[str]:
    names = list(table.columns)
    return [name for name in names[1 : names.index("replicate")] if table[name].nunique(dropna=False) > 1]


def _workers(options: RunOptions, given: Mapping[str, Any]) -> "int | Dask":
    from woc_sim.ensemble.clusters import Dask

    workers = int(options.workers or os.cpu_count() or 1)
    if options.executor != "dask":
        if ADDRESS in given:
            raise UserError(f"{ADDRESS} needs executor=dask; add it, or remove the address")
        return workers
    return Dask(workers, given.get(ADDRESS))
