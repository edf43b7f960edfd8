"""Calendar: what comes from outside in each month, and what shocks and majorities change."""

import numpy as np
import pytest
from worlds import live, small_locality

from woc_sim.inputs.organisations import level_code
from woc_sim.processes import calendar
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def test_calendar_brings_2015_covid_and_2022() -> None:
    locality = small_locality(60)
    names = {"asylum": "arriving.non_european", "ukrainians": "arriving.ukrainian", "meetings": "meetings"}
    seen = {}
    for month in (24, 45, 99, 100, 123):
        live(locality, [month], ["calendar"])
        seen[month] = {name: locality.value(column) for name, column in names.items()}
    assert seen[45]["asylum"] > 2.0 * seen[24]["asylum"]
    assert seen[100]["meetings"] < 0.6 < seen[24]["meetings"] == 1.0
    assert seen[123]["ukrainians"] > 0.1 > seen[45]["ukrainians"] == 0.0


def test_calendar_counts_against_the_years_of_its_inputs() -> None:
    months = calendar.months_of_calendar()
    assert sum(month[0][NON_EUROPEAN] for month in months[24:120]) / 96 == pytest.approx(1.0)
    assert sum(month[0][UKRAINIAN] for month in months[:132]) == pytest.approx(1.0)


def test_shocks_scale_the_calendar() -> None:
    locality = small_locality(60, shocks={"asylum": 0.0, "covid": 0.0, "ukrainians": 2.0})
    live(locality, [100], ["calendar"])
    assert locality.value("arriving.non_european") == 0.0
    assert locality.value("meetings") == 1.0


def test_nation_and_region_stand_where_their_majorities_stand() -> None:
    """Austria changes from a grand coalition to one with the radical right in December 2017 (W9)."""
    locality = small_locality(60, framework="AT")
    level, ideology = locality.organisations.level, locality.organisations.ideology
    nation = int(np.flatnonzero(level == level_code("nation"))[0])
    others = ~np.isin(level, (level_code("nation"), level_code("region")))
    before, founded = ideology.copy(), float(locality.organisations.own_ideology[nation])
    live(locality, [70], ["calendar"])
    assert ideology[nation] == before[nation] == pytest.approx(founded)
    live(locality, [71], ["calendar"])
    assert locality.value("nation_ideology") == -0.75
    assert ideology[nation] == pytest.approx(max(-1.0, founded - 0.75))
    np.testing.assert_array_equal(ideology[others], before[others])


def test_the_calendar_ends() -> None:
    with pytest.raises(ValueError, match="2023-12"):
        live(small_locality(60), [144], ["calendar"])
