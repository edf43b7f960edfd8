"""key=value settings of commands with few settings (`validate`, `sensitivity` and others).

They are parsed like those of `run` (`woc_sim.cli.overrides`): a text means the same in every command.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields as fields_of
from typing import Any, Final

from woc_sim.ensemble.readers import PEOPLE, SEED, WORKERS, Reader, choice, integer, names, number
from woc_sim.errors import UserError, nearest
from woc_sim.records import shown
from woc_sim.scenario import fields
from woc_sim.scenario.own_rules import OwnRule, named_by_user, replaceable
from woc_sim.scenario.schema import RunOptions

__all__ = [
    "DRAWING",
    "OWN_RULES",
    "PARAMETERS",
    "PEOPLE",
    "SEED",
    "WORK",
    "Reader",
    "about",
    "choice",
    "integer",
    "names",
    "number",
    "read_settings",
    "refuse_ignored",
    "refuse_unused_workers",
    "sheet",
    "take_own_rules",
]

LIST_SETTINGS: Final = ("over", "outcomes", "subjects", "reading", "channels", "hold", "figures", "format")
"""Settings that take several names, separated by commas."""


PARAMETERS: Final[Reader] = fields.text
"""`plausible` or the file of the plausible sets (`woc_sim.ensemble.plausible.sets_named` reads them)."""
FORMATS: Final = ("png", "pdf", "svg")
"""Formats of a figure; PNG is always written."""


def _formats(key: str, value: Any) -> tuple[str, ...]:
    one = choice(FORMATS)
    return tuple(one(key, each) for each in names(key, value))


WORK: Final[Mapping[str, Reader]] = {"workers": WORKERS, "out": fields.text, "format": _formats}
"""The settings that say where a command works, in how many processes, and in which formats it draws."""
DRAWING: Final[Mapping[str, Reader]] = {"figures": names, "format": _formats}
"""What figures show (names of readings, indicators and axes), and their formats."""
UNTOLD: Final = ("out", "workers", "format", "figures", "progress", "executor", "profile", "mix")
"""Settings that change no number, so that no figure names them."""


def about(arguments: Sequence[str], seed: int | None = None) -> str:
    """The line under the title of every figure: the settings of the command that change numbers, with the
    seed."""
    told = [
        each
        for each in arguments
        if each.partition("=")[0].partition(".")[0] not in UNTOLD and each not in ("-m", "--multirun")
    ]
    if seed is not None and not any(f"seed={seed}" in each.split() for each in told):
        told.append(f"seed={seed}")
    return ", ".join(told)


def sheet(
    given: dict[str, Any], arguments: Sequence[str], seed: int | None = None
) -> AbstractContextManager[None]:
    """The context in which a command draws: its figures say what it was given and are saved in the formats
    that are taken out of `given`."""
    from woc_sim.figures.style import sheet as sheet_of  # imports matplotlib, which help does not need

    return sheet_of(about(arguments, seed), given.pop("format", ()))


def _references(key: str, value: object) -> list[str]:
    """Names of rules of one's own, one or several."""
    return [fields.text(key, each) for each in (value if isinstance(value, list) else [value])]


OWN_RULES: Final[Mapping[str, Reader]] = {f"theory/{subject}": _references for subject in replaceable()}
"""Settings that name rules of one's own, for commands that take no other theories."""


def take_own_rules(given: dict[str, Any]) -> dict[str, list[OwnRule]]:
    """The rules of one's own that the settings name, by subject; they are taken out of `given`. Raises
    UserError as `named_by_user`.
    """
    return {
        subject: [named_by_user(reference, subject) for reference in given.pop(f"theory/{subject}")]
        for subject in replaceable()
        if f"theory/{subject}" in given
    }


IN_QUOTES: Final = 'settings of a scenario stand in its quotes: "case=C21 people=300"'
"""Where the settings of a run stand in a command that takes two scenarios."""


def read_settings(
    arguments: Sequence[str], readers: Mapping[str, Reader], flags: Sequence[str] = (), elsewhere: str = ""
) -> tuple[dict[str, Any], set[str]]:
    """The settings and flags among the arguments, checked. Raises UserError.

    readers: key -> function of (key, value) that returns the checked value; flags: accepted ``--words``. null
    counts as not given. elsewhere: where other settings stand in this command, for the message.
    """
    values: dict[str, Any] = {}
    given_flags: set[str] = set()
    seen: set[str] = set()
    for argument in arguments:
        key, equals, _ = argument.partition("=")
        if argument not in flags and (not equals or key not in readers):
            names = [f"{name}=" for name in readers] + list(flags)
            hint = nearest(key + equals, names) or elsewhere or f"there are {', '.join(names)}"
            raise UserError(f"{shown(repr(argument))} is not a setting of this command; {hint}")
        if key in seen:
            raise UserError(f"{key} is given twice; give it once")
        seen.add(key)
        if argument in flags:
            given_flags.add(argument)
            continue
        value = _value(key, argument)
        if value is not None:
            values[key] = readers[key](key, value)
    return values, given_flags


def _value(key: str, argument: str) -> Any:
    """The value of a setting. Several values are a list, or, for `LIST_SETTINGS`, a text with commas."""
    from woc_sim.cli.overrides import parse_override, values_of  # imports Hydra, which help does not need

    override = parse_override(argument)
    values = values_of(override)
    result = values if override.is_sweep_override() else values[0]
    if "${" in str(result) or result == "???":
        raise UserError(f"{shown(repr(argument))} refers to another setting; write the value")
    if key in LIST_SETTINGS and isinstance(result, list):
        return ",".join(map(str, result))
    return result


IGNORED_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "sensitivity": {
        each.name: "replicates are a factor of the analysis" if each.name == "replicates" else "leave it out"
        for each in fields_of(RunOptions)
        if each.name not in ("out", "workers")
    },
    "explore": {each.name: "leave it out" for each in fields_of(RunOptions)},
    "sweep": {
        "profile": "`woc-sim run profile=true` times one scenario",
        "life_stories": "`woc-sim run life_stories=20` writes life stories of one scenario",
    },
    **{
        command: {
            each.name: f"{each.name}= stands after the two scenarios"
            if each.name in ("out", "replicates", "workers")
            else "leave it out"
            for each in fields_of(RunOptions)
        }
        for command in ("compare", "why")
    },
    "validate": {
        each.name: "leave it out"
        for each in fields_of(RunOptions)
        if each.name not in ("out", "replicates", "workers")
    },
}
"""Command -> key without effect in it -> what to do instead."""


def refuse_ignored(command: str, typed: Sequence[str]) -> None:
    """Raise UserError for settings that have no effect in `command`; the sentence says what to use "
    "instead."""
    for argument in typed:
        key, equals, _ = argument.partition("=")
        if equals and key in IGNORED_SETTINGS[command]:
            raise UserError(
                f"{shown(repr(argument))} has no effect in {command}; {IGNORED_SETTINGS[command][key]}"
            )


def refuse_unused_workers(options: RunOptions) -> None:
    """Raise UserError if workers are given but the executor uses only one."""
    if options.executor == "in_process" and options.workers not in (None, 1):
        raise UserError(
            f"workers is {options.workers}, but the executor runs one replicate after the other; "
            "add executor=processes"
        )
