"""Access rating: how hard work and a home are to find."""

import math

import pytest

from woc_sim.instruments import access_rating
from woc_sim.scenario.parameters import registry
from woc_sim.world.people import NON_EUROPEAN


def test_vacant_dwellings_that_are_let_ease_housing_only(place):
    place.row.vacancy[0] = 0.01
    tight = access_rating.read(place, 120)
    place.row.vacancy[0] = 0.2
    loose = access_rating.read(place, 120)
    assert loose["latent_access_housing"] < tight["latent_access_housing"]
    assert loose["latent_access_employment"] == tight["latent_access_employment"]
    place.row.landlords_accept[NON_EUROPEAN, 0] = 0.0
    assert access_rating.read(place, 120)["latent_access_housing"] > tight["latent_access_housing"]


def test_jobs_held_by_the_entitled_ease_employment(place):
    place.migrants.job[:] = 0
    hard = access_rating.difficulty_of_work(place, 120)
    place.migrants.job[:] = 2
    assert access_rating.difficulty_of_work(place, 120) == pytest.approx(hard - 0.5)


def test_who_is_still_in_the_procedure_does_not_count(place):
    place.migrants.status[:] = 0
    place.migrants.job[:] = 0
    waiting = access_rating.difficulty_of_work(place, 120)
    place.migrants.job[:] = 2
    assert access_rating.difficulty_of_work(place, 120) == waiting


def test_rating_rises_with_difficulty():
    ratings = [access_rating.rating(step / 10, 0.5, 0.7) for step in range(11)]
    assert ratings == sorted(ratings)
    assert set(ratings) == {0.0, 1.0, 2.0}
    assert math.isnan(access_rating.rating(math.nan, 0.5, 0.7))


def test_cuts_are_in_order():
    known = registry()
    for name in ("work", "home"):
        assert (
            known[f"instruments.{name}_cut_difficult"].value < known[f"instruments.{name}_cut_extreme"].value
        )
    assert known["instruments.response_cut_mixed"].value < known["instruments.response_cut_inclusive"].value
    cuts = [known[f"instruments.frequency_cut_{step}"].value for step in range(1, 5)]
    assert cuts == sorted(cuts)
