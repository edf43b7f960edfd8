"""A page for each mechanism: purpose, formulas, rivals, findings, parameters and columns of a process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from docs.site.findings import word
from docs.site.markdown import codes, facts, number, table, toctree
from woc_sim.analysis.mechanisms import THEORY, mechanisms
from woc_sim.inputs.theories import theories
from woc_sim.processes.contract import Process
from woc_sim.processes.schedule import PROCESSES
from woc_sim.scenario.parameters import registry

ODD = Path(__file__).parents[1] / "odd.md"


@cache
def descriptions() -> Mapping[str, str]:
    """Process -> its section of the description of the model, without the head."""
    text = ODD.read_text("utf-8")
    found = {}
    for section in re.finditer(
        r"^### Process \d+: [^\n]*`processes/(\w+)\.py`[^\n]*\n(.*?)(?=^##)", text, re.M | re.S
    ):
        found[section[1]] = re.sub(r"\]\((?!http|#)", "](../", section[2]).replace("](#", "](../odd.md#")
    return found


def findings_of(process: Process) -> list[str]:
    """The findings that are ascribed to a process, or to a theory that switches off a part of it."""

    def is_meant(name: str) -> bool:
        subject = name.removeprefix(THEORY).partition("=")[0]
        return name == process.name or (name.startswith(THEORY) and subject in process.theories)

    return [identifier for identifier, claimed in mechanisms().items() if any(map(is_meant, claimed))]


def page(place: int, process: Process) -> str:
    """The page of one process."""
    parameters = [registry()[name] for name in process.parameters]
    found = findings_of(process)
    lines = [
        f"# {process.name.replace('_', ' ').capitalize()}\n",
        f"{process.purpose[0].upper()}{process.purpose[1:]}.\n",
        facts(
            (
                ("place in the month", f"{place} of {len(PROCESSES)}"),
                ("turn", "every month" if process.every == 1 else f"every {process.every} months"),
                ("source", process.source),
                ("code", f"`src/woc_sim/processes/{process.name}.py`"),
                ("switch it off", f"`schedule.drop=[{process.name}]`"),
                ("draws", codes(process.draws) or "none: it uses no chance"),
            )
        )
        + "\n",
        "## What it does\n",
        descriptions()[process.name],
        "## Rival theories\n",
    ]
    rows = [
        (f"[{subject}](../theories/{subject}.md)", f"**{name}**" if one.is_default else name, one.claim)
        for subject in process.theories
        for name, one in theories()[subject].items()
    ]
    lines.append(
        (
            table(("subject", "theory (bold: the default)", "claim"), rows)
            if rows
            else "None: nothing in it has a rival."
        )
        + "\n"
    )
    lines.append("## Findings that are ascribed to it\n")
    if found:
        lines.append(table(("finding", "verdict"), [(each, word(each)) for each in found]) + "\n")
    else:
        lines.append("None by name (`src/woc_sim/analysis/mechanisms.yaml`).\n")
    lines += ["## Parameters\n"]
    rows = [
        (
            f"`{one.name}`",
            number(one.value),
            f"{number(one.low)} to {number(one.high)}",
            one.unit,
            one.status,
            one.meaning,
        )
        for one in parameters
    ]
    lines.append(
        (table(("parameter", "value", "range", "unit", "status", "meaning"), rows) if rows else "None.")
        + "\n"
    )
    lines += [
        "## State\n",
        facts((("reads", codes(process.reads)), ("writes", codes(process.writes)))) + "\n",
        "What each column means: [state variables](../odd.md#2-entities-state-variables-and-scales).\n",
    ]
    return "\n".join(lines)


def index() -> str:
    """The list of the processes in the order of a month."""
    rows = [
        (str(place), f"[{one.name.replace('_', ' ')}]({one.name}.md)", one.purpose, codes(one.theories))
        for place, one in enumerate(PROCESSES, start=1)
    ]
    return "\n".join(
        (
            "# Mechanisms\n",
            "A month runs through these processes in this order. Each page has its formulas, rivals, "
            "parameters and the findings that are ascribed to it.\n",
            table(("", "process", "what it is for", "rival theories on"), rows) + "\n",
            toctree(one.name for one in PROCESSES),
        )
    )


def pages() -> Iterator[tuple[str, str]]:
    """Place in the site -> text."""
    yield "mechanisms/index.md", index()
    for place, one in enumerate(PROCESSES, start=1):
        yield f"mechanisms/{one.name}.md", page(place, one)
