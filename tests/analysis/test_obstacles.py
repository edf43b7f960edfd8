"""Removing the six obstacles: each acts through its own channel, effects are read from pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis.obstacles import (
    OBSTACLES,
    OUTCOMES,
    START,
    TOGETHER,
    WITHOUT,
    obstacles,
    paired_effects,
    scenario_of,
    tasks_of,
)
from woc_sim.cli.main import main
from woc_sim.ensemble.plausible import read_sets
from woc_sim.ensemble.run import LocalityRows
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario

CHANNELS = {
    "expertise": ("mipex_total", 1),
    "links": ("vertical", 1),
    "eu_weight": ("mipex_total", 1),
    "responsibility": ("latent_whole_community", 1),
    "depoliticise": ("politicisation", -1),
    "perception": ("belief_gap", 1),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "obstacles"
    assert main(["obstacles", "replicates=6", "people=120", "workers=1", f"out={out}"]) == 0
    return out


@pytest.fixture(scope="module")
def table(folder):
    return pd.read_csv(folder / "obstacles.csv")


@pytest.mark.parametrize("name", OBSTACLES)
def test_each_moves_its_own_channel(table, name):
    outcome, sign = CHANNELS[name]
    rows = table[(table["intervention"] == name) & (table["outcome"] == outcome)].set_index("type")
    assert rows.loc["all", "n"] == 24
    assert sign * rows.loc["all", "effect"] > 0
    assert rows.loc["all", "low"] * rows.loc["all", "high"] > 0


def test_together_moves_what_each_moves(table):
    rows = table[(table["intervention"] == TOGETHER) & (table["type"] == "all")].set_index("outcome")
    for outcome, sign in CHANNELS.values():
        assert sign * rows.loc[outcome, "effect"] > 0, outcome


def test_the_study_is_kept_and_drawn(folder, table):
    again = obstacles(folder, replicates=6, people=120, workers=1, progress=False)
    pd.testing.assert_frame_equal(again, table, check_dtype=False)
    assert (folder / "figures" / "obstacles.png").stat().st_size > 20_000
    assert set(table["type"]) == {"revitalising", "in_transition", "marginal", "left_behind", "all"}


def test_an_arm_differs_by_its_interventions_alone():
    base = Scenario((), people=100, seed=4)
    bare, one, six = (scenario_of(base, arm, "marginal") for arm in (WITHOUT, "links", TOGETHER))
    assert not bare.interventions
    assert [(each.name, each.start) for each in one.interventions] == [("links", START)]
    assert [each.name for each in six.interventions] == list(OBSTACLES)
    assert bare.localities == one.localities == six.localities


@pytest.fixture
def sets(tmp_path):
    """A file of two sets that differ in the base weight of the whole-of-community frame."""
    path = tmp_path / "posterior.csv"
    path.write_text("set,weight,frames.whole_community\n3,0.5,0\n8,0.5,2\n")
    return path


def test_all_runs_of_a_replicate_have_its_set_so_that_pairs_stay_paired(sets):
    base = Scenario((), people=100)
    weights = {}
    for task, without in zip(tasks_of(base, 4, read_sets(sets)), tasks_of(base, 4), strict=True):
        parameters = task.scenario.parameters
        weights.setdefault(task.replicate, set()).add(parameters["frames.whole_community"])
        assert task == replace(without, scenario=replace(without.scenario, parameters=parameters))
    assert weights == {0: {0.0}, 1: {2.0}, 2: {0.0}, 3: {2.0}}


def test_intervals_carry_what_the_sets_leave_open(table, sets, tmp_path):
    out = tmp_path / "o"
    typed = ["replicates=3", "people=120", "workers=1", f"out={out}"]
    assert main(["obstacles", f"parameters={sets}", *typed]) == 0
    found = pd.read_csv(out / "obstacles.csv")
    assert pd.read_csv(out / "sets.csv")["set"].tolist() == [3, 8, 3]
    frames = "intervention == 'responsibility' and outcome == 'latent_whole_community'"
    here, there = (each.query(frames).set_index("type") for each in (found, table))
    assert (here["high"] - here["low"] > 10 * (there["high"] - there["low"])).all()
    assert here["n"].to_dict() == {**dict.fromkeys(here.index, 3), "all": 3}, "replicates, not their types"


def test_a_replicate_of_several_types_counts_once_with_sets():
    tasks, outcomes = [], []
    for replicate, changes in ((0, (1.0, 3.0)), (1, (5.0, np.nan))):
        for kind, change in zip(("marginal", "in_transition"), changes, strict=True):
            for arm, value in ((WITHOUT, 0.0), ("links", change)):
                rows = np.full(len(READING_NAMES), value), np.zeros((1, len(INDICATOR_NAMES)))
                tasks.append(Task(arm, kind, Scenario(()), replicate, "year"))
                outcomes.append(Outcome(str(len(tasks)), (LocalityRows("x", replicate, *rows),), 0.1))
    found = paired_effects(tasks, outcomes, with_sets=True).set_index(["type", "outcome"])
    row = found.loc["all", "mipex_total"]
    assert (row["effect"], row["n"]) == (3.5, 2)
    assert row["high"] - row["effect"] == pytest.approx(12.706 * 1.5, rel=1e-4)
    assert paired_effects(tasks, outcomes).set_index(["type", "outcome"]).loc["all", "mipex_total"]["n"] == 3


def test_effects_are_means_of_paired_differences():
    tasks, outcomes = [], []
    for replicate, change in ((0, 1.0), (1, 3.0), (2, 2.0)):
        for arm, by in ((WITHOUT, 0.0), ("links", change)):
            readings = np.full(len(READING_NAMES), 10.0 * replicate + by)
            indicators = np.full((2, len(INDICATOR_NAMES)), np.nan)
            tasks.append(Task(arm, "marginal", Scenario(()), replicate, "year"))
            outcomes.append(
                Outcome(str(len(tasks)), (LocalityRows("x", replicate, readings, indicators),), 0.1)
            )
    found = paired_effects(tasks, outcomes).set_index(["type", "outcome"])
    row = found.loc["marginal", "mipex_total"]
    assert row["effect"] == pytest.approx(2.0)
    assert row["high"] - row["effect"] == pytest.approx(4.303 / 3**0.5, rel=1e-4)
    assert row["without"] == pytest.approx(10.0)
    assert found.loc["all", "mipex_total"]["n"] == 3
    assert found.loc["all", "politicisation"]["n"] == 0
    assert len(found) == 2 * len(OUTCOMES)


def test_a_mistake_is_one_sentence(tmp_path, capsys):
    assert main(["obstacles", "replicates=1", f"out={tmp_path / 'o'}"]) == 2
    assert "replicates" in capsys.readouterr().err
    assert main(["obstacles", "parameters=nothing.csv", f"out={tmp_path / 'o'}"]) == 2
    assert "nothing.csv does not exist" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
