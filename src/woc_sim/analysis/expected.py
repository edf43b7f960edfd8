"""What an experiment is expected to give, and how a repetition stands to it.

``expected_full.csv`` and ``expected_quick.csv`` in the folder of an experiment hold the key readings of every
run, ``expected.json`` the hash of the whole result table and the version of the model, and
``trail_*.parquet`` two bytes of a hash for every month and for every indicator of every run. Equal hashes are
equal numbers; where they differ the key readings are compared, within `TOLERANCE`, since the library of
another processor may round a reading that is no part of the simulation itself, and the trail tells in which
month and indicators a run first went another way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.ensemble.design import Failure, Outcome
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.store import kept
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import shown, yaml_settings

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

IDENTICAL, WITHIN, DIFFERENT = "IDENTICAL", "WITHIN TOLERANCE", "DIFFERENT"
TOLERANCE: Final = 1e-9
"""Relative difference of a key reading that rounding may explain."""
RECORD: Final = "expected.json"
TRAIL: Final = ("months", "indicators")
MARK: Final = 2
"""Bytes of a hash: one course in 65,536 that differs in a month goes unnoticed there, not in the readings."""
SHOWN: Final = 3
"""Indicators that are named."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as its folder describes it: settings of the sweep, of the quick version, key readings."""

    name: str
    folder: Path
    question: str
    findings: tuple[str, ...]
    design: tuple[str, ...]
    full: tuple[str, ...]
    quick: tuple[str, ...]
    readings: tuple[str, ...]

    def settings(self, quick: bool) -> list[str]:
        """Settings of the sweep in one of its two versions."""
        return [*self.design, *(self.quick if quick else self.full)]


def read(folder: Path) -> Experiment:
    """The experiment of a folder; raises UserError if its description is incomplete."""
    path, mend = folder / "experiment.yaml", "take it from the sources as they were committed"
    wanted = ("findings", "design", "full", "quick", "readings")
    try:
        held = yaml_settings(path, mend)
    except FileNotFoundError:
        raise UserError(f"{shown(folder)} holds no experiment.yaml; {mend}") from None
    if not isinstance(held, dict) or not isinstance(held.get("question"), str):
        raise UserError(f"{shown(path)} lacks a question; {mend}")
    lists: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        given = held.get(name)
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise UserError(f"{shown(path)} lacks {name}, a list of texts; {mend}")
        lists[name] = tuple(given)
    for name in lists["readings"]:
        if name not in READING_NAMES:
            raise UserError(f"{shown(path)}: {shown(repr(name))} is no reading; {mend}")
    return Experiment(folder.name, folder, held["question"], **lists)


def key_table(ledger: pd.DataFrame, readings: Sequence[str]) -> pd.DataFrame:
    """What is kept of a result: a row a locality of a run in a fixed order, axes and key readings."""
    axes = list(ledger.columns[1 : ledger.columns.get_loc("replicate")])
    columns = ["run_id", *axes, "replicate", "case", *readings]
    found: pd.DataFrame = ledger[columns].sort_values(["run_id", "case"], ignore_index=True)
    return found


def trail(outcomes: Mapping[str, Outcome | Failure]) -> pd.DataFrame:
    """Hashes of the course of every run: run_id, case, ``months`` and ``indicators`` (bytes, `MARK` each)."""
    import pandas as pd

    rows = [
        (kept(key).run_id, row.case, _marks(row.indicators), _marks(row.indicators.T))
        for key, each in outcomes.items()
        if isinstance(each, Outcome)
        for row in each.rows
    ]
    return pd.DataFrame(rows, columns=["run_id", "case", *TRAIL])


def _marks(matrix: Array) -> bytes:
    whole = np.where(np.isnan(matrix), np.nan, matrix).astype("<f8")
    return b"".join(hashlib.sha256(row.tobytes()).digest()[:MARK] for row in whole)


def _parted(was: bytes, now: bytes) -> list[int]:
    """Places where two rows of marks differ."""
    pairs = zip(*(np.frombuffer(each, dtype=f"V{MARK}") for each in (was, now)), strict=False)
    return [place for place, (one, other) in enumerate(pairs) if one != other]


def _first_difference(was: Any, now: Any) -> str:
    months, indicators = (_parted(was[name], now[name]) for name in TRAIL)
    if not months:
        return ""
    names = [INDICATOR_NAMES[place] for place in indicators]
    told = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    return f"; its course differs from {month_names(months[0] + 1)[-1]} on, in {told}"


def accept(
    experiment: Experiment,
    quick: bool,
    ledger: pd.DataFrame,
    courses: pd.DataFrame,
    table_hash: str,
    model_hash: str,
) -> None:
    """Make a result what is expected from now on."""
    version = _version(quick)
    path = experiment.folder / RECORD
    held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    runs = int(ledger["run_id"].nunique())
    held[version] = {"table_hash": table_hash, "model_hash": model_hash, "runs": runs}
    key_table(ledger, experiment.readings).to_csv(experiment.folder / f"expected_{version}.csv", index=False)
    courses.sort_values(["run_id", "case"], ignore_index=True).to_parquet(
        experiment.folder / f"trail_{version}.parquet", index=False, compression="zstd"
    )
    path.write_text(json.dumps(dict(sorted(held.items())), indent=2) + "\n", "utf-8")


def judge(
    experiment: Experiment, quick: bool, ledger: pd.DataFrame, courses: pd.DataFrame, table_hash: str
) -> tuple[str, str]:
    """One of IDENTICAL, WITHIN TOLERANCE, DIFFERENT, and for the last where the first difference is.

    Raises UserError if nothing is expected yet.
    """
    import pandas as pd

    version = _version(quick)
    try:
        held: Mapping[str, Any] = json.loads((experiment.folder / RECORD).read_text("utf-8"))[version]
        kept = pd.read_csv(experiment.folder / f"expected_{version}.csv", dtype={"run_id": str})
        kept = kept.merge(pd.read_parquet(experiment.folder / f"trail_{version}.parquet"), how="left")
    except (OSError, KeyError, ValueError) as error:
        raise UserError(
            f"{experiment.name} has no expectation for its {version} version ({error}); "
            f"`woc-sim reproduce {experiment.name} --accept` makes one"
        ) from None
    if held["table_hash"] == table_hash:
        return IDENTICAL, ""
    found = key_table(ledger, experiment.readings).merge(courses, how="left")
    if len(kept) != len(found):
        return DIFFERENT, f"{len(found)} rows, expected {len(kept)}"
    same_ids = list(kept["run_id"]) == list(found["run_id"])
    numbers = {*experiment.readings, *TRAIL}
    told = [name for name in found.columns[1:] if name in kept.columns and name not in numbers]
    if not same_ids:  # another parameter gives other ids; rows are then told by axes and replicate
        kept, found = (each.sort_values(told, ignore_index=True) for each in (kept, found))
    before, after = (each[list(experiment.readings)].to_numpy(float) for each in (kept, found))
    for row, name in np.argwhere(~_close(before, after)).tolist():
        place = ", ".join(f"{each}={value}" for each, value in found.loc[row, told].to_dict().items())
        reading, was, now = experiment.readings[name], before[row, name], after[row, name]
        said = f"run {found['run_id'].iloc[row]} ({place}): {reading} is {now}, expected {was}"
        return DIFFERENT, said + _first_difference(kept.loc[row], found.loc[row])
    if not same_ids:
        return DIFFERENT, "the runs are other ones, though their key readings agree"
    return WITHIN, ""


def _close(before: Array, after: Array) -> Array:
    near: Array = np.isclose(before, after, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return near


def _version(quick: bool) -> str:
    return "quick" if quick else "full"
