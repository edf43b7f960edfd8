"""Calendar: what the outside world does this month - arrivals, restrictions of public life, media salience,
majorities above the municipality."""

from __future__ import annotations

from functools import cache
from math import fsum
from typing import Any

import numpy as np

from woc_sim.inputs.courses import ASYLUM, above_trend, rejected, salience
from woc_sim.inputs.groups import YEARLY, groups
from woc_sim.inputs.organisations import level_code
from woc_sim.inputs.tables import calendar, country
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import clip
from woc_sim.rules.history import less_wave, salience_of
from woc_sim.rules.relations import followed
from woc_sim.world.history import OWN_SERIES
from woc_sim.world.locality import Locality, record

# Months of the table against which the inputs of arrivals are counted.
FIRST_OF_2014, FIRST_OF_2022, FIRST_OF_2023 = 24, 120, 132

SERIES = tuple(one.series for one in groups())  # what arrivals of each group follow

NATION, REGION = level_code("nation"), level_code("region")

READS = ("organisations.level", "organisations.own_ideology")
WRITES = (
    "locality.arriving",
    "locality.meetings",
    "locality.media",
    "locality.rejected",
    "locality.nation_ideology",
    "locality.region_ideology",
    "organisations.ideology",
)
TABLES = (
    "arrivals",
    "meetings",
    "media",
    "rejected",
    "nation",
    "region",
)  # of every month; arrivals of every group
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", TABLES, __name__)


Array = np.ndarray[Any, Any]
Month = tuple[tuple[float, ...], float, float]


@cache
def months_of_calendar() -> tuple[Month, ...]:
    """Arrivals of all groups, meetings and media of every month of the table.

    The size of a group in a locality is a number a year, as a mean of 2014-21, or all who had come by the end
    of 2022; its arrivals are counted here against just those months.
    """
    table = calendar()
    counted = []
    for one in groups():
        if one.counted == YEARLY:
            period = table[FIRST_OF_2014:FIRST_OF_2022]
            counted.append(fsum(month.arrivals[one.series] for month in period) / len(period))
        else:
            counted.append(fsum(month.arrivals[one.series] for month in table[:FIRST_OF_2023]))
    return tuple(
        (
            tuple(m.arrivals[name] / all_of_it for name, all_of_it in zip(SERIES, counted, strict=True)),
            m.meetings,
            m.media,
        )
        for m in table
    )


@cache
def _months() -> tuple[Array, Array, Array]:
    """The same as arrays, months first."""
    arrivals, meetings, media = zip(*months_of_calendar(), strict=True)
    return np.array(arrivals), np.array(meetings), np.array(media)


def months_of(locality: Locality) -> tuple[Array, ...]:
    """What every month brings to a locality: the calendar or the course of its country, under its shocks, and
    where the majorities above it stand. One array each, in the order of `TABLES`.
    """
    shocks = locality.info["shocks"]
    nation = country(locality.info["framework"]).country
    arrivals, meetings, media = _months()
    columns = [_arrivals_of(locality, nation, series, arrivals[:, g]) for g, series in enumerate(SERIES)]
    own, own_eu = _own_salience(nation)
    return (
        np.stack(columns, axis=1),
        1.0 - shocks["covid"] * (1.0 - meetings),
        salience_of(locality.theories["salience"], media, own, own_eu) * shocks["media"],
        np.array(rejected(nation)),
        *locality.info["majorities"],
    )


def _arrivals_of(locality: Locality, nation: str, series: str, european: Array) -> Array:
    """Arrivals of a series in every month: European ones or the country's, by theory, under the shocks."""
    shocks, own = locality.info["shocks"], OWN_SERIES.get(series)
    months: Array = european
    if own is not None:
        theory = locality.theories[own.subject]
        months = own.chosen(theory, months, np.array(own.course(nation).months))
    months = months * shocks.get(series, 1.0)
    if own is not None and series == ASYLUM:
        above = own.chosen(theory, np.array(above_trend(None)), np.array(above_trend(nation)))
        months = less_wave(months, above, shocks["wave"])
    return months


def _own_salience(nation: str) -> tuple[Array, Array]:
    """Salience of immigration in a country, as its own issue and as one of the European Union; the European
    curve where the survey was not made."""
    _, _, media = _months()
    own, own_eu = (salience(nation, context) for context in ("country", "eu"))
    return media if own is None else np.array(own), media if own_eu is None else np.array(own_eu)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """Write what the month brings; organisations of nation and region follow their majorities."""
    month = now.month
    if month >= len(constants.media):
        raise ValueError("the calendar ends with 2023-12, before this month")
    nation, region = constants.nation[month], constants.region[month]
    for g in range(len(state.locality_arriving)):
        state.locality_arriving[g, 0] = constants.arrivals[month, g]
    state.locality_meetings[0] = clip(constants.meetings[month], 0.0, 1.0)
    state.locality_media[0] = min(1.0, constants.media[month])
    state.locality_rejected[0] = constants.rejected[month]
    state.locality_nation_ideology[0] = nation
    state.locality_region_ideology[0] = region
    for o in range(now.organisations):
        if state.organisations_level[o] == NATION:
            state.organisations_ideology[o] = followed(state.organisations_own_ideology[o], 0.0, 0.0, nation)
        elif state.organisations_level[o] == REGION:
            state.organisations_ideology[o] = followed(state.organisations_own_ideology[o], 0.0, 0.0, region)


PROCESS = Process(
    name="calendar",
    purpose="arrivals from abroad, restrictions of public life, media salience, majorities above",
    source="M30, M31, S33, W9; inputs/calendar.csv, inputs/majorities.csv, inputs/courses.py",
    reads=READS,
    writes=WRITES,
    parameters=(),
    state=State,
    constants=Constants,
    tables=months_of,
    theories=("applications", "ukrainians", "salience"),
    kernels=(advance,),
)
