"""A group that is added by a row of the catalogue: a copy of the package with one row more lives a town."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.copies import copy_package, in_plain_python

SYRIAN = {
    "group": "syrian",
    "key": "7",
    "short": "sy",
    "label": "Syrian",
    "plural": "Syrians",
    "regime": "temporary_protection",
    "quota": "0",
    "chose": "0.5",
    "origin_shared": "1",
    "reference": "0",
    "counted": "yearly",
    "series": "asylum",
    "size": "ukrainians_per_1000",
    "margins": "asylum",
    "visible": "0.6",
    "attitude_mean": "0.2",
    "individual": "0.3",
    "distance": "0.4",
    "rally": "0.2",
    "cues": "0.7",
    "rrp": "0.6",
    "noise_shared": "attitudes.noise_shared",
    "noise_own": "0.6",
    "source": "assumed: a test",
}
"""A group by the columns of the catalogue: numbers, and a parameter by its name."""

LIVE = """
import json, sys
import numpy as np
from woc_sim.instruments import Observation
from woc_sim.instruments.life_stories import LifeStories
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario, Shocks
from woc_sim.simulation import open_world
from woc_sim.world.groups import GROUPS

scenario = Scenario((from_case("C21"),), seed=4, people=200, months=40, shocks=Shocks(asylum=5.0))
observation, stories = Observation(scenario.months), LifeStories(60)
with open_world(scenario, 0) as world:
    place = world.localities[0]
    start = place.residents.attitude_to.copy()
    first = {}
    stories.begin(world)
    for month in range(scenario.months):
        world.step()
        observation.observe(world)
        stories.observe(world)
        if not first and (place.migrants.group == GROUPS.index("non_european")).any():
            first = {name: place.migrants.entity[place.migrants.group == code].tolist()
                     for code, name in enumerate(GROUPS)}
    people, migrants = place.residents, place.migrants
    print(json.dumps({
        "groups": GROUPS,
        "start": dict(zip(GROUPS, start.tolist(), strict=True)),
        "end": dict(zip(GROUPS, people.attitude_to.tolist(), strict=True)),
        "met": dict(zip(GROUPS, people.contact_with.sum(axis=1).tolist(), strict=True)),
        "part": dict(zip(GROUPS, place.row.group_part[:, 0].tolist(), strict=True)),
        "accept": dict(zip(GROUPS, place.row.landlords_accept[:, 0].tolist(), strict=True)),
        "first": first,
        "came": {name: int((migrants.group == code).sum()) for code, name in enumerate(GROUPS)},
        "protected": {name: bool((migrants.status[migrants.group == code] == 1).all())
                      for code, name in enumerate(GROUPS)},
        "present": int(migrants.present.sum()),
        "indicator": float(observation.localities[0].monthly.rows[-1][1] * place.value("scale")),
        "out": [name for rows in place.sets.values() for name in rows.out_of_bounds()],
        "told": [life.header for life in stories.localities[0].lives()],
        "events": [event.text for life in stories.localities[0].lives() for event in life.events],
    }))
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What a town came to with the two groups, and with a third one in the first and in the last row."""
    found = {}
    for name, place in (("two", None), ("last", 2), ("first", 0)):
        folder = tmp_path_factory.mktemp(name)
        table = copy_package(folder) / "inputs" / "groups.csv"
        with table.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, names = list(reader), list(reader.fieldnames or ())
        if place is not None:
            rows.insert(place, {column: SYRIAN.get(column, "") for column in names})
        with table.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(rows)
        found[name] = _live(folder)
    return found


def _live(folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(in_plain_python(folder, "-c", LIVE))
    return answer


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["first", "last"])
def test_an_added_group_arrives_and_residents_have_an_attitude_of_their_own_to_it(
    lived: dict[str, dict[str, Any]], place: str
) -> None:
    found = lived[place]
    assert sorted(found["groups"]) == ["non_european", "syrian", "ukrainian"]
    assert found["came"]["syrian"] > 0 < found["came"]["non_european"]
    assert found["protected"]["syrian"]
    assert not found["protected"]["non_european"]
    assert found["end"]["syrian"] != found["start"]["syrian"]
    assert len({tuple(values) for values in found["end"].values()}) == 3
    assert found["met"]["syrian"] > 0.0
    assert 0.0 < found["part"]["syrian"] < 1.0
    assert sum(found["part"].values()) == pytest.approx(1.0)
    assert len(set(found["accept"].values())) == 3
    assert found["indicator"] == pytest.approx(found["present"])
    assert found["out"] == []


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["first", "last"])
def test_an_added_group_is_told_of(lived: dict[str, dict[str, Any]], place: str) -> None:
    assert any("Syrian " in header for header in lived[place]["told"])
    assert any("to Syrians" in header for header in lived[place]["told"])


@pytest.mark.thorough
@pytest.mark.parametrize("place", ["first", "last"])
def test_an_added_group_moves_nobody_elses_draws(lived: dict[str, dict[str, Any]], place: str) -> None:
    two, three = lived["two"], lived[place]
    for group in ("non_european", "ukrainian"):
        assert three["start"][group] == two["start"][group]
        assert set(three["first"][group]) == set(two["first"][group])
    assert two["first"]["non_european"]  # of the first month in which any came
    assert not set(three["first"]["syrian"]) & set(two["first"]["non_european"])


@pytest.mark.thorough
def test_the_order_of_the_catalogue_means_nothing(lived: dict[str, dict[str, Any]]) -> None:
    """Sums run in the order of rows, so that numbers may differ in their last digits and no more."""
    first, last = lived["first"], lived["last"]
    assert first["came"] == last["came"]
    for group in last["groups"]:
        assert first["start"][group] == last["start"][group]
        assert first["end"][group] == pytest.approx(last["end"][group], abs=1e-9)
