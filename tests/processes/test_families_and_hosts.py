"""Families decide once and live together, children are born and go to school, residents give rooms."""

import numpy as np
import pytest
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import (
    CHOSE,
    FAMILY_HERE,
    HOSTED,
    NO_JOB,
    NON_EUROPEAN,
    PLACED_STAYING,
    PROTECTED,
    REFUSED,
    UKRAINIAN,
)
from woc_sim.world.places import HOST_HOME

WAR = range(118, 132)  # 2021-11 to 2022-12


def settled(months: range = range(40, 100), **options: float) -> Locality:
    return live(small_locality(1000, asylum_share=30.0, **options), months)


def of_families(locality: Locality) -> tuple[np.ndarray, np.ndarray]:
    """Rows of members with a head, and of their heads."""
    members = np.flatnonzero(locality.migrants.head >= 0)
    return members, locality.migrants.head[members]


def test_a_family_lives_together_gets_one_decision_and_leaves_together() -> None:
    locality = settled()
    people = locality.migrants
    members, heads = of_families(locality)
    assert members.size > 10
    assert (heads < members).all()
    assert (people.head[heads] < 0).all()
    both = (people.present[members] == 1) & (people.present[heads] == 1)
    assert both.any()
    for column in (people.housing, people.neighbourhood, people.host):
        assert np.array_equal(column[members[both]], column[heads[both]])
    left_with = (people.left[heads] >= 0) & (people.present[members] == 0)
    assert left_with.any()
    assert (
        people.left[members[left_with]] <= people.left[heads[left_with]]
    ).mean() > 0.9  # orphans stay longer


def test_births_come_from_women_with_their_family_and_pupils_from_six_years_on() -> None:
    locality = settled(parameters={"arrivals.births": 0.12})
    people = locality.migrants
    born = np.flatnonzero(people.cohort * 0 + (people.age <= (99 - people.cohort + 1) / 12 + 0.01))
    assert locality.value("births") > 3
    assert born.size >= locality.value("births") - locality.value("deaths")
    assert (people.family[born] == FAMILY_HERE).all()
    assert len(np.unique(people.entity)) == len(people)
    pupils = (people.present == 1) & (people.age >= 6.1) & (people.age < 18.0)
    assert pupils.any()
    assert (people.school[pupils] >= 0).all()
    toddlers = (people.present == 1) & (people.age < 6.0)
    assert (people.school[toddlers] < 0).all()
    none = settled(parameters={"arrivals.births": 0.04}, framework="DE")
    assert none.value("births") < locality.value("births")


def test_a_birth_redraws_nobody_else() -> None:
    """Children have keys of their own: those who came without them live as before until they meet."""
    few, many = (settled(range(36, 60), parameters={"arrivals.births": rate}) for rate in (0.04, 0.12))
    common = set(few.migrants.entity.tolist()) & set(many.migrants.entity.tolist())
    arrived = [
        {int(key): (age, skill) for key, age, skill in zip(*(rows.tolist() for rows in columns), strict=True)}
        for columns in (
            (each.migrants.entity, each.migrants.age, each.migrants.skill) for each in (few, many)
        )
    ]
    assert len(common) > 20
    assert all(arrived[0][key] == arrived[1][key] for key in common)


def hosted(attitude: float, attitude_ua: float) -> tuple[float, float]:
    """Shares of choosers of both groups with a host, where all residents think alike."""
    locality = small_locality(1000, asylum_share=12.0, ukrainian_share=40.0, placed_share=0.0)
    residents = locality.residents
    residents.attitude_to[NON_EUROPEAN][:], residents.attitude_to[UKRAINIAN][:] = attitude, attitude_ua
    people = live(locality, WAR, ("calendar", "arrivals")).migrants
    chose = people.arrival == CHOSE
    groups = (chose & (people.group == code) for code in (NON_EUROPEAN, UKRAINIAN))
    shares = [float((people.host[rows] >= 0).mean()) for rows in groups]
    assert ((people.host >= 0) == (people.housing == HOSTED)).all()
    return shares[0], shares[1]


def test_who_finds_a_host_follows_attitudes_and_not_the_group() -> None:
    colder, warmer = hosted(-0.8, 0.8), hosted(0.8, -0.8)
    assert colder[0] < colder[1]
    assert warmer[0] > warmer[1]


def test_guests_meet_their_hosts_at_home_until_the_host_is_gone() -> None:
    locality = small_locality(1000, ukrainian_share=60.0)
    live(locality, WAR)
    people = locality.migrants
    guests = np.flatnonzero((people.host >= 0) & (people.present == 1))
    assert guests.size > 3
    at_home = (people.met_place[guests] == HOST_HOME) & (people.met[guests] == people.host[guests, None])
    assert at_home.any(axis=1).all()
    locality.residents.since[people.host[guests]] = 132  # new people in the hosts' positions
    live(locality, [132], ("housing",))
    assert (people.host[guests] < 0).all()
    assert (people.housing[guests] != HOSTED).all()


def moved(rule: float, job: int = NO_JOB) -> int:
    locality = small_locality(600, asylum_share=30.0, placed_share=1.0)
    live(locality, range(36, 48), ("calendar", "arrivals"))
    people = locality.migrants
    people.status[:], people.arrival[:], people.decision[:] = PROTECTED, PLACED_STAYING, 40
    people.job[:] = job
    locality.row.residence_rule[0] = rule
    live(locality, range(48, 72), ("experience",))
    return int(locality.value("moved_on"))


def test_a_residence_rule_holds_the_placed_as_long_as_they_have_no_work() -> None:
    assert moved(36.0) < moved(0.0) / 2
    assert moved(36.0, job=2) > moved(36.0)


def test_some_of_the_refused_win_their_appeal() -> None:
    def protected(appeal: float) -> float:
        locality = small_locality(600, asylum_share=90.0, parameters={"arrivals.appeal": appeal})
        live(locality, range(36, 40), ("calendar", "arrivals"))
        locality.migrants.status[:] = REFUSED
        live(locality, range(40, 64), ("arrivals",))
        old = locality.migrants.cohort < 40
        return float((locality.migrants.status[old] == PROTECTED).mean())

    assert 0.0 < protected(0.005) < protected(0.04) < 1.0


@pytest.mark.parametrize("distrust", [-1.0, 0.0])
def test_distrust_keeps_from_courses(distrust: float) -> None:
    def language(trust: float) -> float:
        locality = small_locality(600, asylum_share=30.0)
        live(locality, range(36, 44), ("calendar", "arrivals"))
        people = locality.migrants
        people.known[:], people.trust[:], people.language[:] = 1.0, trust, 0.0
        locality.sectors.public[:] = 0.9
        live(locality, range(44, 50), ("learning",))
        return float(people.language.mean())

    assert language(1.0) == language(0.0)
    assert (language(distrust) < language(0.0)) == (distrust < 0.0)


def test_ties_need_the_liking_of_both_sides() -> None:
    def ties(attitude: float) -> float:
        locality = small_locality(800, asylum_share=20.0)
        live(locality, range(36, 50))
        locality.migrants.attitude[:] = attitude
        live(locality, range(50, 62), ("calendar", "encounters", "ties"))
        return float((locality.migrants.tie >= 0).sum())

    assert ties(-0.8) < ties(0.8)
