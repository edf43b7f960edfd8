"""The registry of what is observed: indicators of every month and readings of the instruments.

`INDICATORS` are the columns of monthly.parquet, `READINGS` those of final.parquet, both in the order of the
tables. A reading that starts with `latent_` is the true state behind an instrument: it is printed beside
the instrument's own answer, so that a pattern which holds only through the instrument can be told apart
from one of the world.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from woc_sim.errors import UserError, nearest
from woc_sim.instruments.monthly_readings import INDICATORS
from woc_sim.instruments.observables import (
    DRIVERS,
    EMPLOYMENT_YEARS,
    FIRST_WINDOW,
    KIND_PAIRS,
    LANGUAGE_YEARS,
    LOCAL_GOVERNMENT,
    PARTNERS,
    PEOPLE_MONTH,
    POLICY_MONTH,
    SECOND_WINDOW,
    Indicator,
    Reading,
)
from woc_sim.instruments.people_readings import ENCOUNTERS, MIGRANT_INTERVIEWS, RESIDENT_SURVEY
from woc_sim.instruments.policy_readings import (
    ACCESS,
    FRAMES,
    GOVERNANCE_SURVEY,
    MIPEX,
    NETWORK,
    RESPONSE,
)
from woc_sim.records import shown

__all__ = [
    "DRIVERS",
    "EMPLOYMENT_YEARS",
    "FIRST_WINDOW",
    "INDICATORS",
    "INDICATOR_NAMES",
    "INSTRUMENT_NAMES",
    "KIND_PAIRS",
    "LANGUAGE_YEARS",
    "LOCAL_GOVERNMENT",
    "PARTNERS",
    "PEOPLE_MONTH",
    "POLICY_MONTH",
    "READINGS",
    "READING_NAMES",
    "SECOND_WINDOW",
    "Indicator",
    "Reading",
    "instruments_of",
]

READINGS: Final = (
    *MIPEX,
    *GOVERNANCE_SURVEY,
    *NETWORK,
    *FRAMES,
    *ACCESS,
    *RESPONSE,
    *RESIDENT_SURVEY,
    *MIGRANT_INTERVIEWS,
    *ENCOUNTERS,
)
"""Columns of the final table, after case and replicate."""

INDICATOR_NAMES: Final = tuple(each.name for each in INDICATORS)
READING_NAMES: Final = tuple(each.name for each in READINGS)
INSTRUMENT_NAMES: Final = tuple(dict.fromkeys(each.instrument for each in READINGS))

ALWAYS: Final = "mipex"
"""The instrument that is applied in every run: its total tells a valid run from one that broke down."""


def instruments_of(readings: Collection[str]) -> tuple[str, ...]:
    """The instruments that hold these readings, in the order of the table, and the one that is always
    applied; all of them for no readings. Raises UserError for an unknown reading.
    """
    if not readings:
        return INSTRUMENT_NAMES
    holding = {each.name: each.instrument for each in READINGS}
    for name in readings:
        if name not in holding:
            hint = nearest(name, READING_NAMES) or "`woc-sim list observables` names them"
            raise UserError(f"there is no reading {shown(name)}; {hint}")
    wanted = {ALWAYS, *(holding[name] for name in readings)}
    return tuple(name for name in INSTRUMENT_NAMES if name in wanted)
