"""Measures of a small weighted network: degree, betweenness, modularity.

Written out for a dozen nodes instead of calling networkx, so that sums run in one order on every machine
(tests compare them with networkx). A matrix is a square list of symmetric weights; 0 or nan means no tie.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Matrix = Sequence[Sequence[float]]

_SAME = 1e-12  # two paths are equally short within this relative difference


def _weights(matrix: Matrix) -> list[list[float]]:
    return [[each if each > 0.0 else 0.0 for each in row] for row in matrix]


def weighted_degrees(matrix: Matrix) -> list[float]:
    """Sum of the weights of each node's ties."""
    return [math.fsum(row) for row in _weights(matrix)]


def betweenness(matrix: Matrix) -> list[float]:
    """Share of shortest paths between two others that lead through a node (Freeman 1977); distance = 1 /
    weight.
    """
    weights = _weights(matrix)
    count = len(weights)
    nodes = range(count)
    far = [
        [0.0 if i == j else (1.0 / w if w > 0.0 else math.inf) for j, w in enumerate(weights[i])]
        for i in nodes
    ]
    for k in nodes:
        onwards = far[k]
        for row in far:
            first = row[k]
            for j in nodes:
                if first + onwards[j] < row[j]:
                    row[j] = first + onwards[j]

    def on_path(whole: float, parts: float) -> bool:
        return abs(parts - whole) <= _SAME * whole

    # number of shortest paths: count them outwards from each start
    neighbours = [[(k, 1.0 / weights[k][j]) for k in nodes if k != j and weights[k][j] > 0.0] for j in nodes]
    paths = [[0.0] * count for _ in nodes]
    for i in nodes:
        paths[i][i] = 1.0
        for j in sorted((j for j in nodes if j != i and far[i][j] < math.inf), key=lambda j: far[i][j]):
            paths[i][j] = math.fsum(
                [paths[i][k] for k, step in neighbours[j] if on_path(far[i][j], far[i][k] + step)]
            )
    connected = [(i, j) for i in nodes for j in range(i + 1, count) if far[i][j] < math.inf]
    pairs = (count - 1) * (count - 2) / 2
    return [
        math.fsum(
            paths[i][v] * paths[v][j] / paths[i][j]
            for i, j in connected
            if v != i and v != j and on_path(far[i][j], far[i][v] + far[v][j])
        )
        / pairs
        if pairs > 0
        else 0.0
        for v in nodes
    ]


def modularity(matrix: Matrix) -> float:
    """Modularity of the partition that greedy joining finds (Clauset, Newman & Moore 2004); nan without
    ties.
    """
    weights = _weights(matrix)
    degrees = weighted_degrees(matrix)
    total = math.fsum(degrees)
    if total <= 0.0:
        return math.nan
    groups = [[node] for node in range(len(weights)) if degrees[node] > 0.0]

    def gain(first: list[int], second: list[int]) -> float:
        ties = math.fsum(weights[i][j] for i in first for j in second)
        expected = math.fsum(degrees[i] for i in first) * math.fsum(degrees[j] for j in second) / total
        return 2.0 * (ties - expected) / total

    while len(groups) > 1:
        best, a, b = max(
            (
                (gain(groups[a], groups[b]), a, b)
                for a in range(len(groups))
                for b in range(a + 1, len(groups))
            ),
            key=lambda each: (each[0], -each[1], -each[2]),
        )
        if best <= 0.0:
            break
        groups[a] = groups[a] + groups.pop(b)
    return math.fsum(
        weights[i][j] / total - degrees[i] * degrees[j] / (total * total)
        for group in groups
        for i in group
        for j in group
    )


def rank(values: Sequence[float], node: int) -> float:
    """1 for the largest value; ties share the better rank."""
    return 1.0 + sum(other > values[node] for other in values)
