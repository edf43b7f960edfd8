"""Radical-right parties in the council: three rival rules of how seats press on an executive.

Sources: Caponio & Pettrachin 2023 and W6 (interaction); Swedish studies under M12 (balance of power;
penalty).
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

INTERACTION: Final = code("rrp", "interaction")
BALANCE_OF_POWER: Final = code("rrp", "balance_of_power")
PENALTY: Final = code("rrp", "penalty")


@rule
def rrp_pressure(
    theory: int, seats: float, executive_seats: float, ideology: float, weight: float, balance: float
) -> float:
    """Pressure of radical-right seats on the executive, zero or negative.

    interaction: felt by those who compete for the same voters, so it fades towards the left; balance of
    power: only where the executive has no majority of its own, and then as the penalty of a share `balance`
    of seats; penalty: the same for all.
    """
    if theory == INTERACTION:
        return -weight * seats * 0.5 * (1.0 - ideology)
    if theory == BALANCE_OF_POWER:
        if executive_seats < 0.5 and executive_seats + seats >= 0.5:
            return -weight * balance
        return 0.0
    if theory == PENALTY:
        return -weight * seats
    return nan
