"""Settings in the words of the command line: their types, and groups that a single word chooses.

``intervention="links"``, ``locality="left_behind"``, ``shocks="no_2015"`` and ``theory/contact`` mean in
Python what they mean in ``woc-sim run``. A group has its options in ``conf/<group>/``; every intervention is
one too.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

Setting: TypeAlias = (
    "str | float | bool | os.PathLike[str] | Sequence[Setting] | Mapping[str, Setting] | None"
)
"""A value of a setting: text, number, true, false, list, mapping of names to values, or None (default)."""
Settings: TypeAlias = Mapping[str, Setting]
"""Settings by key, nested: ``{"locality": {"size": "rural"}}``, or dotted: ``{"locality.size": "rural"}``."""

CONF: Final = (Path(__file__).parent.parent / "conf").resolve()
"""The folder of configuration files."""
GROUPS: Final = ("locality", "intervention", "shocks", "schedule")
"""Keys whose settings a word chooses."""
LISTS: Final = ("intervention",)
"""Groups of which several words may be chosen."""


def in_full(key: str, value: object) -> object:
    """The settings that a word (or a list of words) chooses in a group; any other value as it is.

    Raises UserError for a word that is no option of the group.
    """
    from woc_sim.scenario import fields

    words = fields.as_python(value)
    if key not in GROUPS or not isinstance(words, str | list):
        return value
    known = options(key)
    if key in LISTS:
        chosen = fields.names(key, words, known) if words else []
    else:
        chosen = [fields.choice(key, words, known)]
    settings: dict[str, Any] = {}
    for word in chosen:
        settings |= known_option(key, word)
    return settings


@cache
def options(group: str) -> tuple[str, ...]:
    """The words of a group, in the order of its table or of its files."""
    from woc_sim.scenario.interventions import EFFECTS

    files = [path.stem for path in sorted((CONF / group).glob("*.yaml"))]
    return (*(EFFECTS if group == "intervention" else ()), *files)


def known_option(group: str, word: str) -> dict[str, Any]:
    """The settings of one option, without those that keep their default."""
    from woc_sim.records import yaml_settings

    path = CONF / group / f"{word}.yaml"
    if group == "intervention" and not path.exists():
        return {word: {}}
    content = yaml_settings(path, "install the package again")
    settings: dict[str, Any] = {}
    for base in content.pop("defaults", ()):
        if base != "_self_":
            settings |= known_option(group, base)
    return settings | {name: value for name, value in content.items() if value is not None}
