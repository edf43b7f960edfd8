"""Plausible sets of parameters as they are used: read from a table, and dealt to studies.

`woc-sim calibrate posterior` writes such a table. A study of a validation that uses one has the parameters of
one set, so that the intervals over studies carry what the evidence leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.errors import UserError, nearest
from woc_sim.records import file_bytes, shown
from woc_sim.scenario.parameters import registry

Array = np.ndarray[Any, Any]

WEIGHT: Final = "weight"
NOTES: Final = ("set", WEIGHT, "medoid", "implausibility")
"""Columns of the table that are no parameters."""
SHIPPED: Final = Path(__file__).with_name("plausible.csv")
"""The sets that come with the package."""
SHIPPED_NAME: Final = "plausible"
ADVICE: Final = "take posterior.csv as `woc-sim calibrate posterior` writes it"


@dataclass(frozen=True)
class PlausibleSets:
    """Sets of values of the named parameters.

    ``values``: (sets, parameters). ``weights``: (sets,), their sum is 1. Parameters that are not named keep
    the value of the scenario.
    """

    names: tuple[str, ...]
    values: Array
    weights: Array

    def of_study(self, study: int) -> Mapping[str, float]:
        """The set of a study: drawn by weight, the same for the same study whatever the number of studies."""
        point = draw((name_key("plausible"), name_key("studies")), study, 0)
        row = int(np.searchsorted(np.cumsum(self.weights), point, side="right"))
        chosen = self.values[min(row, len(self.values) - 1)]
        return dict(zip(self.names, map(float, chosen), strict=True))


def sets_named(name: str) -> PlausibleSets:
    """The sets of the package for the name `plausible`, else those of the file of that name.

    Raises UserError as `read_sets`, and if the package has no sets.
    """
    if name != SHIPPED_NAME:
        return read_sets(Path(name))
    if not SHIPPED.exists():
        raise UserError(
            f"parameters={SHIPPED_NAME}: this version has no plausible sets of its own; make them with "
            "`woc-sim calibrate waves` and `woc-sim calibrate posterior`, and name their posterior.csv"
        )
    return read_sets(SHIPPED)


def read_sets(path: Path) -> PlausibleSets:
    """The sets in a table as posterior.csv: a column for each parameter, and their weights.

    Raises UserError with the name of the file if it is missing or no such table, or if it holds an unknown
    parameter, a value outside the range, or weights that are no weights.
    """
    import pandas as pd

    try:
        table = pd.read_csv(BytesIO(file_bytes(path, ADVICE)))
    except FileNotFoundError:
        raise UserError(f"{shown(path)} does not exist; {ADVICE}") from None
    except ValueError as error:
        raise UserError(f"{shown(path)} is no table that can be read ({shown(error)}); {ADVICE}") from None
    names = tuple(str(name) for name in table.columns if name not in NOTES)
    if WEIGHT not in table or not names or not len(table):
        raise UserError(f"{shown(path)} holds no weights, no parameters or no sets; {ADVICE}")
    known = registry()
    for name in names:
        if name not in known:
            raise UserError(
                f"{shown(path)}: {shown(repr(name))} is no parameter; {nearest(name, known) or ADVICE}"
            )
    numbers = table[[WEIGHT, *names]].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    weights, values = numbers[:, 0], numbers[:, 1:]
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise UserError(f"{shown(path)}: weights must be numbers from 0 on, and not all 0; {ADVICE}")
    for name, column in zip(names, values.T, strict=True):
        low, high = known[name].low, known[name].high
        if not ((column >= low) & (column <= high)).all():
            raise UserError(f"{shown(path)}: {name} must be a number from {low:g} to {high:g}; {ADVICE}")
    return PlausibleSets(names, values, weights / weights.sum())
