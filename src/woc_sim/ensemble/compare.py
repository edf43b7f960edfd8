"""Two scenarios in paired replicates: the effect of their difference on every indicator in every month.

An interval is Student's, over pairs. Where all pairs differ by the same amount other than zero there is no
spread to take one from: then none is given, and the p value is the sign test's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.ensemble.intervals import COVERED
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
"""Readings in the closing words."""
MAX_FDR: Final = 0.05
"""Share of false discoveries among the readings that are called different."""
ROUNDING: Final = 1e-9
"""Differences that vary by less than this share of the values are the same."""
STUDENT, SIGN, NONE = "t", "sign", ""
"""How a p value was found: Student's t, the sign test where all pairs differ by the same, not at all."""


class Paired(NamedTuple):
    """Paired differences along the first axis of two arrays, for what is known in both arms.

    ``first`` and ``second`` are means over the ``n`` known pairs, ``effect`` the mean difference, ``low`` and
    ``high`` its 95 % interval, ``size`` the effect in standard deviations of the differences, ``p`` for no
    difference, ``test`` where p comes from. nan is what cannot be said.
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


def paired_tasks(first: Scenario, second: Scenario, replicates: int) -> list[Task]:
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
    low and high (95 % of the paired mean), n (pairs)."""
    import pandas as pd

    found = paired_differences(*_arms(tasks, outcomes, "indicators"))
    months = month_names(found.effect.shape[0])
    frames = [
        pd.DataFrame(
            {
                "indicator": name,
                "month": months,
                **{
                    column: getattr(found, column)[:, place]
                    for column in ("first", "second", "effect", "low", "high", "n")
                },
            }
        )
        for place, name in enumerate(INDICATOR_NAMES)
    ]
    return pd.concat(frames, ignore_index=True)


def by_reading(tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """As `by_month`, for the readings of the instruments, the surest difference first.

    Columns: reading, first, second, effect, low, high, n, size (effect in standard deviations of the paired
    differences), p, fdr (p adjusted for the number of readings after Benjamini and Hochberg 1995: below 0.05,
    at most one in twenty of those listed is expected to be chance), test ('t', 'sign' or empty).
    """
    import pandas as pd

    found = paired_differences(*_arms(tasks, outcomes, "readings"))
    columns = found._asdict()
    test = columns.pop("test")
    table = pd.DataFrame({"reading": READING_NAMES, **columns, "fdr": fdr_adjusted(found.p), "test": test})
    order = np.lexsort((-np.abs(found.size), table["fdr"]))
    return table.iloc[order].reset_index(drop=True)


def summary_lines(readings: pd.DataFrame) -> list[str]:
    """The closing words on a table of `by_reading`: how many differ, and the surest of them."""
    tested = int(readings["p"].notna().sum())
    sure = readings[readings["fdr"] <= MAX_FDR]
    unknown = len(readings) - tested
    rest = f"; {unknown} are known in fewer than two pairs" if unknown else ""
    lines = [f"{len(sure)} of {tested} readings differ at a false discovery rate of {MAX_FDR}{rest}"]
    for row in sure.head(MAX_LISTED).to_dict("records"):
        sides = (
            f"{row['reading']:28} {row['first']:9.3g} -> {row['second']:9.3g}  effect {row['effect']:+.3g}"
        )
        spread = "the same" if row["test"] == SIGN else f"{row['low']:+.3g} to {row['high']:+.3g}"
        lines.append(f"{sides} ({spread}, {row['n']} pairs), fdr {row['fdr']:.2g}")
    if len(sure) > MAX_LISTED:
        lines.append(f"... {len(sure) - MAX_LISTED} more in readings.csv")
    return lines


def fdr_adjusted(p: Array) -> Array:
    """p values adjusted for how many there are (Benjamini and Hochberg 1995); nan does not count."""
    from scipy.stats import false_discovery_control

    found = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        found[tested] = false_discovery_control(p[tested], method="bh")
    return found


def paired_differences(first: Array, second: Array) -> Paired:
    """What the pairs of two arrays (a row a replicate) say of their difference."""
    from scipy import stats

    known = np.isfinite(first) & np.isfinite(second)
    n = known.sum(axis=0)
    one, other = (np.where(known, values, 0.0) for values in (first, second))
    change = other - one
    scale = ROUNDING * np.maximum(np.abs(one), np.abs(other)).max(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [np.where(n > 0, values.sum(axis=0) / n, np.nan) for values in (one, other, change)]
        effect = means[2]
        sd = np.sqrt(np.where(known, (change - effect) ** 2, 0.0).sum(axis=0) / (n - 1))
        alike = (n > 1) & (np.where(known, np.abs(change - effect), 0.0).max(axis=0) <= scale)
        none = alike & (np.abs(effect) <= scale)
        same = alike & ~none
        half = stats.t.ppf((1 + COVERED) / 2, n - 1) * sd / np.sqrt(n)
        student = 2 * stats.t.sf(np.abs(effect) / (sd / np.sqrt(n)), n - 1)
        size = np.where(n > 1, np.where(none, 0.0, np.where(same, np.nan, effect / sd)), np.nan)
    half = np.where(n < 2, np.nan, np.where(none, 0.0, np.where(same, np.nan, half)))
    # of n signs, all are alike by chance in two of 2^n cases
    p = np.where(n < 2, np.nan, np.where(none, 1.0, np.where(same, 2.0 ** (1.0 - n), student)))
    test = np.where(n < 2, NONE, np.where(alike, SIGN, STUDENT))
    return Paired(means[0], means[1], effect, effect - half, effect + half, n, size, p, test)


def _arms(tasks: Sequence[Task], outcomes: Sequence[Outcome], what: str) -> tuple[Array, Array]:
    """Readings or indicators of both scenarios, a row a replicate: the mean over the localities in which a
    reading is known in both."""
    found: dict[str, list[Outcome]] = {FIRST: [], SECOND: []}
    for task, outcome in zip(tasks, outcomes, strict=True):
        found[task.arm].append(outcome)
    rows = []
    for pair in zip(found[FIRST], found[SECOND], strict=True):
        one, other = (np.array([getattr(row, what) for row in outcome.rows]) for outcome in pair)
        known = np.isfinite(one) & np.isfinite(other)
        with np.errstate(invalid="ignore", divide="ignore"):
            rows.append(
                [np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0) for values in (one, other)]
            )
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
