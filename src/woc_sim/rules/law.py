"""Law: as it stands on paper, or as it is practised.

Sources: Pressman & Wildavsky 1973 (what is decided above is seldom done as written below); Meyer & Rowan 1977
(rules that are shown and not lived); what is practised where: inputs/practice.csv.
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

ON_PAPER: Final = code("law", "on_paper")
AS_PRACTISED: Final = code("law", "as_practised")


@rule
def law_in_force(theory: int, written: float, practised: float) -> float:
    """A duty, or what law provides, as a place meets it (Pressman & Wildavsky 1973).

    written: what the law says; practised: share of it that is done in the region, 0..1. on_paper: what is
    written; as_practised: that share of it.
    """
    if theory == ON_PAPER:
        return written
    if theory == AS_PRACTISED:
        return practised * written
    return nan
