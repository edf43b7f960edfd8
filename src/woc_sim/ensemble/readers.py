"""Readers of settings: functions of (key, value) that return the checked value or raise UserError.

Commands and settings that are made in Python use the same ones, so that a range stands once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from typing import Any, Final

from woc_sim.scenario import fields
from woc_sim.scenario.checks import MAX_PEOPLE, MAX_SEED
from woc_sim.scenario.parse import MAX_WORKERS

Reader = Callable[[str, object], Any]


def integer(low: int, high: int) -> Reader:
    """The reader of an integer from low to high."""
    return lambda key, value: fields.integer(key, value, low, high)


def number(low: float, high: float) -> Reader:
    """The reader of a number from low to high."""
    return lambda key, value: fields.number(key, value, low, high)


def choice(names: Sequence[str]) -> Reader:
    """The reader of one of the names."""
    return lambda key, value: fields.choice(key, value, names)


def names(key: str, value: object) -> tuple[str, ...]:
    """Names, as a text in which commas separate them or as a list; whether they exist is checked where they
    are used."""
    value = fields.as_python(value)
    if isinstance(value, list | tuple):
        return tuple(fields.text(key, each) for each in value)
    return tuple(fields.text(key, value).replace(" ", "").split(","))


PEOPLE: Final = integer(50, MAX_PEOPLE)
SEED: Final = integer(0, MAX_SEED)
WORKERS: Final = integer(1, MAX_WORKERS)


def read_fields(settings: Any, readers: Mapping[str, Reader]) -> None:
    """Read the fields of a frozen dataclass in its ``__post_init__``. None stays where it is the default.

    Raises UserError for a value that its reader refuses.
    """
    optional = {each.name for each in fields_of(settings) if each.default is None}
    for key, reader in readers.items():
        value = getattr(settings, key)
        if value is not None or key not in optional:
            object.__setattr__(settings, key, reader(key, value))


def read_values(readers: Mapping[str, Reader], **given: object) -> tuple[Any, ...]:
    """The checked values of the arguments of a function, in their order. Raises UserError."""
    return tuple(readers[key](key, value) for key, value in given.items())
