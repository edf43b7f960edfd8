"""What a place lives through from outside: one course for all of Europe, or what was measured of its country.

Rival inputs are told apart here as rival theories are. Rules without `@rule` choose once, when a place is
founded, and take numbers or arrays of months. Sources: the tables of `woc_sim.inputs.history`.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

ONE_CURVE_OF_APPLICATIONS: Final = code("applications", "one_curve")
APPLICATIONS_BY_COUNTRY: Final = code("applications", "by_country")
ONE_CURVE_OF_UKRAINIANS: Final = code("ukrainians", "one_curve")
UKRAINIANS_BY_COUNTRY: Final = code("ukrainians", "by_country")
ONE_SHARE: Final = code("rejections", "one_share")
REJECTIONS_BY_COUNTRY: Final = code("rejections", "by_country")
ONE_CURVE_OF_SALIENCE: Final = code("salience", "one_curve")
SALIENCE_BY_COUNTRY: Final = code("salience", "by_country")
SALIENCE_BY_COUNTRY_EU: Final = code("salience", "by_country_eu")
CONSTANT_SEATS: Final = code("seats", "constant")
NATIONAL_COURSE: Final = code("seats", "national_course")
ASSUMED_PLACEMENT: Final = code("placement", "assumed")
REPORTED_PLACEMENT: Final = code("placement", "reported")

MOST_SEATS: Final = 0.9  # of a council, however far its country's course would carry it


def asylum_arrivals(theory: int, one_curve: Any, own: Any) -> Any:
    """Arrivals of asylum seekers: those of the European series at the framework's level, or those of the
    country (UNHCR)."""
    if theory == ONE_CURVE_OF_APPLICATIONS:
        return one_curve
    if theory == APPLICATIONS_BY_COUNTRY:
        return own
    return nan


def ukrainian_arrivals(theory: int, one_curve: Any, own: Any) -> Any:
    """Arrivals from Ukraine: of the European series at the framework's level, or of the country (UNHCR)."""
    if theory == ONE_CURVE_OF_UKRAINIANS:
        return one_curve
    if theory == UKRAINIANS_BY_COUNTRY:
        return own
    return nan


def salience_of(theory: int, one_curve: Any, own: Any, own_eu: Any) -> Any:
    """Salience of immigration: the European curve, or what the country's respondents name as an issue of
    their country or of the European Union (Eurobarometer)."""
    if theory == ONE_CURVE_OF_SALIENCE:
        return one_curve
    if theory == SALIENCE_BY_COUNTRY:
        return own
    if theory == SALIENCE_BY_COUNTRY_EU:
        return own_eu
    return nan


def share_placed(theory: int, assumed: float, reported: float) -> float:
    """Share of newcomers who are sent to a place: as the framework's row assumes, or as it was reported."""
    if theory == ASSUMED_PLACEMENT:
        return assumed
    if theory == REPORTED_PLACEMENT:
        return reported
    return nan


@rule
def rejection_share(theory: int, one_share: float, own: float) -> float:
    """Share of claims that are refused: the same everywhere and always, or that of the country's first
    instance in this year (UNHCR)."""
    if theory == ONE_SHARE:
        return one_share
    if theory == REJECTIONS_BY_COUNTRY:
        return own
    return nan


def seats_of_course(theory: int, read: float, nation: float, follow: float) -> float:
    """Radical-right seats of a place: those that were read, or those times the national vote against that at
    the reading (The PopuList).

    read: seats of Table A1; nation: national vote over that of the year of reading; follow: how far seats
    follow it, 0 not at all, 1 in proportion.
    """
    if theory == CONSTANT_SEATS:
        return read
    if theory == NATIONAL_COURSE:
        return min(max(read, MOST_SEATS), read * max(0.0, 1.0 + follow * (nation - 1.0)))
    return nan


def less_wave(arrivals: Any, above_trend: Any, wave: float) -> Any:
    """Arrivals with the wave multiplied by so much: what lies above the trend of the years before it, and
    nothing else (0 takes the wave away, 1 leaves all as it was)."""
    return arrivals * (1.0 - (1.0 - wave) * above_trend)
