"""Counterfactuals: towns simulated twice, and the effects calculated from the difference."""

import numpy as np
import pytest
from handmade_studies import RECIPES, handmade_study

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.counterfactuals import (
    ARMS,
    ATTITUDE,
    CONTACT_AND_ATTITUDE,
    CONTACT_OFF,
    FRAME_FAR,
    FRAME_NEAR,
    JOINT_ARMS,
    NO_CONTACT,
    READINGS,
    SINGLE_TOWN_ARMS,
    TOWNS,
    UNMODERATED,
    arm_difference,
    column,
    contact_effects,
    counterfactual_table,
    counterfactual_tasks,
    counterfactuals_frame,
    frame_shifts,
    moderated_advantage,
)
from woc_sim.analysis.study import Sample
from woc_sim.analysis.validation_runs import Plan
from woc_sim.analysis.variants import COUNTRY_ONLY, INTERACTIONS_OFF, MODEL
from woc_sim.ensemble.executors import run_many
from woc_sim.scenario.schema import Scenario

BASE = Scenario((), people=60, seed=1, months=62)
"""Until two months after the change."""


def test_a_replicate_has_four_types_and_two_colours_and_four_replicates_have_all_pairs() -> None:
    seen = set()
    for replicate in range(4):
        cells = [town.cell(replicate) for town in TOWNS]
        assert len({cell.type for cell in cells}) == 4
        assert [cell.executive for cell in cells].count("progressive") == 2
        seen |= {(cell.type, cell.executive) for cell in cells}
    assert len(seen) == 8


def test_towns_without_a_change_are_runs_of_the_factorial() -> None:
    plan = Plan(BASE, 5)
    tasks = plan.tasks(MODEL)
    synthetic = {task.key for task in tasks if task.arm == f"{MODEL}/synthetic"}
    counterfactual_runs = [task for task in tasks if task.arm.endswith("/counterfactuals")]
    assert len(counterfactual_runs) == 5 * (len(SINGLE_TOWN_ARMS) * len(TOWNS) + len(JOINT_ARMS))
    assert {task.key for task in counterfactual_runs if task.cell.startswith("as_is/")} <= synthetic
    assert len({task.key for task in counterfactual_runs}) == len(counterfactual_runs)


def test_arms_differ_only_in_what_they_name() -> None:
    tasks = {task.cell: task.scenario for task in counterfactual_tasks(BASE, MODEL, [0])}
    assert tasks["turnover/progressive-0"].interventions[0].name == "turnover"
    as_is = tasks["as_is/progressive-0"]
    assert as_is.interventions == ()
    contact_off = tasks["contact_off/progressive-0"]
    moved = {name for name in as_is.parameters if as_is.parameters[name] != contact_off.parameters[name]}
    assert moved == set(NO_CONTACT)
    assert contact_off.theories == as_is.theories
    assert tasks["unmoderated/progressive-0"].theories == {**as_is.theories, "contact": "unmoderated"}
    assert tasks["unmoderated/progressive-0"].parameters == as_is.parameters
    apart, together = tasks["no_peers/all"], tasks["peers/all"]
    assert len(together.localities) == 4
    assert apart.localities == together.localities
    changed = {name for name in apart.parameters if apart.parameters[name] != together.parameters[name]}
    assert changed == {"diffusion.peer_rate"}
    alike = {task.cell: task.scenario for task in counterfactual_tasks(BASE, COUNTRY_ONLY, [0])}["peers/all"]
    assert len({locality.unemployment for locality in alike.localities}) == 1
    assert len({locality.name for locality in alike.localities}) == 4


@pytest.fixture(scope="module")
def samples():
    found = {}
    for variant in (MODEL, INTERACTIONS_OFF):
        tasks = counterfactual_tasks(BASE, variant, range(2))
        known = Plan(BASE, 2).counterfactual_covariates(0) | Plan(BASE, 2).counterfactual_covariates(1)
        found[variant] = counterfactual_table(tasks, run_many(tasks), known)
    return found


def test_a_row_holds_one_town_under_every_arm(samples) -> None:
    table, towns = samples[MODEL]
    assert table.values.shape == (2 * len(TOWNS), len(ARMS) * len(READINGS))
    assert sorted(row for rows in towns.values() for row in rows) == list(range(8))
    as_is, turned = (table.values[:, table.index[column(arm, FRAME_NEAR)]] for arm in ("as_is", "turnover"))
    assert np.all(as_is != turned)


def test_contact_and_moderation_have_their_counterfactuals(samples) -> None:
    table, _ = samples[MODEL]
    whole = np.arange(len(table.values))
    sample = Sample(table, whole, whole)
    assert np.any(arm_difference(sample, CONTACT_OFF, ATTITUDE) != 0)
    assert np.any(moderated_advantage(sample, UNMODERATED) != moderated_advantage(sample, "as_is"))
    correlated, warmer = contact_effects(sample)
    assert correlated.value == pytest.approx(
        -np.nanmean(arm_difference(sample, CONTACT_OFF, CONTACT_AND_ATTITUDE))
    )
    assert warmer.value == pytest.approx(-np.mean(arm_difference(sample, CONTACT_OFF, ATTITUDE)))


def test_the_advantage_of_moderated_settings_is_ties_per_meeting() -> None:
    sample = handmade_study(RECIPES["S92"], 1).counterfactuals
    assert moderated_advantage(sample, "as_is") == pytest.approx(np.full(len(sample), 0.1 / 0.15), abs=0.1)
    assert np.isnan(moderated_advantage(sample, "rewire")).all()


def test_without_interactions_changes_have_no_effect(samples) -> None:
    study = handmade_study(RECIPES["S43"], 1)
    table, _ = samples[INTERACTIONS_OFF]
    whole = np.arange(len(table.values))
    off = type(study.counterfactuals)(table, whole, whole)
    assert all(found.value == 0.0 for found in frame_shifts(off).values())
    assert np.all(arm_difference(off, "peers", "mipex_total", "no_peers") == 0.0)
    frame = counterfactuals_frame({"interactions_off": off})
    assert list(frame["change"]) == [
        *("turnover", "turnover", "rewire", "rewire", "contact", "contact", "moderation", "peers")
    ]
    assert contact_effects(off)[1].value == 0.0
    assert frame["n"].eq(8).all()


@pytest.mark.parametrize(
    ("arm", "reading"),
    [("turnover", FRAME_NEAR), ("rewire", FRAME_FAR)],
    ids=["change of executive", "rewiring"],
)
def test_frames_must_follow_near_and_far_in_both_counterfactuals(arm: str, reading: str) -> None:
    """What the study saw is there; one trial in which the frames stay where they were refutes it."""
    check = checks_by_finding()["S43"]
    study = handmade_study(RECIPES["S43"], 1)
    assert check.judge(study).passed
    table = study.counterfactuals.table
    table.values[:, table.index[column(arm, reading)]] = table.values[
        :, table.index[column("as_is", reading)]
    ]
    assert not check.judge(study).passed
