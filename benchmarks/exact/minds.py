"""Attitudes, experience and volunteers, person by person: what people feel, who leaves, who helps."""

from __future__ import annotations

from benchmarks.exact.people import Migrant, Resident
from benchmarks.exact.turn import PersonTurn
from benchmarks.plain import plain
from woc_sim.inputs.ages import ADULT, EDUCATION_TO, SCHOOL_FROM, SEEK_WORK_TO, VOLUNTEER_FROM, WORK_FROM
from woc_sim.processes import civil_society, experience
from woc_sim.processes.attitudes import NOISE, NOISE_OTHER
from woc_sim.rules import (
    attention,
    attitudes,
    belonging,
    comparison,
    contact,
    curves,
    decline,
    deservingness,
    influence,
    onward,
    threat,
    volunteering,
)
from woc_sim.rules.attention import FADING
from woc_sim.rules.belonging import Situation
from woc_sim.rules.comparison import GROUP_GAP
from woc_sim.rules.deservingness import BY_GROUP, Seen
from woc_sim.world.locality import Locality
from woc_sim.world.people import (
    CHOSE,
    FAMILY_ABROAD,
    FAMILY_HERE,
    LEFT_REFUSED,
    MOVED_ON,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_LEAVING,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    UKRAINIAN,
)

clip, normal = plain(curves.clip), plain(curves.normal)
saturate, towards = plain(curves.saturate), plain(curves.towards)
bounded, drifted_anchor = plain(attitudes.bounded), plain(attitudes.drifted_anchor)
solidarity = plain(attitudes.solidarity)
rally_left, rally_wave = plain(attention.rally_left), plain(attention.rally_wave)
lapse, noticed = plain(attention.lapse), plain(attention.noticed)
remembered, worse_off = plain(comparison.remembered), plain(comparison.worse_off)
deserving, judgement_effect = plain(deservingness.deserving), plain(deservingness.judgement_effect)
contact_effect, dose = plain(contact.contact_effect), plain(contact.dose)
faded_distance, norm_effect = plain(contact.faded_distance), plain(contact.norm_effect)
anchor_effect, cue_effect = plain(influence.anchor_effect), plain(influence.cue_effect)
influence_effect, listens = plain(influence.influence_effect), plain(influence.listens)
perceived_benefit, perceived_threat = plain(threat.perceived_benefit), plain(threat.perceived_threat)
grievance, grievance_effect = plain(decline.grievance), plain(decline.grievance_effect)
scarcity, threat_effect, threat_signal = (
    plain(threat.scarcity),
    plain(threat.threat_effect),
    plain(threat.threat_signal),
)
belonging_aim, deprivation_aim = plain(belonging.belonging_aim), plain(belonging.deprivation_aim)
liking_step, loneliness_aim = plain(belonging.liking_step), plain(belonging.loneliness_aim)
stay_aim, trust_aim = plain(belonging.stay_aim), plain(belonging.trust_aim)
leave_chance = plain(onward.leave_chance)
fatigue_step, join_chance = plain(volunteering.fatigue_step), plain(volunteering.join_chance)
quit_chance, sympathy = plain(volunteering.quit_chance), plain(volunteering.sympathy)
hours_given = plain(volunteering.hours_given)
home_worth, job_worth = plain(experience.home_worth), plain(experience.job_worth)


def seen_of_group(locality: Locality, group: int) -> Seen | None:
    """What residents see of a group, None where nobody of it is there."""
    row = locality.row
    if row.group_part[group, 0] <= 0.0:
        return None
    columns = (row.seen_protected, row.seen_grateful, row.seen_working, row.seen_needy)
    return Seen(*(float(column[group, 0]) for column in columns))


class Attitudes(PersonTurn):
    """Contact, witnessed contact, talk, threat and cues; everybody sees the month as it began."""

    def live(self) -> None:
        """Sense, then apply."""
        constants, town, row = self.constants, self.town, self.town.row
        theories = town.locality.theories
        self.theory_of_contact, self.theory_of_influence = theories["contact"], theories["influence"]
        self.politicised = row.politicisation
        self.signal = threat_signal(
            constants,
            theories["threat"],
            row.arrival_rate,
            row.migrant_share,
            self.politicised,
        )
        self.scarce = scarcity(constants, row.tightness, row.vacancy)
        self.wave = rally_wave(
            constants, theories["attention"], row.of("arriving.ukrainian"), row.of("rally_left.ukrainian")
        )
        self.shortage = row.labour_shortage
        self.theory_of_desert = theories["deservingness"]
        self.judged = [seen_of_group(town.locality, group) for group in (NON_EUROPEAN, UKRAINIAN)]
        self.grievance = grievance(constants, town.locality.theories["decline"], row.trend, row.media)
        self.rally = float(town.locality.groups.rally[UKRAINIAN])
        self.executive, self.rrp = row.executive_ideology, row.rrp
        half = constants.attitudes_contact_half
        self.seen = {
            one: dose(one.good, half) - constants.attitudes_asymmetry * dose(one.bad, half)
            for one in town.residents
        }
        moved = [self.month_of(one) for one in town.residents]
        drift = constants.attitudes_anchor_drift
        for one, (attitude, attitude_ua) in zip(town.residents, moved, strict=True):
            one.anchor = drifted_anchor(one.anchor, one.attitude, drift)
            one.anchor_ua = drifted_anchor(one.anchor_ua, one.attitude_ua, drift)
            one.attitude = attitude
            one.attitude_ua = attitude_ua
        if theories["attention"] == FADING:
            left, arriving = town.locality.row.rally_left, town.locality.row.arriving
            for group in (NON_EUROPEAN, UKRAINIAN):
                left[group, 0] = rally_left(constants, float(left[group, 0]), float(arriving[group, 0]))

    def talk(self, one: Resident) -> tuple[float, int, float, int]:
        """Mean attitude to both groups of the friends who are listened to, and how many they are."""
        reach, theory = self.constants.attitudes_reach, self.theory_of_influence
        heard = heard_ua = 0.0
        friends = friends_ua = 0
        for other in one.friends:
            if listens(theory, one.attitude, other.attitude, reach):
                heard += other.attitude
                friends += 1
            if listens(theory, one.attitude_ua, other.attitude_ua, reach):
                heard_ua += other.attitude_ua
                friends_ua += 1
        return heard * (1.0 / max(1, friends)), friends, heard_ua * (1.0 / max(1, friends_ua)), friends_ua

    def month_of(self, one: Resident) -> tuple[float, float]:
        """Attitudes of a resident at the end of the month; what only the person sees changes at once."""
        constants = self.constants
        own, own_ua = one.attitude, one.attitude_ua
        heard, friends, heard_ua, friends_ua = self.talk(one)
        if one.friends:
            seen = 0.0
            for other in one.friends:
                seen += self.seen[other]
            aim = clip(seen / len(one.friends), -1.0, 1.0)
            one.norm = towards(one.norm, aim, constants.attitudes_norm_speed)
        half, gain, asymmetry = (
            constants.attitudes_contact_half,
            constants.attitudes_contact,
            constants.attitudes_asymmetry,
        )
        good, good_ua = dose(one.good, half), dose(one.good_ua, half)
        theory = self.theory_of_contact
        moved = contact_effect(theory, own, good, dose(one.bad, half), gain, asymmetry)
        moved_ua = contact_effect(theory, own_ua, good_ua, dose(one.bad_ua, half), gain, asymmetry)
        moved_ua += solidarity(own_ua, self.wave, self.rally)
        change = moved + constants.attitudes_spill * moved_ua
        change_ua = moved_ua + constants.attitudes_spill * moved
        change += norm_effect(theory, own, one.norm, constants.attitudes_norm)
        change_ua += norm_effect(theory, own_ua, one.norm, constants.attitudes_norm)
        felt = (self.signal, self.scarce, self.politicised, one.leaning)
        change += threat_effect(own, *felt, one.distance, constants.attitudes_threat)
        change_ua += threat_effect(own_ua, *felt, one.distance_ua, constants.attitudes_threat)
        if self.grievance > 0.0:
            change += grievance_effect(own, one.distance, self.grievance)
            change_ua += grievance_effect(own_ua, one.distance_ua, self.grievance)
        cue = constants.attitudes_cue
        rrp_ua, cue_ua = (
            self.town.locality.groups.rrp[UKRAINIAN] * self.rrp,
            self.town.locality.groups.cues[UKRAINIAN] * cue,
        )
        heeds = (one.leaning, one.interest, self.politicised, self.executive)
        change += cue_effect(own, *heeds, self.rrp, cue)
        change_ua += cue_effect(own_ua, *heeds, rrp_ua, cue_ua)
        speed, stubborn = constants.attitudes_speed, one.stubbornness
        change += anchor_effect(own, one.anchor, stubborn, speed)
        change_ua += anchor_effect(own_ua, one.anchor_ua, stubborn, speed)
        change += influence_effect(own, heard, friends, stubborn, speed)
        change_ua += influence_effect(own_ua, heard_ua, friends_ua, stubborn, speed)
        if self.theory_of_desert == BY_GROUP:
            seen, seen_ua = self.judged
            change += self.judge(own, seen, one.distance)
            change_ua += self.judge(own_ua, seen_ua, one.distance_ua)
        shaken = normal(self.draw(one.entity, NOISE))
        change += constants.attitudes_noise * shaken
        change_ua += constants.attitudes_noise * (
            self.town.locality.groups.noise_shared[UKRAINIAN] * shaken
            + self.town.locality.groups.noise_own[UKRAINIAN] * normal(self.draw(one.entity, NOISE_OTHER))
        )
        one.distance = faded_distance(one.distance, good, constants.attitudes_fade)
        one.distance_ua = faded_distance(one.distance_ua, good_ua, constants.attitudes_fade)
        one.threat = perceived_threat(constants, one.threat, own, self.signal, self.scarce)
        one.benefit = perceived_benefit(constants, one.benefit, own, self.shortage)
        return bounded(own + change), bounded(own_ua + change_ua)

    def judge(self, own: float, seen: Seen | None, distance: float) -> float:
        """Change of an attitude by how deserving a group seems, 0 where nobody of it is there."""
        if seen is None:
            return 0.0
        judged = deserving(self.constants, self.theory_of_desert, seen, 1.0 - distance)
        return float(judgement_effect(self.constants, own, judged))


class Experience(PersonTurn):
    """Feelings, then who leaves, then what the town sees of those who stay."""

    def live(self) -> None:
        """The steps of the month."""
        theories = self.town.locality.theories
        self.theory_of_comparison = theories["comparison"]
        self.compare()
        if theories["comparison"] == GROUP_GAP:
            self.follow_newcomers()
        row = self.town.locality.row
        self.first = {name: row.buffer(f"first_{name}")[:, 0].tolist() for name in ("wait", "homes", "work")}
        for one in self.town.migrants:
            if one.present == 1:
                self.update_feelings(one)
        self.moved: set[Migrant] = set()
        for one in self.town.migrants:
            if one.present == 1:
                self.move_on(one)
        self.show_needs()
        if theories["deservingness"] == BY_GROUP:
            self.be_seen()

    def follow_newcomers(self) -> None:
        """What newcomers of each group get in their first time is remembered."""
        constants, row = self.constants, self.town.locality.row
        for group in (NON_EUROPEAN, UKRAINIAN):
            new = [
                one
                for one in self.town.migrants
                if one.present == 1
                and one.group == group
                and self.month - one.cohort < constants.comparison_first
            ]
            if not new:
                continue
            homes = 0.0
            for one in new:
                homes += home_worth(constants, one.housing)
            got = {
                "wait": float(sum(one.status != PROTECTED for one in new)),
                "homes": homes,
                "work": float(sum(one.job != NO_JOB for one in new)),
            }
            for name, total in got.items():
                picture = row.buffer(f"first_{name}")
                picture[group, 0] = remembered(constants, float(picture[group, 0]), total / len(new))

    def be_seen(self) -> None:
        """What residents see of each group."""
        row = self.town.locality.row
        for group in (NON_EUROPEAN, UKRAINIAN):
            here = [one for one in self.town.migrants if one.present == 1 and one.group == group]
            grown = [one for one in here if ADULT <= one.age <= SEEK_WORK_TO]
            grateful = 0.0
            for one in here:
                grateful += 0.5 * (1.0 + one.attitude)
            count = max(1.0, float(len(here)))
            row.seen_protected[group, 0] = sum(one.status == PROTECTED for one in here) / count
            row.seen_grateful[group, 0] = grateful / count
            row.seen_working[group, 0] = sum(one.job != NO_JOB for one in grown) / max(1.0, float(len(grown)))
            row.seen_needy[group, 0] = sum(one.age < ADULT for one in here) / count

    def compare(self) -> None:
        """What everybody can see: Ukrainians' jobs and homes, services, harm."""
        constants, town = self.constants, self.town
        ukrainians = working = homes = 0.0
        people = float(len(town.residents))
        for one in town.migrants:
            if one.present == 0:
                continue
            people += 1.0
            if one.group == UKRAINIAN:
                ukrainians += 1.0
                homes += home_worth(constants, one.housing)
                if one.job != NO_JOB:
                    working += 1.0
        self.presence = saturate(ukrainians / people, constants.experience_seen)
        self.working = working / max(1.0, ukrainians)
        self.homes = homes / max(1.0, ukrainians)
        self.harm = self.served = 0.0
        sectors = len(town.locality.sets["sectors"])
        for s in range(sectors - 1):
            self.harm = max(self.harm, town.sector("restrictive", s))
            self.served += town.covered(s)
        self.served /= sectors - 1
        self.reception, self.gap = town.row.reception_quality, town.row.of("landlords_prefer.non_european")

    def update_feelings(self, one: Migrant) -> None:
        """A migrant's feelings move towards what the circumstances amount to."""
        constants = self.constants
        speed = constants.experience_speed
        ties, status = one.ties(), one.status
        job, home = job_worth(constants, one.job), home_worth(constants, one.housing)
        if one.group == NON_EUROPEAN:
            lasting = 0.0
            if status != PROTECTED:
                lasting = 1.0
            elif one.decision > one.cohort:
                lasting = constants.experience_wait_behind
            theory, first = self.theory_of_comparison, self.first
            wait, homes, work = first["wait"], first["homes"], first["work"]
            worse = deprivation_aim(
                constants,
                worse_off(theory, 0.0, lasting, wait[UKRAINIAN], wait[NON_EUROPEAN]),
                worse_off(theory, home, self.homes, homes[NON_EUROPEAN], homes[UKRAINIAN]),
                worse_off(
                    theory,
                    1.0 if one.job != NO_JOB else 0.0,
                    self.working,
                    work[NON_EUROPEAN],
                    work[UKRAINIAN],
                ),
                constants.experience_acceptance_seen * self.gap,
                self.presence,
            )
            one.deprivation = towards(one.deprivation, worse, speed)
        refusals = float(one.refused_job) + float(one.refused_home)
        felt = one.events + constants.experience_refusal * refusals
        one.discrimination = one.discrimination * (1.0 - constants.experience_memory) + felt
        years = float(self.month - one.cohort) / 12.0
        situation = Situation(ties, job, home, one.language, years)
        aim = belonging_aim(constants, situation, one.discrimination, one.deprivation, self.harm)
        one.belonging = towards(one.belonging, aim, speed)
        aim = loneliness_aim(
            constants, ties, one.coethnic, one.family == FAMILY_ABROAD, one.family == FAMILY_HERE
        )
        one.loneliness = towards(one.loneliness, aim, speed)
        leaving, chose = one.arrival == PLACED_LEAVING, one.arrival == CHOSE
        aim = stay_aim(constants, one.belonging, situation, one.loneliness, one.children == 1, leaving, chose)
        one.stay = towards(one.stay, aim, speed)
        served = self.served * one.known
        aim = trust_aim(constants, self.reception, status != PROTECTED, self.harm, served, one.deprivation)
        one.trust = towards(one.trust, aim, speed)
        good = saturate(one.good, constants.attitudes_contact_half)
        one.attitude = liking_step(constants, one.attitude, good, felt)

    def move_on(self, one: Migrant) -> None:
        """Some leave the place for good; a job becomes free."""
        head = one.head
        with_family = head is not None and (head.present == 1 or head in self.moved)
        if with_family and head not in self.moved:
            return
        placed = one.arrival != CHOSE
        since = self.month - one.decision
        ruled = since < self.town.row.residence_rule and one.job == NO_JOB
        hazard = leave_chance(
            self.constants,
            one.children == 1,
            one.job != NO_JOB,
            one.housing == PRIVATE,
            one.stay,
            placed and (one.status == PROCEDURE or (one.status == PROTECTED and ruled)),
            placed and one.status == PROTECTED and since < self.constants.experience_free_months,
            one.status == REFUSED,
        )
        if with_family or self.draw(one.entity, experience.LEAVES) < hazard:
            self.moved.add(one)
            one.present = 0
            one.left = self.month
            one.departure = LEFT_REFUSED if one.status == REFUSED else MOVED_ON
            if with_family:
                one.departure = head.departure
            self.town.row.moved_on = self.town.row.moved_on + 1.0
            if one.workplace is not None:
                one.workplace.migrant_workers -= 1
                one.workplace = None
                one.job = NO_JOB

    def show_needs(self) -> None:
        """Needs of those present as the town can see them, their share, and conflicts heard of."""
        constants, town, row = self.constants, self.town, self.town.row
        needs = town.locality.sets["sectors"].need
        lacking = [0.0] * len(needs)
        present = ukrainians = 0.0
        for one in town.migrants:
            if one.present == 1:
                present += 1.0
                ukrainians += 1.0 if one.group == UKRAINIAN else 0.0
                self.lack(one, lacking)
        persons = present + len(town.residents)
        share = present / persons
        seen = saturate(share, constants.experience_visible_need)
        total = 0.0
        for s in range(experience.STEERING):
            need = seen * lacking[s] / max(1.0, present)
            needs[s] = need
            total += need
        needs[experience.STEERING] = total / experience.STEERING
        row.migrant_share = share
        members = max(1.0, present)
        town.locality.row.group_part[:, 0] = (present - ukrainians) / members, ukrainians / members
        bad = 0.0
        for each in town.locality.sets["encounters"].bad.tolist():
            bad += each
        heard = saturate(bad / persons, constants.experience_conflict_half)
        row.conflicts = clip(towards(row.conflicts, heard, constants.experience_conflict_speed), 0.0, 1.0)

    def lack(self, one: Migrant, lacking: list[float]) -> None:
        """What one migrant lacks, sector by sector."""
        speaks = one.language >= self.constants.experience_language_needed
        if one.status == PROCEDURE or one.housing == RECEPTION:
            lacking[experience.RECEPTION] += 1.0
        if not speaks:
            lacking[experience.LANGUAGE] += 1.0
        pupil = one.age < ADULT and one.school is not None
        seeking = one.status != REFUSED and WORK_FROM <= one.age <= SEEK_WORK_TO and not pupil
        if seeking and one.job == NO_JOB:
            lacking[experience.WORK] += 1.0
        if one.housing != PRIVATE:
            lacking[experience.HOUSING] += 1.0
        if SCHOOL_FROM <= one.age < EDUCATION_TO and not speaks:
            lacking[experience.EDUCATION] += 1.0
        if one.ties() == 0.0:
            lacking[experience.ENCOUNTER] += 1.0
        if one.status != PROTECTED or one.discrimination >= self.constants.experience_rights_needed:
            lacking[experience.RIGHTS] += 1.0
        lacking[experience.SERVICES] += 1.0 - one.known


class Volunteers(PersonTurn):
    """Residents begin, tire of and stop volunteering; the organisations' part stays the model's own."""

    def live(self) -> None:
        """The first step of the process civil_society."""
        constants, town, row = self.constants, self.town, self.town.row
        organisations = town.locality.sets["organisations"]
        company = 0.0
        for eases, active, begun in zip(
            organisations.eases_volunteers,
            organisations.active,
            organisations.initiative.tolist(),
            strict=True,
        ):
            if eases == 1 and active == 1:
                company = max(company, *begun[: civil_society.NEEDS])
        need = 0.0
        for each in town.locality.sets["sectors"].need.tolist()[: civil_society.NEEDS]:
            need += each / civil_society.NEEDS
        self.theory_of_attention = town.locality.theories["attention"]
        self.fresh = noticed(constants, self.theory_of_attention, row.media, row.used_to)
        if self.theory_of_attention == FADING:
            row.used_to = towards(row.used_to, row.media, constants.attention_habit)
        call = (
            constants.civil_society_call_need * need + constants.civil_society_call_media * self.fresh * need
        )
        self.part = row.of("group_part.ukrainian")
        hours = 0.0
        active = 0
        for one in town.residents:
            self.help(one, company, call)
            if one.volunteer > 0.0:
                hours += one.volunteer
                active += 1
        row.volunteer_share = active / len(town.residents)
        supply = 1000.0 * hours * 4.3 / len(town.residents)
        organisations.volunteers[organisations.draws_volunteers == 1] = supply

    def help(self, one: Resident, company: float, call: float) -> None:
        """A resident joins, tires, or stops."""
        constants = self.constants
        u = self.draw(one.entity, civil_society.JOIN)
        attitude = sympathy(one.attitude, one.attitude, one.attitude_ua, self.part)
        if one.volunteer > 0.0:
            one.fatigue = fatigue_step(constants, one.fatigue, one.volunteer, company)
            lapsing = lapse(constants, self.theory_of_attention, self.fresh, one.interest)
            if u < quit_chance(constants, one.fatigue, attitude) * lapsing:
                one.volunteer = 0.0
            return
        one.fatigue *= constants.civil_society_rest
        if one.age < VOLUNTEER_FROM:
            return
        if u < join_chance(attitude, one.interest, call, constants.civil_society_join):
            given = self.draw(one.entity, civil_society.HOURS)
            one.volunteer = hours_given(constants, given)
            one.volunteered = 1
