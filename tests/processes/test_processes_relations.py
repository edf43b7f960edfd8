"""Governance relations: they follow the executive, and meetings need that people can meet."""

import pytest
from towns import place
from worlds import live


def mean_meetings(locality) -> float:
    own = locality.sets["organisations"].leads == 1
    return float(locality.sets["governance"].frequency[own][:, ~own].mean())


def test_relations_grow_under_an_open_executive_and_wither_under_a_closed_one():
    start = mean_meetings(place())
    assert mean_meetings(live(place(executive_ideology=0.8), range(60), ["relations"])) > start
    assert mean_meetings(live(place(executive_ideology=-0.8), range(60), ["relations"])) < mean_meetings(
        live(place(executive_ideology=0.8), range(60), ["relations"])
    )


def test_meetings_fall_when_people_cannot_meet_and_come_back():
    locality = live(place(executive_ideology=0.5), range(48), ["relations"])
    before = mean_meetings(locality)
    locality.row.meetings[0] = 0.25
    live(locality, range(48, 60), ["relations"])
    during = mean_meetings(locality)
    locality.row.meetings[0] = 1.0
    live(locality, range(60, 108), ["relations"])
    assert during < 0.4 * before
    assert mean_meetings(locality) == pytest.approx(before, rel=0.05)
