"""Designs beyond a grid: points drawn from the plausible ranges of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from woc_sim.ensemble.axes import axis_column_names
from woc_sim.errors import UserError, nearest
from woc_sim.scenario.parameters import registry

Array = np.ndarray[Any, Any]

DESIGNS: Final = ("latin", "sobol", "saltelli", "morris", "random")
MORRIS_LEVELS: Final = 4
"""Levels of a parameter in the Morris design."""


def parameter_names(over: Sequence[str], key: str = "over") -> list[str]:
    """Full names of the parameters meant: full names and subjects, in the order of the registry.

    Raises UserError, about the setting `key`, for an unknown name.
    """
    known = registry()
    subjects = {each.subject for each in known.values()}
    for name in over:
        if name not in known and name not in subjects:
            hint = nearest(name, [*subjects, *known])
            raise UserError(f"{key}={name} is no parameter and no subject{'; ' + hint if hint else ''}")
    return [name for name, each in known.items() if name in over or each.subject in over]


def salib_problem(names: Sequence[str]) -> dict[str, Any]:
    """The SALib problem of the parameters: their names and plausible ranges."""
    known = registry()
    return {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[float(known[name].low), float(known[name].high)] for name in names],
    }


def design_record(
    design: str, names: Sequence[str], number: int, seed: int, columns: Sequence[str] = ()
) -> dict[str, Any]:
    """What is kept of a sampled design, as JSON takes it. It is a SALib problem too (num_vars, names,
    bounds), with what SALib's analyses have to be told: num_levels (morris) and calc_second_order (saltelli).

    rows: points in the design; number: what was asked for (points, base samples, trajectories); columns: what
    the parameters are called in the table of the sweep, in the order of the names.
    """
    rows = {"morris": number * (len(names) + 1), "saltelli": number * (len(names) + 2)}.get(design, number)
    told: dict[str, dict[str, Any]] = {
        "morris": {"num_levels": MORRIS_LEVELS},
        "saltelli": {"calc_second_order": False},
    }
    own = list(columns) or list(axis_column_names([f"parameters.{name}" for name in names]).values())
    kept = {
        "method": design,
        **salib_problem(names),
        "columns": own,
        "seed": seed,
        "number": number,
        "rows": rows,
    }
    return {**kept, **told.get(design, {})}


def sample_points(design: str, names: Sequence[str], number: int, seed: int) -> Array:
    """Points of a design in the ranges of the parameters: one row a point, one column a name.

    number: points wanted; for saltelli and morris the base sample and the trajectories, which give more rows
    (number x (names + 2), number x (names + 1)). The same arguments give the same points, and a larger number
    keeps those of a smaller one, except in a latin hypercube. Raises UserError for a number that does not
    suit the design.
    """
    problem = salib_problem(names)
    low, high = np.array(problem["bounds"]).T
    if design == "random":
        return _random_points(names, low, high, number, seed)
    if design in ("sobol", "saltelli") and number & (number - 1):
        raise UserError(f"points={number} does not suit design={design}; take a power of 2")
    if design == "sobol":
        from scipy.stats import qmc

        unit: Array = qmc.Sobol(len(names), scramble=True, rng=seed + 1).random_base2(number.bit_length() - 1)
        found: Array = low + unit * (high - low)
        return found
    from SALib.sample import latin, morris
    from SALib.sample import sobol as saltelli

    # SALib takes seed 0 for no seed
    if design == "latin":
        return np.asarray(latin.sample(problem, number, seed=seed + 1))
    if design == "morris":
        from woc_sim.draws import name_key

        # each trajectory from a seed of its own, so that more of them keep the first
        seeds = [int(name_key("morris design", seed, each)) for each in range(number)]
        return np.vstack([morris.sample(problem, 1, num_levels=MORRIS_LEVELS, seed=own) for own in seeds])
    return np.asarray(saltelli.sample(problem, number, calc_second_order=False, seed=seed + 1))


def _random_points(names: Sequence[str], low: Array, high: Array, number: int, seed: int) -> Array:
    from woc_sim.draws import draw, name_key

    keys = [(name_key("random design", seed), name_key(name)) for name in names]
    unit = np.array([[draw(key, row, 0) for key in keys] for row in range(number)])
    found: Array = low + unit * (high - low)
    return found
