"""`woc-sim compare`: the effect of the difference between two scenarios, from paired replicates."""

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.files import write_table
from woc_sim.records import shown, yaml_settings
from woc_sim.scenario.schema import Scenario

HELP: Final = """\
usage: woc-sim compare A B [replicates=N] [parameters=plausible|FILE] [figures=NAME,...] [format=pdf,svg]
                           [workers=N] out=DIR

  woc-sim compare "case=C21" "case=C21 intervention=links" replicates=20 out=DIR
  woc-sim compare out/one out/other replicates=20 out=DIR

A and B are settings of a scenario as for `woc-sim run`, in quotes, or folders that `run` wrote. Run options
follow after them. Replicate r of both scenarios shares its draws, so differences are effects. Writes
effects.csv (indicator by month, with 95 % intervals), readings.csv (clearest difference first) and a
figure. Among several hundred readings some differ by chance: column fdr is p adjusted for their number
(Benjamini and Hochberg), and the summary counts readings below 0.05. Intervals are Student's. If all pairs
differ by the same amount, there is no interval, and p comes from the sign test. The same command resumes a
stopped comparison.

figures=NAME,... draws these indicators by month (`woc-sim list indicators`) in place of the usual twelve, and
format=pdf,svg writes the figure in these formats too.

parameters=FILE gives replicate r of both scenarios one of the plausible sets in a posterior.csv of `woc-sim
calibrate posterior`, drawn by weight, so that intervals carry what the evidence leaves open;
parameters=plausible takes the sets of the package. A parameter that a scenario moves away from its default
keeps its value. sets.csv says which set each replicate has.
"""
READERS: Final[dict[str, settings.Reader]] = {
    "replicates": settings.integer(2, 100_000),
    "parameters": settings.PARAMETERS,
    "figures": settings.names,
    **settings.WORK,
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, run the pairs, write and draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if len(arguments) < 2:
        raise UserError("compare takes two scenarios; `woc-sim compare --help` shows how")
    given, _ = settings.read_settings(arguments[2:], READERS, elsewhere=settings.IN_QUOTES)
    first, second = (scenario_of(each) for each in arguments[:2])
    if "out" not in given:
        raise UserError("out is missing; give the folder of the comparison, out=DIR")
    if first == second:
        raise UserError("the two scenarios are equal; change a setting of one of them")

    from woc_sim.ensemble.compare import by_month, by_reading, paired_tasks, summary_lines
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.plausible import of_replicates, sets_named, write_sets
    from woc_sim.ensemble.provenance import describe
    from woc_sim.ensemble.store import open_store
    from woc_sim.figures.choice import choice_of
    from woc_sim.figures.compare import draw_effects

    chosen = choice_of(given.get("figures", ()), readings=False).indicators
    drawing = settings.sheet(given, arguments[2:], first.seed)
    replicates, sets = given.get("replicates", 10), sets_named(given.get("parameters"))
    tasks = paired_tasks(first, second, replicates, sets)
    out = Path(given["out"])
    manifest = describe("comparison", command_text("compare", arguments))
    folders.mark_started(out, manifest)
    manifest = folders.with_own_rules(out, manifest, (first, second))
    with open_store(out) as store:
        outcomes = run_many(tasks, given.get("workers", os.cpu_count() or 1), None, store, "comparing")
    months, readings = by_month(tasks, outcomes), by_reading(tasks, outcomes)
    write_table(months, out / "effects.csv")
    write_table(readings, out / "readings.csv")
    write_sets(of_replicates(sets, replicates), out)
    with drawing:
        picture = draw_effects(months, (arguments[0], arguments[1]), out / "figures", chosen)
    folders.mark_finished(out, manifest)
    for line in summary_lines(readings):
        print(line)
    print(f"results: {out / 'effects.csv'}, {out / 'readings.csv'}, {picture.path}", flush=True)
    return 0


def scenario_of(text: str, command: str = "compare") -> Scenario:
    """The scenario that a command is given as settings in quotes or a folder with a config.yaml. Raises
    UserError.
    """
    from woc_sim.cli.compose import compose_request

    shown_text = shown(repr(text))
    try:
        typed = shlex.split(text)
    except ValueError as error:
        raise UserError(
            f"{shown_text} cannot be split into settings ({error}); quotes come in pairs"
        ) from None
    if "=" not in text:
        if os.path.isdir(text):
            return _of_folder(Path(text))
        raise UserError(
            f"{shown_text} is neither a folder nor settings; give a folder, or key=value in quotes"
        )
    settings.refuse_ignored(command, typed)
    request = compose_request(typed, multirun=False)
    if request.sweep:
        raise UserError(f"{shown_text} is a sweep; {command} takes two single scenarios")
    return request.points[0].scenario


def _of_folder(folder: Path) -> Scenario:
    from woc_sim.scenario.parse import parse

    path, advice = folder / "config.yaml", "give a folder that `woc-sim run` wrote, or the settings in quotes"
    try:
        content = yaml_settings(path, advice)
    except FileNotFoundError:
        raise UserError(f"{shown(folder)} holds no config.yaml; {advice}") from None
    if not isinstance(content, Mapping):
        raise UserError(f"{shown(path)} holds no settings 'key: value'; {advice}")
    try:
        return parse(content)[0]
    except UserError as error:
        raise UserError(f"{error.sentence} (in {shown(path)})") from None
