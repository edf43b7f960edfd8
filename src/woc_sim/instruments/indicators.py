"""Indicators of every month: the state of one locality as one row, cheap enough to be taken each month."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments.indicator_kernels import (
    MEASURE_COLUMNS,
    MIGRANT_COLUMNS,
    ORGANISATION_COLUMNS,
    PLACE_COLUMNS,
    RESIDENT_COLUMNS,
    Governance,
    Heads,
    MeasureState,
    Migrants,
    MigrantState,
    OrganisationState,
    Place,
    PlaceState,
    Policy,
    Residents,
    ResidentState,
    read_month,
)
from woc_sim.instruments.mipex import provision_counted
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.instruments.sampling import Array
from woc_sim.jit import compiled_for, pack
from woc_sim.world.locality import Locality, field_name

ROW = (
    *Heads._fields,
    *Residents._fields,
    *Migrants._fields[3:],
    *Place._fields,
    *Governance._fields,
    *Policy._fields,
    *(f"coverage_{sector}" for sector in SECTORS),
)
"""Names of the row's parts as `read_month` writes them; the same as `INDICATOR_NAMES` (tested)."""


class Monthly:
    """Rows of indicators of one locality for `months` months, preallocated; months that were not recorded
    are nan.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        self._locality = locality
        self.rows: Array = np.full((months, len(INDICATOR_NAMES)), nan)
        self.recorded = 0
        self._provision: Array = np.array(provision_counted(locality), dtype=float)
        self._camp = locality.parameters["instruments.camp_cut"]
        self._version = -1
        self._read: Any = None

    def _bind(self) -> None:
        """Renew the kernel's views when the migrants, the only set that grows, were given more room."""
        self._own = self._view(PlaceState, PLACE_COLUMNS)
        self._residents = self._view(ResidentState, RESIDENT_COLUMNS)
        self._migrants = self._view(MigrantState, MIGRANT_COLUMNS)
        self._organisations = self._view(OrganisationState, ORGANISATION_COLUMNS)
        self._measures = self._view(MeasureState, MEASURE_COLUMNS)
        self._version = self._locality.sets["migrants"].version

    def _view(self, kind: Any, names: tuple[str, ...]) -> Any:
        return pack(kind(**{field_name(name): self._locality.buffer(name) for name in names}))

    def record(self, locality: Locality, month: int) -> None:
        """Take the indicators of one month."""
        sets = locality.sets
        if self._version != sets["migrants"].version:
            self._bind()
        given = (
            self.rows[month],
            self._own,
            self._residents,
            sets["residents"].count,
            self._migrants,
            sets["migrants"].count,
            self._organisations,
            sets["organisations"].count,
            self._measures,
            sets["measures"].count,
            self._camp,
            self._provision,
        )
        if self._read is None:
            self._read = compiled_for(read_month, *given)
        self._read(*given)
        self.recorded = max(self.recorded, month + 1)

    def table(self) -> dict[str, Array]:
        """One array a column, over the months recorded so far."""
        return {name: self.rows[: self.recorded, place] for place, name in enumerate(INDICATOR_NAMES)}
