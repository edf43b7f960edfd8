"""Replays of a pair of worlds: what the second would have been with some channels held at the first's course.

All replays of a replicate run one after the other in one worker, because they share the course of the first
world, which is too large to be sent.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any, Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.channels import Group
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.courses import Course, recording, replaying
from woc_sim.ensemble.executors import run_batches
from woc_sim.ensemble.plausible import PlausibleSets, with_set
from woc_sim.ensemble.progress import Progress
from woc_sim.ensemble.run import LocalityRows
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments import Observation
from woc_sim.instruments.readings import ALWAYS, INDICATOR_NAMES, READING_NAMES, READINGS
from woc_sim.processes.schedule import schedule
from woc_sim.scenario.schema import Scenario
from woc_sim.world.model import Schedule, World

Array = np.ndarray[Any, Any]
Free = frozenset[str]

EXACT: Final = 6
"""Most groups of channels of which all combinations are replayed."""
LAST_YEAR: Final = 12
"""Months over which an indicator is averaged, at the end."""


@dataclass(frozen=True)
class Game:
    """What is to be replayed: two scenarios, the groups of channels, those that are always held, the readings
    or indicators that are asked for, and the pairs of orders of each replicate (none where all combinations
    are replayed)."""

    first: Scenario
    second: Scenario
    groups: tuple[Group, ...]
    outcomes: tuple[str, ...]
    hold: Free = frozenset()
    pairs: int = 1
    sets: PlausibleSets | None = None

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the groups that are held or free."""
        return tuple(group.name for group in self.groups if group.name not in self.hold)

    @property
    def exact(self) -> bool:
        """Whether all combinations are replayed."""
        return len(self.players) <= EXACT

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings that are needed, one of the instrument that is always applied if none is."""
        asked = tuple(name for name in self.outcomes if name in READING_NAMES)
        return asked or (next(each.name for each in READINGS if each.instrument == ALWAYS),)


def orders_of(game: Game, replicate: int) -> list[tuple[str, ...]]:
    """Orders in which channels become free, each followed by its reverse; none for an exact game.

    They are drawn at addresses of seed, replicate and the name of each channel.
    """
    if game.exact:
        return []
    found: list[tuple[str, ...]] = []
    key = name_key(game.second.seed, replicate), name_key("why", "orders")
    for pair in range(game.pairs):
        order = sorted(game.players, key=lambda each: draw(key, int(name_key(each)), 0, pair))
        found += [tuple(order), tuple(reversed(order))]
    return found


def combinations_of(game: Game, replicate: int) -> list[Free]:
    """The sets of free channels that are replayed, each once; the first is empty."""
    if game.exact:
        return [
            frozenset(each)
            for size in range(len(game.players) + 1)
            for each in combinations(game.players, size)
        ]
    found: dict[Free, None] = {frozenset(): None}
    for order in orders_of(game, replicate):
        found |= dict.fromkeys(frozenset(order[:size]) for size in range(1, len(order) + 1))
    return list(found)


@dataclass(frozen=True)
class Played:
    """The values of one replicate: of the first and the second scenario, and of the second with all channels
    but the free ones held. One number for each outcome; nan where it is not known in all of them."""

    replicate: int
    first: Array
    second: Array
    values: dict[Free, Array]


def play(game: Game, replicates: int, workers: int | Dask, progress: bool | None = None) -> list[Played]:
    """Replay all replicates. The numbers do not depend on the number of workers."""
    tasks = [
        Task("why", "", with_set(game.second, game.sets, replicate), replicate, "year", 0, game.readings)
        for replicate in range(replicates)
    ]
    found: dict[int, Array] = {}
    stream = run_batches(tasks, workers, partial(_play_batch, game))
    with Progress("replaying", total=len(tasks), show=progress) as display:
        for batch in stream:
            for outcome in batch:
                assert isinstance(outcome, Outcome)
                (row,) = outcome.rows
                found[row.replicate] = row.indicators
            display.advance(len(batch))
    return [_played(game, replicate, found[replicate]) for replicate in range(replicates)]


def _played(game: Game, replicate: int, values: Array) -> Played:
    free = combinations_of(game, replicate)
    return Played(replicate, values[0], values[1], dict(zip(free, values[2:], strict=True)))


def play_one(game: Game, replicate: int) -> Played:
    """Replay one replicate in this process."""
    first, second = (with_set(each, game.sets, replicate) for each in (game.first, game.second))
    return _played(game, replicate, play_replicate(game, first, second, replicate))


def _play_batch(game: Game, tasks: Sequence[Task]) -> Batch:
    """Replay the replicates of some tasks one after the other in this process."""
    return [_play_task(game, task) for task in tasks]


def _play_task(game: Game, task: Task) -> Outcome:
    start = time.perf_counter()
    first = with_set(game.first, game.sets, task.replicate)
    values = play_replicate(game, first, task.scenario, task.replicate)
    rows = (LocalityRows("", task.replicate, np.empty(0), values),)
    return Outcome(task.key, rows, time.perf_counter() - start)


def play_replicate(game: Game, first: Scenario, second: Scenario, replicate: int) -> Array:
    """One row for the first scenario, the second one and each combination of free channels, one column for
    each outcome: the mean over the localities in which all of them know it."""
    courses: list[Course] = []
    ordinary = schedule(second.schedule, second.interventions)
    found = [
        _lived(game, first, replicate, recording(first, courses)),
        _lived(game, second, replicate, ordinary),
    ]
    everything = frozenset(group.name for group in game.groups)
    for free in combinations_of(game, replicate):
        held = everything - free
        found.append(
            _lived(game, second, replicate, replaying(second, courses, game.groups, held))
            if held
            else found[1]
        )
    values = np.array(found)  # world x locality x outcome
    known = np.isfinite(values).all(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Array = np.where(known, values, 0.0).sum(axis=1) / known.sum(axis=0)
    return np.where(known.any(axis=0), mean, math.nan)


def _lived(game: Game, scenario: Scenario, replicate: int, bind: Schedule) -> list[list[float]]:
    """Live a world and read the outcomes of each of its localities."""
    observation = Observation(scenario.months, game.readings)
    world = World(scenario, replicate, bind)
    try:
        for _ in range(scenario.months):
            world.step()
            observation.observe(world)
    finally:
        world.close()
    found = []
    for observed in observation.localities:
        months = observed.monthly.rows[-LAST_YEAR:].mean(axis=0)
        known = dict(zip(INDICATOR_NAMES, map(float, months), strict=True)) | observed.final_row()
        found.append([float(known[name]) for name in game.outcomes])
    return found
