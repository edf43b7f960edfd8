"""Readers of single settings. Each returns a value of the right type in its range, or raises UserError.

`where` is added to the sentence for settings from a file. Numbers, texts and lists of numpy and pandas are
accepted (`as_python`).
"""

import math
import os
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from woc_sim.errors import UserError, nearest, short_list
from woc_sim.records import MAX_SHOWN, shown
from woc_sim.scenario.renamed import current_value

MAX_SHOWN_BITS: Final = 64
"""Longest integer that a sentence shows, in bits. Python refuses to print an integer of 5,000 digits."""


class _ShortRepr(reprlib.Repr):
    """Short representations of values of any length and depth."""

    def repr_int(self, value: int, level: int) -> str:
        if value.bit_length() > MAX_SHOWN_BITS:
            return f"an integer of about {int(value.bit_length() * math.log10(2)) + 1} digits"
        return str(value)


_short_repr = _ShortRepr()
_short_repr.maxstring = _short_repr.maxother = MAX_SHOWN


def invalid(key: str, value: object, allowed: str, where: str = "") -> UserError:
    """The error for a value that its key does not allow."""
    return UserError(f"{shown(key)} is {shown_value(value)}{where}; allowed: {allowed}")


def shown_value(value: object) -> str:
    """A value for a sentence: short and on one line."""
    return "empty" if value is None else shown(_short_repr.repr(value))


def unknown_name(what: str, name: object, valid: Iterable[str], where: str = "") -> UserError:
    """The error for a name that does not exist. It lists the nearest names, or all."""
    names = list(valid)
    hint = nearest(str(name), names) if isinstance(name, str) else ""
    text = shown_value(name if isinstance(name, str | int | float) else repr(name))
    return UserError(f"{what} {text} does not exist{where}; {hint or f'there are {short_list(names)}'}")


def setting(key: str, value: object) -> Any:
    """A value as settings hold it: text, number, true, false, null, or a list of these. Its own type is not
    checked yet.

    Raises UserError for anything else, such as a table, a date or a set.
    """
    values = as_python(value)
    for item in values if isinstance(values, list) else [values]:
        if not (item is None or isinstance(item, str | int | float | list)):
            raise invalid(key, value, "a text, a number, true, false, or a list of them")
    return values


def as_python(value: object) -> Any:
    """A scalar or one-dimensional array of numpy or pandas as a Python value or list; a path as text.

    Everything else is returned unchanged, also tables and arrays of more dimensions: no setting accepts them.
    """
    if hasattr(type(value), "tolist") and getattr(value, "ndim", 1) <= 1:
        return value.tolist()  # type: ignore[attr-defined]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, list | tuple):
        return [as_python(each) if hasattr(type(each), "tolist") else each for each in value]
    return value


def number(key: str, value: object, low: float, high: float, where: str = "") -> float:
    """A finite number from low to high. Integers become floats; booleans and texts are refused."""
    value = as_python(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise invalid(key, value, f"a number from {low:g} to {high:g}", where)
    return float(value)


def integer(key: str, value: object, low: int, high: int, where: str = "") -> int:
    """An integer from low to high. Refused are 3.0, 1e3 and true."""
    value = as_python(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        is_whole = isinstance(value, float) and value.is_integer()
        hint = ", written without a point or an exponent" if is_whole else ""
        raise invalid(key, value, f"an integer from {low} to {high}{hint}", where)
    return int(value)


def choice(key: str, value: object, names: Iterable[str], where: str = "") -> str:
    """One of the names."""
    listed, value = list(names), as_python(value)
    if isinstance(value, str):
        value = value if value in listed else current_value(key, value)
        if value in listed:
            return str(value)
    hint = nearest(value, listed) if isinstance(value, str) else ""
    options = short_list(listed, 20)
    raise invalid(key, value, f"{options} ({hint})" if hint else options, where)


def flag(key: str, value: object, where: str = "") -> bool:
    """true or false."""
    value = as_python(value)
    if not isinstance(value, bool):
        raise invalid(key, value, "true or false", where)
    return value


def text(key: str, value: object, where: str = "", most: int = 4096) -> str:
    """A text that is not empty, has only printable characters and at most `most` of them."""
    value = as_python(value)
    if not isinstance(value, str) or not value.strip():
        raise invalid(key, value, "a name that is not empty", where)
    if not value.isprintable():
        raise invalid(key, value, "a name without control characters and invisible marks", where)
    if len(value) > most:
        raise invalid(key, value, f"a name of at most {most} characters", where)
    return str(value)


def names(key: str, value: object, valid: Iterable[str], what: str = "") -> list[str]:
    """A list of valid names without repetition; a single name counts as a list. what: the noun for a name, if
    not the key.
    """
    listed, value = list(valid), as_python(value)
    values = value if isinstance(value, list) else [value]
    values = [
        current_value(key, name) if isinstance(name, str) and name not in listed else name for name in values
    ]
    for name in values:
        if not what:
            choice(key, name, listed)
        elif not isinstance(name, str) or name not in listed:
            raise unknown_name(what, name, listed)
    if not values:
        raise invalid(key, value, "a name, or a list of them")
    repeated = next((name for index, name in enumerate(values) if name in values[:index]), None)
    if repeated is not None:
        raise UserError(f"{key} has {repeated!r} twice; allowed: each name once")
    return [str(name) for name in values]


def band(key: str, value: object, low: float, high: float, where: str = "") -> tuple[float, float]:
    """A number, or a range [low, high] in which each replicate draws a value."""
    value = as_python(value)
    if not isinstance(value, list):
        name = number(key, value, low, high, where)
        return name, name
    if len(value) != 2:
        raise invalid(key, value, f"a number from {low:g} to {high:g}, or two of them as [low, high]", where)
    bottom, top = (number(key, end, low, high, where) for end in value)
    if bottom > top:
        raise invalid(key, value, "[low, high] with low not above high", where)
    return bottom, top


def mapping(key: str, value: object, where: str = "") -> Mapping[str, Any]:
    """A mapping with names as keys; null means empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise invalid(key, value, "a mapping of names to values", where)
    return value


def refuse_unknown_keys(key: str, settings: Mapping[str, Any], names: Iterable[str], where: str = "") -> None:
    """Raise UserError for a key of `settings` that is not among the names. `key` is the key of the mapping
    itself, empty at the top level.
    """
    listed = list(names)
    for name in settings:
        if name not in listed:
            raise unknown_name(
                "the key",
                f"{key}.{name}" if key else name,
                [f"{key}.{n}" if key else n for n in listed],
                where,
            )
