"""woc-sim: small and medium-sized localities, their newcomers and their governance, month by month.

    >>> from woc_sim import scenario, run
    >>> tables = run(scenario(case="C21", seed=7))  # doctest: +SKIP

The public names are imported on first use, so that `import woc_sim` and the command line's help stay quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    "UserError": "woc_sim.errors",
    "Scenario": "woc_sim.scenario.schema",
    "LocalitySpec": "woc_sim.scenario.schema",
    "load": "woc_sim.cli.run_folder",
}

__all__ = ["LocalitySpec", "Scenario", "UserError", "__version__", "load", "run", "scenario"]


def scenario(**settings: Any) -> Any:
    """A checked scenario from settings; raises UserError.

    Settings are those of ``woc-sim run`` without the run options: ``scenario(case="C21", seed=7)``,
    ``scenario(size="rural", executive="mixed", locality={"rrp_share": 0.2})``; dotted keys go in as
    ``scenario(**{"locality.rrp_share": 0.2})``.
    """
    from woc_sim.scenario.parse import parse_scenario

    return parse_scenario(settings)


def run(asked: Any, replicates: int = 1, workers: int = 1) -> Any:
    """Live a scenario; the tables of all its replicates, `monthly` and `final` (pandas).

    asked: a Scenario, or a list of them. Nothing is written to disk.
    """
    from woc_sim.ensemble.run import run_many

    scenarios = [asked] if not isinstance(asked, list | tuple) else list(asked)
    return run_many(scenarios, replicates=replicates, workers=workers)


def __getattr__(name: str) -> object:
    """Import a public name from the module that defines it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
