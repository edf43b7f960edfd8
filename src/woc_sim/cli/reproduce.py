"""`woc-sim reproduce`: repeat an experiment of the project and check whether the numbers are equal."""

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

Runs experiments/NAME, or resumes it, and prints IDENTICAL, WITHIN TOLERANCE or DIFFERENT (exit code 0, 0 or
1). DIFFERENT comes with the size of the differences, the first month with a difference, and what changed
since. --quick runs the small version. --accept stores the result as the expected one. `woc-sim list
experiments` lists the names. Needs the folder experiments of the sources, in the checkout or in the working
folder.
"""
FLAGS: Final = ("--quick", "--accept")


def main(arguments: Sequence[str]) -> int:
    """Run, compare, accept; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    folders = {folder.name: folder for folder in experiment_folders()}
    given = [each for each in arguments if not each.startswith("--") and "=" not in each]
    settings = [each for each in arguments if "=" in each]
    for each in arguments:
        if each.startswith("--") and each not in FLAGS:
            raise UserError(f"{each} is not a flag of reproduce; there are {', '.join(FLAGS)}")
    for each in settings:
        if each.partition("=")[0] not in ("out", "workers"):
            raise UserError(f"{each!r} would change the experiment; reproduce takes out= and workers= only")
    if len(given) != 1 or given[0] not in folders:
        hint = nearest(given[0], folders) if given else ""
        raise UserError(
            f"reproduce takes the name of one experiment; {hint or 'there are ' + ', '.join(folders)}"
        )
    return _reproduce(folders[given[0]], "--quick" in arguments, "--accept" in arguments, settings)


def experiment_folders() -> list[Path]:
    """The folders of the experiments, in the checkout or else in the working folder, sorted by name.

    Raises UserError if neither has a folder experiments.
    """
    tops = [top / "experiments" for top in (ROOT, Path.cwd())]  # an installed package has no such folder
    top = next((each for each in tops if each.is_dir()), None)
    if top is None:
        raise UserError("there is no folder experiments here; run this in a checkout of the sources")
    return sorted(path for path in top.iterdir() if (path / "experiment.yaml").exists())


def _reproduce(folder: Path, quick: bool, accepting: bool, settings: Sequence[str]) -> int:
    from woc_sim.analysis.expected import accept_result, compare_with_expected, hash_trail, read_experiment
    from woc_sim.cli import sweep
    from woc_sim.ensemble.differences import Provenance
    from woc_sim.ensemble.executors import run_all
    from woc_sim.ensemble.plan import plan_tasks
    from woc_sim.ensemble.provenance import describe
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweep_tables import canonical_hash, ledger
    from woc_sim.figures.choice import Choice

    experiment = read_experiment(folder)
    version = f"{experiment.name}{'-quick' if quick else ''}"
    default = [] if any(each.startswith("out=") for each in settings) else [f"out=out/experiments/{version}"]
    design = sweep.requested_design([*experiment.settings(quick), *default, *settings], {})
    out = Path(str(design.options.out))
    command = shlex.join(["woc-sim", "reproduce", experiment.name, *(["--quick"] if quick else [])])
    if sweep.run(out, design, {"monthly": True}, command, Choice(readings=experiment.readings)):
        return 1
    with open_store(out) as store:
        # the folder may hold more than this design, from an earlier version of it
        tasks = plan_tasks(out, design.points, design.options.replicates, monthly=True)
        outcomes = run_all(tasks, store=store, progress=False)
        keys = {task.run_id for task in tasks}
        table = ledger(out, store)
    table = table[table["run_id"].isin(keys)].reset_index(drop=True)
    result = canonical_hash(outcomes)
    record = describe("experiment", command)
    provenance = Provenance(
        record["model_hash"], record["inputs"], record["versions"], experiment.settings(quick)
    )
    if accepting:
        accept_result(experiment, quick, table, hash_trail(outcomes), result, provenance)
        if not quick:
            for picture in sorted((out / "figures").glob("*.png")):
                shutil.copyfile(picture, folder / picture.name)
        print(f"accepted: {os.path.relpath(folder)}; name it under Results in CHANGELOG.md")
        return 0
    verdict = compare_with_expected(experiment, quick, table, hash_trail(outcomes), result, provenance)
    print(verdict.word)
    if verdict.differences is None:
        return 0
    report(verdict.differences, out)
    return 1


def report(differences: "Differences", out: Path) -> None:
    """Print how two results differ, and write a table and a figure into `out`."""
    from woc_sim.ensemble.escaping import csv_text
    from woc_sim.figures.differences import draw_differences

    for sentence in differences.sentences:
        print(f"  {sentence}")
    if differences.table.empty:
        return
    write_text(csv_text(differences.table), out / "differences.csv")
    picture = draw_differences(differences.table, out / "figures")
    print(f"  all of them: {out / 'differences.csv'}, {picture.path}")
