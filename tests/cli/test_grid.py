"""Points combined from the changes of each axis have the same settings as points composed one by one."""

from __future__ import annotations

from typing import Any

import pytest

from woc_sim.cli import compose
from woc_sim.cli.compose import compose_request, settings_of
from woc_sim.cli.grid import REMOVED, changes_between, flatten, grid_points, unflatten
from woc_sim.errors import UserError

DESIGNS = {
    "groups": (
        ["locality=revitalising,left_behind", "size=rural,small,medium", "executive=mixed,progressive"],
        5,
    ),
    "groups and numbers": (["executive=progressive,conservative", "locality.rrp_share=0,0.1,0.2,0.3"], 3),
    "many seeds": (["case=C21", "seed=range(1,30)"], 2),
    "parameters": (["parameters.ties.friend=40,50,60.5", "parameters.policy.lobby=0.2,0.5,0.6"], 3),
    "lists": (["case=[C31],[C31,C32]", "seed=1,2"], 3),
    "interventions": (["intervention=links", "intervention.links.strength=0.2,0.5,1.0", "seed=3,4"], 3),
    "theories": (["theory/contact=moderated,none", "theory/rrp=interaction,penalty", "seed=1,2"], 4),
    "a reference": (["seed=1,2,'${months}'", "shocks.covid=0,1"], 4),
    "schedule": (["schedule.drop=[],[encounters]", "shocks.covid=0,1"], 3),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_is_what_composing_each_point_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, most = DESIGNS[name]
    composed: list[Any] = []
    one = compose._compose

    def counted(lines: Any, with_hydra: bool = True) -> Any:
        composed.append(lines)
        return one(lines, with_hydra)

    monkeypatch.setattr(compose, "_compose", counted)
    asked = compose_request(lines, multirun=True)
    assert len(composed) == most

    def by_hand(lines: Any, counts: Any, settle: Any, value_of: Any) -> Any:
        yield from map(settle, lines)

    monkeypatch.setattr(compose, "grid_points", by_hand)
    assert compose_request(lines, multirun=True).points == asked.points


def composer(calls: list[list[str]], entangled: bool = False) -> Any:
    def settle(lines: list[str]) -> dict[str, Any]:
        calls.append(list(lines))
        given = dict(line.split("=") for line in lines)
        found: dict[str, Any] = {"a": given["a"], "b": {"c": int(given["b"])}, "kept": {}}
        if entangled:
            found["both"] = given["a"] + given["b"]
        return found

    return settle


LINES = [["a=x", "b=1"], ["a=x", "b=2"], ["a=y", "b=1"], ["a=y", "b=2"]]


def test_axes_that_touch_the_same_setting_are_composed_point_by_point() -> None:
    calls: list[list[str]] = []
    found = list(grid_points(LINES, [2, 2], composer(calls, entangled=True), lambda line: None))
    assert [each["both"] for each in found] == ["x1", "x2", "y1", "y2"]
    assert calls[-4:] == LINES


def test_axes_that_are_apart_are_put_together() -> None:
    calls: list[list[str]] = []
    found = list(grid_points(LINES, [2, 2], composer(calls), lambda line: None))
    assert found == [composer([])(lines) for lines in LINES]
    assert len(calls) == 3


def test_a_setting_that_goes_is_gone() -> None:
    before, after = {"a": {"b": 1, "c": 2}, "d": 0}, {"a": {}, "d": 0.0}
    changed = changes_between(flatten(before), flatten(after))
    assert changed == {("a", "b"): REMOVED, ("a", "c"): REMOVED, ("a",): {}, ("d",): 0.0}
    assert unflatten(flatten(before) | changed) == after


def test_an_error_in_a_later_value_is_told() -> None:
    with pytest.raises(UserError, match="smal"):
        compose_request(["size=rural,smal", "seed=1,2"], multirun=True)


def test_settings_are_resolved() -> None:
    with compose.hydra_at_conf():
        config = compose._compose(["case=C21"], with_hydra=False)
    assert settings_of(config)["case"] == "C21"
