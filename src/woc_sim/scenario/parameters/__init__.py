"""The registry of parameters: every number that a process uses, with unit, range, source and status.

There is one table for each subject (``<subject>.csv``); the full name of a parameter is ``<subject>.<name>``.
No parameter depends on type, size, executive or case: differences between places come from their state. A
fault in a table is a bug of the package and raises ``ValueError`` with file and row, not a user error.
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
"""Origin of a value: data, publications, calibration to findings with the role fit, or judgement."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    ``low`` and ``high`` are the range of allowed input, which a sensitivity analysis explores too: the
    plausible range. For the size of an effect it goes from 0 (switched off) to at least twice the value.
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
    parameters: list[Parameter] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = tuple(next(reader, ()))
        if header != _HEADER:
            raise ValueError(f"{path.name} row 1: header is {header}, expected {_HEADER}")
        for row, cells in enumerate(reader, start=2):
            row_name = f"{path.name} row {row}"
            if len(cells) != len(_HEADER):
                raise ValueError(f"{row_name}: {len(cells)} cells, expected {len(_HEADER)}")
            fields = {key: cell.strip() for key, cell in zip(_HEADER, cells, strict=True)}
            parameters.append(_checked(subject, fields, row_name))
    if not parameters:
        raise ValueError(f"{path.name} holds no parameter")
    return parameters


def _checked(subject: str, fields: dict[str, str], row_name: str) -> Parameter:
    empty = [key for key, text in fields.items() if not text]
    if empty:
        raise ValueError(f"{row_name}: {', '.join(empty)} is empty")
    if not fields["name"].isidentifier():
        raise ValueError(f"{row_name}: the name {fields['name']!r} is not an identifier")
    try:
        value, low, high = (float(fields[key]) for key in ("value", "low", "high"))
    except ValueError:
        raise ValueError(f"{row_name}: value, low and high must be numbers") from None
    if not all(map(math.isfinite, (value, low, high))) or not low <= value <= high:
        raise ValueError(f"{row_name}: {value:g} must be finite and lie in {low:g}..{high:g}")
    status, source = fields["status"], fields["source"]
    if status not in STATUSES:
        raise ValueError(f"{row_name}: status is {status!r}, not one of {', '.join(STATUSES)}")
    reason = source.removeprefix("assumed:").strip()
    if (status == "assumed") != source.startswith("assumed:") or not reason:
        raise ValueError(f"{row_name}: an assumed value, and only one, has the source 'assumed: <reason>'")
    name = f"{subject}.{fields['name']}"
    return Parameter(name, value, low, high, fields["unit"], status, source, fields["meaning"], subject)


@cache
def registry() -> Mapping[str, Parameter]:
    """All parameters by full name: subjects in alphabetical order, each in the order of its table."""
    parameters: dict[str, Parameter] = {}
    for path in sorted(_FOLDER.glob("*.csv")):
        for parameter in _read(path):
            if parameter.name in parameters:
                raise ValueError(f"{path.name}: {parameter.name} appears twice")
            parameters[parameter.name] = parameter
    return MappingProxyType(parameters)


def defaults() -> dict[str, float]:
    """Full name -> value of the registry."""
    return {name: parameter.value for name, parameter in registry().items()}
