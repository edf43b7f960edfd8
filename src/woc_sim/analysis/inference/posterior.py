"""Plausible sets of parameters: draws from the region that the waves left, by a synthetic likelihood.

The likelihood of a point is the normal density of the published statistics around the emulated ones (Wood
2010); its covariance is the sum of that of the published sample, the discrepancy and the emulator. Draws move
from the whole region to the likelihood in steps (tempered sequential Monte Carlo, Del Moral et al. 2006). The
calculation is checked by simulation (Talts et al. 2018): where truths are drawn from the region, the rank of
the truth among the draws must be uniform. And it is repeated: populations of draws that know nothing of one
another must agree (Gelman and Rubin 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.emulators import Emulator
from woc_sim.analysis.inference.matching import CUT, Matching, Target, implausibilities, second_largest
from woc_sim.analysis.inference.parallel import for_each
from woc_sim.analysis.inference.sampling import move
from woc_sim.analysis.inference.streams import Stream
from woc_sim.analysis.inference.studies import run_studies, studies_of
from woc_sim.analysis.inference.waves import STUDIES_OF_A_WAVE, Calibration, read_calibration
from woc_sim.analysis.ranges import POSTERIOR
from woc_sim.ensemble.readers import read_values
from woc_sim.ensemble.store import open_store
from woc_sim.files import write_table

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

FIRST_NUMBER: Final = 1000 * STUDIES_OF_A_WAVE
"""Number of the first study of a plausible set: no study of a wave has it."""
SETS: Final = 64
DRAWS: Final = 256
"""Points that move together from the region to the likelihood."""
POPULATIONS: Final = 4
"""Populations of so many draws, each from another seed."""
TRUTHS: Final = 16
"""Known truths of the check by simulation."""
SEEDS_APART: Final = 1_000_000
"""Seeds of two populations differ by this, and so by more than the known truths have."""
RANKED: Final = 100
"""Draws among which a known truth is ranked."""
MOVES: Final = 64
"""Moves of every point at each step towards the likelihood."""
LAST_MOVES: Final = 320
"""Moves at the last step. Each step before it copies some points and drops others; parameters that no
statistic tells apart need many moves to spread again."""


@dataclass(frozen=True)
class Posterior:
    """Plausible sets and what is known of them.

    ``sets``: set, weight, medoid, implausibility, then parameters. ``statistics``: published and simulated
    value of each fit statistic over the sets. ``ranks``: the check by simulation. ``widths``: parameter ->
    width of the 90 % interval of the draws as a share of that of its range. ``repeats``: parameter -> how far
    the populations of draws differ (`scale_reductions`). ``rejected``: no point of the ranges is plausible,
    so that the sets are only the nearest ones.
    """

    sets: pd.DataFrame
    statistics: pd.DataFrame
    ranks: pd.DataFrame
    widths: dict[str, float]
    repeats: dict[str, float]
    rejected: bool


def posterior(
    out: Path,
    sets: int = SETS,
    studies: int = 1,
    truths: int = TRUTHS,
    workers: int = 2,
    progress: bool | None = None,
) -> Posterior:
    """Draw plausible sets from the waves in `out`, simulate each in so many studies, and check the method
    with so many known truths.

    Writes posterior.csv, posterior_statistics.csv and ranks.csv. Raises UserError as `read_calibration` does,
    and for values outside `ranges.POSTERIOR`.
    """
    sets, studies, truths, workers = read_values(
        POSTERIOR, sets=sets, studies=studies, truths=truths, workers=workers
    )
    found = read_calibration(out)
    seed = found.settings.seed + 77
    populations = np.array(
        for_each(
            partial(_population, found, seed),
            range(POPULATIONS),
            workers,
            progress,
            "draws of plausible sets",
            "populations",
        )
    )
    units = np.concatenate(populations)
    chosen = Stream("sets", seed).order(len(units))[:sets]
    picked, weights = weighted_points(units[chosen])
    points = studies_of(found.space, picked, found.settings.base(), studies, FIRST_NUMBER)
    with open_store(out) as store:
        table = run_studies(points, workers, progress, store, "plausible sets")
    result = Posterior(
        sets_table(found, picked, weights),
        statistics_table(found.target, table.values),
        rank_check(found, truths, seed + 1, workers, progress),
        widths_of(found.space.names, units),
        dict(zip(found.space.names, scale_reductions(populations).tolist(), strict=True)),
        found.region.empty,
    )
    write_table(result.sets, out / "posterior.csv")
    write_table(result.statistics, out / "posterior_statistics.csv")
    write_table(result.ranks, out / "ranks.csv")
    return result


def _population(found: Calibration, seed: int, number: int) -> Array:
    """The draws of one population."""
    emulators, region = found.waves[-1].emulators, found.region
    own = seed + SEEDS_APART * number
    return draw_posterior(found, emulators, found.target, region.units, region.empty, own)


def scale_reductions(populations: Array) -> Array:
    """For each parameter, by which factor the spread of the draws would shrink if populations (populations,
    draws, parameters) went on until they agree; 1 where they agree already (Gelman and Rubin 1992)."""
    draws = populations.shape[1]
    within = populations.var(axis=1, ddof=1).mean(axis=0)
    between = populations.mean(axis=1).var(axis=0, ddof=1)
    found: Array = np.sqrt((draws - 1) / draws + between / np.maximum(within, 1e-300))
    return found


def widths_of(names: Sequence[str], units: Array) -> dict[str, float]:
    """Parameter -> width of the 90 % interval of points of the cube, as a share of that of its range."""
    low, high = np.quantile(units, (0.05, 0.95), axis=0)
    return {name: float(width) for name, width in zip(names, (high - low) / 0.9, strict=True)}


def draw_posterior(
    found: Calibration,
    emulators: Sequence[Emulator | None],
    target: Target,
    start: Array,
    uncut: bool,
    seed: int,
    measure: Matching | None = None,
    count: int = DRAWS,
) -> Array:
    """`count` points distributed as the likelihood inside the region. `start`: points of the region; `uncut`:
    the region is empty, so that nothing but the ranges bounds the points."""
    cut = measure or found.matching

    log_density = partial(log_likelihood, target, emulators)
    stream = Stream("posterior", seed)
    units = start[stream.order(len(start))[:count]]
    density = log_density(units)
    heat = 0.0
    while heat < 1.0:
        step = _next_step(density, 1.0 - heat)
        weights = np.exp(step * (density - density.max()))
        kept = _systematic(weights, len(units), float(stream.uniform(1)[0]))
        units, density, heat = units[kept], density[kept], min(1.0, heat + step)

        def accept(new: Array, old: Array, proposed: Array, heat: float = heat) -> Array:
            taken: Array = np.log(stream.uniform(len(new))) < heat * (new - old)
            # the region last, and only where it decides: it asks the emulators of all waves
            if not uncut and taken.any():
                taken[taken] = cut(proposed[taken], CUT) <= CUT
            return taken

        moves = MOVES if heat < 1.0 else LAST_MOVES
        units, density = move(units, density, accept, log_density, stream, moves)
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


def _systematic(weights: Array, count: int, offset: float) -> Array:
    """Systematic resampling: positions of `count` points drawn by weight; `offset` in [0, 1) is drawn."""
    edges = np.cumsum(weights) / weights.sum()
    found: Array = np.searchsorted(edges, (offset + np.arange(count)) / count)
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
    logs = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    density: Array = -0.5 * (whitened**2).sum(axis=1) - logs
    return density


def rank_check(
    found: Calibration, truths: int, seed: int, workers: int = 1, progress: bool | None = None
) -> pd.DataFrame:
    """Simulation-based check: take a truth from the region, make its statistics with the emulators, draw from
    their likelihood as for the published ones, and rank the truth among the draws.

    Columns: parameter, p (Kolmogorov-Smirnov test that the ranks are uniform), truths, then the share of
    ranks in each tenth.
    """
    import pandas as pd
    from scipy.stats import kstest

    numbers = range(min(truths, len(found.region.units)))
    ranks = for_each(
        partial(_rank_of_truth, found, seed),
        numbers,
        workers,
        progress,
        "check of the method",
        "known truths",
    )
    table = np.array(ranks)
    rows = []
    for column, name in enumerate(found.space.names):
        shares = np.histogram(table[:, column], bins=10, range=(0.0, 1.0))[0] / len(table)
        row: dict[str, Any] = {
            "parameter": name,
            "p": float(kstest(table[:, column], "uniform").pvalue),
            "truths": len(table),
        }
        rows.append(row | {f"tenth_{number + 1}": float(each) for number, each in enumerate(shares)})
    return pd.DataFrame(rows)


def _rank_of_truth(found: Calibration, seed: int, number: int) -> Array:
    """Share of the draws below the truth of that number, for each parameter."""
    target, emulators, units = found.target, found.waves[-1].emulators, found.region.units
    stream = Stream("truths", seed)
    truth = stream.order(len(units))[number]
    mean, factors, used = _predicted(target, emulators, units[[truth]])
    published = target.published.copy()
    published[used] = mean[0] + factors[0] @ Stream("truth", seed, number).normal(mean.shape[1])
    draws = draw_posterior(
        found,
        emulators,
        replace(target, published=published),
        np.delete(units, truth, axis=0),
        found.region.empty,
        seed + number + 1,
        count=RANKED,
    )
    below: Array = (draws < units[truth]).mean(axis=0)
    return below


def weighted_points(drawn: Array) -> tuple[Array, Array]:
    """The different points among those drawn, in order, and their weights, which add up to one: a point that
    was drawn several times is one with more weight."""
    points, counts = np.unique(drawn, axis=0, return_counts=True)
    return points, counts / counts.sum()


def sets_table(found: Calibration, units: Array, weights: Array) -> pd.DataFrame:
    """The sets as values of the parameters, with weights; the medoid is the one nearest to all others.

    Cuts that can change places are in order (`Space.in_order`), which changes no result.
    """
    import pandas as pd

    order = np.argsort(-weights, kind="stable")
    units, weights = units[order], weights[order]
    second = second_largest(implausibilities(found.target, found.waves[-1].emulators, units))
    units = found.space.in_order(units)
    distance = np.sqrt(((units[:, None, :] - units[None, :, :]) ** 2).sum(axis=2)) @ weights
    table = pd.DataFrame(found.space.values(units), columns=pd.Index(found.space.names))
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
