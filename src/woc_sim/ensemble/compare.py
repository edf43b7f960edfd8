"""Two scenarios in paired replicates: the effect of their difference on every indicator in every month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.ensemble.design import Outcome, Task
from woc_sim.ensemble.run import month_names
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
NORMAL_95: Final = 1.96
FIRST, SECOND = "first", "second"


def pairs(first: Scenario, second: Scenario, replicates: int) -> list[Task]:
    """The runs of both scenarios; replicate r of one shares its draws with replicate r of the other.

    Raises UserError if they differ in seed, months or number of localities, so that nothing is paired.
    """
    for name in ("seed", "months"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            raise UserError(f"{name} is {one} in the first scenario, {other} in the second; pairs need one")
    if len(first.localities) != len(second.localities):
        raise UserError("the scenarios have different numbers of localities; pairs need the same")
    return [
        Task(arm, "", scenario, replicate)
        for replicate in range(replicates)
        for arm, scenario in ((FIRST, first), (SECOND, second))
    ]


def by_month(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Second less first, mean over localities, then over replicates: indicator, month, first, second, effect,
    low and high (95 % of the paired mean), n."""
    import pandas as pd

    one, other = (_stack(tasks, outcomes, arm, "indicators") for arm in (FIRST, SECOND))
    effect, half, n = _paired(other - one)
    months = month_names(one.shape[1])
    frames = [
        pd.DataFrame(
            {
                "indicator": name,
                "month": months,
                "first": _known_mean(one[:, :, place]),
                "second": _known_mean(other[:, :, place]),
                "effect": effect[:, place],
                "low": effect[:, place] - half[:, place],
                "high": effect[:, place] + half[:, place],
                "n": n[:, place],
            }
        )
        for place, name in enumerate(INDICATOR_NAMES)
    ]
    return pd.concat(frames, ignore_index=True)


def by_reading(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """As `by_month`, for the readings of the instruments: reading, first, second, effect, low, high, n."""
    import pandas as pd

    one, other = (_stack(tasks, outcomes, arm, "readings") for arm in (FIRST, SECOND))
    effect, half, n = _paired(other - one)
    return pd.DataFrame(
        {
            "reading": READING_NAMES,
            "first": _known_mean(one),
            "second": _known_mean(other),
            "effect": effect,
            "low": effect - half,
            "high": effect + half,
            "n": n,
        }
    )


def _stack(tasks: Sequence[Task], outcomes: Sequence[Outcome], arm: str, what: str) -> Array:
    """Readings or indicators of one scenario, mean over localities, one entry a replicate."""
    return np.array(
        [
            np.mean([getattr(row, what) for row in outcome.rows], axis=0)
            for task, outcome in zip(tasks, outcomes, strict=True)
            if task.arm == arm
        ]
    )


def _paired(changes: Array) -> tuple[Array, Array, Array]:
    """Mean, half width of its 95 % interval and number of known differences, along the first axis."""
    known = np.isfinite(changes)
    n = known.sum(axis=0)
    filled = np.where(known, changes, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, filled.sum(axis=0) / n, np.nan)
        square = np.where(known, (changes - mean) ** 2, 0.0).sum(axis=0)
        half = np.where(n > 1, NORMAL_95 * np.sqrt(square / (n - 1) / n), np.nan)
    return mean, half, n


def _known_mean(values: Array) -> Array:
    known = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Array = np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)
    return found
