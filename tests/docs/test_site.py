"""The pages of the site that are made from the code: every finding, mechanism, reading and picture.

That all links of the site have a target is tested by its build, ``./run docs``, where a warning is an error.
"""

from __future__ import annotations

import re
from math import nan
from pathlib import Path

import pytest
from docs.site import api, build, experiments, findings, glossary, mechanisms, pictures, verdicts
from docs.site.docstrings import as_fields
from docs.site.finding_pictures import picture
from docs.site.verdicts import Verdict
from docs.site.woven import woven

from woc_sim import __all__ as public_names
from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, VERDICTS
from woc_sim.inputs.theories import theories
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.processes.schedule import PROCESSES

ROOT = Path(__file__).parents[2]
WORDS = {one.name for one in (*VERDICTS, *HYPOTHESIS_VERDICTS)}


def made_up(**changed: float) -> Verdict:
    """A verdict with numbers of our own."""
    numbers = {**dict.fromkeys(verdicts.NUMBERS, 0.25), "n": 24.0, "simulated": 0.4, "low": 0.2, "high": 0.9}
    words = {**dict.fromkeys(verdicts.WORDS, ""), "verdict": "reproduced", "living": "permuted, country_only"}
    return Verdict("S20", words, numbers | changed, "model", "judge")


def test_verdicts_are_those_of_all_findings_with_a_check_or_there_are_none() -> None:
    made = verdicts.verdicts()
    assert set(made) in (set(), set(checks_by_finding()))
    assert {one.verdict for one in made.values()} <= WORDS
    assert len({(one.model, one.judge) for one in made.values()}) <= 1
    roles = {entry.id: entry.role.name for entry in findings.entries()}
    hypotheses = {one.name for one in HYPOTHESIS_VERDICTS}
    for name, one in made.items():
        assert (one.verdict in hypotheses) == (roles[name] == "hypothesis"), name


def test_a_verdict_is_told_with_what_it_rests_on() -> None:
    entry = next(each for each in findings.entries() if each.id == "S20")
    text = "\n".join(findings.verdict_section(entry, made_up(), checks_by_finding()["S20"]))
    for part in (
        "## Verdict: reproduced",
        "| permuted | .25 | counts |",
        "simulated** | 0.4 (90 % of studies: 0.2 to 0.9) |",
    ):
        assert part in text, part
    assert "| selection only | .25 | does not count: not run |" in text


def test_the_page_of_a_finding_says_where_it_comes_from_and_how_it_fared() -> None:
    entry = next(each for each in findings.entries() if each.id == "S20")
    text = findings.page(entry)
    for part in (entry.statement, entry.source, entry.role.reason, "`colour_matters_in_towns`", "## History"):
        assert part in text, part
    assert f"| **verdict** | {findings.word('S20')} |" in text
    assert "experiments/e02_affiliation_by_size/factors.png" in text
    assert "def colour_matters_in_towns" in text


def test_the_history_of_a_finding_has_its_role_its_openings_and_its_check() -> None:
    told = [text for _, text in findings.history("S31")]
    assert any("*held out* became *fit*" in text for text in told)
    assert any(text.startswith("Looked at") for text in told)
    assert any("rewritten" in text for _, text in findings.history("S46"))
    assert not any("S460" in text for _, text in findings.history("S46"))


def test_the_picture_of_a_finding_is_well_formed_and_bounded() -> None:
    import xml.etree.ElementTree as ElementTree

    for made in (made_up(), made_up(target=5.0, error=2.0), made_up(simulated=nan), made_up(pass_twin=nan)):
        root = ElementTree.fromstring(picture(made))
        width = float(root.attrib["width"])
        for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
            assert 0 <= float(circle.attrib["cx"]) <= width


def test_each_process_has_its_formulas_and_its_rivals() -> None:
    for place, one in enumerate(PROCESSES, start=1):
        text = mechanisms.page(place, one)
        assert len(mechanisms.descriptions()[one.name]) > 250
        for subject in one.theories:
            assert all(f"| {name} |" in text or f"**{name}**" in text for name in theories()[subject])
        assert all(f"| `{name}` |" in text for name in one.parameters)


def test_the_glossary_has_each_indicator_and_reading_once() -> None:
    terms = re.findall(r"^(\w+)\n  \S", glossary.page(), re.MULTILINE)
    assert sorted(terms) == sorted({*INDICATOR_NAMES, *READING_NAMES})


def test_sections_of_a_docstring_become_fields() -> None:
    lines = [
        "What it does.",
        "",
        "Parameters",
        "----------",
        "first, second : two scenarios",
        "    of one seed.",
    ]
    lines += ["", "Returns", "-------", "A table.", "", "Raises", "------", "UserError : if they differ."]
    made = [line for line in as_fields(lines) if line]
    assert made == [
        "What it does.",
        ":param first: two scenarios of one seed.",
        ":param second: two scenarios of one seed.",
        ":returns: A table.",
        ":raises UserError: if they differ.",
    ]


def test_every_public_name_is_described() -> None:
    text = api.page()
    for name in public_names:
        assert f"`woc_sim.{name}`" in text
        if name != "__version__":
            assert re.search(rf"^\.\. (py:function|auto\w+):: [\w.]*\b{name}\b", text, re.MULTILINE), name


def test_every_committed_picture_has_its_command() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "experiments").rglob("*.png")}
    there |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.png")}
    assert {each.path for each in pictures.pictures()} == there
    known = {entry.id for entry in findings.entries()}
    for each in pictures.pictures():
        assert each.command.startswith("woc-sim ")
        assert set(each.findings) <= known
        assert (ROOT / each.page).exists()
        assert Path(each.path).name in (ROOT / each.page).read_text("utf-8") or "experiments" in each.path


@pytest.mark.parametrize("row", experiments.experiments(), ids=lambda row: row["name"])
def test_an_experiment_tells_each_verdict_and_number_from_its_results(row: dict[str, str]) -> None:
    text = (ROOT / "experiments" / row["name"] / "README.md").read_text("utf-8")
    assert f"<!-- table: results {row['name']} -->\n{experiments.results(row['name'])}\n" in text
    assert f"<!-- table: judged {row['name']} -->\n{experiments.judged(row['name'])}\n" in text
    prose = re.sub(r"<!-- table.*?<!-- end -->", "", text, flags=re.DOTALL)
    assert not re.search(r"\b(not )?(supported|reproduced|confirmed)\b|\d\.\d|\s\.\d\d", prose, re.IGNORECASE)


def test_links_between_files_of_the_checkout_lead_to_their_places_in_the_site() -> None:
    page = ROOT / "experiments" / "e06_shocks" / "README.md"
    text = (
        "[a](../../docs/inputs.md#b) [c](https://example.org/x) [d](../../pyproject.toml) ![e](factors.png)"
    )
    assert build.moved_links(text, page) == (
        "[a](../../inputs.md#b) [c](https://example.org/x) d ![e](factors.png)"
    )
    assert build.moved_links("[a](../README.md)", ROOT / "docs" / "why.md") == "[a](start.md)"


def test_patterns_without_a_page_leave_the_list_of_pages(tmp_path: Path) -> None:
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "salib.md").touch()
    page = "*A sentence.*\nwhy\nclients/*\nexplorer*\n"
    assert build.without_absent(page, tmp_path) == "*A sentence.*\nwhy\nclients/*\n"


def test_ids_of_findings_become_links_but_on_their_own_page() -> None:
    assert woven("S20 and D1, not S999", "why") == [
        ("S20", "/findings/S20"),
        (" and ", ""),
        ("D1", "/findings/D1"),
        (", not S999", ""),
    ]
    assert woven("only S20", "findings/S20") == []


def test_verdicts_are_made_anew_only_when_something_moved(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.csv"
    row = dict.fromkeys((*verdicts.NUMBERS, *verdicts.WORDS), "") | {
        "id": "S20",
        "n": "24",
        "simulated": "1.23456",
    }
    asked = []

    def validation(folder: Path) -> list[dict[str, str]]:
        asked.append(folder)
        return [row | {"verdict": "cannot tell"}]

    assert list(verdicts.renew_verdicts(path, validation)) == [
        "docs/verdicts.csv: S20: none, now cannot tell"
    ]
    assert verdicts.verdicts(path)["S20"].numbers["simulated"] == 1.235
    assert list(verdicts.renew_verdicts(path, validation)) == []
    assert len(asked) == 1
    path.write_text(
        path.read_text().replace(verdicts.model_hash(), "0" * 16).replace("cannot tell", "trivial")
    )
    verdicts.verdicts.cache_clear()
    verdicts.is_current.cache_clear()
    assert (
        next(iter(verdicts.renew_verdicts(path, validation)))
        == "docs/verdicts.csv: S20: trivial, now cannot tell"
    )
