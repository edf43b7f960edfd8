"""One simulated study of a scenario, or one simulated locality, in the form that checks and statistics read.

A study is one replicate of all its places. Whatever has to be judged at many points (of a sensitivity
analysis, of a wave of calibration, of rival theories) takes the runs of `tasks_of_study` and gives their
outcomes to `study_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from woc_sim.analysis.counterfactuals import COUNTERFACTUALS, counterfactual_table
from woc_sim.analysis.study import COVARIATES, Sample, Study, Table, table_of
from woc_sim.analysis.validation_runs import EU, SYNTHETIC, Plan, value_names, values_of
from woc_sim.analysis.variants import MODEL
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

PLACE, CASES, STUDY = "place", "cases", "study"
"""What is simulated at a point: one locality, the 40 cases, or the cases with the synthetic factorial and the
counterfactuals."""
EXTENTS: Final = (PLACE, CASES, STUDY)
YEARLY: Final = "year"


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
    pairs = list(zip(tasks, outcomes, strict=True))
    if pairs[0][0].arm == f"{MODEL}/{PLACE}":
        ((task, outcome),) = pairs
        values = values_of(outcome, task.scenario.localities[0], YEARLY)[None, :]
        table = Table(np.full((1, len(COVARIATES)), np.nan), values, _columns(values))
        return Study(_everything(table), _nothing(), _nothing())
    plan = Plan(replace(base, localities=()), 1)
    samples = []
    for kind in (EU, SYNTHETIC):
        chosen = [pair for pair in pairs if pair[0].arm == f"{MODEL}/{kind}"]
        samples.append(_sample(plan, kind, chosen) if chosen else _nothing())
    changed = [pair for pair in pairs if pair[0].arm == f"{MODEL}/{COUNTERFACTUALS}"]
    towns = _nothing()
    if changed:
        known = plan.counterfactual_covariates(changed[0][0].replicate)
        table, _ = counterfactual_table([task for task, _ in changed], [each for _, each in changed], known)
        towns = _everything(table)
    return Study(samples[0], samples[1], towns)


def without_country(study: Study, country: str) -> Study:
    """The study without the cases of a country."""
    return Study(
        study.eu.where(~study.eu.labelled("country", country)), study.synthetic, study.counterfactuals
    )


def _sample(plan: Plan, kind: str, pairs: Sequence[tuple[Task, Outcome]]) -> Sample:
    places = [(task.cell, task.replicate) for task, _ in pairs]
    covariates = np.array([plan.covariates(kind, *place) for place in places])
    values = np.array(
        [
            values_of(outcome, plan.spec(kind, *place), YEARLY)
            for (_, outcome), place in zip(pairs, places, strict=True)
        ]
    )
    return _everything(Table(np.asfortranarray(covariates), np.asfortranarray(values), _columns(values)))


def _columns(values: Array) -> tuple[str, ...]:
    return value_names((values.shape[1] - 2 - len(READING_NAMES)) // len(INDICATOR_NAMES))


def _everything(table: Table) -> Sample:
    rows = np.arange(len(table.values))
    return Sample(table, rows, rows)


def _nothing() -> Sample:
    return _everything(table_of([], ()))
