"""The catalogue of rival theories: what it holds, what it refuses, and all that follows from a new row."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf
from tests.copies import PACKAGE, copy_package, in_plain_python
from tests.parameters import parameters
from worlds import small_locality

from woc_sim.inputs import reading
from woc_sim.inputs.theories import FILE, HEADER, code, packages, theories
from woc_sim.rules import (
    answers,
    attention,
    belief,
    coalitions,
    comparison,
    contact,
    decline,
    deservingness,
    frames,
    gains,
    history,
    hosting,
    knowledge,
    law,
    legacy,
    markets,
    meetings,
    provision,
    rrp,
    sharing,
    staff,
    threat,
    voice,
)
from woc_sim.rules.influence import chooses_whom_to_hear, listens
from woc_sim.scenario.theories import THEORIES
from woc_sim.world.locality import Now

DOCS = Path(__file__).parents[2] / "docs"
UNKNOWN = 99

P = parameters(
    "encounters",
    "attitudes",
    "policy",
    "staff",
    "sharing",
    "voice",
    "attention",
    "deservingness",
    "hosting",
    "relations",
    "frames",
    "work",
    "legacy",
    "civil_society",
    "first_beliefs",
)
SEEN = deservingness.Seen(1.0, 0.7, 0.5, 0.3)
ANSWERS: dict[str, Callable[[int], float]] = {
    "contact": lambda theory: contact.contact_effect(theory, 0.1, 0.5, 0.2, 0.01, 2.0),
    "contact, witnessed": lambda theory: contact.norm_effect(theory, 0.1, 0.5, 0.01),
    "contact, moderation": lambda theory: contact.moderation(P, theory, 0.6, 0.5),
    "threat": lambda theory: threat.threat_signal(P, theory, 0.01, 0.05, 0.5),
    "rrp": lambda theory: rrp.rrp_pressure(theory, 0.2, 0.4, 0.3, 1.5, 0.5),
    "substitution": lambda theory: provision.unmet(theory, 0.6, 0.5),
    "applications": lambda theory: history.asylum_arrivals(theory, 1.0, 2.0),
    "ukrainians": lambda theory: history.ukrainian_arrivals(theory, 1.0, 2.0),
    "rejections": lambda theory: history.rejection_share(theory, 0.3, 0.7),
    "salience": lambda theory: history.salience_of(theory, 0.1, 0.2, 0.3),
    "seats": lambda theory: history.seats_of_course(theory, 0.2, 1.5, 1.0),
    "placement": lambda theory: history.share_placed(theory, 0.5, 0.3),
    "voice": lambda theory: voice.courage(P, theory, 0.5, 0.2),
    "voice, residents": lambda theory: voice.outspoken(P, theory, 0.5, 0.2),
    "attention": lambda theory: attention.noticed(P, theory, 0.4, 0.3),
    "attention, volunteers": lambda theory: attention.lapse(P, theory, 0.4, 0.3),
    "attention, rally": lambda theory: attention.rally_wave(P, theory, 0.4, 0.3),
    "comparison": lambda theory: comparison.worse_off(theory, 0.0, 0.6, 0.3, 0.4),
    "deservingness": lambda theory: deservingness.deserving(P, theory, SEEN, 0.5),
    "hosting": lambda theory: hosting.introduction_chance(P, theory, 0.9),
    "meeting_time": lambda theory: meetings.offered(P, theory, 6.0, 10.0, 20.0, 120.0),
    "coalitions": lambda theory: coalitions.seen_agreement(P, theory, 0.6, -0.2, 0.5),
    "coalitions, contest": lambda theory: coalitions.contest(P, theory, 0.6, -0.2, 0.5),
    "coalitions, tone": lambda theory: coalitions.tone_pace(P, theory, -0.4, 0.2),
    "representation": lambda theory: meetings.claim_heard(theory, 0.4, 0.5),
    "lapsed_ties": lambda theory: meetings.habit_speed(P, theory, 1.0, 6.0),
    "meetings_told": lambda theory: answers.meetings_told(theory, 12.0, 3.0),
    "diagnosis": lambda theory: frames.own_reading(P, theory, 0.5),
    "gains": lambda theory: gains.weighed(theory, 0.5, 2.0),
    "gains, echoes": lambda theory: gains.beyond_own(theory, 0.5, 0.4, 0.5, 0.0),
    "staff": lambda theory: staff.staff_in_post(theory, 3.4, 3.9, 0.25),
    "staff, in hand": lambda theory: staff.staffed(P, theory, 1.0, 0.5),
    "sharing": lambda theory: sharing.cost_of_sharing(P, theory, 1.0, 0.5),
    "law": lambda theory: law.law_in_force(theory, 1.0, 0.5),
    "structure": lambda theory: markets.trend_position(theory, 0.3, 0.6, 0.5),
    "markets": lambda theory: markets.thickness(P, theory, 1.0, 0.06, 20_000.0),
    "markets, land": lambda theory: markets.building_response(theory, 0.5, 0.02, 0.07, 5e3, 0.5, 2e4),
    "employers": lambda theory: markets.employer_accepts(P, theory, 0.1, 0.4),
    "employers, line": lambda theory: markets.open_part(P, theory, 0.5, 100.0, 0.06, 20_000.0),
    "decline": lambda theory: decline.grievance(P, theory, -0.01, 0.5),
    "room": lambda theory: decline.with_need(theory, 0.5, 0.8, 0.4),
    "room, mayor": lambda theory: decline.with_wish(theory, 0.1, 0.8, 0.6, 0.3),
    "legacy": lambda theory: legacy.legacy_left(P, theory, 0.05, 20.0, 1.0),
    "legacy, organisations": lambda theory: legacy.founded_share(P, theory, 0.05, 20.0),
    "knowledge": lambda theory: knowledge.shown(theory, 0.5, 0.4, True),
    "knowledge, field": lambda theory: knowledge.from_field(theory, 0.5, 1.0),
    "knowledge, sides": lambda theory: knowledge.heeded(theory, 1.0, 2.5),
    "first_beliefs": lambda theory: belief.first_belief(theory, 0.4, 0.5),
    "first_beliefs, kept": lambda theory: belief.with_memory(P, theory, 0.4, -0.2),
    "first_beliefs, moved": lambda theory: belief.memory_step(P, theory, 0.4, -0.2),
}
"""Rules with rivals, by subject."""


@pytest.mark.parametrize("rule", ANSWERS)
def test_a_rule_answers_for_every_rival_and_for_no_other_code(rule: str) -> None:
    rivals = theories()[rule.partition(",")[0]]
    answers = [ANSWERS[rule](one.code) for one in rivals.values()]
    assert not any(map(math.isnan, answers))
    assert len(set(answers)) > 1
    assert math.isnan(ANSWERS[rule](UNKNOWN))


def test_nobody_is_heard_by_a_theory_that_does_not_exist() -> None:
    heard = {name: listens(one.code, 0.1, 0.9, 0.3) for name, one in theories()["influence"].items()}
    assert heard == {"friedkin_johnsen": True, "bounded_confidence": False, "none": False}
    assert not listens(UNKNOWN, 0.1, 0.1, 0.3)
    assert not chooses_whom_to_hear(UNKNOWN)


def test_every_theory_is_known_by_name_to_one_file_of_rules() -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted((PACKAGE / "rules").glob("*.py")):
        for pair in re.findall(r'code\("(\w+)", "(\w+)"\)', path.read_text("utf-8")):
            found.setdefault(pair, []).append(path.name)
    assert set(found) == {(subject, name) for subject, rivals in theories().items() for name in rivals}
    assert [pair for pair, files in found.items() if len(files) > 1] == []


def test_codes_are_unique_and_kernels_know_each_subject() -> None:
    for subject, rivals in theories().items():
        assert len({one.code for one in rivals.values()}) == len(rivals)
        assert subject in Now._fields
    assert code("contact", "none") == theories()["contact"]["none"].code


def test_a_package_is_the_default_or_a_rival_as_a_whole() -> None:
    assert {"inputs", "time", "staff"} < set(packages())
    for package in packages().values():
        assert package.theories
        for subject, name in package.theories:
            assert theories()[subject][name].is_default is package.is_default
        subjects = [subject for subject, _ in package.theories]
        assert [subject for subject, _ in package.before] == (subjects if package.is_default else [])
        for subject, name in package.before:
            assert theories()[subject][name].was_default


def test_the_experiment_of_european_curves_takes_all_inputs_by_country_away() -> None:
    settings = OmegaConf.load(PACKAGE / "conf" / "experiment" / "european_curves.yaml")
    assert settings.theory == dict(packages()["inputs"].before)


def test_a_package_of_which_a_part_is_the_default_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["rrp,a,yes,p,c,s", "rrp,b,before,,c,s", "law,a,yes,,c,s", "law,b,,p,c,s"]
    (tmp_path / FILE).write_text("\n".join([",".join(HEADER), *rows]) + "\n", encoding="utf-8")
    monkeypatch.setattr(reading, "_FOLDER", tmp_path)
    monkeypatch.setattr("woc_sim.inputs.theories.theories", theories.__wrapped__)
    with pytest.raises(ValueError, match="of package p a part is the default and a part is not"):
        packages.__wrapped__()


@pytest.mark.parametrize("pair", [("contact", "nothing"), ("gravity", "none")])
def test_a_rule_cannot_look_up_a_theory_that_the_table_has_not(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"theories\.csv has no theory"):
        code(*pair)


@pytest.mark.parametrize("wrong", [UNKNOWN, -1, None])
def test_a_locality_with_an_unknown_code_is_refused(wrong: int | None) -> None:
    with pytest.raises(ValueError, match=f"the theory of rrp is {wrong}, not one of"):
        small_locality(60, theories={"rrp": wrong})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["rrp,a,yes,,c,s", "rrp,a,,,c,s"], "row 3: rrp a appears twice"),
        (["rrp,a,yes,,c,s", "rrp,b,yes,,c,s"], "rrp needs two theories or more, and one default"),
        (["rrp,a,,,c,s", "rrp,b,,,c,s"], "rrp needs two theories or more, and one default"),
        (["rrp,a,yes,,c,s"], "rrp needs two theories or more, and one default"),
        (["rrp,a,yes,,c,", "rrp,b,,,c,s"], "row 2: source is empty"),
        (["rrp,a,no,,c,s", "rrp,b,,,c,s"], "row 2: default is 'no'"),
        (["rrp,a b,yes,,c,s"], "row 2: rrp a b is no pair of names"),
        (["rrp,a,yes,p,c,s", "rrp,b,,,c,s"], "rrp needs one default from before its package, or no package"),
        (["rrp,a,yes,,c,s", "rrp,b,before,,c,s"], "rrp needs one default from before its package, or no pac"),
        (["rrp,a,yes,,c,s", "rrp,b,,p,c,s", "rrp,d,,p,c,s"], "row 4: a package has at most one theory of a"),
    ],
)
def test_a_faulty_table_is_refused_with_its_row(
    rows: list[str], fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE).write_text("\n".join([",".join(HEADER), *rows]) + "\n", encoding="utf-8")
    monkeypatch.setattr(reading, "_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=re.escape(fault)):
        theories.__wrapped__()


RUN = """
import json, sys
sys.path.append(sys.argv[1] + "/docs")
import tables
from woc_sim.cli.main import main
from woc_sim.inputs.theories import code
from woc_sim.rules.contact import contact_effect
from woc_sim.scenario.theories import THEORIES, default_theories
exit_code = main(["run", "case=C21", "people=80", "months=40", "theory/contact=thrice", f"out={sys.argv[2]}"])
print(json.dumps({
    "exit": exit_code, "names": list(THEORIES["contact"]), "default": default_theories()["contact"],
    "effect": contact_effect(code("contact", "thrice"), 0.0, 0.5, 0.5, 0.5, 0.5),
    "in the docs": tables.theories().count("| thrice |"),
}))
"""
CHANGES = {
    "woc_sim/inputs/theories.csv": {
        "contact,moderated": "contact,thrice,,,contact moves by 3,assumed: an example\ncontact,moderated"
    },
    "woc_sim/rules/contact.py": {
        "\nMODERATED: Final": '\nTHRICE: Final = code("contact", "thrice")\nMODERATED: Final',
        "    if theory == NO_CONTACT:\n        return 0.0": (
            "    if theory == THRICE:\n        return 3.0\n    if theory == NO_CONTACT:\n        return 0.0"
        ),
        "    if theory == MODERATED:\n": (
            "    if theory == THRICE:\n        return 0.5\n    if theory == MODERATED:\n"
        ),
    },
    "docs/theories/contact.md": {
        "## moderated": "## thrice\n\n**Claims.** **Rule.** **Would speak for it.**\n\n## moderated"
    },
}
"""All that is written by hand for a new theory: file -> place -> what stands there then."""


@pytest.mark.thorough
def test_a_new_theory_is_a_row_the_branches_of_a_rule_and_a_section_of_its_page(tmp_path: Path) -> None:
    """Names, settings, codes, defaults and the table of the docs follow."""
    assert len(CHANGES) <= 3
    copy_package(tmp_path)
    shutil.copytree(DOCS, tmp_path / "docs", ignore=shutil.ignore_patterns("__pycache__", "*.png"))
    for file, edits in CHANGES.items():
        text = (tmp_path / file).read_text("utf-8")
        for place, changed in edits.items():
            assert place in text, f"{file} has no {place!r}"
            text = text.replace(place, changed)
        (tmp_path / file).write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    printed = in_plain_python(tmp_path, "-c", RUN, str(tmp_path), str(out))
    assert json.loads(printed.splitlines()[-1]) == {
        "exit": 0,
        "names": ["thrice", *THEORIES["contact"]],
        "default": "moderated",
        "effect": 3.0,
        "in the docs": 1,
    }
    assert "contact: thrice" in (out / "config.yaml").read_text("utf-8")
