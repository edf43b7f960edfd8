"""Encounters: people meet where they share a place, and both sides say the same of a meeting."""

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live

from woc_sim.rules.hosting import BRIDGE, ROOM
from woc_sim.world.people import HOSTED, NON_EUROPEAN
from woc_sim.world.places import HOST_HOME, VOLUNTEERING, WORKPLACE


def test_meetings_happen_where_places_are_shared() -> None:
    locality = with_migrants()
    live(locality, range(3), ["encounters"])
    without = locality.encounters.hours_total.copy()
    assert without[WORKPLACE] == without[VOLUNTEERING] == 0.0
    first = int(np.flatnonzero(locality.places.kind == WORKPLACE)[0])
    set_all(locality, "migrants.workplace", first)
    locality.residents.volunteer[:40] = 5.0
    live(locality, range(3, 12), ["encounters"])
    assert locality.encounters.hours_total[WORKPLACE] > 0.0
    assert locality.encounters.hours_total[VOLUNTEERING] > 0.0
    colleagues = locality.migrants.met[locality.migrants.met_venue == WORKPLACE]
    assert np.all(locality.residents.workplace[colleagues] == first)
    assert np.all(locality.migrants.helper < 40)


def test_both_sides_of_a_meeting_agree() -> None:
    locality = live(with_migrants(), [5], ["encounters"])
    rows = locality.migrants
    good = rows.met_hours[rows.met_good == 1].sum()
    assert (
        good
        == pytest.approx(locality.residents.good_with[NON_EUROPEAN].sum())
        == pytest.approx(rows.good.sum())
    )
    assert locality.encounters.good.sum() == np.count_nonzero(rows.met_good)
    assert locality.encounters.bad.sum() == np.count_nonzero((rows.met >= 0) & (rows.met_good == 0))


def share_bad(attitude: float, public: float, contact: int = 0) -> float:
    locality = with_migrants(theories={"contact": contact})
    set_all(locality, "residents.attitude_to.non_european", attitude)
    set_all(locality, "sectors.public", public)
    live(locality, range(24), ["encounters"])
    bad, good = locality.encounters.bad_total.sum(), locality.encounters.good_total.sum()
    return float(bad / (bad + good))


def test_meetings_turn_bad_with_hostility_and_authorities_moderate_them() -> None:
    assert share_bad(0.6, 0.0) < share_bad(0.0, 0.0) < share_bad(-0.6, 0.0)
    assert share_bad(0.0, 1.0) < share_bad(0.0, 0.0)
    assert share_bad(0.0, 0.0) < 0.25  # good contact is far more frequent (M4)


def test_covid_keeps_people_apart() -> None:
    hours = []
    for meetings in (1.0, 0.3):
        locality = set_all(with_migrants(), "locality.meetings", meetings)
        hours.append(live(locality, range(6), ["encounters"]).encounters.hours_total.sum())
    assert hours[1] < 0.6 * hours[0]


def met_through(theory: int, host: int, meetings: float = 1.0) -> set[int]:
    """Whom guests of a host meet at home, but for the host."""
    locality = with_migrants(theories={"hosting": theory}, parameters={"hosting.introduce": 1.0})
    set_all(locality, "locality.meetings", meetings)
    set_all(locality, "migrants.host", host)
    set_all(locality, "migrants.housing", HOSTED)
    found: set[int] = set()
    for month in range(4):
        live(locality, [month], ["encounters"])
        rows = locality.migrants
        found |= set(rows.met[(rows.met_venue == HOST_HOME) & (rows.met >= 0)].tolist())
    assert host in found
    return found - {host}


def test_a_host_who_is_a_bridge_brings_guests_together_with_people_known() -> None:
    residents, links = (with_migrants().sets[name] for name in ("residents", "links"))
    host = int(np.argmax(residents.link_count))
    start = residents.link_start[host]
    known = set(links.other[start : start + residents.link_count[host]].tolist())
    assert met_through(ROOM, host) == set()
    introduced = met_through(BRIDGE, host)
    assert introduced == known
    assert met_through(BRIDGE, host, meetings=0.0) == set()
