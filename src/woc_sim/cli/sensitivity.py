"""`woc-sim sensitivity`: which parameters, conditions and chance move what, by SALib's methods."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.analysis import ranges
from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError

if TYPE_CHECKING:
    from woc_sim.analysis.sensitivity import SensitivitySettings
    from woc_sim.scenario.schema import Scenario

HELP: Final = """\
usage: woc-sim sensitivity [method=NAME] [over=NAME,...] [on=place|study] [outcomes=NAME,...] [samples=N]
                           [groups=none|subjects|table8] [studies=N] [people=N] [seed=N] [workers=N] [out=DIR]
                           [settings of a run ...]

  woc-sim sensitivity                                    screens the subjects of all parameters on one place
  woc-sim sensitivity over=policy,ties                   ... the parameters of some subjects
  woc-sim sensitivity on=study                           ... for the misfit of the findings that are fitted
  woc-sim sensitivity on=study outcomes=S66,S71 over=policy,civil_society
                                                         which parameters make the misfit of these findings
  woc-sim sensitivity method=sobol over=context,policy case=C21 theory/threat=stock
                                                         shares of variance, for one place under one theory
  woc-sim sensitivity outcomes=table8                    shares of Table 8: structure, experience, size,
                                                         politics, country, parameters, chance

method     morris, sobol, pawn, delta or rbd_fast (SALib); samples=N is the number of trajectories (morris),
           base samples (sobol, a power of 2) or points
over       parameters (all), their names or subjects, context (all) or size, executive, structure, experience,
           seats, framework; chance (the replicate) and a dummy are always among the factors
outcomes   readings, indicators (politicisation@2016: mean of a year), and with on=study the misfit of
           findings (S66), of statistics of the fit, or of all of these (fit): distance from the published
           number, in its standard errors
groups     factors that move as one (morris, sobol): the subjects of parameters (the default where all
           parameters move), or the columns of Table 8; none for single factors

Writes sensitivity.csv (indices with 95 % intervals), outcomes.csv (does the sample suffice?), convergence.csv
and figures into DIR (default out/sensitivity), with format=pdf,svg in these formats too.
`woc_sim.analysis.sensitivity.read_sensitivity` gives SALib's own results. The same command resumes; more
samples keep the runs that are there.
"""

READERS: Final[dict[str, settings.Reader]] = {
    **ranges.SENSITIVITY,
    "studies": ranges.COMPARED_STUDIES,
    **settings.WORK,
}
TABLE8: Final = ("table8",)
FIXED_BY_TABLE8: Final = ("method", "over", "on", "groups")


def main(arguments: Sequence[str]) -> int:
    """Check the settings, simulate, analyse, draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    drawn = [each for each in arguments if each.startswith("format=")]
    given, _ = settings.read_settings(drawn, {"format": settings.DRAWING["format"]})
    out, chosen, studies = requested([each for each in arguments if each not in drawn])

    from woc_sim.analysis.sensitivity import check_settings, sensitivity
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.sensitivity import sensitivity_pictures
    from woc_sim.figures.style import sheet

    is_table8 = chosen.outcomes == TABLE8
    told, formats = settings.about(arguments, chosen.seed), given.get("format", ())
    manifest = describe("sensitivity", command_text("sensitivity", arguments))
    bases = () if chosen.base is None else (chosen.base,)
    if is_table8:
        from woc_sim.analysis import table8
        from woc_sim.figures.table8 import table8 as draw

        check_settings(table8.table8_settings(chosen))
        folders.mark_started(out, manifest)
        manifest = folders.with_own_rules(out, manifest, bases)
        answer = table8.table8(out, chosen, studies)
        found, lines = answer.sensitivity, table8.sentences(answer)
        with sheet(told, formats):
            pictures = [draw(answer.shares, answer.studies, answer.marks, out / "figures")]
    else:
        from woc_sim.analysis.sensitivity import next_step, sentences

        check_settings(chosen)  # a mistake is refused before anything is written
        folders.mark_started(out, manifest)
        manifest = folders.with_own_rules(out, manifest, bases)
        found = sensitivity(out, chosen)
        lines, pictures = [*sentences(found), next_step(found)], []
    with sheet(told, formats):
        pictures += sensitivity_pictures(found, out / "figures")
    folders.mark_finished(out, manifest)
    for line in [*filter(None, lines), *held_out_note(found.outcomes)]:
        print(line)
    files = [out / "sensitivity.csv", *(each.path for each in pictures)]
    print(f"results: {', '.join(map(str, files))}", flush=True)
    return 0


def requested(arguments: Sequence[str]) -> "tuple[Path, SensitivitySettings, int]":
    """The folder, the settings of the analysis, and the number of whole studies for Table 8.

    Settings that are not the command's own are those of a run. Raises UserError.
    """
    own = [each for each in arguments if each.partition("=")[0] in READERS]
    given, _ = settings.read_settings(own, READERS)
    typed = [each for each in arguments if each not in own]
    settings.refuse_ignored("sensitivity", typed)
    base = _scenario(typed, given.get("on", "place"))

    from woc_sim.analysis.sensitivity import SensitivitySettings

    out, studies = Path(given.pop("out", "out/sensitivity")), given.pop("studies", None)
    if given.get("outcomes") == TABLE8:
        for key in FIXED_BY_TABLE8:
            if key in given:
                raise UserError(f"{key}={given[key]} is set by outcomes=table8; leave it out")
        if base is not None and base.localities:
            raise UserError("outcomes=table8 moves the place itself; leave out case and locality settings")
    elif studies is not None:
        raise UserError("studies counts the whole studies of outcomes=table8; leave it out, or add that")
    given.setdefault("workers", os.cpu_count() or 1)
    return out, SensitivitySettings(base=base, **given), studies or 24


PLACE_SETTINGS: Final = ("case", "size", "executive", "locality")


def _scenario(typed: Sequence[str], on: str) -> "Scenario | None":
    """The scenario that the settings of a run describe, without localities if none of them names a place;
    None if there are no such settings. Raises UserError."""
    if not typed:
        return None
    from dataclasses import replace

    from woc_sim.cli.compose import compose_request
    from woc_sim.cli.sweep import axis_key

    request = compose_request(typed, multirun=True)
    if request.hydra_overrides or len(request.points) != 1:
        raise UserError("a sensitivity analysis changes one scenario; give one value of each setting")
    keys = {axis_key(each.partition("=")[0]).partition(".")[0] for each in typed}
    names_a_place = any(key in keys for key in PLACE_SETTINGS)
    if names_a_place and on == "study":
        raise UserError("on=study simulates the study's own localities; leave out case and locality settings")
    scenario = request.points[0].scenario
    return scenario if names_a_place else replace(scenario, localities=())


def held_out_note(outcomes: Any) -> list[str]:
    """A reminder where misfits of held-out findings were looked at."""
    names = outcomes.loc[outcomes["role"] == "held_out", "outcome"].tolist()
    if not names:
        return []
    return [
        f"held out: {', '.join(names)}; if anything in the model is changed because of this, write a line in "
        "docs/openings.md and give them the role fit"
    ]
