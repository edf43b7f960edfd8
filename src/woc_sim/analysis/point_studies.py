"""One study at one point of a parameter space: its runs, and the `Study` that their outcomes give.

Study number r is replicate r of all its localities, so studies of different numbers share no random draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from woc_sim.analysis.study import Sample, Study, Table, table_of
from woc_sim.analysis.validation_runs import EU, Plan, pool_of_variant, value_names, values_of
from woc_sim.analysis.variants import MODEL
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.scenario.schema import Scenario


def whole_study_tasks(base: Scenario, number: int) -> list[Task]:
    """The runs of one whole study: cases, synthetic cells, towns of the counterfactuals. Indicators are kept
    by year."""
    return [replace(task, period="year") for task in Plan(base, 1).tasks(MODEL, [number])]


def whole_study(base: Scenario, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Study:
    """The study of the runs of `whole_study_tasks`."""
    return pool_of_variant(Plan(base, 1), MODEL, tasks, outcomes).study(0)


def case_tasks(base: Scenario, number: int, cases: Sequence[str] = ()) -> list[Task]:
    """The runs of the EU cases of one study, or of some of them, without synthetic localities."""
    plan = Plan(base, 1)
    return [
        Task(f"{MODEL}/{EU}", cell, replace(base, localities=(plan.spec(EU, cell, number),)), number, "year")
        for cell in cases or plan.localities(EU)
    ]


def case_study(base: Scenario, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Study:
    """The study of the runs of `case_tasks`; it has no synthetic localities."""
    plan = Plan(base, 1)
    specs = [plan.spec(EU, task.cell, task.replicate) for task in tasks]
    covariates = np.array([plan.covariates(EU, task.cell, task.replicate) for task in tasks])
    values = np.array(
        [
            values_of(outcome, spec, task.period)
            for task, outcome, spec in zip(tasks, outcomes, specs, strict=True)
        ]
    )
    rows = np.arange(len(tasks))
    nothing = Sample(table_of([], ()), rows[:0], rows[:0])
    table = Table(covariates, values, value_names(MONTHS // 12))
    return Study(Sample(table, rows, rows), nothing, nothing)


def without_country(study: Study, country: str) -> Study:
    """The study without the cases of a country."""
    return Study(
        study.eu.where(~study.eu.labelled("country", country)), study.synthetic, study.counterfactuals
    )
