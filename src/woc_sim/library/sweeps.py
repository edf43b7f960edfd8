"""Sweeps in Python: `grid` makes points, `sweep` simulates them into a folder, `load_sweep` reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final, Literal, TypeVar, overload

from woc_sim.ensemble import arguments
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.sampling import SampledDesign
from woc_sim.errors import UserError
from woc_sim.library.frames import described
from woc_sim.scenario import fields
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import Setting, Settings

if TYPE_CHECKING:
    import pandas as pd
    import xarray

Axes = tuple[tuple[str, Setting], ...]
"""The place of a point in a sweep: (axis, value) pairs."""
Point = TypeVar("Point", bound="str | tuple[tuple[str, object], ...]")
MAX_POINTS: Final = 10_000
"""Most points of a grid. Larger designs should be sampled."""


def grid(base: Settings | None = None, /, **axes: Sequence[Setting]) -> dict[Axes, Scenario]:
    """Every combination of the values of some settings, as points for `sweep`.

    Parameters
    ----------
    base : settings that all points share: ``{"case": "C21", "people": 500}``.
    axes : a setting and its values each, with the words of the command line:
        ``grid(executive=["progressive", "conservative"], **{"parameters.policy.load": [0.1, 0.2]})``.

    Returns
    -------
    (axis, value) pairs -> scenario.

    Raises
    ------
    UserError : if a setting or value is not allowed, or there are more than 10,000 points.
    """
    shared = fields.mapping("base", base)
    lists: dict[str, Sequence[Setting]] = {}
    for axis, values in axes.items():
        listed = fields.as_python(values)
        if isinstance(listed, str) or not isinstance(listed, Sequence) or not listed:
            raise fields.invalid(axis, values, "a list of values, such as [0.1, 0.2]")
        lists[axis] = listed
    count = 1
    for listed in lists.values():
        count *= len(listed)
    if count > MAX_POINTS:
        raise UserError(f"the grid has {count} points; allowed: {MAX_POINTS}")
    points: dict[Axes, Scenario] = {}
    for values in product(*lists.values()):
        chosen = dict(zip(lists, values, strict=True))
        points[tuple((axis.replace("/", "."), value) for axis, value in chosen.items())] = parse_scenario(
            {**shared, **chosen}
        )
    return points


def sweep(
    points: Mapping[Point, Scenario | Settings],
    replicates: int,
    out: str | os.PathLike[str],
    workers: int | Dask = 1,
    monthly: bool = False,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Simulate many scenarios in many replicates and keep the runs in a folder. The same call resumes a
    stopped sweep.

    Parameters
    ----------
    points : mapping of a name, or of a tuple of (axis, value) pairs, to a scenario or its settings:
        ``{(("size", "small"),): scenario(size="small"), ...}``. `grid` makes one.
    replicates : replicates of each scenario, 1 to 100,000.
    out : the folder. It may exist from an earlier call.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.
    monthly : keep indicators by month instead of by year.
    progress : show progress; None shows it only in a terminal.

    Returns
    -------
    The table of `load_sweep`.

    Raises
    ------
    UserError : if points, numbers or the folder are invalid, before anything is written; also if the folder
        holds runs of another version of the model.
    """
    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.sweep_run import run_sweep

    design = [
        DesignPoint(scenario, axes, name=str(axes["point"]) if list(axes) == ["point"] else "")
        for axes, scenario in arguments.points_of(points)
    ]
    count, folder = arguments.replicates_of(replicates), arguments.folder_of("out", out)
    workers, by_month = arguments.workers_of(workers), fields.flag("monthly", monthly)
    show = None if progress is None else fields.flag("progress", progress)
    result = run_sweep(folder, design, count, "woc_sim.sweep(...)", by_month, workers, show, mix=None)
    return described(result.sweep.runs)


@overload
def load_sweep(
    folder: str | os.PathLike[str], monthly: bool = False, arrays: Literal[False] = False
) -> pd.DataFrame: ...
@overload
def load_sweep(
    folder: str | os.PathLike[str], monthly: bool = False, *, arrays: Literal[True]
) -> xarray.Dataset: ...
def load_sweep(
    folder: str | os.PathLike[str], monthly: bool = False, arrays: bool = False
) -> pd.DataFrame | xarray.Dataset:
    """A sweep as a tidy table.

    Parameters
    ----------
    folder : the folder that `sweep` or ``woc-sim sweep`` wrote.
    monthly : return indicators by month instead, if the sweep kept them.
    arrays : return an ``xarray.Dataset`` instead of the data frame. It has a dimension for each axis, for
        replicates, localities and months; combinations that were not run are nan.

    Returns
    -------
    A ``pandas.DataFrame`` with one row for each run and locality: axes, replicate, status and readings.
    Months are dates. Units and meanings of the columns are in its ``attrs``, or in those of each array.

    Raises
    ------
    UserError : if the folder holds no sweep, a file is damaged, or xarray is not installed.
    """
    from woc_sim.ensemble.sweep_tables import as_arrays, open_sweep

    path = arguments.folder_of("folder", folder)
    by_month, as_array = fields.flag("monthly", monthly), fields.flag("arrays", arrays)
    result = open_sweep(path, by_month)
    table = result.monthly if by_month else result.runs
    if as_array:
        found: xarray.Dataset = as_arrays(table)
        return found
    return described(table)


def problem_of(folder: str | os.PathLike[str], **settings: Setting) -> SampledDesign:
    """A sampled sweep (``woc-sim sweep design=morris`` or ``saltelli``) as SALib analyses it.

    Parameters
    ----------
    folder : the folder of the sweep.
    settings : where the sweep also has a grid, the point of it, as ``executive="mixed"``.

    Returns
    -------
    A `SampledDesign`: ``problem``, ``points`` in the order of the design, ``outcomes`` (readings, mean over
    replicates), and ``outcome(name)``, which refuses missing values.

    Raises
    ------
    UserError : if the folder holds no sampled design, or some of its runs are missing.
    """
    from woc_sim.ensemble import sampling

    return sampling.problem_of(arguments.folder_of("folder", folder), settings)
