"""Calendar: what the outside world does this month - arrivals, restrictions of public life, media
salience."""

from __future__ import annotations

from functools import cache
from math import fsum
from typing import Any

from woc_sim.errors import UserError
from woc_sim.inputs.tables import calendar
from woc_sim.processes.contract import Process
from woc_sim.world.locality import Locality, Now, record

# Months of the table against which the inputs of arrivals are counted.
FIRST_OF_2014, FIRST_OF_2022, FIRST_OF_2023 = 24, 120, 132

READS: tuple[str, ...] = ()
WRITES = ("locality.asylum", "locality.ukrainians", "locality.meetings", "locality.media")
PARAMETERS: tuple[str, ...] = ()
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@cache
def months_of_calendar() -> tuple[tuple[float, float, float, float], ...]:
    """asylum, ukrainians, meetings and media of every month of the table.

    The inputs of a locality are asylum seekers a year as a mean of 2014-21, and Ukrainians at the end of
    2022, so both are counted here against just those months.
    """
    table = calendar()
    period = table[FIRST_OF_2014:FIRST_OF_2022]
    asylum = fsum(month.asylum for month in period) / len(period)
    ukrainians = fsum(month.ukrainians for month in table[:FIRST_OF_2023])
    return tuple((m.asylum / asylum, m.ukrainians / ukrainians, m.meetings, m.media) for m in table)


def _step(locality: Locality, state: Any, constants: Any, now: Now) -> None:
    table = months_of_calendar()
    if now.month >= len(table):
        raise UserError(f"months is beyond {len(table)}, the last month of calendar.csv (2023-12)")
    asylum, ukrainians, meetings, media = table[now.month]
    shocks = locality.info["shocks"]
    state.locality_asylum[0] = asylum * shocks["asylum"]
    state.locality_ukrainians[0] = ukrainians * shocks["ukrainians"]
    state.locality_meetings[0] = min(1.0, max(0.0, 1.0 - shocks["covid"] * (1.0 - meetings)))
    state.locality_media[0] = min(1.0, media * shocks["media"])


PROCESS = Process(
    name="calendar",
    purpose="arrivals in Europe, restrictions of public life, media salience",
    source="M30, M31, S33; inputs/calendar.csv",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    step=_step,
)
