"""Residents as Mesa agents: how they grow older, change their minds and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.exact import people
from benchmarks.plain import plain_rules
from woc_sim.inputs.ages import VOLUNTEER_FROM
from woc_sim.world.people import UKRAINIAN

if TYPE_CHECKING:
    from benchmarks.idiomatic.town import Town

rules = plain_rules()
anchor_effect, influence_effect, cue_effect = rules.anchor_effect, rules.influence_effect, rules.cue_effect
clip, contact_effect, dose, norm_effect = rules.clip, rules.contact_effect, rules.dose, rules.norm_effect
drifted_anchor, faded_distance = rules.drifted_anchor, rules.faded_distance
threat_effect, towards = rules.threat_effect, rules.towards


class Resident(people.Resident):
    """A resident with places, friends, attitudes to both groups of migrants and perhaps hours to give."""

    model: Town
    friends: list[Resident]
    accompanies = 0  # migrants
    seen = 0.0

    def begin_month(self) -> None:
        """Grow older, be succeeded by another person, and forget."""
        p = self.model.parameters
        stage, dies = rules.stage_of(self.age), rules.death_chance(self.age, p.demography_deaths_at_80)
        self.age += 1.0 / 12.0
        ended = rules.stage_of(self.age) != stage
        if ended or self.random.random() < p.demography_moves / 12.0 + dies:
            self.be_succeeded(ended, stage)
        self.good = self.bad = self.good_ua = self.bad_ua = 0.0

    def be_succeeded(self, ended: bool, stage: int) -> None:
        """Another person takes the position: same places, another mind."""
        p, chance = self.model.parameters, self.random.random
        self.since = self.model.month
        self.age = rules.successor_age(stage, ended, chance())
        mean, spread = p.population_attitude_mean, p.population_individual
        own = rules.predisposition(
            p, mean, self.leaning, self.skill, float(self.migration_background), chance(), spread
        )
        gap = p.population_attitude_mean_ua - mean
        own_ua = rules.other_predisposition(own, gap, chance(), p.population_individual_ua)
        self.attitude = self.anchor = own
        self.attitude_ua = self.anchor_ua = own_ua
        self.norm = self.volunteer = self.fatigue = 0.0

    def keep(self, group: int, good: float, bad: float) -> None:
        """Remember hours of good or bad contact with a group."""
        if group == UKRAINIAN:
            self.good_ua += good
            self.bad_ua += bad
        else:
            self.good += good
            self.bad += bad

    def sum_up(self) -> None:
        """What friends can see of this month's contact with non-Europeans: the good less the bad."""
        p, half = self.model.parameters, self.model.parameters.attitudes_contact_half
        self.seen = rules.dose(self.good, half) - p.attitudes_asymmetry * rules.dose(self.bad, half)

    def end_month(self) -> None:
        """Change one's mind, then think about helping."""
        self.change_mind()
        self.help()

    def change_mind(self) -> None:
        """Contact, witnessed contact, threat, cues, the own predisposition and talk move both attitudes."""
        town, p, row = self.model, self.model.parameters, self.model.row
        own, own_ua, theory = self.attitude, self.attitude_ua, town.theories["contact"]
        seen = heard = heard_ua = 0.0
        for friend in self.friends:
            seen += friend.seen
            heard += friend.attitude
            heard_ua += friend.attitude_ua
        friends = max(1, len(self.friends))
        if self.friends:
            self.norm = towards(self.norm, clip(seen / friends, -1.0, 1.0), p.attitudes_norm_speed)
        half, gain, asymmetry = p.attitudes_contact_half, p.attitudes_contact, p.attitudes_asymmetry
        good, good_ua = dose(self.good, half), dose(self.good_ua, half)
        moved = contact_effect(theory, own, good, dose(self.bad, half), gain, asymmetry)
        moved_ua = contact_effect(theory, own_ua, good_ua, dose(self.bad_ua, half), gain, asymmetry)
        moved_ua += rules.solidarity(own_ua, town.wave, p.attitudes_rally)
        shared = self.random.gauss(0.0, 1.0)
        shared_ua = p.attitudes_noise_shared * shared + p.attitudes_noise_ua * self.random.gauss(0.0, 1.0)
        change = moved + p.attitudes_spill * moved_ua + p.attitudes_noise * shared
        change_ua = moved_ua + p.attitudes_spill * moved + p.attitudes_noise * shared_ua
        change += norm_effect(theory, own, self.norm, p.attitudes_norm)
        change_ua += norm_effect(theory, own_ua, self.norm, p.attitudes_norm)
        signal, scarce, politicised, leaning = town.signal, town.scarcity, row.politicisation, self.leaning
        threat, cue, rrp = p.attitudes_threat, p.attitudes_cue, row.rrp
        change += threat_effect(own, signal, scarce, politicised, leaning, self.distance, threat)
        change_ua += threat_effect(own_ua, signal, scarce, politicised, leaning, self.distance_ua, threat)
        change += rules.grievance_effect(own, self.distance, town.grievance)
        change_ua += rules.grievance_effect(own_ua, self.distance_ua, town.grievance)
        interest, executive = self.interest, row.executive_ideology
        change += cue_effect(own, leaning, interest, politicised, executive, rrp, cue)
        rrp, cue = p.attitudes_rrp_ua * rrp, p.attitudes_cue_ua * cue
        change_ua += cue_effect(own_ua, leaning, interest, politicised, executive, rrp, cue)
        stubborn, speed, number = self.stubbornness, p.attitudes_speed, len(self.friends)
        change += anchor_effect(own, self.anchor, stubborn, speed)
        change_ua += anchor_effect(own_ua, self.anchor_ua, stubborn, speed)
        change += influence_effect(own, heard / friends, number, stubborn, speed)
        change_ua += influence_effect(own_ua, heard_ua / friends, number, stubborn, speed)
        self.distance = faded_distance(self.distance, good, p.attitudes_fade)
        self.distance_ua = faded_distance(self.distance_ua, good_ua, p.attitudes_fade)
        self.threat = rules.perceived_threat(p, self.threat, own, signal, scarce)
        self.benefit = rules.perceived_benefit(p, self.benefit, own, row.labour_shortage)
        self.anchor = drifted_anchor(self.anchor, own, p.attitudes_anchor_drift)
        self.anchor_ua = drifted_anchor(self.anchor_ua, own_ua, p.attitudes_anchor_drift)
        self.attitude, self.attitude_ua = rules.bounded(own + change), rules.bounded(own_ua + change_ua)

    def help(self) -> None:
        """Begin, tire of or stop volunteering."""
        town, p = self.model, self.model.parameters
        attitude = rules.sympathy(self.attitude, self.attitude, self.attitude_ua, town.ukrainian_part)
        if self.volunteer > 0.0:
            self.fatigue = rules.fatigue_step(p, self.fatigue, self.volunteer, town.company)
            if self.random.random() < rules.quit_chance(p, self.fatigue, attitude):
                self.volunteer = 0.0
            return
        self.fatigue *= p.civil_society_rest
        chance = rules.join_chance(attitude, self.interest, town.call, p.civil_society_join)
        if self.age >= VOLUNTEER_FROM and self.random.random() < chance:
            self.volunteer = rules.hours_given(p, self.random.random())
