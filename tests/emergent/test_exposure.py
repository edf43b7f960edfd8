"""Sustained exposure and mere transit act on hostility in opposite directions in one model (M11)."""

from __future__ import annotations

from functools import cache

import numpy as np
from worlds import PEOPLE, bind, small_locality

from woc_sim.world.people import NON_EUROPEAN

REPLICATES = 8
MONTHS = range(24, 84)
LAST_ARRIVALS = 48  # two years of arrivals, then three in which those who stayed live in the place
NOBODY, TRANSIT, SUSTAINED = "nobody", "transit", "sustained"


@cache
def attitude(exposure: str, replicate: int, **theories: int) -> float:
    """Mean attitude of residents after five years in a politicised place with middling jobs and homes."""
    locality = small_locality(
        1500,
        replicate=replicate,
        theories=theories,
        asylum_share=0.0 if exposure == NOBODY else 12.0,
        unemployment_base=0.07,
        trend=0.0,
        executive_ideology=0.0,
    )
    locality.row.politicisation[0] = 0.6
    locality.sectors.public[:] = 0.5
    turns = bind(locality, PEOPLE)
    for month in MONTHS:
        for turn in turns:
            if turn.process.name == "encounters" and exposure == TRANSIT:
                locality.migrants.present[:] = 0  # passed through before anybody met them
            turn.step(month)
        if month == LAST_ARRIVALS:
            locality.row.arrivals_per_1000[NON_EUROPEAN, 0] = 0.0
    return float(locality.residents.attitude_to[NON_EUROPEAN].mean())


def paired(exposure: str, **theories: int) -> tuple[float, float]:
    """Effect of an exposure against nobody's coming: mean over replicates and its standard error."""
    effects = [attitude(exposure, r, **theories) - attitude(NOBODY, r, **theories) for r in range(REPLICATES)]
    return float(np.mean(effects)), float(np.std(effects, ddof=1) / np.sqrt(REPLICATES))


def test_transit_raises_hostility_and_staying_lowers_it() -> None:
    transit, transit_error = paired(TRANSIT)
    sustained, sustained_error = paired(SUSTAINED)
    print(f"transit {transit:+.4f} ({transit_error:.4f}), sustained {sustained:+.4f} ({sustained_error:.4f})")
    assert transit < -3 * transit_error
    assert sustained > 3 * sustained_error


def test_without_contact_staying_helps_nothing_and_without_threat_transit_hurts_nothing() -> None:
    no_contact, _ = paired(SUSTAINED, contact=2)
    no_threat, _ = paired(TRANSIT, threat=2)
    print(f"sustained without contact {no_contact:+.4f}; transit without threat {no_threat:+.4f}")
    assert no_contact < 0.0
    assert abs(no_threat) < 1e-12
