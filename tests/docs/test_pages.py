"""What the documentation shows can be run as it stands."""

import re
from pathlib import Path

import pytest

from woc_sim.evidence.catalogue import findings, targets
from woc_sim.scenario.theories import THEORIES

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.portable
def test_the_snippet_for_mesa_users_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "coming-from-mesa.md").read_text("utf-8"), re.DOTALL
    )
    exec(compile(snippet, "coming-from-mesa.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d+ migrants, 500 residents, \d+ organisations", lines[0])
    assert re.fullmatch(r"in work: (0(\.\d+)?|1\.0)", lines[1])
    assert len(lines) == 7


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = (DOCS / "README.md").read_text("utf-8")
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"({page.name})" not in listed] == [
        "README.md"
    ]


def test_every_file_that_the_recipes_name_exists() -> None:
    root = DOCS.parent
    recipes = (root / "CONTRIBUTING.md").read_text("utf-8")
    names = set(re.findall(r"`([\w/.<>]+\.(?:py|csv|yaml|json|md))`", recipes))
    assert len(names) > 40
    folders = (root, root / "src" / "woc_sim", *(root / "tests").glob("*/"))
    for name in names:
        pattern = re.sub(r"<\w+>", "*", name)
        assert any(True for folder in folders for _ in folder.glob(pattern)), name


@pytest.mark.parametrize("subject", sorted(THEORIES))
def test_every_rival_theory_has_its_claim_its_rule_and_what_would_speak_for_it(subject: str) -> None:
    page = (DOCS / "theories" / f"{subject}.md").read_text("utf-8")
    sections = dict(re.findall(r"^## (\w+)[^\n]*\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert list(sections) == list(THEORIES[subject])
    for text in sections.values():
        assert all(f"**{word}.**" in text for word in ("Claims", "Rule", "Would speak for it"))
    known = {each.id for each in (*findings(), *targets())} | {f"M{number}" for number in range(1, 37)}
    assert set(re.findall(r"\b[SDM]\d+\b", page)) <= known
