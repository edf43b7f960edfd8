"""The committed pictures: the command that makes each, the commit that last changed it, its findings."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docs.site.markdown import table
from woc_sim.cli.listing import experiments

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "images" / "pictures.csv"
OF_EXPERIMENTS: Mapping[str, str] = {
    "factors": "What each factor of the design does to the main readings",
    "map": "Readings over two factors of the design",
    "over_time": "The course of indicators over the months, by factor",
    "replicates": "How far the replicates agree",
}
"""The pictures that `woc-sim reproduce` puts beside an experiment."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A committed picture. path: in the checkout. page: the page of the checkout that shows it."""

    path: str
    command: str
    findings: tuple[str, ...]
    meaning: str
    page: str

    def link_from(self, folder: str) -> str:
        """The way to the picture from a folder of the site."""
        return os.path.relpath(placed(self.path), folder)

    def page_link(self, folder: str) -> str:
        """A link to its page from a folder of the site."""
        return f"[{Path(self.page).parent.name or 'README'}]({os.path.relpath(placed(self.page), folder)})"


def placed(path: str) -> str:
    """Where a file of the checkout is in the site."""
    special = {
        "README.md": "start.md",
        "CONTRIBUTING.md": "contributing.md",
        "CHANGELOG.md": "changelog.md",
        "docs/README.md": "index.md",
    }
    return special.get(path) or path.removeprefix("docs/")


@cache
def pictures() -> tuple[Shown, ...]:
    """All committed pictures. Raises ValueError if pictures.csv and the folder disagree."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = [
            Shown(row["picture"], row["command"], tuple(row["findings"].split()), row["meaning"], row["page"])
            for row in csv.DictReader(file)
        ]
    there = {path.relative_to(ROOT).as_posix() for path in TABLE.parent.glob("*.png")}
    if there != {each.path for each in found}:
        raise ValueError(
            f"{TABLE.name} and the pictures beside it differ: {there ^ {each.path for each in found}}"
        )
    for row in experiments():
        folder = ROOT / "experiments" / row["name"]
        for path in sorted(folder.glob("*.png")):
            meaning = f"{row['name']}: {OF_EXPERIMENTS.get(path.stem, path.stem)}"
            found.append(
                Shown(
                    path.relative_to(ROOT).as_posix(),
                    f"woc-sim reproduce {row['name']}",
                    tuple(row["findings"].split()),
                    meaning,
                    f"experiments/{row['name']}/README.md",
                )
            )
    return tuple(found)


def pictures_of(identifier: str) -> list[Shown]:
    """The pictures that show a finding; of an experiment the one of its factors."""
    return [
        each
        for each in pictures()
        if identifier in each.findings
        and (each.path.startswith("docs/") or Path(each.path).stem == "factors")
    ]


@cache
def commits() -> Mapping[str, str]:
    """Picture -> the commit that last changed it, short, with its day; empty where this is no checkout."""
    asked = ["git", "log", "--format=commit %h %cs", "--name-only", "--", "docs/images", "experiments"]
    try:
        said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    found: dict[str, str] = {}
    commit = ""
    for line in said.splitlines():
        if line.startswith("commit "):
            commit = line.removeprefix("commit ")
        elif line.endswith(".png"):
            found.setdefault(line, commit)
    return found


def index() -> str:
    """The index of pictures."""
    rows = [
        (
            f"[{each.path}]({each.page_link('.').rpartition('](')[2][:-1]})",
            each.meaning,
            f"`{each.command}`",
            commits().get(each.path, "-"),
            ", ".join(each.findings),
        )
        for each in pictures()
    ]
    head = (
        "# Index of pictures\n\nEvery picture of the checkout, the command that makes it, the commit that "
        "last changed it, and the findings it shows. The page of each finding has, besides, a picture of its "
        "pass rates.\n"
    )
    return "\n".join((head, table(("picture", "meaning", "command", "commit", "findings"), rows), ""))


def gallery() -> str:
    """All pictures on one page."""
    lines = ["# Gallery\n", "A picture leads to the page that explains it.\n", "::::{container} gallery"]
    for each in pictures():
        lines.append(
            f":::{{container}} picture\n[![{each.meaning}]({placed(each.path)})]({placed(each.page)})\n\n"
            f"{each.meaning}\n:::"
        )
    return "\n".join((*lines, "::::\n"))


def pages() -> Iterator[tuple[str, str]]:
    """Place in the site -> text."""
    yield "pictures.md", index()
    yield "gallery.md", gallery()
