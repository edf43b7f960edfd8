"""Governance survey: ratings follow what raters see, believe and frame; drivers what decided."""

import math

import pytest

from woc_sim.instruments import governance_survey
from woc_sim.instruments.sampling import interviewees
from woc_sim.instruments.summary import correlation
from woc_sim.world.people import NON_EUROPEAN


def _informed(place):
    place.measures.in_force[:] = 1
    place.measures.effect[:] = 1.0
    place.organisations.initiative[:] = 1.0
    place.governance.frequency[:] = 40.0
    return place


def test_without_information_everybody_gives_the_midpoint(place):
    place.measures.in_force[:] = 0
    place.organisations.initiative[:] = 0
    place.organisations.belief[:] = -1.0
    found = governance_survey.read(place, interviewees(place))
    assert found["perceived_integration"] == found["perceived_attitudes"] == 3.0
    assert found["perceived_integration_sd"] == 0.0
    assert found["latent_information"] == 0.0


def test_informed_raters_see_what_is_there(make):
    good, bad = _informed(make()), _informed(make())
    for place, level in ((good, 1), (bad, 0)):
        people = place.migrants
        people.language[:] = level
        people.job[:] = 2 * level
        people.housing[:] = 3 * level
        people.tie[:] = 5 if level else -1
        people.discrimination[:] = 0.0 if level else 9.0
    high, low = (governance_survey.read(place, interviewees(place)) for place in (good, bad))
    assert high["perceived_integration"] > 3.5 > 2.5 > low["perceived_integration"]
    assert high["latent_integration"] > 0.0 > low["latent_integration"]
    assert high["perceived_attitudes"] == low["perceived_attitudes"]


def test_what_is_seen_depends_on_the_frame(make):
    """Jobs for all but no ties: self-sufficiency sees success where participation sees failure."""
    seen = []
    for frame in (3, 0):
        place = _informed(make())
        place.migrants.job[:] = 2
        place.migrants.tie[:] = -1
        place.organisations.diagnostic[:] = 0.0
        place.organisations.diagnostic[:, frame] = 1.0
        place.parameters["instruments.attention"] = 0.01
        seen.append(governance_survey.read(place, interviewees(place))["perceived_integration"])
    assert seen[0] > seen[1]


def test_children_are_not_missed_at_work(make):
    seen = []
    for age in (30.0, 10.0):
        place = _informed(make())
        place.migrants.job[:] = 0
        place.migrants.age[:40] = age
        place.migrants.age[40:] = 10.0
        seen.append(governance_survey.read(place, interviewees(place))["latent_integration"])
    assert seen[1] > seen[0]


def test_belief_moves_the_rating_of_attitudes(make):
    ratings = []
    for belief in (-0.6, 0.6):
        place = _informed(make())
        place.organisations.belief[:] = belief
        ratings.append(governance_survey.read(place, interviewees(place))["perceived_attitudes"])
    assert ratings[1] > ratings[0] + 1.0


def test_one_halo_colours_both_answers(make):
    def together(halo):
        pairs = []
        for seed in range(30):
            place = _informed(make())
            place.seed = seed
            place.parameters["instruments.halo"] = halo
            pairs += [
                (each.integration, each.attitudes)
                for each in governance_survey.ratings(place, interviewees(place))
            ]
        return correlation([a for a, _ in pairs], [b for _, b in pairs])

    assert together(1.2) > together(0.0) + 0.25


def test_gaps_of_belief_are_measured_against_the_residents(place):
    place.organisations.belief[:] = -0.2
    place.organisations.belief[3] = -0.8
    place.row.rrp[0] = 0.25
    place.residents.attitude_to[NON_EUROPEAN][:] = 0.1
    found = governance_survey.read(place, interviewees(place))
    assert found["belief_gap"] == pytest.approx(-0.3)
    assert found["belief_politicians"] == pytest.approx(0.75 * -0.2 + 0.25 * -0.8)
    assert found["belief_gap_all"] < -0.3


def test_the_larger_contribution_is_recalled_as_the_more_important_driver(place):
    place.parameters["instruments.recall_noise"] = 0.0
    for size, name in enumerate(("cost", "mandate", "need", "lobby", "party", "opinion", "own")):
        place.measures.buffer(f"part_{name}")[:] = -float(size)
    found = governance_survey.drivers(place, interviewees(place))
    order = [
        found[f"driver_{name}"] for name in ("own", "opinion", "party", "lobby", "need", "mandate", "cost")
    ]
    assert order == sorted(order, reverse=True)
    assert (order[0], order[-1]) == (5.0, 1.0)


def test_drivers_are_unknown_before_the_first_decision(place):
    for name in governance_survey.DRIVERS:
        place.measures.buffer(f"part_{name}")[:] = 0.0
    assert all(math.isnan(value) for value in governance_survey.drivers(place, interviewees(place)).values())
