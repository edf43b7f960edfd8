"""Migrant interviews: what migrants tell is what they live."""

import math

import numpy as np
import pytest
from noted import noted

from woc_sim.instruments import migrant_interviews
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.world.people import MIGRANT_DIED, UKRAINIAN


def test_migrants_tell_what_they_live(place):
    people = place.migrants
    people.tie[:] = -1
    people.belonging[:] = 0.9
    people.loneliness[:] = 0.0
    people.discrimination[:] = 50.0
    found = migrant_interviews.read(place, noted(place), 137)
    assert found["no_tie_share"] == found["latent_no_tie_share"] == 1.0
    assert found["welcome_share"] > 0.95
    assert found["lonely_share"] < 0.05
    assert found["discrimination_share"] > 0.9
    assert math.isnan(found["r_ties_language"])
    assert found["interviewed_migrants"] == 40.0


def test_those_who_chose_are_told_from_those_who_were_placed(place):
    place.migrants.stay[:] = np.where(place.migrants.arrival == 2, 0.9, -0.9)
    found = migrant_interviews.read(place, noted(place), 137)
    assert found["stay_chose"] == 1.0
    assert found["stay_placed"] == 0.0


def test_the_visible_and_those_without_family_are_told_apart(place):
    people = place.migrants
    people.visible[:] = np.arange(len(people)) % 2
    people.discrimination[:] = 3.0 * people.visible
    people.family[:] = 1 + people.visible
    people.loneliness[:] = 0.9 - 0.5 * people.visible
    found = migrant_interviews.read(place, noted(place), 137)
    assert (found["discrimination_visible"], found["discrimination_not_visible"]) == (3.0, 0.0)
    assert found["loneliness_family_abroad"] == pytest.approx(0.9)
    assert found["loneliness_family_here"] == pytest.approx(0.4)


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
    found = migrant_interviews.read(place, noted(place), 137)
    assert found["onward_3y"] == pytest.approx(20 / 80)
    assert found["onward_5y"] == pytest.approx(60 / 80)
    assert found["onward_status_3y"] == 0.0
    place.migrants.departure[place.migrants.left >= 0] = MIGRANT_DIED
    assert migrant_interviews.read(place, noted(place), 137)["onward_5y"] == 0.0


def test_ties_of_groups_can_be_counted_a_year_of_stay(place):
    people = place.migrants
    ukrainian = people.group == UKRAINIAN
    people.cohort[:] = np.where(ukrainian, 126, 78)  # one year and five years before the interviews
    people.tie[:] = -1
    people.tie[:, 0] = 3
    person = migrant_interviews.read(place, noted(place), 137)
    assert person["ties_ne"] == person["ties_ua"] == 1.0
    place.parameters["instruments.stay_counts"] = 1.0
    stay = migrant_interviews.read(place, noted(place), 137)
    assert stay["ties_ne"] == pytest.approx(0.2)
    assert stay["ties_ua"] == pytest.approx(1.0)
    assert stay["ties_mean"] == person["ties_mean"]
