"""One simulated study of a scenario, or one simulated locality, in the form that checks and statistics read.

A study is one replicate of all its places. Whatever has to be judged at many points (of a sensitivity
analysis, of a wave of calibration, of rival theories) takes the runs of `tasks_of_study` and gives their
outcomes to `study_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from woc_sim.analysis.counterfactuals import COUNTERFACTUALS
from woc_sim.analysis.study import COVARIATES, Sample, Study, Table, table_of
from woc_sim.analysis.validation_runs import (
    EU,
    SYNTHETIC,
    Plan,
    columns_of_values,
    counterfactuals_of_runs,
    runs_of_arm,
    table_of_runs,
    values_of,
)
from woc_sim.analysis.variants import MODEL
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import Store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

PLACE, CASES, STUDY = "place", "cases", "study"
"""What is simulated at a point: one locality, the 40 cases, or the cases with the synthetic factorial and the
counterfactuals."""
EXTENTS: Final = (PLACE, CASES, STUDY)
YEARLY: Final = "year"
RUNS_AT_ONCE: Final = 8_000
"""Runs whose results are in memory at once."""


def tasks_of_study(
    base: Scenario, replicate: int, extent: str = STUDY, cases: Sequence[str] = ()
) -> list[Task]:
    """The runs of one study, with indicators by year.

    extent: one of `EXTENTS`. A place is the single locality of `base`. cases: names of the cases that are
    simulated if `extent` is `CASES`; all if empty.
    """
    if extent == PLACE:
        return [Task(f"{MODEL}/{PLACE}", base.localities[0].name, base, replicate, YEARLY)]
    plan = Plan(replace(base, localities=()), 1)
    if extent == STUDY:
        return [replace(task, period=YEARLY) for task in plan.tasks(MODEL, [replicate])]
    return [
        Task(
            f"{MODEL}/{EU}",
            case,
            replace(base, localities=(plan.spec(EU, case, replicate),)),
            replicate,
            YEARLY,
        )
        for case in cases or plan.localities(EU)
    ]


def study_of(base: Scenario, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Study:
    """The study that the outcomes of `tasks_of_study` make; what was not simulated is empty.

    The locality of a place stands among the cases, without covariates.
    """
    if tasks[0].arm == f"{MODEL}/{PLACE}":
        values = values_of(outcomes[0], tasks[0].scenario.localities[0], YEARLY)[None, :]
        table = Table(np.full((1, len(COVARIATES)), np.nan), values, columns_of_values(values))
        return Study(_everything(table), _nothing(), _nothing())
    plan = Plan(replace(base, localities=()), 1)
    samples = []
    for kind in (EU, SYNTHETIC):
        runs = runs_of_arm(f"{MODEL}/{kind}", tasks, outcomes)
        samples.append(_everything(table_of_runs(plan, kind, runs)) if runs else _nothing())
    changed = runs_of_arm(f"{MODEL}/{COUNTERFACTUALS}", tasks, outcomes)
    towns = _everything(counterfactuals_of_runs(plan, changed)[0]) if changed else _nothing()
    return Study(samples[0], samples[1], towns)


def simulated_studies(
    points: Iterable[tuple[Scenario, int]],
    count: int,
    extent: str,
    workers: int | Dask,
    progress: bool | None,
    store: Store | None,
    title: str,
) -> Iterator[Study]:
    """The study of each scenario and replicate, in order; finished runs are taken from the store, if there is
    one.

    points: asked for in parts, so that scenarios and results of about `RUNS_AT_ONCE` runs are in memory;
    count: their number. extent: as for `tasks_of_study`.
    """
    points, first = iter(points), 1
    while True:
        chunk: list[tuple[Scenario, list[Task]]] = []
        for base, replicate in points:
            chunk.append((base, tasks_of_study(base, replicate, extent)))
            if len(chunk) * len(chunk[0][1]) >= RUNS_AT_ONCE:
                break
        if not chunk:
            return
        numbers = f"{title} {first} to {first + len(chunk) - 1} of {count}"
        tasks = [task for _, own in chunk for task in own]
        outcomes = iter(run_many(tasks, workers, progress, store, numbers))
        for base, own in chunk:
            yield study_of(base, own, [next(outcomes) for _ in own])
        first += len(chunk)


def without_country(study: Study, country: str) -> Study:
    """The study without the cases of a country."""
    return Study(
        study.eu.where(~study.eu.labelled("country", country)), study.synthetic, study.counterfactuals
    )


def _everything(table: Table) -> Sample:
    rows = np.arange(len(table.values))
    return Sample(table, rows, rows)


def _nothing() -> Sample:
    return _everything(table_of([], ()))
