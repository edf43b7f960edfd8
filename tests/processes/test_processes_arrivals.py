"""Arrivals: quotas, own choice, families that follow, and the asylum procedure."""

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import live, small_locality

from woc_sim.rules.history import ONE_CURVE_OF_APPLICATIONS, ONE_SHARE
from woc_sim.world.people import NON_EUROPEAN, PROCEDURE, PROTECTED, REFUSED, UKRAINIAN


def arrived(**covariates: float) -> int:
    locality = live(small_locality(2000, **covariates), range(24, 60), ["calendar", "arrivals"])
    return len(locality.migrants)


def test_arrivals_follow_the_quota_and_an_executives_openness() -> None:
    mean = arrived(asylum_share=4.0, openness=0.0)
    expected = 4.0 / 1000 * 2000 * 3 * 1.35
    assert 0.7 * expected < mean < 1.5 * expected
    assert arrived(asylum_share=4.0, openness=-1.0) < mean < arrived(asylum_share=4.0, openness=1.0)


def test_keys_of_migrants_are_unique_and_outlive_other_arrivals() -> None:
    few, many = (
        live(small_locality(1000, asylum_share=share), range(24, 72), ["calendar", "arrivals"]).migrants
        for share in (4.0, 12.0)
    )
    assert len(set(many.entity.tolist())) == len(many)
    shared = set(few.entity.tolist()) & set(many.entity.tolist())
    assert len(shared) > 0.7 * len(few)
    for entity in shared:
        a, b = int(np.flatnonzero(few.entity == entity)[0]), int(np.flatnonzero(many.entity == entity)[0])
        assert few.age[a] == many.age[b]
        assert few.skill[a] == many.skill[b]


def test_procedures_end_as_waiting_has_it_and_ukrainians_wait_not_at_all() -> None:
    short, long = (
        live(small_locality(2000, asylum_share=8.0, waiting=waiting), range(40, 60), ["calendar", "arrivals"])
        for waiting in (2.0, 30.0)
    )
    assert np.mean(short.migrants.status == PROCEDURE) < 0.4 < np.mean(long.migrants.status == PROCEDURE)
    assert np.any(short.migrants.status == REFUSED)
    late = live(
        small_locality(2000, ukrainian_share=20.0), range(121, 126), ["calendar", "arrivals"]
    ).migrants
    guests = late.group == UKRAINIAN
    assert guests.sum() > 10
    assert np.all(late.status[guests] == PROTECTED)
    assert late.female[guests & (late.age >= 18)].mean() > 0.5


def test_reception_gains_by_help_and_loses_by_restriction() -> None:
    def quality(public: float, harm: float) -> float:
        locality = small_locality(200)
        locality.sectors.public[0] = public
        locality.sectors.restrictive[0] = harm
        return live(locality, range(24), ["calendar", "arrivals"]).value("reception_quality")

    assert quality(0.0, 0.8) < quality(0.0, 0.0) < quality(0.8, 0.0)


def test_families_follow_protected_sponsors() -> None:
    locality = with_migrants(asylum_share=0.0)
    set_all(locality, "migrants.family", 1)
    live(locality, range(24, 48), ["calendar", "arrivals"])
    assert len(locality.migrants) > 125
    assert np.all(locality.migrants.family[120:] == 2)


def test_some_of_the_refused_win_their_appeal() -> None:
    def protected(appeal: float) -> float:
        locality = small_locality(600, asylum_share=90.0, parameters={"arrivals.appeal": appeal})
        live(locality, range(36, 40), ("calendar", "arrivals"))
        locality.migrants.status[:] = REFUSED
        live(locality, range(40, 64), ("arrivals",))
        old = locality.migrants.cohort < 40
        return float((locality.migrants.status[old] == PROTECTED).mean())

    assert 0.0 < protected(0.005) < protected(0.04) < 1.0


def refused_share(framework: str, months: range, **theories: int) -> float:
    """Refused among all whose claims were decided when the months are over; claims are as many everywhere."""
    locality = small_locality(
        6000,
        framework=framework,
        asylum_share=30.0,
        waiting=4.0,
        parameters={"arrivals.appeal": 0.0},
        theories={"applications": ONE_CURVE_OF_APPLICATIONS, **theories},
    )
    live(locality, months, ["calendar", "arrivals"])
    rows = locality.migrants
    decided = (rows.sponsor < 0) & (rows.group == NON_EUROPEAN) & (rows.status != PROCEDURE)
    assert decided.sum() > 100
    return float((rows.status[decided] == REFUSED).mean())


def test_rejections_follow_the_country_and_its_turn() -> None:
    """Sweden rejected a fifth in 2014 and 2015 and seven tenths in 2020; with one share nothing turns."""
    early, late = (refused_share("SE", months) for months in (range(24, 48), range(96, 120)))
    assert early < 0.3 < 0.5 < late, "0.22 and 0.72 in the table; families are decided at once"
    for months in (range(24, 48), range(96, 120)):
        assert refused_share("SE", months, rejections=ONE_SHARE) == pytest.approx(0.3, abs=0.1)
    assert refused_share("NL", range(96, 120)) < 0.4 < late
