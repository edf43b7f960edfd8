"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

    >>> from woc_sim import scenario, run
    >>> tables = run(scenario(case="C21", seed=7))  # doctest: +SKIP

The public names are imported on first use, so that `import woc_sim` and the command line's help stay quick.
"""

import os
import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path and sys.path[0] != os.path.dirname(__path__[0]):
    del sys.path[0]  # `python -m woc_sim...` puts the working folder there, which is no code of ours

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    "LocalitySpec": "woc_sim.scenario.schema",
    "RunTables": "woc_sim.ensemble.run",
    "Scenario": "woc_sim.scenario.schema",
    "UserError": "woc_sim.errors",
}

__all__ = [
    "LocalitySpec",
    "RunTables",
    "Scenario",
    "UserError",
    "__version__",
    "load",
    "load_sweep",
    "run",
    "scenario",
    "sweep",
]


def run(asked: Any, replicates: int = 1, workers: int = 1) -> Any:
    """Live a scenario in one or more replicates; their `RunTables` (``monthly`` and ``final``, pandas).

    Nothing is written. More than one worker runs replicates side by side in processes of their own.
    """
    from woc_sim.ensemble.design import replicated
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.run import RunTables, final_frame, monthly_frame

    outcomes = run_many(replicated("model", [("", asked)], range(replicates)), workers, progress=False)
    rows = [row for outcome in outcomes for row in outcome.rows]
    return RunTables(monthly=monthly_frame(rows), final=final_frame(rows))


def sweep(
    points: Any,
    replicates: int,
    out: str,
    workers: int = 1,
    monthly: bool = False,
    progress: bool | None = None,
) -> Any:
    """Live many scenarios in many replicates, kept in the folder `out`; the table of `load_sweep`.

    points: mapping of a name, or of a tuple of (axis, value) pairs, to a scenario. The same call goes on
    where an earlier one was stopped. Raises UserError if the folder holds runs of another model version.
    """
    from pathlib import Path

    from woc_sim.ensemble.plan import DesignPoint
    from woc_sim.ensemble.sweeping import run_sweep

    design = [
        DesignPoint(each, {"point": name}, name=name)
        if isinstance(name, str)
        else DesignPoint(each, dict(name))
        for name, each in points.items()
    ]
    found = run_sweep(
        Path(out), design, replicates, "woc_sim.sweep(...)", monthly, workers, progress, mix=None
    )
    return found.sweep.runs


def load_sweep(folder: str, monthly: bool = False, arrays: bool = False) -> Any:
    """A sweep as a tidy data frame: a row a locality of a run, with axes, replicate, status and readings.

    monthly: its indicators by month instead, if they were kept. arrays: an ``xarray.Dataset`` in place of the
    frame, with a dimension for each axis, for replicates, localities and months (finished runs; nan where a
    combination was not run). Raises UserError if there is no sweep, or xarray is not installed.
    """
    from pathlib import Path

    from woc_sim.ensemble.sweeps import as_arrays, open_sweep

    found = open_sweep(Path(folder), monthly)
    table = found.monthly if monthly else found.runs
    return as_arrays(table) if arrays else table


def load(folder: str) -> Any:
    """The `RunTables` of a folder that ``woc-sim run`` wrote.

    Raises UserError for a folder that holds no finished run, or one of which a file is gone or damaged.
    """
    from pathlib import Path

    from woc_sim.ensemble.folders import finished_run
    from woc_sim.ensemble.run import RunTables
    from woc_sim.records import parquet_table

    place = Path(folder)
    finished_run(place)
    monthly, final = (parquet_table(place / f"{name}.parquet").to_pandas() for name in ("monthly", "final"))
    return RunTables(monthly=monthly, final=final)


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name == "scenario":
        return import_module("woc_sim.scenario")  # a package that can be called
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
