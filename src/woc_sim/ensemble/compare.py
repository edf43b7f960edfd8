"""Comparison of two scenarios in paired replicates: the effect on every indicator in every month.

An interval is Student's, over pairs. If all pairs differ by the same amount (not zero), there is no spread:
then there is no interval, and p is that of the sign test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.ensemble.intervals import COVERED
from woc_sim.ensemble.plausible import PlausibleSets, with_set
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
FIRST, SECOND = "first", "second"
MAX_LISTED: Final = 10
"""Most readings that the summary lists."""
MAX_FDR: Final = 0.05
"""Highest false discovery rate of readings that are called different."""
ROUNDING: Final = 1e-9
"""Differences are called equal if they vary by less than this share of the values."""
STUDENT, SIGN, NONE = "t", "sign", ""
"""Where a p value comes from: Student's t, the sign test (all pairs differ by the same amount), or nowhere.
"""


class PairedDifferences(NamedTuple):
    """Paired differences along the first axis of two arrays, where both values are known.

    ``first`` and ``second`` are means over the ``n`` known pairs, ``effect`` the mean difference, ``low`` and
    ``high`` its 95 % interval, ``size`` the effect in standard deviations of the differences, ``p`` the p
    value of no difference, ``test`` the origin of p. nan means unknown.
    """

    first: Array
    second: Array
    effect: Array
    low: Array
    high: Array
    n: Array
    size: Array
    p: Array
    test: Array


def paired_tasks(
    first: Scenario, second: Scenario, replicates: int, sets: PlausibleSets | None = None
) -> list[Task]:
    """The runs of both scenarios. Replicate r of one shares its draws, and its plausible set of parameters,
    with replicate r of the other.

    Raises UserError if seed, months or the number of localities differ, because then nothing is paired.
    """
    for name in ("seed", "months"):
        one, other = getattr(first, name), getattr(second, name)
        if one != other:
            raise UserError(f"{name} is {one} in the first scenario, {other} in the second; pairs need one")
    if len(first.localities) != len(second.localities):
        raise UserError("the scenarios have different numbers of localities; pairs need the same")
    return [
        Task(arm, "", with_set(scenario, sets, replicate), replicate)
        for replicate in range(replicates)
        for arm, scenario in ((FIRST, first), (SECOND, second))
    ]


def by_month(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Second minus first scenario, mean over localities and then over replicates: indicator, month, first,
    second, effect, low and high (95 % interval of the paired mean), n (pairs).
    """
    import pandas as pd

    differences = paired_differences(*_arms(tasks, outcomes, "indicators"))
    months = month_names(differences.effect.shape[0])
    frames = [
        pd.DataFrame(
            {
                "indicator": name,
                "month": months,
                **{
                    column: getattr(differences, column)[:, column_index]
                    for column in ("first", "second", "effect", "low", "high", "n")
                },
            }
        )
        for column_index, name in enumerate(INDICATOR_NAMES)
    ]
    return pd.concat(frames, ignore_index=True)


def by_reading(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """As `by_month`, for the readings of the instruments, clearest difference first.

    Columns: reading, first, second, effect, low, high, n, size (effect in standard deviations of the paired
    differences), p, fdr (p adjusted for the number of readings after Benjamini and Hochberg 1995: among
    readings with fdr below 0.05, one in twenty is expected to differ by chance), test ('t', 'sign' or empty).
    """
    import pandas as pd

    found = paired_differences(*_arms(tasks, outcomes, "readings"))
    columns = found._asdict()
    test = columns.pop("test")
    table = pd.DataFrame({"reading": READING_NAMES, **columns, "fdr": fdr_adjusted(found.p), "test": test})
    order = np.lexsort((-np.abs(found.size), table["fdr"]))
    return table.iloc[order].reset_index(drop=True)


def summary_lines(readings: pd.DataFrame) -> list[str]:
    """The summary of a table of `by_reading`: how many readings differ, and the clearest of them."""
    tested = int(readings["p"].notna().sum())
    different = readings[readings["fdr"] <= MAX_FDR]
    unknown = len(readings) - tested
    not_tested = f"; {unknown} are known in fewer than two pairs" if unknown else ""
    lines = [
        f"{len(different)} of {tested} readings differ at a false discovery rate of {MAX_FDR}{not_tested}"
    ]
    for row in different.head(MAX_LISTED).to_dict("records"):
        means = (
            f"{row['reading']:28} {row['first']:9.3g} -> {row['second']:9.3g}  effect {row['effect']:+.3g}"
        )
        spread = "the same" if row["test"] == SIGN else f"{row['low']:+.3g} to {row['high']:+.3g}"
        lines.append(f"{means} ({spread}, {row['n']} pairs), fdr {row['fdr']:.2g}")
    if len(different) > MAX_LISTED:
        lines.append(f"... {len(different) - MAX_LISTED} more in readings.csv")
    return lines


def fdr_adjusted(p: Array) -> Array:
    """p values adjusted for their number (Benjamini and Hochberg 1995); nan does not count."""
    from scipy.stats import false_discovery_control

    result = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        result[tested] = false_discovery_control(p[tested], method="bh")
    return result


def paired_differences(first: Array, second: Array) -> PairedDifferences:
    """The paired differences of two arrays with a row for each replicate."""
    from scipy import stats

    known = np.isfinite(first) & np.isfinite(second)
    n = known.sum(axis=0)
    first_values, second_values = (np.where(known, values, 0.0) for values in (first, second))
    change = second_values - first_values
    scale = ROUNDING * np.maximum(np.abs(first_values), np.abs(second_values)).max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [
            np.where(n > 0, values.sum(axis=0) / n, np.nan)
            for values in (first_values, second_values, change)
        ]
        effect = means[2]
        sd = np.sqrt(np.where(known, (change - effect) ** 2, 0.0).sum(axis=0) / (n - 1))
        uniform = (n > 1) & (np.where(known, np.abs(change - effect), 0.0).max(axis=0) <= scale)
        equal = uniform & (np.abs(effect) <= scale)
        constant = uniform & ~equal
        half_width = stats.t.ppf((1 + COVERED) / 2, n - 1) * sd / np.sqrt(n)
        student = 2 * stats.t.sf(np.abs(effect) / (sd / np.sqrt(n)), n - 1)
        size = np.where(n > 1, np.where(equal, 0.0, np.where(constant, np.nan, effect / sd)), np.nan)
    half_width = np.where(n < 2, np.nan, np.where(equal, 0.0, np.where(constant, np.nan, half_width)))
    # n signs are all equal by chance in two of 2^n cases
    p = np.where(n < 2, np.nan, np.where(equal, 1.0, np.where(constant, 2.0 ** (1.0 - n), student)))
    test = np.where(n < 2, NONE, np.where(uniform, SIGN, STUDENT))
    return PairedDifferences(
        means[0], means[1], effect, effect - half_width, effect + half_width, n, size, p, test
    )


def _arms(tasks: Sequence[Task], outcomes: Sequence[Outcome], what: str) -> tuple[Array, Array]:
    """Readings or indicators of both scenarios, one row for each replicate: the mean over localities whose
    value is known in both.
    """
    outcomes_of: dict[str, list[Outcome]] = {FIRST: [], SECOND: []}
    for task, outcome in zip(tasks, outcomes, strict=True):
        outcomes_of[task.arm].append(outcome)
    rows = []
    for pair in zip(outcomes_of[FIRST], outcomes_of[SECOND], strict=True):
        one, other = (np.array([getattr(row, what) for row in outcome.rows]) for outcome in pair)
        known = np.isfinite(one) & np.isfinite(other)
        with np.errstate(invalid="ignore", divide="ignore"):
            rows.append(
                [np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0) for values in (one, other)]
            )
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
