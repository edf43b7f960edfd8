"""Whether a thinned town tells the same per head as the whole: indicators by `scale`, over replicates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from woc_sim.ensemble.run import run_rows
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

PER_HEAD = (
    "mean_attitude",
    "mean_attitude_ua",
    "sd_attitude",
    "mean_norm",
    "mean_contact",
    "volunteers_share",
    "employed_share",
    "private_home_share",
    "mean_language",
    "ties_per_migrant",
    "belonging",
    "loneliness",
    "contact_hours",
)
INHABITANTS = 9000.0
WHOLE = 1.0


def last_year(scale: float, replicates: int) -> dict[str, list[float]]:
    """Means over 2023 of the indicators per head of a Dutch town of 9,000, one number a replicate."""
    town = replace(from_case("C21"), inhabitants=(INHABITANTS, INHABITANTS))
    scenario = Scenario(localities=(town,), seed=11, scale=scale)
    rows = [run_rows(scenario, replicate)[0].indicators[-12:] for replicate in range(replicates)]
    return {name: [float(np.mean(row[:, INDICATOR_NAMES.index(name)])) for row in rows] for name in PER_HEAD}


def per_head(scales: tuple[float, ...], replicates: int) -> pd.DataFrame:
    """Means and their standard errors over replicates: indicator, scale, mean, error, and sd between
    replicates of the whole town."""
    found = {scale: last_year(scale, replicates) for scale in scales}
    rows = [
        {
            "indicator": name,
            "scale": scale,
            "mean": float(np.mean(values[name])),
            "error": float(np.std(values[name], ddof=1)) / replicates**0.5,
            "sd_whole": float(np.std(found[WHOLE][name], ddof=1)),
        }
        for scale, values in found.items()
        for name in PER_HEAD
    ]
    return pd.DataFrame(rows)


def distances(table: pd.DataFrame) -> pd.DataFrame:
    """Thinned less whole, in standard errors of the difference: indicator, scale, distance."""
    whole = table[table["scale"] == WHOLE].set_index("indicator")
    rows = []
    for row in table[table["scale"] != WHOLE].itertuples():
        other = whole.loc[row.indicator]
        error = (row.error**2 + other["error"] ** 2) ** 0.5
        rows.append(
            {"indicator": row.indicator, "scale": row.scale, "distance": (row.mean - other["mean"]) / error}
        )
    return pd.DataFrame(rows)
