"""What each process does: the model without it, finding by finding and indicator by indicator.

A process whose knock-out moves no finding and no indicator is decorative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.scoreboard import NUMBER_OF_STUDIES
from woc_sim.analysis.study import Pool
from woc_sim.analysis.validation_runs import Plan, pool_of_variant
from woc_sim.analysis.variants import MODEL
from woc_sim.ensemble.design import Task
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import Store
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import PROCESSES, Scenario

if TYPE_CHECKING:
    import pandas as pd

FINDING_MOVES: Final = 1.0
"""Change of a finding's number, in standard deviations over studies of the model, that counts as moved."""
INDICATOR_MOVES: Final = 0.1
"""Change of an indicator, in its own standard deviation over the months of the model, that counts as
moved."""
INDICATOR_CASE: Final = "C21"
"""The case on which indicators are compared: a German small town."""


@dataclass(frozen=True)
class Knockouts:
    """``findings``: process, finding, effect (in model standard deviations), pass rates; ``indicators``:
    process, indicator, effect, for one case. ``decorative``: processes that move nothing."""

    findings: pd.DataFrame
    indicators: pd.DataFrame
    decorative: tuple[str, ...]


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
    """Run the study once without each process, beside the model's own first replicate."""
    import pandas as pd

    own = plan.tasks(MODEL, [0])
    tasks = {
        process: [
            replace(task, scenario=without_process(task.scenario, process), period="year") for task in own
        ]
        for process in PROCESSES
    }
    everything = [task for process in PROCESSES for task in tasks[process]]
    done = run_many(everything, workers, progress, store, "dropping each process in turn")
    once = Plan(plan.base, 1)
    first = _first_replicate(model)
    findings = []
    whole = [model.study(number) for number in range(studies)]
    same = first.study(0)
    spread = {}
    rate = {}
    for identifier, check in checks_by_finding().items():
        readings = [check.judge(study) for study in whole]
        values = np.array([each.value for each in readings])
        values = values[np.isfinite(values)]
        sd = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        # One replicate gives one study only; its own sampling error stands in then.
        spread[identifier] = sd if sd > 0 else readings[0].error
        rate[identifier] = float(np.mean([each.passed for each in readings]))
    start = 0
    for process in PROCESSES:
        chosen = tasks[process]
        dropped = pool_of_variant(once, MODEL, chosen, done[start : start + len(chosen)]).study(0)
        start += len(chosen)
        for identifier, check in checks_by_finding().items():
            before, after = check.judge(same), check.judge(dropped)
            findings.append(
                {
                    "process": process,
                    "finding": identifier,
                    "effect": _scaled(after.value - before.value, spread[identifier]),
                    "value_model": before.value,
                    "value_without": after.value,
                    "passed_model": before.passed,
                    "passed_without": after.passed,
                    "pass_rate_model": rate[identifier],
                }
            )
    table = pd.DataFrame(findings)
    indicators = _indicator_changes(plan, workers, progress, store)
    moved = table[
        (table["effect"].abs() >= FINDING_MOVES) | (table["passed_model"] != table["passed_without"])
    ]
    lost = table[table["value_model"].notna() & table["value_without"].isna()]
    moving = set(moved["process"]) | set(lost["process"])
    shown = set(indicators.loc[indicators["effect"].abs() >= INDICATOR_MOVES, "process"])
    decorative = tuple(name for name in PROCESSES if name not in moving and name not in shown)
    return Knockouts(table, indicators, decorative)


def _scaled(change: float, spread: float) -> float:
    if not math.isfinite(change):
        return math.nan
    if change == 0:
        return 0.0
    return change / spread if spread > 0 else math.nan


def _first_replicate(model: Pool) -> Pool:
    cases = {name: rows[:1] for name, rows in model.cases.items()}
    cells = {name: rows[:1] for name, rows in model.cells.items()}
    towns = {name: rows[:1] for name, rows in model.towns.items()}
    return replace(model, cases=cases, cells=cells, towns=towns)


def _indicator_changes(plan: Plan, workers: int, progress: bool | None, store: Store | None) -> pd.DataFrame:
    """Mean change of each indicator of one case over the twelve years, in its standard deviation over
    months."""
    import pandas as pd

    scenario = replace(plan.base, localities=(from_case(INDICATOR_CASE),))
    tasks = [Task(MODEL, INDICATOR_CASE, scenario, 0)]
    tasks += [Task(process, INDICATOR_CASE, without_process(scenario, process), 0) for process in PROCESSES]
    whole, *others = (
        outcome.rows[0].indicators for outcome in run_many(tasks, workers, progress, store, INDICATOR_CASE)
    )
    rows: list[dict[str, Any]] = []
    for process, found in zip(PROCESSES, others, strict=True):
        for index, name in enumerate(INDICATOR_NAMES):
            before, after = whole[:, index], found[:, index]
            both = np.isfinite(before) & np.isfinite(after)
            change = float(np.mean(np.abs(after[both] - before[both]))) if both.any() else math.nan
            sd = float(np.nanstd(before)) if np.isfinite(before).any() else math.nan
            rows.append({"process": process, "indicator": name, "effect": _scaled(change, sd)})
    return pd.DataFrame(rows)
