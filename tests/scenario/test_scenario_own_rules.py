"""Rules of one's own as data: the catalogue, how a file is read and checked, identity."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import woc_sim
from woc_sim.errors import UserError
from woc_sim.scenario import own_rules
from woc_sim.scenario.identity import canonical, scenario_hash
from woc_sim.scenario.own_rules import OwnRule, named_by_user, read_own_rule, replaceable
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import with_sources
from woc_sim.scenario.theories import theory_codes

RULE = "def contact_effect(attitude, good):\n    return 0.1 * good * (1.0 - attitude)\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my_rules.py"
    path.write_text(RULE, "utf-8")
    return path


def test_the_catalogue_names_what_a_rule_may_ask_for() -> None:
    assert list(replaceable()) == ["contact", "threat", "influence"]
    assert replaceable()["contact"].rule == "contact_effect"
    for rule in replaceable().values():
        assert rule.result.low < rule.result.high
        for one in rule.arguments.values():
            assert one.low < one.high
            assert not one.parameter or one.low == registry()[one.parameter].low


def test_identity_is_the_function_and_the_text(file: Path, tmp_path: Path) -> None:
    rule = read_own_rule(f"{file}:contact_effect")
    elsewhere = tmp_path / "sub" / "other.py"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(RULE.replace("\n", "\r\n").encode())
    same = read_own_rule(f"{elsewhere}:contact_effect")
    assert (rule == same, rule.source) == (True, RULE)
    assert rule.named == f"{file}:contact_effect"
    file.write_text(RULE + "# another text\n", "utf-8")
    assert read_own_rule(f"{file}:contact_effect") != rule
    scenarios = [
        woc_sim.scenario(case="C21", theory={"contact": each}) for each in (rule, same, "moderated", "none")
    ]
    assert scenarios[0] == scenarios[1]
    assert len({scenario_hash(each) for each in scenarios}) == 3
    assert f'"contact":"{rule}"' in canonical(scenarios[0])
    assert pickle.loads(pickle.dumps(scenarios[0])).theories["contact"].source == RULE
    codes = [theory_codes(each.theories) for each in (scenarios[0], scenarios[2])]
    assert codes[0] == codes[1], "the other rules of the subject do as in the default theory"


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (
            RULE,
            "contact_efect",
            "my_rules.py has no function 'contact_efect'; did you mean 'contact_effect'?",
        ),
        (RULE, "", "names no function; write FILE.py:FUNCTION"),
        ("def f(:\n", "f", "my_rules.py, line 1 is not valid Python: invalid syntax"),
        ("import os\ndef f(good):\n    return good\n", "f", "line 1 imports os; a file of rules may import"),
        ("def f(x):\n    from .a import b\n", "f", "line 2 imports .a;"),
        (
            "def f(mood):\n    return mood\n",
            "f",
            "asks for 'mood'; did you mean 'good'? a rule of contact may",
        ),
        ("def f(good=1.0):\n    return good\n", "f", "has arguments with *, ** or a default"),
        ("def f(*good):\n    return good\n", "f", "has arguments with *, ** or a default"),
        ("\x00", "f", "is not valid Python"),
        ("def f(good):\n    raise ValueError\n", "f", "my_rules.py, line 2 raises an error; a rule gives"),
        ("def f(good):\n    assert good\n    return good\n", "f", "line 2 raises an error"),
        ("def wirkung_ä(good):\n    return good\n", "wirkung_ä", "up to 64 letters a to z"),
    ],
)
def test_faults_are_told_before_anything_is_executed(file: Path, text: str, name: str, said: str) -> None:
    file.write_text(f"{text}\n", "utf-8")
    with pytest.raises(UserError) as caught:
        named_by_user(f"{file}:{name}", "contact")
    assert said in caught.value.sentence


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere.py does not exist; give a Python file of rules"):
        read_own_rule("nowhere.py:f")
    with pytest.raises(UserError, match="no installed package offers the rule my_package:f"):
        read_own_rule("my_package:f")
    (tmp_path / "latin.py").write_bytes(b"# \xe4\n")
    with pytest.raises(UserError, match="not a text file in UTF-8"):
        read_own_rule(f"{tmp_path / 'latin.py'}:f")
    with pytest.raises(UserError, match=r"theory.rrp takes no rule of one's own; those that do are contact"):
        named_by_user("nowhere.py:f", "rrp")


def test_an_entry_point_is_read_and_not_imported(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "town_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')\n", "utf-8")
    (package / "rules.py").write_text(RULE, "utf-8")
    described = tmp_path / "site" / "town_rules-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: town-rules\nVersion: 1\n", "utf-8")
    (described / "entry_points.txt").write_text(
        "[woc_sim.rules]\nroom = town_rules.rules:contact_effect\nall = town_rules.rules\n"
        "package = town_rules:contact_effect\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert named_by_user("town-rules:room", "contact") == read_own_rule(f"{file}:contact_effect")
    assert read_own_rule("Town_Rules:room") == read_own_rule("town-rules:room")
    with pytest.raises(UserError, match="offers the rule town-rules:rom; it offers"):
        read_own_rule("town-rules:rom")
    with pytest.raises(
        UserError, match=r"town-rules:all stands for town_rules.rules in its package; a rule is"
    ):
        read_own_rule("town-rules:all")
    (package / "__init__.py").write_text(RULE, "utf-8")
    assert read_own_rule("town-rules:package") == read_own_rule("town-rules:room")


def test_settings_are_data_and_cannot_name_code(file: Path) -> None:
    for settings in ({"theory": {"contact": f"{file}:contact_effect"}}, {"theory.contact": "my:rule"}):
        with pytest.raises(UserError, match="code is named on the command line, not in settings"):
            parse_scenario({"case": "C21", **settings})
    with pytest.raises(UserError, match="code is named on the command line"):
        replace(woc_sim.scenario(case="C21"), theories={"contact": f"{file}:contact_effect"})


def test_a_recorded_rule_has_no_text_until_its_file_is_named(file: Path) -> None:
    rule = read_own_rule(f"{file}:contact_effect")
    recorded = parse_scenario({"case": "C21", "theory": {"contact": str(rule)}})
    own = recorded.theories["contact"]
    assert isinstance(own, OwnRule)
    assert own.source == ""
    named = with_sources(recorded, [rule])
    assert named == recorded
    assert own_rules.own_rules(named.theories)["contact"].source == RULE
    file.write_text(f"{RULE}# changed\n", "utf-8")
    with pytest.raises(UserError, match=f"theory.contact is {rule}, and .* name the file with the text"):
        with_sources(recorded, [read_own_rule(f"{file}:contact_effect")])
    with pytest.raises(UserError, match=r"theory.rrp takes no rule of one's own"):
        parse_scenario({"case": "C21", "theory": {"rrp": str(rule)}})


def test_a_faulty_catalogue_names_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = own_rules.TABLE.read_text("utf-8").splitlines()
    monkeypatch.setattr(own_rules, "TABLE", tmp_path / "own_rules.csv")
    own_rules.TABLE.write_text("\n".join([rows[0], *rows[2:]]), "utf-8")
    with pytest.raises(ValueError, match=r"own_rules.csv row 2: contact is no subject, or its first row"):
        replaceable.__wrapped__()
