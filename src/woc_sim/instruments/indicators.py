"""Indicators of every month: the state of one locality as one row, cheap enough to be taken each month."""

from __future__ import annotations

from itertools import groupby
from math import nan
from typing import Any, Final

import numpy as np

from woc_sim.instruments.indicator_kernels import READS, Sizes, State, read_month
from woc_sim.instruments.mipex import provision_counted
from woc_sim.instruments.monthly_readings import INDICATORS
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.instruments.sampling import Array
from woc_sim.jit import compiled_for, pack
from woc_sim.world.locality import Locality, field_name


def _row() -> np.dtype[Any]:
    """One field an indicator, in the order of the table; indicators with a common field are its values."""
    fields: list[tuple[Any, ...]] = []
    for field, indicators in groupby(INDICATORS, key=lambda each: each.field or each.name):
        count = len(list(indicators))
        fields.append((field, "f8") if count == 1 else (field, "f8", (count,)))
    return np.dtype(fields)


ROW: Final = _row()
"""The indicators of a month as a record, whose fields kernels write by name."""


class Monthly:
    """Rows of indicators of one locality for `months` months, preallocated; months that were not recorded
    are nan.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        self.rows: Array = np.full((months, len(INDICATOR_NAMES)), nan)
        self._records: Any = self.rows.view(ROW)[:, 0].view(np.recarray)
        self.recorded = 0
        self._provision: Array = np.array(provision_counted(locality), dtype=float)
        sets = locality.sets
        self._sizes = pack(
            Sizes(
                sets["residents"].count,
                sets["organisations"].count,
                sets["measures"].count,
                locality.parameters["instruments.camp_cut"],
            )
        )
        self._version = -1
        self._state: Any = None
        self._read: Any = None

    def record(self, locality: Locality, month: int) -> None:
        """Take the indicators of one month."""
        migrants = locality.sets["migrants"]
        if self._version != migrants.version:  # only migrants grow, and then have other buffers
            self._state = pack(State(**{field_name(name): locality.buffer(name) for name in READS}))
            self._version = migrants.version
        given = (self._records, month, self._state, self._sizes, migrants.count, self._provision)
        if self._read is None:
            self._read = compiled_for(read_month, *given)
        self._read(*given)
        self.recorded = max(self.recorded, month + 1)

    def table(self) -> dict[str, Array]:
        """One array a column, over the months recorded so far."""
        return {name: self.rows[: self.recorded, column] for column, name in enumerate(INDICATOR_NAMES)}
