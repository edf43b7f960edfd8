"""Small parts of the made pages, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan


def cell(text: object) -> str:
    """A text as a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a dash where there are no rows."""
    body = [[cell(each) for each in row] for row in rows] or [["-"] * len(heads)]
    return "\n".join("| " + " | ".join(line) + " |" for line in [list(heads), ["---"] * len(heads), *body])


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Facts as a table of two columns without heads; an empty value leaves its row out."""
    rows = [(f"**{name}**", value) for name, value in pairs if value]
    return f":::{{container}} facts\n{table(('', ''), rows)}\n:::"


def toctree(entries: Iterable[str], caption: str = "") -> str:
    """A table of contents that is shown at the side and not in the page."""
    head = f":caption: {caption}\n" if caption else ""
    return "```{toctree}\n:hidden:\n:glob:\n" + head + "\n" + "\n".join(entries) + "\n```"


def number(value: float) -> str:
    """A number with three digits; a dash for one that is not known."""
    return "-" if isnan(value) else f"{value:.3g}"


def share(value: float) -> str:
    """A share as in papers: two digits and no 0 before the point; a dash for one that is not known."""
    if isnan(value):
        return "-"
    text = f"{value:.2f}"
    return text.removeprefix("0") if text.startswith("0.") else text


def codes(names: Iterable[str]) -> str:
    """Names as code, in one line."""
    return ", ".join(f"`{name}`" for name in names)
