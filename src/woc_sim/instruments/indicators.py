"""Indicators of every month: the state of one locality as one row, cheap enough to be taken each month."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from math import nan
from typing import Any, Final

import numpy as np

from woc_sim.instruments.indicator_kernels import READS, Fixed, State, read_month
from woc_sim.instruments.mipex import provision_counted
from woc_sim.instruments.monthly_readings import INDICATORS
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.instruments.recording import Recorder
from woc_sim.instruments.sampling import Array
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


class Monthly(Recorder):
    """Rows of indicators of one locality for `months` months, preallocated; months that were not recorded
    are nan.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        self.rows: Array = np.full((months, len(INDICATOR_NAMES)), nan)
        self._records: Any = self.rows.view(ROW)[:, 0].view(np.recarray)
        sets = locality.sets
        fixed = Fixed(
            sets["residents"].count,
            sets["organisations"].count,
            sets["measures"].count,
            locality.parameters["instruments.camp_cut"],
            np.array(provision_counted(locality), dtype=float),
        )
        super().__init__(locality, read_month, State, fixed)

    def arrays(self) -> Mapping[str, Any]:
        """The columns that indicators are made of, and the records."""
        return {field_name(name): self.locality.buffer(name) for name in READS} | {"rows": self._records}

    @property
    def recorded(self) -> int:
        """Months up to the last one that was recorded; every recorded month has a number of residents."""
        known = np.flatnonzero(~np.isnan(self.rows[:, INDICATOR_NAMES.index("residents")]))
        return int(known[-1]) + 1 if known.size else 0

    def table(self) -> dict[str, Array]:
        """One array a column, over the months recorded so far."""
        return {name: self.rows[: self.recorded, column] for column, name in enumerate(INDICATOR_NAMES)}
