"""Small-sample statistics that give the same bits on every machine: sums in order that carry along what
rounding loses, nan for what is empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from woc_sim.jit import kernel

Array = np.ndarray[Any, Any]
Values = Sequence[float] | Array


def _list(values: Iterable[float]) -> list[float]:
    return [float(each) for each in values]


def _numbers(values: Values) -> Array:
    """Values as the kernels take them."""
    return np.ascontiguousarray(values, dtype=float)


@kernel
def _total(values: Any) -> float:
    """Sum as if in twice the digits, rounded once at the end (Ogita, Rump & Oishi 2005, algorithm Sum2)."""
    total = lost = 0.0
    for i in range(values.size):
        more = values[i]
        after = total + more
        shifted = after - total
        lost += (total - (after - shifted)) + (more - shifted)
        total = after
    return total + lost


@kernel
def _product(one: Any, middle: float, other: Any, centre: float) -> float:
    """Sum of products of deviations from `middle` and `centre`."""
    terms = np.empty(one.size)
    for i in range(one.size):
        terms[i] = (one[i] - middle) * (other[i] - centre)
    return _total(terms)


@kernel
def _moments(x: Any, y: Any) -> Any:
    """Sums of squares of x and of y, and of their products, about the means; of at least one pair."""
    middle = _total(x) / x.size
    centre = _total(y) / y.size
    return _product(x, middle, x, middle), _product(y, centre, y, centre), _product(x, middle, y, centre)


def mean(values: Iterable[float] | Array) -> float:
    """Arithmetic mean; nan of nothing."""
    if isinstance(values, np.ndarray):
        return _total(_numbers(values)) / values.size if values.size else math.nan
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


def spread(values: Iterable[float] | Array) -> float:
    """Sample standard deviation (n - 1); nan of fewer than two values."""
    numbers = _numbers(values if isinstance(values, np.ndarray) else _list(values))
    if numbers.size < 2:
        return math.nan
    centre = mean(numbers)
    return math.sqrt(float(_product(numbers, centre, numbers, centre)) / (numbers.size - 1))


def correlation(x: Values, y: Values) -> float:
    """Pearson correlation (point-biserial if one is 0/1); nan of fewer than three pairs or without
    variation.
    """
    if len(x) < 3:
        return math.nan
    xx, yy, xy = _moments(_numbers(x), _numbers(y))
    if xx <= 0.0 or yy <= 0.0:
        return math.nan
    return max(-1.0, min(1.0, float(xy) / math.sqrt(xx * yy)))


def slope(x: Values, y: Values) -> float:
    """Least-squares slope of y on x; nan of fewer than three pairs or if x does not vary."""
    if len(x) < 3:
        return math.nan
    xx, _, xy = _moments(_numbers(x), _numbers(y))
    return float(xy / xx) if xx > 0.0 else math.nan


def gini(values: Values) -> float:
    """Gini coefficient of non-negative values: 0 all equal, near 1 one has all; nan if there is nothing to
    share.
    """
    numbers = np.sort(_numbers(values))
    count = numbers.size
    total = _total(numbers)
    if total <= 0.0:
        return math.nan
    ranked = (2.0 * np.arange(count) - count + 1.0) * numbers
    return float(_total(ranked)) / (count * total)
