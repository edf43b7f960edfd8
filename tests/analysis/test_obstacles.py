"""Removing the six obstacles: each acts through its own channel, effects are read from pairs."""

from __future__ import annotations

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
)
from woc_sim.cli.main import main
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
    assert main(["obstacles", "replicates=3", "people=120", "workers=1", f"out={out}"]) == 0
    return out


@pytest.fixture(scope="module")
def table(folder):
    return pd.read_csv(folder / "obstacles.csv")


@pytest.mark.parametrize("name", OBSTACLES)
def test_each_moves_its_own_channel(table, name):
    outcome, sign = CHANNELS[name]
    rows = table[(table["intervention"] == name) & (table["outcome"] == outcome)].set_index("type")
    assert rows.loc["all", "n"] == 12
    assert sign * rows.loc["all", "effect"] > 0
    assert rows.loc["all", "low"] * rows.loc["all", "high"] > 0


def test_together_moves_what_each_moves(table):
    rows = table[(table["intervention"] == TOGETHER) & (table["type"] == "all")].set_index("outcome")
    for outcome, sign in CHANNELS.values():
        assert sign * rows.loc[outcome, "effect"] > 0, outcome


def test_the_study_is_kept_and_drawn(folder, table):
    again = obstacles(folder, replicates=3, people=120, workers=1, progress=False)
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
    assert not (tmp_path / "o").exists()
