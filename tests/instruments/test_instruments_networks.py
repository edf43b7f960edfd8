"""Measures of small networks against networkx."""

import math

import networkx as nx
import numpy as np
import pytest

from woc_sim.instruments import networks


def _random_matrix(seed: int, nodes: int = 9) -> tuple[np.ndarray, nx.Graph]:
    rng = np.random.default_rng(seed)
    # powers of two: their distances add up exactly, so that networkx too sees equally short paths as equal
    drawn = 2 ** rng.integers(0, 3, (nodes, nodes))
    weights = np.triu(np.where(rng.random((nodes, nodes)) < 0.6, drawn, 0), 1)
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    for i, j in zip(*np.nonzero(weights), strict=True):
        graph.add_edge(int(i), int(j), weight=float(weights[i, j]), distance=1.0 / float(weights[i, j]))
    return (weights + weights.T).astype(float), graph


@pytest.mark.parametrize("seed", range(8))
def test_degree_and_betweenness_agree_with_networkx(seed):
    matrix, graph = _random_matrix(seed)
    assert networks.weighted_degrees(matrix) == pytest.approx([d for _, d in graph.degree(weight="weight")])
    expected = nx.betweenness_centrality(graph, weight="distance")
    assert networks.betweenness(matrix) == pytest.approx([expected[node] for node in range(len(matrix))])


@pytest.mark.parametrize("seed", range(8))
def test_modularity_is_that_of_a_good_partition(seed):
    matrix, graph = _random_matrix(seed)
    greedy = nx.community.greedy_modularity_communities(graph, weight="weight")
    assert networks.modularity(matrix) == pytest.approx(nx.community.modularity(graph, greedy), abs=0.06)


def test_two_cliques_are_modular_and_a_full_network_is_not():
    blocks = np.kron(np.eye(2), np.ones((4, 4))) - np.eye(8)
    assert networks.modularity(blocks) == pytest.approx(0.5)
    assert networks.modularity(np.ones((8, 8)) - np.eye(8)) == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(networks.modularity(np.array([[0.0, math.nan], [math.nan, 0.0]])))


def test_paths_of_equal_length_share_the_honour_in_spite_of_rounding():
    matrix = np.zeros((5, 5))
    for i, j, weight in ((0, 1, 3.0), (1, 2, 3.0), (2, 4, 3.0), (0, 3, 2.0), (3, 4, 2.0)):
        matrix[i, j] = matrix[j, i] = weight  # 1/3 + 1/3 + 1/3 against 1/2 + 1/2
    assert networks.betweenness(matrix) == pytest.approx([1 / 6, 1.5 / 6, 1.5 / 6, 0.5 / 6, 1 / 6])


def test_the_centre_of_a_star_is_between_all():
    star = np.zeros((5, 5))
    star[0, 1:] = star[1:, 0] = 2.0
    assert networks.betweenness(star).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert networks.rank([4.0, 9.0, 9.0], 0) == 3.0
