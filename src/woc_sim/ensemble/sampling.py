"""Designs beyond a grid: points drawn from the plausible ranges of parameters, or read from a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from woc_sim.errors import UserError, nearest
from woc_sim.scenario.parameters import registry

Array = np.ndarray[Any, Any]

DESIGNS: Final = ("latin", "sobol", "saltelli", "morris", "random")
LEVELS: Final = 4
"""Levels of a parameter in the Morris design."""


def chosen(over: Sequence[str], key: str = "over") -> list[str]:
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


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """The SALib problem of the parameters: their names and plausible ranges."""
    known = registry()
    return {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[known[name].low, known[name].high] for name in names],
    }


def sampled(design: str, names: Sequence[str], number: int, seed: int) -> Array:
    """Points of a design in the ranges of the parameters: one row a point, one column a name.

    number: points wanted; for saltelli and morris the base sample and the trajectories, which give more rows
    (number x (names + 2), number x (names + 1)). The same arguments give the same points.
    """
    problem = problem_of(names)
    low, high = np.array(problem["bounds"]).T
    if design == "random":
        return _random(names, low, high, number, seed)
    if design == "sobol":
        from scipy.stats import qmc

        if number & (number - 1):
            raise UserError(f"points={number} does not suit design=sobol; take a power of 2")
        unit: Array = qmc.Sobol(len(names), scramble=True, rng=seed + 1).random_base2(number.bit_length() - 1)
        found: Array = low + unit * (high - low)
        return found
    from SALib.sample import latin, morris
    from SALib.sample import sobol as saltelli

    # SALib takes seed 0 for no seed
    if design == "latin":
        return np.asarray(latin.sample(problem, number, seed=seed + 1))
    if design == "morris":
        return np.asarray(morris.sample(problem, number, num_levels=LEVELS, seed=seed + 1))
    if number & (number - 1):
        raise UserError(f"points={number} does not suit design=saltelli; take a power of 2")
    return np.asarray(saltelli.sample(problem, number, calc_second_order=False, seed=seed + 1))


def _random(names: Sequence[str], low: Array, high: Array, number: int, seed: int) -> Array:
    from woc_sim.draws import draw, name_key

    keys = [(name_key("random design", seed), name_key(name)) for name in names]
    unit = np.array([[draw(key, row, 0) for key in keys] for row in range(number)])
    found: Array = low + unit * (high - low)
    return found


def from_file(path: Path) -> list[dict[str, str]]:
    """Points from a CSV file: a header of keys as on the command line, a row a point.

    Raises UserError for a file that cannot be read, has no rows, or rows of another length.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"points={path} cannot be read ({error})") from None
    if len(rows) < 2 or not all(cell.strip() for cell in rows[0]):
        raise UserError(f"points={path} needs a header of keys and at least one row")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise UserError(f"points={path}, line {number}: {len(row)} values for {len(rows[0])} keys")
    return [dict(zip((cell.strip() for cell in rows[0]), row, strict=True)) for row in rows[1:]]
