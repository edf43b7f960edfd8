"""Encounter log: where people meet, how it goes, and who holds the ties."""

import math

import numpy as np
import pytest

from woc_sim.instruments import encounter_log
from woc_sim.world.people import NON_EUROPEAN
from woc_sim.world.places import PLACE_KINDS, WORKPLACE


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
