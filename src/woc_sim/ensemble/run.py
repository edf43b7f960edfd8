"""One run as tables: simulate and observe one replicate of a scenario.

Rows are plain arrays (`run_rows`), because ensembles send thousands of them between processes. Data frames
are made at the end (`run_one`, `final_frame`, `monthly_frame`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.errors import UserError
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.instruments import Observation
from woc_sim.instruments.life_events import Life
from woc_sim.instruments.life_stories import LifeStories
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import shown, yaml_settings
from woc_sim.scenario.as_settings import settings_of
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import simulate
from woc_sim.world.model import World

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

FIRST_YEAR: Final = 2012
CONFIG: Final = "config.yaml"
"""Name of the settings file in a run's folder."""


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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunTables:
    """The results of a scenario's replicates, as data frames.

    ``monthly``: case, replicate, month (YYYY-MM), then indicators. ``final``: case, replicate, then readings.
    ``scenario``: the scenario, None if unknown. ``settings``: the settings of the scenario, empty if no
    settings make it.
    """

    monthly: pd.DataFrame
    final: pd.DataFrame
    scenario: Scenario | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        sizes = (f"{name} {len(table)} x {table.shape[1]}" for name, table in self._tables())
        return f"RunTables({', '.join(sizes)} rows x columns; {shown(self.scenario)})"

    def _tables(self) -> tuple[tuple[str, pd.DataFrame], ...]:
        return ("monthly", self.monthly), ("final", self.final)


def run_tables(rows: list[LocalityRows], scenario: Scenario) -> RunTables:
    """The tables of all localities and replicates of a scenario."""
    return RunTables(monthly_frame(rows), final_frame(rows), scenario, settings_of(scenario) or {})


def read_tables(folder: Path) -> RunTables:
    """The tables, settings and scenario in a folder that ``woc-sim run`` wrote.

    Raises UserError with the name of the file that is missing, damaged or of another kind.
    """
    from woc_sim.ensemble.run_files import FINAL, MONTHLY, NEW_RUN_ADVICE, read_run_table

    advice = NEW_RUN_ADVICE
    try:
        settings = yaml_settings(folder / CONFIG, advice)
        monthly, final = (read_run_table(folder, name) for name in (MONTHLY, FINAL))
    except FileNotFoundError as error:
        missing = Path(str(error.filename or error)).name
        raise UserError(
            f"{shown(folder)} holds no finished run: {missing} is missing; `woc-sim run out=DIR` makes one"
        ) from None
    if not isinstance(settings, dict):
        raise UserError(f"{shown(folder / CONFIG)} holds no settings; {advice}")
    try:
        scenario, _ = parse(settings)
    except UserError as error:
        raise UserError(f"{shown(folder / CONFIG)}: {error.sentence}"[:300]) from None
    return RunTables(monthly, final, scenario, settings)


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


def run_one(scenario: Scenario, replicate: int) -> RunTables:
    """Simulate and observe one replicate of a scenario. The same call always gives the same tables."""
    return run_tables(run_rows(scenario, replicate), scenario)


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
