"""Compare the model with the published findings: run all variants, make the checks, write the tables.

Defaults. A verdict needs 24 independent studies (`woc_sim.analysis.verdicts`). A study is 98 runs: 40 cases,
36 synthetic cells, and four towns of the counterfactuals in seven arms, of which two hold all four towns.
Four variants (`woc_sim.analysis.variants`) with 24 studies and one with 12 are 10,584 runs; 864 more
predict the cases of countries that were left out, and 24 show a locality of the user's own beside the cases.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.baselines import baseline_line, baseline_scores
from woc_sim.analysis.counterfactuals import counterfactuals_frame
from woc_sim.analysis.estimates import mean_of_columns
from woc_sim.analysis.frameworks import framework_folds, summary_lines, variance_shares
from woc_sim.analysis.frozen import moved_since_frozen
from woc_sim.analysis.knockouts import Knockouts, knock_out
from woc_sim.analysis.nulls import PERMUTED
from woc_sim.analysis.own_locality import TABLE as OWN_TABLE
from woc_sim.analysis.own_locality import sentence as own_sentence
from woc_sim.analysis.ranges import VALIDATION
from woc_sim.analysis.scoreboard import (
    ScoreboardRow,
    judge_findings,
    scoreboard_frame,
    summary,
    with_mechanisms,
)
from woc_sim.analysis.scoreboard_files import BY_STUDY, SCOREBOARD, ByStudy
from woc_sim.analysis.study import COVARIATES, LABELS, LOCATION_COLUMNS, Pool, Sample, Table
from woc_sim.analysis.validation_runs import (
    EU,
    OWN,
    SYNTHETIC,
    Plan,
    pool_of_left_out,
    pool_of_variant,
    seconds_by_variant,
    table_of_runs,
)
from woc_sim.analysis.variants import INTERACTIONS_OFF, MODEL, VARIANTS
from woc_sim.analysis.verdicts import STUDIES_FOR_A_VERDICT
from woc_sim.ensemble.escaping import csv_text
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.plausible import PlausibleSets, of_replicates, write_sets
from woc_sim.ensemble.readers import read_fields
from woc_sim.ensemble.run import month_names
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.evidence.catalogue import table_rows as evidence_rows
from woc_sim.files import write_table, write_text
from woc_sim.inputs.tables import case
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.fields import invalid
from woc_sim.scenario.schema import LocalitySpec, Scenario

if TYPE_CHECKING:
    import pandas as pd

PEOPLE: Final = 500
"""Residents of each locality. A run of the model takes 27, 31 or 37 ms of one core with 300, 500 or 1,000
residents, because most of it does not depend on them. Fewer than 500 make surveys coarser and save little;
more would take 24 studies beyond three minutes on two cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationSettings:
    """What a validation runs, and how.

    ``studies`` is the number of studies, ``base`` the scenario whose localities are filled in, ``sets`` the
    plausible sets of parameters of which each study has one, ``without`` those that were drawn without a
    country and predict it. ``own`` is a locality of the user's own, which is shown beside the cases and
    judged by nothing. ``knockouts`` adds the model without each process. ``workers`` are processes;
    ``progress`` shows a bar (None: if standard error is a terminal). Raises UserError for values outside
    `ranges.VALIDATION`.
    """

    studies: int = STUDIES_FOR_A_VERDICT
    base: Scenario = field(default_factory=lambda: Scenario((), people=PEOPLE))
    sets: PlausibleSets | None = None
    without: Mapping[str, PlausibleSets] = field(default_factory=dict)
    own: LocalitySpec | None = None
    knockouts: bool = False
    workers: int = 2
    progress: bool | None = None

    def __post_init__(self) -> None:
        read_fields(self, VALIDATION)
        if not isinstance(self.own, LocalitySpec | None):
            raise invalid("own", self.own, "a LocalitySpec, e.g. scenario(size='rural').localities[0]")

    def plan(self) -> Plan:
        """The runs of the validation."""
        return Plan(replace(self.base, localities=()), self.studies, self.sets, self.without, self.own)


@dataclass(frozen=True)
class Validation:
    """The result of a validation: the scoreboard, the knock-outs if asked for, seconds by step,
    sentences on countries, variance and baselines, what moved since the evidence was frozen, and a sentence
    on the user's own locality, if there is one."""

    rows: list[ScoreboardRow]
    knockouts: Knockouts | None
    seconds: dict[str, Any]
    countries: str
    moved: tuple[str, ...] = ()
    own: str = ""

    @property
    def summary(self) -> str:
        """The closing lines; with knock-outs also the processes without effect."""
        lines = f"{self.countries}\n{summary(self.rows)}"
        if self.moved:
            some = "; ".join(self.moved[:3]) + ("; ..." if len(self.moved) > 3 else "")
            lines += f"\nmoved since checks, roles and inputs were frozen: {len(self.moved)} things ({some})"
        if self.knockouts is None:
            return lines
        return f"{lines}\ndecorative processes (dropping them changes nothing): " + (
            ", ".join(self.knockouts.decorative) or "none"
        )


@dataclass(frozen=True)
class _Simulated:
    """The runs of all variants: tasks, outcomes and pools by variant, the countries that were predicted
    without their figures, and the user's own locality and the knock-outs if asked for."""

    tasks: Mapping[str, Sequence[Task]]
    outcomes: Mapping[str, Sequence[Outcome]]
    pools: Mapping[str, Pool]
    left_out: Pool | None
    own: Table | None
    knockouts: Knockouts | None
    seconds: dict[str, float]


def validate(out: Path, settings: ValidationSettings | None = None) -> Validation:
    """Run all variants into `out` and make the checks. The same call continues a stopped validation.

    Writes scoreboard.csv, by_study.parquet (the result of each check in each study), baselines.csv,
    folds.csv, variance.csv, counterfactuals.csv, cases.parquet, factorial.parquet, timelines.parquet,
    published.json, with plausible sets sets.csv (which set each study has), with a locality of the user's own
    own_locality.csv (the columns of cases.parquet) and, with knock-outs, knockouts.csv and
    knockouts_indicators.csv. Finished runs are kept in ``shards/``. Raises UserError as `Store` does.
    """
    settings = settings or ValidationSettings()
    plan = settings.plan()
    simulated = _simulate(out, plan, settings)
    start = time.perf_counter()
    by_study = ByStudy()
    rows = judge_findings(simulated.pools, by_study.keep)
    if simulated.knockouts is not None:
        rows = with_mechanisms(rows, simulated.knockouts.mechanisms)
    write_table(scoreboard_frame(rows), out / SCOREBOARD)
    write_table(by_study.frame(), out / BY_STUDY)
    write_sets(of_replicates(plan.sets, plan.studies), out)
    judged = time.perf_counter()
    countries, own = _write_tables(out, plan, simulated)
    seconds: dict[str, Any] = {
        **simulated.seconds,
        "judging": round(judged - start, 2),
        "tables": round(time.perf_counter() - judged, 2),
        "runs": sum(map(len, simulated.tasks.values())),
        "core_seconds": seconds_by_variant(simulated.outcomes),
    }
    return Validation(rows, simulated.knockouts, seconds, countries, tuple(moved_since_frozen()), own)


def _simulate(out: Path, plan: Plan, settings: ValidationSettings) -> _Simulated:
    """Run what is missing in `out`."""
    start = time.perf_counter()
    workers, progress = settings.workers, settings.progress
    tasks = {variant: plan.tasks(variant) for variant in VARIANTS}
    left_out, own = plan.tasks_of_left_out(), plan.tasks_of_own()
    all_tasks = [*(task for variant in VARIANTS for task in tasks[variant]), *left_out, *own]
    with open_store(out) as store:
        all_outcomes = run_many(all_tasks, workers, progress, store, "simulating the study and its nulls")
        outcomes, first = {}, 0
        for variant in VARIANTS:
            outcomes[variant] = all_outcomes[first : first + len(tasks[variant])]
            first += len(tasks[variant])
        pools = {
            variant: pool_of_variant(plan, variant, tasks[variant], outcomes[variant]) for variant in VARIANTS
        }
        last = first + len(left_out)
        predicted = pool_of_left_out(plan, left_out, all_outcomes[first:last]) if left_out else None
        own_runs = list(zip(own, all_outcomes[last:], strict=True))
        own_table = table_of_runs(plan, OWN, own_runs) if own else None
        simulated = time.perf_counter()
        knockouts = knock_out(plan, pools[MODEL], workers, progress, store) if settings.knockouts else None
    seconds = {
        "simulating": round(simulated - start, 2),
        "knockouts": round(time.perf_counter() - simulated, 2),
    }
    return _Simulated(tasks, outcomes, pools, predicted, own_table, knockouts, seconds)


def _write_tables(out: Path, plan: Plan, simulated: _Simulated) -> tuple[str, str]:
    """Write all tables but the scoreboard; returns the sentences on countries, variance and baselines, and
    the one on the user's own locality."""
    pools = simulated.pools
    scores = baseline_scores(pools[MODEL], simulated.left_out)
    write_table(scores, out / "baselines.csv")
    folds, variance = framework_folds(pools[MODEL]), variance_shares(pools)
    write_table(folds, out / "folds.csv")
    write_table(variance, out / "variance.csv")
    samples = {name: pools[name].all_counterfactuals() for name in (MODEL, INTERACTIONS_OFF)}
    write_table(counterfactuals_frame(samples), out / "counterfactuals.csv")
    cases = localities(plan, pools, EU)
    write_table(cases, out / "cases.parquet")
    write_table(localities(plan, pools, SYNTHETIC), out / "factorial.parquet")
    own = _write_own(out, plan, simulated.own, cases[cases["variant"] == MODEL])
    write_table(timelines(simulated.tasks, simulated.outcomes), out / "timelines.parquet")
    _write_published(out)
    if simulated.knockouts is not None:
        write_table(simulated.knockouts.findings, out / "knockouts.csv")
        write_table(simulated.knockouts.indicators, out / "knockouts_indicators.csv")
    return f"{summary_lines(folds, variance)}\n{baseline_line(scores)}", own


def _write_own(out: Path, plan: Plan, table: Table | None, cases: pd.DataFrame) -> str:
    """Write the user's own locality, or remove an earlier one; returns the sentence on it. `cases`: those of
    the model."""
    if table is None or plan.own is None:
        (out / OWN_TABLE).unlink(missing_ok=True)
        return ""
    rows = np.arange(len(table.values))
    names = np.full(len(rows), plan.own.case, dtype=object)
    frame = _locality_frame(MODEL, Sample(table, rows, rows), names, 1).drop(columns="variant")
    write_text(csv_text(frame), out / OWN_TABLE)
    return own_sentence(frame, cases)


def localities(plan: Plan, pools: Mapping[str, Pool], kind: str) -> pd.DataFrame:
    """All simulated localities of one kind: variant, case, replicate (its study), covariates (labels in
    words), readings.

    The variant 'permuted' has the studies of the model in which covariates are permuted, as they are judged.
    """
    import pandas as pd

    number = len(plan.localities(kind))
    frames = []
    for variant, pool in pools.items():
        table, rows_of = (pool.eu, pool.cases) if kind == EU else (pool.synthetic, pool.cells)
        names = np.empty(len(table.values), dtype=object)
        for name, rows in rows_of.items():
            names[rows] = name
        everything = np.arange(len(names))
        frames.append(_locality_frame(variant, Sample(table, everything, everything), names, number))
        if variant == MODEL:
            studies = [study.eu if kind == EU else study.synthetic for study in pool.studies(permuted=True)]
            rows = np.concatenate([sample.rows for sample in studies])
            covariate_rows = np.concatenate([sample.covariate_rows for sample in studies])
            shown = names[rows if kind == EU else covariate_rows]  # a cell is named after its covariates
            frames.append(_locality_frame(PERMUTED, Sample(table, rows, covariate_rows), shown, number))
    permuted = frames.pop(1)
    return pd.concat([*frames, permuted], ignore_index=True)


def _locality_frame(variant: str, sample: Sample, names: np.ndarray[Any, Any], number: int) -> pd.DataFrame:
    """names: of the localities; number: of localities in a study."""
    import pandas as pd

    columns: dict[str, Any] = {"variant": variant, "case": names}
    columns["replicate"] = np.arange(len(sample)) // number
    columns |= {name: sample[name] for name in LOCATION_COLUMNS}
    columns |= {name: sample[name] for name in COVARIATES}
    for name, words in LABELS.items():
        columns[name] = np.array(words, dtype=object)[columns[name].astype(int)]
    signs = {1.0: "positive", -1.0: "negative"}
    for name in ("structure", "experience"):
        columns[name] = [signs[float(value)] for value in columns[name]]
    columns |= {name: sample.column_or_nan(name) for name in READING_NAMES}
    return pd.DataFrame(columns)


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
