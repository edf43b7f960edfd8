"""How fast the twins and the kernels step: pairs of measurements, one after the other in one process.

Times are seconds of this process's CPU, because wall time counts what the machine's other users do. A ratio
is taken within a pair, so that a slow minute of the machine is in both of its times.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.idiomatic import Town
from benchmarks.localities import START, PersonSide, lived
from benchmarks.vectorised import Array, Attitudes, normal
from woc_sim.draws import fill_uniform
from woc_sim.processes.attitudes import NOISE, NOISE_OTHER
from woc_sim.processes.attitudes import PROCESS as ATTITUDES
from woc_sim.processes.contract import Bound
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def timed(work: Callable[[], None]) -> float:
    """CPU seconds of a piece of work, with the garbage collector on as users have it."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def stepping(people: int, months: int, pairs: int, kernel_months: int) -> pd.DataFrame:
    """Person side, kernels against the idiomatic twin: one row a pair, in CPU seconds a month.

    people, pair, kernels, twin, ratio, building_twin. In a pair the kernels live `kernel_months` and the twin
    `months`, each from where it stopped; both began with the same people.
    """
    with lived(people) as locality:
        start = time.process_time()
        town = Town(locality, START, rng=1)
        built = time.process_time() - start
        kernels = PersonSide(locality)
        town.step()
        kernels.step(START)
        rows = []
        month = START + 1
        for pair in range(pairs):

            def live_kernels(first: int = month) -> None:
                for each in range(first, first + kernel_months):
                    kernels.step(each)

            def live_twin() -> None:
                for _ in range(months):
                    town.step()

            fast = timed(live_kernels) / kernel_months
            slow = timed(live_twin) / months
            month += kernel_months
            rows.append(
                {
                    "people": people,
                    "pair": pair,
                    "kernels": fast,
                    "twin": slow,
                    "ratio": slow / fast,
                    "building_twin": built,
                }
            )
        town.close()
    return pd.DataFrame(rows)


def against_numpy(people: int, months: int, pairs: int) -> tuple[pd.DataFrame, float]:
    """The process attitudes, kernel against numpy: CPU seconds a month by pair, and the largest difference.

    The difference is that of an attitude after a month with the same noise; numpy adds in another order.
    """
    with lived(people) as kernel_side, lived(people) as numpy_side:
        compiled = Bound(ATTITUDES, kernel_side)
        vectorised = Attitudes(numpy_side)
        compiled.step(START)
        vectorised.step(*(normal(noise) for noise in addressed(numpy_side, START)))
        gap = np.abs(
            kernel_side.residents.attitude_to[NON_EUROPEAN] - numpy_side.residents.attitude_to[NON_EUROPEAN]
        ).max()
        gap_ua = np.abs(
            kernel_side.residents.attitude_to[UKRAINIAN] - numpy_side.residents.attitude_to[UKRAINIAN]
        ).max()
        random = np.random.default_rng(1)

        def live_kernel() -> None:
            for each in range(START, START + months):
                compiled.step(each)

        def live_numpy() -> None:
            for _ in range(months):
                vectorised.step(random.standard_normal(people), random.standard_normal(people))

        rows = []
        for pair in range(pairs):
            fast, slow = timed(live_kernel) / months, timed(live_numpy) / months
            rows.append(
                {"people": people, "pair": pair, "kernels": fast, "numpy": slow, "ratio": slow / fast}
            )
    return pd.DataFrame(rows), float(max(gap, gap_ua))


def addressed(locality: Locality, month: int) -> list[Array]:
    """The uniform numbers that the kernel draws for the noise of both attitudes."""
    key0, key1 = locality.key("attitudes")
    entities = locality.residents.entity
    found = []
    for purpose in (NOISE, NOISE_OTHER):
        noise = np.empty(len(entities))
        fill_uniform(key0, key1, entities, month, purpose, 0, len(entities), noise)
        found.append(noise)
    return found


def called(file: str, line: int, name: str) -> str:
    """A profiled function by module and name; built-in ones by name."""
    if line:
        return f"{Path(file).stem}.{name}"
    return name.removeprefix("<built-in method ").removesuffix(">").removeprefix("builtins.")


def hottest(people: int, months: int, count: int = 12) -> pd.DataFrame:
    """Where the idiomatic twin spends its time: function, calls, self_seconds, share."""
    with lived(people) as locality:
        town = Town(locality, START, rng=1)
        town.step()
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(months):
            town.step()
        profile.disable()
        town.close()
    found = pstats.Stats(profile)
    rows = [
        {"function": called(file, line, name), "calls": calls, "self_seconds": own}
        for (file, line, name), (_, calls, own, _, _) in found.stats.items()
    ]
    table = pd.DataFrame(rows).groupby("function", as_index=False).sum()
    table = table.sort_values("self_seconds", ascending=False, ignore_index=True)
    table["share"] = table["self_seconds"] / table["self_seconds"].sum()
    return table.head(count)
