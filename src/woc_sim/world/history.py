"""What a place gets from the history of its country when it is founded: how many arrive, how many of them are
placed, and how its radical-right seats move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from woc_sim.inputs.courses import (
    ASYLUM,
    UKRAINIANS,
    Course,
    applicants,
    national_vote,
    placed_share,
    ukrainian_refugees,
)
from woc_sim.inputs.groups import Group
from woc_sim.inputs.tables import Country, country
from woc_sim.rules.history import asylum_arrivals, seats_of_course, share_placed, ukrainian_arrivals
from woc_sim.world.locality import Locality


class OwnSeries(NamedTuple):
    """A series of arrivals that countries have of their own: the subject of its rivals, the course of a
    country, and the rule that chooses."""

    subject: str
    course: Callable[[str], Course]
    chosen: Callable[[int, Any, Any], Any]


OWN_SERIES: Final[Mapping[str, OwnSeries]] = {
    ASYLUM: OwnSeries("applications", applicants, asylum_arrivals),
    UKRAINIANS: OwnSeries("ukrainians", ukrainian_refugees, ukrainian_arrivals),
}
"""By the name of the series in calendar.csv. Groups on another series have the European one only."""


def arrivals_per_1000(group: Group, nation: Country, theories: Mapping[str, int]) -> float:
    """How many of a group come per 1000 inhabitants: a year, or in all by the end of 2022."""
    size, own = nation.per_1000[group.size], OWN_SERIES.get(group.series)
    if own is None:
        return size
    return float(own.chosen(theories[own.subject], size, own.course(nation.country).level))


def placed(nation: Country, theories: Mapping[str, int]) -> float:
    """Share of asylum seekers who are placed."""
    reported = placed_share(nation.country, nation.placed_share)
    return share_placed(theories["placement"], nation.placed_share, reported)


def found_history(locality: Locality, framework: str) -> None:
    """Note the framework, and the seats of the radical right in every month; the row says what was read."""
    follow = locality.parameters["seats.follow"]
    read, theory = float(locality.row.rrp[0]), locality.theories["seats"]
    course = [
        seats_of_course(theory, read, vote, follow) for vote in national_vote(country(framework).country)
    ]
    locality.info["framework"] = framework
    locality.info["seats"] = np.array(course)
