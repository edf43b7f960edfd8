"""The registry of parameters: every number a process uses, with unit, range, source and status.

One table a subject lies beside this module (``<subject>.csv``); a parameter's full name is
``<subject>.<name>``. No parameter is indexed by type, size, executive or case: differences between places
come from their state. The tables belong to the package, so a fault in one raises ``ValueError`` naming
file and row, never a user error.
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

_FOLDER = Path(__file__).parent
_HEADER = ("name", "value", "low", "high", "unit", "status", "source", "meaning")

STATUSES: Final = ("measured", "literature", "calibrated", "assumed")
"""Where a value comes from: data, publications, a fit of the model to findings marked so, or judgement."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    ``low`` and ``high`` are the range that input may take and that a sensitivity analysis explores: what is
    plausible, and for an effect from 0 (switched off) to at least twice the value.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    status: str
    source: str
    meaning: str
    subject: str


def _read(path: Path) -> list[Parameter]:
    """The parameters of one subject, checked."""
    subject = path.stem
    found: list[Parameter] = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = tuple(next(reader, ()))
        if header != _HEADER:
            raise ValueError(f"{path.name} row 1: header is {header}, expected {_HEADER}")
        for row, cells in enumerate(reader, start=2):
            place = f"{path.name} row {row}"
            if len(cells) != len(_HEADER):
                raise ValueError(f"{place}: {len(cells)} cells, expected {len(_HEADER)}")
            fields = {key: cell.strip() for key, cell in zip(_HEADER, cells, strict=True)}
            found.append(_checked(subject, fields, place))
    if not found:
        raise ValueError(f"{path.name} holds no parameter")
    return found


def _checked(subject: str, fields: dict[str, str], place: str) -> Parameter:
    empty = [key for key, text in fields.items() if not text]
    if empty:
        raise ValueError(f"{place}: {', '.join(empty)} is empty")
    if not fields["name"].isidentifier():
        raise ValueError(f"{place}: the name {fields['name']!r} is not an identifier")
    try:
        value, low, high = (float(fields[key]) for key in ("value", "low", "high"))
    except ValueError:
        raise ValueError(f"{place}: value, low and high must be numbers") from None
    if not all(map(math.isfinite, (value, low, high))) or not low <= value <= high:
        raise ValueError(f"{place}: {value:g} must be finite and lie in {low:g}..{high:g}")
    status, source = fields["status"], fields["source"]
    if status not in STATUSES:
        raise ValueError(f"{place}: status is {status!r}, not one of {', '.join(STATUSES)}")
    reason = source.removeprefix("assumed:").strip()
    if (status == "assumed") != source.startswith("assumed:") or not reason:
        raise ValueError(f"{place}: an assumed value, and only one, has the source 'assumed: <reason>'")
    name = f"{subject}.{fields['name']}"
    return Parameter(name, value, low, high, fields["unit"], status, source, fields["meaning"], subject)


@cache
def registry() -> Mapping[str, Parameter]:
    """All parameters by full name, subjects in alphabetical order, each subject in the order of its table."""
    found: dict[str, Parameter] = {}
    for path in sorted(_FOLDER.glob("*.csv")):
        for parameter in _read(path):
            if parameter.name in found:
                raise ValueError(f"{path.name}: {parameter.name} appears twice")
            found[parameter.name] = parameter
    return MappingProxyType(found)


def defaults() -> dict[str, float]:
    """Full name -> value, as the tables have it."""
    return {name: parameter.value for name, parameter in registry().items()}
