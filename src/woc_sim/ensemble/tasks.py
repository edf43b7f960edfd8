"""Tasks of an ensemble: each is one replicate of one scenario, with its position in a design."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from woc_sim.ensemble.run import LocalityRows
from woc_sim.scenario.identity import run_ids
from woc_sim.scenario.schema import Scenario

Period = Literal["month", "year"]


@dataclass(frozen=True)
class Task:
    """One run and its position in a design.

    ``arm``: the world (the model, a null, a knock-out, a row of a sensitivity design). ``cell``: the design
    point. ``period``: keep indicators by month, or as means of calendar years (a twelfth of the size).
    ``lives``: life stories of each locality. None of these changes the simulation, so they are not part of
    the run's identity.
    """

    arm: str
    cell: str
    scenario: Scenario
    replicate: int
    period: Period = "month"
    lives: int = 0

    @cached_property
    def run_id(self) -> str:
        """Identity of the simulated run."""
        return run_ids(self.scenario, (self.replicate,))[0]

    @property
    def key(self) -> str:
        """Identity of what is stored of the run: its run_id, the period of its indicators, its life
        stories.
        """
        stories = f"-{self.lives}" if self.lives else ""
        return f"{self.run_id}-{self.period}{stories}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a task: rows of its localities, the seconds it took, and the version of the model
    (`model_hash`).
    """

    key: str
    rows: tuple[LocalityRows, ...]
    seconds: float
    model: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed task and the cause.

    ``stage``: 'run' (an exception), 'time limit', 'result' (invalid numbers), or 'worker' (its process
    ended). ``kind``: type of the error. ``trace`` may be empty.
    """

    key: str
    stage: str
    kind: str
    message: str
    trace: str
    seconds: float


def replicated(
    arm: str,
    scenarios: Iterable[tuple[str, Scenario]],
    replicates: Sequence[int],
    lives: int = 0,
    period: Period = "month",
) -> list[Task]:
    """Every (cell, scenario) of an arm in every replicate, replicates outermost."""
    task_lists = []
    for cell, scenario in scenarios:
        own_tasks = [Task(arm, cell, scenario, replicate, period, lives) for replicate in replicates]
        for task, run_id in zip(own_tasks, run_ids(scenario, replicates), strict=True):
            vars(task)["run_id"] = (
                run_id  # fills the cached_property; computing the ids of a scenario together is faster
            )
        task_lists.append(own_tasks)
    return [task for row in zip(*task_lists, strict=True) for task in row]
