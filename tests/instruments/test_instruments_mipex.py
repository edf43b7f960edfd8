"""Expert score: what measures, law and others give to each component."""

import pytest

from woc_sim.instruments import mipex


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
