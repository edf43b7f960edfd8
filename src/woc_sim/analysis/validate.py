"""Hold the model against the published findings: run the worlds, judge, and write the tables of the report.

Defaults. A run of 1,000 residents takes .05 s on one core. Eight replicates of 40 cases and 36 synthetic
cells in three worlds, and four in a fourth (`woc_sim.analysis.nulls`), are 2,128 runs, and four replicates of
trials in each are 224 more: fewer, and the forty studies that are picked from them
(`Pool.study`) share so many rows that a null's chance passes are all of one side. Judging, the rivals and the
tables take some 10 s more.
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
from woc_sim.ensemble.design import Outcome, Task
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.store import open_store
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


@dataclass(frozen=True)
class Validation:
    """What a validation found: the scoreboard, the knock-outs if asked for, seconds by step, and what is said
    of countries and variance."""

    rows: list[ScoreboardRow]
    knockouts: Knockouts | None
    seconds: dict[str, Any]
    countries: str

    @property
    def summary(self) -> str:
        """The closing line, and which processes move nothing if knock-outs were asked for."""
        said = f"{self.countries}\n{summary(self.rows)}"
        if self.knockouts is None:
            return said
        return f"{said}\ndecorative processes (dropping them moves nothing): " + (
            ", ".join(self.knockouts.decorative) or "none"
        )


def validate(
    out: Path,
    replicates: int = REPLICATES,
    people: int = PEOPLE,
    workers: int = 2,
    knockouts: bool = False,
    progress: bool | None = None,
    seed: int = SEED,
    base: Scenario | None = None,
    studies: int = NUMBER_OF_STUDIES,
) -> Validation:
    """Run all worlds into `out` and judge them; the same call goes on where an earlier one was stopped.

    Writes scoreboard.csv, rivals.csv, folds.csv, variance.csv, trials.csv, cases.parquet,
    factorial.parquet, timelines.parquet, published.json and, with `knockouts`, knockouts.csv and
    knockouts_indicators.csv; finished runs are kept in ``shards/``. `base` replaces the scenario whose
    localities, people and seed are filled in. Raises UserError as `Store` does.
    """
    plan = Plan(replace(base or Scenario(()), people=people, seed=seed), replicates)
    start = time.perf_counter()
    with open_store(out) as store:
        tasks = {variant: plan.tasks(variant) for variant in VARIANTS}
        everything = [task for variant in VARIANTS for task in tasks[variant]]
        done = run_many(everything, workers, progress, store, "simulating the study and its nulls")
        outcomes, first = {}, 0
        for variant in VARIANTS:
            outcomes[variant] = done[first : first + len(tasks[variant])]
            first += len(tasks[variant])
        pools = {
            variant: pool_of_variant(plan, variant, tasks[variant], outcomes[variant]) for variant in VARIANTS
        }
        simulated = time.perf_counter()
        found = knock_out(plan, pools[MODEL], workers, progress, store) if knockouts else None
    knocked = time.perf_counter()
    rows = judge_findings(pools, studies)
    write_table(scoreboard_frame(rows), out / "scoreboard.csv")
    judged = time.perf_counter()
    write_table(baseline_scores(pools[MODEL]), out / "baselines.csv")
    folds, variance = framework_folds(pools[MODEL]), variance_shares(pools)
    write_table(folds, out / "folds.csv")
    write_table(variance, out / "variance.csv")
    samples = {name: pools[name].all_counterfactuals() for name in (MODEL, INTERACTIONS_OFF)}
    write_table(counterfactuals_frame(samples), out / "counterfactuals.csv")
    _write_localities(out, plan, pools, tasks)
    write_table(timelines(tasks, outcomes), out / "timelines.parquet")
    _write_published(out)
    if found is not None:
        write_table(found.findings, out / "knockouts.csv")
        write_table(found.indicators, out / "knockouts_indicators.csv")
    seconds = {
        "simulating": round(simulated - start, 2),
        "knockouts": round(knocked - simulated, 2),
        "judging": round(judged - knocked, 2),
        "tables": round(time.perf_counter() - judged, 2),
        "runs": len(everything),
        "core_seconds": seconds_by_variant(outcomes),
    }
    return Validation(rows, found, seconds, summary_lines(folds, variance))


def localities(
    plan: Plan, pools: Mapping[str, Pool], tasks: Mapping[str, Sequence[Task]], kind: str
) -> pd.DataFrame:
    """All simulated localities of one kind: world, case, replicate, covariates with labels in words,
    readings.

    The world 'permuted' is the model with covariates permuted within countries (cells: within the replicate).
    """
    import pandas as pd

    frames = [_frame(plan, variant, each, kind) for variant, each in pools.items()]
    model = frames[0]
    permuted = model.assign(variant="permuted")
    groups = [f"{a}-{b}" for a, b in zip(model["replicate"], model["country"], strict=True)]
    order = shuffled_within_groups(groups, "tables")
    labels = [name for name in (*COVARIATES, "case" if kind == SYNTHETIC else "") if name]
    permuted[labels] = model[labels].to_numpy()[order]
    return pd.concat([*frames, permuted], ignore_index=True)


def _frame(plan: Plan, variant: str, of: Pool, kind: str) -> pd.DataFrame:
    import pandas as pd

    table = of.eu if kind == EU else of.synthetic
    places = of.cases if kind == EU else of.cells
    cells = np.empty(len(table.values), dtype=object)
    for name, rows in places.items():
        cells[rows] = name
    frame = pd.DataFrame({"variant": variant, "case": cells})
    frame["replicate"] = [number // len(plan.localities(kind)) for number in range(len(cells))]
    columns: dict[str, Any] = {name: table.values[:, table.index[name]] for name in LOCATION_COLUMNS}
    columns |= {name: table.covariates[:, index] for index, name in enumerate(COVARIATES)}
    for name, words in LABELS.items():
        columns[name] = np.array(words, dtype=object)[columns[name].astype(int)]
    signs = {1.0: "positive", -1.0: "negative"}
    for name in ("structure", "experience"):
        columns[name] = [signs[float(value)] for value in columns[name]]
    columns |= {name: table.values[:, table.index[name]] for name in READING_NAMES}
    return pd.concat([frame, pd.DataFrame(columns)], axis=1)


def _write_localities(
    out: Path, plan: Plan, pools: Mapping[str, Pool], tasks: Mapping[str, Sequence[Task]]
) -> None:
    for kind, name in ((EU, "cases"), (SYNTHETIC, "factorial")):
        write_table(localities(plan, pools, tasks, kind), out / f"{name}.parquet")


def timelines(tasks: Mapping[str, Sequence[Task]], outcomes: Mapping[str, Sequence[Outcome]]) -> pd.DataFrame:
    """Monthly indicators, mean over the cases of an executive: world, executive, replicate, month, then
    indicators."""
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
    """The study's localities (Tables 4, 6 and A1 joined) and Figure 9, for the figures, which read no
    evidence."""
    ratings = {row["case"]: row for row in evidence_rows("table6")}
    places = []
    for row in evidence_rows("table4"):
        if not row["case"]:
            continue
        one = case(row["case"])
        rated = ratings.get(row["case"], {})
        scores = {
            f"mipex_{name}": float(value)
            for name, value in row.items()
            if name not in ("locality", "country", "region", "size", "case")
        }
        place: dict[str, Any] = {"case": one.name, "country": one.country, "size": one.size}
        place |= {"executive": one.executive, **scores}
        for name in ("perceived_integration", "perceived_attitudes"):
            place[name] = float(rated[name]) if name in rated else None
        places.append(place)
    access = [{**row, "n": int(row["n"])} for row in evidence_rows("figure9")]
    text = json.dumps({"localities": places, "access": access}, indent=1)
    write_text(text + "\n", out / "published.json")
