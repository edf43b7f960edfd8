"""Sharing power: what it costs a government to let others have a say.

Source: Arnstein 1969 (participation redistributes power, and who has it is slow to give it away).
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

AS_ANY: Final = code("sharing", "as_any")
GUARDED: Final = code("sharing", "guarded")


@rule
def cost_of_sharing(p: Any, theory: int, shares: float, distance: float) -> float:
    """What a measure costs a government beside staff and money, because it shares power (Arnstein 1969).

    shares: 1 if others get a say, or a ground to call the government to account, else 0; distance: between
    its ideology and that of those who would get the say, 0..2. p: sharing_cost (where they agree),
    sharing_apart (what a unit of distance adds).
    """
    if theory == AS_ANY:
        return 0.0
    if theory == GUARDED:
        price: float = p.sharing_cost + p.sharing_apart * distance
        return shares * price
    return nan
