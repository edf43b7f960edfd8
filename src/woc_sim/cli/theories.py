"""`woc-sim theories`: which rival theories the evidence prefers, and what would tell them apart."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from woc_sim.analysis import ranges
from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError

HELP: Final = """\
usage: woc-sim theories [subjects=NAME,...] [grid=alone|joint|packages] [packages=NAME,...]
                        [parameters=FILE|DIR|plausible] [reach=N] [studies=N] [people=N] [seed=N]
                        [workers=N] [out=DIR] [format=pdf,svg] [theory/SUBJECT=FILE.py:FUNCTION]

  woc-sim theories                                      each rival against the others of its subject
  woc-sim theories grid=joint subjects=contact,threat   all combinations of some subjects
  woc-sim theories grid=packages reach=100              the default with and without packages of theories
  woc-sim theories grid=packages packages=law,legacy    ... two of them
  woc-sim theories theory/contact=my_rules.py:contact_effect   a rule of one's own against the rivals of its
                                                        subject (see docs/own-rules.md)

Simulates the 40 cases under each rival theory (`woc-sim list theories`) in the same replicates. Ranks them
by fit to the findings that may be fitted and by the error of the policy scores of a country left out, with
90 % intervals. Says for each pair which the evidence prefers or that it cannot tell, and which new
observation would tell them apart. A package is the mechanism that several theories make together. The default
stands against itself with each package of rivals, without each package that it has (`without_NAME`), and with
all packages of rivals (`all`).

Without parameters= all rivals have the default parameters, which were chosen under the default theories.
parameters=FILE gives each study one of the plausible sets of a posterior.csv, the same for all rivals;
parameters=plausible takes those of the package. parameters=DIR takes DIR/default.csv, and for a rival with
sets of its own (`woc-sim calibrate waves theory/contact=none`) its table, DIR/contact.none.csv.

reach=200 also judges each rival at 200 points of the ranges of all parameters, each a whole study of 98 runs:
which findings it brings into reach or puts out of reach, beside the default theories (reach.csv,
rivals_reach.csv). Nothing is fitted there.

Writes theories.csv, pairs.csv, observations.csv and figures into DIR (default out/theories). The same command
resumes; more studies keep those that are there.
"""

READERS: Final[dict[str, settings.Reader]] = {
    **ranges.THEORIES,
    "parameters": settings.PARAMETERS,
    **settings.WORK,
    **settings.OWN_RULES,
}


def main(arguments: Sequence[str]) -> int:
    """Check the settings, simulate the rivals, compare, draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, _ = settings.read_settings(arguments, READERS)
    out = Path(given.pop("out", "out/theories"))
    drawing = settings.sheet(given, arguments, given.get("seed", 1))
    given.setdefault("workers", os.cpu_count() or 1)

    from woc_sim.analysis.rival_theories import rivals_named, sets_of_rivals
    from woc_sim.analysis.theories import sentences, theories
    from woc_sim.ensemble.manifests import file_hashes
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.theories import theories as draw

    # a mistake is refused before anything is written
    own = settings.take_own_rules(given)
    if own:
        given.setdefault("subjects", tuple(own))
    chosen = rivals_named(
        given.get("subjects", ()), given.get("grid", "alone"), own, given.get("packages", ())
    )
    for subject in own:
        if subject not in given["subjects"]:
            raise UserError(f"theory/{subject} is given, but subjects leaves {subject} out; add it")
    sets = sets_of_rivals(given.pop("parameters", None), chosen)
    manifest = describe("theories", command_text("theories", arguments))
    folders.mark_started(out, manifest)
    kept = folders.write_own_rules([rule for rules in own.values() for rule in rules], out)
    manifest["files"] = file_hashes(out, kept)
    found = theories(out, sets=sets, own=own, **given)
    with drawing:
        pictures = draw(found, out / "figures")
    folders.mark_finished(out, manifest)
    for line in sentences(found):
        print(line)
    print(f"results: {out / 'theories.csv'}, {', '.join(str(each.path) for each in pictures)}", flush=True)
    return 0
