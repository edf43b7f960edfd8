"""Write the tables of the docs anew from the code: ``./run renew docs``, or ``python docs/tables.py``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from woc_sim.cli import listing
from woc_sim.inputs.theories import theories as rivals_by_subject
from woc_sim.instruments.readings import INDICATORS
from woc_sim.world import governance, people, places
from woc_sim.world.columns import Column

FOLDER = Path(__file__).parent
SETS: dict[str, Sequence[Column]] = {
    "residents": people.RESIDENTS,
    "migrants": people.MIGRANTS,
    "places": places.PLACES,
    "members": places.MEMBERS,
    "links": places.LINKS,
    "encounters": places.ENCOUNTERS,
    "organisations": governance.ORGANISATIONS,
    "governance": governance.governance_columns(1),
    "measures": governance.MEASURES,
    "sectors": governance.SECTORS_STATE,
    "blocs": governance.BLOCS,
    "voices": governance.VOICES,
    "locality": governance.LOCALITY,
}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def processes() -> str:
    """The schedule: what each process is for, reads and writes, and where it comes from."""
    rows = [
        [
            one["order"],
            one["name"] if one["every"] == "1" else f"{one['name']} (every {one['every']} months)",
            one["purpose"],
            one["reads"].replace(" ", ", "),
            one["writes"].replace(" ", ", "),
            one["source"],
        ]
        for one in listing.processes()
    ]
    return table(("", "process", "purpose", "reads", "writes", "source"), rows)


def state() -> str:
    """Every column of every kind of entity."""
    rows = [
        [
            f"{name}.{one.name}" + (f" x {one.width}" if one.width else ""),
            f"{one.low:g} to {one.high:g}",
            one.unit,
            one.meaning,
        ]
        for name, columns in SETS.items()
        for one in columns
    ]
    return table(("variable", "range", "unit", "meaning"), rows)


def parameters() -> str:
    """The registry."""
    rows = [
        [
            f"`{one['name']}`",
            one["value"],
            f"{one['low']} to {one['high']}",
            one["unit"],
            one["status"],
            one["meaning"],
            one["source"],
        ]
        for one in listing.parameters()
    ]
    return table(("parameter", "value", "range", "unit", "status", "meaning", "source"), rows)


def measures() -> str:
    """The catalogue of municipal measures."""
    names = (
        "name",
        "label",
        "component",
        "direction",
        "reach",
        "cost",
        "staff",
        "target",
        "strength",
        "channel",
    )
    return table(names, [[one[name] for name in names] for one in listing.measures()])


def indicators() -> str:
    """What is observed every month."""
    return table(("indicator", "unit", "meaning"), [[one.name, one.unit, one.meaning] for one in INDICATORS])


def theories() -> str:
    """The rival theories of each subject, with a link to the page that compares them."""
    rows = [
        [
            f"[{subject}](theories/{subject}.md)",
            f"**{name}**" if one.is_default else name,
            one.claim,
            one.source,
        ]
        for subject, rivals in rivals_by_subject().items()
        for name, one in rivals.items()
    ]
    return table(("subject", "theory (bold: the default)", "claim", "source"), rows)


TABLES = {each.__name__: each for each in (processes, state, parameters, measures, indicators, theories)}


def renewed(text: str) -> str:
    """The page with every marked table as the code has it now. KeyError for a mark without a table."""

    def fill(found: re.Match[str]) -> str:
        return f"<!-- table: {found[1]} -->\n{TABLES[found[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", fill, text, flags=re.DOTALL)


def pages() -> list[Path]:
    """The pages that hold a table which is written from the code."""
    return [page for page in sorted(FOLDER.rglob("*.md")) if "<!-- table: " in page.read_text("utf-8")]


if __name__ == "__main__":
    for page in pages():
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
