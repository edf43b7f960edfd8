"""Make anew what is made from the code, and print what moved: ``./run renew [WHAT]``.

defaults: the calibrated parameters, set to the median of the plausible sets that the package ships. checks:
what the checks give on the published data. verdicts: docs/verdicts.csv, the scoreboard of `woc-sim validate`,
if the model or the checks moved (some minutes). docs: the tables that pages of the documentation take from
the code. frozen: the hashes of roles, checks and inputs, if a new row of docs/openings.md says why. golden:
the committed fingerprints. experiments: what the quick versions of the experiments are expected to give; the
full ones take long and are accepted one by one (``woc-sim reproduce NAME --accept``). Each line names a file
and what changed in it. A fingerprint or an expectation that moves is a change of results: name it under
*Results* in CHANGELOG.md.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any, Final

from docs import tables
from docs.site.verdicts import renew_verdicts

from woc_sim.cli import reproduce
from woc_sim.ensemble.differences import DIFFERENT, IDENTICAL, WITHIN
from woc_sim.errors import UserError, nearest, short_list

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
GOLDEN: Final = ROOT / "tests" / "golden" / "fingerprints.json"
EXPERIMENTS: Final = ROOT / "experiments"
PARAMETERS: Final = ROOT / "src" / "woc_sim" / "scenario" / "parameters"
SETS: Final = ROOT / "src" / "woc_sim" / "ensemble" / "plausible.csv"
MEDIAN: Final = "median of the plausible sets (docs/calibration.md section 5)"
"""The source of a calibrated parameter."""


def shown_path(path: Path) -> str:
    """A path as it stands in the checkout."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def rows_of(text: str) -> dict[str, list[str]]:
    """Name of a marked table of a page -> its rows, without the heads."""
    found: dict[str, list[str]] = {}
    inside = ""
    for line in text.splitlines():
        if line.startswith("<!-- table: "):
            inside = line.removeprefix("<!-- table: ").removesuffix(" -->")
            found[inside] = []
        elif line == "<!-- end -->":
            inside = ""
        elif inside and line.startswith("|"):
            found[inside].append(line)
    return {name: rows[2:] for name, rows in found.items()}


def counted(before: Sequence[str], after: Sequence[str]) -> str:
    """How many rows of a table are new, changed and gone.

    A row is known by its first cell, or by the first two where the first alone comes twice.
    """
    firsts = [[row.split("|")[1] for row in rows] for rows in (before, after)]
    cells = 1 if all(len(set(names)) == len(names) for names in firsts) else 2
    old, new = ({"|".join(row.split("|")[1 : 1 + cells]): row for row in rows} for rows in (before, after))
    changed = sum(name in old and old[name] != row for name, row in new.items())
    told = [
        (sum(name not in old for name in new), "new"),
        (changed, "changed"),
        (sum(name not in new for name in old), "gone"),
    ]
    return ", ".join(f"{count} {word}" for count, word in told if count) or "the order of its rows"


def renew_docs(pages: Sequence[Path] | None = None) -> Iterator[str]:
    """Write the tables of the pages anew; a line for each table that moved."""
    for page in tables.pages() if pages is None else pages:
        before = page.read_text("utf-8")
        after = tables.renewed(before)
        if after == before:
            continue
        page.write_text(after, "utf-8")
        old, new = rows_of(before), rows_of(after)
        moved = [name for name in new if new[name] != old.get(name, [])]
        for name in moved:
            yield f"{shown_path(page)}: table {name}: {counted(old.get(name, []), new[name])}"
        if not moved:
            yield f"{shown_path(page)}: the heads of a table"


def renew_defaults(folder: Path = PARAMETERS, sets: Path = SETS) -> Iterator[str]:
    """Set the defaults of the calibrated parameters to the median of the shipped sets, with three digits; a
    line for each that moved. Its source then says so, and keeps what it said of the range."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        value, status, source = (head.index(name) for name in ("value", "status", "source"))
        told = []
        for row in rows:
            name = f"{path.stem}.{row[0]}"
            new = median(sets).get(name)
            if new is None or float(row[value]) == new:
                continue
            told.append(f"{shown_path(path)}: {name} from {row[value]} to {new:g}")
            prior = row[source].partition("prior: ")[2] or row[source]
            row[value], row[status], row[source] = f"{new:g}", "calibrated", f"{MEDIAN}; prior: {prior}"
        if told:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([head, *rows])
        yield from told


@cache
def median(sets: Path = SETS) -> Mapping[str, float]:
    """Parameter -> its weighted median over the plausible sets, with three digits."""
    import numpy as np
    import pandas as pd

    from woc_sim.ensemble.plausible import NOTES

    table = pd.read_csv(sets)
    middle = {
        name: np.quantile(table[name], 0.5, weights=table["weight"], method="inverted_cdf")
        for name in table
        if name not in NOTES
    }
    return {name: float(f"{value:.3g}") for name, value in middle.items()}


def renew_checks() -> Iterator[str]:
    """Make the checks on the published data and their bootstraps anew; a line for each that moved."""
    from woc_sim.analysis.published_checks import renew_published_checks

    yield from renew_published_checks()


def renew_frozen(page: Path = DOCS / "openings.md") -> Iterator[str]:
    """Freeze roles, checks, thresholds, published numbers and inputs as they are; a line for each that moved.

    The page must have a new row that says why.
    """
    from woc_sim.analysis.frozen import FROZEN, StrongerRoleError, freeze

    rows = len(re.findall(r"^\| \d{4}-", page.read_text("utf-8"), re.MULTILINE))
    try:
        for moved in freeze(datetime.date.today().isoformat(), rows):
            yield f"{shown_path(FROZEN)}: {moved}"
    except (StrongerRoleError, ValueError) as error:
        yield f"{shown_path(FROZEN)}: not renewed: {error}"


def renew_golden(path: Path = GOLDEN, found: Mapping[str, str] | None = None) -> Iterator[str]:
    """Write the fingerprints anew; a line with those that moved. found: name -> fingerprint, if known."""
    from tests.fingerprint import committed_scenarios, fingerprint

    if found is None:
        found = {name: fingerprint(each) for name, each in committed_scenarios().items()}
    before = json.loads(path.read_text("utf-8"))
    if found == before:
        return
    path.write_text(json.dumps(dict(found), indent=2) + "\n", "utf-8")
    for word, names in (
        ("moved", [name for name in found if name in before and found[name] != before[name]]),
        ("new", [name for name in found if name not in before]),
        ("gone", [name for name in before if name not in found]),
    ):
        if names:
            yield f"{shown_path(path)}: {len(names)} of {len(found)} {word}: {', '.join(names)}"


def reproduced(*arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines of `woc-sim reproduce`."""
    heard = io.StringIO()
    with redirect_stdout(heard):
        code = reproduce.main(arguments)
    return code, [line.strip() for line in heard.getvalue().splitlines()]


def renew_experiments(
    folder: Path = EXPERIMENTS, ask: Callable[..., tuple[int, list[str]]] = reproduced
) -> Iterator[str]:
    """Accept the quick version of each experiment that differs; a line for each.

    One that gives the same numbers, or the same within the tolerance, keeps what was accepted.
    """
    for path in sorted(folder.glob("*/experiment.yaml")):
        name, file = path.parent.name, shown_path(path.parent / "expected_quick.csv")
        with tempfile.TemporaryDirectory() as scratch:
            try:
                _, said = ask(name, "--quick", f"out={scratch}/run")
            except UserError as error:
                said = [error.sentence]
            if {IDENTICAL, WITHIN} & set(said):
                continue
            code, accepted = ask(name, "--quick", "--accept", f"out={scratch}/run")
            if code:
                yield f"{file}: not accepted: {'; '.join(accepted)}"
            else:
                told = said[said.index(DIFFERENT) + 1 :] if DIFFERENT in said else said
                yield f"{file}: {'; '.join(line for line in told if not line.startswith('all of them'))}"


STEPS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "defaults": renew_defaults,
    "checks": renew_checks,
    "verdicts": renew_verdicts,
    "docs": renew_docs,
    "frozen": renew_frozen,
    "golden": renew_golden,
    "experiments": renew_experiments,
}
"""What can be made anew, in this order: the docs show what checks and verdicts give."""


def plan(names: Sequence[str]) -> list[str]:
    """The steps that are asked for, in their order; all of them if none is named. Raises UserError."""
    for name in names:
        if name not in STEPS:
            hint = nearest(name, STEPS)
            raise UserError(f"renew takes {short_list(STEPS)}, not {name!r}{f'; {hint}' if hint else ''}")
    return [step for step in STEPS if not names or step in names]


def main(names: Sequence[str], steps: Mapping[str, Any] = STEPS) -> int:
    """Renew, and print what moved; returns the exit code."""
    try:
        asked = plan(names)
    except UserError as error:
        print(f"run: {error}", file=sys.stderr)
        return 2
    for step in asked:
        print(f"== {step}", file=sys.stderr, flush=True)
        moved = False
        for line in steps[step]():
            moved = True
            print(line, flush=True)
        if not moved:
            print(f"{step}: nothing moved", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
