"""What earlier migrants left to institutions: it vanishes without them, and fades where it is not used."""

import numpy as np
from worlds import live, small_locality

from woc_sim.rules.legacy import NO_LEGACY, STOCK_AND_YEARS
from woc_sim.world.governance import LOCALITY
from woc_sim.world.legacy import earlier_migrants
from woc_sim.world.locality import Locality

REPLICATES = 24
KEPT = {"legacy.latest": 1.0}  # all places have the years of their country


def founded(
    theory: int = STOCK_AND_YEARS, replicate: int = 0, framework: str = "DE", **given: float
) -> Locality:
    changed = {name.replace("__", "."): given.pop(name) for name in list(given) if "__" in name}
    covariates = {"inhabitants": 40_000.0, "foreign_2014": 0.1, "unemployment_base": 0.06, **given}
    return small_locality(
        60,
        replicate=replicate,
        framework=framework,
        theories={"legacy": theory},
        parameters=KEPT | changed,
        **covariates,
    )


def known(locality: Locality) -> float:
    return float(locality.sets["measures"].known.mean())


def meetings(locality: Locality) -> float:
    organisations = locality.sets["organisations"]
    public = np.flatnonzero(organisations.public == 1)
    others = np.flatnonzero((organisations.nonpublic == 1) & (organisations.active == 1))
    return float(locality.sets["governance"].habit[np.ix_(public, others)].mean())


def test_without_earlier_migrants_a_place_begins_as_without_the_theory():
    with_theory, without = founded(foreign_2014=0.0), founded(NO_LEGACY, foreign_2014=0.0)
    for owner, rows in with_theory.sets.items():
        for column in rows:
            same = without.sets[owner].buffer(column)[: rows.count]
            assert np.array_equal(rows.buffer(column)[: rows.count], same), f"{owner}.{column}"


def test_know_how_and_meetings_grow_with_number_years_and_means():
    usual = founded()
    assert known(founded(NO_LEGACY)) < known(founded(foreign_2014=0.02)) < known(usual)
    assert known(founded(framework="IT", municipal_spending=8.0)) < known(usual)
    assert known(founded(unemployment_base=0.2)) < known(usual)
    assert meetings(founded(NO_LEGACY)) < meetings(founded(foreign_2014=0.02)) < meetings(usual)


def test_each_heritage_can_be_switched_off_alone():
    assert known(founded(legacy__know_how=0.0)) == known(founded(NO_LEGACY))
    assert meetings(founded(legacy__habit=0.0)) < meetings(founded())
    certain = [founded(replicate=number, legacy__officer=1.0) for number in range(REPLICATES)]
    posts = [place.value("officer") for place in certain]
    assert 0 < sum(posts) < REPLICATES
    for place in certain:
        legacy = earlier_migrants(place, "DE", 1.0).legacy
        assert (place.value("expertise") > 0.0) == (place.value("officer") == 1)
        assert 0.0 < legacy < 1.0
    never = [founded(replicate=number, legacy__officer=0.0) for number in range(REPLICATES)]
    assert not any(place.value("officer") for place in never)


def test_migrant_organisations_of_young_communities_are_fewer():
    def running(framework: str, **given: float) -> int:
        places = [founded(replicate=number, framework=framework, **given) for number in range(REPLICATES)]
        return sum(
            int(((rows.founded_by_migrants == 1) & (rows.active == 1)).sum())
            for rows in (place.sets["organisations"] for place in places)
        )

    assert running("DE") > running("DE", legacy__latest=0.0) > 0


def test_no_type_size_colour_or_seats_enter():
    """What is left is the same whatever the place is like, but for number, years and means."""
    usual = earlier_migrants(founded(), "DE", 1.0)
    unlike = founded(inhabitants=200_000.0, executive_ideology=-0.8, rrp=0.3, trend=-0.02)
    assert earlier_migrants(unlike, "DE", 1.0) == usual
    assert {column.name for column in LOCALITY} >= {"foreign_2014", "trend", "rrp"}


def test_know_how_that_is_not_used_fades() -> None:
    place = founded()
    start = known(place)
    place.sets["measures"].in_force[:] = 0
    place.sets["measures"].bulletin[:] = 0.0
    assert known(live(place, range(60), ["diffusion"])) < start


def test_the_post_is_kept_where_it_can_be_paid() -> None:
    def kept(**given: float) -> float:
        places = [
            founded(replicate=number, legacy__officer=1.0, legacy__gain=0.3, **given)
            for number in range(REPLICATES)
        ]
        had = [place for place in places if place.value("officer")]
        assert len(had) > REPLICATES / 3
        return sum(live(place, range(60), ["policy"]).value("officer") for place in had) / len(had)

    assert kept(policy__cost=0.0) > kept(policy__cost=2.0) + 0.2


def test_places_with_a_legacy_still_know_more_after_two_years() -> None:
    """The knock-out: without the theory this know-how is missing when many arrive."""

    def gain(stock: float) -> list[float]:
        found = []
        for number in range(REPLICATES):
            known_at_end = []
            for theory in (STOCK_AND_YEARS, NO_LEGACY):
                place = founded(theory, replicate=number, foreign_2014=stock)
                place.sets["sectors"].need[:] = 0.4
                live(place, range(24), ["perception", "relations", "frames", "policy", "diffusion"])
                known_at_end.append(known(place))
            found.append(known_at_end[0] - known_at_end[1])
        return found

    many, few = gain(0.1), gain(0.02)
    error = np.std(np.subtract(many, few), ddof=1) / np.sqrt(REPLICATES)
    assert np.mean(few) > 0.0
    assert np.mean(np.subtract(many, few)) > 3 * error
