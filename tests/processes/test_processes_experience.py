"""Experience: belonging, deprivation, onward moves and needs follow what migrants have and meet."""

from collections.abc import Callable

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality

from woc_sim.rules.comparison import GROUP_GAP, OWN_LOT
from woc_sim.rules.deservingness import BY_GROUP
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


def felt(
    change: Callable[[Locality], object], column: str = "belonging", months: int = 18, **theories: int
) -> float:
    locality = with_migrants(parameters={"experience.leave": 0.002}, theories=theories)
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
    unequal, equal = with_ukrainians(PRIVATE, EMPLOYED, PROCEDURE), with_ukrainians(RECEPTION, 0, PROTECTED)
    assert felt(unequal, "deprivation", comparison=OWN_LOT) > 0.2
    assert felt(equal, "deprivation", comparison=OWN_LOT) == 0.0
    assert felt(equal, "deprivation") == 0.0
    assert felt(unequal, comparison=OWN_LOT) < felt(
        with_ukrainians(RECEPTION, 0, PROCEDURE), comparison=OWN_LOT
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


def deprived(theory: int, change: Callable[[Locality], object]) -> tuple[float, float]:
    """Mean deprivation of non-Europeans in reception and of those with an own home, beside Ukrainians; all
    came at the same time."""
    locality = with_migrants(theories={"comparison": theory}, parameters={"experience.leave": 0.0})
    rows = locality.migrants
    rows.group[:40] = UKRAINIAN
    rows.cohort[:] = 24
    rows.decision[:] = 24
    rows.housing[:20] = rows.housing[40:80] = PRIVATE
    change(locality)
    live(locality, range(30, 42), ["experience"])
    ours = rows.group == NON_EUROPEAN
    housed = rows.housing == PRIVATE
    return float(rows.deprivation[ours & ~housed].mean()), float(rows.deprivation[ours & housed].mean())


def test_equal_groups_leave_nothing_to_compare_but_one_person_does() -> None:
    assert deprived(GROUP_GAP, nothing) == (0.0, 0.0)
    without, with_home = deprived(OWN_LOT, nothing)
    assert without > 0.0
    assert with_home == 0.0


def test_the_gap_between_groups_is_felt_by_all_members_and_turns_round() -> None:
    def theirs_are_better(town: Locality) -> None:
        town.migrants.housing[:40] = PRIVATE

    def ours_are_better(town: Locality) -> None:
        town.migrants.housing[:40] = RECEPTION

    without, with_home = deprived(GROUP_GAP, theirs_are_better)
    assert without == with_home > 0.0
    assert deprived(GROUP_GAP, ours_are_better) == (0.0, 0.0)


def test_waiting_is_felt_as_long_as_others_need_not_wait() -> None:
    def all_wait(town: Locality) -> None:
        town.migrants.status[:] = PROCEDURE

    def others_need_not(town: Locality) -> None:
        town.migrants.status[40:] = PROCEDURE

    assert deprived(GROUP_GAP, all_wait) == (0.0, 0.0)
    assert min(deprived(OWN_LOT, all_wait)) > 0.0
    assert min(deprived(GROUP_GAP, others_need_not)) > 0.0


def test_groups_of_different_stay_are_compared_in_their_first_time() -> None:
    """Who has been here for long and has a home is still treated worse than newcomers who got it at once."""
    locality = with_migrants(theories={"comparison": GROUP_GAP}, parameters={"experience.leave": 0.0})
    rows = locality.migrants
    rows.housing[:] = RECEPTION
    rows.present[:40] = 0
    rows.group[:40] = UKRAINIAN
    live(locality, range(12), ["experience"])
    rows.housing[40:] = PRIVATE
    rows.present[:40] = 1
    rows.cohort[:40] = rows.decision[:40] = 60
    rows.housing[:40] = PRIVATE
    live(locality, range(60, 66), ["experience"])
    assert locality.row.first_homes[NON_EUROPEAN, 0] == 0.0
    assert locality.row.first_homes[UKRAINIAN, 0] == 1.0
    assert rows.deprivation[40:].min() > 0.0


def test_what_is_seen_of_a_group_is_what_its_members_have() -> None:
    locality = with_migrants(theories={"deservingness": BY_GROUP}, parameters={"experience.leave": 0.0})
    rows = locality.migrants
    rows.group[:40] = UKRAINIAN
    rows.job[:10] = EMPLOYED
    rows.age[10:30] = 10.0
    rows.status[40:100] = REFUSED
    live(locality, [30], ["experience"])
    row = locality.row
    assert row.seen_working[UKRAINIAN, 0] == pytest.approx(10 / 20)
    assert row.seen_needy[UKRAINIAN, 0] == pytest.approx(20 / 40)
    assert row.seen_protected[UKRAINIAN, 0] == 1.0
    assert row.seen_protected[NON_EUROPEAN, 0] == pytest.approx(20 / 80)
    assert row.seen_grateful[NON_EUROPEAN, 0] == pytest.approx(0.5 * (1.0 + rows.attitude[40:].mean()))
    plain = live(with_migrants(), [30], ["experience"])
    assert plain.row.seen_protected[NON_EUROPEAN, 0] == 0.0  # nobody looks where nobody judges by group
