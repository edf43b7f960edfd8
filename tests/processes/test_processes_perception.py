"""Perception: beliefs follow the voices that are heard, whichever camp is louder."""

import numpy as np
from towns import place
from worlds import live, small_locality

from woc_sim.rules.belief import COMMON_MEAN, OWN_HISTORY
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


def believed(theory: int, council: float, months: int = 48, **parameters: float) -> float:
    """Belief of the executive after so many months with residents of one mind; nobody projects."""
    changed = {"perception.projection": 0.0} | {
        name.replace("__", "."): each for name, each in parameters.items()
    }
    locality = small_locality(
        300,
        inhabitants=40_000.0,
        executive_ideology=council,
        theories={"first_beliefs": theory},
        parameters=changed,
    )
    locality.sets["residents"].attitude_to[NON_EUROPEAN] = 0.3
    live(locality, range(months), ["perception"])
    return float(locality.sets["organisations"].belief[0])


def test_beliefs_start_from_the_vote_and_turn_round_with_it():
    for_all = {believed(COMMON_MEAN, council, months=0) for council in (-0.8, 0.8)}
    assert for_all == {0.0}
    assert believed(OWN_HISTORY, -0.8, months=0) < -0.05
    assert believed(OWN_HISTORY, 0.8, months=0) > 0.05


def test_a_place_is_believed_to_think_as_it_was_known_to_until_voices_have_changed_its_name():
    voted_against, voted_for = believed(OWN_HISTORY, -0.8), believed(OWN_HISTORY, 0.8)
    assert voted_against < believed(COMMON_MEAN, -0.8) - 0.01
    assert voted_for > voted_against + 0.02
    later = believed(OWN_HISTORY, 0.8, months=600) - believed(OWN_HISTORY, -0.8, months=600)
    assert later < (voted_for - voted_against) / 5
    forgotten = {"first_beliefs__memory": 0.0, "first_beliefs__votes": 0.0}
    assert believed(OWN_HISTORY, -0.8, **forgotten) == believed(COMMON_MEAN, -0.8)
