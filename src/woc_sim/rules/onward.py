"""Onward moves: who leaves the place, and when (M29, S97)."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


@rule
def leave_chance(
    p: Any, children: bool, job: bool, home: bool, stay: float, bound: bool, just_free: bool, refused: bool
) -> float:
    """Chance to leave the place this month.

    children at school hold; no job and no own home draw away (together they about double it, M29); the wish
    to stay, -1..1, scales it. A residence rule holds nearly all; when it ends, or the claim is refused, more
    leave. p: experience_leave (a month, of somebody with job and home, without children, indifferent about
    staying) and the factors _leave_stay, _children, _jobless, _homeless, _bound, _freed, _refused.
    """
    hazard = p.experience_leave * (1.0 - p.experience_leave_stay * stay)
    if children:
        hazard *= p.experience_leave_children
    if not job:
        hazard *= p.experience_leave_jobless
    if not home:
        hazard *= p.experience_leave_homeless
    if bound:
        hazard *= p.experience_leave_bound
    if just_free:
        hazard *= p.experience_leave_freed
    if refused:
        hazard *= p.experience_leave_refused
    return clip(hazard, 0.0, 1.0)
