"""What is observed of a world: indicators each month, and each instrument in its month."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from functools import cache, partial
from typing import Any

from woc_sim.instruments import (
    access_rating,
    encounter_log,
    frame_interviews,
    governance_survey,
    migrant_interviews,
    mipex,
    network_survey,
    resident_survey,
    response_class,
)
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.instruments.indicators import Monthly
from woc_sim.instruments.network_survey import Meetings
from woc_sim.instruments.readings import (
    INSTRUMENT_NAMES,
    PEOPLE_MONTH,
    POLICY_MONTH,
    READING_NAMES,
    instruments_of,
)
from woc_sim.instruments.sampling import interviewees
from woc_sim.processes.contract import Stretch
from woc_sim.world.locality import Locality

Reader = Callable[[], dict[str, float]]


def month_label(month: int) -> str:
    """'2012-01' for month 0."""
    return f"{2012 + month // 12}-{month % 12 + 1:02d}"


class LocalityObservation:
    """All that is observed of one locality over `months` months: indicators, and what `instruments` read.

    Notes are taken only for instruments that will need them.
    """

    def __init__(
        self, locality: Locality, months: int, instruments: Collection[str] = INSTRUMENT_NAMES
    ) -> None:
        self.locality = locality
        self.monthly = Monthly(locality, months)
        self._instruments = instruments
        self._meetings = Meetings(locality, months)
        self._notes = FollowUp(locality, months)
        notes = {
            "network_survey": self._meetings,
            "resident_survey": self._notes,
            "migrant_interviews": self._notes,
        }
        needed = dict.fromkeys(taken for name, taken in notes.items() if name in instruments)
        self._recording = Stretch(locality, (self.monthly, *needed))
        self._policy_month = min(POLICY_MONTH, months - 1)
        self._people_month = min(PEOPLE_MONTH, months - 1)
        self._readings: dict[str, float] = {}

    def observe(self, month: int) -> None:
        """Take the month that has just been lived."""
        self._recording.step(month)
        readers: dict[str, Reader] = {}
        if month == self._policy_month:
            readers |= self._policy_readers(month)
        if month == self._people_month:
            readers |= self._people_readers(month)
        for name, read in readers.items():
            if name in self._instruments:
                self._readings |= read()

    def _policy_readers(self, month: int) -> dict[str, Reader]:
        """The instruments of the fieldwork on policies, which share their interviewees."""
        locality = self.locality
        people = cache(partial(interviewees, locality))
        return {
            "mipex": lambda: mipex.read(locality),
            "governance_survey": lambda: governance_survey.read(locality, people()),
            "network_survey": lambda: network_survey.read(locality, people(), self._meetings),
            "frame_interviews": lambda: frame_interviews.read(locality, people()),
            "access_rating": lambda: access_rating.read(locality, month, people()),
            "response_class": lambda: response_class.read(locality),
        }

    def _people_readers(self, month: int) -> dict[str, Reader]:
        """The instruments that ask residents and migrants."""
        locality = self.locality
        return {
            "resident_survey": lambda: resident_survey.read(locality, self._notes),
            "migrant_interviews": lambda: migrant_interviews.read(locality, self._notes, month),
            "encounter_log": lambda: encounter_log.read(locality),
        }

    def final_row(self) -> dict[str, float]:
        """Every reading by name, in the order of `READINGS`; nan for what was not asked or could not be
        answered.
        """
        return {name: self._readings.get(name, math.nan) for name in READING_NAMES}


class Observation:
    """What is observed of a world: give `observe` to the simulation, read the tables afterwards.

    readings: those that are needed; empty for all. Instruments that hold none of them are not applied, and
    their readings are nan; the others read what they read in any observation. Raises UserError for an unknown
    reading.
    """

    def __init__(self, months: int, readings: Collection[str] = ()) -> None:
        self.months = months
        self._instruments = instruments_of(readings)
        self.localities: list[LocalityObservation] = []

    def observe(self, world: Any) -> None:
        """Take the month that `world` has just lived (`world.month`) in all its localities."""
        if not self.localities:
            self.localities = [
                LocalityObservation(each, self.months, self._instruments) for each in world.localities
            ]
        for each in self.localities:
            each.observe(world.month)

    def final_row(self, place: int = 0) -> dict[str, float]:
        """Readings of one locality."""
        return self.localities[place].final_row()

    def final_table(self) -> dict[str, list[Any]]:
        """Columns case, replicate and all readings; one row a locality."""
        rows = [each.final_row() for each in self.localities]
        table: dict[str, list[Any]] = {
            "case": [each.locality.case for each in self.localities],
            "replicate": [each.locality.replicate for each in self.localities],
        }
        return table | {name: [row[name] for row in rows] for name in READING_NAMES}

    def monthly_table(self) -> dict[str, list[Any]]:
        """Columns case, replicate, month (YYYY-MM) and all indicators; one row a locality and month."""
        table: dict[str, list[Any]] = {"case": [], "replicate": [], "month": []}
        for each in self.localities:
            count = each.monthly.recorded
            table["case"] += [each.locality.case] * count
            table["replicate"] += [each.locality.replicate] * count
            table["month"] += [month_label(month) for month in range(count)]
            for name, values in each.monthly.table().items():
                table.setdefault(name, []).extend(values.tolist())
        return table
