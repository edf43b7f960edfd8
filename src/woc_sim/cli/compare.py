"""`woc-sim compare`: the effect of what two scenarios differ in, from paired replicates."""

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from woc_sim.cli import settings
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.files import write_table
from woc_sim.records import shown, yaml_settings
from woc_sim.scenario import fields
from woc_sim.scenario.parse import MAX_WORKERS
from woc_sim.scenario.schema import Scenario

HELP: Final = """\
usage: woc-sim compare A B [replicates=N] [workers=N] out=DIR

  woc-sim compare "case=C21" "case=C21 intervention=links" replicates=20 out=DIR
  woc-sim compare out/one out/other replicates=20 out=DIR

A and B are settings of a scenario as for `woc-sim run`, in quotes, or folders that `run` wrote; how to run
stands after them. Replicate r of both shares its draws, so differences are effects. Writes effects.csv
(indicator by month, with 95 % intervals),
readings.csv (the surest difference first) and a figure. With several hundred readings some differ by chance:
column fdr is p adjusted for their number (Benjamini and Hochberg), and the closing words count what is below
0.05. Intervals are Student's; where all pairs differ by the same amount there is none, and p is the sign
test's. The same command goes on where it was stopped.
"""
READERS: Final[dict[str, settings.Reader]] = {
    "replicates": lambda key, value: fields.integer(key, value, 2, 100_000),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
    "out": lambda key, value: fields.text(key, value),
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, run the pairs, write and draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if len(arguments) < 2:
        raise UserError("compare takes two scenarios; `woc-sim compare --help` shows how")
    given, _ = settings.read(arguments[2:], READERS)
    first, second = (scenario_of(each) for each in arguments[:2])
    if "out" not in given:
        raise UserError("out is missing; give the folder of the comparison, out=DIR")
    if first == second:
        raise UserError("the two are one and the same scenario; change a setting of one of them")

    from woc_sim.ensemble.compare import by_month, by_reading, pairs, told
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.provenance import describe
    from woc_sim.ensemble.store import open_store
    from woc_sim.figures.compare import draw_effects

    tasks = pairs(first, second, given.get("replicates", 10))
    out = Path(given["out"])
    manifest = describe("comparison", shlex.join(["woc-sim", "compare", *arguments]))
    folders.begin(out, manifest)
    with open_store(out) as store:
        outcomes = run_many(tasks, given.get("workers", os.cpu_count() or 1), None, store, "comparing")
    months, readings = by_month(tasks, outcomes), by_reading(tasks, outcomes)
    write_table(months, out / "effects.csv")
    write_table(readings, out / "readings.csv")
    picture = draw_effects(months, (arguments[0], arguments[1]), out / "figures")
    folders.finish(out, manifest)
    for line in told(readings):
        print(line)
    print(f"results: {out / 'effects.csv'}, {out / 'readings.csv'}, {picture.path}", flush=True)
    return 0


def scenario_of(text: str) -> Scenario:
    """The scenario of quoted settings or of a folder with a config.yaml; raises UserError."""
    from woc_sim.cli.compose import ask

    said = shown(repr(text))
    try:
        typed = shlex.split(text)
    except ValueError as error:
        raise UserError(f"{said} cannot be split into settings ({error}); quotes come in pairs") from None
    if "=" not in text:
        if os.path.isdir(text):
            return _of_folder(Path(text))
        raise UserError(f"{said} is no folder and no settings; give a folder, or key=value in quotes")
    settings.refuse_ignored("compare", typed)
    asked = ask(typed, multirun=False)
    if asked.sweep:
        raise UserError(f"{said} is a sweep; compare takes two single scenarios")
    return asked.points[0].scenario


def _of_folder(folder: Path) -> Scenario:
    from woc_sim.scenario.parse import parse

    path, mend = folder / "config.yaml", "give a folder that `woc-sim run` wrote, or the settings in quotes"
    try:
        held = yaml_settings(path, mend)
    except FileNotFoundError:
        raise UserError(f"{shown(folder)} holds no config.yaml; {mend}") from None
    if not isinstance(held, Mapping):
        raise UserError(f"{shown(path)} holds no settings 'key: value'; {mend}")
    try:
        return parse(held)[0]
    except UserError as error:
        raise UserError(f"{error.sentence} (in {shown(path)})") from None
