"""The ODD page: seven elements, current tables, every process with its rationale."""

from __future__ import annotations

import re
from pathlib import Path

from docs import tables

from woc_sim.processes.schedule import PROCESSES

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "odd.md").read_text("utf-8")
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialisation",
    "Input data",
    "Submodels",
)


def test_the_page_has_the_seven_elements_in_their_order():
    found = re.findall(r"^## (\d) (.+)$", PAGE, flags=re.MULTILINE)
    assert found == [(str(place), name) for place, name in enumerate(ELEMENTS, start=1)]


def test_tables_are_what_the_code_says():
    marks = set()
    for page in tables.pages():
        text = page.read_text("utf-8")
        assert tables.renewed(text) == text, "run `./run renew docs`"
        marks |= set(re.findall(r"<!-- table: (\w+)(?: \w+)? -->", text))
    assert DOCS / "odd.md" in tables.pages()
    assert marks == {*tables.TABLES, *tables.OF_EXPERIMENTS}
    assert tables.renewed("<!-- table: measures -->\nold\n<!-- end -->").count("\n") > 45


def test_every_process_is_described_with_its_source():
    for place, one in enumerate(PROCESSES, start=1):
        found = re.search(
            rf"^### Process {place}: [^\n]*\n(.*?)(?=^### )", PAGE, flags=re.MULTILINE | re.DOTALL
        )
        assert found is not None, one.name
        assert f"processes/{one.name}.py" in found[0]
        text = found[1]
        assert len(text) > 250, one.name
        assert re.search(r"final paper|slides|\b[SMWD]\d{1,3}\b|\bA\d{1,2}\b|B\([a-h]\)", text), one.name


def test_links_inside_the_page_have_targets():
    heads = re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert links <= anchors, links - anchors
