"""Decline, of both signs: grievance where people leave and media speak, and room where hands and tenants are
short."""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import saturate

SILENT: Final = code("decline", "silent")
GRIEVANCE: Final = code("decline", "grievance")
NO_PULL: Final = code("room", "no_pull")
INVITING: Final = code("room", "inviting")

# Perceived distance runs from 0 to 1: the gain of grievance holds at a middling distance of one half.
AT_MIDDLE = 2.0


@rule
def grievance(p: Any, theory: int, trend: float, media: float) -> float:
    """Grievance of a month: loss of people that is spoken of (Rodriguez-Pose 2018; Cramer 2016).

    trend: growth of the population a year; media: salience of the topic, 0..1. p: attitudes_grievance,
    attitudes_decline_half (loss a year at which half of the grievance is felt).
    """
    if theory == SILENT:
        return 0.0
    if theory == GRIEVANCE:
        felt: float = p.attitudes_grievance * saturate(max(0.0, -trend), p.attitudes_decline_half) * media
        return felt
    return nan


@rule
def grievance_effect(attitude: float, distance: float, felt: float) -> float:
    """Change of attitude by grievance, whatever a resident's leaning, and the more the more distant the group
    seems (A20)."""
    return -felt * AT_MIDDLE * distance * (1.0 + attitude)


@rule
def with_need(theory: int, accepted: float, need: float, weight: float) -> float:
    """Acceptance by those who hire or let when they need somebody: above the middle of `need`, 0..1, they
    take whom they would refuse, below it they refuse whom they would take.

    Discrimination is lower where recruitment is difficult (Baert et al. 2015); that owners of empty homes act
    alike is assumed.
    """
    if theory == NO_PULL:
        return accepted
    if theory == INVITING:
        pull = weight * (2.0 * need - 1.0)
        return accepted + pull * (1.0 - accepted if pull > 0.0 else accepted)
    return nan


@rule
def with_wish(theory: int, own: float, shortage: float, empty: float, weight: float) -> float:
    """Own reasons of an executive for inclusive measures, `own` by conviction, with the wish for newcomers
    where hands are short and homes empty; below the middle of both, the wish that they stay away.

    shortage, empty: shortage of labour and emptiness of homes as they are felt, 0..1.
    """
    if theory == NO_PULL:
        return own
    if theory == INVITING:
        return own + weight * (shortage + empty - 1.0)
    return nan
