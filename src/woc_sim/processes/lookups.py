"""What several processes look up in the state: attitudes to a migrant's group, ties, venues, coverage."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import step
from woc_sim.rules.curves import coverage
from woc_sim.world.people import TIES


@step
def attitude_to(state: Any, resident: int, group: int) -> float:
    """Attitude of a resident to a group of migrants."""
    return float(state.residents_attitude_to[group, resident])


@step
def distance_to(state: Any, resident: int, group: int) -> float:
    """Value distance that a resident perceives to a group of migrants."""
    return float(state.residents_distance_to[group, resident])


@step
def count_ties(state: Any, i: int) -> float:
    """Number of ties to residents that a migrant holds."""
    ties = 0.0
    for k in range(TIES):
        if state.migrants_tie[i, k] >= 0:
            ties += 1.0
    return ties


@step
def venues_of(state: Any, kind: int) -> Any:
    """First venue of a kind and how many of this kind there are; they lie side by side. -1 and 0 if none."""
    first = -1
    count = 0
    for p in range(len(state.places_kind)):
        if state.places_kind[p] == kind:
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
