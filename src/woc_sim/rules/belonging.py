"""Migrants' experience: belonging, loneliness, trust, wish to stay, relative deprivation (S95-S100)."""

from __future__ import annotations

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate, squash


@rule
def belonging_aim(
    ties: float,
    job: float,
    home: float,
    language: float,
    discrimination: float,
    deprivation: float,
    restriction: float,
    years: float,
) -> float:
    """What a migrant's feeling of being at home tends to, in [-1, 1].

    ties: to residents; job and home: 0 none .. 1 own; discrimination: remembered events; deprivation 0..1
    (S96); restriction: harm by restrictive measures 0..1; years in the place (S100).
    """
    gains = (
        0.5 * saturate(ties, 1.5) + 0.2 * job + 0.25 * home + 0.15 * language + 0.15 * saturate(years, 4.0)
    )
    harms = 0.6 * saturate(discrimination, 2.0) + 0.4 * deprivation + 0.3 * restriction
    return clip(2.0 * squash(gains - 0.25 - harms), -1.0, 1.0)


@rule
def loneliness_aim(ties: float, coethnic: float, family_abroad: bool, family_here: bool) -> float:
    """What loneliness tends to, 0..1: ties of any kind help, family left abroad hurts (S98)."""
    company = 0.6 * saturate(ties, 1.5) + 0.4 * saturate(coethnic, 3.0)
    lonely = 0.85 - 0.7 * company
    if family_abroad:
        lonely += 0.15
    if family_here:
        lonely -= 0.2
    return clip(lonely, 0.0, 1.0)


@rule
def stay_aim(
    belonging: float,
    job: float,
    home: float,
    lonely: float,
    children: bool,
    leaving: bool,
    chose: bool,
) -> float:
    """Wish to stay, in [-1, 1]: belonging, job, home; children at school hold; loneliness and a
    placement draw away (S97, S98)."""
    wish = -0.2 + 0.5 * belonging + 0.25 * job + 0.25 * home - 0.2 * (lonely - 0.5)
    if children:
        wish += 0.3
    if leaving:
        wish -= 0.35
    if chose:
        wish += 0.2
    return clip(wish, -1.0, 1.0)


@rule
def trust_aim(
    reception: float, waiting: bool, restriction: float, served: float, deprivation: float
) -> float:
    """Trust in institutions, in [-1, 1]: reception and services build it; waiting, restriction and unequal
    treatment
    take it (A5, S96, S98)."""
    trust = -0.1 + 0.4 * reception + 0.5 * served - 0.6 * restriction - 0.5 * deprivation
    if waiting:
        trust -= 0.2
    return clip(trust, -1.0, 1.0)


@rule
def deprivation_of(
    waiting_gap: float, home_gap: float, work_gap: float, acceptance_gap: float, presence: float
) -> float:
    """Deprivation relative to another group, 0..1: how much better the others are treated, as far as they are
    seen.

    Gaps: others' treatment less own, each in [-1, 1]; presence 0..1. Follows from differences in treatment
    only (S96). Being better off in one respect does not make up for unequal treatment in another (Runciman
    1966), so only disadvantages count.
    """
    worse = 0.3 * max(0.0, waiting_gap) + 0.3 * max(0.0, home_gap)
    worse = worse + 0.2 * max(0.0, work_gap) + 0.2 * max(0.0, acceptance_gap)
    return presence * clip(2.0 * worse, 0.0, 1.0)


@rule
def liking_step(attitude: float, good: float, events: float, speed: float) -> float:
    """Migrant's attitude to residents a month later: good contact lifts it, discrimination lowers it (A5; M3:
    minorities
    move less than majorities)."""
    moved = attitude + speed * good * (1.0 - attitude) - 1.5 * speed * events * (1.0 + attitude)
    return clip(moved, -1.0, 1.0)
