"""Build the site from the checkout, without network: ``./run docs``, or ``python -m docs.site.build``.

The pages of the checkout are copied to one folder, so that `docs/`, `experiments/` and `notebooks/` are one
tree; pages that are made from the code are written beside them; Sphinx makes HTML of all. A warning is an
error: a link without target, a page in no table of contents, a docstring that cannot be read.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docs.site import api, finding_pictures, findings, glossary, mechanisms, pictures
from docs.site.markdown import toctree
from docs.site.pictures import placed

ROOT = Path(__file__).parents[2]
OUT = ROOT / "out" / "docs"
COPIED = (".md", ".png", ".csv", ".svg", ".yaml", ".ipynb", ".py")
"""Kinds of files that a page may show."""
CONTENTS = {"theories/README.md": ["*"], "experiments/README.md": ["*/README"]}
"""Pages of the checkout that list others, and what stands below them at the side."""
LINK = re.compile(r"\[([^\[\]]*)\]\(([^)\s#]+)((?:#[^)\s]*)?)\)")


@cache
def sources() -> tuple[Path, ...]:
    """The files of the checkout that the site has."""
    found = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    for folder in ("docs", "experiments", "notebooks"):
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            hidden = any(each.startswith((".", "_")) for each in parts)
            if path.suffix in COPIED and "site" not in parts and not hidden:
                found.append(path)
    return tuple(found)


def place_of(path: Path) -> str:
    """Where a file of the checkout is in the site."""
    return placed(path.relative_to(ROOT).as_posix())


def moved_links(text: str, path: Path) -> str:
    """The text of a page with its links to other files of the checkout as they are in the site. A link to a
    file that the site has not (a source) becomes its words."""
    here = Path(place_of(path)).parent

    def moved(found: re.Match[str]) -> str:
        words, link, anchor = found.groups()
        target = Path(os.path.normpath(path.parent / link))
        if target in sources():
            return f"[{words}]({Path(os.path.relpath(place_of(target), here)).as_posix()}{anchor})"
        return words if target.exists() else found[0]

    return LINK.sub(moved, text)


def made_pages() -> Iterator[tuple[str, str]]:
    """Place in the site and text of each page that is made from the code."""
    for module in (api, findings, glossary, mechanisms, pictures):
        yield from module.pages()


def write_if_new(path: Path, content: bytes) -> None:
    """Write a file; one with this content stays, so that Sphinx does not read it again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def without_absent(index: str, folder: Path) -> str:
    """The list of pages without its patterns (`clients/*`) for which this checkout has no page."""
    lines = index.splitlines(keepends=True)
    patterns = {line: re.fullmatch(r"([\w/-]+\*)\n", line) for line in lines}
    return "".join(
        line for line in lines if not (found := patterns[line]) or any(folder.glob(f"{found[1]}.md"))
    )


def stage(folder: Path) -> None:
    """Put all pages of the site into a folder; what an earlier build left there and is no more, goes."""
    placed_files = set()

    def put(place: str, content: bytes) -> None:
        write_if_new(folder / place, content)
        placed_files.add(folder / place)

    for path in sources():
        if path == ROOT / "docs" / "README.md":
            continue  # the list of pages for readers of the checkout; index.md is that of the site
        content = path.read_bytes()
        if path.suffix == ".md":
            text = moved_links(content.decode("utf-8"), path)
            if below := CONTENTS.get(place_of(path)):
                text += "\n" + toctree(below)
            content = text.encode()
        put(place_of(path), content)
    for place, text in made_pages():
        put(place, text.encode())
    for place, drawing in finding_pictures.pictures():
        put(place, drawing)
    index = folder / "index.md"
    write_if_new(index, without_absent(index.read_text("utf-8"), folder).encode())
    for path in folder.rglob("*"):
        if path.is_file() and path not in placed_files:
            path.unlink()


def build(out: Path) -> int:
    """Build the site into a folder; returns the exit code of Sphinx."""
    from sphinx.cmd.build import build_main

    source = out.with_name(f"{out.name}-source")
    stage(source)
    trees = out.with_name(f"{out.name}-trees")
    code = build_main(
        [
            "-W",
            "--keep-going",
            "-q",
            "-c",
            str(Path(__file__).parent),
            "-d",
            str(trees),
            str(source),
            str(out),
        ]
    )
    if not code:
        print(f"documentation: {out / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else OUT))
