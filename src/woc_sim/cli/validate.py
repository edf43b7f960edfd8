"""`woc-sim validate`: simulate the study, compare it with the published findings, print and write the
scoreboard.
"""

import math
import os
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli import settings
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from woc_sim.analysis.scoreboard import ScoreboardRow

HELP: Final = """\
usage: woc-sim validate [replicates=N] [SETTING ...] [workers=N] [out=DIR] [--knockouts]

  woc-sim validate
  woc-sim validate theory/contact=unmoderated parameters.policy.load=0.2 seed=2 out=out/mine

Simulates the localities of the study and a factorial of synthetic ones with the model and its null models,
observes them with the study's instruments, and judges the findings. Prints the scoreboard; writes
scoreboard.csv, report.html, tables and figures into DIR (default out/validate).

replicates=N (default 24) is the number of simulated studies: study r is replicate r of all localities.
Verdicts need 24. SETTING is any setting of `woc-sim run` but those of a locality, which the study gives:
seed=, people= (default 500), theory/SUBJECT=, parameters.NAME=, shocks=, schedule.drop=, intervention=,
months=. So every theory and every set of parameters has a scoreboard.

Each study has one of the plausible sets of the package, so that intervals carry what the evidence leaves
open. parameters=FILE takes the sets in a posterior.csv of `woc-sim calibrate posterior`, parameters=default
the default values in all studies. The policy scores of a country are predicted with sets that were drawn
without it: those of the package, or those in the fold_sets.csv beside FILE (`woc-sim calibrate folds`).

--knockouts also drops each process in turn, adds a matrix of process by finding, and says of each reproduced
finding whether it falls without the mechanism that is named for it. The same command resumes a stopped
validation.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "replicates": settings.integer(1, 1000),
    "people": settings.PEOPLE,
    "parameters": settings.PARAMETERS,
    **settings.WORK,
}
"""Settings of this command. All others are settings of a scenario."""
FLAGS: Final = ("--knockouts",)
OF_A_LOCALITY: Final = ("case", "locality", "size", "executive", "experiment", "sweep")
"""Keys, with all keys below them, that the study sets."""


def main(arguments: Sequence[str]) -> int:
    """Check the settings, validate, report; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    base, given, flags = requested(arguments)
    out = Path(given.pop("out", "out/validate"))
    given.setdefault("workers", os.cpu_count() or 1)
    if "replicates" in given:
        given["studies"] = given.pop("replicates")

    from woc_sim.analysis.validate import ValidationSettings, validate
    from woc_sim.ensemble.plausible import SHIPPED_NAME, sets_named, sets_without
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.report import write_report
    from woc_sim.inputs.vocabulary import COUNTRIES

    named = given.pop("parameters", SHIPPED_NAME)
    sets, without = sets_named(named), sets_without(named, COUNTRIES)
    manifest = describe("validate", shlex.join(["woc-sim", "validate", *arguments]))
    folders.mark_started(out, manifest)
    wanted = ValidationSettings(
        base=base, sets=sets, without=without, knockouts="--knockouts" in flags, **given
    )
    found = validate(out, wanted)
    report = write_report(out)
    folders.mark_finished(out, manifest | {"timings": found.seconds})
    print(scoreboard(found.rows, shutil.get_terminal_size((120, 24)).columns))
    print(found.summary)
    print(f"report: {report} (scoreboard.csv and figures/ beside it)", flush=True)
    return 0


def requested(arguments: Sequence[str]) -> tuple[Scenario, dict[str, Any], set[str]]:
    """The scenario of all runs (without localities), the settings of `READERS`, and the flags. Raises
    UserError."""
    own = [each for each in arguments if each.partition("=")[0] in READERS or "=" not in each]
    typed = [each for each in arguments if each not in own]
    given, flags = settings.read_settings(own, READERS, FLAGS)
    settings.refuse_ignored("validate", typed)
    for each in typed:
        if each.partition("=")[0].partition(".")[0] in OF_A_LOCALITY:
            raise UserError(
                f"{shown(repr(each))} has no effect in validate, where the study sets the localities"
            )
    return _base(typed, given.pop("people", None)), given, flags


def _base(typed: Sequence[str], people: int | None) -> Scenario:
    from woc_sim.analysis.validate import PEOPLE
    from woc_sim.cli.compose import compose_request
    from woc_sim.cli.overrides import parse_override

    overrides = [parse_override(each) for each in typed]
    for each, override in zip(typed, overrides, strict=True):
        if override.is_sweep_override():
            raise UserError(f"{shown(repr(each))} has several values; a validation takes one")
    scaled = any(each.key_or_group == "scale" for each in overrides)
    number = people or (None if scaled else PEOPLE)
    added = () if number is None else (f"people={number}",)
    return replace(compose_request([*typed, *added], multirun=False).points[0].scenario, localities=())


def scoreboard(rows: "Sequence[ScoreboardRow]", width: int) -> str:
    """The judged findings as lines of at most `width` characters (at least 60), by pass rate of the model."""
    head = f"{'':5} {'role':13} {'verdict':17} {'model':>5} {'null':>5} {'simulated (90 %)':>25}  statement"
    lines = [head]
    for row in sorted(rows, key=lambda each: -_number(each.pass_model)):
        value = f"{_short(row.simulated)} ({_short(row.low)} to {_short(row.high)})"
        rates = f"{_share(row.pass_model)} {_share(row.pass_null)}"
        lines.append(f"{row.id:5} {row.role:13} {row.verdict:17} {rates} {value:>25}  {row.statement}")
    return "\n".join(
        line if len(line) <= max(width, 60) else line[: max(width, 60) - 3] + "..." for line in lines
    )


def _number(value: Any) -> float:
    return float(value) if math.isfinite(float(value)) else -1.0


def _share(value: float) -> str:
    return f"{value:5.2f}" if math.isfinite(value) else "    -"


def _short(value: float) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
