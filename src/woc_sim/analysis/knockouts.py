"""Knock-outs: what changes in each finding and each indicator if one process is dropped from the model.

A process is decorative if dropping it changes no finding and no indicator.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.scoreboard import NUMBER_OF_STUDIES
from woc_sim.analysis.study import Pool
from woc_sim.analysis.validation_runs import Plan, pool_of_variant
from woc_sim.analysis.variants import MODEL
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import Store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import PROCESSES, Scenario

if TYPE_CHECKING:
    import pandas as pd

FINDING_MOVES: Final = 1.0
"""A finding moves if its number changes by so many standard deviations over the studies of the model."""
INDICATOR_MOVES: Final = 0.1
"""An indicator moves if it changes by so many of its standard deviations over the months of the model."""
INDICATOR_CASE: Final = "C21"
"""The case on which indicators are compared: a German small town."""


@dataclass(frozen=True)
class Knockouts:
    """``findings``: process, finding, effect (in standard deviations over the studies of the model), values
    and passes; ``indicators``: process, indicator, effect, for one case. ``decorative``: processes that move
    nothing."""

    findings: pd.DataFrame
    indicators: pd.DataFrame
    decorative: tuple[str, ...]


class _Variation(NamedTuple):
    """A finding over the studies of the model: standard deviation of its number, and pass rate."""

    deviation: float
    pass_rate: float


def without_process(scenario: Scenario, process: str) -> Scenario:
    """The scenario with one process dropped from its schedule."""
    return replace(scenario, schedule=tuple(name for name in scenario.schedule if name != process))


def knock_out(
    plan: Plan,
    model: Pool,
    workers: int,
    progress: bool | None,
    store: Store | None,
    studies: int = NUMBER_OF_STUDIES,
) -> Knockouts:
    """Run one replicate of the study without each process, and compare it with the same replicate of the
    model."""
    first_replicate = plan.tasks(MODEL, [0])
    tasks = {
        process: [
            replace(task, scenario=without_process(task.scenario, process), period="year")
            for task in first_replicate
        ]
        for process in PROCESSES
    }
    all_tasks = [task for process in PROCESSES for task in tasks[process]]
    outcomes = run_many(all_tasks, workers, progress, store, "dropping each process in turn")
    findings = _finding_changes(plan, model, tasks, outcomes, studies)
    indicators = _indicator_changes(plan, workers, progress, store)
    return Knockouts(findings, indicators, decorative_processes(findings, indicators))


def _finding_changes(
    plan: Plan,
    model: Pool,
    tasks: Mapping[str, Sequence[Task]],
    outcomes: Sequence[Outcome],
    studies: int,
) -> pd.DataFrame:
    """A row for each process and finding: the check with and without the process."""
    import pandas as pd

    variation = _variation_of_findings(model, studies)
    one_replicate = Plan(plan.base, 1)
    study_with = _first_replicate(model).study(0)
    rows: list[dict[str, Any]] = []
    start = 0
    for process, chosen in tasks.items():
        finished = outcomes[start : start + len(chosen)]
        study_without = pool_of_variant(one_replicate, MODEL, chosen, finished).study(0)
        start += len(chosen)
        for identifier, check in checks_by_finding().items():
            before, after = check.judge(study_with), check.judge(study_without)
            rows.append(
                {
                    "process": process,
                    "finding": identifier,
                    "effect": _scaled(after.value - before.value, variation[identifier].deviation),
                    "value_model": before.value,
                    "value_without": after.value,
                    "passed_model": before.passed,
                    "passed_without": after.passed,
                    "pass_rate_model": variation[identifier].pass_rate,
                }
            )
    return pd.DataFrame(rows)


def _variation_of_findings(model: Pool, number: int) -> dict[str, _Variation]:
    """How each finding varies over so many studies of the model."""
    studies = [model.study(each) for each in range(number)]
    variation = {}
    for identifier, check in checks_by_finding().items():
        results = [check.judge(study) for study in studies]
        values = np.array([each.value for each in results])
        values = values[np.isfinite(values)]
        deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        # All studies of a single replicate are the same; then the sampling error of the study is taken.
        deviation = deviation if deviation > 0 else results[0].error
        variation[identifier] = _Variation(deviation, float(np.mean([each.passed for each in results])))
    return variation


def decorative_processes(findings: pd.DataFrame, indicators: pd.DataFrame) -> tuple[str, ...]:
    """The processes that move no finding, whose findings keep their numbers, and that move no indicator."""
    lost_number = findings["value_model"].notna() & findings["value_without"].isna()
    passes_differ = findings["passed_model"] != findings["passed_without"]
    moved = (findings["effect"].abs() >= FINDING_MOVES) | passes_differ | lost_number
    moving = set(findings.loc[moved, "process"])
    if not indicators.empty:
        moving |= set(indicators.loc[indicators["effect"].abs() >= INDICATOR_MOVES, "process"])
    return tuple(name for name in dict.fromkeys(findings["process"]) if name not in moving)


def _scaled(change: float, deviation: float) -> float:
    """A change in standard deviations; nan if it cannot be scaled."""
    if not math.isfinite(change):
        return math.nan
    if change == 0:
        return 0.0
    return change / deviation if deviation > 0 else math.nan


def _first_replicate(model: Pool) -> Pool:
    cases = {name: rows[:1] for name, rows in model.cases.items()}
    cells = {name: rows[:1] for name, rows in model.cells.items()}
    towns = {name: rows[:1] for name, rows in model.towns.items()}
    return replace(model, cases=cases, cells=cells, towns=towns)


def _indicator_changes(plan: Plan, workers: int, progress: bool | None, store: Store | None) -> pd.DataFrame:
    """Mean absolute change of each indicator of one case over all months, in standard deviations of the
    indicator over the months of the model."""
    import pandas as pd

    scenario = replace(plan.base, localities=(from_case(INDICATOR_CASE),))
    tasks = [Task(MODEL, INDICATOR_CASE, scenario, 0)]
    tasks += [Task(process, INDICATOR_CASE, without_process(scenario, process), 0) for process in PROCESSES]
    model, *dropped = (
        outcome.rows[0].indicators for outcome in run_many(tasks, workers, progress, store, INDICATOR_CASE)
    )
    rows: list[dict[str, Any]] = []
    for process, indicators in zip(PROCESSES, dropped, strict=True):
        for column, name in enumerate(INDICATOR_NAMES):
            before, after = model[:, column], indicators[:, column]
            in_both = np.isfinite(before) & np.isfinite(after)
            change = float(np.mean(np.abs(after[in_both] - before[in_both]))) if in_both.any() else math.nan
            deviation = float(np.nanstd(before)) if np.isfinite(before).any() else math.nan
            rows.append({"process": process, "indicator": name, "effect": _scaled(change, deviation)})
    return pd.DataFrame(rows)
