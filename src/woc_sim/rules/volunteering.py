"""Volunteers: residents who give hours, tire, and leave a hard core (M27; seed 5.2)."""

from __future__ import annotations

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
    (a matching function as in labour markets; `base` at one volunteer per migrant)."""
    return clip(base * 2.0 * volunteers / (volunteers + migrants), 0.0, 1.0)


@rule
def fatigue_step(fatigue: float, hours: float, company: float, speed: float, relief: float) -> float:
    """Tiredness a month later: grows with hours a week, eased by support of organised colleagues."""
    load = hours / (hours + 6.0)
    return clip(
        fatigue + speed * load * (1.0 - relief * company) * (1.0 - fatigue) - 0.02 * fatigue, 0.0, 1.0
    )


@rule
def quit_chance(fatigue: float, attitude: float, base: float) -> float:
    """Chance to stop this month: tired or disenchanted people leave; the convinced form the hard core."""
    return clip(base * (0.3 + 1.7 * fatigue) * (1.2 - attitude), 0.0, 1.0)
