"""The runs of a validation, and the tables of localities that their results give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from woc_sim.analysis.bands import band_middles
from woc_sim.analysis.counterfactuals import (
    COUNTERFACTUALS,
    TOWNS,
    counterfactual_table,
    counterfactual_tasks,
    localities_of,
)
from woc_sim.analysis.study import COVARIATES, LOCATION_COLUMNS, Pool, Table, label_code, table_of
from woc_sim.analysis.variants import (
    EQUAL_LOCALITIES,
    INTERACTIONS_OFF,
    MODEL,
    as_variant,
    case_spec,
    eu_cases,
    factorial,
)
from woc_sim.ensemble.plausible import PlausibleSets, with_set
from woc_sim.ensemble.run import FIRST_YEAR, yearly
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.inputs.tables import case, country
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import LocalitySpec, Scenario
from woc_sim.world.founding import leadership

Array = np.ndarray[Any, Any]

EU, SYNTHETIC = "eu", "synthetic"
LEFT_OUT = "left_out"
"""Variant: the cases of each country with parameters that its figures did not choose."""
OWN = "own"
"""Kind of locality and arm of its runs: the user's own, which is no part of a study."""
COVARIATE_PARAMETERS = tuple(name for name, one in registry().items() if one.subject == "covariates")
"""Parameters by which the covariates of a locality are drawn."""


@dataclass(frozen=True)
class Plan:
    """What a validation simulates.

    ``base`` is the scenario of all runs; each run sets its locality. ``studies`` is the number of studies:
    replicate r of every locality is study r. ``sets``: plausible sets of parameters, one of which each study
    has; parameters that ``base`` moves away from their default keep the value of ``base``. ``without``:
    country -> sets that were drawn without its figures. ``own``: the user's own locality, which is shown
    beside the cases.
    """

    base: Scenario
    studies: int
    sets: PlausibleSets | None = None
    without: Mapping[str, PlausibleSets] = field(default_factory=dict)
    own: LocalitySpec | None = None

    def base_of(self, study: int) -> Scenario:
        """The scenario of all runs of a study."""
        return with_set(self.base, self.sets, study)

    def spec(self, kind: str, cell: str, replicate: int) -> LocalitySpec:
        """The locality of a design point."""
        if kind == EU:
            return case_spec(cell)
        if kind == OWN:
            assert self.own is not None
            return self.own
        return next(each for each in factorial() if each.name == cell).spec(replicate)

    def localities(self, kind: str) -> tuple[str, ...]:
        """Design points of one kind: cases, or cells of the synthetic factorial."""
        return eu_cases() if kind == EU else tuple(each.name for each in factorial())

    def tasks(self, variant: str, studies: Sequence[int] | None = None) -> list[Task]:
        """The runs of one variant: by study, cases before synthetic cells, counterfactuals at the end.

        Indicators of cases are kept by month, those of synthetic cells by year. `EQUAL_LOCALITIES` is not a
        null model and gets half of the studies.
        """
        number = (self.studies + 1) // 2 if variant == EQUAL_LOCALITIES else self.studies
        chosen = range(number) if studies is None else studies
        found, towns = [], []
        for study in chosen:
            base = self.base_of(study)
            for kind in (EU, SYNTHETIC):
                for cell in self.localities(kind):
                    scenario = replace(base, localities=(self.spec(kind, cell, study),))
                    monthly = kind == EU and variant in (MODEL, INTERACTIONS_OFF)
                    found.append(
                        Task(
                            f"{variant}/{kind}",
                            cell,
                            as_variant(scenario, variant),
                            study,
                            "month" if monthly else "year",
                        )
                    )
            towns += counterfactual_tasks(base, variant, [study])
        return found + towns

    def tasks_of_left_out(self) -> list[Task]:
        """The runs that predict each country without its figures: by study, its cases with a set of
        `without`."""
        own = [(name, self.without.get(case(name).country)) for name in eu_cases()]
        return [
            Task(
                f"{LEFT_OUT}/{EU}",
                name,
                with_set(replace(self.base, localities=(self.spec(EU, name, study),)), sets, study),
                study,
                "year",
            )
            for study in range(self.studies)
            for name, sets in own
            if sets is not None
        ]

    def tasks_of_own(self) -> list[Task]:
        """The runs of the user's own locality by the model, one in each study; none without a locality."""
        if self.own is None:
            return []
        return [
            Task(OWN, self.own.name, replace(self.base_of(study), localities=(self.own,)), study, "year")
            for study in range(self.studies)
        ]

    def covariates(self, kind: str, cell: str, replicate: int) -> list[float]:
        """The covariates of a locality, in the order of `COVARIATES`."""
        return _covariates_of(self.spec(kind, cell, replicate), self.base_of(replicate), replicate)

    def counterfactual_covariates(self, replicate: int) -> dict[tuple[str, int], list[float]]:
        """The covariates of the towns of the counterfactuals, by name of the town and replicate."""
        towns = zip(TOWNS, localities_of(replicate), strict=True)
        base = self.base_of(replicate)
        return {(town.name, replicate): _covariates_of(spec, base, replicate) for town, spec in towns}


@lru_cache(maxsize=4096)
def _covariate_values(
    spec: LocalitySpec,
    seed: int,
    replicate: int,
    parameters: tuple[tuple[str, float], ...],
    structure: str,
) -> tuple[float, ...]:
    one = realise(spec, seed, replicate, dict(parameters), {"structure": structure})
    known = {
        "size": label_code("size", one.size),
        "executive": label_code("executive", one.executive),
        "type": label_code("type", one.type),
        "structure": one.structure,
        "experience": one.experience,
        "inhabitants": one.inhabitants,
        "executive_ideology": one.executive_ideology,
        "rrp": one.rrp,
        "non_eu": one.non_eu,
        "unemployment": one.unemployment,
        "trend": one.trend,
        "foreign_2014": one.foreign_2014,
        "rrp_band": one.rrp,
        "non_eu_band": one.non_eu,
        "unemployment_band": one.unemployment,
        "leadership": leadership(spec.name, seed, replicate),
    }
    if spec.case in eu_cases():
        known |= {name: value for name, value in band_middles(spec.case).items() if np.isfinite(value)}
    return tuple(float(known[name]) for name in COVARIATES)


def _covariates_of(spec: LocalitySpec, base: Scenario, replicate: int) -> list[float]:
    parameters = tuple((name, base.parameters[name]) for name in COVARIATE_PARAMETERS)
    return list(_covariate_values(spec, base.seed, replicate, parameters, base.theories["structure"]))


def values_of(outcome: Outcome, spec: LocalitySpec, period: str) -> Array:
    """Location, readings and yearly means of one run, in the order of `value_names`."""
    (row,) = outcome.rows
    years = yearly(row.indicators) if period == "month" else row.indicators
    location = [
        label_code("country", country(spec.framework).country),
        label_code("framework", spec.framework),
    ]
    return np.concatenate([location, row.readings, years.ravel()])


@lru_cache(maxsize=8)
def value_names(years: int) -> tuple[str, ...]:
    """Columns of a table of localities: location, readings, then 'indicator@year'."""
    by_year = (f"{name}@{FIRST_YEAR + year}" for year in range(years) for name in INDICATOR_NAMES)
    return (*LOCATION_COLUMNS, *READING_NAMES, *by_year)


def columns_of_values(values: Array) -> tuple[str, ...]:
    """The names of the columns of rows of `values_of`; the number of years follows from their length."""
    return value_names((values.shape[1] - len(LOCATION_COLUMNS) - len(READING_NAMES)) // len(INDICATOR_NAMES))


def table_of_runs(plan: Plan, kind: str, runs: Sequence[tuple[Task, Outcome]]) -> Table:
    """One row for each finished run of a locality of one kind (`EU`, `SYNTHETIC` or `OWN`)."""
    covariates = np.array([plan.covariates(kind, task.cell, task.replicate) for task, _ in runs])
    values = np.array(
        [
            values_of(outcome, plan.spec(kind, task.cell, task.replicate), task.period)
            for task, outcome in runs
        ]
    )
    return Table(np.asfortranarray(covariates), np.asfortranarray(values), columns_of_values(values))


def counterfactuals_of_runs(
    plan: Plan, runs: Sequence[tuple[Task, Outcome]]
) -> tuple[Table, dict[str, Array]]:
    """The table of the counterfactuals from their finished runs, and the rows of each town."""
    known: dict[tuple[str, int], list[float]] = {}
    for replicate in {task.replicate for task, _ in runs}:
        known |= plan.counterfactual_covariates(replicate)
    return counterfactual_table([task for task, _ in runs], [outcome for _, outcome in runs], known)


def runs_of_arm(arm: str, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> list[tuple[Task, Outcome]]:
    """The finished runs of one arm, in order."""
    return [pair for pair in zip(tasks, outcomes, strict=True) if pair[0].arm == arm]


def pool_of_variant(plan: Plan, variant: str, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Pool:
    """The rows of one variant from its finished runs."""
    tables, rows_of = {}, {}
    for kind in (EU, SYNTHETIC):
        chosen = runs_of_arm(f"{variant}/{kind}", tasks, outcomes)
        tables[kind] = table_of_runs(plan, kind, chosen)
        cells = [task.cell for task, _ in chosen]
        rows_of[kind] = {
            cell: np.array([row for row, each in enumerate(cells) if each == cell])
            for cell in plan.localities(kind)
        }
    counterfactuals, towns = counterfactuals_of_runs(
        plan, runs_of_arm(f"{variant}/{COUNTERFACTUALS}", tasks, outcomes)
    )
    return Pool(
        variant, tables[EU], tables[SYNTHETIC], rows_of[EU], rows_of[SYNTHETIC], counterfactuals, towns
    )


def pool_of_left_out(plan: Plan, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Pool:
    """The cases of countries that were left out, from the finished runs of `Plan.tasks_of_left_out`."""
    table = table_of_runs(plan, EU, runs_of_arm(f"{LEFT_OUT}/{EU}", tasks, outcomes))
    rows: dict[str, list[int]] = {}
    for row, task in enumerate(tasks):
        rows.setdefault(task.cell, []).append(row)
    return Pool(LEFT_OUT, table, table_of([], ()), {name: np.array(own) for name, own in rows.items()}, {})


def seconds_by_variant(outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, float]:
    """Seconds of simulation by variant, summed over workers."""
    return {variant: round(sum(each.seconds for each in found), 2) for variant, found in outcomes.items()}
