"""What an ensemble consists of: tasks, each one replicate of one scenario, with a place in a design."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from woc_sim.ensemble.run import Rows
from woc_sim.scenario.identity import run_ids
from woc_sim.scenario.schema import Scenario

Period = Literal["month", "year"]


@dataclass(frozen=True)
class Task:
    """One run and its place in a design.

    ``arm`` names the world (the model, a null, a knock-out, a row of a sensitivity design), ``cell`` the
    design point in it. ``period`` says whether indicators are kept by month or as means of calendar years (a
    twelfth of the size), ``lives`` how many life stories of each locality are told. None of these changes
    what is simulated, so they are no part of the run's identity.
    """

    arm: str
    cell: str
    scenario: Scenario
    replicate: int
    period: Period = "month"
    lives: int = 0

    @cached_property
    def run_id(self) -> str:
        """Identity of what is simulated."""
        return run_ids(self.scenario, (self.replicate,))[0]

    @property
    def key(self) -> str:
        """Identity of what is kept of the run: its run_id, the period of its indicators, its stories."""
        stories = f"-{self.lives}" if self.lives else ""
        return f"{self.run_id}-{self.period}{stories}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task gave: rows of its localities, the seconds it took (which no result depends on), and the
    version of the model that made it (`model_hash`)."""

    key: str
    rows: tuple[Rows, ...]
    seconds: float
    model: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that gave nothing, and why.

    ``stage``: 'run' (an exception), 'time limit', 'result' (numbers that cannot be), or 'worker' (its process
    ended). ``kind`` is the type of the error; ``trace`` may be empty.
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
    columns = []
    for cell, scenario in scenarios:
        column = [Task(arm, cell, scenario, replicate, period, lives) for replicate in replicates]
        for task, run_id in zip(column, run_ids(scenario, replicates), strict=True):
            vars(task)["run_id"] = run_id  # what cached_property would find, one scenario at a time
        columns.append(column)
    return [task for row in zip(*columns, strict=True) for task in row]
