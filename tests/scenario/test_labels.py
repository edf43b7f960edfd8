"""Labels have no effect of their own: type, size, ideology and country only stand for quantities."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from woc_sim.ensemble.run import run_rows
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES, TYPES
from woc_sim.scenario.localities import synthetic, with_labels
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import LocalitySpec, Scenario
from woc_sim.simulation import open_world

TOWN = LocalitySpec(
    name="town",
    case="synthetic",
    framework="DE",
    inhabitants=(40_000.0, 40_000.0),
    executive_ideology=(0.2, 0.2),
    rrp_share=(0.1, 0.1),
    non_eu_share=(0.05, 0.05),
    unemployment=(0.08, 0.08),
    population_trend=(0.001, 0.001),
    pre2014_foreign_share=(0.04, 0.04),
    size="small",
    executive="mixed",
    type="marginal",
)
ALLOWED = {
    "executive": {"executive", "executive_ideology"},
    "size": {"size", "inhabitants"},
    "type": {"type", "population_trend", "unemployment", "pre2014_foreign_share", "non_eu_share"},
}
"""What the choice of a label may change in a locality."""


@pytest.mark.parametrize(
    "labels",
    [
        {"size": "rural", "executive": "conservative", "type": "revitalising"},
        {"size": "medium", "executive": "progressive", "type": "left_behind"},
        {"size": "", "executive": "", "type": ""},
    ],
)
def test_other_labels_on_the_same_quantities_change_no_byte(labels):
    plain, renamed = (
        run_rows(Scenario((spec,), people=150, months=122, seed=5), 0)[0]
        for spec in (TOWN, replace(TOWN, **labels))
    )
    assert plain.readings.tobytes() == renamed.readings.tobytes()
    assert plain.indicators.tobytes() == renamed.indicators.tobytes()


@pytest.mark.parametrize(("label", "names"), [("executive", EXECUTIVES), ("size", SIZES), ("type", TYPES)])
def test_two_cells_differ_only_in_the_quantities_that_their_label_stands_for(label, names):
    cells = [
        asdict(
            with_labels(
                synthetic(),
                **{"size": "small", "executive": "mixed", "type_name": "marginal", **_named(label, name)},
            )
        )
        for name in names
    ]
    for other in cells[1:]:
        changed = {key for key in other if other[key] != cells[0][key]}
        assert label in changed
        assert changed <= ALLOWED[label]


def _named(label: str, name: str) -> dict[str, str]:
    return {"type_name" if label == "type" else label: name}


def test_settings_of_two_cells_differ_in_the_locality_alone():
    one, other = (
        parse({"locality": {"type": kind, "size": size, "executive": colour}})[0]
        for kind, size, colour in (
            ("left_behind", "rural", "conservative"),
            ("revitalising", "medium", "progressive"),
        )
    )
    assert replace(one, localities=()) == replace(other, localities=())


def test_no_parameter_is_about_a_label():
    # 'mixed' is also the name of a class of responses, whose cut is one number for all places
    words = {*TYPES, *SIZES, *EXECUTIVES} - {"mixed"}
    for name in registry():
        assert not words & set(name.replace(".", "_").split("_")), name


def test_the_start_depends_on_kind_and_own_ideology_alone():
    """Unemployment, trend and settled migrants affect no tie, belief, engagement, frame or measure at the
    start.
    """
    poor = replace(
        TOWN,
        unemployment=(0.15, 0.15),
        population_trend=(-0.008, -0.008),
        pre2014_foreign_share=(0.12, 0.12),
        non_eu_share=(0.14, 0.14),
    )
    founded = []
    for spec in (TOWN, poor):
        with open_world(Scenario((spec,), people=150, seed=5), 0) as world:
            sets = world.localities[0].sets
            columns = {
                ("organisations", name): sets["organisations"].buffer(name).copy()
                for name in (
                    "kind",
                    "ideology",
                    "belief",
                    "engagement",
                    "prognostic",
                    "diagnostic",
                    "initiative",
                )
            }
            columns |= {
                ("governance", name): sets["governance"].buffer(name).copy() for name in ("habit", "tone")
            }
            columns["measures", "in_force"] = sets["measures"].in_force.copy()
            founded.append(columns)
    for key, values in founded[0].items():
        assert np.array_equal(values, founded[1][key]), key
