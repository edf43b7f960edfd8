"""`woc-sim obstacles`: the effect of removing each of the six obstacles, alone and together, by type."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from woc_sim.analysis import ranges
from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders

HELP: Final = """\
usage: woc-sim obstacles [replicates=N] [people=N] [parameters=plausible|FILE] [seed=N] [workers=N] [out=DIR]
                         [format=pdf,svg]

Simulates the four types of small town without and with each of the six interventions that answer the final
paper's obstacles, and with all six, in paired replicates. Writes obstacles.csv (effects with 95 % intervals
by type) and a figure into DIR (default out/obstacles). The same command resumes a stopped study.

parameters=FILE gives all runs of a replicate one of the plausible sets in a posterior.csv of `woc-sim
calibrate posterior`, drawn by weight, so that intervals carry what the evidence leaves open;
parameters=plausible takes the sets of the package. sets.csv says which set each replicate has.
"""

READERS: Final[dict[str, settings.Reader]] = {
    **ranges.OBSTACLES,
    "parameters": settings.PARAMETERS,
    **settings.WORK,
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, run, draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, _ = settings.read_settings(arguments, READERS)
    out = Path(given.pop("out", "out/obstacles"))
    drawing = settings.sheet(given, arguments, given.get("seed", 1))
    given.setdefault("workers", os.cpu_count() or 1)

    from woc_sim.analysis.obstacles import obstacles
    from woc_sim.ensemble.plausible import sets_named
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.obstacles import obstacles as draw

    sets = sets_named(given.pop("parameters", None))
    manifest = describe("obstacles", command_text("obstacles", arguments))
    folders.mark_started(out, manifest)
    found = obstacles(out, sets=sets, **given)
    with drawing:
        picture = draw(found, out / "figures")
    folders.mark_finished(out, manifest)
    for outcome, rows in found[found["type"] == "all"].groupby("outcome", sort=False):
        is_clear = rows["low"] * rows["high"] > 0
        effects = zip(rows["intervention"], rows["effect"], is_clear, strict=True)
        text = ", ".join(
            f"{name} {round(effect, 9) + 0.0:+.3g}" + ("" if sure else " (unclear)")
            for name, effect, sure in effects
        )
        print(f"{outcome} ({rows['unit'].iloc[0]}; {rows['without'].iloc[0]:.3g} without): {text}")
    print(f"results: {out / 'obstacles.csv'}, {picture.path}", flush=True)
    return 0
