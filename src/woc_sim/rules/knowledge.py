"""What informs an interviewee of the integration of migrants, and about which sides of it.

Sources: final working paper 5.3 (Tables 6 and 7: local actors rate integration); Lipsky 1980 (who serves
people knows them by what the service shows); Cyert & March 1963 (organisations attend to what their own tasks
bring up); docs/odd.md B(h). Instruments call these rules from Python, so they are not compiled.
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.rules.curves import saturate

COMMON: Final = code("knowledge", "common")
OWN_FIELD: Final = code("knowledge", "own_field")


def shown(theory: int, effect: float, coverage: float, shows: bool) -> float:
    """What a measure in force tells the municipality of migrants: as much as it does, or only as far as it
    reaches them (coverage: their share in its target group) in work that meets them (shows)."""
    if theory == COMMON:
        return effect
    if theory == OWN_FIELD:
        return effect * coverage if shows else 0.0
    return nan


def from_field(theory: int, met: float, weight: float) -> float:
    """What an organisation learns from migrants whom it meets as employer, landlord or provider, without any
    service of its own: nothing, or in proportion to the share of migrants whom it can meet."""
    if theory == COMMON:
        return 0.0
    if theory == OWN_FIELD:
        return weight * met
    return nan


def heeded(theory: int, insight: float, half: float) -> float:
    """Weight of one side of integration in the judgement, beside what the interviewee's frames look at: the
    same for all sides, or as far as own work and partners' reports show that side (half: reports a month that
    show half of it)."""
    if theory == COMMON:
        return 1.0
    if theory == OWN_FIELD:
        return saturate(insight, half)
    return nan
