"""The town of the idiomatic twin: a Mesa model of people who act in shuffled order, with a DataCollector."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from benchmarks.exact import living, meeting, minds, people, settling
from benchmarks.idiomatic.migrants import Migrant
from benchmarks.idiomatic.residents import Resident
from benchmarks.plain import plain_rules
from woc_sim.inputs.ages import ADULT
from woc_sim.processes import experience
from woc_sim.processes.contract import Bound
from woc_sim.processes.gathering import WEEKS
from woc_sim.processes.schedule import BY_NAME
from woc_sim.world import people as code
from woc_sim.world import places as venue
from woc_sim.world.locality import Locality, field_name

rules = plain_rules()


def mean_of(values: list[float]) -> float:
    """Mean of values; 0 of none."""
    return float(np.mean(values)) if values else 0.0


REPORTERS = {
    "attitude": lambda town: mean_of([one.attitude for one in town.residents]),
    "attitude_ua": lambda town: mean_of([one.attitude_ua for one in town.residents]),
    "volunteers": lambda town: mean_of([one.volunteer > 0.0 for one in town.residents]),
    "migrants": lambda town: float(len(town.here)),
    "working": lambda town: mean_of([one.job != code.NO_JOB for one in town.here]),
    "private_homes": lambda town: mean_of([one.housing == code.PRIVATE for one in town.here]),
    "language": lambda town: mean_of([one.language for one in town.here]),
    "belonging": lambda town: mean_of([one.belonging for one in town.here]),
    "ties": lambda town: mean_of([one.ties() for one in town.here]),
}


class Numbers(SimpleNamespace):
    """The town's own numbers: plain attributes, since people look at them all the time."""

    def __init__(self, locality: Locality) -> None:
        columns = [column.name for column in locality.row.columns.values() if not column.by]
        super().__init__(**{name: locality.value(name) for name in columns})
        self.of = people.Row(locality).of


class Arrivals(settling.Arrivals):
    """Newcomers as in the exact twin, but drawn from the model's own generator."""

    def draw(self, entity: int, purpose: int, index: int = 0) -> float:
        """A number of the generator, whatever it is for."""
        return float(self.town.random.random())


class Town(people.Town):
    """The people of a locality, from its first or any later month on; its organisations stay as they are.

    What happens to the town as a whole (calendar, arrivals, markets, needs) is that of the exact twin.
    """

    resident, migrant = Resident, Migrant

    def __init__(self, locality: Locality, month: int, rng: int) -> None:
        super().__init__(deepcopy(locality), rng)  # kernels may go on with the one that was given
        self.month = month - 1  # the month last lived
        values = {field_name(name): value for name, value in locality.parameters.items()}
        self.parameters, self.theories = SimpleNamespace(**values), locality.theories
        self.row = Numbers(self.locality)
        self.ukrainian_part = self.row.of("group_part.ukrainian")
        sectors = range(len(locality.sets["sectors"]))
        self.offers = [self.covered(sector) for sector in sectors]
        self.restrictions = [self.sector("restrictive", sector) for sector in sectors]
        self.sanction = self.sector("public", experience.ENCOUNTER)
        self.calendar = Bound(BY_NAME["calendar"], self.locality)
        self.arrivals = Arrivals(self, BY_NAME["arrivals"])
        self.work, self.housing = living.Work(self, BY_NAME["work"]), living.Housing(self, BY_NAME["housing"])
        self.experience = minds.Experience(self, BY_NAME["experience"])
        encounters = meeting.Encounters(self, BY_NAME["encounters"])
        self.structure = [encounters.structure(kind) for kind in range(venue.HOST_HOME + 1)]
        for one in self.migrants:
            one.recall() if one.present else one.remove()
        self.landlords = [one for one in self.residents if one.landlord]
        town = self.locality.organisations
        helping = (town.eases_volunteers == 1) & (town.active == 1)
        self.company = float(town.initiative[helping, : experience.STEERING].max(initial=0.0))
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    @property
    def here(self) -> Any:
        """Migrants who live here."""
        return self.agents_by_type.get(Migrant, ())

    def step(self) -> None:
        """Live one month."""
        self.month += 1
        self.plan_month()
        self.arrivals.step(self.month)
        self.row.residents_now *= 1.0 + self.row.trend / 12.0
        residents = self.agents_by_type[Resident]
        residents.shuffle_do("begin_month")
        self.ask_migrants("begin_month")
        self.gather_families()
        _, self.slump = self.work.open_market()
        self.open_parts = self.work.open_parts()
        self.housing.flow()
        self.housing.ask_landlords(self.landlords)
        self.find_volunteers()
        self.ask_migrants("step")
        p, row = self.parameters, self.row
        felt = (row.arrival_rate, row.migrant_share, row.politicisation)
        self.signal = rules.threat_signal(p, self.theories["threat"], *felt)
        self.scarcity = rules.scarcity(p, row.tightness, row.vacancy)
        self.grievance = rules.grievance(p, self.theories["decline"], row.trend, row.media)
        residents.do("sum_up")
        residents.shuffle_do("end_month")
        self.experience.compare()
        self.ask_migrants("end_month")
        self.experience.show_needs()
        self.ukrainian_part = row.of("group_part.ukrainian")
        self.datacollector.collect(self)

    def ask_migrants(self, what: str) -> None:
        """All migrants act, if there are any."""
        if self.here:
            self.here.shuffle_do(what)

    def plan_month(self) -> None:
        """The state of the calendar, and what follows from it for courses, meetings and the call for help."""
        p, row = self.parameters, self.row
        self.calendar.step(self.month)
        self.wave = row.of("arriving.ukrainian")
        row.meetings, row.media = self.locality.value("meetings"), self.locality.value("media")
        # How loudly the town calls for help depends on the need that was seen last month.
        need = mean_of(self.locality.sets["sectors"].need.tolist()[: experience.STEERING])
        self.call = (p.civil_society_call_need + p.civil_society_call_media * row.media) * need
        open_life, online, closed = row.meetings, p.learning_online, p.encounters_friend_closed
        self.courses = self.offers[experience.LANGUAGE] * (online + (1.0 - online) * open_life)
        self.told = 0.5 * (row.reception_quality + self.offers[experience.SERVICES])
        self.friend_chance = p.encounters_friend_meet * (closed + (1.0 - closed) * open_life)
        closed = p.encounters_work_closed
        work = p.encounters_work_hours * (closed + (1.0 - closed) * open_life)
        self.hours_of_parents = p.encounters_parent_hours * open_life * p.encounters_school_talk
        self.hours = {
            venue.VOLUNTEERING: open_life * WEEKS * p.encounters_helper_talk,
            venue.HOST_HOME: p.encounters_host_hours * p.encounters_host_talk,
            venue.WORKPLACE: work * p.encounters_work_talk,
            venue.SCHOOL: p.encounters_school_hours * open_life * p.encounters_school_talk,
            venue.ASSOCIATION: p.encounters_club_hours * open_life * p.encounters_club_talk,
            venue.INTERCULTURAL: p.encounters_event_hours * p.encounters_event_talk,
            venue.PUBLIC_SPACE: 0.5 * p.encounters_street * open_life,
        }

    def gather_families(self) -> None:
        """Who belongs to whom, so that a family can decide once."""
        for one in self.here:
            one.members = []
        for one in self.here:
            if one.has_head():
                one.head.members.append(one)

    def find_volunteers(self) -> None:
        """Who helps, the chance to find one of them, and the share of compatriots among all."""
        found = [one for one in self.residents if one.volunteer > 0.0 and one.age >= ADULT]
        self.volunteers, migrants = found, len(self.here)
        base, helping = self.parameters.encounters_helper_match, float(len(found))
        self.match_chance = rules.match_chance(base, helping, float(migrants)) * self.row.meetings
        persons = migrants + len(self.residents)
        ukrainian = sum(one.group == code.UKRAINIAN for one in self.here) / persons
        self.compatriots = (migrants / persons - ukrainian + self.row.origin_shared, ukrainian)
