"""Policy: the ideology of the executive decides on the direction of measures."""

import numpy as np
from worlds import live, small_locality

from woc_sim.rules.decline import INVITING, NO_PULL


def test_an_open_executive_builds_inclusive_policy_and_a_closed_one_restrictive_policy():
    inclusive, restrictive = [], []
    for ideology in (0.7, -0.7):
        counts = np.zeros(2)
        for replicate in range(4):
            locality = small_locality(
                200,
                inhabitants=40_000.0,
                executive_ideology=ideology,
                replicate=replicate,
                parameters={"policy.ideology": 1.0},  # nobody else speaks here
            )
            locality.sets["sectors"].need[:] = 0.15  # about the mean of simulated places in 2021
            live(locality, range(120), ["policy"])
            force = locality.sets["measures"].in_force == 1
            helps = locality.sets["measures"].direction > 0
            counts += (force & helps).sum(), (force & ~helps).sum()
        inclusive.append(counts[0])
        restrictive.append(counts[1])
    assert inclusive[0] > 2 * inclusive[1]
    assert restrictive[0] < restrictive[1]


def test_a_mayor_who_lacks_hands_and_tenants_invites_and_one_with_plenty_does_not():
    def own_part(need: float, room: int) -> float:
        locality = small_locality(200, inhabitants=40_000.0, theories={"room": room})
        locality.row.labour_shortage[0] = locality.row.empty_stock[0] = need
        live(locality, [0], ["policy"])
        helps = locality.sets["measures"].direction > 0
        return float(locality.sets["measures"].part_own[helps].mean())

    assert own_part(0.9, NO_PULL) == own_part(0.1, NO_PULL)
    assert own_part(0.9, INVITING) > own_part(0.5, NO_PULL) > own_part(0.1, INVITING)
