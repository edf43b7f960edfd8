"""Hosts: whether they give a room only, or bring their guests together with people they know.

Source: Granovetter 1973 (a person known to both sides is the bridge between circles).
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

ROOM: Final = code("hosting", "room")
BRIDGE: Final = code("hosting", "bridge")


@rule
def introduction_chance(p: Any, theory: int, open_life: float) -> float:
    """Chance that a guest meets somebody whom the host knows this month.

    open_life: share of usual public life that is open, 0..1. p: hosting_introduce (in ordinary times).
    """
    if theory == ROOM:
        return 0.0
    if theory == BRIDGE:
        return float(p.hosting_introduce * open_life)
    return nan
