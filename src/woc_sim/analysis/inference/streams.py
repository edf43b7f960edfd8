"""Streams of random numbers for samplers: equal names give equal numbers on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import draw_each, name_key

Array = np.ndarray[Any, Any]


class Stream:
    """Random numbers one after the other. Streams of different names are independent."""

    def __init__(self, *names: object) -> None:
        self._key = name_key("inference", *names)
        self._calls = 0

    def uniform(self, *shape: int) -> Array:
        """Numbers in [0, 1) of a shape."""
        self._calls += 1
        count = int(np.prod(shape))
        addresses = np.arange(count, dtype=np.uint64)
        numbers: Array = draw_each((self._key, name_key(self._calls)), addresses, 0)
        return numbers.reshape(shape)

    def normal(self, *shape: int) -> Array:
        """Standard normal numbers of a shape."""
        from scipy.special import ndtri

        numbers: Array = ndtri(np.maximum(self.uniform(*shape), 1e-300))
        return numbers

    def order(self, count: int) -> Array:
        """The numbers from 0 to count - 1 in an order drawn at random."""
        order: Array = np.argsort(self.uniform(count), kind="stable")
        return order
