"""What meetings a pair of organisations holds beside its common reasons: time, claims, and ties that lapsed.

Sources: Simon 1971 and Leifeld & Schneider 2012 (time is short), Koopmans et al. 2005 and Penninx & Roosblad
2000 (claims), Burt 2002 (ties decay); docs/theories/meeting_time.md, representation.md, lapsed_ties.md.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import saturate

UNLIMITED: Final = code("meeting_time", "unlimited")
BUDGET: Final = code("meeting_time", "budget")
COMMON: Final = code("representation", "common")
CLAIMS: Final = code("representation", "claims")
ELASTIC: Final = code("lapsed_ties", "elastic")
REBUILT: Final = code("lapsed_ties", "rebuilt")


@rule
def time_is_short(theory: int) -> bool:
    """Whether organisations have to share out their time."""
    return theory == BUDGET


@rule
def offered(p: Any, theory: int, wish: float, time: float, wishes: float, squares: float) -> float:
    """Meetings a year that an organisation offers to one partner (Simon 1971; Leifeld & Schneider 2012).

    wish: meetings that both would hold if time were no limit, which is what the partner promises; time:
    meetings a year that the organisation can hold at all; wishes, squares: sum of its wishes over all
    partners, and of their squares. Who is short of time shares it out: one part in proportion to the wishes,
    the other (relations_choosiness) in proportion to their squares, so that the best partners get most.
    Nobody is offered more than the wish.

    p: relations_choosiness.
    """
    if theory == UNLIMITED:
        return wish
    if theory == BUDGET:
        if wishes <= time or squares <= 0.0:
            return wish
        even = wish / wishes
        best = wish * wish / squares
        part: float = even + p.relations_choosiness * (best - even)
        return min(wish, time * part)
    return nan


@rule
def claim_heard(theory: int, claim: float, engagement: float) -> float:
    """Push of an organisation that speaks for others to meet a government, 0..1: what those lack, taken to a
    government as far as it takes up the topic (Koopmans et al. 2005; Penninx & Roosblad 2000).

    claim: unmet need of those it speaks for, 0 for who speaks for nobody; engagement: of the government.
    """
    if theory == COMMON:
        return 0.0
    if theory == CLAIMS:
        return claim * engagement
    return nan


@rule
def habit_speed(p: Any, theory: int, habit: float, target: float) -> float:
    """Speed, per month, at which a habit of meeting moves to its target (Burt 2002).

    Where ties have to be rebuilt, a habit that grows is the slower the less is left of it.

    p: relations_speed, relations_rebuild (speed of a tie of which nothing is left, as a share of the full
    one), relations_rebuild_half (meetings a year at which half of the difference is made up).
    """
    speed: float = p.relations_speed
    if theory == ELASTIC:
        return speed
    if theory == REBUILT:
        if target <= habit:
            return speed
        least: float = p.relations_rebuild
        return speed * (least + (1.0 - least) * saturate(habit, p.relations_rebuild_half))
    return nan
