"""What a command asks for, and how it is found out while the simulator is imported.

Composing needs Hydra, simulating needs Mesa and numba, and neither needs the other; so a single run lets
another process compose (`python -m woc_sim.cli.compose`) and imports what it will need meanwhile.
"""

import pickle
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from woc_sim.cli.drawing import drawing_processes
from woc_sim.cli.startup import start_helper
from woc_sim.errors import UserError
from woc_sim.scenario.schema import RunOptions, Scenario

SIMULATOR_MODULES: Final = (
    "woc_sim.jit",
    "pandas",
    "mesa",
    "woc_sim.processes.schedule",
    "woc_sim.ensemble.executors",
)
"""What every run imports, in steps of some tenths of a second: between them a mistake can be told."""


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario that was asked for. axes: key -> value of what varies between points; empty for a
    single run."""

    settings: dict[str, Any]
    scenario: Scenario
    options: RunOptions
    axes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What one command asks for: its points, and whether they are a sweep.

    job: overrides that Hydra's sweeper expands; sweeping: overrides of its launcher and sweeper.
    """

    points: tuple[Point, ...]
    sweep: bool
    job: tuple[str, ...]
    sweeping: tuple[str, ...]


def compose_in_helper(typed: Sequence[str]) -> Request:
    """What `compose.ask` says of a command without ``-m``; the simulator is imported meanwhile.

    Raises UserError for what cannot be run, RuntimeError with the other process's traceback for our bugs.
    """
    streams: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with start_helper("woc_sim.cli.compose", *typed, **streams) as composing:
        try:
            for module in SIMULATOR_MODULES:
                if composing.poll() == 0:
                    drawing_processes()  # there will be a run: they import beside it
                if not composing.returncode:
                    import_module(module)
            answer, _ = composing.communicate()
        except BaseException:
            composing.kill()  # its answer is not waited for, nor its complaint that nobody takes it
            raise
    found = pickle.loads(answer) if answer else f"composing ended with exit code {composing.returncode}"
    if isinstance(found, UserError):
        raise found
    if isinstance(found, str):
        raise RuntimeError(f"while composing in another process:\n{found}")
    assert isinstance(found, Request)
    return found
