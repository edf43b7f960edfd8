"""Runs of a validation, and the covariates of their localities."""

from __future__ import annotations

import numpy as np
import pytest

from woc_sim.analysis.counterfactuals import COUNTERFACTUALS, JOINT_ARMS, SINGLE_TOWN_ARMS, TOWNS
from woc_sim.analysis.study import COVARIATES
from woc_sim.analysis.validation_runs import EU, OWN, SYNTHETIC, Plan, leadership
from woc_sim.analysis.variants import MODEL, VARIANTS, eu_cases
from woc_sim.ensemble.plausible import PlausibleSets
from woc_sim.inputs.tables import case
from woc_sim.scenario.localities import synthetic, with_labels
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import open_world

TINY = Scenario((), months=14)


def test_every_variant_runs_every_locality():
    plan = Plan(TINY, 3)
    for variant in VARIANTS:
        studies = 2 if variant == "equal_localities" else 3
        towns = [task for task in plan.tasks(variant) if task.arm.endswith(COUNTERFACTUALS)]
        of_a_study = len(SINGLE_TOWN_ARMS) * len(TOWNS) + len(JOINT_ARMS)
        assert len(towns) == studies * of_a_study
        runs = [task for task in plan.tasks(variant) if not task.arm.endswith(COUNTERFACTUALS)]
        assert len({task.key for task in runs}) == studies * (40 + 36)


def test_the_deviation_of_the_leader_is_the_draw_of_the_founding():
    plan = Plan(Scenario((), people=60, months=1), 1)
    task = plan.tasks(MODEL)[3]
    (spec,) = task.scenario.localities
    with open_world(task.scenario, 0) as world:
        row = world.localities[0].row
        spread = task.scenario.parameters["policy.mayor_spread"]
        wanted = spread * leadership(spec.name, 1, 0)
        assert row.mayor[0] == pytest.approx(min(1.0, max(-1.0, wanted)))


def test_covariates_are_those_of_the_world():
    plan = Plan(Scenario((), people=60, months=1), 1)
    for kind, cell in ((EU, "C05"), (SYNTHETIC, plan.localities(SYNTHETIC)[7])):
        task = next(each for each in plan.tasks(MODEL) if each.cell == cell)
        known = dict(zip(COVARIATES, plan.covariates(kind, cell, 0), strict=True))
        with open_world(task.scenario, 0) as world:
            row = world.localities[0].row
            for name in ("inhabitants", "rrp", "executive_ideology", "unemployment", "trend"):
                column = {"unemployment": "unemployment"}.get(name, name)
                assert known[name] == pytest.approx(float(row.buffer(column)[0])), name


def test_covariates_follow_the_parameters_by_which_the_world_draws_them():
    wide = Scenario((), parameters={"covariates.earlier_low": 0.1, "covariates.earlier_high": 0.7})
    position = COVARIATES.index("foreign_2014")
    for kind, cell in ((EU, "C05"), (EU, "C21")):
        usual, drawn = (Plan(base, 1).covariates(kind, cell, 0)[position] for base in (Scenario(()), wide))
        assert drawn < usual
        (spec,) = (Plan(wide, 1).spec(kind, cell, 0),)
        assert drawn == realise(spec, 1, 0, wide.parameters).foreign_2014


def test_all_runs_of_a_study_have_its_set_and_a_typed_parameter_wins():
    sets = PlausibleSets(
        ("policy.load", "policy.need"), (1, 2), np.array([[0.1, 2.0], [0.3, 3.0]]), np.array([0.75, 0.25])
    )
    plan = Plan(Scenario((), people=50, parameters={"policy.need": 1.0}), 6, sets)
    loads = {}
    for task in plan.tasks(MODEL):
        assert task.scenario.parameters["policy.need"] == 1.0
        loads.setdefault(task.replicate, set()).add(task.scenario.parameters["policy.load"])
    assert all(len(found) == 1 for found in loads.values())
    assert set().union(*loads.values()) == {0.1, 0.3}


def test_a_country_left_out_has_the_sets_that_were_drawn_without_it():
    def sets(value: float) -> PlausibleSets:
        return PlausibleSets(("policy.load",), (1,), np.array([[value]]), np.ones(1))

    plan = Plan(TINY, 2, sets(0.1), {"Italy": sets(0.2), "Spain": sets(0.3)})
    tasks = plan.tasks_of_left_out()
    own = {case(name).country for name in eu_cases()}
    italian = [name for name in eu_cases() if case(name).country == "Italy"]
    assert own > {"Italy", "Spain"}
    assert {task.scenario.parameters["policy.load"] for task in tasks if task.cell in italian} == {0.2}
    assert {task.scenario.parameters["policy.load"] for task in tasks if task.cell not in italian} == {0.3}
    assert {case(task.cell).country for task in tasks} == {"Italy", "Spain"}
    assert [task.replicate for task in tasks if task.cell == italian[0]] == [0, 1]
    assert Plan(TINY, 2, sets(0.1)).tasks_of_left_out() == []


def test_the_users_own_locality_has_the_set_of_each_study():
    sets = PlausibleSets(("policy.load",), (1, 2), np.array([[0.1], [0.3]]), np.array([0.5, 0.5]))
    own = with_labels(synthetic(), "rural", "mixed", "left_behind")
    plan = Plan(Scenario((), people=50), 6, sets, own=own)
    tasks = plan.tasks_of_own()
    assert [task.replicate for task in tasks] == list(range(6))
    loads = [task.scenario.parameters["policy.load"] for task in tasks]
    assert loads == [plan.base_of(study).parameters["policy.load"] for study in range(6)]
    assert set(loads) == {0.1, 0.3}
    assert {task.scenario.localities for task in tasks} == {(own,)}
    known = dict(zip(COVARIATES, plan.covariates(OWN, own.name, 2), strict=True))
    assert known["inhabitants"] == realise(own, 1, 2, tasks[2].scenario.parameters).inhabitants
    assert Plan(TINY, 2, sets).tasks_of_own() == []
    assert {task.key for task in tasks}.isdisjoint(task.key for task in plan.tasks(MODEL))
