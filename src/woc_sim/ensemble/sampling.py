"""Sampled designs: points drawn from the plausible ranges of parameters."""

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
"""Levels of a parameter in a Morris design."""


def parameter_names(over: Sequence[str], key: str = "over") -> list[str]:
    """Full names of parameters that are given by full name or by subject, in the order of the registry.

    Raises UserError, naming the setting `key`, for an unknown name.
    """
    known = registry()
    subjects = {parameter.subject for parameter in known.values()}
    for name in over:
        if name not in known and name not in subjects:
            hint = nearest(name, [*subjects, *known])
            raise UserError(f"{key}={name} is neither a parameter nor a subject{'; ' + hint if hint else ''}")
    return [name for name, parameter in known.items() if name in over or parameter.subject in over]


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
    """The record of a sampled design, for JSON. It is also a SALib problem (num_vars, names, bounds) with the
    arguments that SALib's analyses need: num_levels (morris) and calc_second_order (saltelli).

    rows: points in the design; number: what the user asked for (points, base samples, trajectories); columns:
    names of the parameters in the sweep's table, in the order of names.
    """
    rows = {"morris": number * (len(names) + 1), "saltelli": number * (len(names) + 2)}.get(design, number)
    method_settings: dict[str, dict[str, Any]] = {
        "morris": {"num_levels": MORRIS_LEVELS},
        "saltelli": {"calc_second_order": False},
    }
    table_columns = list(columns) or list(
        axis_column_names([f"parameters.{name}" for name in names]).values()
    )
    record = {
        "method": design,
        **salib_problem(names),
        "columns": table_columns,
        "seed": seed,
        "number": number,
        "rows": rows,
    }
    return {**record, **method_settings.get(design, {})}


def sample_points(design: str, names: Sequence[str], number: int, seed: int) -> Array:
    """Points of a design in the ranges of the parameters: one row for each point, one column for each name.

    number: points; for saltelli base samples and for morris trajectories, which give more rows (number x
    (names + 2), number x (names + 1)). Equal arguments give equal points, and a larger number keeps the
    points of a smaller one, except in a latin hypercube. Raises UserError for a number that the design does
    not allow.
    """
    problem = salib_problem(names)
    low, high = np.array(problem["bounds"]).T
    if design == "random":
        return _random_points(names, low, high, number, seed)
    if design in ("sobol", "saltelli") and number & (number - 1):
        raise UserError(f"points={number} is not allowed with design={design}; use a power of 2")
    if design == "sobol":
        from scipy.stats import qmc

        unit: Array = qmc.Sobol(len(names), scramble=True, rng=seed + 1).random_base2(number.bit_length() - 1)
        points: Array = low + unit * (high - low)
        return points
    from SALib.sample import latin, morris
    from SALib.sample import sobol as saltelli

    # SALib treats seed 0 as no seed
    if design == "latin":
        return np.asarray(latin.sample(problem, number, seed=seed + 1))
    if design == "morris":
        from woc_sim.draws import name_key

        # each trajectory has its own seed, so that a larger number keeps the first ones
        seeds = [int(name_key("morris design", seed, each)) for each in range(number)]
        return np.vstack(
            [
                morris.sample(problem, 1, num_levels=MORRIS_LEVELS, seed=trajectory_seed)
                for trajectory_seed in seeds
            ]
        )
    return np.asarray(saltelli.sample(problem, number, calc_second_order=False, seed=seed + 1))


def _random_points(names: Sequence[str], low: Array, high: Array, number: int, seed: int) -> Array:
    from woc_sim.draws import draw, name_key

    keys = [(name_key("random design", seed), name_key(name)) for name in names]
    unit = np.array([[draw(key, row, 0) for key in keys] for row in range(number)])
    points: Array = low + unit * (high - low)
    return points
