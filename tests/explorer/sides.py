"""Small settings and pairs for the tests of the explorer."""

from typing import Any

from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.settings import Screen, scenario_of
from woc_sim.explorer.work import Here

SMALL = {"case": "C21", "people": 60, "months": 24}
SCRIPT = {"name": "<script>alert(1)</script>", "framework": "DE", "size": "rural", "executive": "mixed"}


def screen(**b: Any) -> Screen:
    """A screen of two small sides that differ in these settings; A alone if there are none."""
    return Screen(a=dict(SMALL), b={**SMALL, **b} if b else None, replicates=2)


def pair_of(screen: Screen) -> Pair:
    """The screen, simulated in this process."""
    here = Here()
    scenarios = [scenario_of(each) for each in screen.sides]
    return Pair(*(Side(each, here.indicators(each, range(screen.replicates)), here) for each in scenarios))
