"""Column sets: live slices, growth without moving rows, and errors for slips."""

import numpy as np
import pytest

from woc_sim.world.columns import Column, ColumnSet

COLUMNS = (
    Column("height", "f8", 1.5, 0, 3, "m", "height"),
    Column("tie", "i4", -1, -1, 100, "row", "ties", 4),
)


def test_rows_are_appended_with_defaults_and_never_move():
    people = ColumnSet("people", COLUMNS, 2)
    first = people.append(2)
    people.height[:] = (1.0, 2.0)
    second = people.append(5)
    assert (first, second, len(people)) == (0, 2, 7)
    assert people.height.tolist() == [1.0, 2.0] + [1.5] * 5
    assert people.tie.shape == (7, 4)
    assert np.all(people.tie == -1)


def test_growth_changes_the_version_so_that_kernels_look_again():
    people = ColumnSet("people", COLUMNS, 2)
    before = people.version
    people.append(2)
    assert people.version == before
    people.append(1)
    assert people.version == before + 1


def test_misspelling_and_rebinding_raise():
    people = ColumnSet("people", COLUMNS, 2, 2)
    with pytest.raises(AttributeError, match="did you mean 'height'"):
        _ = people.hight
    with pytest.raises(AttributeError, match="in place"):
        people.height = np.zeros(2)


def test_a_column_cannot_hide_the_set():
    with pytest.raises(ValueError, match="count"):
        ColumnSet("people", (Column("count", "f8", 0, 0, 1, "1", "number"),), 1)


def test_values_out_of_bounds_and_nan_are_named():
    people = ColumnSet("people", COLUMNS, 3, 3)
    assert people.out_of_bounds() == []
    people.height[1] = 5.0
    assert people.out_of_bounds() == ["people.height"]
    people.height[1] = np.nan
    assert people.out_of_bounds() == ["people.height"]
