"""Perception: beliefs follow the voices that are heard, whichever camp is louder."""

import numpy as np
from towns import place
from worlds import live, small_locality

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
