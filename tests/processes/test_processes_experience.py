"""Experience: belonging, deprivation, onward moves and needs follow what migrants have and meet."""

from collections.abc import Callable

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_STAYING,
    PRIVATE,
    PROCEDURE,
    PROTECTED,
    RECEPTION,
    REFUSED,
    UKRAINIAN,
)


def felt(change: Callable[[Locality], object], column: str = "belonging", months: int = 18) -> float:
    locality = with_migrants(parameters={"experience.leave": 0.002})
    change(locality)
    live(locality, range(30, 30 + months), ["experience"])
    rows = locality.migrants
    return float(getattr(rows, column)[(rows.present == 1) & (rows.group != UKRAINIAN)].mean())


def nothing(_: Locality) -> None:
    return None


def test_belonging_turns_with_what_people_have_and_meet() -> None:
    mean = felt(nothing)
    assert felt(lambda town: set_all(town, "migrants.housing", PRIVATE)) > mean
    assert felt(lambda town: set_all(town, "migrants.tie", 3)) > mean
    assert felt(lambda town: set_all(town, "migrants.events", 1.0)) < mean
    assert felt(lambda town: set_all(town, "sectors.restrictive", 1.0)) < mean
    assert felt(lambda town: set_all(town, "migrants.tie", 3), "loneliness") < felt(nothing, "loneliness")
    assert felt(lambda town: set_all(town, "migrants.status", PROCEDURE), "trust") < felt(nothing, "trust")


def with_ukrainians(housing: int, job: int, status: int) -> Callable[[Locality], None]:
    def change(town: Locality) -> None:
        rows = town.migrants
        rows.group[:30] = UKRAINIAN
        rows.housing[:30] = housing
        rows.job[:30] = job
        rows.status[30:] = status
        town.row.landlords_prefer[NON_EUROPEAN, 0] = 0.0

    return change


def test_deprivation_is_a_difference_in_treatment_and_nothing_else() -> None:
    """S96: no date and no group bonus; equal treatment leaves no deprivation even beside many Ukrainians."""
    unequal = felt(with_ukrainians(PRIVATE, EMPLOYED, PROCEDURE), "deprivation")
    equal = felt(with_ukrainians(RECEPTION, 0, PROTECTED), "deprivation")
    assert unequal > 0.2
    assert equal == 0.0
    assert felt(with_ukrainians(PRIVATE, EMPLOYED, PROCEDURE)) < felt(
        with_ukrainians(RECEPTION, 0, PROCEDURE)
    )


def left(change: Callable[[Locality], object]) -> int:
    locality = with_migrants(migrants=300)
    change(locality)
    live(locality, range(30, 66), ["experience"])
    gone = np.count_nonzero(locality.migrants.present == 0)
    assert gone == locality.value("moved_on")
    return int(gone)


def test_onward_moves_turn_with_homes_children_and_rules() -> None:
    mean = left(nothing)
    assert 10 < mean < 150
    assert left(lambda town: set_all(town, "migrants.children", 1)) < mean
    assert (
        left(lambda town: set_all(set_all(town, "migrants.housing", PRIVATE), "migrants.job", EMPLOYED))
        < mean
    )
    assert left(lambda town: set_all(town, "migrants.status", REFUSED)) > mean
    assert left(lambda town: set_all(town, "migrants.status", PROCEDURE)) < mean


def test_needs_fall_as_they_are_met_and_conflicts_follow_bad_meetings() -> None:
    locality = live(with_migrants(), [3], ["experience"])
    needs = locality.sectors.need.copy()
    assert np.all(needs[[0, 1, 2, 3, 5, 7, 8]] > 0.0)
    assert needs[8] == pytest.approx(needs[:8].mean())
    for column, value in (
        ("language", 0.9),
        ("housing", PRIVATE),
        ("job", EMPLOYED),
        ("tie", 3),
        ("known", 1.0),
    ):
        set_all(locality, f"migrants.{column}", value)
    locality.encounters.bad[:] = 20.0
    live(locality, range(4, 16), ["experience"])
    assert np.all(locality.sectors.need[[1, 2, 3, 5, 7, 8]] < needs[[1, 2, 3, 5, 7, 8]])
    assert locality.value("conflicts") > 0.3


def moved(rule: float, job: int = NO_JOB) -> int:
    locality = small_locality(600, asylum_share=30.0, placed_share=1.0)
    live(locality, range(36, 48), ("calendar", "arrivals"))
    people = locality.migrants
    people.status[:], people.arrival[:], people.decision[:] = PROTECTED, PLACED_STAYING, 40
    people.job[:] = job
    locality.row.residence_rule[0] = rule
    live(locality, range(48, 72), ("experience",))
    return int(locality.value("moved_on"))


def test_a_residence_rule_holds_the_placed_as_long_as_they_have_no_work() -> None:
    assert moved(36.0) < moved(0.0) / 2
    assert moved(36.0, job=2) > moved(36.0)
