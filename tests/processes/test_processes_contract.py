"""The contract of a process: nothing is written that is not declared."""

import numpy as np
import pytest
from towns import ORGANISATIONS, lived, place
from worlds import PEOPLE, bind, live, small_locality, snapshot


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_undeclared_is_written(name: str) -> None:
    locality = live(small_locality(300, asylum_share=20.0, rrp=0.2), range(30, 42))
    turn = bind(locality, [name])[0]
    before = snapshot(locality)
    turn.step(42)
    after = snapshot(locality)
    rows = {column: len(values) for column, values in before.items()}
    changed = {
        column for column in before if not np.array_equal(before[column], after[column][: rows[column]])
    }
    assert changed <= set(turn.process.writes)
    assert changed


@pytest.mark.parametrize("process", ORGANISATIONS)
def test_organisations_too_write_nothing_undeclared(process):
    locality = lived(place(executive_ideology=0.4, rrp=0.2, inhabitants=200_000.0), months=24)
    before = snapshot(locality)
    turn = bind(locality, [process])[0]
    for month in range(24, 108):
        turn.step(month)
    changed = {
        name for name, values in snapshot(locality).items() if not np.array_equal(values, before[name])
    }
    assert changed <= set(turn.process.writes)
    assert changed, "the process wrote nothing"
