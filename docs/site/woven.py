"""Texts whose ids of findings lead to the pages of these findings."""

from __future__ import annotations

import re
from functools import cache

from docs.site.findings import entries

IDENTIFIER = re.compile(r"\b[SDMW]\d{1,3}\b")


@cache
def known() -> frozenset[str]:
    """The ids that have a page."""
    return frozenset(each.id for each in entries())


def woven(text: str, docname: str) -> list[tuple[str, str]]:
    """The parts of a text, each with the page to which it leads (empty: none); no parts if nothing leads
    anywhere. Ids without a page, and that of the page itself, stay text."""
    parts: list[tuple[str, str]] = []
    end = 0
    for found in IDENTIFIER.finditer(text):
        name = found[0]
        if name not in known() or docname == f"findings/{name}":
            continue
        parts += [(text[end : found.start()], "")] if found.start() > end else []
        parts.append((name, f"/findings/{name}"))
        end = found.end()
    return [*parts, (text[end:], "")] if parts else []
