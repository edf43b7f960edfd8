"""Docstrings of the package in the markup of Sphinx.

A section has a head with a line of dashes. In Parameters, Raises and Attributes each entry is ``name :
meaning``, whose further lines are indented; Returns is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIELDS = {"Parameters": "param", "Raises": "raises", "Attributes": "param"}
TEXTS = {"Returns": "returns", "Yields": "returns"}


def sections(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Head and lines of each section; what stands before the first has no head."""
    head, body = "", []
    place = 0
    while place < len(lines):
        below = lines[place + 1].strip() if place + 1 < len(lines) else ""
        if lines[place].strip() in {**FIELDS, **TEXTS} and re.fullmatch("-{3,}", below):
            yield head, body
            head, body = lines[place].strip(), []
            place += 2
            continue
        body.append(lines[place])
        place += 1
    yield head, body


def entries(body: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names and meaning of each entry of a section."""
    names, words = "", []
    for line in body:
        found = re.match(r"([\w*, ]+?) : (.*)", line)
        if found:
            if names:
                yield names, " ".join(words)
            names, words = found[1], [found[2]]
        elif line.strip():
            words.append(line.strip())
    if names:
        yield names, " ".join(words)


def as_fields(lines: Sequence[str]) -> list[str]:
    """The lines of a docstring with its sections as fields of Sphinx."""
    made: list[str] = []
    for head, body in sections(lines):
        if not head:
            made += body
        elif head in TEXTS:
            text = " ".join(line.strip() for line in body if line.strip())
            made += ["", f":{TEXTS[head]}: {text}"]
        else:
            made.append("")
            for names, meaning in entries(body):
                made += [f":{FIELDS[head]} {name.strip()}: {meaning}" for name in names.split(",")]
    return [*made, ""]


def process(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Called by autodoc for each docstring; it changes the lines in place."""
    lines[:] = as_fields(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", process)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
