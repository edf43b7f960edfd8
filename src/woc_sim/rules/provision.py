"""Non-public initiatives: one rule for every sector; substitution and complement are results.

Sources: final working paper 4 (S70-S73) and 3.3 (S53-S55); docs/odd.md B(d); theories: crowding-out against
need only.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final, NamedTuple

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import chance

CROWDING_OUT: Final = code("substitution", "crowding_out")
NEED_ONLY: Final = code("substitution", "need_only")

SUPPLY_INHABITANTS = 20_000.0  # unit of supply: organisations of mean capacity per 20,000 inhabitants


@rule
def unmet(theory: int, need: float, covered: float) -> float:
    """Need that an outsider sees: what is left after all measures in force, or (need only) the bare need."""
    if theory == CROWDING_OUT:
        return need * (1.0 - covered)
    if theory == NEED_ONLY:
        return need
    return nan


class Actor(NamedTuple):
    """A mission-driven organisation (NGO, church, provider, migrant organisation) and what its will to serve
    any need depends on.

    third_sector: welfare tradition of the place, 1 where charities and churches carry welfare; joint: weight
    of the whole-community frame minus that of the migrants-only frame; openness: ideology as it weighs here,
    plus the leading person's trait; fatigue: of helpers; goodwill: believed attitude of residents, among whom
    are its members, donors and neighbours (S53); strength: capacity factor; tie: to the executive, 0..1;
    courage: what the climate adds to the will to act in public (`rules.voice.courage`).
    """

    third_sector: float
    joint: float
    openness: float
    fatigue: float
    goodwill: float
    strength: float
    tie: float
    courage: float


@rule
def mission_will(p: Any, actor: Actor, left_over: float, public: float, others: float) -> float:
    """Will of a mission-driven actor to serve one need, 0..1.

    left_over: need that it sees; public: coverage by the municipality, which a tie to the executive turns
    into joint funding; others: its other initiatives, which keep it busy. p: civil_society_base (without a
    reason), civil_society_need, _tradition, _frame, _openness, _fatigue, _busy, _goodwill and _joint (weights
    of these), civil_society_steep.
    """
    push = (
        p.civil_society_base
        + p.civil_society_need * left_over
        + p.civil_society_tradition * actor.third_sector
        + p.civil_society_frame * actor.joint
        + p.civil_society_openness * actor.openness
        - p.civil_society_fatigue * actor.fatigue
    )
    busy = others / actor.strength
    push = push - p.civil_society_busy * busy + p.civil_society_goodwill * actor.goodwill + actor.courage
    return chance(p.civil_society_steep * (push + p.civil_society_joint * (public * actor.tie)))


@rule
def interest_will(
    p: Any, shortage: float, cost: float, invited: float, reaction: float, courage: float
) -> float:
    """Will of an interest-driven actor (company, estate company, union) to act on work or housing, 0..1.

    shortage: of hands or tenants; cost: share of the gain that action costs; invited: tie to the executive;
    reaction: expected of customers and council; courage: what the climate adds to the will to act in public
    (`rules.voice.courage`). p: business_base (without a reason), business_own,
    business_invited, business_reaction (weights of these), business_steep.
    """
    return chance(
        p.business_steep
        * (
            p.business_base
            + p.business_own * shortage * (1.0 - cost)
            + p.business_invited * invited
            + p.business_reaction * reaction
            + courage
        )
    )


@rule
def served(supply: float, half: float) -> float:
    """Share of a need that initiatives cover: supply per head with diminishing returns (S99)."""
    return supply / (supply + half)


@rule
def begin_chance(will: float, speed: float) -> float:
    """Chance that an initiative begins this month: it grows with the square of the will."""
    return speed * will * will


@rule
def end_chance(will: float, speed: float) -> float:
    """Chance that a running initiative ends this month."""
    return speed * (1.0 - will)


@rule
def covered_by_two(civil: float, business: float) -> float:
    """Share of a need that mission-driven and interest-driven initiatives cover together."""
    return 1.0 - (1.0 - civil) * (1.0 - business)
