"""Random numbers and bootstraps by addressed draws: the same for the same seed, whatever ran before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from woc_sim.draws import draw_each, name_key

Array = np.ndarray[Any, Any]


def draws_of(use: tuple[object, ...], number: object, *shape: int) -> Array:
    """Numbers in [0, 1) of a shape. `use` names what they are for and `number` which of its draws they are,
    so that two uses share none."""
    key = name_key(*use), name_key(number)
    units: Array = draw_each(key, np.arange(math.prod(shape), dtype=np.uint64), 0)
    return units.reshape(shape)


def uniforms(what: str, seed: int, rows: int, columns: int) -> Array:
    """Numbers in (0, 1), shape (rows, columns). `what` names their use, so that two uses share none."""
    return (draws_of((what,), seed, rows, columns) + 2.0**-54) / (1.0 + 2.0**-53)


def resamples(what: str, seed: int, count: int, size: int) -> Array:
    """Positions of `size` things drawn with replacement, `count` times; shape (count, size)."""
    positions: Array = (uniforms(what, seed, count, size) * size).astype(np.int64)
    return positions


def resamples_inside(what: str, seed: int, count: int, groups: Array) -> Array:
    """The same, with each thing replaced by one of its own group; shape (count, things)."""
    return picked_inside(uniforms(what, seed, count, len(groups)), groups)


def picked_inside(units: Array, groups: Array) -> Array:
    """For each thing one of its own group: that at the place in the group which `units` (in [0, 1), things
    last) gives."""
    found = np.empty(units.shape, dtype=np.int64)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        found[..., members] = members[(units[..., members] * len(members)).astype(np.int64)]
    return found


def standard_normals(what: str, seed: int, rows: int, columns: int) -> Array:
    """Standard normal numbers, shape (rows, columns)."""
    from scipy.special import ndtri

    found: Array = ndtri(uniforms(what, seed, rows, columns))
    return found
