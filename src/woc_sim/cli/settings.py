"""key=value settings of commands that are no single run (`validate`, `sensitivity`): few, flat, each checked.

They are read as those of `run` are (`woc_sim.cli.overrides`): the same text means the same, or is refused, in
every command.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from woc_sim.errors import UserError, nearest
from woc_sim.records import shown
from woc_sim.scenario.schema import RunOptions

Reader = Callable[[str, object], Any]

LIST_SETTINGS: Final = ("over", "only")
"""Settings that take several names, with commas between them."""


def read_settings(
    arguments: Sequence[str], readers: Mapping[str, Reader], flags: Sequence[str] = ()
) -> tuple[dict[str, Any], set[str]]:
    """The settings and flags among the arguments, checked; raises UserError.

    readers: key -> function of (key, value) that returns the checked value; flags: accepted ``--words``. null
    is as good as not given.
    """
    found: dict[str, Any] = {}
    raised: set[str] = set()
    seen: set[str] = set()
    for argument in arguments:
        key, equals, _ = argument.partition("=")
        if argument not in flags and (not equals or key not in readers):
            names = [f"{name}=" for name in readers] + list(flags)
            hint = nearest(key + equals, names) or f"there are {', '.join(names)}"
            raise UserError(f"{shown(repr(argument))} is no setting of this command; {hint}")
        if key in seen:
            raise UserError(f"{key} is given twice; give it once")
        seen.add(key)
        if argument in flags:
            raised.add(argument)
            continue
        value = _value(key, argument)
        if value is not None:
            found[key] = readers[key](key, value)
    return found, raised


def _value(key: str, argument: str) -> Any:
    """The value of a setting: several ones are a list, or for `LIST_SETTINGS` a text with commas."""
    from woc_sim.cli.overrides import parse_override, values_of  # Hydra, which help does not need

    override = parse_override(argument)
    values = values_of(override)
    found = values if override.is_sweep_override() else values[0]
    if "${" in str(found) or found == "???":
        raise UserError(f"{shown(repr(argument))} refers to another setting; write the value itself")
    if key in LIST_SETTINGS and isinstance(found, list):
        return ",".join(map(str, found))
    return found


IGNORED_SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "sweep": {
        "profile": "`woc-sim run profile=true` times one scenario",
        "life_stories": "`woc-sim run life_stories=20` tells the lives of one scenario",
    },
    "compare": {
        each.name: f"{each.name}= stands after the two scenarios"
        if each.name in ("out", "replicates", "workers")
        else "leave it out"
        for each in fields(RunOptions)
    },
}
"""Command -> key that it does not heed -> what to do instead."""


def refuse_ignored(command: str, typed: Sequence[str]) -> None:
    """Refuse settings that `command` would not heed; raises UserError with what heeds them."""
    for argument in typed:
        key, equals, _ = argument.partition("=")
        if equals and key in IGNORED_SETTINGS[command]:
            raise UserError(
                f"{shown(repr(argument))} does nothing in {command}; {IGNORED_SETTINGS[command][key]}"
            )


def refuse_unused_workers(options: RunOptions) -> None:
    """Refuse workers of a run whose executor has none; raises UserError."""
    if options.executor == "in_process" and options.workers not in (None, 1):
        raise UserError(
            f"workers is {options.workers}, but the executor lives one replicate after the other; "
            "add executor=processes"
        )
