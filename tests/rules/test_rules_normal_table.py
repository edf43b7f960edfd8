"""The table of the normal distribution."""

import math
from itertools import pairwise

import pytest

from woc_sim.rules.curves import normal


def test_the_normal_table_is_a_standard_normal():
    n = 20_000
    values = [normal((i + 0.5) / n) for i in range(n)]
    mean = sum(values) / n
    assert abs(mean) < 1e-9
    assert math.sqrt(sum(v * v for v in values) / n) == pytest.approx(1.0, abs=0.01)
    assert normal(0.975) == pytest.approx(1.96, abs=0.01)
    assert all(a <= b for a, b in pairwise(values))
