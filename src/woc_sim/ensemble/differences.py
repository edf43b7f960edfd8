"""How two results of one design differ: how many runs, readings and months, by how much, and since what.

For whoever repeats a result and gets other numbers. What can be known from the tables, the courses and the
records of both is said, and nothing is guessed.
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
"""How one result stands to another: the same numbers, the same but for rounding, others."""
TOLERANCE: Final = 1e-9
"""Difference, absolute or relative to the expected value, that rounding may explain."""
MAX_READINGS: Final = 5
"""Readings whose largest difference is told."""
MAX_NAMES: Final = 6
"""Names that one sentence lists."""
COLUMNS: Final = ("reading", "expected", "found", "absolute", "relative")
"""Columns of the table of differences, after those that say which run it is."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result was made from: the hash of the model, SHA-256 of each input, versions of the libraries,
    and the settings asked for; each may be unknown (empty)."""

    model_hash: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Sentences for the reader, and a table with a row a reading of a run that differs: the columns that say
    which run it is, then `COLUMNS` (``relative`` is the share of the expected value, nan where that is 0)."""

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
    """How `found` differs from `expected`, two ledgers with the columns run_id, axes, replicate, case and the
    `readings` that count.

    Runs are paired by run_id, and where the ids are others (another parameter, another version of the
    scenario) by axes, replicate and case. `months` are the indicators by month of the same two results, with
    run_id, replicate, case and month. `was` and `now` say what each was made from. There are no sentences
    where nothing differs.
    """
    here = [name for name in readings if name in expected and name in found]
    told = _identity_columns(expected, found)
    both = _side_by_side(expected, found, _pairing_columns(expected, found))
    where = both["\0where"].to_numpy()
    matched = both[where == "both"].reset_index(drop=True)
    table = _table(matched, told, here)
    name = next((each for each in ("run_id", "replicate") if each in told), "case")
    runs, differing = matched[name].nunique(), matched.loc[table.index, name].nunique()
    sentences: list[str] = []
    if differing:
        names = table["reading"].nunique()
        sentences += [
            f"{_count_of(differing, runs, 'run')} differ, in {_count_of(names, len(here), 'reading')}"
        ]
        sentences += _largest(table)
    sentences += [
        f"{int((where == side).sum())} runs are {word}"
        for side, word in (("left_only", "expected and were not found"), ("right_only", "new"))
        if (where == side).any()
    ]
    if missing := [name for name in readings if name not in here]:
        sentences.append(f"not in both: {_name_list(missing)}")
    if months is not None:
        sentences += _first_difference(*months)
    if sentences and was is not None and now is not None:
        sentences += provenance_changes(was, now)
    return Differences(tuple(sentences), table.reset_index(drop=True))


ROW_KEYS: Final = ("replicate", "case", "month")
"""Columns that every table has, where it has them, after run_id and the axes."""


def verdict(expected: pd.DataFrame, found: pd.DataFrame, readings: Sequence[str]) -> str:
    """One of IDENTICAL, WITHIN TOLERANCE, DIFFERENT: how the readings of `found` stand to those of
    `expected`, two ledgers as `explain` takes them. Runs or readings that only one has make them different.
    """
    both = _side_by_side(expected, found, _pairing_columns(expected, found))
    if (both["\0where"] != "both").any() or any(
        name not in expected or name not in found for name in readings
    ):
        return DIFFERENT
    before = both[list(readings)].to_numpy(float)
    after = both[[f"{name}\0found" for name in readings]].to_numpy(float)
    if np.array_equal(before, after, equal_nan=True):
        return IDENTICAL
    return WITHIN if is_close(before, after).all() else DIFFERENT


def worse(one: str, other: str) -> str:
    """The worse of two verdicts."""
    return max(one, other, key=(IDENTICAL, WITHIN, DIFFERENT).index)


def _identity_columns(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The columns in both that say what a row is: run_id, axes, and those of `ROW_KEYS`."""
    names = list(expected.columns)
    first = min((names.index(name) for name in ROW_KEYS if name in names), default=0)
    return [name for name in names if name in found and (name in ROW_KEYS or name in names[:first])]


def _pairing_columns(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The columns by which rows are paired: the ids of the runs, or where these are others what varies."""
    told = _identity_columns(expected, found)
    if "run_id" in told and set(expected["run_id"]) & set(found["run_id"]):
        return ["run_id", *(name for name in told if name in ROW_KEYS)]
    return [name for name in told if name != "run_id"]


def _side_by_side(expected: pd.DataFrame, found: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Rows of both side by side, those of `found` with the suffix, and in which of them a row is."""
    sides = []
    for table in (expected, found):
        known = {f"\0{name}": table[name].map(_comparable_text) for name in keys}
        side = table.assign(**known)
        sides.append(side.assign(**{"\0again": side.groupby(list(known)).cumcount()}))
    on = [*(f"\0{name}" for name in keys), "\0again"]
    return sides[0].merge(sides[1], on=on, suffixes=("", "\0found"), how="outer", indicator="\0where")


def _comparable_text(value: Any) -> str:
    """A value of an axis as it is compared: a number is the same however it was stored."""
    try:
        return f"{float(value):.12g}"
    except (TypeError, ValueError):
        return str(value)


def _table(matched: pd.DataFrame, told: Sequence[str], readings: Sequence[str]) -> pd.DataFrame:
    """A row a difference, the index that of its run in `matched`."""
    import pandas as pd

    before = matched[list(readings)].to_numpy(float)
    after = matched[[f"{name}\0found" for name in readings]].to_numpy(float)
    rows, places = np.nonzero(~is_close(before, after))
    one, other = before[rows, places], after[rows, places]
    with np.errstate(divide="ignore", invalid="ignore"):
        absolute = other - one
        relative = np.where(one != 0.0, absolute / np.abs(one), np.nan)
    numbers = dict(zip(COLUMNS[1:], (one, other, absolute, relative), strict=True))
    found = matched[list(told)].iloc[rows].copy()
    found["reading"] = pd.Series(
        [readings[place] for place in places.tolist()], index=found.index, dtype=object
    )
    for name, values in numbers.items():
        found[name] = values
    return found


def is_close(before: Array, after: Array) -> Array:
    """Where two arrays are equal within `TOLERANCE`; nan equals nan."""
    near: Array = np.isclose(after, before, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    return near


def _largest(table: pd.DataFrame) -> list[str]:
    """A sentence for each of the readings that differ most, relative to what was expected."""
    size = table["relative"].abs().fillna(np.inf)
    order = table.assign(size=size).sort_values("size", ascending=False, kind="stable")
    found = []
    for reading, rows in order.groupby("reading", sort=False):
        most = rows.iloc[int(np.argmax(rows["absolute"].abs().fillna(np.inf).to_numpy()))]
        share = 100 * most["relative"]
        found.append(
            f"{reading}: {_count(len(rows), 'row')}, at most {most['expected']:.6g} -> {most['found']:.6g}"
            + (f" ({share:+.3g} %)" if np.isfinite(share) else "")
        )
        if len(found) == MAX_READINGS:
            break
    rest = table["reading"].nunique() - len(found)
    return [*found, *([f"and {rest} readings more"] if rest else [])]


def _first_difference(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """From which month on the indicators differ, in what, and which processes write that."""
    names = [name for name in INDICATOR_NAMES if name in expected and name in found]
    both = _side_by_side(expected, found, _pairing_columns(expected, found))
    both = both[both["\0where"] == "both"]
    before = both[names].to_numpy(float)
    after = both[[f"{name}\0found" for name in names]].to_numpy(float)
    other = ~is_close(before, after)
    month = both["month"].astype(str).to_numpy()
    apart = other.any(axis=1)
    if not apart.any():
        return ["no indicator differs in any month"] if len(both) else []
    first = min(month[apart])
    parted = [names[place] for place in np.flatnonzero(other[month == first].any(axis=0))]
    whole, differing = len(set(month)), len(set(month[apart]))
    return [
        f"{_count_of(differing, whole, 'month')} differ, from {visible(first)} on, there in {_name_list(parted)}",
        *_writing_processes(parted),
    ]


def _writing_processes(indicators: Sequence[str]) -> list[str]:
    """Which processes write what stands behind the indicators, in the order of the month."""
    names: set[str] = set()
    for indicator in indicators:
        behind = columns_behind(indicator)
        for columns in behind:
            if writers := {each.name for each in PROCESSES if columns.intersection(each.writes)}:
                names |= writers
                break
    ordered = [each.name for each in PROCESSES if each.name in names]
    return [f"these are made from columns that {_name_list(ordered)} write"] if ordered else []


def provenance_changes(was: Provenance, now: Provenance) -> list[str]:
    """What changed between two results: model, inputs, versions, settings; or what is not known."""
    found = []
    if was.model_hash and was.model_hash != now.model_hash:
        found.append(f"the model is another one ({shown(was.model_hash)}, now {shown(now.model_hash)})")
    if not was.inputs:
        found.append("which inputs it was made from is not recorded")
    elif files := _changed_names(was.inputs, now.inputs):
        found.append(f"inputs changed: {_name_list([shown(name) for name in files])}")
    if was.versions:
        names = _changed_names(was.versions, now.versions)
        told = [
            f"{shown(name)} " + " -> ".join(shown(each.versions.get(name, "none")) for each in (was, now))
            for name in names
        ]
        found += [f"versions changed: {_name_list(told)}"] if told else []
    if was.settings and list(was.settings) != list(now.settings):
        gone = [f"-{shown(each)}" for each in was.settings if each not in now.settings]
        new = [f"+{shown(each)}" for each in now.settings if each not in was.settings]
        found.append(f"settings changed: {_name_list([*gone, *new]) or 'their order'}")
    if not found:
        found.append("model, inputs, versions and settings are the same")
    return found


def _changed_names(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _count_of(number: int, whole: int, word: str) -> str:
    return f"{number} of {whole} {word}{'' if whole == 1 else 's'}"


def _name_list(names: Sequence[str]) -> str:
    rest = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {rest} more" if rest > 0 else "")
