"""Demography and elections: positions pass on, migrants die, seats follow votes if they may."""

import numpy as np
import pytest
from towns import set_all, with_migrants
from worlds import bind, live, small_locality, snapshot

from woc_sim.rules.demography import ENDOGENOUS
from woc_sim.rules.history import CONSTANT_SEATS, NATIONAL_COURSE
from woc_sim.world.people import NON_EUROPEAN


def test_an_election_changes_who_governs_and_nobody_else() -> None:
    locality = small_locality(400, theories={"elections": ENDOGENOUS}, executive_ideology=0.6, rrp=0.1)
    executive = locality.organisations.head == 1
    before = locality.organisations.ideology.copy()
    locality.residents.leaning[:] = 0.3  # to the right: nearer to the opposition, and not radical
    live(locality, [60], ["demography"])
    assert locality.value("executive_ideology") < 0.3
    assert np.all(locality.organisations.ideology[executive] == locality.value("executive_ideology"))
    np.testing.assert_array_equal(locality.organisations.ideology[~executive], before[~executive])


def test_the_population_follows_its_trend() -> None:
    for trend in (-0.01, 0.01):
        locality = live(small_locality(100, trend=trend), range(120), ["demography"])
        assert locality.value("residents_now") / 20000 == pytest.approx(1 + 10 * trend, abs=0.01)


def test_composition_stays_while_people_change() -> None:
    locality = small_locality(2000)
    before = snapshot(locality)
    live(locality, range(120), ["demography"])
    residents = locality.residents
    replaced = residents.since >= 0
    assert 0.2 < replaced.mean() < 0.7
    assert len(set(residents.entity.tolist())) == 2000
    stages = [
        np.bincount(np.digitize(ages, [18, 66]), minlength=3)
        for ages in (before["residents.age"], residents.age)
    ]
    assert np.array_equal(stages[0], stages[1])
    assert np.array_equal(before["residents.leaning"], residents.leaning)
    assert np.array_equal(
        before["residents.attitude_to"][NON_EUROPEAN][~replaced],
        residents.attitude_to[NON_EUROPEAN][~replaced],
    )
    assert (
        abs(residents.attitude_to[NON_EUROPEAN].mean() - before["residents.attitude_to"][NON_EUROPEAN].mean())
        < 0.04
    )


def test_old_migrants_die_and_books_count_them() -> None:
    locality = with_migrants()
    set_all(locality, "migrants.age", 85.0)
    live(locality, range(60), ["demography"])
    rows = locality.migrants
    assert 0 < locality.value("deaths") == np.count_nonzero(rows.present == 0)
    assert np.all((rows.left >= 0) == (rows.present == 0))


def test_seats_follow_opinion_only_where_elections_are_endogenous() -> None:
    def council(change: float, elections: int) -> tuple[float, float]:
        theories = {"elections": elections, "seats": CONSTANT_SEATS}
        locality = small_locality(2000, rrp=0.2, executive_ideology=0.2, theories=theories)
        locality.residents.attitude_to[NON_EUROPEAN][:] = np.clip(
            locality.residents.anchor_to[NON_EUROPEAN] + change, -1, 1
        )
        turn = bind(locality, ["demography"])[0]
        turn.step(60)
        assert locality.blocs.seats.sum() == pytest.approx(1.0, abs=0.02)
        return locality.value("rrp"), locality.value("executive_ideology")

    assert council(-0.4, 0) == (0.2, 0.2)
    hostile, friendly = council(-0.4, ENDOGENOUS), council(0.4, ENDOGENOUS)
    assert hostile[0] > 0.2 > friendly[0]
    assert hostile[1] <= friendly[1]
    assert council(0.0, ENDOGENOUS)[0] == pytest.approx(0.2, abs=0.06)


def council_of(framework: str, months: range, **options: dict[str, float]) -> tuple[float, list[float], bool]:
    """Seats of the radical right (a tenth as read) and of all blocs, and whether its group acts."""
    locality = small_locality(60, framework=framework, rrp=0.1, **options)  # type: ignore[arg-type]
    live(locality, months, ["demography"])
    radical = locality.organisations.radical_right == 1
    assert radical.any()
    return (
        locality.value("rrp"),
        locality.blocs.seats.tolist(),
        bool(locality.organisations.active[radical].all()),
    )


def test_seats_rise_with_the_nation_and_fall_with_it() -> None:
    """Sweden's radical right grew, Austria's shrank; both have the seats that were read in 2021."""
    own = {"seats": NATIONAL_COURSE}
    founded = small_locality(60, framework="SE", rrp=0.1).blocs.seats.tolist()
    swedish = [council_of("SE", range(last + 1), theories=own)[0] for last in (0, 40, 110, 140)]
    assert swedish == sorted(swedish)
    assert swedish[0] < 0.05 < swedish[2] < swedish[3]
    austrian = [council_of("AT", range(last + 1), theories=own)[0] for last in (0, 110)]
    assert austrian[0] > 0.15
    assert swedish[2] == austrian[1] == 0.1
    _, seats, _ = council_of("SE", range(141), theories=own)
    assert sum(seats) == pytest.approx(sum(founded))
    rest = [now / before for now, before in zip(seats[:4], founded[:4], strict=True) if before > 0.0]
    assert rest == pytest.approx([rest[0]] * len(rest)), "the others share what is left as before"


def test_a_party_that_does_not_exist_yet_has_no_seats_and_no_group_that_acts() -> None:
    own = {"seats": NATIONAL_COURSE}
    assert council_of("ES", range(96), theories=own)[::2] == (0.0, False)
    assert council_of("ES", range(97), theories=own)[::2] == (pytest.approx(0.1), True)


def test_without_the_course_or_what_follows_it_seats_stay() -> None:
    founded = small_locality(60, framework="SE", rrp=0.1).blocs.seats.tolist()
    for options in (
        {"theories": {"seats": CONSTANT_SEATS}},
        {"theories": {"seats": NATIONAL_COURSE}, "parameters": {"seats.follow": 0.0}},
        {"theories": {"seats": NATIONAL_COURSE, "elections": ENDOGENOUS}},
    ):
        assert council_of("SE", range(50), **options) == (0.1, founded, True)
