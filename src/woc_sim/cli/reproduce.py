"""`woc-sim reproduce`: run a committed experiment again and say whether the numbers are the same."""

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from woc_sim.cli.benchmark import ROOT
from woc_sim.errors import UserError, nearest
from woc_sim.files import write_text

if TYPE_CHECKING:
    from woc_sim.ensemble.differences import Differences

HELP: Final = """\
usage: woc-sim reproduce NAME [--quick] [--accept] [workers=N] [out=DIR]

Runs experiments/NAME (or goes on where it was stopped) and prints IDENTICAL, WITHIN TOLERANCE or DIFFERENT,
the last with how much differs, where it began and what changed since; exit code 0, 0 or 1. --quick takes its
small version, --accept makes the result what is expected from now on. Needs the folder experiments of the
sources: that of the checkout, or the one that you are in.
"""
FLAGS: Final = ("--quick", "--accept")


def main(arguments: Sequence[str]) -> int:
    """Run, compare, accept; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    folders = [top / "experiments" for top in (ROOT, Path.cwd())]  # an installed package has none beside it
    folder = next((each for each in folders if each.is_dir()), None)
    if folder is None:
        raise UserError("reproduce needs the folder experiments; run it from a checkout of the sources")
    known = sorted(path.name for path in folder.iterdir() if (path / "experiment.yaml").exists())
    names = [each for each in arguments if not each.startswith("--") and "=" not in each]
    settings = [each for each in arguments if "=" in each]
    for each in arguments:
        if each.startswith("--") and each not in FLAGS:
            raise UserError(f"{each} is no flag of reproduce; there are {', '.join(FLAGS)}")
    for each in settings:
        if each.partition("=")[0] not in ("out", "workers"):
            raise UserError(f"{each!r} would change the experiment; reproduce takes out= and workers= only")
    if len(names) != 1 or names[0] not in known:
        hint = nearest(names[0], known) if names else ""
        raise UserError(
            f"reproduce takes the name of one experiment; {hint or 'there are ' + ', '.join(known)}"
        )
    return _reproduce(folder / names[0], "--quick" in arguments, "--accept" in arguments, settings)


def _reproduce(folder: Path, quick: bool, accepting: bool, settings: Sequence[str]) -> int:
    from woc_sim.analysis.expected import accept_result, compare_with_expected, hash_trail, read_experiment
    from woc_sim.cli import sweep
    from woc_sim.ensemble.differences import Made
    from woc_sim.ensemble.executors import run_all
    from woc_sim.ensemble.plan import plan
    from woc_sim.ensemble.provenance import describe
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweeps import canonical_hash, ledger

    experiment = read_experiment(folder)
    version = f"{experiment.name}{'-quick' if quick else ''}"
    default = [] if any(each.startswith("out=") for each in settings) else [f"out=out/experiments/{version}"]
    design = sweep.designed([*experiment.settings(quick), *default, *settings], {})
    out = Path(str(design.options.out))
    command = shlex.join(["woc-sim", "reproduce", experiment.name, *(["--quick"] if quick else [])])
    if sweep.run(out, design, {"monthly": True}, command):
        return 1
    with open_store(out) as store:
        # the folder may hold more than this design, from an earlier version of it
        tasks = plan(out, design.points, design.options.replicates, monthly=True)
        found = run_all(tasks, store=store, progress=False)
        keys = {task.run_id for task in tasks}
        table = ledger(out, store)
    table = table[table["run_id"].isin(keys)].reset_index(drop=True)
    result = canonical_hash(found)
    held = describe("experiment", command)
    made = Made(held["model_hash"], held["inputs"], held["versions"], experiment.settings(quick))
    if accepting:
        accept_result(experiment, quick, table, hash_trail(found), result, made)
        if not quick:
            for picture in sorted((out / "figures").glob("*.png")):
                shutil.copyfile(picture, folder / picture.name)
        print(f"accepted: {os.path.relpath(folder)}; name it under Results in CHANGELOG.md")
        return 0
    verdict = compare_with_expected(experiment, quick, table, hash_trail(found), result, made)
    print(verdict.word)
    if verdict.differences is None:
        return 0
    report(verdict.differences, out)
    return 1


def report(differences: "Differences", out: Path) -> None:
    """Print how two results differ, and leave it as a table and a picture in `out`."""
    from woc_sim.ensemble.escaped import csv_text
    from woc_sim.figures.differences import draw_differences

    for sentence in differences.sentences:
        print(f"  {sentence}")
    if differences.table.empty:
        return
    write_text(csv_text(differences.table), out / "differences.csv")
    picture = draw_differences(differences.table, out / "figures")
    print(f"  all of them: {out / 'differences.csv'}, {picture.path}")
