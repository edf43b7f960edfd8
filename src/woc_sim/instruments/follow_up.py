"""What has to be noted on the way, because nobody can ask for it afterwards without error.

Residents' meetings of the last twelve months by setting, residents' attitudes a year before the survey,
migrants' employment, language and feelings at fixed times after arrival, and how they felt before the
Ukrainians came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.ages import ADULT, WORK_TO
from woc_sim.instruments.readings import EMPLOYMENT_YEARS, LANGUAGE_YEARS, PEOPLE_MONTH, POLICY_MONTH
from woc_sim.instruments.recording import Recorder
from woc_sim.instruments.sampling import Array
from woc_sim.instruments.summary import ratio
from woc_sim.jit import entry, kernel, pack, rule, step
from woc_sim.processes.lookups import count_ties
from woc_sim.world.groups import GROUPS, REFERENCE
from woc_sim.world.locality import Locality
from woc_sim.world.people import NO_JOB, NON_EUROPEAN, TIES, UKRAINIAN
from woc_sim.world.places import PLACE_KINDS

YEAR = 12
SETTINGS = len(PLACE_KINDS)
SETTING_BITS = np.uint16
"""Type of a note of settings, with a bit for each."""
LAST_YEAR = max(*EMPLOYMENT_YEARS, *LANGUAGE_YEARS)
BEFORE_UKRAINIANS = POLICY_MONTH - 1


def _grown(notes: Array, rows: int) -> Array:
    """The notes with room for so many persons, nan for those who are new."""
    if len(notes) >= rows:
        return notes
    larger = np.full(rows, np.nan)
    larger[: len(notes)] = notes
    return larger


class Panel(NamedTuple):
    """Counts of migrants who came as adults, on anniversaries of their arrival; rows: group, columns: years.

    of_working_age, at_work: persons of working age, and of these those with a job; asked, good_command: all
    persons, and of these those with a good command of the language.
    """

    of_working_age: Array
    at_work: Array
    asked: Array
    good_command: Array


class Noted(NamedTuple):
    """What notes are taken from, columns of migrants and residents' attitudes, and what they are written
    into (see `FollowUp`)."""

    present: Array
    cohort: Array
    group: Array
    age: Array
    job: Array
    language: Array
    belonging: Array
    tie: Array
    met: Array
    met_venue: Array
    attitude_to: Array
    times: Array
    settings: Array
    seen: Array
    attitude_before: Array
    before: Array
    first_belonging: Array
    first_ties: Array


ARRIVED, NOTES = Noted._fields[:10], Noted._fields[11:]
"""Fields of `Noted`: columns of migrants, and what is written."""


class Plan(NamedTuple):
    """The month of the resident survey, what is a good command of the language, and the counts of the
    panel."""

    survey: int
    language_cut: float
    of_working_age: Array
    at_work: Array
    asked: Array
    good_command: Array


@step
def _note_anniversaries(people: Any, plan: Any, moment: Any) -> None:
    """Note everybody who arrived in this month of an earlier year: the first year's belonging and ties, and
    the counts of the panel."""
    for i in range(moment.migrants):
        here = moment.month - people.cohort[i]
        if people.present[i] == 0 or here <= 0 or here % YEAR != 0:
            continue
        years = here // YEAR
        if years == 1:
            people.first_belonging[i] = people.belonging[i]
            people.first_ties[i] = count_ties(people.tie, i)
        # The panels of refugees ask those who came as adults.
        if years <= LAST_YEAR and people.age[i] - years >= ADULT:
            group = people.group[i]
            if people.age[i] < WORK_TO:
                plan.of_working_age[group, years] += 1
                if people.job[i] != NO_JOB:
                    plan.at_work[group, years] += 1
            plan.asked[group, years] += 1
            if people.language[i] >= plan.language_cut:
                plan.good_command[group, years] += 1


@rule
def looks_integrated(language: float, works: bool, ties: float) -> float:
    """How integrated a migrant appears to someone who talks to it: command of the language, having work,
    knowing people (ties: of those it can have); 0..1.
    """
    return (language + works + min(1.0, 2.0 * ties)) / 3.0


@kernel
def _looks(people: Any, who: int) -> float:
    return looks_integrated(
        people.language[who], people.job[who] != NO_JOB, count_ties(people.tie, who) / TIES
    )


@step
def _note_meetings(people: Any, count: int) -> None:
    """Add the month's meetings of the migrants present to what residents remember of the year."""
    for i in range(count):
        if people.present[i] == 0:
            continue
        group = people.group[i]
        looks = _looks(people, i)
        for slot in range(people.met.shape[1]):
            resident = people.met[i, slot]
            if resident < 0:
                continue
            venue = min(max(people.met_venue[i, slot], 0), SETTINGS - 1)
            people.times[resident, group] += 1
            people.settings[resident, group] |= SETTING_BITS(1 << venue)
            people.seen[resident, group] += looks


@entry
@kernel
def _note_month(people: Any, plan: Any, moment: Any) -> None:
    """Note what later instruments need of the month that was lived."""
    if moment.month == BEFORE_UKRAINIANS:
        for i in range(moment.migrants):
            if people.present[i] == 1:
                people.before[i] = people.belonging[i]
    _note_anniversaries(people, plan, moment)
    if moment.month == plan.survey - YEAR:
        for i in range(len(people.attitude_before)):
            people.attitude_before[i] = people.attitude_to[REFERENCE, i]
    if plan.survey - YEAR < moment.month <= plan.survey:
        _note_meetings(people, moment.migrants)


@entry
@kernel
def _appearance(people: Any, rows: Any) -> Any:
    looks = np.empty(rows.size)
    for index in range(rows.size):
        looks[index] = _looks(people, rows[index])
    return looks


class FollowUp(Recorder):
    """Notes on the persons of one locality. `survey` is the month of the resident survey.

    times: meetings of each resident with each group in the year before the survey;
    settings: the settings of these meetings, a bit each;
    seen: sum over these meetings of how integrated the migrant met appears (0..1);
    attitude_before: residents' attitudes twelve months before the survey, nan for the unknown;
    before: belonging of migrants in the month before the Ukrainians' year began, nan for the unknown;
    first_belonging, first_ties: migrants' belonging and ties one year after arrival, nan for the unknown.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        residents, migrants = len(locality.residents), locality.migrants.reserved
        self.times = np.zeros((residents, len(GROUPS)), dtype=np.int16)
        self.settings = np.zeros((residents, len(GROUPS)), dtype=SETTING_BITS)
        self.seen = np.zeros((residents, len(GROUPS)))
        self.attitude_before = np.full(residents, np.nan)
        self.before = np.full(migrants, np.nan)
        self.first_belonging = np.full(migrants, np.nan)
        self.first_ties = np.full(migrants, np.nan)
        self.panel = Panel(*(np.zeros((len(GROUPS), LAST_YEAR + 1), dtype=np.int64) for _ in Panel._fields))
        plan = Plan(
            min(PEOPLE_MONTH, months - 1), locality.parameters["instruments.language_cut"], *self.panel
        )
        super().__init__(locality, _note_month, Noted, plan)

    def arrays(self) -> Mapping[str, Any]:
        """Columns of the locality, and the notes, with as much room for migrants as there is."""
        people = self.locality.migrants
        for name in ("before", "first_belonging", "first_ties"):
            setattr(self, name, _grown(getattr(self, name), people.reserved))
        columns = {name: people.buffer(name) for name in ARRIVED}
        columns["attitude_to"] = self.locality.buffer("residents.attitude_to")
        return columns | {name: getattr(self, name) for name in NOTES}

    def met_in(self, rows: Array, group: int, venue: int) -> Array:
        """Which residents of `rows` met somebody of a group in a setting in the year before the survey."""
        return np.asarray(self.settings[rows, group] >> venue & 1 == 1)

    def employed(self, group: int, years: int) -> float:
        """Share at work, of those of working age who were present this many years after arrival."""
        panel = self.panel
        return ratio(float(panel.at_work[group, years]), float(panel.of_working_age[group, years]))

    def good_language(self, group: int, years: int) -> float:
        """Share with a good command, of those present this many years after arrival."""
        panel = self.panel
        return ratio(float(panel.good_command[group, years]), float(panel.asked[group, years]))

    def read(self) -> dict[str, float]:
        """Curves over the years since arrival, as panels of refugees report them (M14, M18, M19)."""
        return (
            {f"employed_{years}y": self.employed(NON_EUROPEAN, years) for years in EMPLOYMENT_YEARS}
            | {"employed_ua_1y": self.employed(UKRAINIAN, 1)}
            | {f"language_good_{years}y": self.good_language(NON_EUROPEAN, years) for years in LANGUAGE_YEARS}
        )

    def appearance(self, rows: Array) -> Array:
        """How integrated each migrant in `rows` appears (`looks_integrated`)."""
        found: Array = _appearance(pack(self._state(**self.arrays())), rows)
        return found
