"""Links that the pages of the site get by themselves: the id of a finding, and the name of a reading,
indicator, parameter or process in code.

The pages of the checkout name S20 and `mipex_total`, and are read elsewhere too, where a link would lead
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from docs.site.woven import woven
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.processes.schedule import PROCESSES

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


def link(docname: str, role: tuple[str, str, str], inside: nodes.Node) -> pending_xref:
    """A link that Sphinx resolves when all pages are read."""
    domain, kind, target = role
    made = pending_xref(
        "", refdomain=domain, reftype=kind, reftarget=target, refexplicit=True, refwarn=True, refdoc=docname
    )
    made += inside
    return made


def linked(text: str, docname: str) -> list[nodes.Node]:
    """A text with its ids as links (`woven`); empty if it has none."""
    return [
        link(docname, ("std", "doc", target), nodes.inline(words, words)) if target else nodes.Text(words)
        for words, target in woven(text, docname)
    ]


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
