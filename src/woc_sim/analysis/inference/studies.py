"""Studies at the points of a wave: their runs, and the fit statistics that are kept of each study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.parameters import Space
from woc_sim.analysis.studies import CASES, simulated_studies, without_country
from woc_sim.ensemble.store import Store, write_frame
from woc_sim.errors import UserError
from woc_sim.records import parquet_columns, shown
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

COUNTRIES: Final = ("Austria", "Belgium", "Germany", "Italy", "Netherlands", "Spain", "Sweden")
"""Countries with published policy scores that are left out in turn. Poland has classes and counts only."""
REPEAT_EVERY: Final = 8
"""Every so many points a second study is made, so that replicate noise is known with studies=1 too."""


@dataclass(frozen=True)
class StudyPoint:
    """One study of a design: number of the point, scenario, and number of the study."""

    point: int
    scenario: Scenario
    number: int


@dataclass(frozen=True)
class StudyTable:
    """What is kept of the studies of a design.

    ``point`` (studies): number of the point. ``values`` (studies, statistics): all fit statistics.
    ``without``: country -> the statistics without its cases.
    """

    point: Array
    values: Array
    without: Mapping[str, Array]

    def frame(self) -> pd.DataFrame:
        """As a data frame: point, statistics, then 'statistic without country'."""
        import pandas as pd

        parts = [pd.DataFrame({"point": self.point}), pd.DataFrame(self.values, columns=_columns())]
        parts += [pd.DataFrame(values, columns=_columns(country)) for country, values in self.without.items()]
        return pd.concat(parts, axis=1)


def _columns(without: str = "") -> list[str]:
    """Columns of the statistics, of those without a country if one is named."""
    end = f" without {without}" if without else ""
    return [f"{each.name}{end}" for each in fit_statistics.FIT_STATISTICS]


def table_from(frame: pd.DataFrame) -> StudyTable:
    """The table in a data frame of `StudyTable.frame`."""

    def numbers(columns: list[str]) -> Array:
        # rows after one another, as in a new table: sums of another order differ in the last bit
        return np.ascontiguousarray(frame[columns].to_numpy(dtype=float))

    return StudyTable(
        frame["point"].to_numpy(),
        numbers(_columns()),
        {country: numbers(_columns(country)) for country in COUNTRIES},
    )


def studies_of(space: Space, units: Array, base: Scenario, studies: int, first: int) -> list[StudyPoint]:
    """The studies of a design: `studies` of each point, at least two of every `REPEAT_EVERY`-th one.

    No two of them share a random draw, since each has a number of its own from `first` on.
    """
    width = max(studies, 2)
    return [
        StudyPoint(point, space.scenario(base, unit), first + point * width + each)
        for point, unit in enumerate(units)
        for each in range(width if point % REPEAT_EVERY == 0 else studies)
    ]


def run_studies(
    points: Sequence[StudyPoint], workers: int, progress: bool | None, store: Store, title: str
) -> StudyTable:
    """Run the EU cases of each study and keep the fit statistics. Finished runs are taken from the store."""
    values: list[Array] = []
    without: dict[str, list[Array]] = {country: [] for country in COUNTRIES}
    wanted = [(each.scenario, each.number) for each in points]
    for study in simulated_studies(wanted, len(wanted), CASES, workers, progress, store, f"{title}, studies"):
        values.append(fit_statistics.simulated(study))
        for country, found in without.items():
            found.append(fit_statistics.simulated(without_country(study, country)))
    return StudyTable(
        np.array([each.point for each in points]),
        np.array(values),
        {country: np.array(found) for country, found in without.items()},
    )


def write_studies(table: StudyTable, path: Path) -> None:
    """Write the table as Parquet."""
    write_frame(path, table.frame())


def read_studies(path: Path, points: int, advice: str) -> StudyTable:
    """The table in a file of `write_studies`, for so many points with at least one study each.

    Raises FileNotFoundError if there is no file, and UserError, which ends with `advice`, if it is damaged,
    lacks a column, or holds other points.
    """
    import pyarrow as pa

    numbers = [name for country in ("", *COUNTRIES) for name in _columns(country)]
    form = pa.schema([("point", pa.int64()), *((name, pa.float64()) for name in numbers)])
    table = parquet_columns(path, form, advice)
    point = table["point"].to_numpy()
    known = ((point >= 0) & (point < points)).all()
    if not known or np.bincount(point.astype(int), minlength=points).min() < 1:
        raise UserError(
            f"{shown(path)}: point must name each of the points 0 to {points - 1} and no other; {advice}"
        )
    return table_from(table.to_pandas())
