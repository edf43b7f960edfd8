"""Ties: they come from good contact and the liking of both sides, and end without contact."""

import numpy as np
from towns import set_all, with_migrants
from worlds import live, small_locality


def test_ties_come_from_good_contact_and_end_without_it() -> None:
    locality = with_migrants()
    locality.residents.volunteer[:100] = 6.0
    live(locality, range(24), ["encounters", "ties"])
    made = np.count_nonzero(locality.migrants.tie >= 0)
    assert made > 5
    set_all(locality, "migrants.met", -1)
    set_all(locality, "migrants.met_good", 0)
    live(locality, range(24, 84), ["ties"])
    assert np.count_nonzero(locality.migrants.tie >= 0) < 0.6 * made


def test_hostile_towns_make_fewer_ties() -> None:
    counts = []
    for attitude in (-0.8, 0.8):
        locality = set_all(with_migrants(), "residents.attitude_to.non_european", attitude)
        locality.residents.volunteer[:100] = 6.0
        live(locality, range(18), ["encounters", "ties"])
        counts.append(np.count_nonzero(locality.migrants.tie >= 0))
    assert counts[0] < counts[1]


def test_a_friend_who_is_gone_is_no_tie() -> None:
    locality = with_migrants()
    locality.migrants.tie[:, 0] = 7
    locality.migrants.tie_month[:, 0] = 3
    locality.residents.since[7] = 5
    live(locality, [6], ["ties"])
    assert np.all(locality.migrants.tie != 7)


def test_ties_need_the_liking_of_both_sides() -> None:
    def ties(attitude: float) -> float:
        locality = small_locality(800, asylum_share=20.0)
        live(locality, range(36, 50))
        locality.migrants.attitude[:] = attitude
        live(locality, range(50, 62), ("calendar", "encounters", "ties"))
        return float((locality.migrants.tie >= 0).sum())

    assert ties(-0.8) < ties(0.8)
