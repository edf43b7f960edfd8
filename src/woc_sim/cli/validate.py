"""`woc-sim validate`: run the study and hold it against the published findings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from woc_sim.cli import folders, settings
from woc_sim.scenario import fields
from woc_sim.scenario.parse import MAX_PEOPLE, MAX_WORKERS

HELP: Final = """\
usage: woc-sim validate [replicates=N] [people=N] [workers=N] [out=DIR] [--knockouts]

Simulates the 36 Western-European localities and a factorial of synthetic ones, with the model and with its nulls,
reads them as the field team did, and judges the findings. Writes scoreboard.csv, report.html and figures into
DIR (out/validate). --knockouts drops every process in turn and adds the matrix of process by finding.
A stopped validation goes on where it was; a finished one is only judged and drawn again.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "replicates": lambda key, value: fields.integer(key, value, 1, 1000),
    "people": lambda key, value: fields.integer(key, value, 50, MAX_PEOPLE),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
    "out": lambda key, value: fields.text(key, value),
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, then validate; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, raised = settings.read(arguments, READERS, ("--knockouts",))
    out = Path(given.pop("out", "out/validate"))
    folders.usable(out, "shards")
    from woc_sim.analysis.validate import ValidateOptions, validate

    validate(ValidateOptions(out=out, knockouts="--knockouts" in raised, **given))
    return 0
