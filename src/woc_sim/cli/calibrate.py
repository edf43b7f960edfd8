"""`woc-sim calibrate`: what is in reach of the model, what the fit statistics leave of the ranges, plausible
sets of parameters, and predictions of countries left out."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from woc_sim.analysis import ranges
from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError, nearest
from woc_sim.records import shown
from woc_sim.scenario.theories import THEORIES

HELP: Final = """\
usage: woc-sim calibrate prior      [points=N] [people=N] [over=SUBJECT,...] [theory/SUBJECT=NAME ...]
                                    [seed=N] [workers=N] [out=DIR]
       woc-sim calibrate waves      [points=N] [studies=N] [people=N] [waves=N] [over=SUBJECT,...]
                                    [discrepancy=S] [theory/SUBJECT=NAME ...] [seed=N] [workers=N] [out=DIR]
       woc-sim calibrate posterior  [sets=N] [studies=N] [truths=N] [workers=N] [out=DIR]
       woc-sim calibrate folds      [sets=N] [workers=N] [out=DIR]

prior      a whole study at each of many points of the ranges: which findings are out of reach, and which are
           only off (default out/calibrate-prior). Nothing is fitted.
waves      history matching: rules out what cannot meet the fit statistics, wave by wave (default
           out/calibrate). An empty region rejects the form of the model; the statistics that do it are named.
posterior  plausible sets of parameters from the waves in out=, each simulated, and a check of the method with
           known truths
folds      policy scores of each country left out, refitted by the others on the waves in out=

`over` takes full names and subjects of parameters. `discrepancy` assumes that the form of the model is off
by this share of each published number; without it, that is estimated from countries left out. Under
theory/contact=none, `prior` says what this rival can reach, and `waves` give it plausible sets of its own.
The same command resumes a stopped one; with more `waves` it goes on, and `studies` may then be another
number. format=pdf,svg writes every figure in these formats too.
"""

WAVES_FOLDER: Final = "out/calibrate"
THEORY: Final = "theory/"
THEORIES_OF_RUNS: Final[Mapping[str, settings.Reader]] = {
    f"{THEORY}{subject}": settings.choice(tuple(rivals)) for subject, rivals in THEORIES.items()
}
"""Settings that choose the theories of all runs."""
STEPS: Final[Mapping[str, Mapping[str, settings.Reader]]] = {
    "prior": {
        **ranges.PRIOR,
        **THEORIES_OF_RUNS,
        **settings.WORK,
    },
    "waves": {
        **ranges.WAVES,
        **THEORIES_OF_RUNS,
        **settings.WORK,
    },
    "posterior": {**ranges.POSTERIOR, **settings.WORK},
    "folds": {**ranges.FOLDS, **settings.WORK},
}
"""Step -> its settings."""

READERS: Final[dict[str, settings.Reader]] = {
    key: reader for readers in STEPS.values() for key, reader in readers.items()
}
"""All settings of the command."""


def main(arguments: Sequence[str]) -> int:
    """Check the settings, calibrate, draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    step = arguments[0] if arguments else ""
    if step not in STEPS:
        hint = nearest(step, STEPS) or f"there are {', '.join(STEPS)}"
        raise UserError(f"calibrate has no step {shown(repr(step))}; {hint}")
    given, _ = settings.read_settings(arguments[1:], STEPS[step])
    out = Path(given.pop("out", f"{WAVES_FOLDER}-prior" if step == "prior" else WAVES_FOLDER))
    given.setdefault("workers", os.cpu_count() or 1)
    command = command_text("calibrate", arguments)
    with settings.sheet(given, arguments, given.get("seed")):
        lines = _STEPS[step](out, given, command)
    for line in lines:
        print(line)
    print(f"results: {out}", flush=True)
    return 0


def _prior(out: Path, given: dict[str, Any], command: str) -> list[str]:
    from woc_sim.analysis.reach import reach, sentences, space_of_all
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.calibration import reach as draw

    space_of_all(given.get("over", ()))  # an unknown name is refused before anything is written
    manifest = describe("calibrate prior", command)
    folders.mark_started(out, manifest)
    found = reach(out, theories=_theories(given), **given)
    picture = draw(found.table, out / "figures")
    folders.mark_finished(out, manifest)
    return [*sentences(found), f"picture: {picture.path}"]


def _waves(out: Path, given: dict[str, Any], command: str) -> list[str]:
    from woc_sim.analysis.inference.report import wave_sentences
    from woc_sim.analysis.inference.wave_files import files_of
    from woc_sim.analysis.inference.wave_tables import write_tables
    from woc_sim.analysis.inference.waves import WaveSettings, calibrate_waves, refuse_other_settings
    from woc_sim.ensemble.manifests import file_hashes
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.calibration import draw_waves

    workers = given.pop("workers")
    wanted = WaveSettings(theories=_theories(given), **given)
    manifest = describe("calibrate", command)
    # a mistake is refused before the manifest is replaced; lost files are made again
    folders.refuse_changed_files(out, folders.prepare(out, manifest["kind"]), lost=False)
    refuse_other_settings(out, wanted)
    folders.mark_started(out, manifest)
    found = calibrate_waves(out, wanted, workers)
    pictures = draw_waves(write_tables(found, out), out / "figures")
    folders.mark_finished(out, manifest | {"files": file_hashes(out, files_of(len(found.waves)))})
    return [*wave_sentences(found), *(f"picture: {each.path}" for each in pictures)]


def _theories(given: dict[str, Any]) -> dict[str, str]:
    """Subject -> theory, taken out of the settings."""
    return {key.removeprefix(THEORY): given.pop(key) for key in list(given) if key.startswith(THEORY)}


def _posterior(out: Path, given: dict[str, Any], command: str) -> list[str]:
    from woc_sim.analysis.inference.posterior import posterior
    from woc_sim.analysis.inference.report import posterior_sentences
    from woc_sim.figures.calibration import draw_posterior

    _refuse_other_folder(out)
    found = posterior(out, **given)
    pictures = draw_posterior(found.sets, found.statistics, found.ranks, out / "figures")
    return [*posterior_sentences(found), *(f"picture: {each.path}" for each in pictures)]


def _folds(out: Path, given: dict[str, Any], command: str) -> list[str]:
    from woc_sim.analysis.inference.folds import folds
    from woc_sim.analysis.inference.report import fold_sentences
    from woc_sim.figures.calibration import draw_folds

    _refuse_other_folder(out)
    found = folds(out, **given)
    picture = draw_folds(found.places, found.countries, out / "figures")
    return [*fold_sentences(found), f"picture: {picture.path}"]


def _refuse_other_folder(out: Path) -> None:
    """Refuse a folder that no `calibrate waves` made, and one whose waves were changed or lost since, before
    anything is written."""
    from woc_sim.analysis.inference.wave_files import SETTINGS
    from woc_sim.ensemble.manifests import read_manifest

    if not os.path.isfile(out / SETTINGS):  # False also for names that the system refuses
        raise UserError(f"{shown(out)} holds no waves; `woc-sim calibrate waves out={shown(out)}` makes them")
    folders.refuse_changed_files(out, read_manifest(out), lost=True)


_STEPS: Final[Mapping[str, Callable[[Path, dict[str, Any], str], list[str]]]] = {
    "prior": _prior,
    "waves": _waves,
    "posterior": _posterior,
    "folds": _folds,
}
