"""What several processes look up in the state: the ties of a migrant, venues of a kind, coverage of a need.

Helpers that are called in many places take the columns that they need, and so are compiled once for all.
"""

from __future__ import annotations

from typing import Any

from woc_sim.jit import kernel, step
from woc_sim.rules.curves import coverage
from woc_sim.rules.voice import loud_opposition
from woc_sim.world.governance import VOICES_KEPT


@kernel
def count_ties(tie: Any, i: int) -> float:
    """Number of ties to residents that a migrant holds; tie: the column migrants.tie."""
    ties = 0.0
    for k in range(tie.shape[1]):
        if tie[i, k] >= 0:
            ties += 1.0
    return ties


@kernel
def venues_of(kinds: Any, kind: int) -> Any:
    """First venue of a kind and how many of this kind there are; they lie side by side. -1 and 0 if none.

    kinds: the column places.kind.
    """
    first = -1
    count = 0
    for p in range(len(kinds)):
        if kinds[p] == kind:
            if count == 0:
                first = p
            count += 1
    return first, count


@step
def covered(state: Any, sector: int) -> float:
    """Share of the need of a sector that town, higher levels and others cover together."""
    return coverage(
        state.sectors_public[sector], state.sectors_higher[sector], state.sectors_nonpublic[sector]
    )


@step
def opposition(state: Any, constants: Any) -> float:
    """How loud opponents are, 0..1: seats of the radical right, and the hostile among the voices
    remembered."""
    kept = min(int(state.locality_voices_raised[0]), VOICES_KEPT)
    hostile = 0.0
    for v in range(kept):
        if state.voices_stance[v] < 0.0:
            hostile += 1.0
    return loud_opposition(constants, state.locality_rrp[0], hostile / max(1, kept))
