"""Staff: divisible at will, or in whole posts that someone must hold.

Sources: Oates 1988 (what cannot be divided is found in large places only); Frère, Hammadou & Paty 2011 (the
range of municipal services in France grows with size); final working paper 6, obstacle 1 (small places lack
specialised bodies and leave integration to the social services).
"""

from __future__ import annotations

from math import floor, nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip

DIVISIBLE: Final = code("staff", "divisible")
WHOLE: Final = code("staff", "whole")
HALF = 0.5  # rounding: a fraction above it makes a post
ONE_POST = 1.0  # a body of its own needs one person at least


@rule
def staff_in_post(theory: int, held: float, wanted: float, persistence: float) -> float:
    """Staff of a municipality after it has looked at what it can pay.

    divisible: what it has; whole: the whole number of posts nearest to what it can pay, but a post is made
    only when `persistence` more than half of it can be paid, and cut only when as much more than half of it
    cannot (0 to 0.5). Source: Oates 1988.
    """
    if theory == DIVISIBLE:
        return held
    if theory == WHOLE:
        now = floor(held + HALF)
        made = floor(wanted + HALF - persistence)
        left = -floor(-(wanted + HALF + persistence)) - 1.0
        return max(0.0, min(max(now, made), left))
    return nan


@rule
def can_be_set_up(theory: int, needed: float, own: float, free: float) -> bool:
    """Whether a municipality has the staff to set up a measure (final working paper 6, obstacle 1).

    needed: posts of the measure; own: those that are not paid from above; free: posts that neither general
    duties nor other bodies hold. divisible: always; whole: what needs less than one post is done by
    generalists beside their work, a body of its own needs free posts.
    """
    if theory == DIVISIBLE:
        return True
    if theory == WHOLE:
        return needed < ONE_POST or own <= free
    return False


@rule
def staffed(p: Any, theory: int, needed: float, filled: float) -> float:
    """Effect of a measure against one in the hands of specialists.

    divisible: 1; whole: the share `filled` of all posts needed has a specialist, and generalists cover the
    others with less effect. A measure without posts needs neither. p: staff_generalist.
    """
    if theory == DIVISIBLE:
        return 1.0
    if theory == WHOLE:
        if needed <= 0.0:
            return 1.0
        return filled + (1.0 - filled) * clip(p.staff_generalist, 0.0, 1.0)
    return nan
