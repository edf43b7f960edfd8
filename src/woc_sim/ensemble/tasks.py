"""Tasks of an ensemble: each is one replicate of one scenario, with its position in a design."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from woc_sim.ensemble.run import LocalityRows
from woc_sim.instruments.readings import instruments_of
from woc_sim.scenario.identity import run_ids
from woc_sim.scenario.schema import Scenario

Period = Literal["month", "year"]


@dataclass(frozen=True)
class Task:
    """One run and its position in a design.

    ``arm``: the world (the model, a null, a knock-out, a row of a sensitivity design). ``cell``: the design
    point. ``period``: keep indicators by month, or as means of calendar years (a twelfth of the size).
    ``lives``: life stories of each locality. ``readings``: those that are needed, empty for all; instruments
    that hold none of them are not applied. None of these changes the simulation, so they are not part of the
    run's identity.
    """

    arm: str
    cell: str
    scenario: Scenario
    replicate: int
    period: Period = "month"
    lives: int = 0
    readings: tuple[str, ...] = ()

    @cached_property
    def run_id(self) -> str:
        """Identity of the simulated run."""
        return run_ids(self.scenario, (self.replicate,))[0]

    @property
    def key(self) -> str:
        """Identity of what is stored of the run, as text."""
        instruments = instruments_of(self.readings) if self.readings else ()
        return StoredKey(self.run_id, self.period, self.lives, instruments).text


class StoredKey(NamedTuple):
    """What is stored of a run: its run_id, 'month' or 'year', the number of life stories of each locality,
    and the instruments whose readings it has (none means all).
    """

    run_id: str
    period: str
    lives: int = 0
    instruments: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The key as text, as it stands in shards and plans."""
        stories = f"-{self.lives}" if self.lives else ""
        chosen = f"-{'+'.join(self.instruments)}" if self.instruments else ""
        return f"{self.run_id}-{self.period}{stories}{chosen}"

    def covers(self, wanted: StoredKey) -> bool:
        """Whether a run stored under this key contains what is wanted: months include years, and life stories
        and readings can be left out.
        """
        return (
            self.run_id == wanted.run_id
            and (self.period == wanted.period or self.period == "month")
            and (self.lives == wanted.lives or not wanted.lives)
            and (not self.instruments or bool(wanted.instruments))
            and (not self.instruments or set(wanted.instruments) <= set(self.instruments))
        )


def parse_key(key: str) -> StoredKey:
    """The parts of a task's key (`Task.key`)."""
    run_id, period, *rest = key.split("-")
    lives = int(rest.pop(0)) if rest and rest[0].isdecimal() else 0
    return StoredKey(run_id, period, lives, tuple(rest[0].split("+")) if rest else ())


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
