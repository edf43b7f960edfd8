"""Settings from Python: numpy values, stored localities, the defaults of the command line, warnings."""

import datetime
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from woc_sim import UserError, scenario
from woc_sim.cli.compose import compose_request
from woc_sim.records import settings_text, yaml_text
from woc_sim.scenario.identity import scenario_hash
from woc_sim.scenario.interventions import EFFECTS, STARTS
from woc_sim.scenario.parse import parse, parse_scenario, self_contained, unreached_interventions

PLACE = {
    "name": "Hillford",
    "framework": "AT",
    "size": "rural",
    "inhabitants": [9000, 11000],
    "executive": "mixed",
    "rrp_share": 0.15,
}


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"seed": np.int64(7)}, {"seed": 7}),
        ({"seed": np.array(7)}, {"seed": 7}),
        ({"seed": np.uint8(7)}, {"seed": 7}),
        ({"scale": np.float32(0.5)}, {"scale": 0.5}),
        ({"locality.rrp_share": np.float64(0.25)}, {"locality.rrp_share": 0.25}),
        ({"locality.rrp_share": np.array([0.25, 0.5])}, {"locality.rrp_share": [0.25, 0.5]}),
        ({"locality.rrp_share": (np.float32(0.25), 0.5)}, {"locality.rrp_share": [0.25, 0.5]}),
        ({"case": np.str_("C21")}, {"case": "C21"}),
        ({"case": np.array(["C21", "C22"])}, {"case": ["C21", "C22"]}),
        ({"case": pd.Series(["C21", "C22"])}, {"case": ["C21", "C22"]}),
        ({"profile": np.bool_(True)}, {"profile": True}),
        ({"schedule.drop": np.array(["policy"], dtype=object)}, {"schedule.drop": ["policy"]}),
        ({"out": Path("out") / "x"}, {"out": str(Path("out") / "x")}),
    ],
)
def test_values_of_numpy_are_what_they_hold(given: dict[str, Any], meant: dict[str, Any]) -> None:
    assert parse(given) == parse(meant)
    assert scenario_hash(parse(given)[0]) == scenario_hash(parse(meant)[0])


DEEP: dict[str, Any] = {}
DEEP["locality"] = DEEP

ODD = {
    "a table": ({"case": pd.DataFrame({"a": [1]})}, "case is"),
    "a matrix": ({"locality.rrp_share": np.zeros((2, 2))}, "locality.rrp_share is"),
    "a table of sizes": ({"size": pd.DataFrame({"a": [1]}), "locality.size": "rural"}, "size is"),
    "a float of numpy": ({"seed": np.float64(7)}, "seed is 7.0"),
    "not a number": ({"scale": np.nan}, "scale is nan"),
    "missing": ({"seed": pd.NA}, "seed is <NA>"),
    "a date": ({"intervention.links.start": datetime.date(2018, 1, 1)}, "intervention.links.start is"),
    "a set": ({"case": {"C21", "C22"}}, "case is {"),
    "bytes": ({"out": b"x"}, "out is b'x'"),
    "a function": ({"seed": len}, "seed is <built-in"),
    "itself": ({"locality": DEEP}, "nested too deeply"),
    "no mapping": ([("seed", 1)], "the settings are [("),
    "a key of bytes": ({"locality": {b"size": 1}}, "the key b'size' below locality is not a name"),
    "a long key": ({"x" * 5000: 1}, "does not exist"),
    "a deep path": ({"parameters" + ".a" * 5000: 1}, "nested too deeply"),
    "a long path": ({"locality." + "y" * 5000: 1}, "does not exist"),
    "a control character": ({"out": "a\x1b[31mb"}, "without control characters"),
    "a mark": ({"out": "a\u202eb"}, "invisible marks"),
    "a surrogate": ({"out": "a\udcffb"}, "without control characters"),
    "a long name": ({"out": "x" * 5000}, "at most 4096"),
    "foreign digits": ({"intervention.links.start": "２０１８-01"}, "written YYYY-MM"),
    "no places": ({"case": "C21", "intervention.links.where": []}, "where is []"),
    "a place twice": ({"case": ["C31", "C32"], "intervention.links.where": ["C31", "C31"]}, "'C31' twice"),
    "a process that is not there": (
        {"schedule": {"processes": ["work"], "drop": ["policy"]}},
        "schedule.processes lacks",
    ),
    "no processes": ({"schedule.processes": []}, "schedule.processes is []"),
    "people and scale": ({"people": 500, "scale": 0.1}, "people is 500 and scale is 0.1"),
    "a band for each case": ({"case": ["C31", "C32"], "locality.rrp_share": [0.1, 0.2]}, "for all 2 cases"),
    "a place and a case": ({"case": "C21", "locality.place": PLACE}, "give one of them"),
    "a place and a file": ({"locality": {"file": "x", "place": PLACE}}, "give one of them"),
    "a place with a key too many": ({"locality.place": {**PLACE, "sise": 1}}, "'sise' does not exist"),
    "half a place": ({"locality.place": {"name": "A"}}, "framework is missing in locality.place"),
    "a place as a list": ({"locality.place": [1]}, "locality.place is [1]"),
    "an empty place": ({"locality.place": {}}, "name is missing in locality.place"),
    "a place with a long name": ({"locality.place": {**PLACE, "name": "x" * 61}}, "at most 60"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_no_setting_takes_is_refused_in_a_sentence(kind: str) -> None:
    given, said = ODD[kind]
    with pytest.raises(UserError) as caught:
        parse(given)
    assert said in caught.value.sentence
    assert len(caught.value.sentence) <= 300
    assert caught.value.sentence.isprintable()


def test_every_case_of_a_list_gets_the_number() -> None:
    found = parse_scenario({"case": ["C31", "C32"], "locality.rrp_share": 0.2}).localities
    assert [each.rrp_share for each in found] == [(0.2, 0.2), (0.2, 0.2)]


@pytest.mark.parametrize("name", EFFECTS)
def test_the_command_line_and_python_have_one_default(name: str) -> None:
    typed = compose_request([f"intervention={name}"], multirun=False).points[0].scenario
    assert typed == scenario(intervention={name: {}})
    assert [each.start for each in typed.interventions] == [STARTS] == [(2018 - 2012) * 12]


def test_an_intervention_that_never_begins_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    late = {"months": 12, "intervention": {"links": {}}}
    with pytest.warns(UserWarning, match=r"links never begins: it starts 2018-01, the last month is 2012-12"):
        scenario(**late)
    ending = {"months": 84, "intervention": {"links": {"end": "2019-06"}}}
    with pytest.warns(UserWarning, match=r"links never ends: its end is 2019-06, the last month is 2018-12"):
        scenario(**ending)
    assert compose_request(["months=12,24", "intervention=links"], multirun=True).points
    told = capsys.readouterr().err.splitlines()
    assert [line.startswith("woc-sim: intervention.links never begins") for line in told] == [True, True]


@pytest.mark.parametrize(
    "settings",
    [{}, {"months": 73}, {"months": 144, "intervention.links.end": "2019-06"}],
    ids=["as it is", "one month", "ends"],
)
def test_an_intervention_that_holds_is_not_told(settings: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not unreached_interventions(scenario(**{"intervention.links.strength": 1, **settings}))


def test_settings_with_a_file_become_settings_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(PLACE), "utf-8")
    settings = {"seed": 3, "locality": {"file": str(file), "rrp_share": 0.4}}
    held = self_contained(settings)
    assert held == {"seed": 3, "locality": {"file": None, "place": PLACE, "rrp_share": 0.4}}
    assert settings["locality"] == {"file": str(file), "rrp_share": 0.4}
    asked = parse_scenario(settings)
    composed = compose_request(
        [f"locality.file={file}", "locality.rrp_share=0.4", "seed=3"], multirun=False
    ).points[0]
    file.unlink()
    again = parse_scenario(yaml_text(settings_text(held), "config.yaml", "mend it"))
    assert asked == again == composed.scenario
    assert scenario_hash(asked) == scenario_hash(again)
    assert composed.settings["locality"]["place"] == PLACE
    assert self_contained(held) == held


def test_a_place_is_no_key_of_the_command_line() -> None:
    with pytest.raises(UserError, match=r"'locality.place.name' does not exist"):
        compose_request(["locality.place.name=x"], multirun=False)


@pytest.mark.parametrize("word", ["1e3", "0100", "yes", "null", "1:30", "2019-01-01", "~", "&a", "", "a: b"])
def test_what_is_written_is_what_is_read(word: str) -> None:
    settings = {"name": word, "list": [word, 1, 0.1, 1e-05, True, None], "again": {}}
    assert yaml_text(settings_text(settings), "config.yaml", "mend it") == settings
    assert yaml.safe_load(settings_text(settings))["name"] == word


def test_one_list_twice_is_written_twice() -> None:
    shared = [1, 2]
    assert yaml_text(settings_text({"a": shared, "b": shared}), "x", "y") == {"a": [1, 2], "b": [1, 2]}
