"""Plausible sets of parameters as they are used: read from a table, and given to replicates.

`woc-sim calibrate posterior` writes such a table. Replicate r of every scenario of a command has the same
set: paired differences stay paired, and intervals over replicates carry what the evidence leaves open.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.errors import UserError, nearest
from woc_sim.files import write_table
from woc_sim.records import file_bytes, shown
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

SET: Final = "set"
WEIGHT: Final = "weight"
WITHOUT: Final = "without"
"""Column of a table of sets that were drawn without a country: its name."""
NOTES: Final = (SET, WEIGHT, "medoid", "implausibility", WITHOUT)
"""Columns of the table that are no parameters."""
SHIPPED: Final = Path(__file__).with_name("plausible.csv")
"""The sets that come with the package."""
SHIPPED_WITHOUT: Final = Path(__file__).with_name("plausible_without.csv")
"""The sets that come with the package and were drawn without the figures of one country each."""
FOLD_SETS: Final = "fold_sets.csv"
"""The file with such sets that `woc-sim calibrate folds` writes."""
SETS: Final = "sets.csv"
"""The file of a result folder that says which set each replicate has."""
MAX_NUMBER: Final = 1_000_000
"""Largest number of a set."""
SHIPPED_NAME: Final = "plausible"
DEFAULT_POINT: Final = "default"
"""Names the default values of all parameters, where plausible sets are the default."""
MOST_WEIGHT: Final = 1e9
"""Largest weight in a table; the sum of many larger ones could be infinite."""
ADVICE: Final = "take posterior.csv as `woc-sim calibrate posterior` writes it"
FOLD_ADVICE: Final = "take fold_sets.csv as `woc-sim calibrate folds` writes it"


@dataclass(frozen=True, slots=True)
class PlausibleSet:
    """One set: its number in the table, and its values, parameter -> value."""

    number: int
    values: Mapping[str, float]

    def given_to(self, scenario: Scenario) -> Scenario:
        """The scenario with the values of the set. Parameters that it moves away from their default keep its
        value. Raises UserError for an unknown parameter.
        """
        own, known = scenario.parameters, registry()
        given = {
            name: value
            for name, value in self.values.items()
            if name not in known or own[name] == known[name].value
        }
        return replace(scenario, parameters={**own, **given})


@dataclass(frozen=True)
class PlausibleSets:
    """Sets of values of the named parameters.

    ``numbers``: the number of each set. ``values``: (sets, parameters). ``weights``: (sets,), their sum is 1.
    Parameters that are not named keep the value of the scenario.
    """

    names: tuple[str, ...]
    numbers: tuple[int, ...]
    values: Array
    weights: Array

    def of_replicate(self, replicate: int) -> PlausibleSet:
        """The set of a replicate: drawn by weight, the same whatever the number of replicates."""
        point = draw((name_key("plausible"), name_key("studies")), replicate, 0)
        row = int(np.searchsorted(np.cumsum(self.weights), point, side="right"))
        row = min(row, len(self.values) - 1)
        return PlausibleSet(
            self.numbers[row], dict(zip(self.names, map(float, self.values[row]), strict=True))
        )


def of_replicates(sets: PlausibleSets | None, replicates: int) -> tuple[PlausibleSet, ...]:
    """The set of each replicate; empty without sets."""
    return () if sets is None else tuple(map(sets.of_replicate, range(replicates)))


def with_set(scenario: Scenario, sets: PlausibleSets | None, replicate: int) -> Scenario:
    """The scenario with the parameters of the set of a replicate; as it is without sets."""
    return scenario if sets is None else sets.of_replicate(replicate).given_to(scenario)


def write_sets(sets: Sequence[PlausibleSet], out: Path) -> None:
    """Write which set each replicate has into sets.csv: replicate, set (its number), and a column for each
    parameter. Without sets, remove an earlier one. Raises UserError if the system refuses to write.
    """
    import pandas as pd

    if not sets:
        (out / SETS).unlink(missing_ok=True)
        return
    rows = [{"replicate": replicate, SET: one.number, **one.values} for replicate, one in enumerate(sets)]
    write_table(pd.DataFrame(rows), out / SETS)


def sets_named(name: str | None) -> PlausibleSets | None:
    """The sets of the package for the name `plausible`, None for `default` and without a name, and those of a
    file for any other name.

    Raises UserError as `read_sets`, and if the package has no sets. For a misspelt name that is no file
    either, the sentence says which was meant.
    """
    if name is None or name == DEFAULT_POINT:
        return None
    if name != SHIPPED_NAME:
        if not os.path.exists(name) and (hint := nearest(name, (SHIPPED_NAME, DEFAULT_POINT))):
            raise UserError(f"parameters={shown(name)} is no file; {hint}")
        return read_sets(Path(name))
    if not SHIPPED.exists():
        raise UserError(
            f"parameters={SHIPPED_NAME}: this version has no plausible sets of its own; make them with "
            "`woc-sim calibrate waves` and `woc-sim calibrate posterior`, and name their posterior.csv"
        )
    return read_sets(SHIPPED)


def sets_without(name: str | None, countries: Collection[str]) -> dict[str, PlausibleSets]:
    """Country -> sets that were drawn without its figures, for the same names as `sets_named`.

    They are those of the package, or those of the fold_sets.csv beside a file of one's own. Empty without
    sets, and for a file with no such table beside it. Raises UserError as `read_sets_without`.
    """
    if name is None or name == DEFAULT_POINT:
        return {}
    path = SHIPPED_WITHOUT if name == SHIPPED_NAME else Path(name).with_name(FOLD_SETS)
    return read_sets_without(path, countries) if path.exists() else {}


def read_sets_without(path: Path, countries: Collection[str]) -> dict[str, PlausibleSets]:
    """The sets in a table as fold_sets.csv, by the country that they were drawn without.

    Raises UserError as `read_sets`, and for a country that is not among `countries`.
    """
    table = _cells(path)
    if WITHOUT not in table:
        raise UserError(f"{shown(path)} has no column {WITHOUT!r}; {FOLD_ADVICE}")
    for country in table[WITHOUT].unique():
        if country not in countries:
            hint = nearest(country, countries) or FOLD_ADVICE
            raise UserError(f"{shown(path)}: {shown(repr(country))} is no country of the study; {hint}")
    return {str(country): _sets_in(own, path) for country, own in table.groupby(WITHOUT)}


def read_sets(path: Path) -> PlausibleSets:
    """The sets in a table as posterior.csv: a column for each parameter, and their weights.

    Raises UserError with the name of the file if it is missing or no such table, or if it holds an unknown
    parameter, a column twice, a value outside the range, or weights that are no weights.
    """
    return _sets_in(_cells(path), path)


def _cells(path: Path) -> pd.DataFrame:
    """The cells of a table as texts, with its header as columns."""
    import pandas as pd

    try:
        # read as texts with the header as a row: pandas would rename a column that stands twice, and shift
        # all columns where rows are longer than the header
        content = BytesIO(file_bytes(path, ADVICE))
        cells = pd.read_csv(content, header=None, dtype=str, keep_default_na=False, na_values=[])
    except FileNotFoundError:
        raise UserError(f"{shown(path)} does not exist; {ADVICE}") from None
    except ValueError as error:
        raise UserError(f"{shown(path)} is no table that can be read ({shown(error)}); {ADVICE}") from None
    table = cells[1:].set_axis(cells.iloc[0].astype(str), axis=1)
    for name in table.columns[table.columns.duplicated()]:
        raise UserError(f"{shown(path)}: the column {shown(repr(name))} is given twice; {ADVICE}")
    return table


def _sets_in(table: pd.DataFrame, path: Path) -> PlausibleSets:
    """The sets in the cells of a table; `path` names it in errors."""
    import pandas as pd

    names = tuple(str(name) for name in table.columns if name not in NOTES)
    if SET not in table or WEIGHT not in table or not names or not len(table):
        raise UserError(
            f"{shown(path)} holds no numbers of sets, no weights, no parameters or no sets; {ADVICE}"
        )
    known = registry()
    for name in names:
        if name not in known:
            raise UserError(
                f"{shown(path)}: {shown(repr(name))} is no parameter; {nearest(name, known) or ADVICE}"
            )
    read = table[[SET, WEIGHT, *names]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    numbers, weights, values = read[:, 0], read[:, 1], read[:, 2:]
    is_number = (numbers >= 0) & (numbers <= MAX_NUMBER) & (numbers == np.floor(numbers))
    if not is_number.all() or len(set(numbers)) < len(numbers):
        raise UserError(
            f"{shown(path)}: {SET} must be an integer from 0 to {MAX_NUMBER}, each once; {ADVICE}"
        )
    if not (((weights >= 0) & (weights <= MOST_WEIGHT)).all() and weights.sum() > 0):
        raise UserError(
            f"{shown(path)}: weights must be numbers from 0 to {MOST_WEIGHT:g}, and not all 0; {ADVICE}"
        )
    for name, column in zip(names, values.T, strict=True):
        low, high = known[name].low, known[name].high
        if not ((column >= low) & (column <= high)).all():
            raise UserError(f"{shown(path)}: {name} must be a number from {low:g} to {high:g}; {ADVICE}")
    return PlausibleSets(names, tuple(map(int, numbers)), values, weights / weights.sum())
