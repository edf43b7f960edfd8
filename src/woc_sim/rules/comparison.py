"""Whose lot is compared: the own, or that of the own group, with that of another group in the same place.

Source: Runciman 1966, who tells the deprivation of a person (egoistic) from that of a group (fraternalistic);
S96.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import towards

OWN_LOT: Final = code("comparison", "own_lot")
GROUP_GAP: Final = code("comparison", "group_gap")

UNKNOWN: Final = -1.0  # what a group got in its first time, before the place has seen a newcomer of it


@rule
def worse_off(theory: int, own: float, theirs: float, ours_first: float, theirs_first: float) -> float:
    """How much better the others are treated in one respect, in [-1, 1].

    own: what the migrant has; theirs: what members of the other group have on average; ours_first and
    theirs_first: what newcomers of the two groups got in their first time in the place, `UNKNOWN` if nobody
    knows, and then there is nothing to compare.
    """
    if theory == OWN_LOT:
        return theirs - own
    if theory == GROUP_GAP:
        if ours_first == UNKNOWN or theirs_first == UNKNOWN:
            return 0.0
        return theirs_first - ours_first
    return nan


@rule
def remembered(p: Any, picture: float, seen: float) -> float:
    """What newcomers of a group get in their first time, as the place remembers it a month later.

    picture: until now, `UNKNOWN` at first; seen: among those who are in their first time. p:
    comparison_memory.
    """
    if picture == UNKNOWN:
        return seen
    return towards(picture, seen, p.comparison_memory)
