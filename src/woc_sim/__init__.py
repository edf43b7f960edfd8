"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

    >>> from woc_sim import scenario, run
    >>> tables = run(scenario(case="C21", seed=7))  # doctest: +SKIP
    >>> tables.monthly.plot(x="month", y="mean_attitude")  # doctest: +SKIP

Ask: `scenario(case="C21", seed=7)` makes a checked, read-only `Scenario` from settings; by hand it is made of
`LocalitySpec`, `Intervention` and `Shocks`, and ``dataclasses.replace`` makes one from another.
Run: `run` lives one scenario and gives `RunTables`; `sweep` lives many into a folder. Read: `load` and
`load_sweep` read folders back. Watch: `Model` is the world as a Mesa model. A mistake in what is asked is a
`UserError`: one sentence.

The public names are imported on first use, so that `import woc_sim` and the command line's help stay quick.
"""

from __future__ import annotations

import os
import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path and sys.path[0] != os.path.dirname(__path__[0]):
    del sys.path[0]  # `python -m woc_sim...` puts the working folder there, which is no code of ours

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.mesa_model import Model
    from woc_sim.ensemble.run import RunTables
    from woc_sim.errors import UserError
    from woc_sim.scenario.schema import Intervention, LocalitySpec, Scenario, Shocks

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    "Intervention": "woc_sim.scenario.schema",
    "LocalitySpec": "woc_sim.scenario.schema",
    "Model": "woc_sim.ensemble.mesa_model",
    "RunTables": "woc_sim.ensemble.run",
    "Scenario": "woc_sim.scenario.schema",
    "Shocks": "woc_sim.scenario.schema",
    "UserError": "woc_sim.errors",
}

__all__ = [
    "Intervention",
    "LocalitySpec",
    "Model",
    "RunTables",
    "Scenario",
    "Shocks",
    "UserError",
    "__version__",
    "load",
    "load_sweep",
    "run",
    "scenario",
    "sweep",
]


def run(asked: Scenario | Mapping[str, Any], replicates: int = 1, workers: int | Dask = 1) -> RunTables:
    """Live a scenario in one or more replicates. Nothing is written.

    Parameters
    ----------
    asked : a `Scenario`, or a mapping of its settings, ``{"case": "C21", "seed": 7}``.
    replicates : how many times it is lived, 1 to 100,000, each with draws of its own.
    workers : processes side by side, 1 to 1024; 1 runs in this one. No result depends on it.

    Returns
    -------
    `RunTables`: ``monthly`` and ``final`` (pandas), ``scenario`` and ``settings``.

    Raises
    ------
    UserError : for anything that is no scenario, or a number out of range; before anything is run.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import tables_of
    from woc_sim.ensemble.tasks import replicated

    one, times = arguments.scenario_of(asked), arguments.replicates_of(replicates)
    hands = arguments.workers_of(workers)
    outcomes = run_many(replicated("model", [("", one)], range(times)), hands, progress=False)
    return tables_of([row for outcome in outcomes for row in outcome.rows], one)


def sweep(
    points: Mapping[Any, Scenario | Mapping[str, Any]],
    replicates: int,
    out: str | os.PathLike[str],
    workers: int | Dask = 1,
    monthly: bool = False,
    progress: bool | None = None,
) -> Any:
    """Live many scenarios in many replicates, kept in a folder; the same call goes on where one was stopped.

    Parameters
    ----------
    points : mapping of a name, or of a tuple of (axis, value) pairs, to a scenario or its settings:
        ``{(("size", "small"),): scenario(size="small"), ...}``.
    replicates : how many times each is lived, 1 to 100,000.
    out : the folder, which may be there from an earlier call.
    workers : processes side by side, 1 to 1024. No result depends on it.
    monthly : keep indicators by month, not by year.
    progress : show progress; None shows it on a terminal.

    Returns
    -------
    The table of `load_sweep`.

    Raises
    ------
    UserError : for points, numbers or a folder that cannot be meant, before anything is written; and for a
        folder that holds runs of another version of the model.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.sweep_run import run_sweep
    from woc_sim.scenario import fields

    design = [
        DesignPoint(each, axes, name=str(axes["point"]) if list(axes) == ["point"] else "")
        for axes, each in arguments.points_of(points)
    ]
    times, folder = arguments.replicates_of(replicates), arguments.folder_of("out", out)
    hands, by_month = arguments.workers_of(workers), fields.flag("monthly", monthly)
    shows = None if progress is None else fields.flag("progress", progress)
    found = run_sweep(folder, design, times, "woc_sim.sweep(...)", by_month, hands, shows, mix=None)
    return found.sweep.runs


def load_sweep(folder: str | os.PathLike[str], monthly: bool = False, arrays: bool = False) -> Any:
    """A sweep as a tidy table.

    Parameters
    ----------
    folder : where `sweep` or ``woc-sim sweep`` wrote it.
    monthly : its indicators by month instead, if they were kept.
    arrays : an ``xarray.Dataset`` in place of the frame, with a dimension for each axis, for replicates,
        localities and months (finished runs; nan where a combination was not run).

    Returns
    -------
    A ``pandas.DataFrame`` with a row a locality of a run: axes, replicate, status and readings.

    Raises
    ------
    UserError : if there is no sweep, a file of it is damaged, or xarray is not installed.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.sweep_tables import as_arrays, open_sweep
    from woc_sim.scenario import fields

    place = arguments.folder_of("folder", folder)
    by_month, boxed = fields.flag("monthly", monthly), fields.flag("arrays", arrays)
    found = open_sweep(place, by_month)
    table = found.monthly if by_month else found.runs
    return as_arrays(table) if boxed else table


def load(folder: str | os.PathLike[str]) -> RunTables:
    """The tables, scenario and settings of a folder that ``woc-sim run`` wrote.

    Parameters
    ----------
    folder : the folder of one run (of ``woc-sim run -m``, a numbered folder inside).

    Returns
    -------
    `RunTables`: ``monthly``, ``final``, ``scenario`` and ``settings``; `run` of its scenario repeats it.

    Raises
    ------
    UserError : if a file is missing, damaged, or holds something else.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.folders import finished_run
    from woc_sim.ensemble.run import read_tables

    place = arguments.folder_of("folder", folder)
    finished_run(place)
    return read_tables(place)


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name == "scenario":
        return import_module("woc_sim.scenario")  # a package that can be called
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
