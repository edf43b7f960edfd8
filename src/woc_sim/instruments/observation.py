"""What is observed of a world: indicators each month, and each instrument in its month."""

from __future__ import annotations

import math
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
from woc_sim.instruments.readings import PEOPLE_MONTH, POLICY_MONTH, READING_NAMES
from woc_sim.instruments.sampling import interviewees
from woc_sim.world.locality import Locality


def month_label(month: int) -> str:
    """'2012-01' for month 0."""
    return f"{2012 + month // 12}-{month % 12 + 1:02d}"


class LocalityObservation:
    """All that is observed of one locality over `months` months."""

    def __init__(self, locality: Locality, months: int) -> None:
        self.locality = locality
        self.monthly = Monthly(locality, months)
        self._meetings = Meetings(locality, months)
        self._notes = FollowUp(locality, months)
        self._policy_month = min(POLICY_MONTH, months - 1)
        self._people_month = min(PEOPLE_MONTH, months - 1)
        self._readings: dict[str, float] = {}

    def observe(self, month: int) -> None:
        """Take the month that has just been lived."""
        locality = self.locality
        self.monthly.record(locality, month)
        self._meetings.record(locality, month)
        self._notes.record(locality, month)
        if month == self._policy_month:
            people = interviewees(locality)
            self._readings |= (
                mipex.read(locality)
                | governance_survey.read(locality, people)
                | network_survey.read(locality, people, self._meetings)
                | frame_interviews.read(locality, people)
                | access_rating.read(locality, month)
                | response_class.read(locality)
            )
        if month == self._people_month:
            self._readings |= (
                resident_survey.read(locality, self._notes)
                | migrant_interviews.read(locality, self._notes, month)
                | encounter_log.read(locality)
            )

    def final_row(self) -> dict[str, float]:
        """Every reading by name, in the order of `READINGS`; nan for what was not asked or could not be
        answered.
        """
        return {name: self._readings.get(name, math.nan) for name in READING_NAMES}


class Observation:
    """What is observed of a world: give `observe` to the simulation, read the tables afterwards."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.localities: list[LocalityObservation] = []

    def observe(self, world: Any) -> None:
        """Take the month that `world` has just lived (`world.month`) in all its localities."""
        if not self.localities:
            self.localities = [LocalityObservation(each, self.months) for each in world.localities]
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
