"""Volunteers: residents who give hours and tire; the convinced stay (M27)."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


@rule
def sympathy(felt: float, first: float, other: float, part: float) -> float:
    """Attitude to the newcomers that there are, with one more group counted in.

    felt: with all groups counted so far; first: attitude to the first group, with which the count begins;
    other: attitude to the group counted in, which is a share `part` of all newcomers.
    """
    return felt + part * (other - first)


@rule
def join_chance(attitude: float, interest: float, call: float, base: float) -> float:
    """Chance to begin volunteering this month: sympathy and interest, and a call (salience and need seen)."""
    return clip(base * max(0.0, attitude) * interest * call, 0.0, 1.0)


@rule
def match_chance(base: float, volunteers: float, migrants: float) -> float:
    """Chance this month that a migrant without a helper finds one: many volunteers per migrant make it likely
    (a matching function as in labour markets; the factor 2 makes it `base` at one volunteer per migrant)."""
    return clip(base * 2.0 * volunteers / (volunteers + migrants), 0.0, 1.0)


@rule
def hours_given(p: Any, u: float) -> float:
    """Hours a week that a new volunteer gives, spread evenly around their mean; u is a uniform number.

    p: civil_society_hours (mean), civil_society_hours_least (of the least busy, as a share of the mean).
    """
    least: float = p.civil_society_hours_least
    mean: float = p.civil_society_hours
    return mean * (least + 2.0 * (1.0 - least) * u)


@rule
def fatigue_step(p: Any, fatigue: float, hours: float, support: float) -> float:
    """Tiredness a month later: grows with hours a week, eased by organised colleagues (support, 0..1).

    p: civil_society_fatigue_speed, civil_society_hours_half (hours that tire half as much as any number),
    civil_society_relief (by full support), civil_society_recovery (in a month).
    """
    load = hours / (hours + p.civil_society_hours_half)
    eased = 1.0 - p.civil_society_relief * support
    grown = fatigue + p.civil_society_fatigue_speed * load * eased * (1.0 - fatigue)
    return clip(grown - p.civil_society_recovery * fatigue, 0.0, 1.0)


@rule
def quit_chance(p: Any, fatigue: float, attitude: float) -> float:
    """Chance to stop this month: tired or disenchanted people leave; the convinced form the hard core.

    p: civil_society_quit (base), civil_society_quit_rested and civil_society_quit_tired (factor without
    fatigue, and what full fatigue adds), civil_society_quit_conviction (attitude at which nobody stops).
    """
    tired = p.civil_society_quit_rested + p.civil_society_quit_tired * fatigue
    return clip(p.civil_society_quit * tired * (p.civil_society_quit_conviction - attitude), 0.0, 1.0)
