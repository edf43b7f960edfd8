"""The expected results of an experiment, and how a repetition differs from them.

The folder of an experiment holds:

* ``expected_full.csv`` and ``expected_quick.csv``: the key readings of every run;
* ``expected.json``: the hash of the whole result table and its provenance (version of the model, hashes of
  its inputs, versions of the libraries, settings);
* ``trail_*.parquet``: two bytes of a hash for every month and for every indicator of every run.

Equal hashes mean equal numbers. If the hashes differ, the key readings are compared within a tolerance,
because the libraries of another processor may round a reading that is no part of the simulation. The trail
says in which month and in which indicators a run first differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from woc_sim.ensemble.differences import DIFFERENT, IDENTICAL, WITHIN, Differences, Provenance, explain
from woc_sim.ensemble.escaping import csv_text, unescaped
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.tasks import Failure, Outcome, parse_key
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import file_bytes, json_record, parquet_columns, shown, yaml_settings

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

RECORD: Final = "expected.json"
TRAIL: Final = ("months", "indicators")
HASH_BYTES: Final = 2
"""Bytes of a hash in the trail. One difference in 65,536 has the same two bytes and is missed in the trail,
but not in the readings."""
MAX_INDICATORS_NAMED: Final = 3
"""Largest number of indicators that a message names."""


class Accepted(msgspec.Struct, omit_defaults=True):
    """The entry of one version in ``expected.json``. Older entries have no provenance."""

    table_hash: str
    model_hash: str
    runs: int
    inputs: dict[str, str] = {}
    versions: dict[str, str] = {}
    settings: list[str] = []

    def made(self) -> Provenance:
        """What the expected result was made from."""
        return Provenance(self.model_hash, self.inputs, self.versions, self.settings)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a comparison: IDENTICAL, WITHIN TOLERANCE or DIFFERENT, and for the last the
    differences."""

    word: str
    differences: Differences | None = None


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


def read_experiment(folder: Path) -> Experiment:
    """The experiment of a folder; raises UserError if its description is incomplete."""
    path, advice = folder / "experiment.yaml", "take it from the sources as they were committed"
    wanted = ("findings", "design", "full", "quick", "readings")
    try:
        held = yaml_settings(path, advice)
    except FileNotFoundError:
        raise UserError(f"{shown(folder)} holds no experiment.yaml; {advice}") from None
    if not isinstance(held, dict) or not isinstance(held.get("question"), str):
        raise UserError(f"{shown(path)} lacks a question; {advice}")
    lists: dict[str, tuple[str, ...]] = {}
    for name in wanted:
        given = held.get(name)
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise UserError(f"{shown(path)} lacks {name}, a list of texts; {advice}")
        lists[name] = tuple(given)
    for name in lists["readings"]:
        if name not in READING_NAMES:
            raise UserError(f"{shown(path)}: {shown(repr(name))} is no reading; {advice}")
    return Experiment(folder.name, folder, held["question"], **lists)


def key_table(ledger: pd.DataFrame, readings: Sequence[str]) -> pd.DataFrame:
    """The part of a result that is kept: axes and key readings, one row for each locality of a run."""
    axes = list(ledger.columns[1 : ledger.columns.get_loc("replicate")])
    columns = ["run_id", *axes, "replicate", "case", *readings]
    table: pd.DataFrame = ledger[columns].sort_values(["run_id", "case"], ignore_index=True)
    return table


def hash_trail(outcomes: Mapping[str, Outcome | Failure]) -> pd.DataFrame:
    """Hashes of every run: run_id, case, ``months`` and ``indicators`` (`HASH_BYTES` bytes for each)."""
    import pandas as pd

    rows = [
        (parse_key(key).run_id, row.case, _hashes(row.indicators), _hashes(row.indicators.T))
        for key, each in outcomes.items()
        if isinstance(each, Outcome)
        for row in each.rows
    ]
    return pd.DataFrame(rows, columns=["run_id", "case", *TRAIL])


def _hashes(matrix: Array) -> bytes:
    whole = np.where(np.isnan(matrix), np.nan, matrix).astype("<f8")
    return b"".join(hashlib.sha256(row.tobytes()).digest()[:HASH_BYTES] for row in whole)


def _differing_positions(was: bytes, now: bytes) -> list[int]:
    """Positions where two rows of hashes differ; none if they cannot be compared."""
    if len(was) != len(now) or len(was) % HASH_BYTES:
        return []
    pairs = zip(*(np.frombuffer(each, dtype=f"V{HASH_BYTES}") for each in (was, now)), strict=True)
    return [index for index, (one, other) in enumerate(pairs) if one != other]


def accept_result(
    experiment: Experiment,
    quick: bool,
    ledger: pd.DataFrame,
    courses: pd.DataFrame,
    table_hash: str,
    made: Provenance,
) -> None:
    """Write a result as the expected one."""
    version = _version(quick)
    held = _accepted(experiment)
    held[version] = Accepted(
        table_hash,
        made.model_hash,
        int(ledger["run_id"].nunique()),
        dict(made.inputs),
        dict(made.versions),
        list(made.settings),
    )
    table = csv_text(key_table(ledger, experiment.readings))
    (experiment.folder / f"expected_{version}.csv").write_text(table, "utf-8", newline="")
    courses.sort_values(["run_id", "case"], ignore_index=True).to_parquet(
        experiment.folder / f"trail_{version}.parquet", index=False, compression="zstd"
    )
    text = json.dumps(msgspec.to_builtins(dict(sorted(held.items()))), indent=2)
    (experiment.folder / RECORD).write_text(text + "\n", "utf-8", newline="\n")


def compare_with_expected(
    experiment: Experiment,
    quick: bool,
    ledger: pd.DataFrame,
    courses: pd.DataFrame,
    table_hash: str,
    made: Provenance,
) -> Verdict:
    """Compare a result with the expected one. Raises UserError if there is none or if it cannot be read."""
    version = _version(quick)
    known = _accepted(experiment).get(version)
    try:
        if known is None:
            raise FileNotFoundError
        kept = _kept_table(experiment, version).merge(_kept_trail(experiment, version), how="left")
    except FileNotFoundError:
        raise UserError(
            f"{experiment.name} has no expectation for its {version} version; {_remedy(experiment)} one"
        ) from None
    if known.table_hash == table_hash:
        return Verdict(IDENTICAL)
    found = key_table(ledger, experiment.readings)
    told = explain(kept.drop(columns=list(TRAIL)), found, experiment.readings, known.made(), made)
    if told.sentences:
        course = _first_difference(kept, found.merge(courses, how="left"))
        return Verdict(DIFFERENT, Differences((*told.sentences, *course), told.table))
    if set(kept["run_id"]) != set(found["run_id"]):
        said = "the runs are other ones, though their key readings agree"
        return Verdict(DIFFERENT, Differences((said,), told.table))
    return Verdict(WITHIN)


def _first_difference(kept: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """How many runs differ, and for the first of them: the run, the month of the difference, the
    indicators."""
    columns = list(found.columns)
    told = [name for name in columns[: columns.index("case") + 1] if name in kept]
    by = ["run_id", "case"] if set(kept["run_id"]) & set(found["run_id"]) else told[1:]
    both = kept.merge(found, on=by, suffixes=("", "\0found"))
    parted = [
        (_differing_positions(row[TRAIL[0]], row[f"{TRAIL[0]}\0found"]), index)
        for index, row in enumerate(both.to_dict("records"))
        if isinstance(row[TRAIL[0]], bytes) and isinstance(row[f"{TRAIL[0]}\0found"], bytes)
    ]
    apart = [(months[0], index) for months, index in parted if months]
    if not apart:
        return []
    month, index = min(apart)
    row = both.iloc[index]
    where = ", ".join(f"{name}={shown(row[name])}" for name in told[1:])
    names = [INDICATOR_NAMES[each] for each in _differing_positions(row[TRAIL[1]], row[f"{TRAIL[1]}\0found"])]
    listed = ", ".join(names[:MAX_INDICATORS_NAMED]) + (
        f" and {len(names) - MAX_INDICATORS_NAMED} more" if len(names) > MAX_INDICATORS_NAMED else ""
    )
    return [
        f"the course of {len(apart)} of {len(both)} differs, first from {month_names(month + 1)[-1]} on, "
        f"in run {shown(row['run_id'])} ({where}), and there sooner or later in {listed or 'no indicator'}"
    ]


def _remedy(experiment: Experiment) -> str:
    return f"`woc-sim reproduce {experiment.name} --accept` makes"


def _accepted(experiment: Experiment) -> dict[str, Accepted]:
    try:
        return json_record(
            experiment.folder / RECORD, dict[str, Accepted], f"{_remedy(experiment)} a new one"
        )
    except FileNotFoundError:
        return {}


def _kept_table(experiment: Experiment, version: str) -> pd.DataFrame:
    """The expected key readings; UserError if the file does not hold them."""
    import pandas as pd

    path = experiment.folder / f"expected_{version}.csv"
    advice = f"{_remedy(experiment)} a new one"
    content = file_bytes(path, advice)
    try:
        found = unescaped(pd.read_csv(BytesIO(content), dtype={"run_id": str, "case": str}))
    except ValueError as error:
        raise UserError(f"{shown(path)} is no table that can be read ({shown(error)}); {advice}") from None
    wanted = ("run_id", "replicate", "case", *experiment.readings)
    if missing := [name for name in wanted if name not in found]:
        raise UserError(f"{shown(path)} lacks the column {missing[0]}; {advice}")
    for name in ("replicate", *experiment.readings):
        if not pd.api.types.is_numeric_dtype(found[name]):
            raise UserError(f"{shown(path)} holds other things than numbers in the column {name}; {advice}")
    return found


def _kept_trail(experiment: Experiment, version: str) -> pd.DataFrame:
    """The expected hashes; UserError if the file does not hold them."""
    import pyarrow as pa

    path = experiment.folder / f"trail_{version}.parquet"
    advice = f"{_remedy(experiment)} a new one"
    form = pa.schema(
        [("run_id", pa.string()), ("case", pa.string()), *((name, pa.binary()) for name in TRAIL)]
    )
    found: pd.DataFrame = parquet_columns(path, form, advice).to_pandas()
    return found


def _version(quick: bool) -> str:
    return "quick" if quick else "full"
