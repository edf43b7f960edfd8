"""Arrivals and demography, person by person: who comes, who grows older, who is succeeded."""

from __future__ import annotations

from benchmarks.exact.people import Migrant, Resident
from benchmarks.exact.turn import PersonTurn
from benchmarks.plain import plain
from woc_sim.inputs.ages import ADULT, OLDEST, PARENT_TO, PENSION, SCHOOL_FROM
from woc_sim.processes.demography import (
    DEATH,
    GENERATION,
    LEAVES,
    MIND,
    MIND_OTHER,
    NEW_AGE,
    TERM,
    TINY,
)
from woc_sim.processes.newcomers import (
    AGE,
    APPEAL,
    ASKED,
    BIRTH,
    BIRTH_BITS,
    CHILDREN,
    CHOOSERS,
    CLAIM,
    COUNT,
    EARLIER_MONTHS,
    FAMILY,
    FAMILY_BIT,
    GENDER,
    HOME,
    HOST,
    MORE_BIRTH_BITS,
    RECEPTION_SECTOR,
    REUNION,
    SKILL,
    THOUSAND,
    VISIBLE,
    WAIT,
    WAY,
)
from woc_sim.rules import arrivals, attitudes, curves, demography, history
from woc_sim.rules.demography import ENDOGENOUS
from woc_sim.rules.history import NATIONAL_COURSE
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    GREW_UP,
    HOSTED,
    MIGRANT_DIED,
    MOVED_AWAY,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PLACED_STAYING,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    RESIDENT_DIED,
    STOPPED_WORK,
    SUPPORTED,
    UKRAINIAN,
)

saturate, towards = plain(curves.saturate), plain(curves.towards)
placed_arrivals, chosen_arrivals = plain(arrivals.placed_arrivals), plain(arrivals.chosen_arrivals)
whole_number, procedure_months = plain(arrivals.whole_number), plain(arrivals.procedure_months)
rejection_share = plain(history.rejection_share)
birth_chance, hosting_chance = plain(arrivals.birth_chance), plain(arrivals.hosting_chance)
reception_aim, reunion_chance = plain(arrivals.reception_aim), plain(arrivals.reunion_chance)
predisposition = plain(attitudes.predisposition)
other_predisposition = plain(attitudes.other_predisposition)
death_chance, stage_of = plain(demography.death_chance), plain(demography.stage_of)
successor_age, vote_position = plain(demography.successor_age), plain(demography.vote_position)

AGES = ((0.0, 6.0), (6.0, 12.0), (18.0, 17.0), (35.0, 30.0), (65.0, 15.0))  # first year and years of a class


def class_of(shares: list[float], u: float) -> int:
    """Class of a uniform number among running shares."""
    level = 0
    while level < len(shares) - 1 and u >= shares[level]:
        level += 1
    return level


class Arrivals(PersonTurn):
    """Procedures end, reception has a quality, newcomers and families arrive."""

    def live(self) -> None:
        """Decide the claims, count who comes, and let them in."""
        self.decide()
        if self.town.schools:
            self.go_to_school()
        placed, chosen, ukrainian, sponsors = self.expect()
        count = placed + chosen + ukrainian + len(sponsors)
        row = self.town.row
        lived = max(1.0, row.residents_now * row.scale)
        row.arrivals = count
        row.arrival_rate = min(1.0, row.arrival_rate * EARLIER_MONTHS / 12.0 + count / lived)
        mothers = self.find_mothers()
        self.adult: Migrant | None = None  # of the family that the last newcomer belongs to
        for k in range(placed):
            self.arrive(NON_EUROPEAN, k, True, None)
        for k in range(chosen):
            self.arrive(NON_EUROPEAN, CHOOSERS + k, False, None)
        self.adult = None
        for k in range(ukrainian):
            self.arrive(UKRAINIAN, k, False, None)
        for sponsor in sponsors:
            self.arrive(sponsor.group, 0, False, sponsor)
        for mother in mothers:
            self.add_newborn(mother)

    def decide(self) -> None:
        """Procedures that end this month; the quality of reception."""
        constants, row, sector = self.constants, self.town.row, self.town.sector
        theory = self.town.locality.theories["rejections"]
        refused_share = rejection_share(theory, constants.arrivals_refused, row.rejected)
        for one in self.town.migrants:
            if one.present == 1 and one.status == PROCEDURE and self.month >= one.decision:
                if one.head is not None and one.head.present == 1:
                    one.status = one.head.status
                    continue
                u = self.draw(one.entity, CLAIM)
                one.status = REFUSED if u < refused_share else PROTECTED
                continue
            refused = one.present == 1 and one.status == REFUSED
            if refused and self.draw(one.entity, APPEAL) < constants.arrivals_appeal:
                one.status = PROTECTED
                one.decision = self.month
        helped = self.town.covered(RECEPTION_SECTOR)
        crowd = saturate(row.arrival_rate, constants.arrivals_crowding)
        harm = sector("restrictive", RECEPTION_SECTOR)
        aim = reception_aim(constants, helped, harm, crowd)
        row.reception_quality = towards(row.reception_quality, aim, constants.arrivals_reception_speed)

    def go_to_school(self) -> None:
        """Children of school age go to the school of their neighbourhood."""
        schools = self.town.schools
        for one in self.town.migrants:
            if one.present == 1 and SCHOOL_FROM <= one.age < ADULT and one.school is None:
                one.school = schools[one.neighbourhood.row % len(schools)]
                one.children = 1
                if one.head is not None:
                    one.head.children = 1

    def find_mothers(self) -> list[Migrant]:
        """Women who give birth this month."""
        mothers = []
        for one in self.town.migrants:
            if one.present == 0 or one.family != FAMILY_HERE or one.female == 0 or one.age < ADULT:
                continue
            if self.draw(one.entity, BIRTH) < birth_chance(self.constants.arrivals_births, one.age):
                mothers.append(one)
        return mothers

    def add_newborn(self, mother: Migrant) -> None:
        """A child, who shares the mother's situation."""
        town = self.town
        one = town.add_migrant()
        turn = self.month + 1
        one.entity = mother.entity | (turn % 128) << BIRTH_BITS | (turn // 128) << MORE_BIRTH_BITS
        one.group, one.cohort, one.present, one.age = mother.group, self.month, 1, 0.0
        one.female = 1 if self.draw(one.entity, GENDER) < self.constants.arrivals_newborn_girls else 0
        one.skill, one.visible, one.arrival = mother.skill, mother.visible, mother.arrival
        one.status, one.decision = mother.status, mother.decision
        one.housing, one.host, one.neighbourhood = mother.housing, mother.host, mother.neighbourhood
        one.family = FAMILY_HERE
        one.mother = mother.row
        one.head = mother.head if mother.head is not None else mother
        town.row.births = town.row.births + 1.0

    def host_of(self, entity: int, group: int) -> Resident | None:
        """A resident who gives a newcomer a room, among those asked."""
        for k in range(ASKED):
            residents = self.town.residents
            who = residents[int(self.draw(entity, HOST, 2 * k) * len(residents))]
            if who.age < ADULT:
                continue
            attitude, distance = who.attitude, who.distance
            if group == UKRAINIAN:
                attitude, distance = who.attitude_ua, who.distance_ua
            chance = hosting_chance(self.constants, attitude, distance)
            if self.draw(entity, HOST, 2 * k + 1) < chance:
                return who
        return None

    def expect(self) -> tuple[int, int, int, list[Migrant]]:
        """Numbers of placed and choosing non-Europeans and of Ukrainians, and whom a family follows."""
        constants, row = self.constants, self.town.row
        people = row.inhabitants * row.scale / THOUSAND
        due = people * row.of("arrivals_per_1000.non_european") / 12.0 * row.of("arriving.non_european")
        share = row.placed_share
        placed = placed_arrivals(due, share, row.openness, constants.arrivals_quota_response)
        chosen = chosen_arrivals(constants, due, share, row.tightness, row.migrant_share + row.origin_shared)
        ukrainians = people * row.of("arrivals_per_1000.ukrainian") * row.of("arriving.ukrainian")
        sponsors = []
        for one in self.town.migrants:
            if one.present == 1 and one.family == FAMILY_ABROAD and one.status == PROTECTED:
                since = float(self.month - one.decision)
                hazard = reunion_chance(constants.arrivals_reunion, since, constants.arrivals_reunion_delay)
                if self.draw(one.entity, REUNION) < hazard:
                    sponsors.append(one)
        return (
            whole_number(placed, self.draw(0, COUNT, 0)),
            whole_number(chosen, self.draw(0, COUNT, 1)),
            whole_number(ukrainians, self.draw(0, COUNT, 2)),
            sponsors,
        )

    def arrive(self, group: int, ordinal: int, placed: bool, sponsor: Migrant | None) -> None:
        """A newcomer, or who follows `sponsor`."""
        constants, town = self.constants, self.town
        if sponsor is not None:
            entity = sponsor.entity | FAMILY_BIT
        else:
            entity = (group << 48) | (self.month << 24) | ordinal
        traits = town.locality.groups
        one = town.add_migrant()
        one.entity, one.group, one.cohort, one.present = entity, group, self.month, 1
        u = self.draw(entity, AGE, 0)
        level = class_of(traits.age[group].tolist(), u)
        if sponsor is not None:
            level = 2 if u < constants.arrivals_young_followers else 3
        low, width = AGES[level]
        one.age = low + width * self.draw(entity, AGE, 1)
        child = one.age < ADULT
        one.female = 1 if self.draw(entity, GENDER) < traits.female[group] else 0
        if sponsor is not None:
            one.female = 1 if sponsor.female == 0 else 0
        u = self.draw(entity, SKILL, 0)
        one.skill = (class_of(traits.skill[group].tolist(), u) + self.draw(entity, SKILL, 1)) / 3.0
        one.visible = 1 if self.draw(entity, VISIBLE) < traits.visible[group] else 0
        one.family = class_of(traits.family[group].tolist(), self.draw(entity, FAMILY))
        if child or sponsor is not None:
            one.family = FAMILY_HERE
        u = self.draw(entity, CHILDREN)
        parent = not child and one.age < PARENT_TO and one.family == FAMILY_HERE
        one.children = (
            1 if (parent and u < constants.arrivals_parents) or (child and one.age >= SCHOOL_FROM) else 0
        )
        if sponsor is not None:
            one.sponsor = sponsor.row
            one.head = sponsor.head if sponsor.head is not None else sponsor
        elif child and self.adult is not None:
            one.head = self.adult
        elif not child:
            self.adult = one if one.family == FAMILY_HERE else None
        head = one.head
        way = self.draw(entity, WAY)
        home = self.draw(entity, HOME, 0)
        if sponsor is not None:
            one.arrival = CHOSE
            one.housing = sponsor.housing
            one.host = sponsor.host
            sponsor.family = FAMILY_HERE
            if one.children == 1:
                sponsor.children = 1
        elif group == UKRAINIAN:
            one.arrival = CHOSE if way < traits.chose[group] else PLACED_STAYING
            one.housing = SUPPORTED
        elif placed:
            one.arrival = PLACED_LEAVING if way < constants.arrivals_leaving else PLACED_STAYING
            one.housing = RECEPTION
        else:
            one.arrival = CHOSE
            one.housing = RECEPTION
        if sponsor is None and one.arrival == CHOSE and home < constants.arrivals_hosted:
            one.host = self.host_of(entity, group)
            if one.host is not None:
                one.housing = HOSTED
        if head is not None and sponsor is None:
            one.arrival, one.housing, one.host = head.arrival, head.housing, head.host
        if sponsor is not None or group == UKRAINIAN:
            one.status, one.decision = PROTECTED, self.month
        else:
            u = self.draw(entity, WAIT)
            months = procedure_months(town.row.waiting, constants.arrivals_procedure_spread, u)
            one.status = PROCEDURE
            one.decision = head.decision if head is not None else self.month + months
        one.neighbourhood = town.places[0]
        if sponsor is not None:
            one.neighbourhood = sponsor.neighbourhood
        elif head is not None:
            one.neighbourhood = head.neighbourhood
        elif one.host is not None:
            one.neighbourhood = one.host.neighbourhood
        elif one.housing != RECEPTION:
            u = self.draw(entity, HOME, 1)
            one.neighbourhood = town.residents[int(u * len(town.residents))].neighbourhood
        if one.children == 1 and town.schools:
            one.school = town.schools[one.neighbourhood.row % len(town.schools)]


class Demography(PersonTurn):
    """A month older: positions pass on, migrants die, and every five years there may be an election."""

    def live(self) -> None:
        """Residents, then migrants, then the council."""
        constants, row = self.constants, self.town.row
        row.residents_now = row.residents_now * (1.0 + row.trend / 12.0)
        moving = constants.demography_moves / 12.0
        for one in self.town.residents:
            leaves = self.draw(one.entity, LEAVES)
            before = one.age
            one.age = before + 1.0 / 12.0
            ended = (before < ADULT <= one.age) or (before < PENSION <= one.age)
            leaving = leaves < moving + death_chance(before, constants.demography_deaths_at_80)
            if ended or leaving:
                one.former = MOVED_AWAY if leaves < moving else RESIDENT_DIED
                if ended:
                    one.former = GREW_UP if before < ADULT else STOPPED_WORK
                self.succeed(one, ended, stage_of(before))
        for one in self.town.migrants:
            if one.present == 0:
                continue
            before = one.age
            one.age = min(OLDEST, before + 1.0 / 12.0)
            if before < ADULT and one.age >= ADULT:
                one.school = None
                one.children = 0
            if self.draw(one.entity, DEATH) < death_chance(before, constants.demography_deaths_at_80):
                one.present = 0
                one.left = self.month
                one.departure = MIGRANT_DIED
                row.deaths = row.deaths + 1.0
                if one.workplace is not None:
                    one.workplace.migrant_workers -= 1
        elections = self.town.locality.theories["elections"] == ENDOGENOUS
        if not elections and self.town.locality.theories["seats"] == NATIONAL_COURSE:
            self.follow_nation()
        if elections and self.month > 0 and self.month % TERM == 0:
            self.elect()

    def succeed(self, one: Resident, ended: bool, stage: int) -> None:
        """A new person takes the position."""
        constants, traits = self.constants, self.town.locality.groups
        one.entity += GENERATION
        one.since = self.month
        one.age = successor_age(stage, ended, self.draw(one.entity, NEW_AGE))
        own = predisposition(
            constants,
            traits.attitude_mean[NON_EUROPEAN],
            one.leaning,
            one.skill,
            float(one.migration_background),
            self.draw(one.entity, MIND),
            traits.individual[NON_EUROPEAN],
        )
        gap = traits.attitude_mean[UKRAINIAN] - traits.attitude_mean[NON_EUROPEAN]
        u = self.draw(one.entity, MIND_OTHER)
        own_ua = other_predisposition(own, gap, u, traits.individual[UKRAINIAN])
        one.anchor = one.attitude = own
        one.anchor_ua = one.attitude_ua = own_ua
        one.contact = one.contact_ua = one.conflict = one.conflict_ua = 0.0
        one.leisure = one.norm = one.volunteer = one.fatigue = 0.0
        one.volunteered = 0

    def follow_nation(self) -> None:
        """The radical right has the seats of the month, the others share the rest."""
        before, seats = self.town.row.rrp, float(self.constants.seats[self.month])
        if seats == before:
            return
        blocs, organisations = (self.town.locality.sets[name] for name in ("blocs", "organisations"))
        rest = (1.0 - seats) / max(TINY, 1.0 - before)
        for b in range(len(blocs)):
            blocs.seats[b] = seats if blocs.radical_right[b] == 1 else blocs.seats[b] * rest
        self.town.row.rrp = seats
        organisations.active[organisations.radical_right == 1] = seats > 0.0

    def elect(self) -> None:
        """Adults vote for the nearest bloc; the largest one forms a majority with its neighbours."""
        blocs = self.town.locality.sets["blocs"]
        count = len(blocs)
        ideology, radicals = blocs.ideology.tolist(), blocs.radical_right.tolist()
        radical = max((b for b in range(count) if radicals[b] == 1), default=-1)
        standing = [b for b in range(count) if radicals[b] == 0 and blocs.seats[b] > 0.0]
        votes = [0.0] * count
        for one in self.town.residents:
            if one.age < ADULT:
                continue
            weight = self.constants.demography_vote_weight
            position = vote_position(one.leaning, one.attitude, one.anchor, weight)
            if radical >= 0 and -position > self.constants.population_radical_cut:
                votes[radical] += 1.0
            elif standing:
                votes[min(standing, key=lambda b, at=position: abs(ideology[b] - at))] += 1.0
        total = sum(votes)  # whole numbers: exact in any order
        if total == 0.0:
            return
        blocs.seats[:] = [cast / total for cast in votes]
        blocs.executive[:] = 0
        others = [b for b in range(count) if radicals[b] == 0]
        largest = max(others, key=lambda b: votes[b])
        held = stance = 0.0
        partner: int | None = largest
        while partner is not None:
            blocs.executive[partner] = 1
            held += float(blocs.seats[partner])
            stance += float(blocs.seats[partner]) * ideology[partner]
            partner = None
            if held <= 0.5:
                free = [b for b in others if blocs.executive[b] == 0 and votes[b] > 0.0]
                partner = min(free, key=lambda b: abs(ideology[b] - ideology[largest]), default=None)
        stance = stance / max(held, TINY)
        self.town.row.executive_ideology = stance
        organisations = self.town.locality.sets["organisations"]
        organisations.ideology[organisations.head == 1] = stance
        if radical >= 0:
            self.town.row.rrp = float(blocs.seats[radical])
