"""Streams of random numbers for samplers: equal names give equal numbers on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.analysis.resampling import draws_of

Array = np.ndarray[Any, Any]


class Stream:
    """Random numbers one after the other. Streams of different names are independent."""

    def __init__(self, *names: object) -> None:
        self._use = ("inference", *names)
        self._calls = 0

    def uniform(self, *shape: int) -> Array:
        """Numbers in [0, 1) of a shape."""
        self._calls += 1
        return draws_of(self._use, self._calls, *shape)

    def normal(self, *shape: int) -> Array:
        """Standard normal numbers of a shape."""
        from scipy.special import ndtri

        numbers: Array = ndtri(np.maximum(self.uniform(*shape), 1e-300))
        return numbers

    def order(self, count: int) -> Array:
        """The numbers from 0 to count - 1 in an order drawn at random."""
        order: Array = np.argsort(self.uniform(count), kind="stable")
        return order
