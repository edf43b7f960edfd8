"""Instruments of policy: expert score, access rating, response class."""

import math

import pytest

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments import access_rating, mipex, response_class
from woc_sim.scenario.parameters import registry
from woc_sim.world.people import NON_EUROPEAN

HOUSING, WORK = SECTORS.index("housing"), SECTORS.index("work")


@pytest.fixture
def bare(place):
    place.parameters |= {"instruments.response_cut_mixed": 0.2, "instruments.response_cut_inclusive": 0.6}
    place.parameters |= {"instruments.provision_counted": 1.0}
    place.measures.in_force[:] = 0
    place.organisations.initiative[:] = 0
    for column in ("public", "higher", "nonpublic", "restrictive"):
        place.sectors.buffer(column)[:] = 0
    return place


def test_without_decisions_the_score_is_what_is_provided_everywhere(bare):
    bare.info["provision"] = [0.0, 1.0, *[0.5] * 11]
    found = mipex.read(bare)
    assert found["mipex_governance"] == 0.0
    assert found["mipex_actors"] == 100.0
    assert found["mipex_total"] == pytest.approx((100 + 11 * 50) / 13)


def test_what_others_provide_counts_in_part_but_for_health(bare):
    bare.parameters |= {"instruments.provision_counted": 0.25}
    bare.info["provision"] = [0.4] * 13
    found = mipex.read(bare)
    assert found["mipex_health"] == pytest.approx(40.0)
    assert found["mipex_labour"] == pytest.approx(10.0)


def test_a_measure_earns_its_weight_of_what_is_missing(bare):
    bare.measures.component[0], bare.measures.weight[0], bare.measures.in_force[0] = 4, 0.5, 1
    assert mipex.read(bare)["mipex_labour"] == pytest.approx(100 * (0.1 + 0.9 * 0.5))
    bare.measures.direction[0] = -1
    assert mipex.read(bare)["mipex_labour"] == pytest.approx(10.0)


def test_a_component_never_exceeds_a_hundred(bare):
    bare.measures.in_force[:] = 1
    bare.measures.weight[:] = 0.9
    assert mipex.read(bare)["mipex_total"] == 100.0


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


@pytest.mark.parametrize("supplier", ["public", "nonpublic"])
def test_either_supplier_makes_a_response(bare, supplier):
    assert response_class.read(bare)["response_class"] == 0.0
    bare.sectors.buffer(supplier)[:] = 0.3
    assert response_class.read(bare)["response_class"] == 1.0
    bare.sectors.buffer(supplier)[:] = 0.9
    assert response_class.read(bare)["response_class"] == 2.0


def test_what_law_provides_everywhere_is_no_response(bare):
    bare.sectors.higher[:] = 1.0
    found = response_class.read(bare)
    assert found["response_class"] == 0.0
    assert found["anypublic_work"] == 1.0
    assert found["targeted_work"] == 0.0


def test_restrictions_lower_the_response(bare):
    bare.sectors.public[:] = 0.9
    bare.sectors.restrictive[:] = 0.8
    assert response_class.read(bare)["response_class"] == 0.0


def test_flags_of_housing_and_work(bare):
    found = response_class.read(bare)
    assert all(found[f"{flag}_housing"] == 0.0 for flag in ("targeted", "anypublic", "nonstate"))
    bare.measures.sector[0], bare.measures.targeted[0], bare.measures.in_force[0] = HOUSING, 0, 1
    found = response_class.read(bare)
    assert (found["targeted_housing"], found["anypublic_housing"]) == (0.0, 1.0)
    bare.measures.targeted[0] = 1
    bare.organisations.initiative[9, WORK] = 1
    found = response_class.read(bare)
    assert (found["targeted_housing"], found["nonstate_housing"], found["nonstate_work"]) == (1.0, 0.0, 1.0)
    assert found["active_private"] == pytest.approx(1 / 4)
    assert found["active_nonpublic"] == 0.0


def test_a_restrictive_measure_is_no_targeted_measure(bare):
    bare.measures.sector[0], bare.measures.direction[0], bare.measures.in_force[0] = HOUSING, -1, 1
    found = response_class.read(bare)
    assert found["targeted_housing"] == 0.0
    assert (found["restrictive_count"], found["inclusive_count"]) == (1.0, 0.0)
    assert math.isnan(found["measure_coverage"])
