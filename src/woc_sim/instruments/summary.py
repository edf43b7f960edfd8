"""Small-sample statistics that give the same bits on every machine: exactly rounded sums, nan for what is
empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

Values = Sequence[float] | np.ndarray[Any, Any]
BLOCK = 4096


def _list(values: Iterable[float] | np.ndarray[Any, Any]) -> list[float]:
    if isinstance(values, np.ndarray):
        return [float(each) for each in values.tolist()]
    return [float(each) for each in values]


def _total(terms: Callable[[slice], np.ndarray[Any, Any]], count: int) -> float:
    """Exactly rounded sum of `count` terms, which are made a block at a time: a list of floats takes four
    times the memory of an array."""
    blocks = (terms(slice(start, start + BLOCK)).tolist() for start in range(0, count, BLOCK))
    return math.fsum(chain.from_iterable(blocks))


def mean(values: Iterable[float] | np.ndarray[Any, Any]) -> float:
    """Arithmetic mean; nan of nothing."""
    if isinstance(values, np.ndarray):
        return _total(lambda block: values[block], values.size) / values.size if values.size else math.nan
    numbers = _list(values)
    return math.fsum(numbers) / len(numbers) if numbers else math.nan


def known_mean(values: Iterable[float]) -> float:
    """Mean of the values that are not nan; nan if none is."""
    return mean([each for each in values if each == each])


def ratio(part: float, whole: float) -> float:
    """part / whole; nan if there is no whole."""
    return part / whole if whole > 0 else math.nan


def share(flags: Sequence[bool]) -> float:
    """Share of true; nan of nothing."""
    return sum(flags) / len(flags) if flags else math.nan


def spread(values: Iterable[float] | np.ndarray[Any, Any]) -> float:
    """Sample standard deviation (n - 1); nan of fewer than two values."""
    numbers = np.asarray(values if isinstance(values, np.ndarray) else _list(values), dtype=float)
    if numbers.size < 2:
        return math.nan
    centre = mean(numbers)
    squares = _total(lambda block: (numbers[block] - centre) * (numbers[block] - centre), numbers.size)
    return math.sqrt(squares / (numbers.size - 1))


def _moments(x: Values, y: Values) -> tuple[float, float, float]:
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    mean_x, mean_y = mean(first), mean(second)

    def cross(one: np.ndarray[Any, Any], middle: float, other: np.ndarray[Any, Any], centre: float) -> float:
        return _total(lambda block: (one[block] - middle) * (other[block] - centre), first.size)

    return (
        cross(first, mean_x, first, mean_x),
        cross(second, mean_y, second, mean_y),
        cross(first, mean_x, second, mean_y),
    )


def correlation(x: Values, y: Values) -> float:
    """Pearson correlation (point-biserial if one is 0/1); nan of fewer than three pairs or without
    variation.
    """
    if len(x) < 3:
        return math.nan
    xx, yy, xy = _moments(x, y)
    if xx <= 0.0 or yy <= 0.0:
        return math.nan
    return max(-1.0, min(1.0, xy / math.sqrt(xx * yy)))


def slope(x: Values, y: Values) -> float:
    """Least-squares slope of y on x; nan of fewer than three pairs or if x does not vary."""
    if len(x) < 3:
        return math.nan
    xx, _, xy = _moments(x, y)
    return xy / xx if xx > 0.0 else math.nan


def gini(values: Values) -> float:
    """Gini coefficient of non-negative values: 0 all equal, near 1 one has all; nan if there is nothing to
    share.
    """
    numbers = np.sort(np.asarray(values, dtype=float))
    count = numbers.size
    total = _total(lambda block: numbers[block], count)
    if total <= 0.0:
        return math.nan

    def ranked(block: slice) -> np.ndarray[Any, Any]:
        places = np.arange(block.start, min(block.stop, count))
        return np.asarray((2 * places - count + 1) * numbers[block])

    return _total(ranked, count) / (count * total)
