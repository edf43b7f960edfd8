"""Perception: beliefs follow the voices that are heard, whichever camp is louder."""

import numpy as np
from towns import place
from worlds import live, small_locality

from woc_sim.rules.voice import COSTLY, FREE
from woc_sim.world.people import NON_EUROPEAN


def test_beliefs_follow_the_voices_of_either_camp():
    believed = []
    for attitude in (0.7, -0.7):
        locality = place()
        locality.sets["residents"].attitude_to[NON_EUROPEAN] = attitude
        live(locality, range(48), ["perception"])
        believed.append(float(locality.sets["organisations"].belief[0]))
    assert believed[0] > 0.2
    assert believed[1] < -0.2


def test_beliefs_are_more_hostile_than_the_truth_where_both_camps_are_equal():
    believed = []
    for replicate in range(8):
        locality = small_locality(300, inhabitants=40_000.0, replicate=replicate)
        half = len(locality.sets["residents"]) // 2
        locality.sets["residents"].attitude_to[NON_EUROPEAN, :half] = 0.5
        locality.sets["residents"].attitude_to[NON_EUROPEAN, half:] = -0.5
        live(locality, range(48), ["perception"])
        believed.append(float(locality.sets["organisations"].belief[0]))
    error = np.std(believed, ddof=1) / np.sqrt(len(believed))
    assert np.mean(believed) < -3 * error


def voices(theory: int, **covariates: float) -> tuple[float, float]:
    """Supportive and hostile voices of some months, where both camps are equal."""
    locality = small_locality(800, theories={"voice": theory})
    for column, value in {"nation_ideology": 0.0, "region_ideology": 0.0, **covariates}.items():
        locality.row.buffer(column)[0] = value  # founding draws the majorities
    half = len(locality.sets["residents"]) // 2
    locality.sets["residents"].attitude_to[NON_EUROPEAN, :half] = 0.5
    locality.sets["residents"].attitude_to[NON_EUROPEAN, half:] = -0.5
    found = np.zeros(2)
    for month in range(36):
        live(locality, [month], ["perception"])
        found += (locality.value("voice_for"), locality.value("voice_against"))
    return float(found[0]), float(found[1])


def test_supporters_fall_silent_where_opponents_are_loud_and_not_the_other_way_round():
    loud, free = voices(COSTLY, rrp=0.4), voices(FREE, rrp=0.4)
    assert loud[0] < 0.8 * free[0]
    assert loud[1] == free[1]


def test_a_hostile_majority_above_makes_supporters_speak_up():
    quiet, provoked = voices(COSTLY), voices(COSTLY, region_ideology=-1.0)
    assert provoked[0] > 1.05 * quiet[0]
    assert provoked[1] == quiet[1]
    assert voices(FREE, region_ideology=-1.0) == voices(FREE)
