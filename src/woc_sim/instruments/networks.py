"""Measures of a small weighted network: degree, betweenness, modularity.

Written out for a dozen nodes instead of calling networkx, so that sums run in one order on every machine
(tests compare them with networkx). A network is a square symmetric matrix of weights; 0 or nan means no tie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from woc_sim.jit import kernel

_SAME = 1e-12  # two paths are equally short within this relative difference


@kernel
def _tied(weights: Any) -> Any:
    """The weights, 0 where there is no tie."""
    tied = np.zeros(weights.shape)
    for i in range(len(weights)):
        for j in range(len(weights)):
            if weights[i, j] > 0.0:
                tied[i, j] = weights[i, j]
    return tied


@kernel
def weighted_degrees(weights: Any) -> Any:
    """Sum of the weights of each node's ties (n)."""
    tied = _tied(weights)
    degrees = np.zeros(len(tied))
    for i in range(len(tied)):
        for j in range(len(tied)):
            degrees[i] += tied[i, j]
    return degrees


@kernel
def _on_path(whole: float, parts: float) -> bool:
    """Whether the way in two parts is as short as the shortest."""
    return abs(parts - whole) <= _SAME * whole


@kernel
def _shortest(step: Any) -> Any:
    """Lengths of the shortest paths between all nodes, from those of single steps (Floyd 1962)."""
    far = step.copy()
    for k in range(len(far)):
        for i in range(len(far)):
            for j in range(len(far)):
                if far[i, k] + far[k, j] < far[i, j]:
                    far[i, j] = far[i, k] + far[k, j]
    return far


@kernel
def _nearest(far: Any, left: Any) -> int:
    """The node closest to the start among those that are left, the first of equals; -1 if none can be
    reached."""
    found = -1
    best = np.inf
    for j in range(far.size):
        if left[j] and far[j] < best:
            found = j
            best = far[j]
    return found


@kernel
def _count_paths(step: Any, far: Any) -> Any:
    """Numbers of shortest paths between all nodes, counted outwards from each start."""
    count = len(far)
    paths = np.zeros((count, count))
    for i in range(count):
        left = np.ones(count, dtype=np.bool_)
        left[i] = False
        paths[i, i] = 1.0
        j = _nearest(far[i], left)
        while j >= 0:
            left[j] = False
            for k in range(count):
                if k != j and step[k, j] < np.inf and _on_path(far[i, j], far[i, k] + step[k, j]):
                    paths[i, j] += paths[i, k]
            j = _nearest(far[i], left)
    return paths


@kernel
def betweenness(weights: Any) -> Any:
    """Share of shortest paths between two others that lead through a node (Freeman 1977), for each node (n);
    distance = 1 / weight.
    """
    count = len(weights)
    step = np.full((count, count), np.inf)
    for i in range(count):
        for j in range(count):
            if i == j:
                step[i, j] = 0.0
            elif weights[i, j] > 0.0:
                step[i, j] = 1.0 / weights[i, j]
    far = _shortest(step)
    paths = _count_paths(step, far)
    through = np.zeros(count)
    for v in range(count):
        for i in range(count):
            for j in range(i + 1, count):
                if v in (i, j) or far[i, j] == np.inf:
                    continue
                if _on_path(far[i, j], far[i, v] + far[v, j]):
                    through[v] += paths[i, v] * paths[v, j] / paths[i, j]
    if count > 2:
        through /= (count - 1) * (count - 2) / 2
    return through


@kernel
def modularity(weights: Any) -> float:
    """Modularity of the partition that greedy joining finds (Clauset, Newman & Moore 2004); nan without
    ties.
    """
    ties = _tied(weights)  # between groups, at first one node each
    degrees = weighted_degrees(weights)
    total = 0.0
    for degree in degrees:
        total += degree
    if total <= 0.0:
        return math.nan
    while True:
        best = 0.0
        a = b = -1
        for i in range(len(ties)):
            for j in range(i + 1, len(ties)):
                gain = 2.0 * (ties[i, j] - degrees[i] * degrees[j] / total) / total
                if gain > best:
                    best, a, b = gain, i, j
        if a < 0:
            break
        for j in range(len(ties)):  # group b joins a and is left without ties
            ties[a, j] += ties[b, j]
            ties[b, j] = 0.0
        for j in range(len(ties)):
            ties[j, a] += ties[j, b]
            ties[j, b] = 0.0
        degrees[a] += degrees[b]
        degrees[b] = 0.0
    found = 0.0
    for i in range(len(ties)):
        found += ties[i, i] / total - degrees[i] / total * (degrees[i] / total)
    return found


def rank(values: Sequence[float] | np.ndarray[Any, Any], node: int) -> float:
    """1 for the largest value; ties share the better rank."""
    return 1.0 + float(sum(other > values[node] for other in values))
