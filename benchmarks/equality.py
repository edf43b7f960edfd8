"""Before anything is timed: the idiomatic twin and the kernels live the same lives, but for chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.idiomatic import Town
from benchmarks.localities import INDICATORS, START, PersonSide, lived

CONFIDENCE = 0.999  # of each interval: nine of them are looked at together
ASYLUM = 5.0  # times as many asylum seekers as arrived in history, so that means over migrants are sharp


def series(people: int, months: int, replicate: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Monthly indicators of the kernels and of the twin, from the same people on."""
    with lived(people, replicate, ASYLUM) as locality:
        town = Town(locality, START, rng=1000 + replicate)
        kernels = PersonSide(locality)
        rows = []
        for month in range(START, START + months):
            kernels.step(month)
            rows.append(kernels.indicators())
            town.step()
        found = town.datacollector.get_model_vars_dataframe()
        town.close()
    return pd.DataFrame(rows), found


def compare(people: int, months: int, replicates: int) -> pd.DataFrame:
    """One row an indicator: its mean over months in both, the difference over replicates and its interval.

    indicator, kernels, twin, difference, half_width (of the interval at `CONFIDENCE`), agree.
    """
    pairs = [series(people, months, replicate) for replicate in range(replicates)]
    rows = []
    for name in INDICATORS:
        kernels = np.array([left[name].mean() for left, _ in pairs])
        twin = np.array([right[name].mean() for _, right in pairs])
        gap = twin - kernels
        error = gap.std(ddof=1) / np.sqrt(replicates)
        width = float(stats.t.ppf(0.5 + 0.5 * CONFIDENCE, replicates - 1)) * error
        rows.append(
            {
                "indicator": name,
                "kernels": kernels.mean(),
                "twin": twin.mean(),
                "difference": gap.mean(),
                "half_width": width,
                "agree": bool(abs(gap.mean()) <= width),
            }
        )
    return pd.DataFrame(rows)
