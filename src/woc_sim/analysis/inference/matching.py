"""Implausibility: how far a point of the cube is from the published statistics, in standard deviations.

The implausibility of one statistic is |published - predicted| over the root of the sum of three variances: of
the published number (bootstrap of the localities), of the model's discrepancy, and of the emulator. A point
is ruled out if its second-largest implausibility is above `CUT`: one statistic alone may be off by chance or
badly emulated. Three standard deviations hold for any distribution with one peak (Pukelsheim 1994). Source:
Craig et al. 1997; Vernon, Goldstein and Bower 2010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from woc_sim.analysis.inference.emulators import Emulator
from woc_sim.analysis.inference.parameters import first_design

Array = np.ndarray[Any, Any]

CUT: Final = 3.0


@dataclass(frozen=True)
class Target:
    """The published statistics with their uncertainty: what emulators are compared with.

    ``variance`` is the sum of observation and discrepancy; nan in ``published`` leaves a statistic out.
    ``estimated``: whether the discrepancy is estimated from countries (else it is assumed).
    """

    names: tuple[str, ...]
    published: Array
    observation: Array
    discrepancy: Array
    estimated: tuple[bool, ...] = ()

    @property
    def variance(self) -> Array:
        """Variance of each statistic without that of the emulator."""
        diagonal: Array = np.diag(self.observation) + self.discrepancy
        return diagonal


def implausibilities(target: Target, emulators: Sequence[Emulator | None], units: Array) -> Array:
    """Implausibility of every statistic at points of the cube: (points, statistics); nan where a statistic
    has no emulator."""
    found = np.full((len(units), len(target.names)), np.nan)
    for column, emulator in enumerate(emulators):
        if emulator is not None:
            found[:, column] = implausibility(target, column, emulator, units)
    return found


def implausibility(target: Target, column: int, emulator: Emulator, units: Array) -> Array:
    """Implausibility of one statistic at points of the cube: (points,)."""
    mean, variance = emulator.predict(units)
    found: Array = np.abs(target.published[column] - mean) / np.sqrt(target.variance[column] + variance)
    return found


def second_largest(table: Array) -> Array:
    """The second-largest number of each row, without nan; 0 if a row has fewer than two."""
    filled = np.where(np.isfinite(table), table, 0.0)
    if filled.shape[1] < 2:
        return np.zeros(len(filled))
    second: Array = np.partition(filled, -2, axis=1)[:, -2]
    return second


@dataclass(frozen=True)
class Matching:
    """What the waves so far say about a point: the worst of their second-largest implausibilities."""

    target: Target
    waves: tuple[tuple[Emulator | None, ...], ...]

    def __call__(self, units: Array, bound: float = np.inf) -> Array:
        """The implausibility of points of the cube: (points,). Above `CUT` a point is ruled out.

        A point above `bound` gets inf: its remaining statistics are not looked at, which saves most of the
        time in a small region.
        """
        found = np.zeros(len(units))
        left = np.arange(len(units))
        for emulators, order in zip(self.waves, self._orders, strict=True):
            largest, second = np.zeros(len(left)), np.zeros(len(left))
            for column in order:
                each = emulators[column]
                assert each is not None
                value = implausibility(self.target, column, each, units[left])
                second = np.maximum(second, np.minimum(largest, value))
                largest = np.maximum(largest, value)
                within = second <= bound
                if not within.all():
                    found[left[~within]] = np.inf
                    left, largest, second = left[within], largest[within], second[within]
                if not len(left):
                    return found
            found[left] = np.maximum(found[left], second)
        return found

    @cached_property
    def _orders(self) -> list[list[int]]:
        """Columns of each wave's emulators, those that rule out most first."""
        orders = []
        for emulators in self.waves:
            used = [column for column, each in enumerate(emulators) if each is not None]
            dimension = next((each.dimension for each in emulators if each is not None), 1)
            table = implausibilities(self.target, emulators, first_design(dimension, 64, 0))
            power = (table[:, used] > CUT).mean(axis=0)
            orders.append([used[index] for index in np.argsort(-power, kind="stable")])
        return orders


def rejecting(target: Target, emulators: Sequence[Emulator | None], units: Array) -> dict[str, float]:
    """The statistics that rule points out: name -> share of these points at which it is above `CUT`, largest
    first."""
    table = implausibilities(target, emulators, units)
    shares = {
        name: float(np.mean(table[:, column] > CUT))
        for column, name in enumerate(target.names)
        if np.isfinite(table[:, column]).any()
    }
    return {name: share for name, share in sorted(shares.items(), key=lambda item: -item[1]) if share > 0}
