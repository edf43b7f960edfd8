"""Bootstraps repeat, stay in their range and in their groups, and differ by use and seed."""

import numpy as np
import pytest

from woc_sim.analysis.resampling import resamples, resamples_inside, standard_normals, uniforms


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
