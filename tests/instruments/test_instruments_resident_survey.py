"""Resident survey: answers follow attitudes, contact and what was met."""

import numpy as np
import pytest
from noted import noted

from woc_sim.instruments import resident_survey
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def _asked(place):
    return resident_survey.read(place, noted(place))


def test_friendlier_residents_support_more(make):
    answers = []
    for shift in (-0.4, 0.4):
        place = make()
        place.residents.attitude_to[NON_EUROPEAN][:] = np.clip(
            place.residents.attitude_to[NON_EUROPEAN] + shift, -1, 1
        )
        answers.append(_asked(place))
    cold, warm = answers
    assert warm["support_ne"] > cold["support_ne"]
    assert warm["support_more"] > cold["support_more"]
    assert warm["against_more"] < cold["against_more"]
    assert warm["vote_rrp"] < cold["vote_rrp"]
    assert warm["support_ua"] == cold["support_ua"]


def test_only_the_answer_on_the_other_group_differs(place):
    place.residents.attitude_to[UKRAINIAN][:] = 1.0
    found = _asked(place)
    assert found["support_ua"] > 0.95 > found["support_ne"]


def test_relations_add_up_and_follow_contact(make):
    place = make()
    found = _asked(place)
    assert found["relations_none_ne"] + found["relations_good_ne"] + found[
        "relations_tense_ne"
    ] == pytest.approx(1)
    place.residents.contact_with[NON_EUROPEAN][:] = place.residents.conflict_with[NON_EUROPEAN][:] = 0.0
    assert _asked(place)["relations_none_ne"] == 1.0
    place.residents.conflict_with[NON_EUROPEAN][:] = 30.0
    assert _asked(place)["relations_tense_ne"] > 0.95


def test_contact_of_friends_is_seen(place):
    place.residents.contact_with[NON_EUROPEAN][:] = place.residents.conflict_with[NON_EUROPEAN][:] = 0.0
    place.residents.contact_with[NON_EUROPEAN][300:] = 40.0
    place.links.other[:] = 599
    seen = _asked(place)["relations_none_ne"]
    place.parameters["instruments.witness"] = 0.0
    assert _asked(place)["relations_none_ne"] > seen + 0.3


def test_threat_enters_no_answer_on_integration(place):
    rng = np.random.default_rng(5)
    place.residents.threat[:] = rng.random(len(place.residents))
    found = _asked(place)
    assert abs(found["r_threat_well_ne"]) < 0.15
    assert found["r_benefit_well_ne"] > 0.15  # benefit goes with attitude in this place


def test_integration_is_judged_by_the_migrants_one_met(make):
    shares = []
    for level in (0, 1):
        place = make()
        met = np.zeros(len(place.migrants), dtype=bool)
        met[::2] = True
        place.migrants.language[met] = level
        place.migrants.job[met] = 2 * level
        place.migrants.met[~met] = -1
        shares.append(_asked(place)["well_integrated_ne"])
    assert shares[1] > shares[0] + 0.1


def test_stability_compares_with_a_year_ago(place):
    notes = FollowUp(place, 144)
    notes.record(125)
    assert resident_survey.read(place, notes)["attitude_stability"] == pytest.approx(1.0)
    place.residents.attitude_to[NON_EUROPEAN][:] = -place.residents.attitude_to[NON_EUROPEAN]
    assert resident_survey.read(place, notes)["attitude_stability"] == pytest.approx(-1.0)
