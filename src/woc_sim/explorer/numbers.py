"""The numbers of the time lines: bands over replicates, paired differences, and sentences about them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from woc_sim.ensemble.compare import PairedDifferences, paired_differences
from woc_sim.ensemble.run import month_names
from woc_sim.explorer.pair import Pair, Side
from woc_sim.instruments.readings import INDICATOR_NAMES, INDICATORS, Indicator

Array = np.ndarray[Any, Any]

LAST_YEAR: Final = 12
"""Months of which sentences give the mean."""
BY_NAME: Final = {each.name: each for each in INDICATORS}


@dataclass(frozen=True)
class Band:
    """An indicator of one side by month: the mean over replicates, the lowest and the highest replicate."""

    mean: Array
    low: Array
    high: Array


def band(side: Side, name: str) -> Band:
    """The band of an indicator; nan in months in which no replicate knows it."""
    values = side.indicator(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of months that no replicate knows
        return Band(np.nanmean(values, axis=0), np.nanmin(values, axis=0), np.nanmax(values, axis=0))


def difference(pair: Pair, name: str) -> PairedDifferences:
    """B less A by month: mean over paired replicates and 95 % interval, as `woc-sim compare` gives them."""
    assert pair.b is not None
    return paired_differences(pair.a.indicator(name), pair.b.indicator(name))


def last_year(side: Side, name: str) -> Array:
    """The mean of an indicator over the last year, of each replicate."""
    values: Array = side.indicator(name)[:, -LAST_YEAR:].mean(axis=1)
    return values


def sentence(pair: Pair, name: str) -> str:
    """An indicator in the last year, in words: of A and B, and their difference."""
    one: Indicator = BY_NAME[name]
    a = last_year(pair.a, name)
    if pair.b is None:
        known = a[np.isfinite(a)]
        if not len(known):
            return f"{one.meaning} ({one.unit}): not known in the last year."
        return (
            f"{one.meaning} ({one.unit}). Last year: {number(float(known.mean()))}, "
            f"replicates {number(float(known.min()))} to {number(float(known.max()))}."
        )
    found = paired_differences(a[:, None], last_year(pair.b, name)[:, None])
    first, second, effect, low, high = (
        float(getattr(found, each)[0]) for each in ("first", "second", "effect", "low", "high")
    )
    if not np.isfinite(effect):
        return f"{one.meaning} ({one.unit}): not known on both sides in the last year."
    pairs = int(found.n[0])
    interval = f"95 % interval {number(low)} to {number(high)}, " if np.isfinite(low) else ""
    return (
        f"{one.meaning} ({one.unit}). Last year: A {number(first)}, B {number(second)}; "
        f"B less A {effect:+.3g} ({interval}{pairs} {'pair' if pairs == 1 else 'pairs'})."
    )


def number(value: float) -> str:
    """A number for a sentence."""
    return f"{round(value, 9) + 0.0:.3g}"


def csv_text(pair: Pair) -> str:
    """Every indicator by side, replicate and month, as CSV with all digits."""
    import pandas as pd

    frames = []
    for label, side in zip("AB", pair.sides, strict=False):
        count, months, _ = side.indicators.shape
        keys = {
            "side": label,
            "replicate": np.repeat(np.arange(count), months),
            "month": list(month_names(months)) * count,
        }
        values = side.indicators.reshape(count * months, -1)
        frames.append(pd.DataFrame(keys).join(pd.DataFrame(values, columns=list(INDICATOR_NAMES))))
    return str(pd.concat(frames, ignore_index=True).to_csv(index=False, lineterminator="\n"))
