"""Learning: language follows courses, work and talk; waiting and distrust slow it."""

from collections.abc import Callable

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, PROCEDURE


def learnt(change: Callable[[Locality], object] = lambda _: None) -> float:
    locality = with_migrants()
    change(locality)
    live(locality, range(18), ["learning"])
    return float(locality.migrants.language.mean())


def test_language_follows_courses_work_and_talk_and_waiting_hurts() -> None:
    def bare(town: Locality) -> Locality:
        set_all(town, "sectors.higher", 0.0)
        return set_all(town, "migrants.language", 0.1)

    mean = learnt(bare)
    assert mean > 0.1
    assert learnt(lambda town: set_all(bare(town), "sectors.public", 1.0)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.job", EMPLOYED)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.contact", 10.0)) > mean
    assert learnt(lambda town: set_all(bare(town), "migrants.status", PROCEDURE)) < mean


def test_unknown_courses_teach_nobody() -> None:
    def town_with(public: float) -> Locality:
        locality = with_migrants(parameters={"learning.known_rate": 0.03})
        set_all(locality, "migrants.known", 0.0)
        set_all(locality, "sectors.public", public)
        set_all(locality, "sectors.higher", 0.0)
        return live(locality, [0], ["learning"])

    assert np.array_equal(town_with(1.0).migrants.language, town_with(0.0).migrants.language)


@pytest.mark.parametrize("distrust", [-1.0, 0.0])
def test_distrust_keeps_from_courses(distrust: float) -> None:
    def language(trust: float) -> float:
        locality = small_locality(600, asylum_share=30.0)
        live(locality, range(36, 44), ("calendar", "arrivals"))
        people = locality.migrants
        people.known[:], people.trust[:], people.language[:] = 1.0, trust, 0.0
        locality.sectors.public[:] = 0.9
        live(locality, range(44, 50), ("learning",))
        return float(people.language.mean())

    assert language(1.0) == language(0.0)
    assert (language(distrust) < language(0.0)) == (distrust < 0.0)
