"""Frames: who is responsible (prognostic) and what integration is (diagnostic), and how they travel.

Sources: final working paper 3.2, Table 3, Figures 6-8 (S39-S45); DeGroot 1974 for talk. All kinds of
actor start from the same tables of content; they differ by ideology, contacts, dependence and visible needs.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import chance

NEED: Final = code("diagnosis", "need")
INTEREST: Final = code("diagnosis", "interest")

LEAST_WEIGHT = 0.05  # keeps a weight above zero however far ideology stands from the frame


@rule
def leaning_weight(base: float, tilt: float, ideology: float, breadth: float, from_breadth: float) -> float:
    """Unnormalised weight of a prognostic frame: content tilted by ideology and by working with many kinds.

    breadth: share of actor kinds in regular contact; working together shows that the task is common.
    """
    return base * max(LEAST_WEIGHT, 1.0 + tilt * ideology) * (1.0 + from_breadth * breadth)


@rule
def talk(weight: float, predisposed: float, heard: float, stubborn: float, speed: float) -> float:
    """A frame's weight after a month of talk with those one meets (Friedkin & Johnsen 1990)."""
    return weight + speed * ((1.0 - stubborn) * heard + stubborn * predisposed - weight)


@rule
def hearing_weight(frequency: float, dependence: float, is_executive: float, pull: float) -> float:
    """How much an actor listens to another: meetings, and dependence where the other is the executive
    (S43)."""
    return frequency * (1.0 + pull * dependence * is_executive)


@rule
def reads_by_interest(theory: int) -> bool:
    """Whether what an organisation does makes its diagnostic frames."""
    return theory == INTEREST


@rule
def own_reading(p: Any, theory: int, concern: float) -> float:
    """Push to hold a diagnostic frame from what an organisation does itself (Schön & Rein 1994).

    concern: how far the frame is about the work of the organisation, less how far frames are so on average,
    -1..1. p: frames_interest (weight).
    """
    if theory == NEED:
        return 0.0
    if theory == INTEREST:
        reading: float = p.frames_interest * concern
        return reading
    return nan


@rule
def diagnostic_target(p: Any, need: float, ideology: float, tilt: float, reading: float) -> float:
    """Strength of a diagnostic frame, 0..1: the need it names as seen here, its place on the ideological
    scale, and what the own work shows (`own_reading`).

    p: frames_d_base (without a reason), frames_d_need, frames_d_ideology (weights of these).
    """
    return chance(p.frames_d_base + p.frames_d_need * need + p.frames_d_ideology * tilt * ideology + reading)
