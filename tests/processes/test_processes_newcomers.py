"""Newcomers: families decide once and live together, children are born, residents give rooms."""

import numpy as np
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import CHOSE, FAMILY_HERE, HOSTED, NON_EUROPEAN, UKRAINIAN

WAR = range(118, 132)  # 2021-11 to 2022-12


def town_with_arrivals(months: range = range(40, 100), **options: float) -> Locality:
    return live(small_locality(1000, asylum_share=30.0, **options), months)


def of_families(locality: Locality) -> tuple[np.ndarray, np.ndarray]:
    """Rows of members with a head, and of their heads."""
    members = np.flatnonzero(locality.migrants.head >= 0)
    return members, locality.migrants.head[members]


def test_a_family_lives_together_gets_one_decision_and_leaves_together() -> None:
    locality = town_with_arrivals()
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
    locality = town_with_arrivals(parameters={"arrivals.births": 0.12})
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
    none = town_with_arrivals(parameters={"arrivals.births": 0.04}, framework="DE")
    assert none.value("births") < locality.value("births")


def test_a_birth_redraws_nobody_else() -> None:
    """Children have keys of their own: those who came without them live as before until they meet."""
    few, many = (
        town_with_arrivals(range(36, 60), parameters={"arrivals.births": rate}) for rate in (0.04, 0.12)
    )
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
