"""A user's own locality, from a YAML file or as a mapping. Its checks are stricter than those of settings.

On the command line a number replaces a label. In a file both are written together, so a number that
contradicts its label is refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.inputs.tables import cases, label
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES, TYPES
from woc_sim.records import MAX_SETTINGS_BYTES, file_bytes, shown, yaml_text
from woc_sim.scenario import fields
from woc_sim.scenario.localities import signs, with_labels
from woc_sim.scenario.schema import COVARIATES, SYNTHETIC, Band, LocalitySpec

LOCALITY_FILE_KEYS: Final = ("name", "framework", "size", "executive", "type", *COVARIATES)
MAX_NAME: Final = 60
"""Longest name of a locality, in characters. It is used in names of folders."""
ADVICE: Final = "give a file with lines 'key: value'"


def locality_from(settings: Mapping[str, Any], where: str) -> LocalitySpec:
    """The locality that a file or a mapping describes. Raises UserError.

    Required: name, framework, size or inhabitants, executive or executive_ideology. Whatever else is missing
    is drawn from the localities of the study. where: words for the sentence, such as " in mine.yaml".
    """
    fields.refuse_unknown_keys("", settings, LOCALITY_FILE_KEYS, where)
    given = {key: value for key, value in settings.items() if value is not None}
    for key, other in (
        ("name", ""),
        ("framework", ""),
        ("size", "inhabitants"),
        ("executive", "executive_ideology"),
    ):
        if key not in given and other not in given:
            raise UserError(f"{key}{f' or {other}' if other else ''} is missing{where}")
    name = fields.text("name", given["name"], where, MAX_NAME)
    if name == SYNTHETIC or any(name == entry.name for entry in cases()):
        raise fields.invalid("name", name, "a name that differs from 'synthetic' and from all cases", where)
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
    _refuse_contradiction(labels, bands, where)
    return replace(with_labels(spec, labels["size"], labels["executive"], labels["type"]), **bands)


def read_locality_file(path: str) -> dict[str, Any]:
    """The settings in a locality file, with their form checked. Raises UserError."""
    source = f"locality.file {shown(path)!r}"
    try:
        content = file_bytes(Path(path), ADVICE, MAX_SETTINGS_BYTES)
    except FileNotFoundError:
        raise UserError(f"{source} cannot be read (there is no such file); {ADVICE}") from None
    settings = yaml_text(content, source, ADVICE)
    if settings is None:
        raise UserError(f"{source} is empty; it needs {', '.join(LOCALITY_FILE_KEYS[:4])}")
    if not isinstance(settings, dict):
        raise UserError(
            f"{source} must hold lines 'key: value' with the keys {', '.join(LOCALITY_FILE_KEYS)}"
        )
    return settings


def _refuse_contradiction(labels: dict[str, str], bands: dict[str, Band], where: str) -> None:
    """Raise UserError if a number lies outside the range of a label in the same file."""
    limits: list[tuple[str, str, Band]] = []
    if labels["size"]:
        limits.append(("size", "inhabitants", label("size", labels["size"], "inhabitants")))
    if labels["executive"]:
        ideology = label("executive", labels["executive"], "ideology")
        # The range of a label is narrow; only a number on the other side of the centre contradicts it.
        accepted = (0.0, 1.0) if ideology[0] > 0 else (-1.0, 0.0) if ideology[1] < 0 else (-0.35, 0.35)
        limits.append(("executive", "executive_ideology", accepted))
    if labels["type"]:
        structure, _ = signs(labels["type"])
        trend = COVARIATES["population_trend"]
        limits.append(("type", "population_trend", (0.0, trend.high) if structure > 0 else (trend.low, 0.0)))
    for key, quantity, (low, high) in limits:
        if quantity in bands and not (low <= bands[quantity][0] and bands[quantity][1] <= high):
            given = "..".join(f"{end:g}" for end in dict.fromkeys(bands[quantity]))
            raise UserError(
                f"{key} is {labels[key]!r} but {quantity} is {given}{where}; "
                f"with this {key} it lies in {low:g}..{high:g}"
            )
