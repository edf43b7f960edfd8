"""Compare the model with the published findings: run all variants, make the checks, write the tables.

Defaults. A run of 1,000 residents takes .05 s on one core. A replicate has 40 cases and 36 synthetic cells.
Eight replicates in three variants and four in the fourth (`woc_sim.analysis.variants`) are 2,128 runs. Four
replicates of the counterfactuals in each variant are 224 more. With fewer replicates the forty studies that
are drawn from them (`Pool.study`) would share many rows, and then a null model passes a finding in nearly all
studies or in nearly none. Checks, baselines and tables take some 10 s more.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.baselines import baseline_scores
from woc_sim.analysis.counterfactuals import counterfactuals_frame
from woc_sim.analysis.estimates import mean_of_columns
from woc_sim.analysis.frameworks import framework_folds, summary_lines, variance_shares
from woc_sim.analysis.knockouts import Knockouts, knock_out
from woc_sim.analysis.scoreboard import (
    NUMBER_OF_STUDIES,
    ScoreboardRow,
    judge_findings,
    scoreboard_frame,
    summary,
)
from woc_sim.analysis.study import COVARIATES, LABELS, LOCATION_COLUMNS, Pool, shuffled_within_groups
from woc_sim.analysis.validation_runs import EU, SYNTHETIC, Plan, pool_of_variant, seconds_by_variant
from woc_sim.analysis.variants import INTERACTIONS_OFF, MODEL, VARIANTS
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.evidence.catalogue import table_rows as evidence_rows
from woc_sim.files import write_table, write_text
from woc_sim.inputs.tables import case
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

REPLICATES: Final = 8
PEOPLE: Final = 1000
SEED: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationSettings:
    """What a validation runs, and how.

    ``replicates`` of each locality, ``people`` in each, ``studies`` drawn for the checks. ``knockouts`` adds
    the model without each process. ``base`` is the scenario whose localities, people and seed are filled in.
    ``workers`` are processes; ``progress`` shows a bar (None: if standard error is a terminal).
    """

    replicates: int = REPLICATES
    people: int = PEOPLE
    studies: int = NUMBER_OF_STUDIES
    seed: int = SEED
    knockouts: bool = False
    base: Scenario | None = None
    workers: int = 2
    progress: bool | None = None

    def plan(self) -> Plan:
        """The runs of the validation."""
        base = replace(self.base or Scenario(()), people=self.people, seed=self.seed)
        return Plan(base, self.replicates)


@dataclass(frozen=True)
class Validation:
    """The result of a validation: the scoreboard, the knock-outs if asked for, seconds by step, and two
    sentences on countries and variance."""

    rows: list[ScoreboardRow]
    knockouts: Knockouts | None
    seconds: dict[str, Any]
    countries: str

    @property
    def summary(self) -> str:
        """The closing lines; with knock-outs also the processes without effect."""
        lines = f"{self.countries}\n{summary(self.rows)}"
        if self.knockouts is None:
            return lines
        return f"{lines}\ndecorative processes (dropping them changes nothing): " + (
            ", ".join(self.knockouts.decorative) or "none"
        )


@dataclass(frozen=True)
class _Simulated:
    """The runs of all variants: tasks, outcomes and pools by variant, and the knock-outs if asked for."""

    tasks: Mapping[str, Sequence[Task]]
    outcomes: Mapping[str, Sequence[Outcome]]
    pools: Mapping[str, Pool]
    knockouts: Knockouts | None
    seconds: dict[str, float]


def validate(out: Path, settings: ValidationSettings | None = None) -> Validation:
    """Run all variants into `out` and make the checks. The same call continues a stopped validation.

    Writes scoreboard.csv, baselines.csv, folds.csv, variance.csv, counterfactuals.csv, cases.parquet,
    factorial.parquet, timelines.parquet, published.json and, with knock-outs, knockouts.csv and
    knockouts_indicators.csv. Finished runs are kept in ``shards/``. Raises UserError as `Store` does.
    """
    settings = settings or ValidationSettings()
    plan = settings.plan()
    simulated = _simulate(out, plan, settings)
    start = time.perf_counter()
    rows = judge_findings(simulated.pools, settings.studies)
    write_table(scoreboard_frame(rows), out / "scoreboard.csv")
    judged = time.perf_counter()
    countries = _write_tables(out, plan, simulated)
    seconds: dict[str, Any] = {
        **simulated.seconds,
        "judging": round(judged - start, 2),
        "tables": round(time.perf_counter() - judged, 2),
        "runs": sum(map(len, simulated.tasks.values())),
        "core_seconds": seconds_by_variant(simulated.outcomes),
    }
    return Validation(rows, simulated.knockouts, seconds, countries)


def _simulate(out: Path, plan: Plan, settings: ValidationSettings) -> _Simulated:
    """Run what is missing in `out`."""
    start = time.perf_counter()
    workers, progress = settings.workers, settings.progress
    tasks = {variant: plan.tasks(variant) for variant in VARIANTS}
    all_tasks = [task for variant in VARIANTS for task in tasks[variant]]
    with open_store(out) as store:
        all_outcomes = run_many(all_tasks, workers, progress, store, "simulating the study and its nulls")
        outcomes, first = {}, 0
        for variant in VARIANTS:
            outcomes[variant] = all_outcomes[first : first + len(tasks[variant])]
            first += len(tasks[variant])
        pools = {
            variant: pool_of_variant(plan, variant, tasks[variant], outcomes[variant]) for variant in VARIANTS
        }
        simulated = time.perf_counter()
        knockouts = knock_out(plan, pools[MODEL], workers, progress, store) if settings.knockouts else None
    seconds = {
        "simulating": round(simulated - start, 2),
        "knockouts": round(time.perf_counter() - simulated, 2),
    }
    return _Simulated(tasks, outcomes, pools, knockouts, seconds)


def _write_tables(out: Path, plan: Plan, simulated: _Simulated) -> str:
    """Write all tables but the scoreboard; returns the sentences on countries and variance."""
    pools = simulated.pools
    write_table(baseline_scores(pools[MODEL]), out / "baselines.csv")
    folds, variance = framework_folds(pools[MODEL]), variance_shares(pools)
    write_table(folds, out / "folds.csv")
    write_table(variance, out / "variance.csv")
    samples = {name: pools[name].all_counterfactuals() for name in (MODEL, INTERACTIONS_OFF)}
    write_table(counterfactuals_frame(samples), out / "counterfactuals.csv")
    for kind, name in ((EU, "cases"), (SYNTHETIC, "factorial")):
        write_table(localities(plan, pools, kind), out / f"{name}.parquet")
    write_table(timelines(simulated.tasks, simulated.outcomes), out / "timelines.parquet")
    _write_published(out)
    if simulated.knockouts is not None:
        write_table(simulated.knockouts.findings, out / "knockouts.csv")
        write_table(simulated.knockouts.indicators, out / "knockouts_indicators.csv")
    return summary_lines(folds, variance)


def localities(plan: Plan, pools: Mapping[str, Pool], kind: str) -> pd.DataFrame:
    """All simulated localities of one kind: variant, case, replicate, covariates (labels in words), readings.

    The variant 'permuted' is the model with the covariates permuted among the localities of a country in a
    replicate.
    """
    import pandas as pd

    frames = [_locality_frame(plan, variant, pool, kind) for variant, pool in pools.items()]
    model = frames[0]
    permuted = model.assign(variant="permuted")
    groups = [
        f"{replicate}-{country}"
        for replicate, country in zip(model["replicate"], model["country"], strict=True)
    ]
    order = shuffled_within_groups(groups, "tables")
    labels = [*COVARIATES, *(["case"] if kind == SYNTHETIC else [])]
    permuted[labels] = model[labels].to_numpy()[order]
    return pd.concat([*frames, permuted], ignore_index=True)


def _locality_frame(plan: Plan, variant: str, pool: Pool, kind: str) -> pd.DataFrame:
    import pandas as pd

    table = pool.eu if kind == EU else pool.synthetic
    rows_of = pool.cases if kind == EU else pool.cells
    cases = np.empty(len(table.values), dtype=object)
    for name, rows in rows_of.items():
        cases[rows] = name
    frame = pd.DataFrame({"variant": variant, "case": cases})
    frame["replicate"] = [row // len(plan.localities(kind)) for row in range(len(cases))]
    columns: dict[str, Any] = {name: table.values[:, table.index[name]] for name in LOCATION_COLUMNS}
    columns |= {name: table.covariates[:, column] for column, name in enumerate(COVARIATES)}
    for name, words in LABELS.items():
        columns[name] = np.array(words, dtype=object)[columns[name].astype(int)]
    signs = {1.0: "positive", -1.0: "negative"}
    for name in ("structure", "experience"):
        columns[name] = [signs[float(value)] for value in columns[name]]
    columns |= {name: table.values[:, table.index[name]] for name in READING_NAMES}
    return pd.concat([frame, pd.DataFrame(columns)], axis=1)


def timelines(tasks: Mapping[str, Sequence[Task]], outcomes: Mapping[str, Sequence[Outcome]]) -> pd.DataFrame:
    """Monthly indicators, mean over the cases of an executive.

    Columns: variant, executive, replicate, month, then the indicators.
    """
    import pandas as pd

    frames = []
    for variant, chosen in tasks.items():
        runs: dict[tuple[str, int], list[np.ndarray[Any, Any]]] = {}
        for task, outcome in zip(chosen, outcomes[variant], strict=True):
            if task.period == "month" and task.arm.endswith(EU):
                key = case(task.cell).executive, task.replicate
                runs.setdefault(key, []).append(outcome.rows[0].indicators)
        for (executive, replicate), matrices in runs.items():
            mean = mean_of_columns(matrices)
            frame = pd.DataFrame(mean, columns=list(INDICATOR_NAMES))
            frame.insert(0, "variant", variant)
            frame.insert(1, "executive", executive)
            frame.insert(2, "replicate", replicate)
            frame.insert(3, "month", month_names(len(mean)))
            frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _write_published(out: Path) -> None:
    """Write published.json: the study's localities (Tables 4, 6 and A1 joined) and Figure 9.

    The figures read it, because only analysis may import the evidence.
    """
    ratings = {row["case"]: row for row in evidence_rows("table6")}
    published = [
        _published_locality(row, ratings.get(row["case"], {}))
        for row in evidence_rows("table4")
        if row["case"]
    ]
    access = [{**row, "n": int(row["n"])} for row in evidence_rows("figure9")]
    text = json.dumps({"localities": published, "access": access}, indent=1)
    write_text(text + "\n", out / "published.json")


def _published_locality(scores: Mapping[str, str], ratings: Mapping[str, str]) -> dict[str, Any]:
    """One locality from its rows of Table 4 and Table 6; None for a rating that Table 6 does not have."""
    one = case(scores["case"])
    locality: dict[str, Any] = {"case": one.name, "country": one.country, "size": one.size}
    locality["executive"] = one.executive
    locality |= {
        f"mipex_{name}": float(value)
        for name, value in scores.items()
        if name not in ("locality", "country", "region", "size", "case")
    }
    for name in ("perceived_integration", "perceived_attitudes"):
        locality[name] = float(ratings[name]) if name in ratings else None
    return locality
