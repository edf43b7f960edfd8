"""Estimates with their sampling error, calculated from a table of localities.

Localities are the sampling units. Every function leaves out missing values. An estimate that cannot be
calculated is nan, and a check with it does not pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]

CHI_SQUARE_95: Final = {1: 3.84, 2: 5.99, 3: 7.81}
"""95 % points of the chi-square distribution by degrees of freedom."""


class Estimate(NamedTuple):
    """A number and its standard error."""

    value: float
    error: float

    def __sub__(self, other: Estimate) -> Estimate:
        return Estimate(self.value - other.value, math.hypot(self.error, other.error))

    def __neg__(self) -> Estimate:
        return Estimate(-self.value, self.error)

    @property
    def positive(self) -> bool:
        """Above 0 by more than its standard error."""
        return self.value > self.error

    @property
    def negative(self) -> bool:
        """Below 0 by more than its standard error."""
        return -self.value > self.error

    @property
    def unclear(self) -> bool:
        """Within two standard errors of 0."""
        return abs(self.value) <= 2 * self.error


NO_ESTIMATE: Final = Estimate(math.nan, math.nan)


def complete_rows(*columns: Array) -> list[Array]:
    """The columns without the rows in which one of them is missing."""
    keep = np.ones(len(columns[0]), dtype=bool)
    for column in columns:
        keep &= np.isfinite(column)
    return [column[keep] for column in columns]


def mean(x: Array) -> Estimate:
    """Mean over localities."""
    (x,) = complete_rows(x)
    if len(x) < 2:
        return Estimate(float(x[0]), math.nan) if len(x) else NO_ESTIMATE
    return Estimate(float(x.mean()), float(x.std(ddof=1)) / math.sqrt(len(x)))


def mean_estimate(estimates: Sequence[Estimate]) -> Estimate:
    """Mean of independent estimates."""
    count = len(estimates)
    if not count:
        return NO_ESTIMATE
    error = math.sqrt(sum(each.error**2 for each in estimates)) / count
    return Estimate(sum(each.value for each in estimates) / count, error)


def mean_of_columns(columns: Sequence[Array]) -> Array:
    """Mean of several columns in each locality, without missing values; nan where all are missing."""
    stack = np.array(columns)
    finite = np.isfinite(stack)
    count = finite.sum(axis=0)
    total = np.where(finite, stack, 0.0).sum(axis=0)
    means: Array = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return means


def mean_difference(x: Array, first: Array, second: Array) -> Estimate:
    """Mean of x in the mask `first` minus its mean in the mask `second`."""
    return mean(x[first]) - mean(x[second])


def paired_difference(x: Array, y: Array) -> Estimate:
    """Mean of x - y within localities."""
    return mean(x - y)


def share(flags: Array) -> Estimate:
    """Share of true flags. Its binomial error is calculated with one true and one false added, so it is never
    0."""
    n = len(flags)
    if n == 0:
        return NO_ESTIMATE
    return Estimate(float(np.mean(flags)), share_error((float(np.sum(flags)) + 1) / (n + 2), n))


def variance_share_error(share: float, columns: int, free: float) -> float:
    """Standard error of the share of variance that so many columns explain, with `free` localities less group
    means.

    The variance of R squared under normal errors in large samples, and its variance if nothing is explained
    (2 k / n^2), added.
    """
    part = min(max(share, 0.0), 1.0)
    return math.sqrt(4 * part * (1 - part) ** 2 / free + 2 * columns / free**2)


def share_error(p: float, n: float) -> float:
    """Standard error of a share p of n."""
    return math.sqrt(p * (1 - p) / n)


def standard_deviation(x: Array) -> Estimate:
    """Standard deviation over localities."""
    (x,) = complete_rows(x)
    if len(x) < 3:
        return NO_ESTIMATE
    sd = float(x.std(ddof=1))
    return Estimate(sd, sd / math.sqrt(2 * (len(x) - 1)))


def standardised(x: Array) -> Array:
    """x less its mean, in its standard deviations; nan where it does not vary."""
    sd = standard_deviation(x).value
    scaled: Array = (x - mean(x).value) / sd if sd > 0 else np.full(len(x), np.nan)
    return scaled


def correlation(x: Array, y: Array, lost: int = 0) -> Estimate:
    """Pearson correlation; `lost` degrees of freedom went into group means that were subtracted before."""
    x, y = complete_rows(x, y)
    if len(x) - lost < 4:
        return NO_ESTIMATE
    x, y = x - x.mean(), y - y.mean()
    scale = math.sqrt(float((x * x).sum() * (y * y).sum()))
    if scale < 1e-12:
        return NO_ESTIMATE
    r = float((x * y).sum()) / scale
    return Estimate(r, correlation_error(r, len(x) - lost))


def correlation_error(r: float, n: float) -> float:
    """Standard error of a correlation r of n pairs."""
    return (1 - r * r) / math.sqrt(n - 2)


def ranks(x: Array) -> Array:
    """Ranks from 1, ties shared."""
    _, position, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2.0)[position]


def rank_correlation(x: Array, y: Array) -> Estimate:
    """Spearman's correlation."""
    x, y = complete_rows(x, y)
    return correlation(ranks(x), ranks(y)) if len(x) >= 4 else NO_ESTIMATE


def tau_b(x: Array, y: Array) -> Estimate:
    """Kendall's tau-b; the error is that of independent rankings."""
    x, y = complete_rows(x, y)
    n = len(x)
    if n < 4:
        return NO_ESTIMATE
    dx = np.sign(x[:, None] - x[None, :])
    dy = np.sign(y[:, None] - y[None, :])
    scale = math.sqrt(float((dx * dx).sum() * (dy * dy).sum()))
    if scale == 0:
        return NO_ESTIMATE
    return Estimate(float((dx * dy).sum()) / scale, math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1))))


def regression(y: Array, *x: Array, groups: Array | None = None) -> list[Estimate]:
    """Least-squares coefficients of y on the columns x, with one constant or with one for each group."""
    columns = complete_rows(y, *x, *([] if groups is None else [groups]))
    y, predictors = columns[0], columns[1 : 1 + len(x)]
    lost = 1
    if groups is not None:
        kinds = columns[-1]
        y = group_centred(y, kinds)
        predictors = [group_centred(each, kinds) for each in predictors]
        lost = len(np.unique(kinds))
    else:
        y = y - y.mean() if len(y) else y
        predictors = [each - each.mean() for each in predictors if len(each)]
    free = len(y) - lost - len(x)
    if free < 2 or len(predictors) < len(x):
        return [NO_ESTIMATE] * len(x)
    matrix = np.column_stack(predictors)
    square = matrix.T @ matrix
    if np.linalg.matrix_rank(square, tol=1e-9) < len(x):
        return [NO_ESTIMATE] * len(x)
    inverse = np.linalg.inv(square)
    beta = inverse @ (matrix.T @ y)
    residual = y - matrix @ beta
    variance = float(residual @ residual) / free
    return [Estimate(float(b), math.sqrt(variance * float(inverse[i, i]))) for i, b in enumerate(beta)]


def group_centred(x: Array, groups: Array) -> Array:
    """x less the mean of its group; missing values do not enter the means."""
    values = np.asarray(x, dtype=float)
    if not len(values):
        return values
    codes = np.unique(groups, return_inverse=True)[1]
    finite = np.isfinite(values)
    count = np.bincount(codes, weights=finite.astype(float))
    total = np.bincount(codes, weights=np.where(finite, values, 0.0))
    means = total / np.maximum(count, 1.0)
    centred: Array = values - means[codes]
    return centred


def between_group_share(x: Array, groups: Array) -> float:
    """Share of the variance of x that lies between groups."""
    x, groups = complete_rows(x, groups)
    total = float(((x - x.mean()) ** 2).sum()) if len(x) else 0.0
    if total < 1e-12:
        return math.nan
    return 1.0 - float((group_centred(x, groups) ** 2).sum()) / total


def shapley_shares(y: Array, factors: Sequence[Sequence[Array]], groups: Array) -> list[float]:
    """Share of the variance of y within groups that each factor (one or more columns) explains.

    Explained variance is adjusted for degrees of freedom, so that a factor without effect has share 0 on
    average. It is averaged over all orders in which the factors can enter the regression (Shapley value,
    called LMG in the literature on relative importance).
    """
    flat = [column for factor in factors for column in factor]
    columns = complete_rows(y, groups, *flat)
    y, groups, flat = columns[0], columns[1], columns[2:]
    lost = len(np.unique(groups))
    n = len(y)
    if n - lost - len(flat) < 3:
        return [math.nan] * len(factors)
    y = group_centred(y, groups)
    total = float(y @ y)
    if total < 1e-12:
        return [math.nan] * len(factors)
    sizes = [len(factor) for factor in factors]
    starts = np.cumsum([0, *sizes])
    matrix = np.column_stack([group_centred(column, groups) for column in flat])

    def explained(chosen: tuple[int, ...]) -> float:
        picks = [c for factor in chosen for c in range(starts[factor], starts[factor + 1])]
        if not picks:
            return 0.0
        part = matrix[:, picks]
        beta = np.linalg.lstsq(part, y, rcond=None)[0]
        residual = y - part @ beta
        unexplained = float(residual @ residual) / total
        return 1.0 - unexplained * (n - lost) / (n - lost - len(picks))

    count = len(factors)
    value = {
        chosen: explained(chosen) for size in range(count + 1) for chosen in combinations(range(count), size)
    }
    shares = []
    for factor in range(count):
        others = [each for each in range(count) if each != factor]
        share_of = 0.0
        for size in range(count):
            weight = math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
            for chosen in combinations(others, size):
                joined = tuple(sorted((*chosen, factor)))
                share_of += weight * (value[joined] - value[chosen])
        shares.append(share_of)
    return shares


def same_counts(found: Sequence[float], published: Sequence[float]) -> bool:
    """Whether counts are such as a study of that size finds if the published shares are the true ones
    (chi-square test of the found counts, 5 %).

    Half a case is added to each published cell, because cells may be empty. Counts of no locality agree with
    nothing.
    """
    counts = np.array(found, dtype=float)
    shares = np.array(published, dtype=float) + 0.5
    expected = counts.sum() * shares / shares.sum()
    if not expected.sum() > 0:
        return False
    return float(((counts - expected) ** 2 / expected).sum()) <= CHI_SQUARE_95[len(counts) - 1]


def log_odds(first: Array, second: Array) -> Estimate:
    """Log odds ratio of two flags over localities, half a case added to each cell (Haldane)."""
    first, second = complete_rows(first, second)
    cells = [
        float(np.sum(((first > 0.5) == a) & ((second > 0.5) == b))) + 0.5
        for a in (True, False)
        for b in (True, False)
    ]
    if len(first) < 4:
        return NO_ESTIMATE
    value = math.log(cells[0] * cells[3] / (cells[1] * cells[2]))
    return Estimate(value, math.sqrt(sum(1 / cell for cell in cells)))


def excess_elsewhere(error: Array, variance: Array, group: Array) -> Array:
    """For each case the variance that predictions of the other groups lack: their mean squared error beyond
    the variance that they state; 0 if they lack none or there is no other group.

    error: predicted less observed; variance: of the prediction; group: of the case. All (cases,).
    """
    excess = error**2 - variance
    found = np.zeros(len(error))
    for each in np.unique(group):
        others = group != each
        if others.any():
            found[~others] = max(0.0, float(excess[others].mean()))
    return found
