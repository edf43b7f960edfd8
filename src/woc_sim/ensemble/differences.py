"""How two results of the same design differ: number of runs, readings and months, sizes, and possible causes.

For readers who repeat a result and get other numbers. The sentences report what the tables, monthly
indicators and manifests of both results show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.ensemble.escaping import visible
from woc_sim.instruments.behind import columns_behind
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.processes.schedule import PROCESSES
from woc_sim.records import shown

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

IDENTICAL, WITHIN, DIFFERENT = "IDENTICAL", "WITHIN TOLERANCE", "DIFFERENT"
"""Verdicts on two results: equal numbers, equal except for rounding, different."""
TOLERANCE: Final = 1e-9
"""Largest difference, absolute or relative to the expected value, that counts as rounding."""
MAX_READINGS: Final = 5
"""Most readings whose largest difference is reported."""
MAX_NAMES: Final = 6
"""Most names in one sentence."""
COLUMNS: Final = ("reading", "expected", "found", "absolute", "relative")
"""Columns of the table of differences after those that identify the run."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result was made from: hash of the model, SHA-256 of each input, library versions, and the
    settings. Each may be unknown (empty).
    """

    model_hash: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Sentences for the reader, and a table with one row for each reading of a run that differs. Its columns
    are those that identify the run, then `COLUMNS` (``relative`` is a share of the expected value, nan if
    that is 0).
    """

    sentences: tuple[str, ...]
    table: pd.DataFrame


def explain(
    expected: pd.DataFrame,
    found: pd.DataFrame,
    readings: Sequence[str],
    was: Provenance | None = None,
    now: Provenance | None = None,
    *,
    months: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Differences:
    """How `found` differs from `expected`. Both are ledgers with run_id, axes, replicate, case and the
    `readings` to compare.

    Runs are paired by run_id. If no run_id occurs in both (another parameter, another version of the
    scenario), they are paired by axes, replicate and case. `months` are the monthly indicators of both
    results, with run_id, replicate, case and month. `was` and `now` say what each result was made from.
    Without a difference there are no sentences.
    """
    common = [name for name in readings if name in expected and name in found]
    identity = _identity_columns(expected, found)
    pairs = _side_by_side(expected, found, _pairing_columns(expected, found))
    side = pairs["\0where"].to_numpy()
    matched_pairs = pairs[side == "both"].reset_index(drop=True)
    table = _table(matched_pairs, identity, common)
    name = next((column for column in ("run_id", "replicate") if column in identity), "case")
    runs, differing = matched_pairs[name].nunique(), matched_pairs.loc[table.index, name].nunique()
    sentences: list[str] = []
    if differing:
        names = table["reading"].nunique()
        sentences += [
            f"{_count_of(differing, runs, 'run')} differ, in {_count_of(names, len(common), 'reading')}"
        ]
        sentences += _largest(table)
    sentences += [
        f"{int((side == side_name).sum())} runs are {description}"
        for side_name, description in (("left_only", "missing"), ("right_only", "new"))
        if (side == side_name).any()
    ]
    if unmatched := [name for name in readings if name not in common]:
        sentences.append(f"not in both: {_name_list(unmatched)}")
    if months is not None:
        sentences += _first_difference(*months)
    if sentences and was is not None and now is not None:
        sentences += provenance_changes(was, now)
    return Differences(tuple(sentences), table.reset_index(drop=True))


ROW_KEYS: Final = ("replicate", "case", "month")
"""Columns after run_id and the axes that identify a row."""


def verdict(expected: pd.DataFrame, found: pd.DataFrame, readings: Sequence[str]) -> str:
    """IDENTICAL, WITHIN TOLERANCE or DIFFERENT: how the readings of `found` compare with those of `expected`,
    two ledgers as in `explain`. A run or reading that only one of them has makes them DIFFERENT.
    """
    pairs = _side_by_side(expected, found, _pairing_columns(expected, found))
    if (pairs["\0where"] != "both").any() or any(
        name not in expected or name not in found for name in readings
    ):
        return DIFFERENT
    before = pairs[list(readings)].to_numpy(float)
    after = pairs[[f"{name}\0found" for name in readings]].to_numpy(float)
    if np.array_equal(before, after, equal_nan=True):
        return IDENTICAL
    return WITHIN if is_close(before, after).all() else DIFFERENT


def worse(first: str, second: str) -> str:
    """The worse of two verdicts."""
    return max(first, second, key=(IDENTICAL, WITHIN, DIFFERENT).index)


def _identity_columns(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The columns in both ledgers that identify a row: run_id, axes, and `ROW_KEYS`."""
    names = list(expected.columns)
    first = min((names.index(name) for name in ROW_KEYS if name in names), default=0)
    return [name for name in names if name in found and (name in ROW_KEYS or name in names[:first])]


def _pairing_columns(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The columns by which rows are paired: run_id, or the axes if no run_id occurs in both ledgers."""
    identity = _identity_columns(expected, found)
    if "run_id" in identity and set(expected["run_id"]) & set(found["run_id"]):
        return ["run_id", *(name for name in identity if name in ROW_KEYS)]
    return [name for name in identity if name != "run_id"]


def _side_by_side(expected: pd.DataFrame, found: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Rows of both ledgers side by side. Columns of `found` have a suffix; the column where says which ledger
    has the row.
    """
    prepared = []
    for table in (expected, found):
        keys_as_text = {f"\0{name}": table[name].map(_comparable_text) for name in keys}
        prepared_table = table.assign(**keys_as_text)
        prepared.append(
            prepared_table.assign(**{"\0again": prepared_table.groupby(list(keys_as_text)).cumcount()})
        )
    merge_keys = [*(f"\0{name}" for name in keys), "\0again"]
    return prepared[0].merge(
        prepared[1], on=merge_keys, suffixes=("", "\0found"), how="outer", indicator="\0where"
    )


def _comparable_text(value: Any) -> str:
    """A value of an axis as a text for comparison; a number gives the same text whatever its type."""
    try:
        return f"{float(value):.12g}"
    except (TypeError, ValueError):
        return str(value)


def _table(matched_pairs: pd.DataFrame, identity: Sequence[str], readings: Sequence[str]) -> pd.DataFrame:
    """One row for each difference, with the index of its run in `matched_pairs`."""
    import pandas as pd

    before = matched_pairs[list(readings)].to_numpy(float)
    after = matched_pairs[[f"{name}\0found" for name in readings]].to_numpy(float)
    rows, columns = np.nonzero(~is_close(before, after))
    expected_values, found_values = before[rows, columns], after[rows, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        absolute = found_values - expected_values
        relative = np.where(expected_values != 0.0, absolute / np.abs(expected_values), np.nan)
    numbers = dict(zip(COLUMNS[1:], (expected_values, found_values, absolute, relative), strict=True))
    table = matched_pairs[list(identity)].iloc[rows].copy()
    table["reading"] = pd.Series(
        [readings[column] for column in columns.tolist()], index=table.index, dtype=object
    )
    for name, values in numbers.items():
        table[name] = values
    return table


def is_close(before: Array, after: Array) -> Array:
    """Where two arrays are equal within `TOLERANCE`; nan equals nan."""
    near: Array = np.isclose(after, before, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return near


def _largest(table: pd.DataFrame) -> list[str]:
    """One sentence for each of the readings with the largest relative difference."""
    size = table["relative"].abs().fillna(np.inf)
    order = table.assign(size=size).sort_values("size", ascending=False, kind="stable")
    sentences = []
    for reading, rows in order.groupby("reading", sort=False):
        largest = rows.iloc[int(np.argmax(rows["absolute"].abs().fillna(np.inf).to_numpy()))]
        percent = 100 * largest["relative"]
        sentences.append(
            f"{reading}: {_count(len(rows), 'row')}, at most {largest['expected']:.6g} -> "
            f"{largest['found']:.6g}" + (f" ({percent:+.3g} %)" if np.isfinite(percent) else "")
        )
        if len(sentences) == MAX_READINGS:
            break
    left = table["reading"].nunique() - len(sentences)
    return [*sentences, *([f"and {left} readings more"] if left else [])]


def _first_difference(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The first month in which indicators differ, these indicators, and the processes that write them."""
    names = [name for name in INDICATOR_NAMES if name in expected and name in found]
    pairs = _side_by_side(expected, found, _pairing_columns(expected, found))
    pairs = pairs[pairs["\0where"] == "both"]
    before = pairs[names].to_numpy(float)
    after = pairs[[f"{name}\0found" for name in names]].to_numpy(float)
    differs = ~is_close(before, after)
    month = pairs["month"].astype(str).to_numpy()
    differing_rows = differs.any(axis=1)
    if not differing_rows.any():
        return ["no indicator differs in any month"] if len(pairs) else []
    first = min(month[differing_rows])
    indicators = [names[index] for index in np.flatnonzero(differs[month == first].any(axis=0))]
    months, differing = len(set(month)), len(set(month[differing_rows]))
    return [
        f"{_count_of(differing, months, 'month')} differ, from {visible(first)} on, first in "
        f"{_name_list(indicators)}",
        *_writing_processes(indicators),
    ]


def _writing_processes(indicators: Sequence[str]) -> list[str]:
    """The processes that write the columns behind the indicators, in the order of the month."""
    writing: set[str] = set()
    for indicator in indicators:
        column_groups = columns_behind(indicator)
        for columns in column_groups:
            if writers := {process.name for process in PROCESSES if columns.intersection(process.writes)}:
                writing |= writers
                break
    in_order = [process.name for process in PROCESSES if process.name in writing]
    return [f"the processes {_name_list(in_order)} write the columns behind them"] if in_order else []


def provenance_changes(was: Provenance, now: Provenance) -> list[str]:
    """What changed between two results: model, inputs, versions, settings; or what is unknown."""
    sentences = []
    if was.model_hash and was.model_hash != now.model_hash:
        sentences.append(f"the model changed ({shown(was.model_hash)}, now {shown(now.model_hash)})")
    if not was.inputs:
        sentences.append("its inputs are not recorded")
    elif files := _changed_names(was.inputs, now.inputs):
        sentences.append(f"inputs changed: {_name_list([shown(name) for name in files])}")
    if was.versions:
        names = _changed_names(was.versions, now.versions)
        versions = [
            f"{shown(name)} " + " -> ".join(shown(one.versions.get(name, "none")) for one in (was, now))
            for name in names
        ]
        sentences += [f"versions changed: {_name_list(versions)}"] if versions else []
    if was.settings and list(was.settings) != list(now.settings):
        removed = [f"-{shown(one)}" for one in was.settings if one not in now.settings]
        added = [f"+{shown(one)}" for one in now.settings if one not in was.settings]
        sentences.append(f"settings changed: {_name_list([*removed, *added]) or 'only their order'}")
    if not sentences:
        sentences.append("model, inputs, versions and settings are the same")
    return sentences


def _changed_names(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _count_of(number: int, total: int, word: str) -> str:
    return f"{number} of {total} {word}{'' if total == 1 else 's'}"


def _name_list(names: Sequence[str]) -> str:
    left = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {left} more" if left > 0 else "")
