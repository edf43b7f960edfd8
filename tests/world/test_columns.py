"""Column sets: live slices, growth without moving rows, and errors for slips."""

import copy
import pickle

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


LIKED = Column("liking", "f8", 0.5, -1, 1, "1", "liking", by=("cats", "dogs"))
SEEN = Column("seen", "i4", -1, -1, 9, "row", "last seen", 3, by=("cats", "dogs"))


def pets() -> ColumnSet:
    return ColumnSet("people", (*COLUMNS, LIKED, SEEN), 2, 2)


def test_an_axis_in_front_keeps_the_values_for_one_name_side_by_side():
    people = pets()
    people.liking[1] = (0.1, 0.2)
    assert people.liking.shape == (2, 2)
    assert people.seen.shape == (2, 2, 3)
    people.append(4)
    assert people.liking.tolist() == [[0.5] * 6, [0.1, 0.2, 0.5, 0.5, 0.5, 0.5]]
    row = people.buffer("liking.dogs")
    assert row.flags.c_contiguous
    assert np.shares_memory(row, people.buffer("liking"))
    assert getattr(people, "liking.dogs").tolist() == people.liking[1].tolist()


def test_names_along_the_axis_are_checked():
    people = pets()
    assert people.has("liking.cats")
    assert not people.has("liking.birds")
    declared, name = people.named("liking.cats")
    assert (declared.low, declared.by, name) == (-1, (), "liking.cats")
    with pytest.raises(AttributeError, match=r"has no column 'liking\.birds'"):
        people.buffer("liking.birds")
    with pytest.raises(AttributeError, match="has no column"):
        people.named("birds")


def test_rows_come_first_where_some_are_taken_or_put():
    people = pets()
    people.append(2)
    rows = np.array([3, 1])
    people.put("liking", rows, [[0.1, 0.2], [0.3, 0.4]])
    assert people.take("liking", rows).tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert people.liking[:, 3].tolist() == [0.1, 0.2]
    assert people.take("liking", 1).tolist() == [0.3, 0.4]
    assert people.take("liking.dogs", rows).tolist() == [0.2, 0.4]
    people.put("liking", 0, 1.0)
    people.put("liking", rows, [0.7, 0.8])  # one number a row, for all names
    assert people.liking.tolist() == [[1.0, 0.8, 0.5, 0.7]] * 2
    people.put("seen", rows, np.arange(12).reshape(2, 2, 3) % 9)
    assert people.take("seen", rows).tolist() == (np.arange(12).reshape(2, 2, 3) % 9).tolist()
    assert people.take("height", rows).tolist() == [1.5, 1.5]


def test_copies_and_pickles_keep_the_axis():
    people = pets()
    people.liking[:] = ((0.1, 0.2), (0.3, 0.4))
    for other in (copy.deepcopy(people), pickle.loads(pickle.dumps(people))):
        assert other.liking.tolist() == people.liking.tolist()
        other.liking[0, 0] = 1.0
        assert people.liking[0, 0] == 0.1


def test_bounds_hold_along_the_axis():
    people = pets()
    people.liking[1, 1] = 2.0
    assert people.out_of_bounds() == ["people.liking"]
