"""Lessons run without error or warning, their texts say what the runs give, and they explain their names.

Hidden cells of a lesson assert what its text says. The suite runs the first lesson; WOC_SIM_LESSONS=all runs
all of them.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from lessons import FOLDER, HIDDEN, LESSONS, cells, prose, run

from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

RUN = LESSONS if os.environ.get("WOC_SIM_LESSONS") == "all" else LESSONS[:1]


@pytest.fixture
def in_lessons(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a student is: in the folder of the lessons, with `lesson.py` at hand and no display."""
    monkeypatch.chdir(FOLDER)
    monkeypatch.syspath_prepend(FOLDER)
    plt.switch_backend("agg")
    yield
    plt.close("all")
    sys.modules.pop("lesson", None)


@pytest.mark.lessons
@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
@pytest.mark.usefixtures("in_lessons")
def test_a_lesson_runs_and_its_text_is_true(page: Path) -> None:
    before = {path.name for path in FOLDER.iterdir()}
    run(page)
    assert {path.name for path in FOLDER.iterdir()} - before <= {"__pycache__"}


@pytest.mark.usefixtures("in_lessons")
def test_an_assertion_that_is_no_longer_true_fails_at_its_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    cell = "```{code-cell} ipython3\n:tags: [remove-cell]\n\nx = 1\nassert x > 1\n```\n"
    page.write_text(f"# A\n\n{cell}", "utf-8")
    with pytest.raises(AssertionError) as told:
        run(page)
    assert told.traceback[-1].lineno == 6


def test_there_are_eight_lessons_in_order() -> None:
    assert [page.name[:2] for page in LESSONS] == [f"{number:02d}" for number in range(1, 9)]
    listed = (FOLDER / "README.md").read_text("utf-8")
    teachers = (FOLDER / "teachers.md").read_text("utf-8")
    for page in LESSONS:
        assert f"({page.name})" in listed
        assert f"({page.name})" in teachers
        assert re.search(rf"^# {int(page.name[:2])} ", page.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_a_lesson_has_all_its_parts_and_checks_itself(page: Path) -> None:
    text = prose(page)
    parts = ("## What you will look at", "## Write down your guess", "## Answers", "## Things to try")
    places = [text.index(part) for part in ("**Question.**", *parts)]
    assert places == sorted(places)
    assert text.count("<details>") == text.count("</details>") >= 2
    assert any(HIDDEN in cell.tags and "assert " in cell.source for cell in cells(page))
    assert all("assert " not in cell.source for cell in cells(page) if HIDDEN not in cell.tags)


def texts_in(source: str) -> set[str]:
    """All texts in a piece of Python."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("page", LESSONS, ids=lambda page: page.stem)
def test_every_indicator_of_a_lesson_is_explained_in_it(page: Path) -> None:
    shown = [cell for cell in cells(page) if HIDDEN not in cell.tags]
    used = set().union(*(texts_in(cell.source) for cell in shown)) & {*INDICATOR_NAMES, *READING_NAMES}
    section = prose(page).partition("## What you will look at")[2].partition("\n## ")[0]
    assert used
    assert {name for name in used if f"`{name}`" not in section} == set()
    named = set(re.findall(r"`(\w+)`", prose(page)))
    assert {name for name in named if name.startswith("latent_")} <= set(READING_NAMES)
