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
    RESIDENT_COLUMNS,
    Governance,
    MeasureState,
    Migrants,
    MigrantState,
    OrganisationState,
    Policy,
    Residents,
    ResidentState,
    read_governance,
    read_migrants,
    read_policy,
    read_residents,
)
from woc_sim.instruments.mipex import provision_counted
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.instruments.sampling import Array
from woc_sim.jit import pack
from woc_sim.world.locality import Locality, field_name

_PLACE = (
    "vacancy",
    "unemployment",
    "tightness",
    "acceptance_work",
    "acceptance_home",
    "reception_quality",
    "openness",
    "load",
    "officer",
    "politicisation",
    "voice_for",
    "voice_against",
    "letters",
    "gatherings",
    "protests",
)
"""Columns of the locality's own row that are indicators as they stand."""

_SETS = (
    "residents",
    "migrants",
    "encounters",
    "organisations",
    "governance",
    "measures",
    "sectors",
    "locality",
)

ROW = (
    *("residents", "migrants", "non_europeans", "ukrainians", "arrivals", "moved_on", "births", "deaths"),
    *Residents._fields,
    *Migrants._fields[2:],
    *_PLACE,
    *Governance._fields,
    *Policy._fields,
    *(f"coverage_{sector}" for sector in SECTORS),
)
"""Names of the row's parts as `Monthly.record` puts them together; the same as `INDICATOR_NAMES` (tested)."""


class Monthly:
    """Rows of indicators of one locality for `months` months, preallocated; months that were not recorded
    are nan.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        self._locality = locality
        self.rows: Array = np.full((months, len(INDICATOR_NAMES)), nan)
        self.recorded = 0
        self._provision: Array = np.array(provision_counted(locality), dtype=float)
        self._versions: tuple[int, ...] = ()
        self._states: tuple[Any, ...] = ()
        self._place: tuple[Array, ...] = ()

    def _bind(self) -> None:
        """Renew the kernels' views when a set of columns has grown."""
        sets = self._locality.sets
        versions = tuple([sets[name].version for name in _SETS])
        if versions == self._versions:
            return
        self._states = (
            self._view(ResidentState, RESIDENT_COLUMNS),
            self._view(MigrantState, MIGRANT_COLUMNS),
            self._view(OrganisationState, ORGANISATION_COLUMNS),
            self._view(MeasureState, MEASURE_COLUMNS),
        )
        own = sets["locality"]
        self._place = tuple(
            own.buffer(name)
            for name in ("scale", "residents_now", "arrivals", "moved_on", "births", "deaths", *_PLACE)
        )
        self._versions = versions

    def _view(self, kind: Any, names: tuple[str, ...]) -> Any:
        return pack(kind(**{field_name(name): self._locality.buffer(name) for name in names}))

    def record(self, locality: Locality, month: int) -> None:
        """Take the indicators of one month."""
        self._bind()
        residents, migrants, organisations, measures = self._states
        sets = locality.sets
        scale, now, arrivals, moved, births, deaths, *place = [float(column[0]) for column in self._place]
        row = self.rows[month]
        camp = locality.parameters["instruments.camp_cut"]
        europeans, ukrainians, *people = read_migrants(migrants, sets["migrants"].count)
        parts = (
            (
                now,
                (europeans + ukrainians) / scale,
                europeans / scale,
                ukrainians / scale,
                arrivals / scale,
                moved / scale,
                births / scale,
                deaths / scale,
            ),
            read_residents(residents, sets["residents"].count, camp),
            people,
            place,
            read_governance(organisations, sets["organisations"].count),
            read_policy(measures, sets["measures"].count, self._provision, row[-len(SECTORS) :]),
        )
        row[: -len(SECTORS)] = [value for part in parts for value in part]
        self.recorded = max(self.recorded, month + 1)

    def table(self) -> dict[str, Array]:
        """One array a column, over the months recorded so far."""
        return {name: self.rows[: self.recorded, place] for place, name in enumerate(INDICATOR_NAMES)}
