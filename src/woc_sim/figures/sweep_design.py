"""The factors of a sweep as its pictures draw them: crossed factors, or the arms of a design that crosses
none.

A grid crosses its axes, so the means of one axis are means over the same values of all others. A file of
points often does not: each row is an arm of its own. Means by one of its axes would mix arms, so such a
design has one factor, the arm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from woc_sim.figures.levels import are_numbers, as_factor, axis_label, level_labels, levels
from woc_sim.figures.wording import listed

ARM: Final = "arm: "
"""How the factor of such a design begins; its axes follow."""
MAX_ARMS: Final = 12
"""An uncrossed design with more points is drawn by its axes, and the caption says that these are mixed."""
MAX_ARM_LABEL: Final = 34
"""Characters of the name of an arm."""
MAX_NUMBERS_NAMED: Final = 6
"""A numeric factor with more values is a scale."""
CROSSED: Final = 0.5
"""Share of all combinations that occur in a design that counts as crossed."""


class Factors(NamedTuple):
    """A table whose factors are columns of one type each; the columns that are drawn as factors; and what a
    caption has to say of the design."""

    table: pd.DataFrame
    names: list[str]
    note: str


def factors_of(table: pd.DataFrame, axes: Sequence[str]) -> Factors:
    """The factors of a table with the columns `axes`."""
    table = table.assign(**{axis: as_factor(table[axis]) for axis in axes})
    names = _without_copies(table, axes)
    named = [name for name in names if not is_scale(table[name])]
    if len(named) < 2 or is_crossed(table, named):
        return Factors(table, names, "")
    points = _points(table, names)
    if points <= MAX_ARMS:
        arm = f"{ARM}{', '.join(map(axis_label, names))}"
        return Factors(table.assign(**{arm: _arms(table, names)}), [arm], "")
    return Factors(
        table, names, f"The design does not cross {listed([axis_label(name) for name in named])}, so a value "
        "of one also differs in the others.",
    )  # fmt: skip


def is_crossed(table: pd.DataFrame, names: Sequence[str]) -> bool:
    """Whether most combinations of the values of these factors occur."""
    product = 1
    for name in names:
        product *= table[name].nunique(dropna=False)
    return _points(table, names) >= CROSSED * product


def others_in_words(table: pd.DataFrame, others: Sequence[str]) -> str:
    """The factors over which a picture takes its means, with the number of their values."""
    return listed([f"{axis_label(each)} ({table[each].nunique(dropna=False)} values)" for each in others])


def _points(table: pd.DataFrame, names: Sequence[str]) -> int:
    return len(table[list(names)].drop_duplicates())


def _without_copies(table: pd.DataFrame, axes: Sequence[str]) -> list[str]:
    """The axes without those that go one to one with an earlier one, as the name of an arm does."""
    kept: list[str] = []
    for axis in axes:
        if is_scale(table[axis]):
            kept.append(axis)
            continue
        number = table[axis].nunique(dropna=False)
        copies = (
            table[each].nunique(dropna=False) == number == _points(table, [each, axis]) for each in kept
        )
        if not any(copies):
            kept.append(axis)
    return kept


def is_scale(values: pd.Series[Any]) -> bool:
    """Whether a factor is a scale: it has many numbers, as one has that is drawn from a range."""
    found = levels(values)
    return are_numbers(found) and len(found) > MAX_NUMBERS_NAMED


def _arms(table: pd.DataFrame, names: Sequence[str]) -> pd.Series[Any]:
    """For each row the values of all axes as one text, in the order of the design."""
    labels = {
        name: dict(zip(levels(table[name]), level_labels(levels(table[name])), strict=True)) for name in names
    }
    texts = [
        ", ".join(
            labels[name][None if pd.isna(value) else value] for name, value in zip(names, row, strict=True)
        )
        for row in table[list(names)].itertuples(index=False, name=None)
    ]
    return pd.Series(texts, index=table.index, dtype=object)
