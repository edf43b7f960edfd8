"""A user's own locality, from a YAML file or as a mapping: the fields of a locality, checked more strictly
than settings are.

On the command line a number wins over a label; in a file, where both were written by the same hand, a
number that its label excludes is a mistake and refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.inputs.tables import cases, label
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES, TYPES
from woc_sim.records import MOST_SETTINGS, file_bytes, shown, yaml_text
from woc_sim.scenario import fields
from woc_sim.scenario.localities import signs, with_labels
from woc_sim.scenario.schema import COVARIATES, SYNTHETIC, Band, LocalitySpec

PLACE_KEYS: Final = ("name", "framework", "size", "executive", "type", *COVARIATES)
LONGEST_NAME: Final = 60
"""Characters of the name of a locality: it names folders too."""
MEND: Final = "name a file of a dozen lines 'key: value'"


def place(settings: Mapping[str, Any], where: str) -> LocalitySpec:
    """The locality that a file or a mapping describes; raises UserError naming key, value and what fits.

    Needed: name, framework, size or inhabitants, executive or executive_ideology. What else is missing is
    drawn from the localities of the study. where: words for the sentence, as in " in mine.yaml".
    """
    fields.known("", settings, PLACE_KEYS, where)
    given = {key: value for key, value in settings.items() if value is not None}
    for key, other in (
        ("name", ""),
        ("framework", ""),
        ("size", "inhabitants"),
        ("executive", "executive_ideology"),
    ):
        if key not in given and other not in given:
            raise UserError(f"{key}{f' or {other}' if other else ''} is missing{where}")
    name = fields.text("name", given["name"], where, LONGEST_NAME)
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


def read(path: str) -> dict[str, Any]:
    """What a locality file holds, its form checked; raises UserError."""
    name = f"locality.file {shown(path)!r}"
    try:
        content = file_bytes(Path(path), MEND, MOST_SETTINGS)
    except FileNotFoundError:
        raise UserError(f"{name} cannot be read (there is no such file); {MEND}") from None
    settings = yaml_text(content, name, MEND)
    if settings is None:
        raise UserError(f"{name} is empty; it needs {', '.join(PLACE_KEYS[:4])}")
    if not isinstance(settings, dict):
        raise UserError(f"{name} must hold lines 'key: value' with the keys {', '.join(PLACE_KEYS)}")
    return settings


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
            given = "..".join(f"{end:g}" for end in dict.fromkeys(bands[quantity]))
            raise UserError(
                f"{key} is {labels[key]!r} but {quantity} is {given}{where}; "
                f"with this {key} it lies in {low:g}..{high:g}"
            )
