"""Trials: the same places lived twice, once as they are and once with one thing changed.

A finding that says what follows from something (frames follow the executive; policies do not spread) cannot
be told from places as they are: what lies behind it may be own ideology, or likeness. In a trial the two
lives share every draw that the change does not touch, so their difference is its effect.

* ``turnover``: the opposite majority takes office and everybody else stays who they are (S43).
* ``rewire``: the executive meets and pays whom it had no business with, not those who work for it (S43).
* ``peers``: four localities hear of one another's measures; ``no_peers``: they do not, nor of others (S37).

Each world has its own trials, so that a null says what its rules alone would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.estimates import Estimate, mean
from woc_sim.analysis.nulls import Cell, factorial, in_world
from woc_sim.analysis.study import Sample, Table
from woc_sim.ensemble.run import FIRST_YEAR
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.inputs.vocabulary import MONTHS, TYPES
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.schema import Intervention, LocalitySpec, Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

TRIALS: Final = "trials"
ALONE: Final = ("as_is", "turnover", "rewire")
"""Arms in which each locality is a world of its own."""
TOGETHER: Final = ("peers", "no_peers")
"""Arms in which the localities of a replicate share a world."""
ARMS: Final = (*ALONE, *TOGETHER)
START: Final = 12 * (2016 - FIRST_YEAR)
"""Month of the change: half of the years between the first arrivals and the interviews."""
NEAR, FAR = "latent_migrants_only_contact", "latent_migrants_only_other"
POLICY: Final = "mipex_total"
READ: Final = (NEAR, FAR, POLICY)
NO_PEERS: Final = {"diffusion.peer_rate": 0.0}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a trial: a small town under one colour; the four types take turns over replicates."""

    executive: str
    turn: int

    @property
    def name(self) -> str:
        """Its name, without the type."""
        return f"{self.executive}-{self.turn}"

    def cell(self, replicate: int) -> Cell:
        """The synthetic cell that stands here in a replicate; no two of a replicate are of one type."""
        kind = TYPES[(self.turn + replicate) % len(TYPES)]
        wanted = kind, "small", self.executive
        return next(cell for cell in factorial() if (cell.type, cell.size, cell.executive) == wanted)


SLOTS: Final = tuple(Slot(("progressive", "conservative")[turn % 2], turn) for turn in range(len(TYPES)))


def specs(replicate: int) -> list[LocalitySpec]:
    """The four places of a replicate, in the order of SLOTS."""
    return [slot.cell(replicate).spec(replicate) for slot in SLOTS]


def trial_tasks(base: Scenario, world: str, replicates: Sequence[int]) -> list[Task]:
    """The runs of all trials in one world."""
    return [
        Task(f"{world}/{TRIALS}", f"{arm}/{name}", in_world(scenario, world), replicate, "year")
        for replicate in replicates
        for arm in ARMS
        for name, scenario in _scenarios(base, arm, replicate)
    ]


def _scenarios(base: Scenario, arm: str, replicate: int) -> Iterator[tuple[str, Scenario]]:
    places = specs(replicate)
    if arm in TOGETHER:
        parameters = {**base.parameters, **(NO_PEERS if arm == "no_peers" else {})}
        yield "all", replace(base, localities=tuple(places), parameters=parameters)
        return
    changes = () if arm == "as_is" else (Intervention(arm, START, MONTHS, 1.0),)
    for slot, place in zip(SLOTS, places, strict=True):
        yield slot.name, replace(base, localities=(place,), interventions=changes)


def column(arm: str, reading: str) -> str:
    """Name of a reading under an arm in the table of trials."""
    return f"{arm}:{reading}"


COLUMNS: Final = tuple(column(arm, reading) for arm in ARMS for reading in READ)


def trial_table(
    tasks: Sequence[Task], outcomes: Sequence[Outcome], covariates: Mapping[tuple[str, int], list[float]]
) -> tuple[Table, dict[str, Array]]:
    """One row a slot and replicate with what was read under each arm, and the rows of each slot.

    `covariates` of a slot's name in a replicate.
    """
    index = [READING_NAMES.index(name) for name in READ]
    found: dict[tuple[str, int], dict[str, Array]] = {}
    for task, outcome in zip(tasks, outcomes, strict=True):
        arm, _, name = task.cell.partition("/")
        names = [slot.name for slot in SLOTS] if name == "all" else [name]
        for slot, row in zip(names, outcome.rows, strict=True):
            found.setdefault((slot, task.replicate), {})[arm] = row.readings[index]
    keys = sorted(found, key=lambda key: (key[1], [slot.name for slot in SLOTS].index(key[0])))
    values = np.array([np.concatenate([found[key][arm] for arm in ARMS]) for key in keys])
    table = Table(np.array([covariates[key] for key in keys]), values, COLUMNS)
    rows = {slot.name: np.flatnonzero([key[0] == slot.name for key in keys]) for slot in SLOTS}
    return table, rows


def towards_executive(sample: Sample) -> Array:
    """+1 where the executive is conservative, whose followers hold migrants alone responsible more often; -1
    where it is progressive."""
    return np.where(sample.of("executive", "conservative"), 1.0, -1.0)


def change(sample: Sample, arm: str, reading: str, without: str = "as_is") -> Array:
    """What an arm changes in a reading, place by place."""
    return np.asarray(sample[column(arm, reading)] - sample[column(without, reading)])


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of trials.csv: what was changed, what it did to what, and in which unit."""

    trial: str
    meaning: str
    unit: str
    estimate: Estimate


def following(sample: Sample) -> dict[str, Estimate]:
    """How far frames went along with the executive: near and far after a change of executive (towards the
    new one), near and far after ties were rewired (towards the one in office)."""
    side = towards_executive(sample)
    return {
        f"{arm}_{where}": mean(sign * side * change(sample, arm, reading))
        for arm, sign in (("turnover", -1.0), ("rewire", 1.0))
        for where, reading in (("near", NEAR), ("far", FAR))
    }


WHO: Final = {"near": "those who work for the executive", "far": "all others"}
TOWARDS: Final = {"turnover": "the new executive", "rewire": "the executive"}


def effects(sample: Sample) -> list[Effect]:
    """All effects of the trials over the places of a sample."""
    moved = following(sample)
    found = [
        Effect(arm, f"frames of {who} move towards {whom}", "share", moved[f"{arm}_{where}"])
        for arm, whom in TOWARDS.items()
        for where, who in WHO.items()
    ]
    peers = mean(change(sample, "peers", POLICY, "no_peers"))
    return [*found, Effect("peers", "policy index where localities hear of one another", "points", peers)]


def trials_frame(samples: Mapping[str, Sample]) -> pd.DataFrame:
    """The effects of each world's trials: world, trial, meaning, unit, effect, error (one standard error of
    the mean over places and replicates), n."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "world": world,
                "trial": each.trial,
                "meaning": each.meaning,
                "unit": each.unit,
                "effect": each.estimate.value,
                "error": each.estimate.error,
                "n": len(sample),
            }
            for world, sample in samples.items()
            for each in effects(sample)
        ]
    )
