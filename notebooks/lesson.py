"""What all lessons use: one indicator in one month, and a mean with its interval. Lesson 2 explains both."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

# Mesa brings tqdm, which warns in every notebook without ipywidgets; no bar is shown here anyway
warnings.filterwarnings("ignore", message="IProgress not found")

BLUE, VERMILION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#7A7A7A"
"""Colours of Okabe and Ito (2008), which colour-blind readers can tell apart."""


class Interval(NamedTuple):
    """A mean and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        digits = 3 if max(map(abs, self)) < 1 else 2
        return f"{self.mean:+.{digits}f} ({self.low:+.{digits}f} to {self.high:+.{digits}f})"

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0


def at(tables: Any, month: str, indicator: str) -> np.ndarray[Any, Any]:
    """An indicator in one month: one number for each replicate."""
    monthly = tables.monthly
    return monthly.loc[monthly["month"] == month, indicator].to_numpy(dtype=float)


def final(tables: Any, reading: str) -> np.ndarray[Any, Any]:
    """A reading of an instrument: one number for each replicate."""
    return tables.final[reading].to_numpy(dtype=float)


def interval(values: Any) -> Interval:
    """The mean of replicates and its 95 % interval (Student's t). Those without a number are left out."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    half = stats.t.ppf(0.975, len(numbers) - 1) * numbers.std(ddof=1) / np.sqrt(len(numbers))
    return Interval(float(numbers.mean()), float(numbers.mean() - half), float(numbers.mean() + half))


def mean_by_month(tables: Any, indicator: str) -> pd.Series:
    """The mean of an indicator over replicates, by month (dates, for figures)."""
    means = tables.monthly.groupby("month")[indicator].mean()
    means.index = pd.to_datetime(means.index)
    return means
