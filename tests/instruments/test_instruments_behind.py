"""Columns behind an indicator: another number in any other column leaves it as it is."""

from __future__ import annotations

import numpy as np
import pytest

from woc_sim.instruments.behind import COLUMNS, columns_behind
from woc_sim.instruments.indicators import Monthly
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.processes.schedule import PROCESSES
from woc_sim.world.locality import Locality


@pytest.mark.parametrize("column", sorted(COLUMNS.values()))
def test_an_indicator_moves_only_with_the_columns_behind_it(place: Locality, column: str) -> None:
    def row() -> np.ndarray:
        monthly = Monthly(place, 1)
        monthly.record(0)
        return monthly.rows[0].copy()

    buffer = place.buffer(column)
    before, kept = row(), buffer.copy()
    moved = set()
    for other in (0, 1, 2):
        buffer[...] = other
        after = row()
        moved |= {
            name
            for name, one, two in zip(INDICATOR_NAMES, before, after, strict=True)
            if not (one == two or (np.isnan(one) and np.isnan(two)))
        }
        buffer[...] = kept
    assert np.array_equal(row(), before, equal_nan=True)
    for name in moved:
        behind = columns_behind(name)
        scale = column in ("locality.scale",)  # counts of a thinned place are multiplied
        assert scale or column in behind.values | behind.conditions, name


def test_every_indicator_has_columns_and_a_process_that_writes_them() -> None:
    written = {column for each in PROCESSES for column in each.writes}
    for name in INDICATOR_NAMES:
        behind = columns_behind(name)
        assert written & (behind.values | behind.conditions), name


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        columns_behind("nothing")
