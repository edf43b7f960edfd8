"""The levels of a factor: its distinct values in a meaningful order, with "not set" as a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from woc_sim.ensemble.axes import axis_column, is_missing
from woc_sim.figures import style
from woc_sim.figures.wording import unit_in_words
from woc_sim.inputs.theories import theories
from woc_sim.scenario.parameters import registry

NOT_SET: Final = "not set"
MAX_LABEL_LENGTH: Final = 22
"""Characters of a label."""
MOST_DIGITS: Final = 8
"""Digits of a number: two that differ only beyond them differ by rounding."""


def as_factor(values: pd.Series[Any]) -> pd.Series[Any]:
    """The values as numbers, as flags or as texts: the form that `levels` and `is_at_level` need."""
    plain = [None if is_missing(value) else value for value in values]
    return pd.Series(axis_column(plain), index=values.index, dtype=None if _all_numbers(plain) else object)


def levels(values: pd.Series[Any]) -> list[Any]:
    """Distinct values in order: numbers by size (bands by their lower end), then words in the order of the
    table, then None for what is not set."""
    found = list(dict.fromkeys(None if is_missing(value) else value for value in values))
    position = {value: index for index, value in enumerate(found)}
    return sorted(found, key=lambda value: (value is None, *_sort_key(value), position[value]))


def is_at_level(values: pd.Series[Any], level: Any) -> pd.Series[bool]:
    """Where the values are at a level; None is where they are not set."""
    return values.isna() if level is None else values == level


def level_labels(found: Sequence[Any], most: int = MAX_LABEL_LENGTH) -> list[str]:
    """Labels of levels in a picture: of at most `most` characters and all different. Numbers get as many
    digits as this needs, up to `MOST_DIGITS`."""
    for digits in (4, MOST_DIGITS):
        names = [_label(level, digits, most) for level in found]
        if len(set(names)) == len(names):
            return names
    # Texts with the same beginning, and numbers that differ by rounding, get a number.
    return [
        f"{name} ({index})" if names.count(name) > 1 else name for index, name in enumerate(names, start=1)
    ]


SETTINGS: Final = {
    "rrp_share": "radical-right seats (share of the council)",
    "locality": "type of locality",
    "seed": "seed",
}
"""What settings are called in a picture, where their name does not say it."""


def axis_label(axis: str) -> str:
    """Label of the axis of a sweep in a picture: a setting in words; a parameter with its subject and unit;
    what is in words already, as it is."""
    if " " in axis:
        return axis
    name = axis.removeprefix("axis_").removeprefix("locality_")
    if name in SETTINGS:
        return SETTINGS[name]
    plain = name.removeprefix("parameters_")
    found = [
        each
        for each in registry().values()
        if plain in (each.name.replace(".", "_"), each.name.rpartition(".")[2])
    ]
    if len(found) != 1 or plain.removeprefix("theory_") in theories():
        return style.readable(plain.removeprefix("theory_"))
    subject, _, last = found[0].name.partition(".")
    return f"{style.readable(subject)}: {style.readable(last)} ({unit_in_words(found[0].unit)})"


def _label(level: Any, digits: int, most: int) -> str:
    if level is None:
        return NOT_SET
    text = f"{level:.{digits}g}" if isinstance(level, float) else style.readable(str(level))
    return text if len(text) <= most else f"{text[: most - 3]}..."


def are_numbers(found: Sequence[Any]) -> bool:
    """Whether all levels that are set are numbers."""
    return _all_numbers(found) and any(level is not None for level in found)


def _all_numbers(values: Sequence[Any]) -> bool:
    return all(
        value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values
    )


def _sort_key(value: Any) -> tuple[bool, float]:
    """Whether a level is a word, and its number, or the lower end of its band."""
    try:
        return False, float(str(value).strip("[]").partition(",")[0])
    except ValueError:
        return True, 0.0
