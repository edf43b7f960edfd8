"""`woc-sim validate`: simulate the study, compare it with the published findings, print and write the
scoreboard.
"""

import math
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.analysis import ranges
from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario.schema import LocalitySpec, Scenario

if TYPE_CHECKING:
    from woc_sim.analysis.scoreboard import ScoreboardRow

HELP: Final = """\
usage: woc-sim validate [replicates=N] [SETTING ...] [workers=N] [out=DIR] [--knockouts]

  woc-sim validate
  woc-sim validate theory/contact=unmoderated parameters.policy.load=0.2 seed=2 out=out/mine
  woc-sim validate locality.file=mine.yaml out=out/own

Simulates the localities of the study and a factorial of synthetic ones with the model and its null models,
observes them with the study's instruments, and judges the findings. Prints the scoreboard; writes
scoreboard.csv, report.html, tables and figures into DIR (default out/validate).

replicates=N (default 24) is the number of simulated studies: study r is replicate r of all localities.
Verdicts need 24. SETTING is any setting of `woc-sim run` but case=, because the study gives the cases:
seed=, people= (default 500), theory/SUBJECT=, parameters.NAME=, shocks=, schedule.drop=, intervention=,
months=. So every theory and every set of parameters has a scoreboard.

locality.file=FILE, locality=TYPE, locality.NAME=, size= or executive= describe a locality of your own. It is
simulated in each study and shown beside the 40 cases: in the report, in own_locality.csv and in a sentence.
The scoreboard does not change by it.

Each study has one of the plausible sets of the package, so that intervals carry what the evidence leaves
open. parameters=FILE takes the sets in a posterior.csv of `woc-sim calibrate posterior`, parameters=default
the default values in all studies. The policy scores of a country are predicted with sets that were drawn
without it: those of the package, or those in the fold_sets.csv beside FILE (`woc-sim calibrate folds`).

--knockouts also drops each process in turn, adds a matrix of process by finding, and says of each reproduced
finding whether it falls without the mechanism that is named for it. format=pdf,svg writes every figure in
these formats too. The same command resumes a stopped validation.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "replicates": ranges.STUDIES,
    "people": settings.PEOPLE,
    "parameters": settings.PARAMETERS,
    **settings.WORK,
}
"""Settings of this command. All others are settings of a scenario."""
FLAGS: Final = ("--knockouts",)
REFUSED: Final = ("case", "experiment", "sweep")
"""Keys that the study sets."""
OF_OWN_LOCALITY: Final = ("locality", "size", "executive")
"""Keys, with all keys below them, that describe the user's own locality."""


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

    told = settings.about(arguments, base.seed) or "default settings"
    drawing = settings.sheet(given, [told])
    named = given.pop("parameters", SHIPPED_NAME)
    sets, without = sets_named(named), sets_without(named, COUNTRIES)
    manifest = describe("validate", command_text("validate", arguments))
    folders.mark_started(out, manifest)
    manifest = folders.with_own_rules(out, manifest, (base,))
    wanted = ValidationSettings(
        base=base, sets=sets, without=without, knockouts="--knockouts" in flags, **given
    )
    found = validate(out, wanted)
    with drawing:
        report = write_report(out)
    folders.mark_finished(out, manifest | {"timings": found.seconds})
    print(scoreboard(found.rows, shutil.get_terminal_size((120, 24)).columns))
    print(found.summary)
    if found.own:
        print(found.own)
    print(f"report: {report} (scoreboard.csv and figures/ beside it)", flush=True)
    return 0


def requested(arguments: Sequence[str]) -> tuple[Scenario, dict[str, Any], set[str]]:
    """The scenario of all runs (without localities), the settings of `READERS` with the user's ``own``
    locality if one is described, and the flags. Raises UserError."""
    own = [each for each in arguments if each.partition("=")[0] in READERS or "=" not in each]
    typed = [each for each in arguments if each not in own]
    given, flags = settings.read_settings(own, READERS, FLAGS)
    settings.refuse_ignored("validate", typed)
    for each in typed:
        if each.partition("=")[0].partition(".")[0] in REFUSED:
            raise UserError(
                f"{shown(repr(each))} has no effect in validate, where the study sets the localities; one of "
                "your own is described by locality.file=, locality=, size= and executive="
            )
    base, locality = _base(typed, given.pop("people", None))
    if locality is not None:
        given["own"] = locality
    return base, given, flags


def _base(typed: Sequence[str], people: int | None) -> tuple[Scenario, LocalitySpec | None]:
    """The scenario without localities, and the locality that is typed in it, if one is."""
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
    scenario = compose_request([*typed, *added], multirun=False).points[0].scenario
    for one in scenario.interventions:
        if one.where:
            raise UserError(
                f"intervention.{one.name}.where has no effect in validate, where an intervention holds in "
                "all localities; leave it out"
            )
    is_own = any(
        str(each.key_or_group).partition(".")[0] in OF_OWN_LOCALITY and each.value() is not None
        for each in overrides
    )
    return replace(scenario, localities=()), scenario.localities[0] if is_own else None


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
