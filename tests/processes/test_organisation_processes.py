"""Each process of organisations: what moves when it is dropped, and an effect that reverses with state."""

import numpy as np
import pytest
from tests.worlds import bind, live, small_locality, snapshot

from woc_sim.inputs.frames import prognostic_frame

ORGANISATIONS = ("civil_society", "business", "perception", "relations", "frames", "policy", "diffusion")


MIGRANTS_ONLY = prognostic_frame("migrants_only")


def place(persons: int = 300, **covariates: float):
    """A locality with migrants' needs and a mildly salient topic, without living the person side."""
    given = {"inhabitants": 40_000.0, "executive_ideology": 0.0, "foreign_2014": 0.05, **covariates}
    locality = small_locality(persons, **given)
    locality.sets["sectors"].need[:] = 0.4
    locality.row.media[0] = 0.3
    locality.row.migrant_share[0] = 0.03
    locality.row.labour_shortage[0] = 0.9
    locality.row.empty_stock[0] = 0.5
    return locality


def lived(locality, drop: tuple[str, ...] = (), months: int = 120):
    return live(locality, range(months), [name for name in ORGANISATIONS if name not in drop])


def mean_meetings(locality) -> float:
    own = locality.sets["organisations"].leads == 1
    return float(locality.sets["governance"].frequency[own][:, ~own].mean())


@pytest.mark.parametrize(
    ("process", "read"),
    [
        ("civil_society", lambda place: place.sets["sectors"].civil.sum()),
        ("business", lambda place: place.sets["sectors"].business.sum()),
        ("perception", lambda place: np.abs(place.sets["organisations"].belief).sum()),
        ("relations", lambda place: place.sets["organisations"].engagement.std()),
        ("frames", lambda place: place.sets["organisations"].prognostic[:, 0].mean()),
        ("policy", lambda place: place.sets["measures"].in_force.sum()),
        ("diffusion", lambda place: place.sets["measures"].known.mean()),
    ],
)
def test_dropping_a_process_moves_what_it_makes(process, read):
    whole = read(lived(place(executive_ideology=0.4, inhabitants=120_000.0)))
    without = read(lived(place(executive_ideology=0.4, inhabitants=120_000.0), drop=(process,)))
    assert abs(whole - without) > 0.01


def test_volunteers_come_from_sympathy_and_vanish_with_hostility():
    friendly = place()
    friendly.sets["residents"].attitude[:] = 0.6
    hostile = place()
    hostile.sets["residents"].attitude[:] = -0.6
    assert live(friendly, range(12), ["civil_society"]).value("volunteer_share") > 0.01
    assert live(hostile, range(12), ["civil_society"]).value("volunteer_share") == 0.0


def test_initiatives_answer_unmet_need_and_rest_where_it_is_covered():
    supply = []
    for covered in (0.0, 0.95):
        total = 0.0
        for replicate in range(6):
            locality = small_locality(200, inhabitants=40_000.0, replicate=replicate)
            locality.sets["sectors"].need[:] = 0.6
            locality.sets["sectors"].higher[:] = covered
            total += float(live(locality, range(60), ["civil_society"]).sets["sectors"].civil.sum())
        supply.append(total)
    assert supply[0] > 1.3 * supply[1]


def test_business_acts_on_its_own_shortage_only():
    short, sated = place(inhabitants=250_000.0), place(inhabitants=250_000.0)
    short.row.labour_shortage[0] = 1.0
    sated.row.labour_shortage[0] = 0.0
    sated.row.empty_stock[0] = 0.0
    sated.sets["sectors"].need[:] = 0.0
    acted = live(short, range(240), ["business"]).sets["sectors"].business.sum()
    rested = live(sated, range(240), ["business"]).sets["sectors"].business.sum()
    assert acted > rested


def test_beliefs_follow_the_voices_of_either_camp():
    believed = []
    for attitude in (0.7, -0.7):
        locality = place()
        locality.sets["residents"].attitude[:] = attitude
        live(locality, range(48), ["perception"])
        believed.append(float(locality.sets["organisations"].belief[0]))
    assert believed[0] > 0.2
    assert believed[1] < -0.2


def test_beliefs_are_more_hostile_than_the_truth_where_both_camps_are_equal():
    believed = []
    for replicate in range(8):
        locality = small_locality(300, inhabitants=40_000.0, replicate=replicate)
        half = len(locality.sets["residents"]) // 2
        locality.sets["residents"].attitude[:half] = 0.5
        locality.sets["residents"].attitude[half:] = -0.5
        live(locality, range(48), ["perception"])
        believed.append(float(locality.sets["organisations"].belief[0]))
    error = np.std(believed, ddof=1) / np.sqrt(len(believed))
    assert np.mean(believed) < -3 * error


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


def test_those_who_depend_on_the_executive_take_over_its_frame_whichever_it_is():
    after = []
    for only_migrants in (0.9, 0.05):
        locality = place(inhabitants=150_000.0)
        organisations = locality.sets["organisations"]
        leads = organisations.leads == 1
        depends = (organisations.works_for_executive == 1) & ~leads
        rest = (1.0 - only_migrants) / 3.0
        organisations.prognostic[leads] = (only_migrants, rest, rest, rest)
        organisations.bias[leads, 0] = only_migrants * 10
        locality.sets["governance"].frequency[:] = 12.0
        before = organisations.prognostic[depends, MIGRANTS_ONLY].mean()
        live(locality, range(24), ["frames"])
        after.append(float(organisations.prognostic[depends, MIGRANTS_ONLY].mean() - before))
    assert after[0] > after[1] + 0.02


def test_frame_weights_stay_a_distribution():
    locality = lived(place(executive_ideology=-0.5), months=100)
    sums = locality.sets["organisations"].prognostic.sum(axis=1)
    assert np.allclose(sums, 1.0, atol=1e-9)


def test_an_open_executive_builds_inclusive_policy_and_a_closed_one_restrictive_policy():
    inclusive, restrictive = [], []
    for ideology in (0.7, -0.7):
        counts = np.zeros(2)
        for replicate in range(4):
            locality = small_locality(
                200, inhabitants=40_000.0, executive_ideology=ideology, replicate=replicate
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


def test_know_how_comes_with_the_bulletin_and_fades_without():
    heard, unheard = place(inhabitants=200_000.0), place(inhabitants=200_000.0)
    heard.sets["measures"].bulletin[:] = 1.0
    unheard.sets["measures"].bulletin[:] = 0.0
    for locality in (heard, unheard):
        locality.sets["measures"].in_force[:] = 0
        locality.sets["governance"].frequency[:] = 12.0
        locality.sets["organisations"].engagement[:] = 0.8
    start = heard.sets["measures"].known.mean()
    assert live(heard, range(24), ["diffusion"]).sets["measures"].known.mean() > start
    assert live(unheard, range(24), ["diffusion"]).sets["measures"].known.mean() < start


@pytest.mark.parametrize("process", ORGANISATIONS)
def test_nothing_undeclared_is_written(process):
    locality = lived(place(executive_ideology=0.4, rrp=0.2, inhabitants=200_000.0), months=24)
    before = snapshot(locality)
    turn = bind(locality, [process])[0]
    for month in range(24, 108):
        turn.step(month)
    changed = {
        name for name, values in snapshot(locality).items() if not np.array_equal(values, before[name])
    }
    assert changed <= set(turn.process.writes)
    assert changed, "the process wrote nothing"


def test_bounds_hold_in_extreme_places():
    for ideology in (-1.0, 1.0):
        locality = lived(place(executive_ideology=ideology, rrp=0.45, inhabitants=7000.0), months=40)
        bad = [name for rows in locality.sets.values() for name in rows.out_of_bounds()]
        assert not bad
    assert locality.sets["organisations"].mission.any()
