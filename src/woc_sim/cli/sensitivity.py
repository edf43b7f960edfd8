"""`woc-sim sensitivity`: which parameters matter, by Morris screening over the registry."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from woc_sim.cli import settings
from woc_sim.ensemble import folders
from woc_sim.scenario import fields
from woc_sim.scenario.checks import MAX_PEOPLE
from woc_sim.scenario.parse import MAX_WORKERS

HELP: Final = """\
usage: woc-sim sensitivity [trajectories=N] [people=N] [workers=N] [only=SUBJECT,...] [out=DIR]

Varies every parameter within its range along N trajectories (Morris 1991) and reports the effects on the main
readings. `only` takes full names and subjects (policy, covariates.earlier_low). Writes sensitivity.csv and a
figure into DIR (default out/sensitivity). The same command resumes a stopped screening.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "trajectories": lambda key, value: fields.integer(key, value, 2, 1000),
    "people": lambda key, value: fields.integer(key, value, 50, MAX_PEOPLE),
    "workers": lambda key, value: fields.integer(key, value, 1, MAX_WORKERS),
    "only": lambda key, value: tuple(fields.text(key, value).replace(" ", "").split(",")),
    "out": lambda key, value: fields.text(key, value),
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, screen, draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, _ = settings.read_settings(arguments, READERS)
    out = Path(given.pop("out", "out/sensitivity"))
    given.setdefault("workers", os.cpu_count() or 1)

    from woc_sim.analysis.sensitivity import selected_parameters, sensitivity
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.sensitivity import sensitivity as draw
    from woc_sim.figures.validation_tables import read_validation

    selected_parameters(given.get("only", ()))  # an unknown name is refused before anything is written
    manifest = describe("sensitivity", shlex.join(["woc-sim", "sensitivity", *arguments]))
    folders.mark_started(out, manifest)
    found = sensitivity(out, **given)
    folders.mark_finished(out, manifest)
    picture = draw(read_validation(out), out / "figures")
    for outcome, rows in found.groupby("outcome", sort=False):
        strongest = rows.nlargest(3, "mu_star")
        text = ", ".join(f"{one.parameter} {one.mu_star:.3g}" for one in strongest.itertuples())
        print(f"{outcome} ({rows['unit'].iloc[0]}): {text}")
    print(f"results: {out / 'sensitivity.csv'}, {picture.path}", flush=True)
    return 0
