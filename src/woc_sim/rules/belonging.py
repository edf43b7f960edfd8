"""Migrants' experience: belonging, loneliness, trust, wish to stay, relative deprivation (S95-S100).

The first argument `p` of a rule is the record of the process's parameters; the docstring names its fields,
all of which begin with `experience_`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate, squash


class Situation(NamedTuple):
    """What a migrant has."""

    ties: float  # number of ties to residents
    job: float  # 0 none, 1 a steady one
    home: float  # 0 in reception, 1 an own home
    language: float  # command of it, 0..1
    years: float  # in the place


@rule
def belonging_aim(
    p: Any, situation: Any, discrimination: float, deprivation: float, restriction: float
) -> float:
    """What a migrant's feeling of being at home tends to, in [-1, 1].

    discrimination: remembered events; deprivation 0..1 (S96); restriction: harm by restrictive measures 0..1;
    years in the place count (S100). p: belonging_ties, _job, _home, _language, _years, _discrimination,
    _deprivation, _restriction (weights), _strange (what is missing on the first day), _steep; ties_half,
    years_half, discrimination_half.
    """
    gains = (
        p.experience_belonging_ties * saturate(situation.ties, p.experience_ties_half)
        + p.experience_belonging_job * situation.job
        + p.experience_belonging_home * situation.home
        + p.experience_belonging_language * situation.language
        + p.experience_belonging_years * saturate(situation.years, p.experience_years_half)
    )
    harms = (
        p.experience_belonging_discrimination * saturate(discrimination, p.experience_discrimination_half)
        + p.experience_belonging_deprivation * deprivation
        + p.experience_belonging_restriction * restriction
    )
    felt = p.experience_belonging_steep * squash(gains - p.experience_belonging_strange - harms)
    return clip(felt, -1.0, 1.0)


@rule
def loneliness_aim(p: Any, ties: float, coethnic: float, family_abroad: bool, family_here: bool) -> float:
    """What loneliness tends to, 0..1: ties of any kind help, family left abroad hurts (S98).

    p: lonely_alone (without company), _company (relief by it), _ties and _coethnic (their parts of company),
    _family_abroad, _family_here; ties_half, coethnic_half.
    """
    company = p.experience_lonely_ties * saturate(
        ties, p.experience_ties_half
    ) + p.experience_lonely_coethnic * saturate(coethnic, p.experience_coethnic_half)
    lonely = p.experience_lonely_alone - p.experience_lonely_company * company
    if family_abroad:
        lonely += p.experience_lonely_family_abroad
    if family_here:
        lonely -= p.experience_lonely_family_here
    return clip(lonely, 0.0, 1.0)


@rule
def stay_aim(
    p: Any, belonging: float, situation: Any, lonely: float, children: bool, leaving: bool, chose: bool
) -> float:
    """Wish to stay, in [-1, 1]: belonging, job, home; children at school hold; loneliness and a
    placement draw away (S97, S98).

    leaving, chose: placed against the own wish, came by own choice. p: stay_base, _belonging, _job, _home,
    _lonely, _children, _leaving, _chose.
    """
    wish = (
        p.experience_stay_base
        + p.experience_stay_belonging * belonging
        + p.experience_stay_job * situation.job
        + p.experience_stay_home * situation.home
        - p.experience_stay_lonely * (lonely - 0.5)  # the middle of the scale
    )
    if children:
        wish += p.experience_stay_children
    if leaving:
        wish -= p.experience_stay_leaving
    if chose:
        wish += p.experience_stay_chose
    return clip(wish, -1.0, 1.0)


@rule
def trust_aim(
    p: Any, reception: float, waiting: bool, restriction: float, served: float, deprivation: float
) -> float:
    """Trust in institutions, in [-1, 1]: reception and services build it; waiting, restriction and unequal
    treatment take it (A5, S96, S98).

    p: trust_base, _reception, _services, _restriction, _deprivation, _waiting.
    """
    trust = (
        p.experience_trust_base
        + p.experience_trust_reception * reception
        + p.experience_trust_services * served
        - p.experience_trust_restriction * restriction
        - p.experience_trust_deprivation * deprivation
    )
    if waiting:
        trust -= p.experience_trust_waiting
    return clip(trust, -1.0, 1.0)


@rule
def deprivation_aim(
    p: Any, waiting_gap: float, home_gap: float, work_gap: float, acceptance_gap: float, presence: float
) -> float:
    """Deprivation relative to another group, 0..1: how much better the others are treated, as far as they are
    seen.

    Gaps: others' treatment less own, each in [-1, 1]; presence 0..1. Follows from differences in treatment
    only (S96). Being better off in one respect does not make up for unequal treatment in another (Runciman
    1966), so only disadvantages count. p: deprivation_waiting, _home, _work, _acceptance, _scale.
    """
    worse = p.experience_deprivation_waiting * max(0.0, waiting_gap) + p.experience_deprivation_home * max(
        0.0, home_gap
    )
    worse = worse + p.experience_deprivation_work * max(0.0, work_gap)
    worse = worse + p.experience_deprivation_acceptance * max(0.0, acceptance_gap)
    return presence * clip(p.experience_deprivation_scale * worse, 0.0, 1.0)


@rule
def felt_events(p: Any, events: float, refused_job: int, refused_home: int) -> float:
    """Events that a migrant felt as discrimination this month; a refusal (0 or 1) counts for less than one.

    p: experience_refusal.
    """
    return float(events + p.experience_refusal * (float(refused_job) + float(refused_home)))


@rule
def liking_step(p: Any, attitude: float, good: float, events: float) -> float:
    """Migrant's attitude to residents a month later: good contact lifts it, discrimination lowers it (A5; M3:
    minorities move less than majorities).

    good: dose of good contact 0..1; events of discrimination. p: liking (speed), liking_bad (weight of an
    event against a full dose).
    """
    lifted = p.experience_liking * good * (1.0 - attitude)
    lowered = p.experience_liking_bad * p.experience_liking * events * (1.0 + attitude)
    return clip(attitude + lifted - lowered, -1.0, 1.0)
