"""The verdict on each finding, as ``docs/verdicts.csv`` keeps it: the scoreboard of `woc-sim validate` with
its default settings. ``./run renew verdicts`` writes the file anew.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from math import nan
from pathlib import Path

from woc_sim.analysis.frozen import present_state
from woc_sim.analysis.nulls import NULLS
from woc_sim.cli import validate
from woc_sim.files import write_text
from woc_sim.scenario.identity import model_hash

FILE = Path(__file__).parents[1] / "verdicts.csv"
COMMAND = "woc-sim validate"
PASS_RATES: Mapping[str, str] = {
    "interactions_off": "pass_off",
    "country_only": "pass_country",
    "permuted": "pass_permuted",
    "selection_only": "pass_selection",
    "statistical_twin": "pass_twin",
}
"""Null model -> column of its pass rate."""
NUMBERS = (
    "simulated", "low", "high", "error", "target", "n",
    "pass_model", "pass_low", "pass_high", *PASS_RATES.values(), "pass_equal",
)  # fmt: skip
WORDS = ("living", "dead", "verdict", "undecided", "latent")
COLUMNS = ("id", *WORDS[2:4], *NUMBERS, *WORDS[:2], "latent", "model", "judge")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a finding, with what it rests on; the fields of `ScoreboardRow` of the same names.

    model, judge: hashes of the model and of the judge (checks, thresholds, published numbers) it was made by.
    """

    id: str
    words: Mapping[str, str]
    numbers: Mapping[str, float]
    model: str
    judge: str

    @property
    def verdict(self) -> str:
        """The word of the scoreboard."""
        return self.words["verdict"]

    @property
    def living(self) -> tuple[str, ...]:
        """The null models that could have the finding and could lack it."""
        return tuple(self.words["living"].split(", ")) if self.words["living"] else ()

    def null_rates(self) -> Mapping[str, float]:
        """Null model -> share of its studies in which the finding holds."""
        return {each.name: self.numbers[PASS_RATES[each.name]] for each in NULLS}


@cache
def judge_hash() -> str:
    """A hash of everything that gives a verdict: roles, checks, thresholds, published numbers, tables."""
    return hashlib.sha256(json.dumps(present_state(), sort_keys=True).encode()).hexdigest()[:16]


@cache
def verdicts(path: Path = FILE) -> Mapping[str, Verdict]:
    """Finding -> its verdict, as the file has it; none without a file. Raises ValueError for another head."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}: the columns are not {', '.join(COLUMNS)}")
        return {
            row["id"]: Verdict(
                row["id"],
                {name: row[name] for name in WORDS},
                {name: float(row[name]) if row[name] else nan for name in NUMBERS},
                row["model"],
                row["judge"],
            )
            for row in reader
        }


@cache
def is_current(path: Path = FILE) -> bool:
    """Whether the file was made by this model and this judge."""
    made_by = {(one.model, one.judge) for one in verdicts(path).values()}
    return made_by == {(model_hash(), judge_hash())}


def validated(folder: Path) -> Sequence[Mapping[str, str]]:
    """The rows of scoreboard.csv that `woc-sim validate` writes with its default settings."""
    with redirect_stdout(StringIO()):
        code = validate.main([f"out={folder}"])
    if code:
        raise RuntimeError(f"{COMMAND} ended with {code}")
    with (folder / "scoreboard.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(board: Sequence[Mapping[str, str]]) -> str:
    """The text of the file: numbers with four digits, one row for each finding of a scoreboard."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    made_by = {"model": model_hash(), "judge": judge_hash()}
    for row in board:
        numbers = {name: f"{float(row[name]):.4g}" if row[name] else "" for name in NUMBERS}
        writer.writerow({"id": row["id"], **{name: row[name] for name in WORDS}, **numbers, **made_by})
    return text.getvalue()


def renew_verdicts(
    path: Path = FILE, validation: Callable[[Path], Sequence[Mapping[str, str]]] = validated
) -> Iterator[str]:
    """Write the file anew if the model or the judge moved; a line for each verdict that moved."""
    before = verdicts(path)
    if is_current(path):
        return
    with tempfile.TemporaryDirectory() as scratch:
        write_text(as_csv(validation(Path(scratch) / "validate")), path)
    verdicts.cache_clear()
    is_current.cache_clear()
    after = verdicts(path)
    for name in sorted({*before, *after}):
        old, new = (each[name].verdict if name in each else "none" for each in (before, after))
        if old != new:
            yield f"docs/{path.name}: {name}: {old}, now {new}"
    if before:
        yield f"docs/{path.name}: numbers"
