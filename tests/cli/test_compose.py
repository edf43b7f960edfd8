"""Composition: conf/ has the parser's defaults, short groups set keys, sweeps are numbered as in Hydra."""

from itertools import pairwise
from typing import Any

import pytest
import yaml

from woc_sim.cli import CONF
from woc_sim.cli.compose import compose_request
from woc_sim.cli.overrides import canonical_key, groups, keys
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES, TYPES
from woc_sim.scenario.identity import scenario_hash
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import EXECUTORS, PROCESSES
from woc_sim.scenario.theories import THEORIES


def settings(*typed: str) -> dict[str, Any]:
    return compose_request(typed, multirun=False).points[0].settings


def test_the_shipped_configuration_is_the_parsers_default() -> None:
    point = compose_request([], multirun=False).points[0]
    assert (point.scenario, point.options) == parse({})
    assert tuple(point.settings["schedule"]["processes"]) == PROCESSES


def test_every_group_has_an_option_for_every_name() -> None:
    found = groups()
    assert set(found["size"]) == set(SIZES)
    assert set(found["executive"]) == set(EXECUTIVES)
    assert set(found["locality"]) == {"default", *TYPES}
    assert set(found["intervention"]) == {*EFFECTS, "obstacles"}
    assert set(found["executor"]) == set(EXECUTORS)
    for subject, rivals in THEORIES.items():
        assert set(found[f"theory/{subject}"]) == set(rivals)
    assert {"first_look", "rrp_gradient"} <= set(found["experiment"])
    assert "politics_by_size" in found["sweep"]


@pytest.mark.parametrize("group", sorted(groups()))
def test_every_option_of_every_group_composes_and_parses(group: str) -> None:
    for option in groups()[group]:
        asked = compose_request([f"{group}={option}"], multirun=False)
        assert asked.points
        if group.startswith("theory/"):
            assert asked.points[0].scenario.theories[group.partition("/")[2]] == option


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("executive=mixed", "locality.executive=mixed"),
        ("size=rural", "locality.size=rural"),
        ("locality=left_behind", "locality.type=left_behind"),
        ("theory/contact=none", "theory.contact=none"),
        ("shocks=no_covid", "shocks.covid=0"),
        ("case=C21", "case='C21'"),
        ("locality.rrp_share=1", "locality.rrp_share=1.0"),
    ],
)
def test_two_spellings_have_one_hash(short: str, full: str) -> None:
    first, second = (compose_request([each], multirun=False).points[0].scenario for each in (short, full))
    assert first == second
    assert scenario_hash(first) == scenario_hash(second)
    assert scenario_hash(first) != scenario_hash(parse({})[0]) or "C21" in short


def test_labels_set_what_they_may_and_nothing_else() -> None:
    """Configuration contains no finding: cells differ only in the label, specifications only in its bands."""
    allowed = {
        "executive": {"executive", "executive_ideology"},
        "size": {"size", "inhabitants"},
        "type": {"type", "population_trend", "unemployment", "pre2014_foreign_share"},
    }
    cells = {"executive": EXECUTIVES, "size": SIZES, "type": TYPES}
    for key, names in cells.items():
        points = [compose_request([f"locality.{key}={name}"], multirun=False).points[0] for name in names]
        for left, right in pairwise(points):
            differing = {name for name in left.settings if left.settings[name] != right.settings[name]}
            assert differing == {"locality"}
            places = left.settings["locality"], right.settings["locality"]
            assert {name for name in places[0] if places[0][name] != places[1][name]} == {key}
            specs = left.scenario.localities[0], right.scenario.localities[0]
            changed = {
                name for name in specs[0].__slots__ if getattr(specs[0], name) != getattr(specs[1], name)
            }
            assert changed <= allowed[key]
            assert key in changed


def test_configuration_files_hold_no_numbers_for_labels() -> None:
    for group in ("size", "executive", "locality"):
        for option in groups()[group]:
            content = yaml.safe_load((CONF / group / f"{option}.yaml").read_text("utf-8"))
            assert not [value for value in content.values() if isinstance(value, int | float)]


def test_what_is_typed_wins_over_an_experiment() -> None:
    plain = settings("experiment=first_look")
    assert (plain["case"], plain["replicates"]) == ("C21", 5)
    assert settings("experiment=first_look", "case=C22", "replicates=2")["case"] == "C22"
    asked = compose_request(["experiment=rrp_gradient", "size=rural", "executive=mixed"], multirun=False)
    assert asked.sweep
    assert len(asked.points) == 5
    for point in asked.points:
        spec = point.scenario.localities[0]
        assert (spec.size, spec.executive) == ("rural", "mixed")
    assert [point.axes for point in asked.points] == [
        {"locality.rrp_share": value} for value in (0, 0.1, 0.2, 0.3, 0.4)
    ]


def test_a_sweep_is_the_product_of_its_axes_in_order() -> None:
    typed = ["executive=progressive,conservative", "size=rural,small,medium", "seed=1,2", "people=100"]
    asked = compose_request(typed, multirun=True)
    assert len(asked.points) == 12
    assert asked.points[0].axes == {"executive": "progressive", "size": "rural", "seed": 1}
    assert asked.points[3].axes == {"executive": "progressive", "size": "small", "seed": 2}
    assert asked.points[11].axes == {"executive": "conservative", "size": "medium", "seed": 2}
    for point in asked.points:
        spec = point.scenario.localities[0]
        assert (spec.executive, spec.size, point.scenario.seed) == tuple(point.axes.values())
        assert spec.name == "synthetic"


def test_parameters_need_no_plus_and_can_be_swept() -> None:
    asked = compose_request(["parameters.covariates.earlier_low=0.2,0.4"], multirun=True)
    values = [point.scenario.parameters["covariates.earlier_low"] for point in asked.points]
    assert values == [0.2, 0.4]
    assert asked.scenario_overrides == ("++parameters.covariates.earlier_low=0.2,0.4",)


def test_all_six_obstacles_go_at_once() -> None:
    asked = compose_request(["intervention=obstacles", "intervention.links.start=2015-01"], multirun=False)
    chosen = {each.name: each for each in asked.points[0].scenario.interventions}
    assert set(chosen) == {"expertise", "links", "eu_weight", "responsibility", "depoliticise", "perception"}
    assert (chosen["links"].start, chosen["expertise"].start) == (36, 72)


def test_interventions_combine() -> None:
    asked = compose_request(
        ["intervention=[links,perception]", "intervention.links.strength=0.5"], multirun=False
    )
    chosen = {each.name: each for each in asked.points[0].scenario.interventions}
    assert set(chosen) == {"links", "perception"}
    assert chosen["links"].strength == 0.5
    assert chosen["links"].start == 72
    one = compose_request(["intervention=links,perception"], multirun=True)
    assert [[each.name for each in point.scenario.interventions] for point in one.points] == [
        ["links"],
        ["perception"],
    ]


def test_a_list_of_cases_is_one_world_and_in_a_sweep_an_axis() -> None:
    world = compose_request(["case=[C21,C22]"], multirun=False).points[0].scenario
    assert len(world.localities) == 2
    sweep = compose_request(["case=[C21,C22],C23"], multirun=True)
    assert [point.axes["case"] for point in sweep.points] == ["[C21,C22]", "C23"]
    assert [len(point.scenario.localities) for point in sweep.points] == [2, 1]


def test_launcher_and_batches_are_hydras_own() -> None:
    asked = compose_request(
        ["hydra/launcher=basic", "hydra.sweeper.max_batch_size=2", "seed=1,2,3"], multirun=True
    )
    assert asked.hydra_overrides == ("hydra/launcher=basic", "hydra.sweeper.max_batch_size=2")
    assert asked.scenario_overrides == ("seed=1,2,3",)
    assert len(asked.points) == 3


def test_resolvers_are_resolved_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", "C22")
    assert settings("case=${oc.env:PLACE}")["case"] == "C22"


def test_spellings_of_one_setting_share_a_key() -> None:
    assert canonical_key("size") == canonical_key("locality.size") == "locality.size"
    assert canonical_key("theory/rrp") == canonical_key("theory.rrp")
    assert canonical_key("locality") == canonical_key("locality.type")
    assert not keys() & set(groups())
