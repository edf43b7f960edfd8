"""Coalitions for and against: how far two organisations think they agree, and what opponents do.

Sources: Sabatier & Jenkins-Smith 1993; Sabatier, Hunter & McLaughlin 1987 (the devil shift); Slovic 1993
(trust is lost faster than it is won); docs/theories/coalitions.md.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip
from woc_sim.rules.relations import congruence

AGREEMENT: Final = code("coalitions", "agreement")
ADVOCACY: Final = code("coalitions", "advocacy")


@rule
def camp(p: Any, ideology: float) -> float:
    """How clearly an organisation stands on one side, from -1 (against) to 1 (for); 0 for who takes no side.

    p: relations_camp_half (distance from the middle at which half of a side is taken).
    """
    half: float = p.relations_camp_half
    return ideology / (abs(ideology) + half)


@rule
def seen_agreement(p: Any, theory: int, a: float, b: float, politicised: float) -> float:
    """How far two with ideologies `a` and `b` think that they agree, -1..1.

    Under advocacy a politicised place has camps: allies see each other as nearer, opponents as farther apart
    than they are (the devil shift; Sabatier, Hunter & McLaughlin 1987).

    p: relations_camps (weight of camps where the topic is fully politicised), relations_camp_half.
    """
    agreement: float = congruence(a, b)
    if theory == AGREEMENT:
        return agreement
    if theory == ADVOCACY:
        sides = camp(p, a) * camp(p, b)
        return clip(agreement + p.relations_camps * politicised * sides, -1.0, 1.0)
    return nan


@rule
def contest(p: Any, theory: int, a: float, b: float, politicised: float) -> float:
    """Push of opponents to meet, 0..1: who wants to win a contested topic has to face the other side, in
    committees and hearings, so that bad ties stay (Sabatier & Jenkins-Smith 1993).

    p: relations_camp_half.
    """
    if theory == AGREEMENT:
        return 0.0
    if theory == ADVOCACY:
        return politicised * max(0.0, -camp(p, a) * camp(p, b))
    return nan


@rule
def tone_pace(p: Any, theory: int, tone: float, target: float) -> float:
    """Speed, per month, at which the tone of a tie moves; under advocacy a bad one mends slowly (Slovic
    1993).

    p: relations_tone_speed, relations_grudge (share of the speed that a bad tone loses when it mends).
    """
    speed: float = p.relations_tone_speed
    if theory == AGREEMENT:
        return speed
    if theory == ADVOCACY:
        if tone < 0.0 and target > tone:
            grudge: float = p.relations_grudge
            return speed * (1.0 - grudge)
        return speed
    return nan
