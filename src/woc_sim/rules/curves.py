"""Curves that every machine computes to the same bit: substitutes for exp, log, tanh and the normal quantile.

Libraries differ in the last bits of transcendental functions between processors; these use only + - * / and
comparisons, so results are the same to the bit.
"""

from __future__ import annotations

import numpy as np

from woc_sim.jit import rule
from woc_sim.rules.normal_table import NORMAL_QUANTILES

_QUANTILES = np.array(NORMAL_QUANTILES)
_CELLS = 512


@rule
def squash(x: float) -> float:
    """x / (1 + |x|): odd, increasing, between -1 and 1."""
    return x / (1.0 + abs(x))


@rule
def chance(x: float) -> float:
    """(1 + squash(x)) / 2: an algebraic logistic, a probability that is one half at zero."""
    return 0.5 * (1.0 + x / (1.0 + abs(x)))


@rule
def saturate(x: float, half: float) -> float:
    """x / (x + half) for x >= 0: rises from 0, reaches one half at `half`, tends to 1."""
    return x / (x + half)


@rule
def clip(x: float, low: float, high: float) -> float:
    """x held inside [low, high]."""
    return min(max(x, low), high)


@rule
def normal(u: float) -> float:
    """Standard normal quantile of a uniform number by linear interpolation in a committed table."""
    position = u * _CELLS
    cell = int(position)
    if cell >= _CELLS:
        cell = _CELLS - 1
    rest = position - cell
    return float(_QUANTILES[cell] + rest * (_QUANTILES[cell + 1] - _QUANTILES[cell]))


@rule
def normal_rank(z: float) -> float:
    """Share of a standard normal distribution below `z`, 0..1: `normal` the other way round."""
    low, high = 0, _CELLS
    while high - low > 1:
        middle = (low + high) // 2
        if _QUANTILES[middle] <= z:
            low = middle
        else:
            high = middle
    rest = (z - _QUANTILES[low]) / (_QUANTILES[high] - _QUANTILES[low])
    return float(min(max((low + rest) / _CELLS, 0.0), 1.0))


@rule
def towards(value: float, target: float, speed: float) -> float:
    """One step of partial adjustment: value + speed * (target - value)."""
    return value + speed * (target - value)


@rule
def coverage(public: float, higher: float, nonpublic: float) -> float:
    """Share of a need that is met when three independent suppliers each cover a part of it."""
    return 1.0 - (1.0 - public) * (1.0 - higher) * (1.0 - nonpublic)
