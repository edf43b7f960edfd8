"""Means and confidence intervals from a few replicates."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

COVERED: Final = 0.95
"""Confidence level of an interval."""


def mean_and_half(values: Any) -> tuple[float, float]:
    """Mean of the known values and half the width of its 95 % interval (Student's t). nan if there are too
    few values: none for a mean, one for an interval.
    """
    from scipy import stats

    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return (float(known[0]) if len(known) else math.nan), math.nan
    wide = float(stats.t.ppf((1 + COVERED) / 2, len(known) - 1))
    return float(known.mean()), wide * float(known.std(ddof=1)) / math.sqrt(len(known))
