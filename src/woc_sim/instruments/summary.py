"""Small-sample statistics that give the same bits on every machine: exactly rounded sums, nan for what is
empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

Values = Sequence[float] | np.ndarray[Any, Any]


def _list(values: Iterable[float] | np.ndarray[Any, Any]) -> list[float]:
    if isinstance(values, np.ndarray):
        return [float(each) for each in values.tolist()]
    return [float(each) for each in values]


def mean(values: Iterable[float] | np.ndarray[Any, Any]) -> float:
    """Arithmetic mean; nan of nothing."""
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
    numbers = _list(values)
    if len(numbers) < 2:
        return math.nan
    centre = mean(numbers)
    return math.sqrt(math.fsum((each - centre) * (each - centre) for each in numbers) / (len(numbers) - 1))


def _moments(x: Values, y: Values) -> tuple[float, float, float]:
    first, second = _list(x), _list(y)
    mean_x, mean_y = mean(first), mean(second)
    xx = math.fsum((a - mean_x) * (a - mean_x) for a in first)
    yy = math.fsum((b - mean_y) * (b - mean_y) for b in second)
    xy = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(first, second, strict=True))
    return xx, yy, xy


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
    numbers = sorted(_list(values))
    total = math.fsum(numbers)
    if total <= 0.0:
        return math.nan
    count = len(numbers)
    ranked = math.fsum((2 * place - count + 1) * each for place, each in enumerate(numbers))
    return ranked / (count * total)
