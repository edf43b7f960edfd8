"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

    >>> from woc_sim import scenario, run
    >>> tables = run(scenario(case="C21", seed=7))  # doctest: +SKIP
    >>> tables.monthly.plot(x="month", y="mean_attitude")  # doctest: +SKIP

Describe: `scenario(case="C21", seed=7)` makes a checked, read-only `Scenario` from settings. `LocalitySpec`,
`Intervention` and `Shocks` are its parts; ``dataclasses.replace`` makes a changed copy.
Simulate: `run` simulates one scenario and returns `RunTables`; `sweep` simulates many and writes a folder.
Explain: `why` splits the difference of two scenarios over the channels through which it runs.
Read: `load` and `load_sweep` read folders, `problem_of` reads a sampled sweep for SALib. Watch: `Model` is
the world as a Mesa model.
Every mistake in the input raises a `UserError`: one sentence.

Public names are imported on first use, so `import woc_sim` and the help of the command line are fast.
"""

from __future__ import annotations

import os
import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path and sys.path[0] != os.path.dirname(__path__[0]):
    del sys.path[0]  # `python -m woc_sim...` puts the working folder there; it must not be imported from

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.mesa_model import Model
    from woc_sim.ensemble.run import RunTables
    from woc_sim.ensemble.sampling import SampledDesign
    from woc_sim.ensemble.why import Why
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
    "problem_of",
    "run",
    "scenario",
    "sweep",
    "why",
]


def run(scenario: Scenario | Mapping[str, Any], replicates: int = 1, workers: int | Dask = 1) -> RunTables:
    """Simulate a scenario in one or more replicates. Nothing is written.

    Parameters
    ----------
    scenario : a `Scenario`, or a mapping of its settings, ``{"case": "C21", "seed": 7}``.
    replicates : number of replicates, 1 to 100,000. Each has its own draws.
    workers : number of parallel processes, 1 to 1024; 1 means this process. Results do not depend on it.

    Returns
    -------
    `RunTables`: ``monthly`` and ``final`` (pandas), ``scenario`` and ``settings``.

    Raises
    ------
    UserError : if the scenario is invalid or a number is out of range. It is raised before anything runs.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import run_tables
    from woc_sim.ensemble.tasks import replicated

    checked = arguments.scenario_of(scenario)
    count, workers = arguments.replicates_of(replicates), arguments.workers_of(workers)
    outcomes = run_many(replicated("model", [("", checked)], range(count)), workers, progress=False)
    return run_tables([row for outcome in outcomes for row in outcome.rows], checked)


def sweep(
    points: Mapping[Any, Scenario | Mapping[str, Any]],
    replicates: int,
    out: str | os.PathLike[str],
    workers: int | Dask = 1,
    monthly: bool = False,
    progress: bool | None = None,
) -> Any:
    """Simulate many scenarios in many replicates and keep the runs in a folder. The same call resumes a
    stopped sweep.

    Parameters
    ----------
    points : mapping of a name, or of a tuple of (axis, value) pairs, to a scenario or its settings:
        ``{(("size", "small"),): scenario(size="small"), ...}``.
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
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.sweep_run import run_sweep
    from woc_sim.scenario import fields

    design = [
        DesignPoint(scenario, axes, name=str(axes["point"]) if list(axes) == ["point"] else "")
        for axes, scenario in arguments.points_of(points)
    ]
    count, folder = arguments.replicates_of(replicates), arguments.folder_of("out", out)
    workers, by_month = arguments.workers_of(workers), fields.flag("monthly", monthly)
    show = None if progress is None else fields.flag("progress", progress)
    result = run_sweep(folder, design, count, "woc_sim.sweep(...)", by_month, workers, show, mix=None)
    return result.sweep.runs


def why(
    first: Scenario | Mapping[str, Any],
    second: Scenario | Mapping[str, Any],
    reading: str | Sequence[str],
    replicates: int = 20,
    workers: int | Dask = 1,
    channels: str | Sequence[str] | None = None,
    hold: str | Sequence[str] = (),
    orders: int = 1,
) -> Why:
    """Split the effect of one scenario against another over the channels through which it runs. Nothing is
    written.

    Parameters
    ----------
    first, second : two scenarios of equal seed, months and number of residents, or their settings.
    reading : names of readings or indicators; 'all' for all readings.
    replicates : number of paired replicates, 2 to 100,000.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.
    channels : the channels to split over, 'contact' or 'contact+opinion'; None for each alone. Up to six are
        split exactly.
    hold : channels among them that are held all the time.
    orders : pairs of orders for each replicate, where there are more than six channels.

    Returns
    -------
    `woc_sim.ensemble.why.Why`: ``effects``, ``shares``, ``replicates`` (pandas) and ``text``.

    Raises
    ------
    UserError : if the scenarios are no pair, or a name is unknown. docs/why.md says what shares mean.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble import why as splitting
    from woc_sim.scenario import fields

    game = splitting.game_of(
        arguments.scenario_of(first, "the first scenario"),
        arguments.scenario_of(second, "the second scenario"),
        arguments.names_of("reading", reading),
        None if channels is None else arguments.names_of("channels", channels),
        arguments.names_of("hold", hold),
        fields.integer("orders", orders, 1, 1000),
    )
    count = fields.integer("replicates", replicates, 2, 100_000)
    return splitting.why(game, count, arguments.workers_of(workers), progress=False)


def load_sweep(folder: str | os.PathLike[str], monthly: bool = False, arrays: bool = False) -> Any:
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

    Raises
    ------
    UserError : if the folder holds no sweep, a file is damaged, or xarray is not installed.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.sweep_tables import as_arrays, open_sweep
    from woc_sim.scenario import fields

    path = arguments.folder_of("folder", folder)
    by_month, as_array = fields.flag("monthly", monthly), fields.flag("arrays", arrays)
    result = open_sweep(path, by_month)
    table = result.monthly if by_month else result.runs
    return as_arrays(table) if as_array else table


def problem_of(folder: str | os.PathLike[str], **settings: Any) -> SampledDesign:
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
    from woc_sim.ensemble import arguments, sampling

    return sampling.problem_of(arguments.folder_of("folder", folder), settings)


def load(folder: str | os.PathLike[str]) -> RunTables:
    """The tables, scenario and settings of a folder that ``woc-sim run`` wrote.

    Parameters
    ----------
    folder : the folder of one run (for ``woc-sim run -m``, one of its numbered folders).

    Returns
    -------
    `RunTables`: ``monthly``, ``final``, ``scenario`` and ``settings``. `run` of this scenario repeats the
    run.

    Raises
    ------
    UserError : if a file is missing, damaged or of another kind.
    """
    from woc_sim.ensemble import arguments
    from woc_sim.ensemble.folders import finished_run
    from woc_sim.ensemble.run import read_tables

    path = arguments.folder_of("folder", folder)
    finished_run(path)
    return read_tables(path)


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name == "scenario":
        return import_module("woc_sim.scenario")  # a package that can be called
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
