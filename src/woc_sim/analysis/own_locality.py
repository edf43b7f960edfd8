"""A user's own locality beside the cases of the study: where its readings lie among theirs.

Nothing is judged here, and the scoreboard does not know of it. The locality is simulated in the same studies
as the cases, so study r of both has the same parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.records import shown
from woc_sim.scenario.schema import SYNTHETIC

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

TABLE: Final = "own_locality.csv"
"""The file of a validation with the readings of the locality, one row for each study."""
POLICY_INDEX: Final = "mipex_total"


@dataclass(frozen=True)
class Standing:
    """A reading of the locality among those of the cases.

    ``mean``: over the studies; ``low`` and ``high``: its 5 % and 95 % point over them. ``cases``: the mean of
    each case over the studies, without those that were never read. Means on both sides, because a rating of
    whole numbers would have the same median in most cases.
    """

    mean: float
    low: float
    high: float
    cases: Array

    @property
    def above(self) -> int:
        """How many cases have a lower mean."""
        return int((self.cases < self.mean).sum())

    @property
    def place(self) -> str:
        """How many of the cases it is higher than, in words."""
        return f"higher than {self.above} of the {len(self.cases)} cases"


def standing(own: pd.DataFrame, cases: pd.DataFrame, reading: str) -> Standing | None:
    """A reading of the locality, one row of `own` for each study, among the cases, the rows of one variant of
    cases.parquet; None if it was read in no study."""
    if reading not in own or reading not in cases:
        return None
    values = own[reading].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    means = cases.groupby("case")[reading].mean().to_numpy(dtype=float)
    low, high = np.quantile(values, (0.05, 0.95))
    return Standing(float(values.mean()), float(low), float(high), means[np.isfinite(means)])


def name_of(own: pd.DataFrame) -> str:
    """How the locality is called in a sentence: by its name, if it has one."""
    name = str(own["case"].iloc[0])
    return "your locality" if name == SYNTHETIC else f"your locality {shown(name)}"


def sentence(own: pd.DataFrame, cases: pd.DataFrame) -> str:
    """The policy index of the locality and how many of the cases have a lower one."""
    found = standing(own, cases, POLICY_INDEX)
    if found is None:
        return f"{name_of(own)}: no policy index was read"
    return (
        f"{name_of(own)}: policy index {found.mean:.0f} ({found.low:.0f} to {found.high:.0f}), {found.place}"
    )
