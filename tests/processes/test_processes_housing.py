"""Housing: homes follow vacancy and those who let, and guests stay as long as their hosts."""

from collections.abc import Callable

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality, snapshot

from woc_sim.rules.decline import INVITING, NO_PULL
from woc_sim.rules.markets import SIZED
from woc_sim.world.locality import Locality
from woc_sim.world.people import HOSTED, PRIVATE
from woc_sim.world.places import HOST_HOME


def housed(change: Callable[[Locality], object] = lambda _: None, **covariates: float) -> float:
    locality = with_migrants(**covariates)
    change(locality)
    live(locality, range(24), ["housing"])
    return float(np.mean(locality.migrants.housing == PRIVATE))


def test_homes_are_easier_to_find_where_people_leave() -> None:
    """The trade-off of jobs and homes: nothing but trend and building decides on vacancy (S64)."""
    assert housed(trend=-0.01) > housed(trend=0.0) > housed(trend=0.01)


def test_hostile_landlords_let_less_and_brokers_open_doors() -> None:
    hostile = housed(lambda town: set_all(town, "residents.attitude_to.non_european", -0.9))
    assert hostile < housed(lambda town: set_all(town, "residents.attitude_to.non_european", 0.9))

    def helped(town: Locality) -> None:
        set_all(town, "residents.attitude_to.non_european", -0.9)
        set_all(town, "sectors.public", 1.0)

    assert hostile < housed(helped)


def test_building_follows_and_vacancy_falls_in_growing_towns() -> None:
    locality = small_locality(200, trend=0.008)
    before = snapshot(locality)
    live(locality, range(96), ["housing"])
    assert locality.value("dwellings") > before["locality.dwellings"][0]
    assert locality.value("vacancy") < before["locality.vacancy"][0]
    assert 0.0 <= locality.value("empty_stock") < 0.5


WAR = range(118, 132)  # 2021-11 to 2022-12


def test_guests_meet_their_hosts_at_home_until_the_host_is_gone() -> None:
    locality = small_locality(1000, ukrainian_share=60.0)
    live(locality, WAR)
    people = locality.migrants
    guests = np.flatnonzero((people.host >= 0) & (people.present == 1))
    assert guests.size > 3
    at_home = (people.met_venue[guests] == HOST_HOME) & (people.met[guests] == people.host[guests, None])
    assert at_home.any(axis=1).all()
    locality.residents.since[people.host[guests]] = 132  # new people in the hosts' positions
    live(locality, [132], ("housing",))
    assert (people.host[guests] < 0).all()
    assert (people.housing[guests] != HOSTED).all()


def test_a_town_with_much_on_its_land_builds_less_for_growth_and_a_village_more() -> None:
    def vacancy(inhabitants: float, trend: float = 0.004, **theories: int) -> float:
        locality = small_locality(200, trend=trend, inhabitants=inhabitants, theories=theories)
        return live(locality, range(96), ["housing"]).value("vacancy")

    village, town = 8_000.0, 200_000.0
    assert vacancy(village) == pytest.approx(vacancy(town))
    assert vacancy(village, markets=SIZED) > vacancy(village) > vacancy(town, markets=SIZED)
    # Where people leave nothing is short, and land counts for nothing.
    assert vacancy(town, -0.02, markets=SIZED) == pytest.approx(vacancy(town, -0.02))


def test_owners_of_empty_homes_let_more_and_owners_of_full_ones_less() -> None:
    def accepted(trend: float, room: int) -> float:
        locality = with_migrants(trend=trend, theories={"room": room})
        return live(locality, [30], ["housing"]).value("landlords_accept.non_european")

    assert accepted(-0.01, NO_PULL) == accepted(0.01, NO_PULL)
    assert accepted(-0.01, INVITING) > accepted(0.01, NO_PULL) > accepted(0.01, INVITING)
