"""Sampled designs: points drawn from the plausible ranges of parameters, as SALib's analyses take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from woc_sim.ensemble.axes import axis_column_names
from woc_sim.ensemble.ledger import DONE
from woc_sim.errors import UserError, nearest
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.records import shown
from woc_sim.scenario.parameters import registry

if TYPE_CHECKING:
    import pandas as pd

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


class DrawnDesign(msgspec.Struct):
    """What is read again of a `design_record`."""

    num_vars: int
    names: list[str]
    bounds: list[tuple[float, float]]
    columns: list[str]
    rows: int


def design_record(
    design: str, names: Sequence[str], number: int, seed: int, columns: Sequence[str] = ()
) -> dict[str, Any]:
    """The record of a sampled design, for JSON. It is also a SALib problem (num_vars, names, bounds) with the
    arguments that SALib's analyses need: num_levels (morris) and calc_second_order (saltelli).

    rows: points in the design; number: what the user asked for (points, base samples, trajectories); columns:
    names of the parameters in the sweep's table, in the order of names.
    """
    rows = number * rows_in_block(design, len(names))
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


def rows_in_block(design: str, factors: int) -> int:
    """Rows of one trajectory (morris) or one base sample (saltelli) of so many factors or groups of factors;
    1 in the other designs."""
    return {"morris": factors + 1, "saltelli": factors + 2}.get(design, 1)


def sample_points(design: str, names: Sequence[str], number: int, seed: int) -> Array:
    """Points of a design in the ranges of the parameters; see `points_of_problem`."""
    return points_of_problem(design, salib_problem(names), number, seed)


def points_of_problem(design: str, problem: Mapping[str, Any], number: int, seed: int) -> Array:
    """Points of a design in the bounds of a SALib problem: one row for each point, one column for each name.

    number: points; for saltelli base samples and for morris trajectories, which give more rows (number x
    `rows_in_block`). Members of a group move together (saltelli and morris only). Equal arguments give equal
    points, and a larger number keeps the points of a smaller one, except in a latin hypercube. Raises
    UserError for a number that the design does not allow.
    """
    names = problem["names"]
    low, high = np.array(problem["bounds"], dtype=float).T
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

    # SALib writes into the problem that it is given, and treats seed 0 as no seed
    own = dict(problem)
    if design == "latin":
        return np.asarray(latin.sample(own, number, seed=seed + 1))
    if design == "morris":
        from woc_sim.draws import name_key

        # each trajectory has its own seed, so that a larger number keeps the first ones
        seeds = [int(name_key("morris design", seed, each)) for each in range(number)]
        return np.vstack(
            [
                morris.sample(dict(problem), 1, num_levels=MORRIS_LEVELS, seed=trajectory_seed)
                for trajectory_seed in seeds
            ]
        )
    return np.asarray(saltelli.sample(own, number, calc_second_order=False, seed=seed + 1))


def _random_points(names: Sequence[str], low: Array, high: Array, number: int, seed: int) -> Array:
    from woc_sim.draws import draw, name_key

    keys = [(name_key("random design", seed), name_key(name)) for name in names]
    unit = np.array([[draw(key, row, 0) for key in keys] for row in range(number)])
    points: Array = low + unit * (high - low)
    return points


@dataclass(frozen=True)
class SampledDesign:
    """A sampled sweep in the form in which SALib analyses it.

    ``problem``: num_vars, names and bounds, with the settings of the method (num_levels for morris,
    calc_second_order for saltelli). ``points``: one row for each point, in the order of the design.
    ``outcomes``: the readings, mean over replicates and localities, in the same order.
    """

    problem: dict[str, Any]
    points: Array
    outcomes: pd.DataFrame

    def outcome(self, name: str) -> Array:
        """One reading at every point. Raises UserError for an unknown reading, and for one that is missing at
        a point, which SALib would take for a result (`sobol.analyze` gives zeros)."""
        if name not in self.outcomes:
            hint = nearest(name, self.outcomes.columns) or "`woc-sim list indicators` names them"
            raise UserError(f"{shown(name)} is no reading; {hint}")
        values = self.outcomes[name].to_numpy(dtype=float)
        missing = int((~np.isfinite(values)).sum())
        if missing:
            raise UserError(
                f"{name} is missing at {missing} of {len(values)} points; leave out their trajectories or "
                "base samples, or take another reading"
            )
        return values


def problem_of(folder: Path, settings: Mapping[str, Any] | None = None) -> SampledDesign:
    """The sampled design in the folder of a sweep; settings: the point of the grid, where the sweep has one.

    Raises UserError if the sweep in the folder was not sampled, has runs that are waiting or failed, or holds
    other points beside the design.
    """
    from woc_sim.ensemble.manifests import MANIFEST, SweepManifest
    from woc_sim.ensemble.sweep_tables import open_sweep

    sweep = open_sweep(folder)
    if not isinstance(sweep.manifest, SweepManifest) or sweep.manifest.design is None:
        raise UserError(
            f"{shown(folder)} holds no sampled design; `woc-sim sweep design=morris over=NAMES` makes one"
        )
    record, table = sweep.manifest.design, sweep.runs
    try:
        drawn = msgspec.convert(record, DrawnDesign)
        numbers = table[drawn.columns].astype(float)
    except (msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{shown(folder / MANIFEST)} holds a design that is not that of its runs ({shown(error)}); "
            "repeat the command of the sweep"
        ) from None
    table = table.assign(**numbers)
    for column, value in (settings or {}).items():
        if column not in table:
            hint = nearest(column, table.columns) or "its axes are " + ", ".join(sweep.manifest.axes)
            raise UserError(f"{shown(column)} is no column of {shown(folder)}; {hint}")
        table = table[table[column] == value]
    unfinished = int((table["status"] != DONE).sum())
    if unfinished:
        raise UserError(f"{unfinished} runs in {shown(folder)} are waiting or failed; repeat its command")
    rows = table.groupby("design_row", sort=True)
    if len(rows) != drawn.rows:
        raise UserError(
            f"{shown(folder)} holds {len(rows)} points, and its design has {drawn.rows}; "
            "give the point of the grid, as in problem_of(folder, executive='mixed'), or use another folder"
        )
    points = rows[drawn.columns].first().to_numpy(dtype=float)
    return SampledDesign(dict(record), points, rows[list(READING_NAMES)].mean())
