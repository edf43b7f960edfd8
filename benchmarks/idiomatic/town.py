"""The town of the idiomatic twin: a Mesa model with places, markets, newcomers and a DataCollector."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from benchmarks.idiomatic.migrants import Migrant
from benchmarks.idiomatic.residents import Resident
from benchmarks.plain import plain
from woc_sim.inputs.tables import margin, margins
from woc_sim.processes import experience
from woc_sim.processes.calendar import months_of_calendar
from woc_sim.processes.newcomers import ADULT, ASKED
from woc_sim.processes.work import OLDEST, YOUNGEST
from woc_sim.rules import arrivals, curves, housing, labour, threat, volunteering
from woc_sim.world.governance import CHURCH, NGO
from woc_sim.world.locality import Locality, field_name
from woc_sim.world.people import (
    CHOSE,
    FAMILY_HERE,
    HOSTED,
    MIGRANTS,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PLACED_STAYING,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    SUPPORTED,
    UKRAINIAN,
)
from woc_sim.world.places import (
    ASSOCIATION,
    HOST_HOME,
    INTERCULTURAL,
    PUBLIC_SPACE,
    SCHOOL,
    VOLUNTEERING,
    WORKPLACE,
)

coverage, saturate, towards = plain(curves.coverage), plain(curves.saturate), plain(curves.towards)
placed_arrivals, chosen_arrivals = plain(arrivals.placed_arrivals), plain(arrivals.chosen_arrivals)
whole_number, procedure_months = plain(arrivals.whole_number), plain(arrivals.procedure_months)
reception_aim, hosting_chance = plain(arrivals.reception_aim), plain(arrivals.hosting_chance)
match_chance = plain(volunteering.match_chance)
building_step, household_step = plain(housing.building_step), plain(housing.household_step)
vacancy_share = plain(housing.vacancy_share)
acceptance, shortage = plain(labour.acceptance), plain(labour.shortage)
unemployment_step = plain(labour.unemployment_step)
vacancies_per_seeker = plain(labour.vacancies_per_seeker)
scarcity, threat_signal = plain(threat.scarcity), plain(threat.threat_signal)
home_worth = plain(experience.home_worth)

AGES = ((0.0, 6.0), (6.0, 12.0), (18.0, 17.0), (35.0, 30.0), (65.0, 15.0))
RECEPTION_NEED, LANGUAGE_NEED, WORK_NEED, HOUSING_NEED, ENCOUNTER_NEED, SERVICES_NEED = 0, 1, 2, 3, 5, 7
GIVEN = (  # what the organisations and the council have made of the place, and what markets start from
    *("inhabitants", "scale", "asylum_share", "ukrainian_share", "placed_share", "openness", "waiting"),
    *("matched", "trend", "building", "unemployment_base", "politicisation", "executive_ideology", "rrp"),
    *("arrival_rate", "reception_quality", "migrant_share", "residents_now", "households", "dwellings"),
    *("unemployment", "tightness", "residence_rule", "ukrainian_part"),
)
TRAITS = tuple(column.name for column in MIGRANTS if not column.width)
PLACES = ("neighbourhood", "workplace", "school", "association")


class Place:
    """A building or club and the residents who belong to it."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.members: list[Resident] = []
        self.owner: Resident | None = None


def mean_of(agents: mesa.agent.AgentSet, attribute: str) -> float:
    """Mean of an attribute; 0 of nobody."""
    return float(agents.agg(attribute, np.mean)) if len(agents) else 0.0


def share_of(agents: mesa.agent.AgentSet, attribute: str, value: int) -> float:
    """Share of agents whose attribute has a value; 0 of nobody."""
    return float(np.mean(np.array(agents.get(attribute)) == value)) if len(agents) else 0.0


REPORTERS = {
    "attitude": lambda town: mean_of(town.residents, "attitude"),
    "attitude_ua": lambda town: mean_of(town.residents, "attitude_ua"),
    "volunteers": lambda town: float(np.mean(np.array(town.residents.get("volunteer")) > 0.0)),
    "migrants": lambda town: float(len(town.migrants)),
    "working": lambda town: 1.0 - share_of(town.migrants, "job", NO_JOB),
    "private_homes": lambda town: share_of(town.migrants, "housing", PRIVATE),
    "language": lambda town: mean_of(town.migrants, "language"),
    "belonging": lambda town: mean_of(town.migrants, "belonging"),
    "ties": lambda town: float(np.mean([len(one.ties) for one in town.migrants] or [0.0])),
}


def needs_of(one: Migrant) -> list[tuple[int, float]]:
    """What one lacks: the number of the need, and how much of it."""
    p = one.model.parameters
    needs = []
    if one.status == PROCEDURE or one.housing == RECEPTION:
        needs.append((experience.RECEPTION, 1.0))
    if one.language < p.experience_language_needed:
        needs.append((experience.LANGUAGE, 1.0))
        if experience.SCHOOL_FROM <= one.age < experience.EDUCATION_UNTIL:
            needs.append((experience.EDUCATION, 1.0))
    pupil = one.age < ADULT and one.school is not None
    seeking = one.status != REFUSED and YOUNGEST <= one.age <= OLDEST and not pupil
    if seeking and one.job == NO_JOB:
        needs.append((experience.WORK, 1.0))
    if one.housing != PRIVATE:
        needs.append((experience.HOUSING, 1.0))
    if not one.ties:
        needs.append((experience.ENCOUNTER, 1.0))
    if one.status != PROTECTED or one.discrimination >= p.experience_rights_needed:
        needs.append((experience.RIGHTS, 1.0))
    needs.append((experience.SERVICES, 1.0 - one.known))
    return needs


class Town(mesa.Model):
    """The people of a locality, from its first or any later month on; its organisations stay as they are."""

    def __init__(self, locality: Locality, month: int, rng: int) -> None:
        super().__init__(rng=rng)
        self.month = month - 1  # the month last lived
        self.parameters = SimpleNamespace(
            **{field_name(name): value for name, value in locality.parameters.items()}
        )
        self.influence, self.contact = locality.theories["influence"], locality.theories["contact"]
        self.threat = locality.theories["threat"]
        self.shocks = locality.info["shocks"]
        for name in GIVEN:
            setattr(self, name, locality.value(name))
        self._hear_of_services(locality)
        self._settle(locality)
        self.residents = self.agents_by_type[Resident]
        self.residents_list = list(self.residents)
        self.landlords = [one for one in self.residents if one.landlord]
        self._welcome_back(locality)
        self.volunteers: list[Resident] = []
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)

    @property
    def migrants(self) -> Any:
        """Migrants who live here."""
        return self.agents_by_type.get(Migrant, ())

    def _hear_of_services(self, locality: Locality) -> None:
        """What is done for migrants, sector by sector; it stays as it is."""
        sectors = locality.sets["sectors"]
        public, higher, others = (
            getattr(sectors, name).tolist() for name in ("public", "higher", "nonpublic")
        )
        covered = [coverage(*each) for each in zip(public, higher, others, strict=True)]
        restrictive = sectors.restrictive.tolist()
        self.covered = {"work": covered[WORK_NEED], "housing": covered[HOUSING_NEED]}
        self.reception_help, self.reception_harm = covered[RECEPTION_NEED], restrictive[RECEPTION_NEED]
        self.teaching, self.guidance = covered[LANGUAGE_NEED], covered[SERVICES_NEED]
        self.housing_harm = restrictive[HOUSING_NEED]
        self.sanction, self.events = public[ENCOUNTER_NEED], covered[ENCOUNTER_NEED]
        self.served = sum(covered[:-1]) / len(covered[:-1])
        self.harm = max(restrictive[:-1])
        self.need = sum(sectors.need.tolist()[:8]) / 8.0
        self.company = max(
            (
                max(begun[:8])
                for kind, active, begun in zip(
                    locality.organisations.kind,
                    locality.organisations.active,
                    locality.organisations.initiative.tolist(),
                    strict=True,
                )
                if kind in (NGO, CHURCH) and active
            ),
            default=0.0,
        )
        p = self.parameters
        self.structure = dict.fromkeys(range(HOST_HOME + 1), p.encounters_moderated_neighbourhood)
        self.structure[WORKPLACE] = self.structure[SCHOOL] = p.encounters_moderated_work
        self.structure[ASSOCIATION] = self.structure[HOST_HOME] = p.encounters_moderated_club
        self.structure[VOLUNTEERING] = self.structure[INTERCULTURAL] = p.encounters_moderated_event

    def _settle(self, locality: Locality) -> None:
        """Places, residents and who knows whom."""
        rows, places = locality.residents, locality.places
        self.places = [Place(kind) for kind in places.kind.tolist()]
        columns = [name for name in rows if name not in ("link_start", "link_count", "entity")]
        values = [getattr(rows, name).tolist() for name in columns]
        people = []
        for each in zip(*values, strict=True):
            traits = dict(zip(columns, each, strict=True))
            for name in PLACES:
                traits[name] = self.places[traits[name]] if traits[name] >= 0 else None
            people.append(Resident(self, **traits))
        others = locality.links.other.tolist()
        starts, counts = rows.link_start.tolist(), rows.link_count.tolist()
        for one, start, count in zip(people, starts, counts, strict=True):
            one.friends = [people[other] for other in others[start : start + count]]
        members = locality.members.resident.tolist()
        for row, place in enumerate(self.places):
            start = int(places.member_start[row])
            place.members = [people[who] for who in members[start : start + int(places.member_count[row])]]
            place.owner = people[max(0, int(places.owner[row]))]
        self.workplaces = [place for place in self.places if place.kind == WORKPLACE]
        self.schools = [place for place in self.places if place.kind == SCHOOL]
        self.clubs = [place for place in self.places if place.kind == ASSOCIATION]
        self.square = [place for place in self.places if place.kind == PUBLIC_SPACE][-1]
        self._people = people

    def _welcome_back(self, locality: Locality) -> None:
        """The migrants who live here already."""
        rows, people = locality.migrants, self._people
        here: dict[int, Migrant] = {}  # a family's head comes before its members
        for i in np.flatnonzero(rows.present).tolist():
            traits = {name: getattr(rows, name)[i].item() for name in TRAITS}
            for name in PLACES:
                traits[name] = self.places[traits[name]] if traits[name] >= 0 else None
            traits["host"] = people[traits["host"]] if traits["host"] >= 0 else None
            traits["head"] = here.get(traits["head"])
            here[i] = one = Migrant(self, **traits)
            one.seat = int(rows.entity[i]) % 1009 + 17 * (int(rows.entity[i]) % 97)
            one.helpers = [people[r] for r in rows.helper[i].tolist() if r >= 0]
            for helper in one.helpers:
                helper.accompanies += 1
            one.circle = [people[r] for r in rows.circle[i].tolist() if r >= 0]
            for r, kind, month in zip(rows.tie[i], rows.tie_place[i], rows.tie_month[i], strict=True):
                if r >= 0:
                    one.ties[people[r]] = (int(kind), int(month))
        del self._people

    def step(self) -> None:
        """Live one month."""
        self.month += 1
        self.read_calendar()
        self.receive()
        self.residents.shuffle_do("begin_month")
        if self.migrants:
            self.migrants.shuffle_do("begin_month")
        self.count_arrivals()
        self.update_markets()
        self.volunteers = [one for one in self.residents_list if one.volunteer > 0.0 and one.age >= 18.0]
        self.count_compatriots()
        found = match_chance(
            self.parameters.encounters_helper_match, float(len(self.volunteers)), float(len(self.migrants))
        )
        self.match_chance = found * self.meetings
        if self.migrants:
            self.migrants.shuffle_do("step")
        self.feel_the_mood()
        self.residents.do("sum_up")
        self.residents.shuffle_do("end_month")
        self.compare_groups()
        if self.migrants:
            self.migrants.shuffle_do("end_month")
        self.see_needs()
        self.datacollector.collect(self)

    def read_calendar(self) -> None:
        """Arrivals in Europe, restrictions of public life, media salience."""
        asylum, ukrainians, meetings, media = months_of_calendar()[self.month]
        self.asylum = asylum * self.shocks["asylum"]
        self.ukrainians = ukrainians * self.shocks["ukrainians"]
        self.meetings = min(1.0, max(0.0, 1.0 - self.shocks["covid"] * (1.0 - meetings)))
        self.media = min(1.0, media * self.shocks["media"])
        # How loudly the town calls for help depends on the need that was seen last month.
        p = self.parameters
        self.call = (p.civil_society_call_need + p.civil_society_call_media * self.media) * self.need
        self.courses = self.teaching * (p.learning_online + (1.0 - p.learning_online) * self.meetings)

    def receive(self) -> None:
        """Quality of reception, then newcomers by quota, by choice and from Ukraine."""
        p = self.parameters
        crowd = saturate(self.arrival_rate, p.arrivals_crowding)
        aim = reception_aim(p, self.reception_help, self.reception_harm, crowd)
        self.reception_quality = towards(self.reception_quality, aim, p.arrivals_reception_speed)
        self.told = 0.5 * (self.reception_quality + self.guidance)
        people = self.inhabitants * self.scale / 1000.0
        due = people * self.asylum_share / 12.0 * self.asylum
        share = self.placed_share
        placed = placed_arrivals(due, share, self.openness, p.arrivals_quota_response)
        chosen = chosen_arrivals(p, due, share, self.tightness, self.migrant_share + self.matched)
        ukrainians = people * self.ukrainian_share * self.ukrainians
        self.arrived = 0
        self.adult: Migrant | None = None  # of the family that the last newcomer belongs to
        for _ in range(whole_number(placed, self.random.random())):
            self.welcome(NON_EUROPEAN, placed=True)
        for _ in range(whole_number(chosen, self.random.random())):
            self.welcome(NON_EUROPEAN, placed=False)
        self.adult = None
        for _ in range(whole_number(ukrainians, self.random.random())):
            self.welcome(UKRAINIAN, placed=False)

    def welcome(self, group: int, placed: bool, sponsor: Migrant | None = None) -> None:
        """A newcomer, or who follows `sponsor`."""
        p, random = self.parameters, self.random
        prefix, name = ("ukrainian", "ukrainian") if group == UKRAINIAN else ("asylum", "non_european")
        traits = {column.name: column.default for column in MIGRANTS if column.name in TRAITS}
        traits |= dict.fromkeys(PLACES)
        weights = {what: list(margins(f"{prefix}_{what}").values()) for what in ("age", "skill", "family")}
        level = random.choices(range(5), weights["age"])[0]
        if sponsor is not None:
            level = 2 if random.random() < p.arrivals_young_followers else 3
        low, width = AGES[level]
        traits["age"] = age = low + width * random.random()
        traits["female"] = int(random.random() < margin(f"{prefix}_gender", "female"))
        if sponsor is not None:
            traits["female"] = 1 - sponsor.female
        traits["skill"] = (random.choices(range(3), weights["skill"])[0] + random.random()) / 3.0
        traits["visible"] = int(random.random() < margin("visible_minority", name))
        family = random.choices(range(3), weights["family"])[0]
        child = age < 18.0
        traits["family"] = family = FAMILY_HERE if child or sponsor is not None else family
        parent = not child and age < 55.0 and family == FAMILY_HERE
        traits["children"] = int((parent and random.random() < p.arrivals_parents) or 6.0 <= age < 18.0)
        traits["group"], traits["cohort"] = group, self.month
        head = None
        if sponsor is not None:
            head = sponsor.head or sponsor
        elif child:
            head = self.adult
        traits["head"], traits["host"] = head, None
        if sponsor is not None:
            traits["arrival"], traits["housing"], traits["host"] = CHOSE, sponsor.housing, sponsor.host
            sponsor.family = FAMILY_HERE
            sponsor.children = max(sponsor.children, traits["children"])
        elif group == UKRAINIAN:
            chose = random.random() < p.arrivals_chosen_ua
            traits["arrival"] = CHOSE if chose else PLACED_STAYING
            traits["housing"] = SUPPORTED
        elif placed:
            leaving = random.random() < p.arrivals_leaving
            traits["arrival"] = PLACED_LEAVING if leaving else PLACED_STAYING
            traits["housing"] = RECEPTION
        else:
            traits["arrival"], traits["housing"] = CHOSE, RECEPTION
        if sponsor is None and traits["arrival"] == CHOSE and random.random() < p.arrivals_hosted:
            traits["host"] = self.host_for(group)
            if traits["host"] is not None:
                traits["housing"] = HOSTED
        if head is not None and sponsor is None:
            for name in ("arrival", "housing", "host"):
                traits[name] = getattr(head, name)
        traits["status"], traits["decision"] = PROTECTED, self.month
        if sponsor is None and group == NON_EUROPEAN:
            traits["status"] = PROCEDURE
            traits["decision"] += procedure_months(self.waiting, p.arrivals_procedure_spread, random.random())
            if head is not None:
                traits["decision"] = head.decision
        traits["neighbourhood"] = self.places[0]
        if sponsor is not None:
            traits["neighbourhood"] = sponsor.neighbourhood
        elif head is not None:
            traits["neighbourhood"] = head.neighbourhood
        elif traits["host"] is not None:
            traits["neighbourhood"] = traits["host"].neighbourhood
        elif traits["housing"] != RECEPTION:
            traits["neighbourhood"] = random.choice(self.residents_list).neighbourhood
        if traits["children"] and self.schools:
            traits["school"] = random.choice(self.schools)
        traits["present"] = 1
        one = Migrant(self, **traits)
        if sponsor is None and not child:
            self.adult = one if family == FAMILY_HERE else None
        self.arrived += 1

    def host_for(self, group: int) -> Resident | None:
        """A resident who gives a newcomer a room, among those asked."""
        for who in self.random.choices(self.residents_list, k=ASKED):
            attitude, distance = who.attitude, who.distance
            if group == UKRAINIAN:
                attitude, distance = who.attitude_ua, who.distance_ua
            chance = hosting_chance(self.parameters, attitude, distance)
            if who.age >= ADULT and self.random.random() < chance:
                return who
        return None

    def welcome_child(self, mother: Migrant) -> None:
        """A child is born, who shares the mother's situation."""
        traits = {column.name: column.default for column in MIGRANTS if column.name in TRAITS}
        traits |= dict.fromkeys(PLACES)
        for name in ("group", "skill", "visible", "arrival", "status", "decision", "housing", "host"):
            traits[name] = getattr(mother, name)
        traits |= {
            "cohort": self.month,
            "present": 1,
            "age": 0.0,
            "female": int(self.random.random() < self.parameters.arrivals_newborn_girls),
            "neighbourhood": mother.neighbourhood,
            "family": FAMILY_HERE,
            "head": mother.head or mother,
        }
        Migrant(self, **traits)

    def welcome_family(self, sponsor: Migrant) -> None:
        """Somebody follows a migrant who is here."""
        self.welcome(sponsor.group, False, sponsor)

    def update_markets(self) -> None:
        """Unemployment and vacancies, households and dwellings, and whom landlords accept."""
        p = self.parameters
        closed = 1.0 - self.meetings
        self.slump = p.work_slump * closed
        self.unemployment = unemployment_step(
            self.unemployment, self.unemployment_base, closed, p.work_slump, p.work_speed
        )
        self.tightness = min(100.0, vacancies_per_seeker(self.unemployment, p.work_beveridge))
        self.labour_shortage = shortage(p, self.tightness, self.trend)
        tenants = p.housing_tenant * sum(1 for one in self.migrants if one.housing == PRIVATE)
        self.households = household_step(self.households, self.trend, p.housing_shrinking)
        self.vacancy = vacancy_share(self.households + tenants / self.scale, self.dwellings)
        self.dwellings = building_step(
            self.dwellings,
            self.vacancy,
            p.housing_building * self.building,
            p.housing_response,
            p.housing_demolition,
            p.housing_normal_vacancy,
        )
        base = p.housing_acceptance, p.housing_acceptance_slope
        self.acceptance_gap = sum(
            acceptance(*base, one.attitude_ua, one.distance_ua)
            - acceptance(*base, one.attitude, one.distance)
            for one in self.landlords
        ) / len(self.landlords)

    def count_arrivals(self) -> None:
        """Arrivals of the last year for each resident."""
        lived = max(1.0, self.residents_now * self.scale)
        self.arrival_rate = min(1.0, self.arrival_rate * 11.0 / 12.0 + self.arrived / lived)
        self.residents_now *= 1.0 + self.trend / 12.0

    def count_compatriots(self) -> None:
        """Share of people of each group among all."""
        ukrainians = sum(1 for one in self.migrants if one.group == UKRAINIAN)
        persons = len(self.migrants) + len(self.residents)
        self.compatriots = {
            NON_EUROPEAN: (len(self.migrants) - ukrainians) / persons + self.matched,
            UKRAINIAN: ukrainians / persons,
        }

    def feel_the_mood(self) -> None:
        """What may be felt as a threat, and how scarce jobs and homes are."""
        p = self.parameters
        self.signal = threat_signal(
            p, self.threat, self.arrival_rate, self.migrant_share, self.politicisation
        )
        self.scarcity = scarcity(p, self.tightness, self.vacancy)

    def compare_groups(self) -> None:
        """How Ukrainians fare, for others to compare themselves with."""
        ukrainians = [one for one in self.migrants if one.group == UKRAINIAN]
        count = max(1, len(ukrainians))
        persons = len(self.migrants) + len(self.residents)
        self.presence = saturate(len(ukrainians) / persons, self.parameters.experience_seen)
        self.working = sum(1 for one in ukrainians if one.job != NO_JOB) / count
        self.homes = sum(home_worth(self.parameters, one.housing) for one in ukrainians) / count

    def see_needs(self) -> None:
        """Needs of those present as the town can see them, and their share."""
        present = len(self.migrants)
        self.migrant_share = present / (present + len(self.residents))
        seen = saturate(self.migrant_share, self.parameters.experience_visible_need)
        ukrainians = sum(1 for one in self.migrants if one.group == UKRAINIAN)
        self.ukrainian_part = ukrainians / max(1, present)
        lacking = [0.0] * 8
        for one in self.migrants:
            for need, size in needs_of(one):
                lacking[need] += size
        self.need = sum(seen * each / max(1, present) for each in lacking) / 8.0

    def close(self) -> None:
        """Let Mesa forget the people: Mesa 3.3.1 keeps every model alive in a class attribute."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
