"""A run is a pure function of scenario and replicate, whatever the Python, the mode, the other runs or the
order.
"""

import copy
import gc
import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from tests.fingerprint import GOLDEN, committed_scenarios, fingerprint

from woc_sim.ensemble.run import run_rows
from woc_sim.processes.contract import Bound
from woc_sim.processes.schedule import BY_NAME, PROCESSES, schedule
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import PROCESSES as NAMES
from woc_sim.scenario.schema import Intervention, Scenario
from woc_sim.simulation import open_world
from woc_sim.world.model import World

SMALL = Scenario(localities=(from_case("C27"),), seed=5, people=200, months=40)


@pytest.mark.portable
def test_results_are_the_committed_ones_on_every_python():
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert {name: fingerprint(each) for name, each in committed_scenarios().items()} == expected


def test_every_rival_has_a_fingerprint_of_its_own():
    """A rival that does not act there would be watched by no fingerprint."""
    found = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert len(set(found.values())) == len(found)


@pytest.mark.portable
def test_the_same_run_twice_is_the_same_and_another_seed_or_replicate_is_not():
    first = fingerprint(SMALL)
    assert fingerprint(SMALL) == first
    assert fingerprint(replace(SMALL, seed=6)) != first
    assert fingerprint(SMALL, replicate=1) != first


def test_the_schedule_is_the_seventeen_processes_in_order():
    assert tuple(process.name for process in PROCESSES) == NAMES
    assert len(BY_NAME) == 17
    for process in PROCESSES:
        assert process.purpose
        assert process.source
        assert process.writes


def test_processes_joined_to_few_turns_live_what_they_live_apart_also_as_copies_and_after_growth():
    change = Intervention("expertise", 10, 20, 0.5)
    joined, apart = (schedule(SMALL.schedule, (change,), apart=each) for each in (False, True))
    one, other = World(SMALL, 0, joined), World(SMALL, 0, apart)
    turns = [bind(one.localities[0]) for bind in (joined, apart)]
    assert len(turns[0]) < 5 < len(turns[1]) == 1 + len(NAMES)
    assert all(isinstance(each, Bound) for each in turns[1][1:])
    for month in range(SMALL.months):
        one.step()
        other.step()
        if month == 15:  # room for migrants is looked up again, and a copy looks up its own
            for world in (one, other):
                world.localities[0].sets["migrants"].append(200)
            one = copy.deepcopy(one)
    for name, rows in one.localities[0].sets.items():
        for column in rows:
            values = getattr(other.localities[0].sets[name], column)
            np.testing.assert_array_equal(getattr(rows, column), values, err_msg=f"{name}.{column}")


def test_localities_run_apart_or_together_in_any_order_when_they_do_not_learn_from_each_other():
    names = tuple(name for name in NAMES if name != "diffusion")
    cases = ("C27", "C05", "C10")
    apart = {
        case: run_rows(replace(SMALL, localities=(from_case(case),), schedule=names), 0)[0] for case in cases
    }
    for order in (cases, cases[::-1]):
        together = replace(SMALL, localities=tuple(from_case(case) for case in order), schedule=names)
        for row in run_rows(together, 0):
            np.testing.assert_array_equal(row.indicators, apart[row.case].indicators)


def test_together_localities_hear_of_each_others_measures_a_month_late():
    together = replace(SMALL, localities=tuple(from_case(case) for case in ("C27", "C05")), months=6)
    with open_world(together, 0) as world:
        for _ in range(6):
            world.step()
        first, second = world.localities
        np.testing.assert_array_equal(first.sets["measures"].bulletin, second.sets["measures"].in_force)


def test_an_intervention_leaves_every_month_before_it_alone():
    changed = replace(SMALL, interventions=(Intervention("depoliticise", 24, 40, 1.0),))
    before, after = run_rows(SMALL, 0)[0].indicators, run_rows(changed, 0)[0].indicators
    np.testing.assert_array_equal(before[:24], after[:24])
    assert not np.array_equal(before[24:], after[24:], equal_nan=True)


def test_no_column_leaves_its_bounds_and_the_books_balance():
    scenario = Scenario(localities=(from_case("C24"),), seed=2, people=600)
    with open_world(scenario, 0) as world:
        for _ in range(scenario.months):
            world.step()
            locality = world.localities[0]
            bad = [name for rows in locality.sets.values() for name in rows.out_of_bounds()]
            assert not bad, f"month {world.month}: {bad}"
        migrants = locality.sets["migrants"]
        present = int(migrants.present.sum())
        gone = locality.value("moved_on") + locality.value("deaths")
        assert len(migrants) == present + gone
        assert present > 0


def test_fifty_runs_in_one_process_leave_no_worlds_behind():
    scenario = replace(SMALL, people=60, months=3)
    for replicate in range(3):
        run_rows(scenario, replicate)
    gc.collect()
    tracemalloc.start()
    for replicate in range(50):
        run_rows(scenario, replicate)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 2_000_000
