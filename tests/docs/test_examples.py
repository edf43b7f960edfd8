"""Examples in docstrings give what they say, and all examples in pages are Python."""

from __future__ import annotations

import ast
import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "woc_sim"


def docstrings(path: Path) -> list[tuple[str, str]]:
    """Name and docstring of what a module defines, where it has an example that is not skipped."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            if any(">>> " in line and "+SKIP" not in line for line in text.splitlines()):
                found.append((getattr(node, "name", "module"), text))
    return found


EXAMPLES = [
    pytest.param(path, text, id=f"{path.relative_to(SOURCES).as_posix()}:{name}")
    for path in sorted(SOURCES.rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
    for name, text in docstrings(path)
]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SNIPPETS = [
    pytest.param(snippet, id=f"{page.name}-{number}")
    for page in PAGES
    for number, snippet in enumerate(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
]


@pytest.mark.parametrize(("path", "text"), EXAMPLES)
def test_examples_in_docstrings(path: Path, text: str) -> None:
    """Docstrings are found in the source: doctest does not see those of decorated functions."""
    name = ".".join(("woc_sim", *path.relative_to(SOURCES).with_suffix("").parts)).removesuffix(".__init__")
    example = doctest.DocTestParser().get_doctest(text, dict(vars(import_module(name))), name, str(path), 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_names_that_pages_import_from_the_package_exist(snippet: str) -> None:
    """Pages show calls that take minutes, so they are not run here."""
    for node in ast.walk(ast.parse(snippet)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("woc_sim"):
            module = import_module(node.module or "")
            assert all(hasattr(module, each.name) for each in node.names), snippet
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "woc_sim"
        ):
            assert hasattr(import_module("woc_sim"), node.attr), snippet
