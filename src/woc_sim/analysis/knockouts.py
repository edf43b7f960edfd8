"""Knock-outs: what changes in each finding and each indicator if one process is dropped from the model.

A process is decorative if dropping it changes no finding and no indicator. A finding has the mechanism that
is named for it (mechanisms.yaml) only if it falls without that process or theory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.mechanisms import THEORY, mechanisms
from woc_sim.analysis.study import Pool, Study
from woc_sim.analysis.validation_runs import Plan, pool_of_variant
from woc_sim.analysis.variants import MODEL
from woc_sim.analysis.verdicts import CANNOT_TELL, FAILS, HOLDS, NOT_BY_IT, WITHOUT_IT, PassRate
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import Store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import PROCESSES, Scenario

if TYPE_CHECKING:
    import pandas as pd

STUDIES: Final = 8
"""Studies without each process. A finding falls if it holds in one of eight or in none."""
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
    nothing. ``mechanisms``: finding -> whether it falls without the mechanism that is named for it."""

    findings: pd.DataFrame
    indicators: pd.DataFrame
    decorative: tuple[str, ...]
    mechanisms: Mapping[str, str]


class _Variation(NamedTuple):
    """A finding over the studies of the model: mean and standard deviation of its number, and pass rate."""

    mean: float
    deviation: float
    rate: PassRate


def without_process(scenario: Scenario, process: str) -> Scenario:
    """The scenario with one process dropped from its schedule."""
    return replace(scenario, schedule=tuple(name for name in scenario.schedule if name != process))


def without(scenario: Scenario, mechanism: str) -> Scenario:
    """The scenario without a process, or with the theory of a mechanism (``theory/contact=none``)."""
    if not mechanism.startswith(THEORY):
        return without_process(scenario, mechanism)
    subject, _, name = mechanism.removeprefix(THEORY).partition("=")
    return replace(scenario, theories={**scenario.theories, subject: name})


def knock_out(plan: Plan, model: Pool, workers: int, progress: bool | None, store: Store | None) -> Knockouts:
    """Run `STUDIES` studies (or all, if there are fewer) without each process and each theory that is named
    as a mechanism, and compare them with the same studies of the model."""
    studies = range(min(STUDIES, plan.studies))
    theories = {name for names in mechanisms().values() for name in names if name.startswith(THEORY)}
    chosen = plan.tasks(MODEL, studies)
    tasks = {
        name: [replace(task, scenario=without(task.scenario, name), period="year") for task in chosen]
        for name in (*PROCESSES, *sorted(theories))
    }
    all_tasks = [task for name in tasks for task in tasks[name]]
    outcomes = run_many(all_tasks, workers, progress, store, "dropping each process in turn")
    findings = _finding_changes(plan, model, tasks, outcomes)
    indicators = _indicator_changes(plan, workers, progress, store)
    return Knockouts(
        findings, indicators, decorative_processes(findings, indicators), mechanism_verdicts(findings)
    )


def _finding_changes(
    plan: Plan, model: Pool, tasks: Mapping[str, Sequence[Task]], outcomes: Sequence[Outcome]
) -> pd.DataFrame:
    """A row for each process and finding: the check with and without the process."""
    import pandas as pd

    studies = model.studies()
    of_model = _variation_of_findings(studies)
    with_it = _variation_of_findings(studies[:STUDIES])
    rows: list[dict[str, Any]] = []
    start = 0
    for process, chosen in tasks.items():
        dropped = pool_of_variant(plan, MODEL, chosen, outcomes[start : start + len(chosen)])
        start += len(chosen)
        without_it = _variation_of_findings(dropped.studies())
        for identifier in checks_by_finding():
            before, after = with_it[identifier], without_it[identifier]
            rows.append(
                {
                    "process": process,
                    "finding": identifier,
                    "effect": _scaled(after.mean - before.mean, of_model[identifier].deviation),
                    "value_model": before.mean,
                    "value_without": after.mean,
                    "passed_model": before.rate.share > 0.5,
                    "passed_without": after.rate.share > 0.5,
                    "passes_without": after.rate.passes,
                    "n": after.rate.studies,
                    "pass_rate_model": of_model[identifier].rate.share,
                }
            )
    return pd.DataFrame(rows)


def _variation_of_findings(studies: Sequence[Study]) -> dict[str, _Variation]:
    """How each finding varies over studies."""
    variation = {}
    for identifier, check in checks_by_finding().items():
        results = [check.judge(study) for study in studies]
        values = np.array([each.value for each in results])
        values = values[np.isfinite(values)]
        deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        # A single study does not vary; then its sampling error is taken.
        deviation = deviation if deviation > 0 else results[0].error
        rate = PassRate(sum(each.passed for each in results), len(results))
        variation[identifier] = _Variation(float(values.mean()) if len(values) else math.nan, deviation, rate)
    return variation


def mechanism_verdicts(findings: pd.DataFrame) -> dict[str, str]:
    """For each finding with a mechanism a word of `MECHANISM_VERDICTS`.

    findings: as in `Knockouts`. The finding falls without its mechanism if it fails without one of the
    processes that make it together.
    """
    columns = (findings[name].tolist() for name in ("process", "finding", "passes_without", "n"))
    rates = {
        (process, finding): PassRate(passes, n) for process, finding, passes, n in zip(*columns, strict=True)
    }
    found = {}
    for identifier, names in mechanisms().items():
        words = {rates[name, identifier].word for name in names if (name, identifier) in rates}
        if words:
            found[identifier] = (
                WITHOUT_IT if FAILS in words else NOT_BY_IT if words == {HOLDS} else CANNOT_TELL
            )
    return found


def decorative_processes(findings: pd.DataFrame, indicators: pd.DataFrame) -> tuple[str, ...]:
    """The processes that move no finding, whose findings keep their numbers, and that move no indicator."""
    lost_number = findings["value_model"].notna() & findings["value_without"].isna()
    passes_differ = findings["passed_model"] != findings["passed_without"]
    moved = (findings["effect"].abs() >= FINDING_MOVES) | passes_differ | lost_number
    moving = set(findings.loc[moved, "process"])
    if not indicators.empty:
        moving |= set(indicators.loc[indicators["effect"].abs() >= INDICATOR_MOVES, "process"])
    processes = [name for name in dict.fromkeys(findings["process"]) if not name.startswith(THEORY)]
    return tuple(name for name in processes if name not in moving)


def _scaled(change: float, deviation: float) -> float:
    """A change in standard deviations; nan if it cannot be scaled."""
    if not math.isfinite(change):
        return math.nan
    if change == 0:
        return 0.0
    return change / deviation if deviation > 0 else math.nan


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
