"""Response class: suppliers raise it, restrictions lower it."""

import math

import pytest

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments import response_class

HOUSING, WORK = SECTORS.index("housing"), SECTORS.index("work")


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
