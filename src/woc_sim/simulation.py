"""One run: simulate one replicate of a scenario month by month, and let observers look at the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from woc_sim.processes.schedule import schedule
from woc_sim.scenario.schema import Scenario
from woc_sim.world.model import World

Observer = Callable[[World], None]


@contextmanager
def open_world(scenario: Scenario, replicate: int) -> Iterator[World]:
    """A world before its first month. It is closed when the block ends, so that Mesa releases it."""
    world = World(scenario, replicate, schedule(scenario.schedule, scenario.interventions))
    try:
        yield world
    finally:
        world.close()


def simulate(scenario: Scenario, replicate: int, observe: Observer, begin: Observer | None = None) -> None:
    """Simulate all months. `observe(world)` is called after each month (world.month is that month),
    `begin(world)` once before the first.

    A pure function of scenario and replicate: the observer's values depend on nothing else.
    """
    with open_world(scenario, replicate) as world:
        if begin is not None:
            begin(world)
        for _ in range(scenario.months):
            world.step()
            observe(world)
