"""Variants of the model, and the localities of a validation."""

from __future__ import annotations

from dataclasses import replace

from woc_sim.analysis.variants import (
    CONTACT_SPEEDS,
    COUNTRY_ONLY,
    EQUAL_LOCALITIES,
    INTERACTIONS,
    INTERACTIONS_OFF,
    MODEL,
    SEAT_SHARES,
    SELECTION_ONLY,
    SOCIAL_WEIGHTS,
    as_variant,
    case_spec,
    eu_cases,
    factorial,
    median_locality,
)
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import PROCESSES, Scenario


def scenario(name: str = "C05") -> Scenario:
    return Scenario((case_spec(name),), people=100)


def test_interactions_off_keeps_people_markets_and_law():
    off = as_variant(scenario(), INTERACTIONS_OFF)
    assert set(PROCESSES) - set(off.schedule) == set(INTERACTIONS)
    assert off.theories["influence"] == "none"
    changed = {name for name in off.parameters if off.parameters[name] != scenario().parameters[name]}
    assert changed <= set(SOCIAL_WEIGHTS)
    assert all(off.parameters[name] == 0 for name in SOCIAL_WEIGHTS)
    assert set(SOCIAL_WEIGHTS) <= set(registry())
    assert off.localities == scenario().localities


def test_country_only_leaves_nothing_but_the_framework():
    one = as_variant(scenario(), COUNTRY_ONLY)
    assert one == as_variant(as_variant(scenario(), EQUAL_LOCALITIES), INTERACTIONS_OFF)
    assert as_variant(scenario(), EQUAL_LOCALITIES).schedule == scenario().schedule
    localities = [as_variant(scenario(name), COUNTRY_ONLY).localities[0] for name in eu_cases()]
    assert [locality.name for locality in localities] == list(eu_cases())
    assert len({locality.framework for locality in localities}) == 10
    alike = {replace(locality, name="one", case="one", framework="DE") for locality in localities}
    assert len(alike) == 1
    drawn = {
        realise(locality, 1, replicate).inhabitants for locality in localities[:4] for replicate in range(3)
    }
    assert len(drawn) == 1


def test_selection_only_changes_what_contact_does_and_nothing_else():
    one = as_variant(scenario(), SELECTION_ONLY)
    assert one.theories == {**scenario().theories, "contact": "none"}
    assert one.schedule == scenario().schedule
    changed = {name for name in one.parameters if one.parameters[name] != scenario().parameters[name]}
    assert changed == set(CONTACT_SPEEDS)
    assert not any(one.parameters[name] for name in CONTACT_SPEEDS)


def test_the_model_is_left_alone():
    assert as_variant(scenario(), MODEL) == scenario()


def test_the_median_locality_lies_inside_the_bands_of_the_cases():
    locality = median_locality()
    for column in ("inhabitants", "rrp_share", "non_eu_share", "unemployment", "executive_ideology"):
        bands = [getattr(case_spec(name), column) for name in eu_cases()]
        known = [band for band in bands if band is not None]
        low, high = getattr(locality, column)
        assert low == high
        assert min(band[0] for band in known) <= low <= max(band[1] for band in known)


def test_the_factorial_crosses_all_and_takes_turns_with_seats():
    cells = factorial()
    assert len({cell.name for cell in cells}) == 36
    for replicate in range(3):
        seats = [cell.seats(replicate) for cell in cells]
        assert {share: seats.count(share) for share in SEAT_SHARES} == dict.fromkeys(SEAT_SHARES, 12)
    assert {(cell.name, cell.seats(replicate)) for cell in cells for replicate in range(3)} == {
        (cell.name, share) for cell in cells for share in SEAT_SHARES
    }
    localities = [cell.spec(0) for cell in cells]
    assert len({locality.name for locality in localities}) == 36
    assert all(locality.type and locality.size and locality.executive for locality in localities)
