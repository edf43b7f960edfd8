"""Plausible sets of parameters: draws from the region that the waves left, by a synthetic likelihood.

The likelihood of a point is the normal density of the published statistics around the emulated ones (Wood
2010); its covariance is the sum of that of the published sample, the discrepancy and the emulator. Draws move
from the whole region to the likelihood in steps (tempered sequential Monte Carlo, Del Moral et al. 2006). The
calculation is checked by simulation (Talts et al. 2018): where truths are drawn from the region, the rank of
the truth among the draws must be uniform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.emulators import Emulator
from woc_sim.analysis.inference.matching import CUT, Matching, Target, implausibilities, second_largest
from woc_sim.analysis.inference.sampling import move
from woc_sim.analysis.inference.studies import run_studies, studies_of
from woc_sim.analysis.inference.waves import Calibration, read_calibration
from woc_sim.ensemble.store import open_store
from woc_sim.files import write_table

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

SETS: Final = 64
DRAWS: Final = 512
"""Points that move together from the region to the likelihood."""
TRUTHS: Final = 200
"""Known truths of the check by simulation."""
SHIPPED: Final = Path(__file__).with_name("plausible.csv")


@dataclass(frozen=True)
class Posterior:
    """Plausible sets and what is known of them.

    ``sets``: set, weight, medoid, then parameters. ``statistics``: published and simulated value of each fit
    statistic over the sets. ``ranks``: the check by simulation. ``rejected``: no point of the ranges is
    plausible, so that the sets are only the nearest ones.
    """

    sets: pd.DataFrame
    statistics: pd.DataFrame
    ranks: pd.DataFrame
    rejected: bool
    effective: float


def posterior(
    out: Path,
    sets: int = SETS,
    studies: int = 1,
    workers: int = 2,
    progress: bool | None = None,
) -> Posterior:
    """Draw plausible sets from the waves in `out`, simulate each in so many studies, and check the method.

    Writes posterior.csv, posterior_statistics.csv and ranks.csv. Raises UserError as `read_calibration` does.
    """
    found = read_calibration(out)
    last = found.waves[-1].emulators
    seed = found.settings.seed + 77
    units = draw_posterior(found, last, found.target, found.region.units, found.region.empty, seed)
    chosen = np.random.default_rng(seed).choice(len(units), size=min(sets, len(units)), replace=False)
    picked, counts = np.unique(units[chosen], axis=0, return_counts=True)
    ranks, effective = rank_check(found.target, last, found.region.units, found.space.names, seed)
    first = 10_000_000  # studies of their own: no number of a wave is as large
    points = studies_of(found.space, picked, found.settings.base(), studies, first)
    with open_store(out) as store:
        table = run_studies(points, workers, progress, store, "plausible sets")
    result = Posterior(
        sets_table(found, picked, counts / counts.sum()),
        statistics_table(found.target, table.values),
        ranks,
        found.region.empty,
        effective,
    )
    write_table(result.sets, out / "posterior.csv")
    write_table(result.statistics, out / "posterior_statistics.csv")
    write_table(result.ranks, out / "ranks.csv")
    return result


def draw_posterior(
    found: Calibration,
    emulators: Sequence[Emulator | None],
    target: Target,
    start: Array,
    uncut: bool,
    seed: int,
    measure: Matching | None = None,
) -> Array:
    """`DRAWS` points distributed as the likelihood inside the region. `start`: points of the region; `uncut`:
    the region is empty, so that nothing but the ranges bounds the points."""
    cut = measure or found.matching

    def log_density(units: Array) -> Array:
        inside = np.ones(len(units), dtype=bool) if uncut else cut(units, CUT) <= CUT
        found = np.full(len(units), -np.inf)
        if inside.any():
            found[inside] = log_likelihood(target, emulators, units[inside])
        return found

    rng = np.random.default_rng(seed)
    units = start[rng.permutation(len(start))[:DRAWS]]
    density = log_density(units)
    heat = 0.0
    while heat < 1.0:
        step = _next_step(density, 1.0 - heat)
        weights = np.exp(step * (density - density.max()))
        kept = _systematic(weights, len(units), rng)
        units, density, heat = units[kept], density[kept], min(1.0, heat + step)

        def accept(new: Array, old: Array, heat: float = heat) -> Array:
            with np.errstate(invalid="ignore"):
                taken: Array = np.log(rng.random(len(new))) < heat * (new - old)
            return taken

        units, density = move(units, density, accept, log_density, rng)
    return units


def _next_step(density: Array, most: float) -> float:
    """The largest step in heat, up to `most`, that leaves an effective sample of half of the points."""
    gaps = density - density.max()

    def effective(step: float) -> float:
        weights = np.exp(step * gaps)
        return float(weights.sum() ** 2 / (weights**2).sum())

    wanted = 0.5 * np.isfinite(density).sum()
    if effective(most) >= wanted:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= wanted else (low, middle)
    return max(low, 1e-6)


def _systematic(weights: Array, count: int, rng: np.random.Generator) -> Array:
    """Systematic resampling: positions of `count` points drawn by weight."""
    edges = np.cumsum(weights) / weights.sum()
    found: Array = np.searchsorted(edges, (rng.random() + np.arange(count)) / count)
    return np.minimum(found, len(weights) - 1)


def log_likelihood(target: Target, emulators: Sequence[Emulator | None], units: Array) -> Array:
    """Logarithm of the synthetic likelihood at points of the cube: (points,)."""
    mean, factors, used = _predicted(target, emulators, units)
    gap = target.published[used] - mean
    return _normal(gap, factors)


def _predicted(
    target: Target, emulators: Sequence[Emulator | None], units: Array
) -> tuple[Array, Array, list[int]]:
    """Emulated statistics (points, statistics), Cholesky factors of their covariances, and which they are."""
    used = [
        column
        for column, each in enumerate(emulators)
        if each is not None and np.isfinite(target.published[column])
    ]
    predicted = [each.predict(units) for column, each in enumerate(emulators) if each and column in used]
    mean, variance = (np.column_stack([pair[index] for pair in predicted]) for index in (0, 1))
    covariance = target.observation[np.ix_(used, used)] + np.diag(target.discrepancy[used])
    scale = np.diag(covariance)
    table = np.broadcast_to(covariance, (len(units), *covariance.shape)).copy()
    diagonal = np.arange(len(used))
    table[:, diagonal, diagonal] += variance + 1e-9 * scale  # bootstraps may be singular
    return mean, np.linalg.cholesky(table), used


def _normal(gap: Array, factors: Array) -> Array:
    """Log density of normal deviations (points, statistics) with Cholesky factors of their covariances."""
    whitened = np.linalg.solve(factors, gap[:, :, None])[:, :, 0]
    density: Array = -0.5 * (whitened**2).sum(axis=1) - _half_logs(factors)
    return density


def _half_logs(factors: Array) -> Array:
    """Half the logarithm of the determinants of covariances with these Cholesky factors."""
    logs: Array = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    return logs


def rank_check(
    target: Target, emulators: Sequence[Emulator | None], units: Array, names: Sequence[str], seed: int
) -> tuple[pd.DataFrame, float]:
    """Simulation-based check with the emulator: draw a truth from the region, make its statistics, weigh the
    other points by them, and rank the truth among these.

    Columns: parameter, p (Kolmogorov-Smirnov test that the ranks are uniform), then the share of ranks in
    each tenth. The second result is the median effective number of points; below about 20 ranks are coarse
    and the test says little.
    """
    import pandas as pd
    from scipy.stats import kstest

    rng = np.random.default_rng(seed + 1)
    mean, factors, _ = _predicted(target, emulators, units)
    truths = rng.permutation(len(units))[: min(TRUTHS, len(units) // 2)]
    made = np.array([mean[each] + factors[each] @ rng.normal(size=mean.shape[1]) for each in truths])
    whitened = np.linalg.solve(factors, made.T[None, :, :] - mean[:, :, None])
    density = -0.5 * (whitened**2).sum(axis=1) - _half_logs(factors)[:, None]
    density[truths, np.arange(len(truths))] = -np.inf
    weights = np.exp(density - density.max(axis=0))
    weights /= weights.sum(axis=0)
    effective = 1.0 / (weights**2).sum(axis=0)
    ranks = [weights[:, number] @ (units < units[truth]) for number, truth in enumerate(truths)]
    table = np.clip(np.array(ranks), 0.0, 1.0)
    rows = []
    for column, name in enumerate(names):
        shares = np.histogram(table[:, column], bins=10, range=(0.0, 1.0))[0] / len(table)
        row: dict[str, Any] = {"parameter": name, "p": float(kstest(table[:, column], "uniform").pvalue)}
        rows.append(row | {f"tenth_{number + 1}": float(each) for number, each in enumerate(shares)})
    return pd.DataFrame(rows), float(np.median(effective))


def sets_table(found: Calibration, units: Array, weights: Array) -> pd.DataFrame:
    """The sets as values of the parameters, with weights; the medoid is the one nearest to all others."""
    import pandas as pd

    order = np.argsort(-weights, kind="stable")
    units, weights = units[order], weights[order]
    distance = np.sqrt(((units[:, None, :] - units[None, :, :]) ** 2).sum(axis=2)) @ weights
    table = pd.DataFrame(found.space.values(units), columns=pd.Index(found.space.names))
    second = second_largest(implausibilities(found.target, found.waves[-1].emulators, units))
    table.insert(0, "set", np.arange(1, len(table) + 1))
    table.insert(1, "weight", weights)
    table.insert(2, "medoid", np.arange(len(table)) == int(np.argmin(distance)))
    table.insert(3, "implausibility", second)
    return table


def statistics_table(target: Target, values: Array) -> pd.DataFrame:
    """Published and simulated value of every fit statistic over the studies of the sets: median and 90 %
    interval, and whether the published value lies inside the interval widened by two standard deviations of
    the published sample."""
    import pandas as pd

    rows = []
    for column, each in enumerate(fit_statistics.FIT_STATISTICS):
        known = values[np.isfinite(values[:, column]), column]
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95)) if len(known) else (np.nan,) * 3
        published = float(target.published[column])
        error = float(np.sqrt(target.observation[column, column]))
        rows.append(
            {
                "statistic": each.name,
                "finding": each.finding,
                "unit": each.unit,
                "published": published,
                "error": error,
                "simulated": float(middle),
                "low": float(low),
                "high": float(high),
                "agrees": bool(low - 2 * error <= published <= high + 2 * error),
            }
        )
    return pd.DataFrame(rows)


def plausible_sets(path: Path = SHIPPED) -> pd.DataFrame:
    """The plausible sets of parameters that the package ships: set, weight, medoid, implausibility, then one
    column for each calibrated parameter. Parameters without a column keep their default.

    Raises FileNotFoundError while the package ships none.
    """
    import pandas as pd

    return pd.read_csv(path)
