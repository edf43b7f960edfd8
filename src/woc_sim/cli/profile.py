"""profile=true: how long each process of the model takes, measured in one additional run of the first
replicate.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from woc_sim.processes.contract import Bound
from woc_sim.processes.schedule import schedule
from woc_sim.scenario.schema import Scenario
from woc_sim.world.locality import Locality
from woc_sim.world.model import Turn, World

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class _TimedTurn:
    """A turn whose duration is added to a shared total."""

    turn: Turn
    name: str
    seconds: dict[str, float]

    def step(self, month: int) -> None:
        start = time.perf_counter()
        self.turn.step(month)
        self.seconds[self.name] += time.perf_counter() - start


def time_processes(scenario: Scenario) -> "pd.DataFrame":
    """Seconds of every process over all months and localities, in the order of the schedule: process,
    seconds, share.

    'building' is the time for building the world.
    """
    import pandas as pd

    _run_timed(replace(scenario, months=1))  # loads the kernels before timing starts
    seconds = _run_timed(scenario)
    table = pd.DataFrame({"process": list(seconds), "seconds": list(seconds.values())})
    table["share"] = table["seconds"] / table["seconds"].sum()
    return table


def _run_timed(scenario: Scenario) -> dict[str, float]:
    seconds = {"building": 0.0}
    bind = schedule(scenario.schedule, scenario.interventions, apart=True)

    def timed(locality: Locality) -> Sequence[Turn]:
        turns = []
        for turn in bind(locality):
            name = turn.process.name if isinstance(turn, Bound) else "interventions"
            seconds.setdefault(name, 0.0)
            turns.append(_TimedTurn(turn, name, seconds))
        return turns

    start = time.perf_counter()
    world = World(scenario, 0, timed)
    seconds["building"] = time.perf_counter() - start
    try:
        for _ in range(scenario.months):
            world.step()
    finally:
        world.close()
    return seconds
