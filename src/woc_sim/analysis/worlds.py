"""From finished runs to pools of localities: which runs a validation needs, and their rows as tables of
studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from woc_sim.analysis.nulls import (
    EQUAL_PLACES,
    INTERACTIONS_OFF,
    MODEL,
    case_spec,
    eu_cases,
    factorial,
    in_world,
)
from woc_sim.analysis.replication import bands
from woc_sim.analysis.study import COVARIATES, Pool, Table, code
from woc_sim.analysis.trials import SLOTS, TRIALS, specs, trial_table, trial_tasks
from woc_sim.ensemble.run import FIRST_YEAR, yearly
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.inputs.tables import country
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import LocalitySpec, Scenario
from woc_sim.world.founding import leadership

Array = np.ndarray[Any, Any]

EU, SYNTHETIC = "eu", "synthetic"


@dataclass(frozen=True)
class Plan:
    """What a validation simulates.

    ``base`` is the scenario that all runs share but for their locality; ``replicates`` of each locality.
    """

    base: Scenario
    replicates: int

    def spec(self, kind: str, cell: str, replicate: int) -> LocalitySpec:
        """The locality of a design point."""
        if kind == EU:
            return case_spec(cell)
        return next(each for each in factorial() if each.name == cell).spec(replicate)

    def places(self, kind: str) -> tuple[str, ...]:
        """Design points of one kind: cases, or cells of the synthetic factorial."""
        return eu_cases() if kind == EU else tuple(each.name for each in factorial())

    def tasks(self, world: str, replicates: Sequence[int] | None = None) -> list[Task]:
        """The runs of one world, replicates outermost and cases before synthetic cells; trials at the end.

        Indicators of cases are kept by month, those of synthetic cells by year. `EQUAL_PLACES` is no null and
        gets half of the replicates; so do trials, since pairs tell more than places.
        """
        half = (self.replicates + 1) // 2
        own = half if world == EQUAL_PLACES else self.replicates
        chosen = range(own) if replicates is None else replicates
        found = []
        for replicate in chosen:
            for kind in (EU, SYNTHETIC):
                for cell in self.places(kind):
                    scenario = replace(self.base, localities=(self.spec(kind, cell, replicate),))
                    monthly = kind == EU and world in (MODEL, INTERACTIONS_OFF)
                    found.append(
                        Task(
                            f"{world}/{kind}",
                            cell,
                            in_world(scenario, world),
                            replicate,
                            "month" if monthly else "year",
                        )
                    )
        return found + trial_tasks(self.base, world, list(chosen)[:half])

    def covariates(self, kind: str, cell: str, replicate: int) -> list[float]:
        """What the authors would know of a locality, in the order of `COVARIATES`."""
        return _covariates(self.spec(kind, cell, replicate), self.base.seed, replicate)

    def trial_covariates(self, replicate: int) -> dict[tuple[str, int], list[float]]:
        """The same of the places of trials, by slot and replicate."""
        places = zip(SLOTS, specs(replicate), strict=True)
        return {(slot.name, replicate): _covariates(spec, self.base.seed, replicate) for slot, spec in places}


@lru_cache(maxsize=4096)
def _known(spec: LocalitySpec, seed: int, replicate: int) -> tuple[float, ...]:
    one = realise(spec, seed, replicate)
    known = {
        "size": code("size", one.size),
        "executive": code("executive", one.executive),
        "type": code("type", one.type),
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
        known |= {name: value for name, value in bands(spec.case).items() if np.isfinite(value)}
    return tuple(float(known[name]) for name in COVARIATES)


def _covariates(spec: LocalitySpec, seed: int, replicate: int) -> list[float]:
    return list(_known(spec, seed, replicate))


def values_of(outcome: Outcome, spec: LocalitySpec, period: str) -> Array:
    """Place, readings and yearly means of one run, in the order of `value_names`."""
    (row,) = outcome.rows
    years = yearly(row.indicators) if period == "month" else row.indicators
    place = [code("country", country(spec.framework).country), code("framework", spec.framework)]
    return np.concatenate([place, row.readings, years.ravel()])


@lru_cache(maxsize=8)
def value_names(years: int) -> tuple[str, ...]:
    """Columns of a table of localities: place, readings, then 'indicator@year'."""
    by_year = (f"{name}@{FIRST_YEAR + year}" for year in range(years) for name in INDICATOR_NAMES)
    return ("country", "framework", *READING_NAMES, *by_year)


def pool(plan: Plan, world: str, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> Pool:
    """The rows of one world from its finished runs."""
    tables, rows_of = {}, {}
    for kind in (EU, SYNTHETIC):
        chosen = [
            (task, outcome)
            for task, outcome in zip(tasks, outcomes, strict=True)
            if task.arm == f"{world}/{kind}"
        ]
        specs = [plan.spec(kind, task.cell, task.replicate) for task, _ in chosen]
        covariates = np.array([plan.covariates(kind, task.cell, task.replicate) for task, _ in chosen])
        values = np.array(
            [
                values_of(outcome, spec, task.period)
                for (task, outcome), spec in zip(chosen, specs, strict=True)
            ]
        )
        years = (values.shape[1] - 2 - len(READING_NAMES)) // len(INDICATOR_NAMES)
        tables[kind] = Table(np.asfortranarray(covariates), np.asfortranarray(values), value_names(years))
        cells = [task.cell for task, _ in chosen]
        rows_of[kind] = {
            cell: np.array([row for row, each in enumerate(cells) if each == cell])
            for cell in plan.places(kind)
        }
    pairs = zip(tasks, outcomes, strict=True)
    own, read = zip(*[pair for pair in pairs if pair[0].arm == f"{world}/{TRIALS}"], strict=True)
    known: dict[tuple[str, int], list[float]] = {}
    for replicate in {task.replicate for task in own}:
        known |= plan.trial_covariates(replicate)
    trials, slots = trial_table(own, read, known)
    return Pool(world, tables[EU], tables[SYNTHETIC], rows_of[EU], rows_of[SYNTHETIC], trials, slots)


def timings(outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, float]:
    """Seconds of simulation by world, summed over workers."""
    return {world: round(sum(each.seconds for each in found), 2) for world, found in outcomes.items()}
