"""`woc-sim run ... --cfg job` and `--info`: the settings and where they come from; nothing is run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from woc_sim.cli.startup import CONFIG_DIR_VARIABLE
from woc_sim.errors import UserError
from woc_sim.records import settings_text, shown

CFG, RESOLVE, INFO = "--cfg", "--resolve", "--info"
FLAGS: Final = (CFG, "-c", RESOLVE, INFO)


def is_question(arguments: Sequence[str]) -> bool:
    """Whether the arguments of `run` ask for the settings instead of a run."""
    return any(each in FLAGS or each.startswith(f"{CFG}=") for each in arguments)


def main(arguments: Sequence[str]) -> int:
    """Print what is asked for; returns the exit code. Raises UserError."""
    rest: list[str] = []
    asked: list[str] = []
    given = iter(arguments)
    for argument in given:
        if argument in (CFG, "-c"):
            asked.append(next(given, ""))
        elif argument.startswith(f"{CFG}="):
            asked.append(argument.partition("=")[2])
        elif argument not in (RESOLVE, INFO):
            rest.append(argument)
    wanted_info = INFO in arguments
    if len(asked) + wanted_info != 1 or any(each != "job" for each in asked):
        what = f"{CFG} {shown(asked[0])}" if asked and asked[0] != "job" else " ".join(arguments)
        raise UserError(f"{shown(what)} cannot be shown; give {CFG} job (with {RESOLVE}), or {INFO}")
    typed = [each for each in rest if each not in ("-m", "--multirun")]
    if wanted_info:
        _print_info(typed)
        return 0
    _print_settings(typed, RESOLVE in arguments, len(typed) < len(rest))
    return 0


def _print_settings(typed: Sequence[str], resolve: bool, multirun: bool) -> None:
    """The composed settings of a run, as Hydra prints them. --resolve: as woc-sim reads them, with every
    reference resolved and the content of files; these make the same run on another machine.
    """
    from woc_sim.cli.compose import compose_request, unresolved_settings

    request = compose_request(typed, multirun=multirun)  # refuses invalid settings
    if request.sweep and resolve:
        raise UserError(f"{RESOLVE} shows one run, and these settings make a sweep; give one value of each")
    text = settings_text(request.points[0].settings) if resolve else unresolved_settings(typed)
    print(text, end="")


def _print_info(typed: Sequence[str]) -> None:
    """Where settings come from: folders, groups with their options, and what was chosen."""
    from woc_sim.cli import CONF
    from woc_sim.cli.compose import compose_request
    from woc_sim.cli.overrides import groups

    compose_request(typed, multirun=True)  # refuses invalid settings
    print(f"settings of woc-sim: {CONF}")
    print(
        f"settings of your own: {os.environ.get(CONFIG_DIR_VARIABLE) or 'none (--config-dir DIR adds them)'}"
    )
    chosen = {key: value for key, _, value in (each.partition("=") for each in typed)}
    print("groups and their options (* is chosen on the command line):")
    for group, options in groups().items():
        values = chosen.get(group, "").strip("[]").split(",")
        words = [f"*{name}" if name in values else name for name in options]
        words += [f"*{value}" for value in values if value and value not in options]
        print(f"  {group}: {' '.join(words)}")
