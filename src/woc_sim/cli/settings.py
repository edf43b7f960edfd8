"""key=value settings of commands that are no single run (`validate`, `sensitivity`): few, flat, each checked.

Values are read as YAML scalars, as Hydra reads them for `run`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from woc_sim.errors import UserError, nearest

Reader = Callable[[str, object], Any]


def read(
    arguments: Sequence[str], readers: Mapping[str, Reader], flags: Sequence[str] = ()
) -> tuple[dict[str, Any], set[str]]:
    """The settings and flags among the arguments, checked; raises UserError.

    readers: key -> function of (key, value) that returns the checked value; flags: accepted ``--words``.
    """
    found: dict[str, Any] = {}
    raised: set[str] = set()
    for argument in arguments:
        if argument in flags:
            raised.add(argument)
            continue
        key, equals, text = argument.partition("=")
        if not equals or key not in readers:
            names = [f"{name}=" for name in readers] + list(flags)
            hint = nearest(key + equals, names) or f"there are {', '.join(names)}"
            raise UserError(f"{argument!r} is no setting of this command; {hint}")
        if key in found:
            raise UserError(f"{key} is given twice; give it once")
        found[key] = readers[key](key, _value(text))
    return found, raised


def _value(text: str) -> object:
    try:
        return yaml.safe_load(text) if text else ""
    except yaml.YAMLError:
        return text
