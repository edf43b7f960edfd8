"""Notes on the way: contact by setting, and the panel of cohorts."""

import math

import numpy as np
from noted import noted

from woc_sim.instruments import resident_survey
from woc_sim.instruments.follow_up import SETTINGS, FollowUp
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.places import ASSOCIATION, WORKPLACE


def test_contact_by_setting_is_noted_for_a_year_only(place):
    place.migrants.met_venue[:] = WORKPLACE
    early = FollowUp(place, 144)
    early.record(100)
    assert early.times.sum() == 0
    notes = noted(place)
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


def test_every_setting_has_a_bit_of_its_own(place):
    """More settings than bits would lose the last ones."""
    for venue in range(SETTINGS):
        place.migrants.met_venue[:] = venue
        notes = noted(place)
        met = notes.times > 0
        assert met.any()
        everybody = np.arange(len(place.residents))
        for other in range(SETTINGS):
            expected = met[:, NON_EUROPEAN] if other == venue else np.zeros(len(everybody), dtype=bool)
            assert np.array_equal(notes.met_in(everybody, NON_EUROPEAN, other), expected)


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
