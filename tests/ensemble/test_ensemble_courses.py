"""Replays: what is held is what others see, and nothing else; who is there; who is who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from woc_sim.ensemble.channels import CHANNELS, HANDED_OVER, WORK, channel_of_column, groups_of
from woc_sim.ensemble.courses import (
    JOBS,
    Course,
    copied,
    found_in,
    places_by_number,
    recording,
    replaying,
    set_count,
)
from woc_sim.errors import UserError
from woc_sim.instruments import Observation
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import Intervention, Scenario
from woc_sim.simulation import simulate
from woc_sim.world.columns import Column, ColumnSet
from woc_sim.world.model import World

SMALL = parse({"people": 300, "months": 126, "seed": 3, "size": "small", "shocks": {"asylum": 3}})[0]
EVERY = frozenset(CHANNELS)


def with_parameters(scenario: Scenario, **values: float) -> Scenario:
    given = {name.replace("__", "."): value for name, value in values.items()}
    return replace(scenario, parameters={**scenario.parameters, **given})


def recorded(scenario: Scenario, replicate: int = 0) -> tuple[World, list[Course]]:
    courses: list[Course] = []
    world = World(scenario, replicate, recording(scenario, courses))
    while world.running:
        world.step()
    return world, courses


def replayed(
    scenario: Scenario, courses: list[Course], held: Iterable[str], observation: Observation | None = None
) -> World:
    world = World(scenario, 0, replaying(scenario, courses, groups_of(None), frozenset(held)))
    while world.running:
        world.step()
        if observation is not None:
            observation.observe(world)
    return world


def same_state(one: World, other: World, but: tuple[str, ...] = ()) -> None:
    for first, second in zip(one.localities, other.localities, strict=True):
        for name, rows in first.sets.items():
            for column in rows.columns:
                if f"{name}.{column}" not in but:
                    both = (copied(each, f"{name}.{column}") for each in (first, second))
                    np.testing.assert_array_equal(*both, err_msg=f"{name}.{column}")


def lived(scenario: Scenario) -> World:
    kept: list[Any] = []
    simulate(scenario, 0, kept.append)
    return kept[-1]  # type: ignore[no-any-return]


OTHER = replace(
    with_parameters(SMALL, policy__adopt=0.3, arrivals__refused=0.1),
    interventions=(Intervention("expertise", 12, 50, 1.0), Intervention("responsibility", 12, 50, 0.7)),
)


def test_with_nothing_held_the_second_world_is_lived_as_it_is() -> None:
    _, courses = recorded(SMALL)
    same_state(replayed(OTHER, courses, ()), lived(OTHER))


def test_taking_notes_changes_nothing() -> None:
    same_state(recorded(OTHER)[0], lived(OTHER))


@pytest.mark.parametrize("held", [EVERY, {"people"}, EVERY - {"people", "policy"}, {"work", "people"}])
def test_a_world_that_is_held_at_its_own_course_is_itself(held: frozenset[str]) -> None:
    one, courses = recorded(OTHER)
    other = replayed(OTHER, courses, held)
    same_state(one, other, JOBS)  # who is away keeps a job that nobody counts, or not
    first, second = (each.localities[0].migrants for each in (one, other))
    here = first.present == 1
    assert here.sum() > 10
    for column in ("job", "workplace"):
        np.testing.assert_array_equal(getattr(first, column)[here], getattr(second, column)[here])


def test_a_held_channel_reacts_and_passes_nothing_on() -> None:
    """Only how readily policy adopts differs: with it held, all others live as in the first world, and policy
    has what it then decides."""
    second = with_parameters(SMALL, policy__adopt=0.3)
    one, courses = recorded(SMALL)
    other = replayed(second, courses, {"policy"})
    owners = channel_of_column()
    own = tuple(column for column, owner in owners.items() if owner == "policy")
    same_state(one, other, own)
    assert not np.array_equal(one.localities[0].measures.in_force, other.localities[0].measures.in_force)


def test_what_a_free_channel_passes_on_arrives_where_it_is_read() -> None:
    """Public coverage comes through policy: with all but policy held, work sees it, and what work does is not
    passed on to contact."""
    second = with_parameters(SMALL, policy__adopt=0.5)
    one, courses = recorded(SMALL)
    other = replayed(second, courses, EVERY - {"policy"})
    first, changed = (each.localities[0] for each in (one, other))
    assert not np.array_equal(first.sectors.public, changed.sectors.public)
    assert not np.array_equal(first.migrants.known, changed.migrants.known)  # learning reads coverage
    np.testing.assert_array_equal(first.row.unemployment, changed.row.unemployment)


def test_newcomers_are_those_of_the_first_world_when_people_are_held() -> None:
    second = replace(SMALL, shocks=replace(SMALL.shocks, asylum=5.0))
    one, courses = recorded(SMALL)
    assert lived(second).localities[0].migrants.count > one.localities[0].migrants.count
    other = replayed(second, courses, {"people"})
    first, held = one.localities[0], other.localities[0]
    for column in ("entity", "present", "age", "status", "left"):
        np.testing.assert_array_equal(getattr(first.migrants, column), getattr(held.migrants, column))
    assert first.row.arrivals[0] == held.row.arrivals[0]
    fewer = replace(SMALL, shocks=replace(SMALL.shocks, asylum=0.0))
    held = replayed(fewer, courses, {"people"}).localities[0]
    np.testing.assert_array_equal(first.migrants.entity, held.migrants.entity)
    working = held.migrants.workplace[held.migrants.workplace >= 0]
    assert (held.migrants.present[held.migrants.workplace >= 0] == 1).all()
    assert held.places.migrant_workers.sum() == len(working)


def test_worlds_with_other_newcomers_organisations_and_places_can_be_held_in_all_ways() -> None:
    first, second = (
        parse({"people": 900, "months": 72, "locality": {"type": kind, "rrp_share": seats}})[0]
        for kind, seats in (("left_behind", 0.0), ("revitalising", 0.2))
    )
    one, courses = recorded(first)
    two = lived(second)
    assert one.localities[0].organisations.count != two.localities[0].organisations.count
    assert one.localities[0].places.count != two.localities[0].places.count
    for held in (EVERY, EVERY - {"people"}, {"relations", "voice"}, {"work", "housing"}):
        other = replayed(second, courses, held, Observation(72))
        for rows in other.localities[0].sets.values():
            assert rows.out_of_bounds() == []


def test_several_localities_each_have_their_course() -> None:
    first = parse({"case": ["C21", "C22"], "people": 60, "months": 15})[0]
    _, courses = recorded(first)
    assert [course.locality.name for course in courses] == ["C21", "C22"]
    same_state(replayed(first, courses, {"policy", "contact"}), lived(first))


def test_residents_must_be_the_same() -> None:
    _, courses = recorded(replace(SMALL, months=1))
    with pytest.raises(UserError, match="300 simulated residents in the first scenario and 120"):
        replayed(replace(SMALL, months=1, people=120), courses, {"policy"})


def test_keys_and_places_are_found_again() -> None:
    known = np.array([7, 3, 9, 3], np.uint64)
    assert found_in(np.array([3, 4, 9, 7, 10], np.uint64), known).tolist() == [1, -1, 2, 0, -1]
    assert found_in(np.array([3], np.uint64), known[:0]).tolist() == [-1]
    assert places_by_number(np.array([0, 1, 1, 1, 2]), np.array([0, 0, 1, 1, 3])).tolist() == [0, 2, 3, 2, 0]


def test_rows_that_are_taken_back_are_as_if_they_had_never_been() -> None:
    rows = ColumnSet("people", (Column("age", "f8", 5, 0, 9, "1", "m"),), 4, 2)
    rows.age[:] = 1
    set_count(rows, 1)
    set_count(rows, 4)
    assert rows.age.tolist() == [1, 5, 5, 5]


def test_jobs_are_handed_over_to_work() -> None:
    assert {HANDED_OVER[each] for each in JOBS} == {WORK}
