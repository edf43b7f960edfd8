"""Work: jobs follow the market, language, rights, help and those who hire."""

from collections.abc import Callable
from typing import Any

import numpy as np
from towns import set_all, with_migrants
from worlds import live

from woc_sim.rules.decline import INVITING, NO_PULL
from woc_sim.rules.markets import SEGMENTED, SIZED
from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, REFUSED
from woc_sim.world.places import WORKPLACE


def jobs(change: Callable[[Locality], object] = lambda _: None, months: int = 24, **options: Any) -> float:
    locality = with_migrants(**options)
    change(locality)
    live(locality, range(30, 30 + months), ["work"])
    workers = np.bincount(
        locality.migrants.workplace[locality.migrants.workplace >= 0], minlength=len(locality.places)
    )
    assert np.array_equal(workers, locality.places.migrant_workers)
    return float(np.mean(locality.migrants.job > 0))


def test_jobs_follow_market_language_right_and_help() -> None:
    mean = jobs(unemployment_base=0.08)
    assert 0.05 < mean < 0.9
    assert jobs(unemployment_base=0.18) < mean < jobs(unemployment_base=0.04)
    assert jobs(lambda town: set_all(town, "migrants.language", 0.0)) < mean
    assert jobs(lambda town: set_all(town, "migrants.status", REFUSED)) == 0.0
    assert jobs(lambda town: set_all(town, "sectors.public", 1.0)) > jobs(
        lambda town: set_all(set_all(town, "sectors.public", 0.0), "sectors.higher", 0.0)
    )


def test_hostile_employers_hire_less_and_it_turns_with_their_attitude() -> None:
    """M17: attitudes in a place reach its labour market, through those who hire."""
    hostile, friendly = (
        jobs(lambda town, value=value: set_all(town, "residents.attitude_to.non_european", value))
        for value in (-0.8, 0.8)
    )
    assert hostile < 0.75 * friendly


def test_a_slump_costs_jobs() -> None:
    def employed(meetings: float) -> float:
        locality = with_migrants(migrants=200)
        set_all(locality, "migrants.job", EMPLOYED)
        first = int(np.flatnonzero(locality.places.kind == WORKPLACE)[0])
        set_all(locality, "migrants.workplace", first)
        locality.places.migrant_workers[first] = 200
        set_all(locality, "locality.meetings", meetings)
        live(locality, range(24), ["work"])
        return float(np.mean(locality.migrants.job > 0))

    assert employed(0.2) < employed(1.0) < 1.0


def test_a_large_market_helps_and_a_small_one_hurts_unless_size_is_dropped() -> None:
    def of(inhabitants: float, **theories: int) -> float:
        return jobs(migrants=300, inhabitants=inhabitants, unemployment_base=0.07, theories=theories)

    assert of(8_000.0, markets=SIZED) < of(8_000.0) == of(300_000.0) < of(300_000.0, markets=SIZED)


def test_open_and_closed_employers_make_attitudes_count_more() -> None:
    """Above the threshold all doors open and below it all close: the effect turns with attitudes."""

    def of(attitude: float, **theories: int) -> float:
        return jobs(
            lambda town: set_all(town, "residents.attitude_to.non_european", attitude),
            migrants=300,
            theories=theories,
            parameters={"work.segmented": 1.0, "work.queue": 0.0},
        )

    assert of(-0.8, employers=SEGMENTED) < of(-0.8)
    assert of(0.8, employers=SEGMENTED) > of(0.8)


def test_newcomers_stand_in_each_others_way_unless_the_line_is_dropped() -> None:
    """The more of them seek, the fewer jobs each finds in the part of the market that is open to them."""

    def of(migrants: int, queue: float) -> float:
        parameters = {"work.segmented": 0.0, "work.queue": queue}
        options = {"theories": {"employers": SEGMENTED}, "parameters": parameters}
        return jobs(migrants=migrants, persons=2000, **options)

    assert of(400, 1.0) < 0.9 * of(400, 0.0)
    assert of(40, 1.0) / of(40, 0.0) > of(400, 1.0) / of(400, 0.0)


def test_shortage_of_hands_opens_doors_and_plenty_closes_them() -> None:
    def accepted(unemployment: float, **theories: int) -> float:
        locality = with_migrants(unemployment_base=unemployment, theories=theories)
        return live(locality, [30], ["work"]).value("employers_accept.non_european")

    assert accepted(0.03, room=INVITING) > accepted(0.03, room=NO_PULL) + 0.01
    assert accepted(0.14, room=INVITING) < accepted(0.14, room=NO_PULL) - 0.01
