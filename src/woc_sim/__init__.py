"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

    >>> from woc_sim import scenario, run
    >>> tables = run(scenario(case="C21", seed=7))  # doctest: +SKIP
    >>> tables.plot("mean_attitude")  # doctest: +SKIP

Describe: `scenario(case="C21", seed=7)` makes a checked, read-only `Scenario` from settings, in the words
of the command line. `LocalitySpec`, `Intervention` and `Shocks` are its parts; ``dataclasses.replace`` makes
a changed copy. What there is to choose from: `parameters`, `cases`, `theories`, `interventions`,
`observables`, `findings` and `fit_figures`, each a `Catalogue` with typed entries and a ``table()``.
Simulate: `run` simulates one scenario and returns `RunTables`; `sweep` simulates many (`grid` makes them) and
writes a folder, on a cluster with `Dask`.
Explain: `compare` gives the effect of one scenario against another (`Comparison`), and `why` splits it over
the channels through which it runs (`Why`).
Own theories: `own_rule` names a rule in a file of yours, for `theory` of a scenario.
Fit and analyse: `problem` makes a `Problem` for SALib and optimisers, and `misfit` says how far the model is
from the published figures.
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

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from woc_sim.ensemble.clusters import Dask
    from woc_sim.ensemble.mesa_model import Model
    from woc_sim.errors import UserError
    from woc_sim.library.catalogues import (
        Catalogue,
        cases,
        findings,
        fit_figures,
        interventions,
        observables,
        parameters,
        theories,
    )
    from woc_sim.library.comparisons import Comparison, Why, compare, why
    from woc_sim.library.own_rules import own_rule
    from woc_sim.library.problems import Problem, misfit, problem
    from woc_sim.library.runs import RunTables, load, run
    from woc_sim.library.sweeps import grid, load_sweep, problem_of, sweep
    from woc_sim.scenario import scenario
    from woc_sim.scenario.schema import Intervention, LocalitySpec, Scenario, Shocks

__version__ = "0.1.0"

_LIBRARY: Final = "woc_sim.library"
_PUBLIC: Final[dict[str, tuple[str, ...]]] = {
    "woc_sim.ensemble.clusters": ("Dask",),
    "woc_sim.ensemble.mesa_model": ("Model",),
    "woc_sim.errors": ("UserError",),
    "woc_sim.scenario.schema": ("Intervention", "LocalitySpec", "Scenario", "Shocks"),
    f"{_LIBRARY}.catalogues": (
        "Catalogue",
        "cases",
        "findings",
        "fit_figures",
        "interventions",
        "observables",
        "parameters",
        "theories",
    ),
    f"{_LIBRARY}.comparisons": ("Comparison", "Why", "compare", "why"),
    f"{_LIBRARY}.own_rules": ("own_rule",),
    f"{_LIBRARY}.problems": ("Problem", "misfit", "problem"),
    f"{_LIBRARY}.runs": ("RunTables", "load", "run"),
    f"{_LIBRARY}.sweeps": ("grid", "load_sweep", "problem_of", "sweep"),
}
"""Module -> the public names that it defines."""
_MODULES: Final = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = [
    "Catalogue",
    "Comparison",
    "Dask",
    "Intervention",
    "LocalitySpec",
    "Model",
    "Problem",
    "RunTables",
    "Scenario",
    "Shocks",
    "UserError",
    "Why",
    "__version__",
    "cases",
    "compare",
    "findings",
    "fit_figures",
    "grid",
    "interventions",
    "load",
    "load_sweep",
    "misfit",
    "observables",
    "own_rule",
    "parameters",
    "problem",
    "problem_of",
    "run",
    "scenario",
    "sweep",
    "theories",
    "why",
]


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name == "scenario":
        return import_module("woc_sim.scenario")  # a package that can be called
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
