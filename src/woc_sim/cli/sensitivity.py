"""`woc-sim sensitivity`: which parameters matter, by Morris screening over the registry."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from woc_sim.cli import folders, settings
from woc_sim.scenario import fields
from woc_sim.scenario.parse import MAX_PEOPLE, MAX_WORKERS

HELP: Final = """\
usage: woc-sim sensitivity [trajectories=N] [people=N] [workers=N] [out=DIR]

Moves every parameter through its range along N trajectories (Morris 1991) and reports how far the main readings
follow. Writes sensitivity.csv and a figure into DIR (out/sensitivity).
"""

READERS: Final[dict[str, settings.Reader]] = {
    "trajectories": lambda key, value: fields.integer(key, value, 1, 1000),
    "people": lambda key, value: fields.integer(key, value, 50, MAX_PEOPLE),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
    "out": lambda key, value: fields.text(key, value),
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, then screen; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, _ = settings.read(arguments, READERS)
    out = Path(given.pop("out", "out/sensitivity"))
    folders.usable(out, "shards")
    from woc_sim.analysis.sensitivity import SensitivityOptions, screen

    screen(SensitivityOptions(out=out, **given))
    return 0
