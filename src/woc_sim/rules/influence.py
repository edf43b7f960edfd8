"""Social influence between residents who know each other: rival theories in one rule (M9, M35)."""

from __future__ import annotations

from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

FRIEDKIN_JOHNSEN: Final = code("influence", "friedkin_johnsen")
BOUNDED_CONFIDENCE: Final = code("influence", "bounded_confidence")
NO_INFLUENCE: Final = code("influence", "none")


@rule
def chooses_whom_to_hear(theory: int) -> bool:
    """Whether a resident listens to some friends and not to others; if not, to all of them or to none."""
    return theory == BOUNDED_CONFIDENCE


@rule
def listens(theory: int, own: float, other: float, reach: float) -> bool:
    """Whether a friend's attitude is taken in: always, only when close (Hegselmann & Krause 2002), or
    never."""
    if theory == FRIEDKIN_JOHNSEN:
        return True
    if theory == BOUNDED_CONFIDENCE:
        return abs(other - own) < reach
    return False  # NO_INFLUENCE


@rule
def influence_effect(own: float, heard: float, friends: int, stubborn: float, speed: float) -> float:
    """Change of attitude by talk in a month; `heard` is the mean attitude of the friends who were listened
    to.

    The open-minded part (1 - stubborn) moves towards what was heard (Friedkin & Johnsen 1990); no friends, no
    move.
    """
    if friends == 0:
        return 0.0
    return speed * (1.0 - stubborn) * (heard - own)


@rule
def anchor_effect(own: float, anchor: float, stubborn: float, speed: float) -> float:
    """Pull of the predisposition: attitudes return to it within years (M9: strong stability in panels)."""
    return speed * stubborn * (anchor - own)


@rule
def cue_effect(
    attitude: float,
    leaning: float,
    interest: float,
    politicised: float,
    executive: float,
    rrp: float,
    gain: float,
) -> float:
    """Change of attitude by elite cues: the executive's line, and radical-right voices among those who lean
    right.

    Cues reach those who follow the topic, and only as far as it is politicised; inside [-1, 1] they fade at
    the ends.
    """
    cue = gain * politicised * interest * (executive * (1.0 - rrp) - 2.0 * rrp * max(0.0, leaning))
    return max(cue, 0.0) * (1.0 - attitude) + min(cue, 0.0) * (1.0 + attitude)
