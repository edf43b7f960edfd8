"""Demography and votes: how positions in a town pass on, and what residents vote for (docs/odd.md A8,
A22b)."""

from __future__ import annotations

from typing import Final

from woc_sim.inputs.ages import ADULT, PENSION
from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip

FIXED: Final = code("elections", "fixed")
ENDOGENOUS: Final = code("elections", "endogenous")

CHILD, WORKING, RETIRED = range(3)
BEGIN_CHILD, BEGIN_WORKING, BEGIN_RETIRED = 2.0, 8.0, 6.0  # years within which a stage begins
BEFORE_END = 0.1  # years; who dies or moves is succeeded by somebody who stays in the stage for a month
REFERENCE_AGE = 80.0  # the age of which the parameter gives the chance to die


@rule
def death_chance(age: float, yearly_at_80: float) -> float:
    """Chance to die in a month: doubles about every ten years of age; a polynomial stands for Gompertz's
    law."""
    x = age / REFERENCE_AGE
    return clip(yearly_at_80 / 12.0 * x * x * x * x * x, 0.0, 1.0)


@rule
def stage_of(age: float) -> int:
    """Stage of life: child, working age, retired."""
    if age < ADULT:
        return CHILD
    if age < PENSION:
        return WORKING
    return RETIRED


@rule
def successor_age(stage: int, ended: bool, u: float) -> float:
    """Age of the person who takes over a position of that stage of life.

    When the stage itself ended, its new holder is at its beginning; when the holder died or moved, anywhere
    in it.
    """
    if stage == CHILD:
        return BEGIN_CHILD * u if ended else (ADULT - BEFORE_END) * u
    if stage == WORKING:
        return ADULT + BEGIN_WORKING * u if ended else ADULT + (PENSION - ADULT - BEFORE_END) * u
    return PENSION + BEGIN_RETIRED * u


@rule
def vote_position(leaning: float, attitude: float, anchor: float, weight: float) -> float:
    """Where a resident stands at an election, inclusive +1 to exclusive -1: leaning, moved by changed
    opinion."""
    return clip(-leaning + weight * (attitude - anchor), -1.0, 1.0)
