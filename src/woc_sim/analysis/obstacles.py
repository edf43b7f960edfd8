"""The effect of removing each of the six obstacles of the final paper, alone and together, by type of
locality.

Each intervention acts on a mechanism (`woc_sim.scenario.interventions`). Its effect is the difference in
pairs of runs: the same synthetic locality in the same replicate, without and with the intervention. Both runs
share every random draw that the intervention does not touch. Source of the obstacles: final working paper,
section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import ranges
from woc_sim.analysis.estimates import mean_of_columns
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.ensemble.plausible import PlausibleSets, of_replicates, with_set, write_sets
from woc_sim.ensemble.readers import read_values
from woc_sim.ensemble.run import FIRST_YEAR
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.files import write_table
from woc_sim.inputs.vocabulary import MONTHS, TYPES
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.localities import synthetic, with_labels
from woc_sim.scenario.schema import Intervention, Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

OBSTACLES: Final = ("expertise", "links", "eu_weight", "responsibility", "depoliticise", "perception")
"""The six obstacles, by the names of the interventions that remove them."""
TOGETHER: Final = "together"
WITHOUT: Final = "without"
START: Final = 12 * (2018 - FIRST_YEAR)
"""First month of the interventions, four years before policy and relations are read."""


@dataclass(frozen=True, slots=True)
class ObstacleOutcome:
    """An outcome: a reading of an instrument or, if ``yearly``, the mean of an indicator over the last
    year."""

    name: str
    unit: str
    meaning: str
    yearly: bool = False


OUTCOMES: Final = (
    ObstacleOutcome("mipex_total", "points of 100", "policy index"),
    ObstacleOutcome("horizontal", "0 to 1", "relations with local actors"),
    ObstacleOutcome("vertical", "0 to 1", "relations with higher levels"),
    ObstacleOutcome("latent_whole_community", "share", "whole-community frame"),
    ObstacleOutcome("politicisation", "0 to 1", "politicisation", yearly=True),
    ObstacleOutcome("belief_gap", "-1 to 1", "believed less true opinion"),
    ObstacleOutcome("response_share", "share", "needs covered by anybody"),
    ObstacleOutcome("latent_ties", "ties", "ties of a migrant to residents"),
    ObstacleOutcome("latent_belonging", "-1 to 1", "migrants' belonging"),
)


def obstacles(
    out: Path,
    replicates: int = 20,
    people: int = 1000,
    workers: int = 2,
    progress: bool | None = None,
    seed: int = 1,
    sets: PlausibleSets | None = None,
) -> pd.DataFrame:
    """Run every type with and without each intervention and write obstacles.csv into `out`.

    sets: plausible sets of parameters; all runs of a replicate have the same one, and sets.csv says which.
    Columns: intervention, type ('all' for the mean over types), outcome, meaning, unit, effect (mean of the
    paired differences), low and high (95 % interval, Student's t), without (mean without interventions),
    n (pairs; for 'all' with sets, replicates). Finished runs are kept, as in `validate`. Raises UserError for
    values outside `ranges.OBSTACLES`.
    """
    replicates, people, seed, workers = read_values(
        ranges.OBSTACLES, replicates=replicates, people=people, seed=seed, workers=workers
    )
    tasks = tasks_of(Scenario((), people=people, seed=seed), replicates, sets)
    with open_store(out) as store:
        outcomes = run_many(tasks, workers, progress, store, "removing obstacles")
    table = paired_effects(tasks, outcomes, sets is not None)
    write_table(table, out / "obstacles.csv")
    write_sets(of_replicates(sets, replicates), out)
    return table


def tasks_of(base: Scenario, replicates: int, sets: PlausibleSets | None = None) -> list[Task]:
    """The runs of every arm and type, by replicate; all runs of a replicate have the same plausible set."""
    return [
        Task(arm, kind, scenario_of(with_set(base, sets, replicate), arm, kind), replicate, "year")
        for replicate in range(replicates)
        for arm in (WITHOUT, *OBSTACLES, TOGETHER)
        for kind in TYPES
    ]


def scenario_of(base: Scenario, arm: str, kind: str) -> Scenario:
    """A small town of a type, with a mixed executive and the interventions of one arm."""
    names = {WITHOUT: (), TOGETHER: OBSTACLES}.get(arm, (arm,))
    locality = with_labels(synthetic(), "small", "mixed", kind)
    return replace(
        base,
        localities=(replace(locality, name=f"{locality.name}-{kind}"),),
        interventions=tuple(Intervention(name, START, MONTHS, 1.0) for name in names),
    )


def paired_effects(
    tasks: Sequence[Task], outcomes: Sequence[Outcome], with_sets: bool = False
) -> pd.DataFrame:
    """Paired differences of every arm to the one without interventions, by type and over all types.

    with_sets: the types of a replicate share a plausible set, so that only replicates are independent. Over
    all types, each replicate then counts once, with its mean over types.
    """
    import pandas as pd

    runs: dict[tuple[str, str], dict[int, Array]] = {}
    for task, outcome in zip(tasks, outcomes, strict=True):
        runs.setdefault((task.arm, task.cell), {})[task.replicate] = _values(outcome)
    arms = [arm for arm in dict.fromkeys(task.arm for task in tasks) if arm != WITHOUT]
    types = list(dict.fromkeys(task.cell for task in tasks))
    rows: list[dict[str, Any]] = []
    for arm in arms:
        changes, levels = {}, {}
        for kind in types:
            with_it, without = runs[arm, kind], runs[WITHOUT, kind]
            changes[kind] = np.array([with_it[each] - without[each] for each in without])
            levels[kind] = np.array(list(without.values()))
        for kind in types:
            rows += _effect_rows(arm, kind, changes[kind], levels[kind])
        joined = mean_of_columns if with_sets else np.concatenate
        rows += _effect_rows(arm, "all", joined(list(changes.values())), joined(list(levels.values())))
    return pd.DataFrame(rows)


def _effect_rows(arm: str, kind: str, changes: Array, levels: Array) -> list[dict[str, Any]]:
    """A row for each outcome. `changes` (pairs, outcomes); `levels`: the same without interventions."""
    rows = []
    for column, outcome in enumerate(OUTCOMES):
        effect, half_width = mean_and_half(changes[:, column])
        rows.append(
            {
                "intervention": arm,
                "type": kind,
                "outcome": outcome.name,
                "meaning": outcome.meaning,
                "unit": outcome.unit,
                "effect": effect,
                "low": effect - half_width,
                "high": effect + half_width,
                "without": mean_and_half(levels[:, column])[0],
                "n": int(np.isfinite(changes[:, column]).sum()),
            }
        )
    return rows


def _values(outcome: Outcome) -> Array:
    (row,) = outcome.rows
    return np.array(
        [
            row.indicators[-1][INDICATOR_NAMES.index(each.name)]
            if each.yearly
            else row.readings[READING_NAMES.index(each.name)]
            for each in OUTCOMES
        ],
        dtype=float,
    )
