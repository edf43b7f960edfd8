"""Traits of groups as columns, and addresses of draws that belong to a group and not to its place."""

import ast
from pathlib import Path

import numpy as np
import pytest
from worlds import small_locality

import woc_sim
from woc_sim.draws import draw
from woc_sim.inputs.groups import MOST_KEYS, groups
from woc_sim.world.groups import GROUPS, REFERENCE, draw_of_group, fill_by_group, found_groups, origin_of
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN

FAMILY, BORN, MONTHS, ORDINALS = 1 << 56, 127 << 57 | 127 << 49, 0xFFFF << 24, 0xFFFFFF


def test_traits_come_from_the_catalogue_the_margins_and_the_parameters() -> None:
    parameters = {"population.attitude_mean_ua": 0.41, "attitudes.rally": 0.7}
    traits = small_locality(60, parameters=parameters).sets["groups"]
    assert len(traits) == len(groups()) == len(GROUPS)
    assert GROUPS[REFERENCE] == "non_european"
    assert traits.attitude_mean[UKRAINIAN] == 0.41
    assert traits.rally.tolist() == [0.0, 0.7]
    assert traits.procedure.tolist() == [1, 0]
    assert traits.quota.tolist() == [1, 0]
    assert traits.compared_with.tolist() == [UKRAINIAN, -1]
    assert traits.months.tolist() == [12.0, 1.0]
    assert traits.age.shape == (2, 5)
    for shares in (traits.age, traits.skill, traits.family):
        assert np.all(np.diff(shares, axis=1) >= 0.0)
        assert shares[:, -1] == pytest.approx(1.0)
    assert traits.out_of_bounds() == []


def test_a_trait_that_is_no_number_and_no_parameter_is_refused() -> None:
    locality = small_locality(60)
    del locality.parameters["attitudes.rally"]
    with pytest.raises(ValueError, match=r"groups\.csv: rally of ukrainian is no number and no parameter"):
        found_groups(locality)


def test_the_address_of_a_group_overlaps_with_no_other_part_of_a_key() -> None:
    origins = [origin_of(key) for key in range(MOST_KEYS)]
    assert len(set(origins)) == MOST_KEYS
    assert not any(origin & (FAMILY | BORN | MONTHS | ORDINALS) for origin in origins)
    assert [origin_of(0), origin_of(1)] == [0, 1 << 48]  # as in all worlds so far


def test_draws_of_a_group_depend_on_its_key_and_not_on_its_place() -> None:
    key = np.uint64(5), np.uint64(6)
    entities = np.arange(7, dtype=np.uint64)
    filled = {}
    for keys in ([0, 1, 9], [9, 0, 1]):
        out = np.empty((3, 7))
        fill_by_group(*key, entities, 3, np.array(keys, dtype=np.int32), 20, 21, 7, out)
        filled[tuple(keys)] = dict(zip(keys, out.tolist(), strict=True))
    assert filled[0, 1, 9] == filled[9, 0, 1]
    numbers = filled[0, 1, 9]
    assert numbers[0] == [draw(key, each, 20, 0, 3) for each in range(7)]
    assert numbers[1] == [draw(key, each, 21, 0, 3) for each in range(7)]
    assert numbers[9] == [draw(key, each, 21, 8, 3) for each in range(7)]
    assert numbers[9][4] == draw_of_group(*key, entities[4], 3, 9, 20, 21)
    assert numbers[0][4] == draw_of_group(*key, entities[4], 3, 0, 20, 21)


def test_attitudes_to_another_group_start_from_that_to_the_reference() -> None:
    residents = small_locality(600, institutions=False).residents
    reference, other = residents.attitude_to[NON_EUROPEAN], residents.attitude_to[UKRAINIAN]
    assert np.corrcoef(reference, other)[0, 1] > 0.7
    assert np.std(other - reference) > 0.05


def test_no_process_and_no_rule_asks_which_group_it_is() -> None:
    """They ask for traits, so that a group can be added in the catalogue alone."""
    package = Path(woc_sim.__file__).parent
    for folder in ("processes", "rules"):
        for path in sorted((package / folder).glob("*.py")):
            names = {
                node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)
            }
            assert not names & {"NON_EUROPEAN", "UKRAINIAN"}, path.name
