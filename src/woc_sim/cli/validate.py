"""`woc-sim validate`: simulate the study, compare it with the published findings, print and write the
scoreboard.
"""

import math
import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli import settings
from woc_sim.ensemble import folders
from woc_sim.scenario import fields
from woc_sim.scenario.checks import MAX_PEOPLE
from woc_sim.scenario.parse import MAX_WORKERS

if TYPE_CHECKING:
    from woc_sim.analysis.scoreboard import ScoreboardRow

HELP: Final = """\
usage: woc-sim validate [replicates=N] [people=N] [workers=N] [out=DIR] [--knockouts]

Simulates the 36 western European localities and a factorial of synthetic ones with the model and its null
models, observes them with the study's instruments, and judges the findings. Prints the scoreboard; writes
scoreboard.csv, report.html, tables and figures into DIR (default out/validate). --knockouts also drops each
process in turn and adds a matrix of process by finding. The same command resumes a stopped validation.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "replicates": lambda key, value: fields.integer(key, value, 1, 1000),
    "people": lambda key, value: fields.integer(key, value, 50, MAX_PEOPLE),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
    "out": lambda key, value: fields.text(key, value),
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, validate, report; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, flags = settings.read_settings(arguments, READERS, ("--knockouts",))
    out = Path(given.pop("out", "out/validate"))
    given.setdefault("workers", os.cpu_count() or 1)

    from woc_sim.analysis.validate import ValidationSettings, validate
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.report import write_report

    manifest = describe("validate", shlex.join(["woc-sim", "validate", *arguments]))
    folders.mark_started(out, manifest)
    found = validate(out, ValidationSettings(knockouts="--knockouts" in flags, **given))
    report = write_report(out)
    folders.mark_finished(out, manifest | {"timings": found.seconds})
    print(scoreboard(found.rows, shutil.get_terminal_size((120, 24)).columns))
    print(found.summary)
    print(f"report: {report} (scoreboard.csv and figures/ beside it)", flush=True)
    return 0


def scoreboard(rows: "Sequence[ScoreboardRow]", width: int) -> str:
    """The judged findings as lines of at most `width` characters (at least 60), by pass rate of the model."""
    head = f"{'':5} {'role':13} {'verdict':19} {'model':>5} {'null':>5} {'simulated (90 %)':>25}  statement"
    lines = [head]
    for row in sorted(rows, key=lambda each: -_number(each.pass_model)):
        value = f"{_short(row.simulated)} ({_short(row.low)} to {_short(row.high)})"
        rates = f"{_share(row.pass_model)} {_share(row.pass_null)}"
        lines.append(f"{row.id:5} {row.role:13} {row.verdict:19} {rates} {value:>25}  {row.statement}")
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
