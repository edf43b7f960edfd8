"""Points of a region of the cube, however small the region is, and the share of the cube that it takes.

Multilevel splitting (subset simulation, Au and Beck 2001): the bound on the implausibility falls step by step
to the cut. At each step the best quarter of the points survives, is copied, and moves inside the new bound by
differences of other points (ter Braak 2006). The product of the shares that survive is the share of the cube.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

import numpy as np

from woc_sim.analysis.inference.parameters import first_design
from woc_sim.analysis.inference.streams import Stream

Array = np.ndarray[Any, Any]


class Measure(Protocol):
    """A number for each point; for a point above the bound, inf will do."""

    def __call__(self, units: Array, bound: float = ...) -> Array:
        """The numbers of points of the cube: (points,)."""
        ...


Accept = Callable[[Array, Array, Array], Array]
"""Whether proposals are accepted: their measure, that of the present points, the proposals -> booleans."""

SURVIVORS: Final = 0.25
MOVES: Final = 16
"""Moves of every point at each step. With 500 points in 38 dimensions the share of a region of 1e-8 is then
known to a factor of about 1.3 (one standard deviation)."""
PARTS: Final = (0.1, 0.3, 1.0, 0.1)
"""Share of the coordinates that change in a move, one after the other (ter Braak and Vrugt 2008)."""
MAX_STEPS: Final = 40
LEAST_PROGRESS: Final = 0.01
"""The search ends as empty if the bound falls by less than this share in each of `PATIENCE` steps."""
PATIENCE: Final = 4


@dataclass(frozen=True)
class Region:
    """Points of the region, or the best points found if it is empty.

    ``share`` is the share of the cube that is not ruled out, 0 if the region is empty. ``smallest`` is the
    smallest implausibility found.
    """

    units: Array
    share: float
    smallest: float

    @property
    def empty(self) -> bool:
        """Whether no point was found."""
        return self.share == 0.0


def sample_region(measure: Measure, dimension: int, count: int, cut: float, seed: int) -> Region:
    """`count` points at which `measure` is at most `cut`; the same for the same arguments."""
    stream = Stream("region", seed)
    units = first_design(dimension, count, seed)
    level = measure(units)
    smallest, share, stuck = float(level.min()), 1.0, 0
    bound = np.inf
    for _ in range(MAX_STEPS):
        wanted = max(cut, float(np.quantile(level, SURVIVORS)))
        stuck = stuck + 1 if wanted > bound * (1 - LEAST_PROGRESS) else 0
        bound = min(bound, wanted)
        keep = level <= bound
        share *= float(keep.mean())
        chosen = (stream.uniform(count) * keep.sum()).astype(int)
        fresh = np.arange(count) < keep.sum()  # every survivor once, then copies
        chosen[fresh] = np.arange(int(keep.sum()))
        units, level = units[keep][chosen], level[keep][chosen]
        units, level = move(units, level, _at_most(bound), partial(measure, bound=bound), stream, MOVES)
        smallest = min(smallest, float(level.min()))
        if bound <= cut:
            return Region(units, share, smallest)
        if stuck >= PATIENCE:
            break
    best = np.argsort(level, kind="stable")
    return Region(units[best], 0.0, smallest)


def _at_most(bound: float) -> Accept:
    return lambda found, _, __: found <= bound


def move(
    units: Array,
    level: Array,
    accept: Accept,
    measure: Callable[[Array], Array],
    stream: Stream,
    moves: int,
) -> tuple[Array, Array]:
    """Points after some moves, with their measure.

    A proposal adds the scaled difference of two other points to some coordinates. It is refused where
    ``accept(new measure, old measure, proposal)`` is false.
    """
    count, dimension = units.shape
    for number in range(moves):
        first, second = stream.order(count), stream.order(count)
        part = PARTS[number % len(PARTS)]
        moved = stream.uniform(count, dimension) < part
        step = 2.38 / np.sqrt(2 * max(1.0, part * dimension))
        change = step * (units[first] - units[second]) + 1e-3 * stream.normal(count, dimension)
        proposed = _reflected(units + np.where(moved, change, 0.0))
        found = measure(proposed)
        taken = accept(found, level, proposed)
        units = np.where(taken[:, None], proposed, units)
        level = np.where(taken, found, level)
    return units, level


def _reflected(units: Array) -> Array:
    """Points outside the cube mirrored back into it, so that moves stay as likely as their reverse."""
    inside: Array = np.abs(units)
    inside = np.where(inside > 1.0, 2.0 - inside, inside)
    return np.clip(inside, 0.0, 1.0)
