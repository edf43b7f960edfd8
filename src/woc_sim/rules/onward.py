"""Onward moves: who leaves the place, and when (M29, S97)."""

from __future__ import annotations

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


@rule
def leave_chance(
    base: float,
    children: bool,
    job: bool,
    home: bool,
    stay: float,
    bound: bool,
    just_free: bool,
    refused: bool,
) -> float:
    """Chance to leave the place this month.

    base: monthly hazard of somebody settled, without children, indifferent about staying. Children halve it,
    each of no job and no own home multiplies it by 1.4 (together about 2, M29), the wish to stay scales it by
    0.2..1.8. A residence rule holds nearly all; when it ends, or the claim is refused, more leave.
    """
    hazard = base * (1.0 - 0.8 * stay)
    if children:
        hazard *= 0.5
    if not job:
        hazard *= 1.4
    if not home:
        hazard *= 1.4
    if bound:
        hazard *= 0.1
    if just_free:
        hazard *= 2.0
    if refused:
        hazard *= 2.0
    return clip(hazard, 0.0, 1.0)
