"""Calendar: what the outside world does this month - arrivals, restrictions of public life, media salience,
majorities above the municipality."""

from __future__ import annotations

from functools import cache
from math import fsum
from typing import Any

from woc_sim.errors import UserError
from woc_sim.inputs.groups import YEARLY, groups
from woc_sim.inputs.organisations import level_code
from woc_sim.inputs.tables import calendar
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.rules.curves import clip
from woc_sim.rules.relations import followed, stance_inside
from woc_sim.world.locality import Locality, Now, record

# Months of the table against which the inputs of arrivals are counted.
FIRST_OF_2014, FIRST_OF_2022, FIRST_OF_2023 = 24, 120, 132

SERIES = tuple(one.series for one in groups())  # what arrivals of each group follow

NATION, REGION = level_code("nation"), level_code("region")

READS = ("organisations.level", "organisations.own_ideology")
WRITES = (
    "locality.arriving",
    "locality.meetings",
    "locality.media",
    "locality.nation_ideology",
    "locality.region_ideology",
    "organisations.ideology",
)
PARAMETERS: tuple[str, ...] = ()
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


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


@entry
@kernel
def advance(
    state: Any,
    now: Any,
    meetings: float,
    media: float,
    nation: float,
    region: float,
) -> None:
    """Write what the month brings but for arrivals; nation and region stand where their majorities stand."""
    state.locality_meetings[0] = clip(meetings, 0.0, 1.0)
    state.locality_media[0] = min(1.0, media)
    state.locality_nation_ideology[0] = nation
    state.locality_region_ideology[0] = region
    for o in range(now.organisations):
        if state.organisations_level[o] == NATION:
            state.organisations_ideology[o] = followed(state.organisations_own_ideology[o], 0.0, 0.0, nation)
        elif state.organisations_level[o] == REGION:
            state.organisations_ideology[o] = followed(state.organisations_own_ideology[o], 0.0, 0.0, region)


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    table = months_of_calendar()
    month = now.month
    if month >= len(table):
        raise UserError(f"months is beyond {len(table)}, the last month of calendar.csv (2023-12)")
    arrivals, meetings, media = table[month]
    shocks = locality.info["shocks"]
    arriving = state.locality_arriving
    for code, series in enumerate(SERIES):
        arriving[code, 0] = arrivals[code] * shocks.get(series, 1.0)
    bands, inside = locality.info["majorities"]
    advance(
        state,
        now,
        1.0 - shocks["covid"] * (1.0 - meetings),
        media * shocks["media"],
        *map(stance_inside, bands[month], inside),
    )


PROCESS = Process(
    name="calendar",
    purpose="arrivals in Europe, restrictions of public life, media salience, majorities above",
    source="M30, M31, S33, W9; inputs/calendar.csv, inputs/majorities.csv",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    step=_step,
)
