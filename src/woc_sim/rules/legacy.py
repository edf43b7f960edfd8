"""What earlier migrants have left in the institutions of a place when the calendar begins.

Sources: final working paper 2.1 (places with and without experience; Table 1); Pierson 2000 (institutions
keep what they have learned, because leaving a path costs); docs/odd.md A23. The rules run once, at founding,
and are not compiled.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.rules.curves import clip, saturate

NO_LEGACY: Final = code("legacy", "none")
STOCK_AND_YEARS: Final = code("legacy", "stock_and_years")

MONTHS_A_YEAR = 12
FOUNDED_HALF = (
    0.05  # share of earlier migrants at which half of their organisations exist, whatever the years
)


def years_settled(country: float, latest: float, position: float) -> float:
    """Years that earlier migrants have been in a place: the years of its country, or as few as the share
    `latest` of them; position (0..1) says where between these ends the place lies."""
    return country * (latest + (1.0 - latest) * position)


def legacy_left(p: Any, theory: int, stock: float, years: float, means: float) -> float:
    """Practice with migrants that the institutions of a place hold after so many years, 0..1.

    Every year the contact with a stock of migrants (a share of residents) adds to what is missing, as far as
    the municipality has means to act on it (1 where they are usual), and a part is lost. p: legacy_gain,
    legacy_stock_half, legacy_fade.
    """
    if theory == NO_LEGACY:
        return 0.0
    if theory == STOCK_AND_YEARS:
        gain = p.legacy_gain * saturate(stock, p.legacy_stock_half) * means
        left = 0.0
        for _ in range(int(years)):
            left = clip(left + gain * (1.0 - left) - p.legacy_fade * left, 0.0, 1.0)
        return left
    return nan


def founded_share(p: Any, theory: int, stock: float, years: float) -> float:
    """Share of the migrant organisations that a place could have and that exist already.

    Without legacy it follows the stock. Else they were founded and dissolved for so many years at the chances
    of process 11. p: civil_society_found, civil_society_found_half, civil_society_dissolve.
    """
    if theory == NO_LEGACY:
        return stock / (stock + FOUNDED_HALF)
    if theory == STOCK_AND_YEARS:
        begin = p.civil_society_found * saturate(stock, p.civil_society_found_half)
        share = 0.0
        for _ in range(MONTHS_A_YEAR * int(years)):
            share = share + begin * (1.0 - share) - p.civil_society_dissolve * share
        return share
    return nan


def known_at_start(known: float, legacy: float, share: float) -> float:
    """Know-how of a measure: what every administration knows, and of the rest the share that a full legacy
    gives."""
    return known + (1.0 - known) * share * legacy
