"""`--config-dir DIR`: a folder of the user's own YAML files, whose options join those of woc-sim.

`DIR/locality/mytown.yaml` becomes `locality=mytown`, `DIR/experiment/mine.yaml` becomes `experiment=mine`.
The files are settings, perhaps from others: one strict reader reads them, and they can neither refer to other
settings nor name code.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from woc_sim.cli.startup import CONFIG_DIR_VARIABLE
from woc_sim.errors import UserError, short_list
from woc_sim.records import shown, yaml_settings
from woc_sim.scenario import fields
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.locality_file import locality_from
from woc_sim.scenario.parse import (
    INTERVENTION_KEYS,
    LOCALITY_KEYS,
    OPTION_KEYS,
    SCENARIO_KEYS,
    SCHEDULE_KEYS,
    SHOCK_KEYS,
    parse,
)

OPTION: Final = "--config-dir"
ADVICE: Final = "write lines 'key: value'"

Node = dict[str, Any]


def take_config_dir(typed: Sequence[str]) -> list[str]:
    """The arguments without `--config-dir DIR`; the folder is kept for the command. Raises UserError."""
    rest: list[str] = []
    folders: list[str] = []
    given = iter(typed)
    for argument in given:
        if argument == OPTION:
            folders.append(next(given, ""))
        elif argument.startswith(f"{OPTION}="):
            folders.append(argument.partition("=")[2])
        else:
            rest.append(argument)
    if len(folders) > 1:
        raise UserError(f"{OPTION} is given twice; give one folder")
    for folder in folders:
        if not folder or not os.path.isdir(folder):
            raise UserError(f"{OPTION} {shown(folder)} is no folder; give the folder of your YAML files")
        os.environ[CONFIG_DIR_VARIABLE] = folder
    return rest


def command_text(command: str, arguments: Sequence[str]) -> str:
    """A command as it can be typed again."""
    folder = os.environ.get(CONFIG_DIR_VARIABLE)
    return shlex.join(["woc-sim", command, *arguments, *([OPTION, folder] if folder else [])])


def own_options() -> Mapping[str, Mapping[str, Node]]:
    """Group -> name of an option -> its settings, of the user's folder. Raises UserError for a file at
    fault.
    """
    folder = os.environ.get(CONFIG_DIR_VARIABLE)
    return _options(Path(folder)) if folder else {}


@cache
def _options(folder: Path) -> Mapping[str, Mapping[str, Node]]:
    found: dict[str, dict[str, Node]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        group = path.parent.relative_to(folder).as_posix()
        if group not in READERS:
            raise UserError(
                f"{shown(path)} is in no group; put it into {short_list(f'{name}/' for name in READERS)} of "
                f"{shown(folder)}"
            )
        if not path.stem.isidentifier():
            raise UserError(f"{shown(path)} cannot be an option; name it with letters, digits and _")
        found.setdefault(group, {})[path.stem] = _read(path, group)
    return found


def _read(path: Path, group: str) -> Node:
    where = f" in {shown(path)}"
    content = yaml_settings(path, ADVICE)
    settings = dict(fields.mapping(shown(path), content))
    _refuse_references(settings, where)
    return READERS[group](settings, where)


def _refuse_references(value: Any, where: str) -> None:
    """Raise UserError for what Hydra would not take as plain settings: `${...}`, `???`, `_target_`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key.startswith("_") or key == "defaults":
                raise UserError(f"the key {shown(repr(key))}{where} is no setting; remove it")
            _refuse_references(inner, where)
    elif isinstance(value, list):
        for inner in value:
            _refuse_references(inner, where)
    elif isinstance(value, str) and ("${" in value or value == "???"):
        raise UserError(f"{shown(repr(value))}{where} refers to another setting; write the value")


def _locality(settings: Node, where: str) -> Node:
    """A locality of one's own, which has a name, or some settings of a synthetic one."""
    if "name" in settings:
        locality_from(settings, where)
        return {"locality": {**dict.fromkeys(LOCALITY_KEYS), "place": settings}}
    return _group("locality", LOCALITY_KEYS)(settings, where)


def _group(group: str, keys: Sequence[str], default: Any = None) -> Callable[[Node, str], Node]:
    """The reader of a group with fixed keys."""

    def read(settings: Node, where: str) -> Node:
        fields.refuse_unknown_keys("", settings, keys, where)
        _refuse_values({group: settings}, where)
        return {group: {**dict.fromkeys(keys, default), **settings}}

    return read


def _interventions(settings: Node, where: str) -> Node:
    """Some interventions with their months and strengths, chosen together by one name."""
    fields.refuse_unknown_keys("", settings, EFFECTS, where)
    chosen = {}
    for name, given in settings.items():
        inner = fields.mapping(name, given, where)
        fields.refuse_unknown_keys(name, inner, INTERVENTION_KEYS, where)
        chosen[name] = {**dict.fromkeys(INTERVENTION_KEYS), **inner}
        # the localities of the run are not known yet
        _refuse_values({"intervention": {name: chosen[name] | {"where": None}}}, where)
    return {"intervention": chosen}


def _settings(settings: Node, where: str) -> Node:
    """Settings of a run that belong together."""
    fields.refuse_unknown_keys("", settings, (*SCENARIO_KEYS, *OPTION_KEYS), where)
    # what depends on the place is read with it
    _refuse_values({key: settings[key] for key in settings if key not in OF_PLACES}, where)
    return settings


OF_PLACES: Final = ("case", "locality", "size", "executive", "intervention", "scale")
"""Settings that other settings of a run may complete."""


def _refuse_values(settings: Node, where: str) -> None:
    """Raise UserError, with the file, for values that no run would take."""
    place = {} if "locality" in settings else {"case": "C21"}
    try:
        parse({**place, **settings})
    except UserError as error:
        raise UserError(f"{error.sentence}; it stands{where}") from None


def _axes(settings: Node, where: str) -> Node:
    """Axes of a sweep, each key with its values as they would be typed."""
    for key, values in settings.items():
        if not isinstance(values, str | int | float | list) or isinstance(values, bool):
            raise fields.invalid(key, values, "values as they are typed, 'small,medium', or a list", where)
    return {
        "hydra": {
            "sweeper": {
                "params": {
                    key: ",".join(map(str, values)) if isinstance(values, list) else str(values)
                    for key, values in settings.items()
                }
            }
        }
    }


READERS: Final[Mapping[str, Callable[[Node, str], Node]]] = {
    "locality": _locality,
    "intervention": _interventions,
    "shocks": _group("shocks", SHOCK_KEYS, 1),
    "schedule": _group("schedule", SCHEDULE_KEYS),
    "experiment": _settings,
    "sweep": _axes,
}
"""Groups to which a folder of one's own may add options, and the reader of their files."""
