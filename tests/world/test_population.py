"""The synthetic population: margins, an electorate that fits its politics, consistent places and links."""

import numpy as np
import pytest
from worlds import small_locality, snapshot

from woc_sim.inputs.tables import margins
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.places import ASSOCIATION, NEIGHBOURHOOD, PUBLIC_SPACE, RECEPTION_CENTRE, SCHOOL, WORKPLACE
from woc_sim.world.population import populate, radical_share


def town(persons: int = 4000, **covariates: float) -> Locality:
    return small_locality(persons, institutions=False, **covariates)


def test_ages_follow_the_margin() -> None:
    ages = town(8000).residents.age
    for group, share in margins("age").items():
        low, high = (int(end) for end in group.split("-"))
        inside = np.mean((ages >= low) & (ages < (high + 1 if high < 90 else 200)))
        assert abs(inside - share) < 0.03, group


def test_household_sizes_follow_the_margin() -> None:
    sizes = np.bincount(np.bincount(town(8000).residents.household))[1:]
    for size, share in margins("household_size").items():
        assert abs(sizes[int(size) - 1] / sizes.sum() - share) < 0.03


@pytest.mark.parametrize("rrp", [0.0, 0.1, 0.35])
@pytest.mark.parametrize("executive", [-0.5, 0.0, 0.5])
def test_the_electorate_fits_the_council(rrp: float, executive: float) -> None:
    locality = town(rrp=rrp, executive_ideology=executive)
    leaning = locality.residents.leaning
    error = 3.0 * np.sqrt(0.25 / len(leaning))
    assert abs(radical_share(locality) - rrp) <= 0.03 + 1e-12
    assert abs(np.mean(leaning > 0.5) - radical_share(locality)) < error
    if executive:
        assert (np.mean(leaning > 0) > 0.5) == (executive < 0)


def test_attitudes_depend_on_leaning_as_in_surveys_and_are_higher_for_ukrainians() -> None:
    # the sets give individuals less of their own (docs/calibration.md, section 5)
    residents = town(8000, rrp=0.15, parameters={"population.individual": 0.52}).residents
    attitude = residents.attitude_to
    assert 0.25 <= -np.corrcoef(residents.leaning, attitude[NON_EUROPEAN])[0, 1] <= 0.4
    assert attitude[UKRAINIAN].mean() > attitude[NON_EUROPEAN].mean() + 0.1
    assert np.array_equal(attitude, residents.anchor_to)


def test_size_enters_no_attitude() -> None:
    large, small = (town(1000, inhabitants=inhabitants) for inhabitants in (200_000.0, 8_000.0))
    for column in ("attitude_to", "leaning", "distance_to", "stubbornness"):
        assert np.array_equal(getattr(large.residents, column), getattr(small.residents, column))


def test_a_covariate_changes_only_what_it_touches() -> None:
    """Towns that differ in one covariate share all draws (common random numbers)."""
    base, other = snapshot(town(1000)), snapshot(town(1000, foreign_2014=0.15))
    changed = {name for name in base if not np.array_equal(base[name], other[name])}
    assert changed == {
        "locality.foreign_2014",
        "locality.origin_shared",
        "residents.migration_background",
        "residents.origin_shared",
        "residents.attitude_to",  # own migration background is part of the composition
        "residents.anchor_to",
        "residents.threat",
        "residents.benefit",
    }
    assert other["residents.migration_background"].mean() > base["residents.migration_background"].mean()


def test_members_agree_with_residents_places() -> None:
    locality = town(1500)
    residents, places, members = locality.residents, locality.places, locality.members
    columns = {
        NEIGHBOURHOOD: residents.neighbourhood,
        WORKPLACE: residents.workplace,
        SCHOOL: residents.school,
        ASSOCIATION: residents.association,
    }
    for place in range(len(places)):
        start, count = places.member_start[place], places.member_count[place]
        listed = members.resident[start : start + count]
        if places.kind[place] == PUBLIC_SPACE:
            assert np.array_equal(listed, np.arange(len(residents)))
        elif places.kind[place] == RECEPTION_CENTRE:
            assert count == 0
        else:
            assert np.array_equal(listed, np.flatnonzero(columns[places.kind[place]] == place))
    owners = places.owner[(places.kind == WORKPLACE) & (places.member_count > 0)]
    assert np.all(residents.employer[owners] == 1)
    assert residents.employer.sum() == len(owners)


def test_links_are_mutual_without_repetition_or_self() -> None:
    locality = town(800)
    residents, other = locality.residents, locality.links.other
    pairs = set()
    for person in range(len(residents)):
        start = residents.link_start[person]
        ends = other[start : start + residents.link_count[person]].tolist()
        assert len(set(ends)) == len(ends)
        assert person not in ends
        pairs.update((person, end) for end in ends)
    assert all((b, a) in pairs for a, b in pairs)
    assert 5.0 < residents.link_count.mean() < 15.0


def test_friends_are_of_like_mind() -> None:
    locality = town(2000)
    residents = locality.residents
    person = np.repeat(np.arange(len(residents)), residents.link_count)
    apart = np.abs(residents.leaning[person] - residents.leaning[locality.links.other]).mean()
    strangers = np.abs(residents.leaning - np.roll(residents.leaning, 997)).mean()
    assert apart < 0.9 * strangers


def test_growing_towns_begin_with_fewer_empty_homes() -> None:
    vacancies = [town(100, trend=trend).value("vacancy") for trend in (-0.008, 0.0, 0.008)]
    assert vacancies[0] > vacancies[1] > vacancies[2] >= 0.0


def test_every_column_is_within_its_bounds() -> None:
    for rows in town(1000, rrp=0.4, foreign_2014=0.2).sets.values():
        assert rows.out_of_bounds() == []


def test_a_town_is_populated_once_and_with_enough_people() -> None:
    with pytest.raises(ValueError, match="populated already"):
        populate(town(100), 100)
    with pytest.raises(ValueError, match="no locality"):
        town(10)
