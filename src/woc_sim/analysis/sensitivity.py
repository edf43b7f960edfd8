"""Which parameters matter: Morris screening over the registry (Morris 1991; Campolongo et al. 2007), with
SALib.

Every parameter moves through its plausible range, on a median locality. All runs share the random draws of
one replicate, so an elementary effect is the effect of the parameter and not of chance. Defaults: four
trajectories of 480 parameters are some 1,900 runs of 500 residents, four to five minutes on two cores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.variants import median_locality
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.sampling import MORRIS_LEVELS, parameter_names, salib_problem, sample_points
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.errors import UserError
from woc_sim.files import write_table
from woc_sim.instruments.readings import INDICATOR_NAMES, INDICATORS
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

OUTCOMES: Final = ("mipex_total", "mean_attitude", "lg_degree", "ties_per_migrant", "employed_share")
"""Indicators that are screened, as means of the last year."""
TRAJECTORIES: Final = 4
PEOPLE: Final = 500


def sensitivity(
    out: Path,
    trajectories: int = TRAJECTORIES,
    people: int = PEOPLE,
    workers: int = 2,
    progress: bool | None = None,
    seed: int = 1,
    only: Sequence[str] = (),
) -> pd.DataFrame:
    """Screen parameters and write sensitivity.csv into `out`; finished runs are kept, as in `validate`.

    `only`: full names or subjects; all parameters if empty. Columns: outcome, parameter, mu_star (mean
    absolute change of the outcome when the parameter moves over its range), mu, sigma, mu_star_conf (95
    %), unit, trajectories (those without a missing outcome). Raises UserError for an unknown name or
    fewer than two trajectories.
    """
    names = selected_parameters(only)
    if trajectories < 2:
        raise UserError(f"trajectories={trajectories} must be at least 2")
    problem = salib_problem(names)
    points = trajectory_points(problem, trajectories, seed)
    base = Scenario((replace(median_locality(), name="synthetic"),), people=people, seed=seed)
    tasks = [
        Task("morris", str(row), scenario_at(base, names, point), 0, "year")
        for row, point in enumerate(points)
    ]
    with open_store(out) as store:
        outcomes = run_many(tasks, workers, progress, store, f"moving {len(names)} parameters")
    table = morris_statistics(problem, points, last_year_means(outcomes), seed)
    write_table(table, out / "sensitivity.csv")
    return table


def selected_parameters(only: Sequence[str]) -> list[str]:
    """Full names of the chosen parameters that have a range; of all parameters if none is named.

    Raises UserError for an unknown name.
    """
    known = registry()
    return [
        name
        for name in (parameter_names(only, "only") if only else known)
        if known[name].low < known[name].high
    ]


def trajectory_points(problem: dict[str, Any], trajectories: int, seed: int) -> Array:
    """Points of the trajectories, one row each; the same for the same seed."""
    return sample_points("morris", problem["names"], trajectories, seed)


def scenario_at(base: Scenario, names: Sequence[str], point: Array) -> Scenario:
    """The scenario with the parameters of one point of the design."""
    changed = {name: float(value) for name, value in zip(names, point, strict=True)}
    return replace(base, parameters={**base.parameters, **changed})


def last_year_means(outcomes: Sequence[Outcome]) -> dict[str, Array]:
    """Mean of each outcome over the last year, one number for each run."""
    rows = np.array([outcome.rows[0].indicators[-1] for outcome in outcomes])
    return {name: rows[:, INDICATOR_NAMES.index(name)] for name in OUTCOMES}


def morris_statistics(
    problem: dict[str, Any], points: Array, found: dict[str, Array], seed: int
) -> pd.DataFrame:
    """Morris statistics of every outcome; trajectories with a missing outcome are left out, and counted."""
    import pandas as pd
    from SALib.analyze import morris

    units = {each.name: each.unit for each in INDICATORS}
    size = problem["num_vars"] + 1
    frames = []
    for name, values in found.items():
        complete = np.isfinite(values.reshape(-1, size)).all(axis=1)
        keep = np.repeat(complete, size)
        if complete.sum() < 2:
            effects = dict.fromkeys(("mu_star", "mu", "sigma", "mu_star_conf"), np.full(size - 1, np.nan))
        else:
            effects = morris.analyze(
                problem, points[keep], values[keep], num_levels=MORRIS_LEVELS, seed=seed + 1
            )
        frame = pd.DataFrame({"outcome": name, "parameter": problem["names"]})
        for column in ("mu_star", "mu", "sigma", "mu_star_conf"):
            frame[column] = np.asarray(effects[column], dtype=float)
        frame["unit"] = units[name]
        frame["trajectories"] = int(complete.sum())
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(
        ["outcome", "mu_star"], ascending=[True, False], kind="stable", ignore_index=True
    )
