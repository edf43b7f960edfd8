"""Lessons as tests read and run them: the cells of a MyST notebook, in their order, in one name space."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = sorted(FOLDER.glob("[0-9]*.md"))
HIDDEN = "remove-cell"
"""Tag of cells that the site does not show: they hold the text to what the runs give."""
NOT_RUN = "skip-execution"


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its source, the number of the line before it, and its tags."""

    source: str
    line: int
    tags: tuple[str, ...]


def cells(page: Path) -> Iterator[Cell]:
    """The code cells of a page."""
    for token in MarkdownIt().parse(page.read_text("utf-8")):
        if token.type == "fence" and token.info.startswith("{code-cell}"):
            assert token.map is not None
            source, tags, line = token.content, (), token.map[0] + 1
            if given := re.match(r":tags: \[([^\]]*)\]\n+", source):
                tags = tuple(each.strip() for each in given[1].split(","))
                source, line = source[given.end() :], line + given[0].count("\n")
            yield Cell(source, line, tags)


def prose(page: Path) -> str:
    """The page without its code cells."""
    return re.sub(r"^```\{code-cell\}.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def run(page: Path) -> dict[str, Any]:
    """Run all cells of a page and give the names that they leave. An error has the line of the page."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells(page):
        if NOT_RUN not in cell.tags:
            exec(compile(ast.parse("\n" * cell.line + cell.source), str(page), "exec"), names)
    return names
