"""The summary after `run`: a few readings for each locality and each point of a multirun."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from woc_sim.ensemble.run import SUMMARISED
from woc_sim.instruments.readings import READINGS, Reading
from woc_sim.records import shown

if TYPE_CHECKING:
    import pandas as pd

MAX_LINES: Final = 40
"""Most localities or points in the summary; the table has all."""


def summary(table: "pd.DataFrame", axes: Sequence[str] = ()) -> list[str]:
    """Lines about a final table: medians over replicates, for each point (``axes``: columns that vary) and
    each locality.
    """
    readings = [each for each in READINGS if each.name in SUMMARISED]
    keys = [key for key in axes if key in table.columns and key != "case"]
    points = [rows for _, rows in table.groupby(keys, dropna=False)] if keys else [table]
    if "case" in axes or any(rows["case"].nunique() > 1 for rows in points):
        keys.append("case")
    return _lines(table, keys, readings) if keys else [_line(table, each) for each in readings]


def _line(table: "pd.DataFrame", reading: Reading) -> str:
    """One reading of one locality: the median, and the range over replicates."""
    values = table[reading.name].dropna()
    if values.empty:
        return f"{reading.name:24} not observed"
    line = f"{reading.name:24} {values.median():8.2f} {reading.unit}"
    if len(table) == 1:
        return line
    some_of = f"{len(values)} of " if len(values) < len(table) else ""
    return f"{line}  (median; {values.min():.2f} to {values.max():.2f} in {some_of}{len(table)} replicates)"


def _lines(table: "pd.DataFrame", keys: list[str], readings: Sequence[Reading]) -> list[str]:
    """A table with one line for each group, and the number of replicates."""
    names = [each.name for each in readings]
    groups = table.groupby(keys, sort=False, dropna=False)
    medians = groups[names].median()
    sizes = groups.size()
    fewest, most = int(sizes.min()), int(sizes.max())
    opening = (
        "" if most == 1 else f"medians of {fewest if fewest == most else f'{fewest} to {most}'} replicates, "
    )
    units = ", ".join(f"{each.name} {each.unit}" for each in readings)
    headers = [*keys, *names]
    rows = [
        [
            *map(_key_cell, key if isinstance(key, tuple) else (key,)),
            *(_number_cell(value) for value in values),
        ]
        for key, values in zip(medians.index[:MAX_LINES], medians.to_numpy(float), strict=False)
    ]
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    lines = ["  ".join(f"{cell:{'<' if index < len(keys) else '>'}{width}}"
                       for index, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
             for row in (headers, *rows)]  # fmt: skip
    left = len(medians) - len(rows)
    return [f"{opening}{units}", *lines, *([f"... {left} more in final.parquet"] if left else [])]


def _key_cell(value: Any) -> str:
    return "-" if value is None or value != value else shown(value)


def _number_cell(value: float) -> str:
    return "-" if value != value else f"{value:.2f}"
