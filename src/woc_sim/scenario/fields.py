"""Readers of single settings: each returns a value of the right type inside its range, or says what is
allowed.

`where` is added to every sentence, for settings that come from a file.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from woc_sim.errors import UserError, allowed, nearest


def refuse(key: str, value: object, wanted: str, where: str = "") -> UserError:
    """The error for a value that does not fit its key."""
    return UserError(f"{key} is {_shown(value)}{where}; allowed: {wanted}")


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def unknown(what: str, name: object, valid: Iterable[str], where: str = "") -> UserError:
    """The error for a name that does not exist, with the nearest names or the list of all."""
    names = list(valid)
    hint = nearest(str(name), names) or f"there are {allowed(names)}"
    return UserError(f"{what} {str(name)!r} does not exist{where}; {hint}")


def number(key: str, value: object, low: float, high: float, where: str = "") -> float:
    """A finite number from low to high; integers are taken as floats, booleans and strings are not
    numbers."""
    wanted = f"a number from {low:g} to {high:g}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refuse(key, value, wanted, where)
    if not low <= value <= high:
        raise refuse(key, value, wanted, where)
    return float(value)


def integer(key: str, value: object, low: int, high: int, where: str = "") -> int:
    """An integer from low to high; 3.0 counts as one, 1.5 and true do not."""
    wanted = f"an integer from {low} to {high}"
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole:
        raise refuse(key, value, wanted, where)
    assert isinstance(value, int | float)
    if not low <= value <= high:
        raise refuse(key, value, wanted, where)
    return int(value)


def choice(key: str, value: object, names: Iterable[str], where: str = "") -> str:
    """One of the names."""
    listed = list(names)
    if isinstance(value, str) and value in listed:
        return value
    hint = nearest(value, listed) if isinstance(value, str) else ""
    wanted = allowed(listed, 20)
    raise refuse(key, value, f"{wanted} ({hint})" if hint else wanted, where)


def flag(key: str, value: object, where: str = "") -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise refuse(key, value, "true or false", where)
    return value


def text(key: str, value: object, where: str = "") -> str:
    """A string with something in it."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise refuse(key, value, "a name that is not empty", where)
    return value


def band(key: str, value: object, low: float, high: float, where: str = "") -> tuple[float, float]:
    """A number, or the two ends [low, high] inside which each replicate draws."""
    if not isinstance(value, list | tuple):
        one = number(key, value, low, high, where)
        return one, one
    if len(value) != 2:
        raise refuse(key, value, f"a number from {low:g} to {high:g}, or two of them as [low, high]", where)
    bottom, top = (number(key, end, low, high, where) for end in value)
    if bottom > top:
        raise refuse(key, value, "[low, high] with low not above high", where)
    return bottom, top


def mapping(key: str, value: object, where: str = "") -> Mapping[str, Any]:
    """A mapping with names as keys; empty when the value is null."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise refuse(key, value, "a mapping of names to values", where)
    return value


def known(key: str, settings: Mapping[str, Any], names: Iterable[str], where: str = "") -> None:
    """Refuse a key of `settings` that is not one of the names; `key` is the mapping's own key, empty at
    the top."""
    listed = list(names)
    for name in settings:
        if name not in listed:
            raise unknown(
                "the key",
                f"{key}.{name}" if key else name,
                [f"{key}.{n}" if key else n for n in listed],
                where,
            )
