"""Bootstraps repeat, stay in their range and in their groups, and differ by use and seed."""

import numpy as np
import pytest

from woc_sim.analysis.inference.streams import Stream
from woc_sim.analysis.resampling import draws_of, resamples, resamples_inside, standard_normals, uniforms
from woc_sim.draws import draw, name_key


def test_every_number_stands_at_its_own_address() -> None:
    """Tables and plausible sets that were published rest on these addresses."""
    drawn = draws_of(("a", 7), 3, 2, 5)
    assert drawn.shape == (2, 5)
    key = name_key("a", 7), name_key(3)
    assert drawn.ravel().tolist() == [draw(key, address, 0) for address in range(10)]
    stream = Stream("a", 7)
    assert (stream.uniform(4) == draws_of(("inference", "a", 7), 1, 4)).all()
    assert (stream.uniform(2, 2) == draws_of(("inference", "a", 7), 2, 2, 2)).all()
    assert uniforms("a", 3, 2, 5) == pytest.approx(draws_of(("a",), 3, 2, 5), abs=2e-16)


def test_draws_repeat_and_differ_by_use_and_seed() -> None:
    first = uniforms("a", 0, 50, 40)
    assert np.array_equal(first, uniforms("a", 0, 50, 40))
    assert not np.array_equal(first, uniforms("b", 0, 50, 40))
    assert not np.array_equal(first, uniforms("a", 1, 50, 40))
    assert ((first > 0) & (first < 1)).all()
    assert first.mean() == pytest.approx(0.5, abs=3 / np.sqrt(12 * first.size))


def test_resamples_take_every_thing_and_keep_to_groups() -> None:
    drawn = resamples("a", 1, 200, 7)
    assert drawn.shape == (200, 7)
    assert set(drawn.ravel()) == set(range(7))
    groups = np.array([3, 3, 5, 5, 5, 9])
    inside = resamples_inside("a", 1, 200, groups)
    assert (groups[inside] == groups).all()
    assert set(inside[:, 2]) == {2, 3, 4}
    assert set(inside[:, 5]) == {5}


def test_normal_numbers_are_standard() -> None:
    drawn = standard_normals("a", 2, 100, 40)
    assert drawn.mean() == pytest.approx(0, abs=3 / np.sqrt(drawn.size))
    assert drawn.std() == pytest.approx(1, abs=0.05)
