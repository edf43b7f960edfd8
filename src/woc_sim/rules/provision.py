"""Non-public initiatives: one rule for every sector; substitution and complement are results.

Sources: final working paper 4 (S70-S73) and 3.3 (S53-S55); docs/odd.md B(d); theories: crowding-out against
need only.
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import chance

CROWDING_OUT: Final = code("substitution", "crowding_out")
NEED_ONLY: Final = code("substitution", "need_only")


@rule
def unmet(theory: int, need: float, covered: float) -> float:
    """Need that an outsider sees: what is left after all measures in force, or (need only) the bare need."""
    if theory == CROWDING_OUT:
        return need * (1.0 - covered)
    if theory == NEED_ONLY:
        return need
    return nan


@rule
def mission_will(
    left_over: float,
    third_sector: float,
    joint: float,
    openness: float,
    fatigue: float,
    funded: float,
    busy: float,
    goodwill: float,
    base: float,
    w_need: float,
    w_tradition: float,
    w_frame: float,
    w_open: float,
    w_joint: float,
    w_busy: float,
    w_goodwill: float,
) -> float:
    """Will of a mission-driven actor (NGO, church, provider, migrant organisation) to serve one need.

    third_sector: welfare tradition, 1 where charities and churches carry welfare; funded: public action in
    the
    sector reached through a tie to the executive (joint funding); busy: other initiatives per unit of
    capacity; goodwill: believed attitude of residents, among whom are its members, donors and neighbours
    (S53).
    """
    push = (
        base + w_need * left_over + w_tradition * third_sector + w_frame * joint + w_open * openness - fatigue
    )
    push = push - w_busy * busy + w_goodwill * goodwill
    return chance(2.0 * (push + w_joint * funded))


@rule
def interest_will(
    shortage: float,
    cost: float,
    invited: float,
    reaction: float,
    base: float,
    w_own: float,
    w_invited: float,
    w_reaction: float,
) -> float:
    """Will of an interest-driven actor (company, estate company, union): own shortage, invitations, expected
    reaction."""
    return chance(
        2.0 * (base + w_own * shortage * (1.0 - cost) + w_invited * invited + w_reaction * reaction)
    )


@rule
def served(supply: float, half: float) -> float:
    """Share of a need that initiatives cover: supply per head with diminishing returns (S99)."""
    return supply / (supply + half)


@rule
def begin_chance(will: float, speed: float) -> float:
    """Chance that an initiative begins this month: a lukewarm will seldom gets anything going."""
    return speed * will * will


@rule
def end_chance(will: float, speed: float) -> float:
    """Chance that a running initiative ends this month."""
    return speed * (1.0 - will)


@rule
def either(civil: float, business: float) -> float:
    """Share of a need that mission-driven and interest-driven initiatives cover together."""
    return 1.0 - (1.0 - civil) * (1.0 - business)
