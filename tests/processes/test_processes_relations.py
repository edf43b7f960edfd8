"""Governance relations: they follow the executive, and meetings need that people can meet."""

import numpy as np
import pytest
from towns import place
from worlds import live

from woc_sim.inputs.sectors import sector
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.rules.coalitions import ADVOCACY
from woc_sim.rules.meetings import BUDGET, CLAIMS, REBUILT

kind_code = ACTOR_KINDS.index


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


def settled(theories=None, months=48, **parameters):
    """A town of many organisations after four years of meetings."""
    locality = place(theories=theories, parameters=parameters, executive_ideology=0.5, inhabitants=150_000.0)
    locality.sets["organisations"].engagement[:] = 0.8
    return live(locality, range(months), ["relations"])


def between(locality, trait, other="leads", column="frequency"):
    """Mean of a column over pairs of which one has a trait and the other another one."""
    organisations = locality.sets["organisations"]
    rows, columns = (organisations.buffer(name)[: organisations.count] == 1 for name in (trait, other))
    return float(locality.sets["governance"].buffer(column)[rows][:, columns].mean())


SHORT = {"meeting_time": BUDGET}


def test_nobody_meets_more_than_there_is_time_for():
    found = {}
    for time in (10.0, 20.0):
        locality = settled(SHORT, **{"relations.time": time})
        organisations = locality.sets["organisations"]
        strength = 0.5 + organisations.capacity / (organisations.capacity + 4.0)
        held = locality.sets["governance"].frequency.sum(axis=1)
        start = 2 * 1.5 * organisations.count * (1 - 0.12) ** 48  # what is left of the initial habits
        assert (held <= time * strength + start).all()
        found[time] = held.sum()
    unlimited = settled().sets["governance"].frequency.sum()
    assert found[10.0] < 0.8 * found[20.0] < 0.8 * unlimited
    plenty = settled(SHORT, **{"relations.time": 1e5})
    assert np.array_equal(plenty.sets["governance"].frequency, settled().sets["governance"].frequency)


def test_more_with_one_is_less_with_another_where_time_is_short_and_not_where_there_is_plenty():
    def mean_with_churches(theories, reach, time=20.0):
        locality = place(
            theories=theories,
            parameters={"relations.time": time},
            executive_ideology=0.5,
            inhabitants=150_000.0,
        )
        near = locality.sets["organisations"].kind == kind_code("ngo")
        locality.sets["governance"].reach[near] *= reach
        locality.sets["governance"].reach[:, near] *= reach
        live(locality, range(48), ["relations"])
        church = locality.sets["organisations"].kind == kind_code("church")
        leads = locality.sets["organisations"].leads == 1
        return float(locality.sets["governance"].frequency[leads][:, church].mean())

    assert mean_with_churches(SHORT, 1.0) < 0.98 * mean_with_churches(SHORT, 0.1)
    for plenty in ({}, SHORT):
        less, more = (mean_with_churches(plenty, reach, 1e5) for reach in (0.1, 1.0))
        assert less == pytest.approx(more, rel=0.001)


def test_opponents_meet_in_conflict_where_the_topic_is_contested():
    def opposed(theories, politicised, column):
        locality = place(theories=theories, executive_ideology=0.5, inhabitants=150_000.0, rrp=0.2)
        locality.row.politicisation[0] = politicised
        return between(live(locality, range(48), ["relations"]), "radical_right", "mission", column)

    camps = {"coalitions": ADVOCACY}
    assert opposed(camps, 0.8, "tone") < opposed({}, 0.8, "tone") - 0.05
    assert opposed(camps, 0.8, "frequency") != opposed({}, 0.8, "frequency")
    for column in ("tone", "frequency"):
        assert opposed(camps, 0.0, column) == opposed({}, 0.0, column), "no contest, no camps"


def test_opponents_who_face_each_other_meet_more_than_those_who_only_disagree():
    def opposed(push):
        locality = place(
            theories={"coalitions": ADVOCACY},
            parameters={"relations.g_contest": push},
            executive_ideology=0.5,
            inhabitants=150_000.0,
            rrp=0.2,
        )
        locality.row.politicisation[0] = 0.8
        live(locality, range(48), ["relations"])
        return between(locality, "radical_right", "mission"), between(locality, "leads", "leads")

    (apart, same), (facing, unmoved) = opposed(0.0), opposed(1.5)
    assert facing > 1.05 * apart
    assert unmoved == same, "who is on one side has nobody to face"


def test_a_bad_tone_stays_when_the_reason_is_gone_where_grudges_are_held():
    after = {}
    for grudge in (0.0, 0.9):
        locality = place(
            theories={"coalitions": ADVOCACY},
            parameters={"relations.grudge": grudge},
            rrp=0.2,
            inhabitants=150_000.0,
        )
        locality.row.politicisation[0] = 0.9
        live(locality, range(60), ["relations"])
        before = between(locality, "radical_right", "mission", "tone")
        locality.row.politicisation[0] = 0.0
        live(locality, range(60, 72), ["relations"])
        after[grudge] = between(locality, "radical_right", "mission", "tone") - before
    assert after[0.0] > 2 * after[0.9] > 0


def test_who_speaks_for_others_meets_a_government_that_listens_as_long_as_they_lack_something():
    def met(theories, need, engagement, trait="founded_by_migrants"):
        locality = place(theories=theories, parameters={"relations.engagement_speed": 0.0}, foreign_2014=0.3)
        locality.sets["organisations"].active[:] = 1
        locality.sets["organisations"].engagement[:] = engagement
        locality.sets["sectors"].need[:] = need
        return between(live(locality, range(48), ["relations"]), trait)

    claims = {"representation": CLAIMS}
    assert met(claims, 0.6, 0.7) > 1.05 * met({}, 0.6, 0.7)
    assert met(claims, 0.0, 0.7) == met({}, 0.0, 0.7)
    assert met(claims, 0.6, 0.0) == met({}, 0.6, 0.0)
    assert met(claims, 0.6, 0.7, "business") == met({}, 0.6, 0.7, "business")


def test_unions_bring_the_need_for_work_and_no_other():
    def union(**need):
        locality = place(
            theories={"representation": CLAIMS},
            parameters={"relations.g_need": 0.0, "relations.engagement_speed": 0.0},
            inhabitants=150_000.0,
        )
        locality.sets["organisations"].engagement[:] = 0.7
        locality.sets["sectors"].need[:] = 0.0
        for name, level in need.items():
            locality.sets["sectors"].need[sector(name)] = level
        live(locality, range(6), ["relations"])
        unions = locality.sets["organisations"].kind == kind_code("union")
        leads = locality.sets["organisations"].leads == 1
        return float(locality.sets["governance"].frequency[unions][:, leads].mean())

    assert union(work=0.8) > union(language=0.8)


def test_contacts_that_lapsed_do_not_come_back_at_once_and_kept_ones_do():
    def recovered(theories, closed):
        locality = live(place(theories=theories, executive_ideology=0.5), range(96), ["relations"])
        before = mean_meetings(locality)
        locality.row.meetings[0] = closed
        live(locality, range(96, 120), ["relations"])
        locality.row.meetings[0] = 1.0
        live(locality, range(120, 126), ["relations"])
        return mean_meetings(locality) / before

    rebuilt = {"lapsed_ties": REBUILT}
    assert recovered(rebuilt, 0.2) < recovered({}, 0.2) - 0.05
    assert recovered(rebuilt, 1.0) == pytest.approx(recovered({}, 1.0), abs=0.02)
