"""Instruments that ask residents and migrants, and the encounter log."""

import math

import numpy as np
import pytest

from woc_sim.instruments import encounter_log, migrant_interviews, resident_survey
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.instruments.sampling import sample
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.places import ASSOCIATION, PLACE_KINDS, WORKPLACE


def _notes(place, months=range(144)):
    notes = FollowUp(place, 144)
    for month in months:
        notes.record(month)
    return notes


def _asked(place):
    return resident_survey.read(place, _notes(place))


def test_a_sample_keeps_its_people_when_others_arrive(place):
    key = place.key("instrument.test")
    entities = place.residents.entity
    few = sample(key, entities, np.arange(300), 100)
    many = sample(key, entities, np.arange(600), 100)
    assert few.size == many.size == 100
    assert set(many[many < 300]) <= set(few)
    assert sample(key, entities, np.arange(40), 100).size == 40


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


def test_contact_by_setting_is_noted_for_a_year_only(place):
    place.migrants.met_place[:] = WORKPLACE
    early = FollowUp(place, 144)
    early.record(100)
    assert early.times.sum() == 0
    notes = _notes(place)
    found = resident_survey.read(place, notes)
    assert found["contact_workplace_ne"] > 0.0
    assert found["contact_association_ne"] == 0.0
    expected = 12 * (place.migrants.met[place.migrants.present == 1] >= 0).sum()
    assert notes.times.sum() == expected
    everybody = np.arange(len(place.residents))
    met = notes.times > 0
    for group in (NON_EUROPEAN, UKRAINIAN):
        assert np.array_equal(notes.met_in(everybody, group, WORKPLACE), met[:, group])
        assert not notes.met_in(everybody, group, ASSOCIATION).any()


def test_stability_compares_with_a_year_ago(place):
    notes = FollowUp(place, 144)
    notes.record(125)
    assert resident_survey.read(place, notes)["attitude_stability"] == pytest.approx(1.0)
    place.residents.attitude_to[NON_EUROPEAN][:] = -place.residents.attitude_to[NON_EUROPEAN]
    assert resident_survey.read(place, notes)["attitude_stability"] == pytest.approx(-1.0)


def test_migrants_tell_what_they_live(place):
    people = place.migrants
    people.tie[:] = -1
    people.belonging[:] = 0.9
    people.loneliness[:] = 0.0
    people.discrimination[:] = 50.0
    found = migrant_interviews.read(place, _notes(place), 137)
    assert found["no_tie_share"] == found["latent_no_tie_share"] == 1.0
    assert found["welcome_share"] > 0.95
    assert found["lonely_share"] < 0.05
    assert found["discrimination_share"] > 0.9
    assert math.isnan(found["r_ties_language"])
    assert found["interviewed_migrants"] == 40.0


def test_those_who_chose_are_told_from_those_who_were_placed(place):
    place.migrants.stay[:] = np.where(place.migrants.arrival == 2, 0.9, -0.9)
    found = migrant_interviews.read(place, _notes(place), 137)
    assert found["stay_chose"] == 1.0
    assert found["stay_placed"] == 0.0


def test_the_visible_and_those_without_family_are_told_apart(place):
    people = place.migrants
    people.visible[:] = np.arange(len(people)) % 2
    people.discrimination[:] = 3.0 * people.visible
    people.family[:] = 1 + people.visible
    people.loneliness[:] = 0.9 - 0.5 * people.visible
    found = migrant_interviews.read(place, _notes(place), 137)
    assert (found["discrimination_visible"], found["discrimination_not_visible"]) == (3.0, 0.0)
    assert found["loneliness_family_abroad"] == pytest.approx(0.9)
    assert found["loneliness_family_here"] == pytest.approx(0.4)


def test_the_panel_follows_cohorts_at_their_anniversaries(place):
    people = place.migrants
    people.present[:] = 1
    people.group[:] = 0
    people.cohort[:] = 24
    people.age[:] = 30
    notes = FollowUp(place, 144)
    for month in range(144):
        people.job[:] = 2 if month >= 50 else 0
        people.language[:] = 0.9 if month >= 60 else 0.1
        notes.record(month)
    found = notes.read()
    assert (found["employed_2y"], found["employed_3y"]) == (0.0, 1.0)
    assert (found["language_good_2y"], found["language_good_3y"]) == (0.0, 1.0)
    assert math.isnan(found["employed_ua_1y"])


def test_change_within_persons(place):
    people = place.migrants
    people.present[:] = 1
    people.group[:] = 0
    people.cohort[:] = 60
    notes = FollowUp(place, 144)
    for month in range(138):
        people.belonging[:] = -0.2 if month < 100 else (0.6 if month < 125 else 0.3)
        notes.record(month)
    found = migrant_interviews.read(place, notes, 137)
    assert found["belonging_improved"] == 1.0
    assert found["ties_improved"] == 0.0
    assert found["experience_ne_before"] == pytest.approx(0.6)
    assert found["experience_ne_after"] == pytest.approx(0.3)


def test_onward_moves_are_timed(place):
    people = place.migrants
    people.group[:] = 0
    people.cohort[:] = 40
    people.decision[:] = 50
    people.present[:] = 0
    people.left[:] = 45
    people.left[:40] = 90
    people.present[60:] = 1
    people.left[60:] = -1
    found = migrant_interviews.read(place, _notes(place), 137)
    assert found["onward_3y"] == pytest.approx(20 / 80)
    assert found["onward_5y"] == pytest.approx(60 / 80)
    assert found["onward_status_3y"] == 0.0


def test_shares_of_settings_add_up(place):
    found = encounter_log.read(place)
    for name in ("meetings", "tie_origin", "discrimination"):
        assert sum(found[f"{name}_{kind}"] for kind in PLACE_KINDS) == pytest.approx(1.0)
    place.encounters.bad_total[WORKPLACE] = 900.0
    assert encounter_log.read(place)["good_workplace"] == pytest.approx(0.5)


def test_ties_held_by_volunteers(place):
    place.residents.volunteered[:] = 0
    place.residents.volunteered[7] = 1
    place.migrants.tie[:] = np.where(place.migrants.tie >= 0, 7, -1)
    found = encounter_log.read(place)
    assert found["tie_volunteer_share"] == 1.0
    assert found["tie_gini"] == pytest.approx(1 - 1 / len(place.residents))
    assert found["residents_with_tie"] == pytest.approx(1 / len(place.residents))
    friendly = (place.residents.attitude_to[NON_EUROPEAN] > 0).mean()
    assert found["positive_without_tie"] == pytest.approx(friendly, abs=0.01)


def test_who_has_left_holds_no_tie(place):
    place.migrants.present[:] = 0
    found = encounter_log.read(place)
    assert math.isnan(found["tie_volunteer_share"])
    assert math.isnan(found["volunteers_per_migrant"])
