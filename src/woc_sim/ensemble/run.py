"""One run as tables: simulate and observe one replicate of a scenario.

Rows are plain arrays (`run_rows`), because ensembles send thousands of them between processes. Data frames
are made at the end (`final_frame`, `monthly_frame`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.instruments import Observation
from woc_sim.instruments.life_events import Life
from woc_sim.instruments.life_stories import LifeStories
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import simulate
from woc_sim.world.model import World

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

FIRST_YEAR: Final = 2012
SUMMARISED: Final = (
    "mipex_total",
    "perceived_integration",
    "perceived_attitudes",
    "lg_mean_2020",
    "horizontal",
    "vertical",
)
"""Readings in the summary of a run, on the command line and in Python."""


@dataclass(frozen=True, slots=True)
class LocalityRows:
    """The results of one locality in one run.

    ``readings``: one number for each of READINGS. ``indicators``: one row for each month (or calendar year)
    with a number for each of INDICATORS. nan means not observed. ``lives``: the requested life stories.
    """

    case: str
    replicate: int
    readings: Array
    indicators: Array
    lives: tuple[Life, ...] = ()


@cache
def month_names(months: int = MONTHS) -> tuple[str, ...]:
    """Names of the first `months` months: '2012-01', '2012-02' and so on."""
    return tuple(f"{FIRST_YEAR + month // 12}-{month % 12 + 1:02d}" for month in range(months))


def run_rows(
    scenario: Scenario, replicate: int, lives: int = 0, readings: Collection[str] = ()
) -> list[LocalityRows]:
    """Simulate and observe. Returns one entry for each locality in the scenario's order, with `lives` life
    stories each. readings: those that are needed, which saves time; empty for all (see `Observation`).
    """
    observation = Observation(scenario.months, readings)
    if not lives:
        simulate(scenario, replicate, observation.observe)
        return _rows(observation, [()] * len(observation.localities))
    stories = LifeStories(lives)

    def observe(world: World) -> None:
        observation.observe(world)
        stories.observe(world)

    simulate(scenario, replicate, observe, stories.begin)
    return _rows(observation, [each.lives() for each in stories.localities])


def _rows(observation: Observation, lives: Sequence[tuple[Life, ...]]) -> list[LocalityRows]:
    return [
        LocalityRows(
            observed.locality.case,
            observed.locality.replicate,
            np.array([float(value) for value in observed.final_row().values()]),
            observed.monthly.rows[: observed.monthly.recorded].copy(),
            life_stories,
        )
        for observed, life_stories in zip(observation.localities, lives, strict=True)
    ]


def yearly(months: Array) -> Array:
    """Means of calendar years. An indicator that is missing in a month is missing in its year."""
    years = [months[start : start + 12] for start in range(0, len(months), 12)]
    return np.array([year.mean(axis=0) for year in years]) if years else months


def final_frame(rows: list[LocalityRows]) -> pd.DataFrame:
    """The readings of many localities as one table: case, replicate, then readings."""
    keys: dict[str, list[Any]] = {
        "case": [each.case for each in rows],
        "replicate": [each.replicate for each in rows],
    }
    return _frame(keys, [each.readings[None, :] for each in rows], READING_NAMES)


def monthly_frame(rows: list[LocalityRows]) -> pd.DataFrame:
    """The indicators of many localities as one table: case, replicate, month, then indicators."""
    keys: dict[str, list[Any]] = {
        "case": [each.case for each in rows for _ in each.indicators],
        "replicate": [each.replicate for each in rows for _ in each.indicators],
        "month": [name for each in rows for name in month_names(len(each.indicators))],
    }
    return _frame(keys, [each.indicators for each in rows], INDICATOR_NAMES)


def _frame(keys: dict[str, list[Any]], values: list[Array], names: Sequence[str]) -> pd.DataFrame:
    """A data frame with key columns before number columns."""
    import pandas as pd

    numbers = np.concatenate(values) if values else np.empty((0, len(names)))
    return pd.concat([pd.DataFrame(keys), pd.DataFrame(numbers, columns=pd.Index(names))], axis=1)
