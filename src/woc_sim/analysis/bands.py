"""The bands of Table A1 as numbers."""

from __future__ import annotations

import numpy as np

from woc_sim.inputs.tables import case as case_of


def band_middles(name: str) -> dict[str, float]:
    """The middle of each band of a case, as a share. Seats above 30 % count as 35 %, as in the published
    D8."""
    one = case_of(name)
    found = {}
    for stem, low, high in (
        ("rrp", one.rrp_low, one.rrp_high),
        ("non_eu", one.non_eu_low, one.non_eu_high),
        ("unemployment", one.unemployment_low, one.unemployment_high),
    ):
        if low is None or high is None:
            found[f"{stem}_band"] = np.nan
        elif stem == "rrp" and low >= 30:
            found[f"{stem}_band"] = 0.35
        else:
            found[f"{stem}_band"] = (low + high) / 200
    return found
