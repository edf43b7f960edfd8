"""Interventions change what they name, in the months in which they hold, and then let go."""

import numpy as np
import pytest
from tests.worlds import small_locality

from woc_sim.processes.interventions import Interventions
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.schema import Intervention
from woc_sim.world.governance import NATION, REGION


def place():
    return small_locality(200, inhabitants=40_000.0, executive_ideology=-0.4)


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_each_changes_its_columns_and_nothing_before_it_begins(name):
    locality = place()
    locality.row.politicisation[0] = 0.8
    turn = Interventions(locality, (Intervention(name, 5, 8, 1.0),))
    columns = [change.column for change in EFFECTS[name].changes]
    before = [locality.buffer(column).copy() for column in columns]
    turn.step(4)
    assert all(np.array_equal(locality.buffer(c), b) for c, b in zip(columns, before, strict=True))
    turn.step(5)
    assert all(not np.array_equal(locality.buffer(c), b) for c, b in zip(columns, before, strict=True))


def test_what_is_given_is_taken_back_and_does_not_pile_up():
    locality = place()
    funding = locality.sets["measures"].funding.copy()
    turn = Interventions(locality, (Intervention("expertise", 5, 8, 1.0),))
    for month in (5, 6, 7):
        turn.step(month)
        assert np.all(locality.sets["measures"].funding >= np.maximum(funding, 0.5) - 1e-12)
        assert np.all(locality.sets["measures"].funding <= np.maximum(funding, 0.5) + 1e-12)
    turn.step(8)
    np.testing.assert_array_equal(locality.sets["measures"].funding, funding)


def test_links_open_the_way_to_region_and_nation_only():
    locality = place()
    kinds = locality.sets["organisations"].kind
    higher = np.isin(kinds, (REGION, NATION))
    before = locality.sets["governance"].reach.copy()
    Interventions(locality, (Intervention("links", 0, 9, 1.0),)).step(0)
    after = locality.sets["governance"].reach
    np.testing.assert_array_equal(after[~higher][:, ~higher], before[~higher][:, ~higher])
    assert np.all(after[higher][:, ~higher] == 1.0)


def test_a_frame_campaign_keeps_the_weights_a_distribution():
    locality = place()
    Interventions(locality, (Intervention("responsibility", 0, 9, 1.0),)).step(0)
    weights = locality.sets["organisations"].prognostic
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-12)
    assert np.all(weights[:, 3] >= 0.6 - 1e-12)


def test_a_survey_moves_beliefs_towards_the_truth_from_either_side():
    locality = place()
    locality.sets["residents"].attitude[:] = 0.2
    beliefs = locality.sets["organisations"].belief
    beliefs[0], beliefs[1] = -0.6, 0.8
    Interventions(locality, (Intervention("perception", 0, 9, 1.0),)).step(0)
    assert beliefs[0] == pytest.approx(-0.2)
    assert beliefs[1] == pytest.approx(0.5)
