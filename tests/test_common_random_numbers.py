"""Common random numbers: what an intervention does not touch stays the same to the last byte."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from worlds import snapshot

from woc_sim.processes.schedule import schedule
from woc_sim.scenario.parse import parse_scenario
from woc_sim.world.model import World

START = 72  # 2018-01
REPLICATES = 12


def asked(**settings: Any) -> Mapping[str, Any]:
    return {"case": "C21", "people": 2000, "months": 108, "shocks": {"asylum": 5.0}, **settings}


def intervention(name: str, strength: float = 1.0) -> dict[str, Any]:
    return {name: {"start": "2018-01", "end": None, "strength": strength}}


def world(settings: Mapping[str, Any], months: int, replicate: int = 0) -> World:
    scenario = parse_scenario(settings)
    made = World(scenario, replicate, schedule(scenario.schedule, scenario.interventions))
    for _ in range(months):
        made.step()
    return made


def columns(made: World) -> dict[str, Any]:
    (locality,) = made.localities
    found = snapshot(locality)
    made.close()
    return found


def same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)


def test_all_months_before_an_intervention_are_identical_and_the_next_is_not() -> None:
    plain, changed = asked(), asked(intervention=intervention("encounters"))
    assert same(columns(world(plain, START)), columns(world(changed, START)))
    assert not same(columns(world(plain, START + 3)), columns(world(changed, START + 3)))


def test_an_intervention_without_strength_changes_no_byte() -> None:
    nothing = asked(intervention=intervention("arrivals", strength=0.0))
    assert same(columns(world(asked(), 96)), columns(world(nothing, 96)))


def test_more_arrivals_leave_everybody_elses_draws_alone() -> None:
    """The same people arrive with the same traits, and more with them; residents are the same people."""
    plain = columns(world(asked(), 96))
    more = columns(world(asked(intervention=intervention("arrivals")), 96))
    index = {int(key): row for row, key in enumerate(more["migrants.entity"].tolist())}
    # who follows, is born or comes by own choice may depend on what has changed; quotas only grow
    came = [row for row, key in enumerate(plain["migrants.entity"].tolist()) if key in index]
    assert len(index) > 1.2 * len(plain["migrants.entity"])
    assert len(came) > 0.9 * len(plain["migrants.entity"])
    rows = [index[int(plain["migrants.entity"][row])] for row in came]
    for trait in ("group", "cohort", "female", "skill", "visible"):
        assert np.array_equal(plain[f"migrants.{trait}"][came], more[f"migrants.{trait}"][rows]), trait
    for trait in ("entity", "age", "since", "leaning", "interest"):
        assert np.array_equal(plain[f"residents.{trait}"], more[f"residents.{trait}"]), trait


@cache
def belonging(treated: bool) -> tuple[float, ...]:
    """Mean language of migrants at the end of 2020, a replicate each, with and without courses for all."""
    extra = {"intervention": intervention("courses")} if treated else {}
    found = []
    for replicate in range(REPLICATES):
        made = columns(world(asked(**extra), 108, replicate))
        here = made["migrants.present"] == 1
        found.append(float(made["migrants.language"][here].mean()))
    return tuple(found)


def test_pairs_estimate_an_effect_with_a_third_of_the_error() -> None:
    plain, treated = np.array(belonging(False)), np.array(belonging(True))
    effect = treated - plain
    paired = effect.std(ddof=1) / np.sqrt(REPLICATES)
    unpaired = np.sqrt((plain.var(ddof=1) + treated.var(ddof=1)) / REPLICATES)
    print(f"effect {effect.mean():.3f}, standard error paired {paired:.4f}, unpaired {unpaired:.4f}")
    assert effect.mean() > 3 * paired
    assert unpaired > 3 * paired
