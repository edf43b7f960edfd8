"""The page of the Python names: everything in `woc_sim.__all__`, with types, units and errors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

import woc_sim
from docs.site.docstrings import as_fields
from docs.site.markdown import table

OPTIONS = "   :members:\n   :undoc-members:\n   :show-inheritance:\n"


def block(text: str) -> str:
    """Directives of Sphinx in its own markup."""
    return f"```{{eval-rst}}\n{text}\n```\n"


def called(name: str, one: ModuleType) -> str:
    """A package that can be called: its signature and docstring, written out since autodoc sees a module."""
    call = type(one).__call__
    given = inspect.signature(call)
    shown = given.replace(
        parameters=list(given.parameters.values())[1:], return_annotation=inspect.Signature.empty
    )
    body = "\n".join(
        f"   {line}" if line else "" for line in as_fields((inspect.getdoc(call) or "").splitlines())
    )
    return f".. py:function:: woc_sim.{name}{shown}\n\n{body}"


def entry(name: str) -> tuple[str, str, str]:
    """Kind, first sentence, and the directive of a public name; the directive is empty for a plain value."""
    one = getattr(woc_sim, name)
    if isinstance(one, ModuleType):
        return "function", inspect.getdoc(type(one).__call__) or "", called(name, one)
    if inspect.isclass(one):
        kind = "exception" if issubclass(one, BaseException) else "class"
        where = f"{one.__module__}.{one.__qualname__}"
        options = "" if kind == "exception" else OPTIONS
        return kind, inspect.getdoc(one) or "", f".. auto{kind}:: {where}\n{options}"
    if callable(one):
        return "function", inspect.getdoc(one) or "", f".. autofunction:: woc_sim.{name}"
    return "value", f"{one!r}", ""


def page() -> str:
    """The page."""
    found = {name: entry(name) for name in woc_sim.__all__}
    rows = [
        (f"`woc_sim.{name}`", kind, text.partition("\n\n")[0].partition(". ")[0].rstrip("."))
        for name, (kind, text, _) in found.items()
    ]
    lines = [
        "# Python names\n",
        "Everything that `import woc_sim` offers. What the columns of the tables mean, and their units: "
        "[glossary](glossary.md). Any mistake in what is given raises `woc_sim.UserError`.\n",
        table(("name", "", "what it is"), rows) + "\n",
    ]
    for title, kinds in (("Functions", ("function",)), ("Classes and errors", ("class", "exception"))):
        lines.append(f"## {title}\n")
        lines += [block(text) for kind, _, text in found.values() if kind in kinds]
    return "\n".join(lines)


def pages() -> Iterator[tuple[str, str]]:
    """Place in the site -> text."""
    yield "api.md", page()
