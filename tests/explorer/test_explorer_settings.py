"""Settings as command, address, config and scenario: every form means the same."""

from dataclasses import replace

import pytest
from sides import SCRIPT, SMALL, screen

from woc_sim.cli.compose import compose_request
from woc_sim.errors import UserError
from woc_sim.explorer.settings import (
    PLACE,
    Screen,
    address,
    config_text,
    from_composed,
    read_address,
    scenario_of,
    typed,
    with_common,
)
from woc_sim.explorer.taking import notebook
from woc_sim.records import settings_text, yaml_text
from woc_sim.scenario.own_rules import read_own_rule
from woc_sim.scenario.parse import parse

SIDES = [
    SMALL,
    {"size": "rural", "executive": "conservative", "locality.rrp_share": 0.25, "seed": 7},
    {"locality.type": "left_behind", "locality.framework": "BE-VLG", "locality.unemployment": [0.05, 0.1]},
    {"case": "C31", "theory.contact": "none", "parameters.attitudes.contact": 0.0, "shocks.wave": 0.5},
    {
        "case": "C21",
        "intervention.links.start": "2016-05",
        "intervention.links.end": "2020-01",
        "intervention.courses.start": "2018-01",
        "intervention.courses.strength": 0.35,
        "schedule.drop": ["encounters"],
    },
]


@pytest.mark.parametrize("side", SIDES, ids=range(len(SIDES)))
def test_every_form_gives_the_same_scenario(side):
    scenario = scenario_of(side)
    (point,) = compose_request(typed(side), multirun=False).points
    assert point.scenario == scenario
    assert scenario_of(from_composed(point.settings, point.scenario)) == scenario
    shown = Screen(a=side, b=with_common(SMALL, side), replicates=3, view="why", shown=("migrants",))
    assert read_address(address(shown), Screen()) == shown
    stored, options = parse(yaml_text(config_text(side, 4), "", ""))
    assert (stored, options.replicates) == (scenario, 4)


def test_own_locality_goes_through_file_address_and_config(tmp_path, monkeypatch):
    side = {PLACE: SCRIPT, "people": 60, "theory.contact": "none"}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "locality.yaml").write_text(settings_text(SCRIPT), encoding="utf-8")
    (point,) = compose_request(typed(side), multirun=False).points
    assert point.scenario == scenario_of(side)
    assert from_composed(point.settings, point.scenario) == side
    assert read_address(address(Screen(a=side)), Screen()).a == side
    assert parse(yaml_text(config_text(side, 1), "", ""))[0] == point.scenario


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?a.case=C99", "C99"),
        ("?a.locality.rrp_share=7", "locality.rrp_share"),
        ("?a.case=C21&a.case=C22", "twice"),
        ("?a.case=[C21,C22]", "2 localities"),
        ("?a.case=!!python/object:os.system", "tags"),
        ("?a.locality.file=/etc/passwd", "locality.file"),
        ("?replicates=1000000", "replicates"),
        ("?replicates=x", "replicates"),
        ("?show=nothing", "nothing"),
        ("?nonsense=1", "nonsense"),
        ("?a=C21", "in the address"),
        ("?a.intervention.links=5", "intervention.links is 5"),
        ("?a.case=C21&b.case=C22&b.seed=9", "seed is 1 in A, 9 in B"),
        ("?a.case=C21&a.months=24&b.case=C21&b.months=36", "months is 24 in A, 36 in B"),
        ("?a.case=C21&a.people=60&b.case=C21&b.people=70", "people is 60 in A, 70 in B"),
        (
            "?a.case=C21&a.locality={rrp_share: 0.2}&a.locality.rrp_share=0.3",
            "a.locality.rrp_share stands twice",
        ),
        ("?a.case=" + "x" * 30_000, "characters"),
    ],
)
def test_bad_address_is_one_sentence(query, words):
    with pytest.raises(UserError, match=words):
        read_address(query, Screen())


def test_side_b_alone_is_set_beside_the_a_of_the_start():
    assert read_address("?b.case=C31", Screen()) == Screen(b={"case": "C31", "people": 1000})


def test_sides_without_settings_have_an_address():
    empty = Screen(a={}, b={"theory.contact": "none"})
    assert read_address(address(empty), Screen(a=dict(SMALL))) == empty
    assert read_address(address(replace(empty, b={})), Screen(a=dict(SMALL))) == replace(empty, b={})


def test_rule_of_ones_own_is_known_in_an_address_if_its_file_was_named_at_the_start(tmp_path):
    file = tmp_path / "my rules.py"
    file.write_text("def contact_effect(good):\n    return 0.05 * good\n", encoding="utf-8")
    rule = read_own_rule(f"{file}:contact_effect")
    start = Screen(a={"case": "C21", "theory.contact": rule})
    again = read_address(address(start), start)
    assert again.a["theory.contact"].source == rule.source
    (point,) = compose_request(typed(again.a), multirun=False).points
    assert point.scenario == scenario_of(again.a)
    assert "woc_sim.own_rule(" in notebook(again)
    with pytest.raises(UserError, match="runs its code only if you name its file"):
        read_address(address(start), Screen())


@pytest.mark.parametrize(
    ("query", "side"),
    [
        ("a.locality=left_behind&a.locality.size=rural",
         {"locality.type": "left_behind", "locality.size": "rural"}),
        ("a.intervention=links", {"intervention.links.start": "2018-01"}),
        ("a.intervention={links: {}}", {"intervention.links.start": "2018-01"}),
        ("a.intervention=links&a.intervention.links.end=2020-01", {"intervention.links.end": "2020-01"}),
    ],
)  # fmt: skip
def test_words_that_choose_in_a_group_are_what_they_stand_for(query, side):
    shown = read_address(f"?{query}", Screen())
    assert shown.a == side
    words = query.replace("a.", "").replace(" ", "").split("&")
    if "{" not in query:
        assert compose_request(words, multirun=False).points[0].scenario == scenario_of(side)
    assert read_address(address(shown), Screen()) == shown
    assert compose_request(typed(side), multirun=False).points[0].scenario == scenario_of(side)


def test_sides_share_what_makes_them_a_pair():
    other = {"case": "C31", "seed": 9, "people": 80}
    assert with_common(SMALL, other) == {"case": "C21", "seed": 9, "people": 80}
    assert replace(screen(), b=None).sides == (SMALL,)
