"""Links that the pages of the site get by themselves: the id of a finding, and the name of a reading,
indicator, parameter or process in code.

The pages of the checkout name S20 and `mipex_total`, and are read elsewhere too, where a link would lead
nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from docs.site.findings import entries
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.processes.schedule import PROCESSES

IDENTIFIER = re.compile(r"\b[SDMW]\d{1,3}\b")
NO_LINKS = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.comment,
    nodes.term,
    pending_xref,
)
"""Inside these nothing becomes a link."""


@cache
def pages() -> Mapping[str, tuple[str, str, str]]:
    """Name -> domain role, target: where a name in code leads."""
    found = {name: ("std", "term", name) for name in (*INDICATOR_NAMES, *READING_NAMES)}
    return found | {one.name: ("std", "doc", f"/mechanisms/{one.name}") for one in PROCESSES}


@cache
def known() -> frozenset[str]:
    """The ids that have a page."""
    return frozenset(each.id for each in entries())


def link(docname: str, role: tuple[str, str, str], inside: nodes.Node) -> pending_xref:
    """A link that Sphinx resolves when all pages are read."""
    domain, kind, target = role
    made = pending_xref(
        "", refdomain=domain, reftype=kind, reftarget=target, refexplicit=True, refwarn=True, refdoc=docname
    )
    made += inside
    return made


def linked(text: str, docname: str) -> list[nodes.Node]:
    """A text with its ids as links; ids without a page, and that of the page itself, stay text."""
    parts: list[nodes.Node] = []
    end = 0
    for found in IDENTIFIER.finditer(text):
        name = found[0]
        if name not in known() or docname == f"findings/{name}":
            continue
        parts += [nodes.Text(text[end : found.start()])] if found.start() > end else []
        parts.append(link(docname, ("std", "doc", f"/findings/{name}"), nodes.inline(name, name)))
        end = found.end()
    return [*parts, nodes.Text(text[end:])] if parts else []


def is_inside(node: nodes.Node, kinds: tuple[type, ...]) -> bool:
    """Whether one of the nodes around is of these kinds."""
    around = node.parent
    while around is not None:
        if isinstance(around, kinds):
            return True
        around = around.parent
    return False


def add_links(app: Sphinx, tree: nodes.document) -> None:
    """Make the links of one page."""
    docname = app.env.docname
    if docname == "changelog":
        return
    for text in list(tree.findall(nodes.Text)):
        if not is_inside(text, NO_LINKS) and (parts := linked(str(text), docname)):
            text.parent.replace(text, parts)
    for code in list(tree.findall(nodes.literal)):
        role = pages().get(code.astext())
        if role and role[2].strip("/") != docname and not is_inside(code, NO_LINKS):
            code.parent.replace(code, link(docname, role, code.deepcopy()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("doctree-read", add_links)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
