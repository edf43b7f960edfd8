"""The request of a command: its checked scenarios, and how they are composed while the simulator is imported.

Composing needs Hydra, simulating needs Mesa and numba, and neither needs the other. So a single run lets a
helper process compose (`python -m woc_sim.cli.compose`) and imports the simulator meanwhile.
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
"""Modules that every run imports. Each takes some tenths of a second; between two of them an error can be
reported.
"""


@dataclass(frozen=True, slots=True)
class Point:
    """One requested scenario. axes: key -> value of the settings that vary between points; empty for a
    single run.
    """

    settings: dict[str, Any]
    scenario: Scenario
    options: RunOptions
    axes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """The request of a command: its points, and whether they form a sweep.

    scenario_overrides: overrides that Hydra's sweeper expands; hydra_overrides: overrides of its launcher and
    sweeper.
    """

    points: tuple[Point, ...]
    sweep: bool
    scenario_overrides: tuple[str, ...]
    hydra_overrides: tuple[str, ...]


def compose_in_helper(typed: Sequence[str]) -> Request:
    """The result of `compose.compose_request` for a command without ``-m``, while this process imports the
    simulator.

    Raises UserError for invalid settings, RuntimeError with the helper's traceback for a bug.
    """
    streams: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with start_helper("woc_sim.cli.compose", *typed, **streams) as helper:
        try:
            for module in SIMULATOR_MODULES:
                if helper.poll() == 0:
                    drawing_processes()  # the settings are valid: start these processes now
                if not helper.returncode:
                    import_module(module)
            answer, _ = helper.communicate()
        except BaseException:
            helper.kill()  # its answer is no longer needed
            raise
    result = pickle.loads(answer) if answer else f"composing ended with exit code {helper.returncode}"
    if isinstance(result, UserError):
        raise result
    if isinstance(result, str):
        raise RuntimeError(f"while composing in another process:\n{result}")
    assert isinstance(result, Request)
    return result
