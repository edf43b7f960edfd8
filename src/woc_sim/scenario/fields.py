"""Readers of single settings: each returns a value of the right type inside its range, or says what is
allowed.

`where` is added to every sentence, for settings that come from a file. Numbers, texts and lists of numpy and
pandas are taken for what they hold (`plain`).
"""

import math
import os
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from woc_sim.errors import UserError, allowed, nearest
from woc_sim.records import LONGEST, shown
from woc_sim.scenario.renamed import current_value

LONGEST_INTEGER: Final = 64
"""Bits of the longest integer that a sentence spells: Python refuses to spell out one of 5,000 digits."""


class _Short(reprlib.Repr):
    """Values in a few words, however long, deep or odd they are."""

    def repr_int(self, value: int, level: int) -> str:
        if value.bit_length() > LONGEST_INTEGER:
            return f"an integer of about {int(value.bit_length() * math.log10(2)) + 1} digits"
        return str(value)


_short = _Short()
_short.maxstring = _short.maxother = LONGEST


def refuse(key: str, value: object, wanted: str, where: str = "") -> UserError:
    """The error for a value that does not fit its key."""
    return UserError(f"{shown(key)} is {spelled(value)}{where}; allowed: {wanted}")


def spelled(value: object) -> str:
    """A value for a sentence: short, in one line, whatever it is."""
    return "empty" if value is None else shown(_short.repr(value))


def unknown(what: str, name: object, valid: Iterable[str], where: str = "") -> UserError:
    """The error for a name that does not exist, with the nearest names or the list of all."""
    names = list(valid)
    hint = nearest(str(name), names) if isinstance(name, str) else ""
    told = spelled(name if isinstance(name, str | int | float) else repr(name))
    return UserError(f"{what} {told} does not exist{where}; {hint or f'there are {allowed(names)}'}")


def setting(key: str, value: object) -> Any:
    """A value as settings hold it, its own type not yet looked at: text, number, true, false, null, or a list
    of these. Raises UserError for all else: a table, a date, a set."""
    found = plain(value)
    for each in found if isinstance(found, list) else [found]:
        if not (each is None or isinstance(each, str | int | float | list)):
            raise refuse(key, value, "a text, a number, true, false, or a list of them")
    return found


def plain(value: object) -> Any:
    """What an array or a scalar of numpy or pandas holds, as Python's own value or list; the text of a path.

    All else stays as it is, arrays of two and more dimensions and tables too: no setting takes them.
    """
    if hasattr(type(value), "tolist") and getattr(value, "ndim", 1) <= 1:
        return value.tolist()  # type: ignore[attr-defined]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, list | tuple):
        return [plain(each) if hasattr(type(each), "tolist") else each for each in value]
    return value


def number(key: str, value: object, low: float, high: float, where: str = "") -> float:
    """A finite number from low to high; integers are taken as floats, booleans and strings are not
    numbers."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise refuse(key, value, f"a number from {low:g} to {high:g}", where)
    return float(value)


def integer(key: str, value: object, low: int, high: int, where: str = "") -> int:
    """An integer from low to high, written as one: 3.0, 1e3 and true are none."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        whole = isinstance(value, float) and value.is_integer()
        hint = ", written without a point or an exponent" if whole else ""
        raise refuse(key, value, f"an integer from {low} to {high}{hint}", where)
    return int(value)


def choice(key: str, value: object, names: Iterable[str], where: str = "") -> str:
    """One of the names."""
    listed, value = list(names), plain(value)
    if isinstance(value, str):
        value = value if value in listed else current_value(key, value)
        if value in listed:
            return str(value)
    hint = nearest(value, listed) if isinstance(value, str) else ""
    wanted = allowed(listed, 20)
    raise refuse(key, value, f"{wanted} ({hint})" if hint else wanted, where)


def flag(key: str, value: object, where: str = "") -> bool:
    """true or false."""
    value = plain(value)
    if not isinstance(value, bool):
        raise refuse(key, value, "true or false", where)
    return value


def text(key: str, value: object, where: str = "", most: int = 4096) -> str:
    """A string with something in it, of at most `most` characters that all can be printed."""
    value = plain(value)
    if not isinstance(value, str) or not value.strip():
        raise refuse(key, value, "a name that is not empty", where)
    if not value.isprintable():
        raise refuse(key, value, "a name without control characters and invisible marks", where)
    if len(value) > most:
        raise refuse(key, value, f"a name of at most {most} characters", where)
    return str(value)


def names(key: str, value: object, valid: Iterable[str], what: str = "") -> list[str]:
    """Names that all exist, each once: a list, or a single one. what: what is named, if not the key."""
    listed, value = list(valid), plain(value)
    found = value if isinstance(value, list) else [value]
    found = [current_value(key, one) if isinstance(one, str) and one not in listed else one for one in found]
    for one in found:
        if not what:
            choice(key, one, listed)
        elif not isinstance(one, str) or one not in listed:
            raise unknown(what, one, listed)
    if not found:
        raise refuse(key, value, "a name, or a list of them")
    twice = next((one for place, one in enumerate(found) if one in found[:place]), None)
    if twice is not None:
        raise UserError(f"{key} has {twice!r} twice; allowed: each name once")
    return [str(one) for one in found]


def band(key: str, value: object, low: float, high: float, where: str = "") -> tuple[float, float]:
    """A number, or the two ends [low, high] inside which each replicate draws."""
    value = plain(value)
    if not isinstance(value, list):
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
