"""Migrants as Mesa agents: how they work, live, learn, meet people, feel, and move on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.plain import plain
from woc_sim.processes import experience
from woc_sim.processes.gathering import CHOICE, COLLEAGUES, FRIENDS, SEARCHED, SEASON, WEEKS
from woc_sim.processes.newcomers import SCHOOL_AGE
from woc_sim.processes.ties import MEMBER_FROM
from woc_sim.processes.work import OLDEST, YOUNGEST, may_work
from woc_sim.rules import (
    arrivals,
    belonging,
    contact,
    curves,
    demography,
    housing,
    labour,
    learning,
    onward,
)
from woc_sim.rules.belonging import Situation
from woc_sim.rules.demography import GROWN
from woc_sim.world.people import (
    CHOSE,
    EMPLOYED,
    FAMILY_ABROAD,
    FAMILY_HERE,
    HELPERS,
    MEETINGS,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PRECARIOUS,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    SUPPORTED,
    TIES,
)
from woc_sim.world.places import (
    ASSOCIATION,
    HOST_HOME,
    INTERCULTURAL,
    NEIGHBOURHOOD,
    PUBLIC_SPACE,
    RECEPTION_CENTRE,
    SCHOOL,
    VOLUNTEERING,
    WORKPLACE,
)

if TYPE_CHECKING:
    from benchmarks.idiomatic.residents import Resident
    from benchmarks.idiomatic.town import Place, Town

saturate = plain(curves.saturate)
towards = plain(curves.towards)
reunion_chance = plain(arrivals.reunion_chance)
belonging_aim = plain(belonging.belonging_aim)
deprivation_aim = plain(belonging.deprivation_aim)
liking_step = plain(belonging.liking_step)
loneliness_aim = plain(belonging.loneliness_aim)
stay_aim = plain(belonging.stay_aim)
trust_aim = plain(belonging.trust_aim)
bad_chance = plain(contact.bad_chance)
moderation = plain(contact.moderation)
dose = plain(contact.dose)
preference = plain(contact.preference)
mutual_liking = plain(contact.mutual_liking)
asked_to_join = plain(contact.asked_to_join)
birth_chance = plain(arrivals.birth_chance)
aptitude, pace = plain(learning.aptitude), plain(learning.pace)
talk_hours = plain(contact.talk_hours)
tie_chance = plain(contact.tie_chance)
death_chance = plain(demography.death_chance)
move_chance = plain(housing.move_chance)
acceptance = plain(labour.acceptance)
job_chance = plain(labour.job_chance)
loss_chance = plain(labour.loss_chance)
ceiling = plain(learning.ceiling)
exposure = plain(learning.exposure)
uptake = plain(learning.uptake)
known_step = plain(learning.known_step)
language_step = plain(learning.language_step)
leave_chance = plain(onward.leave_chance)
right_to_work = plain(may_work)
home_worth, job_worth = plain(experience.home_worth), plain(experience.job_worth)


class Migrant(mesa.Agent):
    """A migrant who seeks work and a home, learns, meets residents, makes friends, and stays or moves on."""

    model: Town

    def __init__(self, model: Town, **traits: Any) -> None:
        super().__init__(model)
        self.__dict__.update(traits)
        self.members: list[Migrant] = []  # of the family, if one decides for it
        if self.head is not None:
            self.head.members.append(self)
        self.helpers: list[Resident] = []
        self.ties: dict[Resident, tuple[int, int]] = {}  # the kind of place and the month it was made
        self.circle: list[Resident] = []
        self.met: list[tuple[Resident, float, int, bool]] = []
        self.seat = self.random.randrange(1_000_000)

    def begin_month(self) -> None:
        """Grow older or die; wait for the decision; send for the family."""
        town, p = self.model, self.model.parameters
        if not self.present:
            return
        if self.status == PROCEDURE and town.month >= self.decision and not self.with_family():
            self.status = REFUSED if self.random.random() < p.arrivals_refused else PROTECTED
            for one in self.members:
                if one.status == PROCEDURE and town.month >= one.decision:
                    one.status = self.status
        elif self.status == REFUSED and self.random.random() < p.arrivals_appeal:
            self.status, self.decision = PROTECTED, town.month
        self.go_to_school()
        mother = self.female and self.family == FAMILY_HERE and self.age >= GROWN
        if mother and self.random.random() < birth_chance(p.arrivals_births, self.age):
            town.welcome_child(self)
        if self.family == FAMILY_ABROAD and self.status == PROTECTED:
            since = float(town.month - self.decision)
            if self.random.random() < reunion_chance(p.arrivals_reunion, since, p.arrivals_reunion_delay):
                town.welcome_family(self)
        before = self.age
        self.age = min(109.0, before + 1.0 / 12.0)
        if before < GROWN <= self.age:
            self.school = None
            self.children = 0
        if self.random.random() < death_chance(before, p.demography_deaths_at_80):
            self.leave_job()
            self.go()

    def with_family(self) -> bool:
        """Whether another member of the family decides."""
        return self.head is not None and bool(self.head.present)

    def go_to_school(self) -> None:
        """At school age, go to a school, which binds the family."""
        if SCHOOL_AGE <= self.age < GROWN and self.school is None and self.model.schools:
            self.school = self.random.choice(self.model.schools)
            self.children = 1
            if self.head is not None:
                self.head.children = 1

    def step(self) -> None:
        """Work, home, learning, encounters, ties."""
        self.work()
        self.find_home()
        self.learn()
        self.find_helpers()
        self.meet_people()
        self.make_ties()

    def towards_me(self, resident: Resident) -> tuple[float, float]:
        """Attitude and perceived distance of a resident to the own group."""
        if self.group == NON_EUROPEAN:
            return resident.attitude, resident.distance
        return resident.attitude_ua, resident.distance_ua

    def leave_job(self) -> None:
        """Be without work."""
        self.job = NO_JOB
        self.workplace = None

    def go(self) -> None:
        """Leave the town for good."""
        self.present = 0
        for helper in self.helpers:
            helper.accompanies -= 1
        self.remove()

    def work(self) -> None:
        """Keep, lose or improve the job; or seek one."""
        town, p = self.model, self.model.parameters
        self.refused_job = 0
        legal = right_to_work(self.status, self.cohort, town.month, p.work_right_after)
        if self.job != NO_JOB:
            precarious = self.job == PRECARIOUS
            lost = self.random.random() < loss_chance(p, precarious, town.slump)
            if lost or not legal or self.age > OLDEST:
                self.leave_job()
            elif precarious and self.random.random() < p.work_upgrade * self.language:
                self.job = EMPLOYED
            return
        pupil = self.age < GROWN and self.school is not None
        if not legal or pupil or not YOUNGEST <= self.age <= OLDEST:
            return
        self.searching += 1.0
        place = self.random.choice(town.workplaces)
        accept = acceptance(p.work_acceptance, p.work_acceptance_slope, *self.towards_me(place.owner))
        hazard = job_chance(
            p,
            town.tightness,
            accept,
            self.language,
            self.skill,
            uptake(p, town.covered["work"], self.known, self.trust),
            float(len(self.ties)),
        )
        hazard *= 1.0 + p.work_coethnic * min(self.coethnic, p.work_most_ties)
        if self.female:
            hazard *= p.work_women * (p.work_mothers if self.children else 1.0)
        hazard *= 1.0 - min(1.0, town.slump)
        if self.random.random() < hazard:
            self.job = PRECARIOUS if self.random.random() < p.work_precarious else EMPLOYED
            self.workplace = place
            self.searching = 0.0
        elif self.random.random() >= accept:
            self.refused_job = 1

    def find_home(self) -> None:
        """Look for an own home, be given support, or lose a host."""
        self.refused_home = 0
        if self.with_family():
            return
        if self.housing != PRIVATE:
            self.seek_home()
        for one in self.members:
            one.housing, one.host, one.neighbourhood = self.housing, self.host, self.neighbourhood

    def seek_home(self) -> None:
        """What a single person or the head of a family does about it."""
        town, p = self.model, self.model.parameters
        protected = self.status == PROTECTED
        asked = self.towards_me(self.random.choice(town.landlords))
        accept = acceptance(p.housing_acceptance, p.housing_acceptance_slope, *asked)
        income = p.housing_income_none
        if self.job == EMPLOYED:
            income = 1.0
        elif self.job == PRECARIOUS:
            income = 0.5 * (1.0 + p.housing_income_none)
        helped = uptake(p, town.covered["housing"], self.known, self.trust)
        ties = float(len(self.ties))
        hazard = move_chance(p, town.vacancy, accept, helped, income, ties)
        hazard *= 1.0 - p.housing_restriction * town.housing_harm
        if protected:
            self.home_search += 1.0
        else:
            hazard *= p.housing_procedure
        if self.random.random() < hazard:
            self.housing = PRIVATE
            self.host = None
            self.home_search = 0.0
            self.neighbourhood = self.random.choice(town.residents_list).neighbourhood
            return
        if protected and self.random.random() >= accept:
            self.refused_home = 1
        if self.housing == RECEPTION and protected:
            chance = (
                p.housing_supported
                * town.covered["housing"]
                * (1.0 - p.housing_restriction * town.housing_harm)
            )
            if self.random.random() < chance:
                self.housing = SUPPORTED
        ends = self.random.random() < p.housing_hosting_ends
        if self.host is not None and (ends or self.host.since > self.cohort):
            self.housing = SUPPORTED if protected else RECEPTION
            self.host = None

    def learn(self) -> None:
        """The language, and which services there are."""
        town, p = self.model, self.model.parameters
        young = self.age < GROWN
        waiting = 0.0
        if self.status != PROTECTED:
            waiting = min(1.0, p.learning_waiting * (p.learning_waiting_worst - town.reception_quality))
        heard = exposure(
            p,
            uptake(p, town.courses, self.known, self.trust),
            self.job != NO_JOB,
            dose(self.contact, p.learning_contact_half),
            young and self.school is not None,
        )
        if self.pace <= 0.0:
            self.pace = pace(self.random.gauss(0.0, 1.0), p.learning_talent)
        top = ceiling(p, self.skill, young)
        rate = p.learning_rate * aptitude(p, self.skill, young) * self.pace
        language = self.language
        self.language = language_step(language, top, heard, rate, waiting)
        self.known = known_step(p, self.known, float(len(self.ties)), town.told, language)

    def find_helpers(self) -> None:
        """Volunteers let go or are found."""
        town, p = self.model, self.model.parameters
        for helper in list(self.helpers):
            if helper.volunteer <= 0.0 or self.random.random() < p.encounters_helper_end:
                self.helpers.remove(helper)
                helper.accompanies -= 1
        for _ in range(HELPERS - len(self.helpers)):
            if town.volunteers and self.random.random() < town.match_chance:
                who = self.random.choice(town.volunteers)
                if who not in self.helpers and who.accompanies < p.encounters_helped:
                    self.helpers.append(who)
                    who.accompanies += 1

    def fellow(self, place: Place, near: int, grown: bool) -> Resident | None:
        """The member who sits beside, of the own stage of life if one is near."""
        members = place.members
        for k in range(SEARCHED if members else 0):
            who = members[(near + k) % len(members)]
            if (who.age >= GROWN) == grown:
                return who
        return members[near % len(members)] if members else None

    def meet_people(self) -> None:
        """Friends, helpers, colleagues, fellow pupils or parents, club members, neighbours, passers-by."""
        town, p = self.model, self.model.parameters
        kept = 1.0 - p.encounters_fading
        self.contact *= kept
        self.good = self.bad = self.events = 0.0
        self.met = []
        if town.month % SEASON == 0:  # an evening group stays together for a season
            self.circle = []
        grown = self.age >= GROWN
        open_life = town.meetings
        for friend, (kind, _) in self.ties.items():
            closed = p.encounters_friend_closed
            chance = p.encounters_friend_meet * (closed + (1.0 - closed) * open_life)
            if len(self.met) < FRIENDS and self.random.random() < chance:
                self.meet(friend, kind, p.encounters_friend_hours, 1.0)
        for helper in self.helpers:
            hours = (
                open_life
                * WEEKS
                * helper.volunteer
                / max(p.encounters_helper_spread, float(helper.accompanies))
            )
            self.meet(helper, VOLUNTEERING, hours, p.encounters_helper_talk)
        if self.host is not None:
            self.meet(self.host, HOST_HOME, p.encounters_host_hours, p.encounters_host_talk)
        if self.workplace is not None:
            closed = p.encounters_work_closed
            hours = p.encounters_work_hours * (closed + (1.0 - closed) * open_life)
            for k in range(COLLEAGUES):
                who = self.fellow(self.workplace, self.seat + k, True)
                self.meet(who, WORKPLACE, hours, p.encounters_work_talk)
        if self.school is not None:
            hours = (p.encounters_parent_hours if grown else p.encounters_school_hours) * open_life
            for k in range(1 if grown else 2):
                who = self.fellow(self.school, self.seat + 5 * k, grown)
                self.meet(who, SCHOOL, hours, p.encounters_school_talk)
        if self.association is not None:
            for k in range(2):
                who = self.fellow(self.association, self.seat + 5 * k, grown)
                hours = p.encounters_club_hours * open_life
                self.meet(who, ASSOCIATION, hours, p.encounters_club_talk)
        if self.random.random() < uptake(p, town.events, self.known, self.trust) * open_life:
            hours, talk = p.encounters_event_hours, p.encounters_event_talk
            if not self.circle:
                self.circle = [self.random.choice(town.square.members) for _ in range(CHOICE)]
            self.meet(self.better_liked(self.circle), INTERCULTURAL, hours, talk)
        hours = 0.5 * p.encounters_street * open_life
        kind = RECEPTION_CENTRE if self.housing == RECEPTION else NEIGHBOURHOOD
        self.meet(self.choose(self.neighbourhood), kind, hours, 1.0)
        self.meet(self.choose(town.square), PUBLIC_SPACE, hours, 1.0)

    def choose(self, place: Place | None) -> Resident | None:
        """The better liked of a few people at hand."""
        if place is None or not place.members:
            return None
        return self.better_liked([self.random.choice(place.members) for _ in range(CHOICE)])

    def better_liked(self, at_hand: list[Resident]) -> Resident:
        """Whom one would rather talk to."""
        gap = self.model.parameters.encounters_age_gap
        return max(at_hand, key=lambda who: self.towards_me(who)[0] - gap * abs(who.age - self.age))

    def liking(self, attitude: float, distance: float) -> float:
        """Liking of a pair: it takes two."""
        p = self.model.parameters
        theirs = preference(p, attitude, self.language, distance)
        return mutual_liking(theirs, preference(p, self.attitude, self.language, 0.0))

    def meet(self, who: Resident | None, kind: int, shared: float, share: float) -> None:
        """One meeting: its hours, how it goes, and what both keep of it."""
        if who is None or len(self.met) >= MEETINGS:
            return
        town, p = self.model, self.model.parameters
        attitude, distance = self.towards_me(who)
        hours = talk_hours(p, shared * share, self.language, self.liking(attitude, distance))
        moderated = moderation(p, town.contact, town.structure[kind], town.sanction)
        bad = bad_chance(p, moderated, attitude, self.language, float(self.visible))
        good = self.random.random() >= bad
        self.met.append((who, hours, kind, good))
        if good:
            self.good += hours
            self.contact += p.encounters_fading * hours
            if self.group == NON_EUROPEAN:
                who.good += hours
                who.contact += hours
            else:
                who.good_ua += hours
                who.contact_ua += hours
            if kind in (ASSOCIATION, VOLUNTEERING, INTERCULTURAL):
                who.leisure += hours
            return
        weight = max(hours, p.encounters_incident)
        self.bad += weight
        if self.group == NON_EUROPEAN:
            who.bad += weight
            who.conflict += weight
        else:
            who.bad_ua += weight
            who.conflict_ua += weight
        if self.random.random() < p.encounters_event_chance:
            self.events += 1.0

    def make_ties(self) -> None:
        """Lose ties, make ties, know compatriots, join a club."""
        town, p = self.model, self.model.parameters
        met = {who for who, *_ in self.met}
        for friend, (_, month) in list(self.ties.items()):
            faded = friend not in met and self.random.random() < p.ties_loss
            if faded or friend.since > month:
                del self.ties[friend]
        for who, hours, kind, good in self.met:
            if good and who not in self.ties and len(self.ties) < TIES:
                liking = self.liking(*self.towards_me(who))
                if self.random.random() < tie_chance(liking, hours, p.ties_friend):
                    self.ties[who] = (kind, town.month)
        circle = p.ties_coethnic_size * saturate(town.compatriots[self.group], p.ties_coethnic_half)
        self.coethnic = towards(self.coethnic, circle, p.ties_coethnic_speed)
        if self.association is not None:
            if self.random.random() < p.ties_quit:
                self.association = None
        elif town.clubs and self.age >= MEMBER_FROM:
            asked = asked_to_join(p, self.language, float(len(self.ties))) * town.meetings
            chance = p.ties_join * asked * (1.0 + p.ties_join_support * town.events)
            if self.random.random() < chance:
                self.association = self.random.choice(town.clubs)

    def end_month(self) -> None:
        """Feel, and perhaps leave; a family decides once."""
        if not self.present:
            return
        self.update_feelings()
        town, p = self.model, self.model.parameters
        if self.with_family():
            return
        placed = self.arrival != CHOSE
        ruled = town.month - self.decision < town.residence_rule and self.job == NO_JOB
        since = town.month - self.decision
        hazard = leave_chance(
            p,
            self.children == 1,
            self.job != NO_JOB,
            self.housing == PRIVATE,
            self.stay,
            placed and (self.status == PROCEDURE or (self.status == PROTECTED and ruled)),
            placed and self.status == PROTECTED and since < p.experience_free_months,
            self.status == REFUSED,
        )
        if self.random.random() < hazard:
            for one in (self, *self.members):
                if one.present:
                    one.leave_job()
                    one.go()

    def update_feelings(self) -> None:
        """Belonging, loneliness, the wish to stay, trust and liking follow what the month was like."""
        town, p = self.model, self.model.parameters
        speed, ties = p.experience_speed, float(len(self.ties))
        job, home = job_worth(p, self.job), home_worth(p, self.housing)
        if self.group == NON_EUROPEAN:
            lasting = p.experience_wait_behind if self.decision > self.cohort else 0.0
            if self.status != PROTECTED:
                lasting = 1.0
            worse = deprivation_aim(
                p,
                lasting,
                town.homes - home,
                town.working - (1.0 if self.job != NO_JOB else 0.0),
                p.experience_acceptance_seen * town.acceptance_gap,
                town.presence,
            )
            self.deprivation = towards(self.deprivation, worse, speed)
        felt = self.events + p.experience_refusal * (self.refused_job + self.refused_home)
        self.discrimination = self.discrimination * (1.0 - p.experience_memory) + felt
        years = (town.month - self.cohort) / 12.0
        situation = Situation(ties, job, home, self.language, years)
        aim = belonging_aim(p, situation, self.discrimination, self.deprivation, town.harm)
        self.belonging = towards(self.belonging, aim, speed)
        abroad, here = self.family == FAMILY_ABROAD, self.family == FAMILY_HERE
        aim = loneliness_aim(p, ties, self.coethnic, abroad, here)
        self.loneliness = towards(self.loneliness, aim, speed)
        leaving, chose = self.arrival == PLACED_LEAVING, self.arrival == CHOSE
        aim = stay_aim(p, self.belonging, situation, self.loneliness, self.children == 1, leaving, chose)
        self.stay = towards(self.stay, aim, speed)
        waiting = self.status != PROTECTED
        aim = trust_aim(
            p, town.reception_quality, waiting, town.harm, town.served * self.known, self.deprivation
        )
        self.trust = towards(self.trust, aim, speed)
        good = saturate(self.good, p.attitudes_contact_half)
        self.attitude = liking_step(p, self.attitude, good, felt)
