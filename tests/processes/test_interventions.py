"""Interventions change what they name, in the months in which they hold, and then let go."""

import numpy as np
import pytest
from tests.worlds import small_locality

from woc_sim.errors import UserError
from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.organisations import level_code
from woc_sim.processes.interventions import Interventions, given_columns
from woc_sim.processes.schedule import GIVEN, PROCESSES
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import Intervention
from woc_sim.simulation import open_world

ABOVE = [level_code("region"), level_code("nation")]


def place():
    return small_locality(200, inhabitants=40_000.0, executive_ideology=-0.4)


def turn_of(locality, *settings):
    """One intervention as a turn of the schedule: its name, first month, month after its last, strength."""
    return Interventions(locality, (Intervention(*settings),), GIVEN)


def test_what_no_process_writes_is_given_from_outside():
    written = {column for process in PROCESSES for column in process.writes}
    changes = [change for effect in EFFECTS.values() for change in effect.changes]
    for change in changes:
        assert change.once or change.column in written or change.column in GIVEN, change
    assert not written & {*GIVEN}
    assert set(GIVEN) == {
        "measures.funding",
        "governance.reach",
        "organisations.dependence",
        "sectors.higher",
        "locality.arrivals_per_1000.non_european",
    }
    assert "locality.politicisation" in given_columns(written - {"locality.politicisation"})
    assert "blocs.ideology" not in given_columns(()), "what happens once is not undone"


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_after_its_end_everything_that_no_process_writes_is_as_it_was(name):
    """Nothing but the intervention acts here, so a column that is left changed must have a process that works
    it off."""
    locality = place()
    locality.row.politicisation[0] = 0.8
    turn = turn_of(locality, name, 0, 2, 1.0)
    before = {change.column: locality.buffer(change.column).copy() for change in EFFECTS[name].changes}
    for month in range(3):
        turn.step(month)
    written = {column for process in PROCESSES for column in process.writes}
    once = {change.column for change in EFFECTS[name].changes if change.once}
    for column, values in before.items():
        if column not in written | once:
            np.testing.assert_array_equal(locality.buffer(column), values)


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_each_changes_its_columns_and_nothing_before_it_begins(name):
    locality = place()
    locality.row.politicisation[0] = 0.8
    turn = turn_of(locality, name, 5, 8, 1.0)
    columns = [change.column for change in EFFECTS[name].changes]
    before = [locality.buffer(column).copy() for column in columns]
    turn.step(4)
    assert all(np.array_equal(locality.buffer(c), b) for c, b in zip(columns, before, strict=True))
    turn.step(5)
    assert all(not np.array_equal(locality.buffer(c), b) for c, b in zip(columns, before, strict=True))


def test_what_is_given_is_taken_back_and_does_not_pile_up():
    locality = place()
    funding = locality.sets["measures"].funding.copy()
    turn = turn_of(locality, "expertise", 5, 8, 1.0)
    for month in (5, 6, 7):
        turn.step(month)
        assert np.all(locality.sets["measures"].funding >= np.maximum(funding, 0.5) - 1e-12)
        assert np.all(locality.sets["measures"].funding <= np.maximum(funding, 0.5) + 1e-12)
    turn.step(8)
    np.testing.assert_array_equal(locality.sets["measures"].funding, funding)


def test_links_open_the_way_to_region_and_nation_only():
    locality = place()
    higher = np.isin(locality.sets["organisations"].level, ABOVE)
    before = locality.sets["governance"].reach.copy()
    turn_of(locality, "links", 0, 9, 1.0).step(0)
    after = locality.sets["governance"].reach
    np.testing.assert_array_equal(after[~higher][:, ~higher], before[~higher][:, ~higher])
    assert np.all(after[higher][:, ~higher] == 1.0)


def test_a_frame_campaign_keeps_the_weights_a_distribution():
    locality = place()
    turn_of(locality, "responsibility", 0, 9, 1.0).step(0)
    weights = locality.sets["organisations"].prognostic
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-12)
    assert np.all(weights[:, prognostic_frame("whole_community")] >= 0.6 - 1e-12)


def test_a_survey_moves_beliefs_towards_the_truth_from_either_side():
    locality = place()
    locality.sets["residents"].attitude[:] = 0.2
    beliefs = locality.sets["organisations"].belief
    beliefs[0], beliefs[1] = -0.6, 0.8
    turn_of(locality, "perception", 0, 9, 1.0).step(0)
    assert beliefs[0] == pytest.approx(-0.2)
    assert beliefs[1] == pytest.approx(0.5)


def test_a_turnover_happens_once_and_to_the_executive_only():
    locality = small_locality(200, inhabitants=40_000.0, executive_ideology=-0.4, rrp=0.1)
    head = locality.sets["organisations"].head == 1
    ideology, blocs = locality.sets["organisations"].ideology, locality.sets["blocs"]
    before, parties = ideology.copy(), blocs.ideology.copy()
    turn = turn_of(locality, "turnover", 5, 9, 1.0)
    for month in (5, 6, 9):
        turn.step(month)
        assert locality.value("executive_ideology") == pytest.approx(0.4)
        np.testing.assert_allclose(ideology[head], 0.4)
        np.testing.assert_array_equal(ideology[~head], before[~head])
        radical = blocs.radical_right == 1
        np.testing.assert_array_equal(blocs.ideology[radical], parties[radical])
        np.testing.assert_allclose(blocs.ideology[~radical], -parties[~radical])


def test_half_a_turnover_leaves_an_executive_of_the_middle():
    locality = place()
    turn_of(locality, "turnover", 5, 9, 0.5).step(5)
    assert locality.value("executive_ideology") == pytest.approx(0.0)


def test_rewiring_turns_the_executive_from_its_own_to_all_others_and_lets_go():
    locality = place()
    organisations, reach = locality.sets["organisations"], locality.sets["governance"].buffer("reach")
    executive, near = organisations.head == 1, organisations.works_for_executive == 1
    far = ~executive & ~near & (organisations.radical_right == 0) & (organisations.level == 0)
    assert np.array_equal(far, (organisations.nonpublic == 1) & ~near)
    before, paid = reach.copy(), organisations.dependence.copy()
    turn = turn_of(locality, "rewire", 5, 6, 1.0)
    turn.step(5)
    assert np.all(reach[executive][:, near] == 0.0)
    assert np.all(reach[executive][:, far] == 1.0)
    np.testing.assert_array_equal(reach, reach.T)
    np.testing.assert_array_equal(reach[~executive][:, ~executive], before[~executive][:, ~executive])
    assert np.all(organisations.dependence[near] == 0.0)
    assert np.all(organisations.dependence[far] == 0.9)
    turn.step(6)
    np.testing.assert_array_equal(reach, before)
    np.testing.assert_array_equal(organisations.dependence, paid)


def test_an_intervention_can_hold_in_some_localities_of_a_world_only():
    def asked(**more):
        links = {"start": "2014-01", **more}
        place = {"case": ["C31", "C32"], "people": 60, "months": 30}
        return parse_scenario({**place, "intervention": {"links": links}})

    everywhere, somewhere = asked(), asked(where=["C32"])
    reach = {}
    for name, scenario in (("everywhere", everywhere), ("somewhere", somewhere)):
        with open_world(scenario, 0) as world:
            for _ in range(25):
                world.step()
            higher = [np.isin(each.organisations.level, ABOVE) for each in world.localities]
            reach[name] = [
                each.sets["governance"].reach[rows][:, ~rows].min()
                for each, rows in zip(world.localities, higher, strict=True)
            ]
    assert reach["everywhere"] == [1.0, 1.0]
    assert reach["somewhere"][0] < reach["somewhere"][1] == 1.0


def test_an_intervention_in_a_place_that_is_not_there_is_refused():
    with pytest.raises(UserError, match=r"intervention.links.where is 'C33'"):
        parse_scenario({"case": ["C31", "C32"], "intervention": {"links": {"where": "C33"}}})
