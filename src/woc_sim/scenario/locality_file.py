"""A user's own locality from a YAML file: the fields of a locality, checked more strictly than settings
are.

On the command line a number wins over a label; in a file, where both were written by the same hand, a
number that its label excludes is a mistake and refused.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import yaml

from woc_sim.errors import UserError
from woc_sim.inputs.tables import cases, label
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES, TYPES
from woc_sim.scenario import fields
from woc_sim.scenario.localities import signs, with_labels
from woc_sim.scenario.schema import COVARIATES, SYNTHETIC, Band, LocalitySpec

FILE_KEYS: Final = ("name", "framework", "size", "executive", "type", *COVARIATES)
_MOST_BYTES = 1_000_000


def from_file(path: str) -> LocalitySpec:
    """The locality in a YAML file; raises UserError naming file, key, value and what is allowed.

    Needed: name, framework, size or inhabitants, executive or executive_ideology. What else is missing is
    drawn from the localities of the study.
    """
    where = f" in {path}"
    settings = _read(path)
    fields.known("", settings, FILE_KEYS, where)
    given = {key: value for key, value in settings.items() if value is not None}
    for key, other in (
        ("name", ""),
        ("framework", ""),
        ("size", "inhabitants"),
        ("executive", "executive_ideology"),
    ):
        if key not in given and other not in given:
            raise UserError(f"{key}{f' or {other}' if other else ''} is missing{where}")
    name = fields.text("name", given["name"], where)
    if name == SYNTHETIC or any(name == one.name for one in cases()):
        raise fields.refuse("name", name, "a name that no case has, nor 'synthetic'", where)
    spec = LocalitySpec(name, name, fields.choice("framework", given["framework"], FRAMEWORKS, where))
    labels = {
        key: fields.choice(key, given[key], names, where) if key in given else ""
        for key, names in (("size", SIZES), ("executive", EXECUTIVES), ("type", TYPES))
    }
    bands: dict[str, Any] = {
        key: fields.band(key, given[key], quantity.low, quantity.high, where)
        for key, quantity in COVARIATES.items()
        if key in given
    }
    _consistent(labels, bands, where)
    return replace(with_labels(spec, labels["size"], labels["executive"], labels["type"]), **bands)


def _read(path: str) -> dict[str, Any]:
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"locality.file {path!r} cannot be read ({reason})") from None
    if len(content) > _MOST_BYTES:
        raise UserError(
            f"locality.file {path!r} is larger than a megabyte; it should hold a dozen lines of YAML"
        )
    try:
        settings = yaml.load(content.decode("utf-8"), Loader=_StrictLoader)
    except UnicodeDecodeError:
        raise UserError(f"locality.file {path!r} is not a text file in UTF-8") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UserError(f"locality.file {path!r} is not valid YAML ({_first_fault(error)})") from None
    if settings is None:
        raise UserError(f"locality.file {path!r} is empty; it needs {', '.join(FILE_KEYS[:4])}")
    if not isinstance(settings, dict) or not all(isinstance(key, str) for key in settings):
        raise UserError(
            f"locality.file {path!r} must hold lines 'key: value' with the keys {', '.join(FILE_KEYS)}"
        )
    return settings


def _first_fault(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return " ".join(str(error).split())[:120]


class _StrictLoader(yaml.SafeLoader):
    """YAML without the habit of taking the last of two equal keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            if isinstance(key, str):
                seen.add(key)
        return super().construct_mapping(node, deep)


def _consistent(labels: dict[str, str], bands: dict[str, Band], where: str) -> None:
    """Refuse a number that lies outside what a label in the same file stands for."""
    limits: list[tuple[str, str, Band]] = []
    if labels["size"]:
        limits.append(("size", "inhabitants", label("size", labels["size"], "inhabitants")))
    if labels["executive"]:
        side = label("executive", labels["executive"], "ideology")
        # The label's range is narrow; only the other side of the centre contradicts it.
        widened = (0.0, 1.0) if side[0] > 0 else (-1.0, 0.0) if side[1] < 0 else (-0.35, 0.35)
        limits.append(("executive", "executive_ideology", widened))
    if labels["type"]:
        structure, _ = signs(labels["type"])
        trend = COVARIATES["population_trend"]
        limits.append(("type", "population_trend", (0.0, trend.high) if structure > 0 else (trend.low, 0.0)))
    for key, quantity, (low, high) in limits:
        if quantity in bands and not (low <= bands[quantity][0] and bands[quantity][1] <= high):
            shown = "..".join(f"{end:g}" for end in dict.fromkeys(bands[quantity]))
            raise UserError(
                f"{key} is {labels[key]!r} but {quantity} is {shown}{where}; "
                f"with this {key} it lies in {low:g}..{high:g}"
            )
