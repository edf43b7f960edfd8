"""Residents as Mesa agents: how they grow older, change their minds and help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.plain import plain
from woc_sim.processes.work import YOUNGEST
from woc_sim.rules import (
    attitudes,
    contact,
    curves,
    demography,
    influence,
    threat,
    volunteering,
)
from woc_sim.rules.demography import GROWN, PENSION
from woc_sim.rules.theories import BOUNDED_CONFIDENCE, NO_INFLUENCE

if TYPE_CHECKING:
    from benchmarks.idiomatic.town import Town

clip = plain(curves.clip)
towards = plain(curves.towards)
drifted_anchor = plain(attitudes.drifted_anchor)
predisposition = plain(attitudes.predisposition)
bounded = plain(attitudes.bounded)
solidarity = plain(attitudes.solidarity)
contact_effect = plain(contact.contact_effect)
dose = plain(contact.dose)
faded_distance = plain(contact.faded_distance)
norm_effect = plain(contact.norm_effect)
death_chance = plain(demography.death_chance)
stage_of = plain(demography.stage_of)
successor_age = plain(demography.successor_age)
anchor_effect = plain(influence.anchor_effect)
cue_effect = plain(influence.cue_effect)
influence_effect = plain(influence.influence_effect)
listens = plain(influence.listens)
perceived_benefit = plain(threat.perceived_benefit)
perceived_threat = plain(threat.perceived_threat)
threat_effect = plain(threat.threat_effect)
fatigue_step = plain(volunteering.fatigue_step)
join_chance = plain(volunteering.join_chance)
quit_chance = plain(volunteering.quit_chance)
sympathy = plain(volunteering.sympathy)


class Resident(mesa.Agent):
    """A resident with places, friends, two attitudes and perhaps hours to give."""

    model: Town

    def __init__(self, model: Town, **traits: Any) -> None:
        super().__init__(model)
        self.__dict__.update(traits)
        self.friends: list[Resident] = []
        self.accompanies = 0
        self.seen = 0.0

    def begin_month(self) -> None:
        """Grow older, be succeeded by another person, and forget."""
        p = self.model.parameters
        before = self.age
        self.age += 1.0 / 12.0
        ended = (before < GROWN <= self.age) or (before < PENSION <= self.age)
        leaving = p.demography_moves / 12.0 + death_chance(before, p.demography_deaths_at_80)
        if ended or self.random.random() < leaving:
            self.be_succeeded(ended, stage_of(before))
        kept = 1.0 - p.encounters_fading
        self.good = self.bad = self.good_ua = self.bad_ua = 0.0
        self.contact *= kept
        self.conflict *= kept
        self.contact_ua *= kept
        self.conflict_ua *= kept
        self.leisure *= kept

    def be_succeeded(self, ended: bool, stage: int) -> None:
        """Another person takes the position: same places, another mind, no memories."""
        p = self.model.parameters
        self.since = self.model.month
        self.age = successor_age(stage, ended, self.random.random())
        own = predisposition(
            p.population_attitude_mean,
            self.leaning,
            p.population_leaning_slope,
            self.skill,
            float(self.settled),
            self.random.random(),
            p.population_individual,
        )
        gap = p.population_attitude_mean_ua - p.population_attitude_mean
        own_ua = predisposition(
            own + gap, 0.0, 0.0, 0.5, 0.0, self.random.random(), p.population_individual_ua
        )
        self.anchor = self.attitude = own
        self.anchor_ua = self.attitude_ua = own_ua
        self.contact = self.contact_ua = self.conflict = self.conflict_ua = 0.0
        self.leisure = self.norm = self.volunteer = self.fatigue = 0.0
        self.volunteered = 0

    def end_month(self) -> None:
        """Change one's mind, then think about helping."""
        self.change_mind()
        self.help()

    def sum_up(self) -> None:
        """What friends can see of this month's contact: the good less the bad."""
        p = self.model.parameters
        half = p.attitudes_contact_half
        self.seen = dose(self.good, half) - p.attitudes_asymmetry * dose(self.bad, half)

    def talk(self) -> tuple[float, float, float, int, int]:
        """Sums over friends: contact they were seen to have, attitudes heard; how many were listened to."""
        seen = heard = heard_ua = 0.0
        if self.model.influence == BOUNDED_CONFIDENCE:
            theory, reach = BOUNDED_CONFIDENCE, self.model.parameters.attitudes_reach
            near = [f for f in self.friends if listens(theory, self.attitude, f.attitude, reach)]
            near_ua = [f for f in self.friends if listens(theory, self.attitude_ua, f.attitude_ua, reach)]
            seen = sum(friend.seen for friend in self.friends)
            heard = sum(friend.attitude for friend in near)
            heard_ua = sum(friend.attitude_ua for friend in near_ua)
            return seen, heard, heard_ua, len(near), len(near_ua)
        for friend in self.friends:
            seen += friend.seen
            heard += friend.attitude
            heard_ua += friend.attitude_ua
        count = 0 if self.model.influence == NO_INFLUENCE else len(self.friends)
        return seen, heard, heard_ua, count, count

    def change_mind(self) -> None:
        """Contact, witnessed contact, threat, cues, the own predisposition and talk move both attitudes."""
        town, p = self.model, self.model.parameters
        own, own_ua = self.attitude, self.attitude_ua
        seen, heard, heard_ua, friends, friends_ua = self.talk()
        if self.friends:
            seen = clip(seen / len(self.friends), -1.0, 1.0)
            self.norm = towards(self.norm, seen, p.attitudes_norm_speed)
        half, gain, asymmetry = p.attitudes_contact_half, p.attitudes_contact, p.attitudes_asymmetry
        good, good_ua = dose(self.good, half), dose(self.good_ua, half)
        moved = contact_effect(town.contact, own, good, dose(self.bad, half), gain, asymmetry)
        moved_ua = contact_effect(town.contact, own_ua, good_ua, dose(self.bad_ua, half), gain, asymmetry)
        moved_ua += solidarity(own_ua, town.ukrainians, p.attitudes_rally)
        change = moved + p.attitudes_spill * moved_ua
        change_ua = moved_ua + p.attitudes_spill * moved
        change += norm_effect(town.contact, own, self.norm, p.attitudes_norm)
        change_ua += norm_effect(town.contact, own_ua, self.norm, p.attitudes_norm)
        politicised, leaning = town.politicisation, self.leaning
        change += threat_effect(
            own, town.signal, town.scarcity, politicised, leaning, self.distance, p.attitudes_threat
        )
        change_ua += threat_effect(
            own_ua, town.signal, town.scarcity, politicised, leaning, self.distance_ua, p.attitudes_threat
        )
        executive, rrp, cue = town.executive_ideology, town.rrp, p.attitudes_cue
        rrp_ua, cue_ua = p.attitudes_rrp_ua * rrp, p.attitudes_cue_ua * cue
        change += cue_effect(own, leaning, self.interest, politicised, executive, rrp, cue)
        change_ua += cue_effect(own_ua, leaning, self.interest, politicised, executive, rrp_ua, cue_ua)
        stubborn, speed = self.stubbornness, p.attitudes_speed
        change += anchor_effect(own, self.anchor, stubborn, speed)
        change_ua += anchor_effect(own_ua, self.anchor_ua, stubborn, speed)
        change += influence_effect(own, heard / max(1, friends), friends, stubborn, speed)
        change_ua += influence_effect(own_ua, heard_ua / max(1, friends_ua), friends_ua, stubborn, speed)
        shaken = self.random.gauss(0.0, 1.0)
        change += p.attitudes_noise * shaken
        own_part = p.attitudes_noise_ua * self.random.gauss(0.0, 1.0)
        change_ua += p.attitudes_noise * (p.attitudes_noise_shared * shaken + own_part)
        self.distance = faded_distance(self.distance, good, p.attitudes_fade)
        self.distance_ua = faded_distance(self.distance_ua, good_ua, p.attitudes_fade)
        self.threat = perceived_threat(p, self.threat, own, town.signal, town.scarcity)
        self.benefit = perceived_benefit(p, self.benefit, own, town.labour_shortage)
        self.anchor = drifted_anchor(self.anchor, own, p.attitudes_anchor_drift)
        self.anchor_ua = drifted_anchor(self.anchor_ua, own_ua, p.attitudes_anchor_drift)
        self.attitude = bounded(own + change)
        self.attitude_ua = bounded(own_ua + change_ua)

    def help(self) -> None:
        """Begin, tire of or stop volunteering."""
        town, p = self.model, self.model.parameters
        attitude = sympathy(self.attitude, self.attitude_ua, town.ukrainian_part)
        if self.volunteer > 0.0:
            speed, relief = p.civil_society_fatigue_speed, p.civil_society_relief
            self.fatigue = fatigue_step(self.fatigue, self.volunteer, town.company, speed, relief)
            if self.random.random() < quit_chance(self.fatigue, attitude, p.civil_society_quit):
                self.volunteer = 0.0
            return
        self.fatigue *= 0.95
        if self.age >= YOUNGEST:
            chance = join_chance(attitude, self.interest, town.call, p.civil_society_join)
            if self.random.random() < chance:
                self.volunteer = p.civil_society_hours * (0.3 + 1.4 * self.random.random())
                self.volunteered = 1
