"""A page for each finding: statement, source, role, check, verdict, picture and history."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from docs.site.markdown import facts, number, share, table
from docs.site.pictures import Shown, pictures_of
from docs.site.verdicts import COMMAND, Verdict, is_current, verdicts
from woc_sim.analysis.checks import Check, checks_by_finding
from woc_sim.analysis.explanations import explanations
from woc_sim.analysis.mechanisms import THEORY, mechanisms
from woc_sim.analysis.nulls import NULLS
from woc_sim.analysis.published_checks import PublishedCheck, published_checks
from woc_sim.analysis.tables import Finding, all_findings, contradictions
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, VERDICTS

DOCS = Path(__file__).parents[1]
ROLES: Mapping[str, str] = {
    "held_out": "held out: never used to choose anything, so agreement counts",
    "fit": "fit: parameters, cuts or inputs were chosen with it, so agreement proves little",
    "hypothesis": "hypothesis: an expectation of the authors, reported and not counted",
    "condition": "condition: a fact of the design or the setting that the model takes as given",
    "not_judgeable": "not judgeable: no comparison with the model is fair",
}
GROUPS: Mapping[str, str] = {
    "S": "Statements of the study's papers",
    "D": "Figures that were calculated from the papers' tables",
    "M": "Sizes of single mechanisms, from other studies",
    "W": "Results that members of the project published elsewhere",
}
NO_CHECK = "no check"
NOT_JUDGED = "not judged yet"
NO_VERDICTS = "This checkout has no verdicts yet: `./run renew verdicts` makes them, in some minutes."


def entries() -> tuple[Finding, ...]:
    """All findings, each of which has a page."""
    return all_findings()


def word(identifier: str) -> str:
    """The verdict on a finding as a table has it."""
    made = verdicts().get(identifier)
    return made.verdict if made else NOT_JUDGED if identifier in checks_by_finding() else NO_CHECK


def made_by() -> str:
    """Which command made the verdicts, and whether the model has changed since."""
    if not verdicts():
        return NO_VERDICTS
    first = next(iter(verdicts().values()))
    text = (
        f"The numbers are those of `{COMMAND}` with its default settings: {first.numbers['n']:.0f} studies "
        f"of 500 people, seed 1, model `{first.model}`."
    )
    if not is_current():
        text += (
            "\n\n:::{admonition} Older than the model\n:class: warning\nThe model or the checks have changed "
            "since. `./run renew verdicts` makes them anew.\n:::"
        )
    return text


@cache
def on_published_data() -> Mapping[str, PublishedCheck]:
    """Finding -> its check on the published data."""
    return {name: each for each in published_checks() for name in each.findings.split()}


def history(identifier: str) -> list[tuple[str, str]]:
    """What happened to a finding: when, and what. Changes of role and of check, and looks at its results."""
    pattern = re.compile(rf"\b{identifier}\b")
    found = []
    for line in (DOCS / "checks.md").read_text("utf-8").splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if re.match(r"\| \d{4}-", line) and cells[1] == identifier:
            found.append((cells[0], f"Role *{cells[2]}* became *{cells[3]}*: {cells[4]}."))
    for line in (DOCS / "openings.md").read_text("utf-8").splitlines():
        cells = [each.strip() for each in line.strip("|").split("|")]
        if re.match(r"\| \d{4}-", line) and pattern.search(line):
            found.append((cells[0], f"Looked at ({cells[1]}): {cells[2]}. Chosen in its sight: {cells[3]}."))
    found.sort()
    with (DOCS / "rewritten_checks.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if identifier in row["finding"].replace(",", " ").split():
                found.append(
                    ("", f"The check was rewritten. Before: {row['claim before']}. Now: {row['claim now']}. "
                     f"Reason: {row['reason']}.")
                )  # fmt: skip
    return found


def check_section(entry: Finding, check: Check) -> Iterator[str]:
    """What is tested, and what the published data themselves give."""
    others = [each for each in check.findings if each != entry.id]
    yield "## Check\n"
    yield f"{check.meaning}\n"
    if others:
        yield f"The same check tests {', '.join(others)}.\n"
    data = on_published_data().get(entry.id)
    if data:
        yield (
            f"On the published data ({data.data}): {'passed' if data.holds else 'failed'}. Share of "
            f"bootstraps of these data that pass: {share(data.pass_rate)}. Share of shuffles that pass: "
            f"{share(data.shuffled_rate)} ([what these are](../checks.md#checks-on-the-published-data)).\n"
        )
    else:
        yield "The study prints no data on which the check can be made.\n"
    source = inspect.getsource(check.function)
    module = check.function.__module__.replace(".", "/")
    yield f"<details><summary>The check in Python</summary>\n\n`{check.name}` in `src/{module}.py`\n"
    yield f"```python\n{source}```\n\n</details>\n"


def verdict_section(entry: Finding, made: Verdict, check: Check) -> Iterator[str]:
    """The verdict with the numbers that it rests on."""
    meanings = {one.name: one.meaning for one in (*VERDICTS, *HYPOTHESIS_VERDICTS)}
    numbers = made.numbers
    yield f"## Verdict: {made.verdict}\n"
    meaning = meanings[made.verdict]
    yield f"{meaning[0].upper()}{meaning[1:]}. [How to read a verdict](../verdicts.md).\n"
    if made.words["undecided"]:
        yield f"Undecided by: {made.words['undecided']}.\n"
    yield f"![Pass rates and headline number of {entry.id}](../made/{entry.id}.svg)\n"
    rows = [("model", share(numbers["pass_model"]), "")]
    dead = dict(each.partition(": ")[::2] for each in made.words["dead"].split("; ") if each)
    for null in NULLS:
        said = "counts" if null.name in made.living else f"does not count: {dead.get(null.name, 'not run')}"
        rows.append((null.name.replace("_", " "), share(made.null_rates()[null.name]), said))
    yield table(("studies of", "share in which it holds", ""), rows) + "\n"
    yield facts(
        (
            ("headline number", check.meaning),
            ("simulated", f"{number(numbers['simulated'])} (90 % of studies: {number(numbers['low'])} to "
             f"{number(numbers['high'])})"),
            ("published", number(numbers["target"]) if numbers["target"] == numbers["target"] else ""),
            ("standard error in one study", number(numbers["error"])),
            ("the check on the true state", made.words["latent"]),
        )
    ) + "\n"  # fmt: skip
    claimed = mechanisms().get(entry.id, ())
    if claimed:
        names = ", ".join(each if each.startswith(THEORY) else f"`{each}`" for each in claimed)
        yield f"**Mechanism**, in our opinion: {names}. `woc-sim validate --knockouts` tests this claim.\n"
    if entry.id in explanations() and made.verdict in ("not reproduced", "not implied", "trivial"):
        yield f"**Our explanation**, written after the results were seen: {explanations()[entry.id]}\n"
    yield f"{made_by()}\n"


def shown_in(entry: Finding) -> Iterator[str]:
    """The committed pictures that show the finding."""
    found: list[Shown] = pictures_of(entry.id)
    if not found:
        return
    yield "## Pictures\n"
    for each in found:
        yield f"![{each.meaning}]({each.link_from('findings')})\n"
        yield f"*{each.meaning}* ({each.page_link('findings')})\n"


def page(entry: Finding) -> str:
    """The page of one finding. It is in no table of contents: with all findings at the side of every page the
    build takes twice as long, and nobody finds the chapters among them."""
    check, made = checks_by_finding().get(entry.id), verdicts().get(entry.id)
    bounds = "" if entry.low is None and entry.high is None else f"{entry.low or '-'} to {entry.high or '-'}"
    lines = [
        "---\norphan: true\n---\n",
        f"# {entry.id}\n",
        "[All findings](index.md)\n",
        f"> {entry.statement}\n",
        facts(
            (
                ("verdict", word(entry.id)),
                ("role", ROLES[entry.role.name]),
                ("reason for the role", entry.role.reason),
                ("kind", entry.kind),
                ("published", entry.published if entry.values else ""),
                ("range in the source", bounds),
                ("what must hold", entry.direction),
                ("base", f"{entry.subset.replace('_', ' ')}" + (f", n {entry.n}" if entry.n else "")),
                ("source", entry.source),
                ("notes", entry.notes),
            )
        )
        + "\n",
    ]
    if check:
        lines += verdict_section(entry, made, check) if made else ["## Verdict\n", f"{NO_VERDICTS}\n"]
        lines += check_section(entry, check)
    else:
        lines.append("It has no check, so the scoreboard does not judge it.\n")
    lines += shown_in(entry)
    happened = history(entry.id)
    if happened:
        lines += ["## History\n", table(("day", "what happened"), happened) + "\n"]
    if disagree := contradictions(entry.id):
        rows = [(each.id, each.what, each.where, each.rule) for each in disagree]
        lines += ["## Where the papers disagree\n", table(("", "what", "where", "rule taken"), rows) + "\n"]
    return "\n".join(lines)


def index() -> str:
    """The list of all findings with their verdicts."""
    lines = ["# Findings\n", f"Each statement with its role and the verdict of the scoreboard. {made_by()}\n"]
    counts = [
        (verdict, sum(made.verdict == verdict for made in verdicts().values()))
        for verdict in (one.name for one in (*VERDICTS, *HYPOTHESIS_VERDICTS))
    ]
    lines.append(table(("verdict", "statements and figures"), counts) + "\n")
    for letter, title in GROUPS.items():
        rows = [
            (f"[{each.id}]({each.id}.md)", each.statement, each.role.name.replace("_", " "), word(each.id))
            for each in entries()
            if each.id.startswith(letter)
        ]
        lines += [f"## {title}\n", table(("", "statement", "role", "verdict"), rows) + "\n"]
    return "\n".join(lines)


def pages() -> Iterator[tuple[str, str]]:
    """Place in the site -> text."""
    yield "findings/index.md", index()
    for entry in entries():
        yield f"findings/{entry.id}.md", page(entry)
