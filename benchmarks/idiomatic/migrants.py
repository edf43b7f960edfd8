"""Migrants as Mesa agents: how they work, live, learn, meet people, feel, and move on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.exact import people
from benchmarks.exact.living import towards_group
from benchmarks.exact.meeting import fellow
from benchmarks.plain import plain, plain_rules
from woc_sim.inputs.ages import ADULT, JOIN_FROM, OLDEST, SEEK_WORK_TO, WORK_FROM
from woc_sim.processes import experience, gathering, work
from woc_sim.rules.belonging import Situation
from woc_sim.world import people as code
from woc_sim.world import places as venue

if TYPE_CHECKING:
    from benchmarks.idiomatic.residents import Resident
    from benchmarks.idiomatic.town import Town

rules = plain_rules()
may_work = plain(work.may_work)
home_worth, job_worth = plain(experience.home_worth), plain(experience.job_worth)


class Migrant(people.Migrant):
    """A migrant who seeks work and a home, learns, meets residents, makes friends, and stays or moves on."""

    model: Town

    def __init__(self, model: Town, row: int = 0) -> None:
        super().__init__(model, row)
        self.members: list[Migrant] = []  # of the family, if one decides for it
        self.helpers: list[Resident] = []
        self.circle: list[Resident] = []
        self.friends: dict[Resident, people.Tie] = {}
        self.seat = self.random.randrange(1_000_000)

    def recall(self) -> None:
        """Take up the life that was read from columns."""
        self.helpers = [helper for helper in self.helper if helper is not None]
        for helper in self.helpers:
            helper.accompanies += 1
        self.circle = [who for who in self.circle if who is not None]
        self.seat = self.entity % 1009 + 17 * (self.entity % 97)
        self.friends = {tie.resident: tie for tie in self.tie if tie is not None}

    def happens(self, chance: float) -> bool:
        """Whether something happens that has a chance."""
        return self.random.random() < chance

    def offered(self, coverage: float) -> float:
        """How far one takes up what is offered."""
        return rules.uptake(self.model.parameters, coverage, self.known, self.trust)

    def ties(self) -> float:
        """Number of ties to residents."""
        return float(len(self.friends))

    def begin_month(self) -> None:
        """Grow older or die."""
        before, self.age = self.age, min(OLDEST, self.age + 1.0 / 12.0)
        if before < ADULT <= self.age:
            self.school, self.children = None, 0
        if self.happens(rules.death_chance(before, self.model.parameters.demography_deaths_at_80)):
            self.go()

    def has_head(self) -> bool:
        """Whether another member of the family decides."""
        return self.head is not None and bool(self.head.present)

    def step(self) -> None:
        """Work, home, learning, encounters, ties."""
        self.work()
        self.find_home()
        self.learn()
        self.find_helpers()
        self.meet_people()
        self.keep_ties()
        self.join_clubs()

    def go(self) -> None:
        """Leave the town for good."""
        self.present, self.job, self.workplace = 0, code.NO_JOB, None
        for helper in self.helpers:
            helper.accompanies -= 1
        self.remove()

    def work(self) -> None:
        """Keep, lose or improve the job; or seek one."""
        town, p = self.model, self.model.parameters
        self.refused_job = 0
        legal = may_work(self.status, self.cohort, town.month, p.work_right_after)
        if self.job != code.NO_JOB:
            precarious = self.job == code.PRECARIOUS
            lost = self.happens(rules.loss_chance(p, precarious, town.slump))
            if lost or not legal or self.age > SEEK_WORK_TO:
                self.job, self.workplace = code.NO_JOB, None
            elif precarious and self.happens(p.work_upgrade * self.language):
                self.job = code.EMPLOYED
            return
        pupil = self.age < ADULT and self.school is not None
        if not legal or pupil or not WORK_FROM <= self.age <= SEEK_WORK_TO:
            return
        place = self.random.choice(town.workplaces)
        accepted = town.work.accepts(*towards_group(place.owner, self))
        support, ties = self.offered(town.offers[experience.WORK]), self.ties()
        tightness = town.row.tightness * town.open_parts[self.group]
        hazard = rules.job_chance(p, tightness, accepted, self.language, self.skill, support, ties)
        hazard *= town.work.thickness
        hazard *= 1.0 + p.work_coethnic * min(self.coethnic, p.work_most_ties)
        if self.female:
            hazard *= p.work_women * (p.work_mothers if self.children else 1.0)
        if self.happens(hazard * (1.0 - min(1.0, town.slump))):
            self.job = code.PRECARIOUS if self.happens(p.work_precarious) else code.EMPLOYED
            self.workplace = place
        elif not self.happens(accepted):
            self.refused_job = 1

    def find_home(self) -> None:
        """Look for an own home, be given support, or lose a host; a family lives together."""
        self.refused_home = 0
        if self.has_head():
            return
        if self.housing != code.PRIVATE:
            self.seek_home()
        for one in self.members:
            one.housing, one.host, one.neighbourhood = self.housing, self.host, self.neighbourhood

    def seek_home(self) -> None:
        """What a single person or the head of a family does about it."""
        town, p = self.model, self.model.parameters
        protected = self.status == code.PROTECTED
        owner = self.random.choice(town.landlords)
        accepted = town.housing.accepts(*towards_group(owner, self))
        poor = p.housing_income_none
        income = {code.NO_JOB: poor, code.PRECARIOUS: 0.5 * (1.0 + poor), code.EMPLOYED: 1.0}[self.job]
        unhindered = 1.0 - p.housing_restriction * town.restrictions[experience.HOUSING]
        helped, ties = self.offered(town.offers[experience.HOUSING]), self.ties()
        hazard = unhindered * rules.move_chance(p, town.row.vacancy, accepted, helped, income, ties)
        if self.happens(hazard if protected else hazard * p.housing_procedure):
            self.housing, self.host = code.PRIVATE, None
            self.neighbourhood = self.random.choice(town.residents).neighbourhood
            return
        if protected and not self.happens(accepted):
            self.refused_home = 1
        given = p.housing_supported * town.offers[experience.HOUSING] * unhindered
        if self.housing == code.RECEPTION and protected and self.happens(given):
            self.housing = code.SUPPORTED
        ends = self.happens(p.housing_hosting_ends)
        if self.host is not None and (ends or self.host.since > self.cohort):
            self.housing, self.host = code.SUPPORTED if protected else code.RECEPTION, None

    def learn(self) -> None:
        """The language, and which services there are."""
        town, p = self.model, self.model.parameters
        young, waiting = self.age < ADULT, 0.0
        if self.status != code.PROTECTED:
            waiting = min(1.0, p.learning_waiting * (p.learning_waiting_worst - town.row.reception_quality))
        course, contact = self.offered(town.courses), rules.dose(self.contact, p.learning_contact_half)
        pupil = young and self.school is not None
        heard = rules.exposure(p, course, self.job != code.NO_JOB, contact, pupil)
        if self.pace <= 0.0:
            self.pace = rules.pace(self.random.gauss(0.0, 1.0), p.learning_talent)
        rate = p.learning_rate * rules.aptitude(p, self.skill, young) * self.pace
        known = rules.known_step(p, self.known, self.ties(), town.told, self.language)
        top = rules.ceiling(p, self.skill, young)
        self.language = rules.language_step(self.language, top, heard, rate, waiting)
        self.known = known

    def find_helpers(self) -> None:
        """Volunteers let go or are found."""
        town, p = self.model, self.model.parameters
        for helper in list(self.helpers):
            if helper.volunteer <= 0.0 or self.happens(p.encounters_helper_end):
                self.helpers.remove(helper)
                helper.accompanies -= 1
        for _ in range(code.HELPERS - len(self.helpers)):
            if town.volunteers and self.happens(town.match_chance):
                who = self.random.choice(town.volunteers)
                if who not in self.helpers and who.accompanies < p.encounters_helped:
                    self.helpers.append(who)
                    who.accompanies += 1

    def meet_people(self) -> None:
        """Meet those who are at hand, as long as there is time."""
        self.contact *= 1.0 - self.model.parameters.encounters_fading
        self.good = self.bad = self.events = 0.0
        self.met = []
        for who, kind, hours in self.at_hand():
            if len(self.met) == code.MEETINGS:
                break
            self.meet(who, kind, hours)

    def at_hand(self) -> Iterator[tuple[Resident, int, float]]:
        """Friends, helpers, host, colleagues, fellow pupils or parents, club members, neighbours, passers-by.

        With each the kind of place and the hours that have room for talk.
        """
        town, p = self.model, self.model.parameters
        grown, hours = self.age >= ADULT, town.hours
        for friend, tie in self.friends.items():
            if len(self.met) < gathering.FRIENDS and self.happens(town.friend_chance):
                yield friend, tie.kind, p.encounters_friend_hours
        for helper in self.helpers:
            shared = helper.volunteer / max(p.encounters_helper_spread, float(helper.accompanies))
            yield helper, venue.VOLUNTEERING, hours[venue.VOLUNTEERING] * shared
        if self.host is not None:
            yield self.host, venue.HOST_HOME, hours[venue.HOST_HOME]
        if self.workplace is not None:
            for k in range(gathering.COLLEAGUES):
                yield fellow(self.workplace, self.seat + k, True), venue.WORKPLACE, hours[venue.WORKPLACE]
        if self.school is not None:
            for k in range(1 if grown else gathering.CLASSMATES):
                time = town.hours_of_parents if grown else hours[venue.SCHOOL]
                yield fellow(self.school, self.seat + 5 * k, grown), venue.SCHOOL, time
        if self.association is not None:
            for k in range(gathering.MEMBERS):
                who = fellow(self.association, self.seat + 5 * k, grown)
                yield who, venue.ASSOCIATION, hours[venue.ASSOCIATION]
        if town.month % gathering.SEASON == 0:  # an evening group stays together for a season
            self.circle = []
        if self.happens(self.offered(town.offers[experience.ENCOUNTER]) * town.row.meetings):
            if not self.circle:
                self.circle = self.random.choices(town.square.members, k=gathering.CHOICE)
            yield self.better_liked(self.circle), venue.INTERCULTURAL, hours[venue.INTERCULTURAL]
        reception = self.housing == code.RECEPTION
        nearby = venue.RECEPTION_CENTRE if reception else venue.NEIGHBOURHOOD
        for place, kind in ((self.neighbourhood, nearby), (town.square, venue.PUBLIC_SPACE)):
            if place is not None and place.members:
                few = self.random.choices(place.members, k=gathering.CHOICE)
                yield self.better_liked(few), kind, hours[venue.PUBLIC_SPACE]

    def better_liked(self, few: list[Resident]) -> Resident:
        """Whom one would rather talk to."""
        gap = self.model.parameters.encounters_age_gap
        return max(few, key=lambda who: towards_group(who, self)[0] - gap * abs(who.age - self.age))

    def liking(self, attitude: float, distance: float) -> float:
        """Liking of a pair: it takes two."""
        p = self.model.parameters
        theirs = rules.preference(p, attitude, self.language, distance)
        return float(rules.mutual_liking(theirs, rules.preference(p, self.attitude, self.language, 0.0)))

    def meet(self, who: Resident, kind: int, shared: float) -> None:
        """One meeting: its hours, how it goes, and what both keep of it."""
        town, p = self.model, self.model.parameters
        attitude, distance = towards_group(who, self)
        hours = rules.talk_hours(p, shared, self.language, self.liking(attitude, distance))
        moderated = rules.moderation(p, town.theories["contact"], town.structure[kind], town.sanction)
        bad = rules.bad_chance(p, moderated, attitude, self.language, float(self.visible))
        good, weight = not self.happens(bad), max(hours, p.encounters_incident)
        self.met.append(people.Meeting(who, hours, kind, good))
        if good:
            self.good += hours
            self.contact += p.encounters_fading * hours
        else:
            self.bad += weight
            self.events += float(self.happens(p.encounters_event_chance))
        who.keep(self.group, hours if good else 0.0, 0.0 if good else weight)

    def keep_ties(self) -> None:
        """Lose ties, make ties, know compatriots."""
        town, p = self.model, self.model.parameters
        met = {meeting.resident for meeting in self.met}
        for friend, tie in list(self.friends.items()):
            faded = friend not in met and self.happens(p.ties_loss)
            if faded or friend.since > tie.month:
                del self.friends[friend]
        for meeting in self.met:
            who = meeting.resident
            if meeting.good and who not in self.friends and len(self.friends) < code.TIES:
                liking = self.liking(*towards_group(who, self))
                if self.happens(rules.tie_chance(liking, meeting.hours, p.ties_friend)):
                    self.friends[who] = people.Tie(who, meeting.kind, town.month)
        circle = p.ties_coethnic_size * rules.saturate(town.compatriots[self.group], p.ties_coethnic_half)
        self.coethnic = rules.towards(self.coethnic, circle, p.ties_coethnic_speed)

    def join_clubs(self) -> None:
        """Join an association, or quit it."""
        town, p = self.model, self.model.parameters
        if self.association is not None:
            if self.happens(p.ties_quit):
                self.association = None
        elif town.clubs and self.age >= JOIN_FROM:
            asked = rules.asked_to_join(p, self.language, self.ties()) * town.row.meetings
            support = 1.0 + p.ties_join_support * town.offers[experience.ENCOUNTER]
            if self.happens(p.ties_join * asked * support):
                self.association = self.random.choice(town.clubs)

    def end_month(self) -> None:
        """Update feelings, and perhaps leave; a family decides once."""
        self.update_feelings()
        town, p = self.model, self.model.parameters
        if self.has_head():
            return
        since, placed = town.month - self.decision, self.arrival != code.CHOSE
        protected = self.status == code.PROTECTED
        ruled = protected and since < town.row.residence_rule and self.job == code.NO_JOB
        bound = placed and (self.status == code.PROCEDURE or ruled)
        freed = placed and protected and since < p.experience_free_months
        settled = (self.children == 1, self.job != code.NO_JOB, self.housing == code.PRIVATE, self.stay)
        if self.happens(rules.leave_chance(p, *settled, bound, freed, self.status == code.REFUSED)):
            for one in (self, *self.members):
                if one.present:
                    one.go()

    def update_feelings(self) -> None:
        """Belonging, loneliness, the wish to stay, trust and liking follow what the month was like."""
        town, p, seen = self.model, self.model.parameters, self.model.experience
        speed, waiting = p.experience_speed, self.status != code.PROTECTED
        job, home = job_worth(p, self.job), home_worth(p, self.housing)
        if self.group == code.NON_EUROPEAN:
            waited = p.experience_wait_behind if self.decision > self.cohort else 0.0
            gaps = (seen.homes - home, seen.working - float(self.job != code.NO_JOB))
            accepted = p.experience_acceptance_seen * seen.gap
            aim = rules.deprivation_aim(p, 1.0 if waiting else waited, *gaps, accepted, seen.presence)
            self.deprivation = rules.towards(self.deprivation, aim, speed)
        felt = self.events + p.experience_refusal * (self.refused_job + self.refused_home)
        self.discrimination = self.discrimination * (1.0 - p.experience_memory) + felt
        years = (town.month - self.cohort) / 12.0
        situation = Situation(self.ties(), job, home, self.language, years)
        aim = rules.belonging_aim(p, situation, self.discrimination, self.deprivation, seen.harm)
        self.belonging = rules.towards(self.belonging, aim, speed)
        abroad, here = self.family == code.FAMILY_ABROAD, self.family == code.FAMILY_HERE
        aim = rules.loneliness_aim(p, situation.ties, self.coethnic, abroad, here)
        self.loneliness = rules.towards(self.loneliness, aim, speed)
        ways = (self.children == 1, self.arrival == code.PLACED_LEAVING, self.arrival == code.CHOSE)
        aim = rules.stay_aim(p, self.belonging, situation, self.loneliness, *ways)
        self.stay = rules.towards(self.stay, aim, speed)
        served = seen.served * self.known
        aim = rules.trust_aim(p, town.row.reception_quality, waiting, seen.harm, served, self.deprivation)
        self.trust = rules.towards(self.trust, aim, speed)
        good = rules.saturate(self.good, p.attitudes_contact_half)
        self.attitude = rules.liking_step(p, self.attitude, good, felt)
