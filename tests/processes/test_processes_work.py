"""Work: jobs follow the market, language, rights, help and those who hire."""

from collections.abc import Callable

import numpy as np
from towns import set_all, with_migrants
from worlds import live

from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, REFUSED
from woc_sim.world.places import WORKPLACE


def jobs(
    change: Callable[[Locality], object] = lambda _: None, months: int = 24, **covariates: float
) -> float:
    locality = with_migrants(**covariates)
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
