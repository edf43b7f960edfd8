"""Which parameters, conditions and chance move what: sensitivity analysis by SALib's methods.

Factors (`woc_sim.analysis.factors`) are moved over their ranges together; outcomes
(`woc_sim.analysis.sensitivity_outcomes`) are readings of one place, or misfits of findings in whole studies.
The design, the points and the values are kept in the folder, so SALib's own results can be had again at any
time (`read_sensitivity`).

Whether the sample suffices is told by two halves of it that share no run: if they rank the factors in the
same order, so would another sample of the full size (Spearman and Brown's formula gives how well).
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from woc_sim.analysis.factors import (
    ALL_PARAMETERS,
    CHANCE,
    DUMMY,
    contexts,
    factors,
    problem_of_factors,
    rows_of_design,
)
from woc_sim.analysis.ranges import SENSITIVITY
from woc_sim.analysis.salib_methods import (
    METHODS,
    Method,
    analyse,
    complete_rows,
    factor_names,
    least_rows,
    refuse_groups,
)
from woc_sim.analysis.sensitivity_outcomes import FIT, MAIN_WORD, ScreenedOutcome, screened_outcomes
from woc_sim.analysis.sensitivity_record import StoredAnalysis, read_analysis, write_analysis
from woc_sim.analysis.studies import CASES, EXTENTS, PLACE, STUDY, simulated_studies
from woc_sim.analysis.variants import median_locality
from woc_sim.ensemble.arguments import folder_of
from woc_sim.ensemble.readers import read_fields
from woc_sim.ensemble.sampling import points_of_problem, rows_in_block
from woc_sim.ensemble.store import open_store
from woc_sim.errors import UserError
from woc_sim.files import write_table
from woc_sim.scenario.fields import invalid
from woc_sim.scenario.localities import synthetic
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import SYNTHETIC, Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

PEOPLE: Final = 400
SAMPLES: Final[Mapping[str, Mapping[str, int]]] = {
    PLACE: {"morris": 48, "sobol": 256, "pawn": 2048, "delta": 1024, "rbd_fast": 2048},
    STUDY: {"morris": 8, "sobol": 16, "pawn": 200, "delta": 200, "rbd_fast": 200},
}
"""Trajectories (morris), base samples (sobol) or points, where none are given."""
GROUPED_TRAJECTORIES: Final = 96
"""Trajectories on a place where subjects move as one, since each has some twenty runs only."""
SHARES: Final = (0.125, 0.25, 0.5, 1.0)
"""Shares of the sample at which the curve of convergence is calculated."""
FACTORS_IN_CURVE: Final = 6
SMALLEST_SHARE_OF_VARIANCE: Final = 0.05
"""From this share of the variance on, a factor counts as influential (the tick in brackets of Table 8)."""
WIDEST_HALF: Final = 0.1
"""Widest half interval of a share of variance that suffices."""
WIDEST_RELATIVE: Final = 0.25
"""The same for other indices, as a share of the largest, with too few influential factors to be ranked."""
MIN_AGREEMENT: Final = 0.9
"""Rank correlation of two samples from which on the order of the factors counts as known."""
FEWEST_RANKED: Final = 4
"""With fewer influential factors there is no order to speak of; then their intervals decide."""
SUBJECTS: Final = frozenset(one.subject for one in registry().values())

INDICES, OUTCOMES_TABLE, CONVERGENCE = "sensitivity.csv", "outcomes.csv", "convergence.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivitySettings:
    """What is moved, what is looked at, and how.

    ``base``: the scenario; its single locality is the place (none: the median place of the study, or a
    synthetic one if factors of context move). ``samples``: None for the default of the method. ``groups``:
    None lets subjects move as one where all parameters move. ``outcomes``: empty for the main indicators of a
    place, or for the fit of a study.

    Raises UserError for values outside `ranges.SENSITIVITY`.
    """

    method: str = "morris"
    over: tuple[str, ...] = (ALL_PARAMETERS,)
    on: str = PLACE
    outcomes: tuple[str, ...] = ()
    groups: str | None = None
    samples: int | None = None
    people: int = PEOPLE
    seed: int = 1
    base: Scenario | None = None
    workers: int = 2
    progress: bool | None = None

    def __post_init__(self) -> None:
        read_fields(self, SENSITIVITY)
        if not isinstance(self.base, Scenario | None):
            raise invalid("base", self.base, "a Scenario, or None")


@dataclass(frozen=True)
class Sensitivity:
    """A finished analysis.

    ``problem``: of SALib; ``points``: rows of the design; ``values``: one column for each outcome, in the
    same rows. ``results``: SALib's own result of each outcome (`to_df` gives its table), without those that
    have none. ``indices``: one row for each outcome and factor; ``outcomes``: one row for each outcome, with
    whether the sample suffices; ``convergence``: the index of the leading factors at shares of the sample.
    """

    method: Method
    problem: dict[str, Any]
    points: Array
    values: pd.DataFrame
    results: dict[str, Any]
    indices: pd.DataFrame
    outcomes: pd.DataFrame
    convergence: pd.DataFrame


def check_settings(settings: SensitivitySettings) -> tuple[dict[str, Any], list[ScreenedOutcome]]:
    """The problem and the outcomes of the settings; raises UserError for what does not fit together."""
    method = METHODS[settings.method]
    if settings.on == STUDY and any(name in settings.over for name in (*contexts(), "context")):
        raise UserError("over=context changes one place, and a study has its own places; use on=place")
    chosen = factors(settings.over)
    grouping = grouping_of(settings)
    problem = problem_of_factors(chosen, grouping)
    refuse_groups(method, problem)
    base_scenario(settings)
    names = settings.outcomes or ((FIT,) if settings.on == STUDY else (MAIN_WORD,))
    outcomes = screened_outcomes(names, settings.on)
    if method.design == "saltelli" and samples_of(settings) & (samples_of(settings) - 1):
        raise UserError(f"samples={samples_of(settings)} is not a power of 2, which method=sobol needs")
    least = least_rows(method, problem) // rows_in_block(method.design, len(factor_names(problem)))
    if samples_of(settings) < least:
        raise UserError(
            f"samples={samples_of(settings)} is too few for method={method.name}; use {least} or more"
        )
    return problem, outcomes


def grouping_of(settings: SensitivitySettings) -> str:
    """How factors are grouped: as asked for, else by subject where all parameters move and the method can."""
    joint = METHODS[settings.method].groups and ALL_PARAMETERS in settings.over
    return settings.groups or ("subjects" if joint else "none")


def samples_of(settings: SensitivitySettings) -> int:
    """The number of trajectories, base samples or points."""
    grouped = settings.method == "morris" and settings.on == PLACE and grouping_of(settings) != "none"
    return settings.samples or (GROUPED_TRAJECTORIES if grouped else SAMPLES[settings.on][settings.method])


def sensitivity(out: Path, settings: SensitivitySettings | None = None) -> Sensitivity:
    """Run the design and write its tables into `out`; finished runs are kept, so the same call resumes.

    Writes sensitivity.csv, outcomes.csv, convergence.csv, and for SALib problem.json, points.parquet and
    values.parquet. Raises UserError as `check_settings` and as the store.
    """
    settings = settings or SensitivitySettings()
    problem, outcomes = check_settings(settings)
    points = points_of_problem(METHODS[settings.method].design, problem, samples_of(settings), settings.seed)
    values = simulated_values(out, settings, problem, points, outcomes)
    found = analysed(METHODS[settings.method], problem, points, values, outcomes, settings.seed)
    _write(out, found, settings)
    return found


def base_scenario(settings: SensitivitySettings) -> Scenario:
    """The scenario that the design changes."""
    base = settings.base or Scenario(())
    places = base.localities
    if settings.on == STUDY:
        places = ()
    elif not places and any(name in settings.over for name in (*contexts(), "context")):
        places = (synthetic(),)
    elif not places:
        places = (replace(median_locality(), name=SYNTHETIC),)
    if len(places) > 1:
        raise UserError(f"the place is {len(places)} localities; give one")
    return replace(base, localities=places, people=settings.people, seed=settings.seed)


def extent_of(on: str, outcomes: Sequence[ScreenedOutcome]) -> str:
    """What has to be simulated at each point: the place, or as much of a study as the outcomes need."""
    if on == PLACE:
        return PLACE
    return max((CASES, *(each.extent for each in outcomes)), key=EXTENTS.index)


def simulated_values(
    out: Path,
    settings: SensitivitySettings,
    problem: Mapping[str, Any],
    points: Array,
    outcomes: Sequence[ScreenedOutcome],
) -> pd.DataFrame:
    """The outcomes at every point, one column each; nan where an outcome is missing."""
    import pandas as pd

    method = METHODS[settings.method]
    block = rows_in_block(method.design, len(factor_names(problem))) if method.design == "morris" else 0
    base = base_scenario(settings)
    extent = extent_of(settings.on, outcomes)
    wanted = (
        (row.scenario, row.replicate)
        for number in range(len(points))
        for row in rows_of_design(base, problem["names"], points[number : number + 1], number, block)
    )
    with open_store(out) as store:
        studies = simulated_studies(
            wanted, len(points), extent, settings.workers, settings.progress, store, "points"
        )
        found = [[each.value(study) for each in outcomes] for study in studies]
    return pd.DataFrame(found, columns=[each.name for each in outcomes], dtype=float)


def analysed(
    method: Method,
    problem: dict[str, Any],
    points: Array,
    values: pd.DataFrame,
    outcomes: Sequence[ScreenedOutcome],
    seed: int,
) -> Sensitivity:
    """The analysis of values that are known at all points."""
    import pandas as pd

    results, frames, rows, curves = {}, [], [], []
    for outcome in outcomes:
        column = values[outcome.name].to_numpy(dtype=float)
        kept = complete_rows(method, problem, column)
        row: dict[str, Any] = {
            "outcome": outcome.name,
            "unit": outcome.unit,
            "meaning": outcome.meaning,
            "role": outcome.role,
            "method": method.name,
            "rows": int(kept.sum()),
            "missing": int((~kept).sum()),
            "influential": 0,
            "agreement": math.nan,
            "widest_half": math.nan,
            "suffices": False,
        }
        rows.append(row)
        try:
            result = analyse(method, problem, points[kept], column[kept], seed)
        except ValueError as error:
            row["told"] = f"no index: {error if kept.any() else 'it is missing in all rows'}"
            continue
        results[outcome.name] = result
        table = index_table(method, problem, result).assign(outcome=outcome.name, unit=outcome.unit)
        frames.append(table)
        row |= sufficiency(method, problem, points[kept], column[kept], seed, table)
        curves.append(_curve(method, problem, points[kept], column[kept], seed, table, outcome.name))
    indices = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    convergence = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame()
    return Sensitivity(method, problem, points, values, results, indices, pd.DataFrame(rows), convergence)


def index_table(method: Method, problem: Mapping[str, Any], result: Any) -> pd.DataFrame:
    """SALib's table of one outcome with the columns factor, members (of a group), index and half_width (the
    method's leading index and half of its 95 % interval), floor and influential before it; strongest factor
    first.

    A factor is influential if the lower end of its interval is above the floor: the effect of chance
    (morris), a twentieth of the variance (sobol), or the upper end of the dummy's interval (methods of given
    data, which give a dummy more than 0).
    """
    import pandas as pd

    names = factor_names(problem)
    numbers = {
        key: np.asarray(column, dtype=float)
        for key, column in result.items()
        if key not in ("names", "notes") and np.shape(column) == (len(names),)
    }
    frame = pd.DataFrame({"method": method.name, "factor": names})
    members = list(problem.get("groups") or problem["names"])
    frame["members"] = [members.count(name) for name in names]
    frame["index"], frame["half_width"] = numbers[method.index], numbers[method.interval]
    by_name = dict(zip(names, zip(frame["index"], frame["half_width"], strict=True), strict=True))
    if method.name == "morris":
        floor = float(by_name[CHANCE][0])
    elif method.name == "sobol":
        floor = SMALLEST_SHARE_OF_VARIANCE
    else:
        floor = float(np.nansum(by_name[DUMMY]))
    frame["floor"] = floor
    frame["influential"] = (frame["index"] - frame["half_width"] > floor) & (frame["factor"] != DUMMY)
    frame = pd.concat([frame, pd.DataFrame(numbers)], axis=1)
    return frame.sort_values("index", ascending=False, kind="stable", ignore_index=True)


def sufficiency(
    method: Method, problem: Mapping[str, Any], points: Array, values: Array, seed: int, table: pd.DataFrame
) -> dict[str, Any]:
    """Whether the sample suffices, and why: influential, agreement (rank correlation to be expected between
    two samples of this size), widest_half (of the influential factors), suffices, told (a sentence)."""
    strong = table[table["influential"]]
    ranked = strong["factor"].tolist()
    widest = float(strong["half_width"].max()) if len(strong) else float(table["half_width"].max())
    agreement = _agreement(method, problem, points, values, seed, ranked)
    if method.of_variance:
        enough = widest <= WIDEST_HALF
        why = f"influential factors are known to ±{widest:.2g} or better (±{WIDEST_HALF:g} needed)"
    elif math.isfinite(agreement):
        enough = agreement >= MIN_AGREEMENT
        why = (
            f"two such samples would rank the {len(ranked)} influential factors with a correlation of "
            f"{agreement:.2f} ({MIN_AGREEMENT:g} needed)"
        )
    else:
        relative = widest / float(table["index"].max())
        enough = relative <= WIDEST_RELATIVE
        why = (
            f"{len(ranked)} influential factors, known to ±{relative:.0%} of the strongest or better "
            f"(±{WIDEST_RELATIVE:.0%} needed)"
        )
    return {
        "influential": len(ranked),
        "agreement": agreement,
        "widest_half": widest,
        "suffices": bool(enough),
        "told": f"{'the sample suffices' if enough else 'the sample does not suffice'}: {why}",
    }


def _agreement(
    method: Method, problem: Mapping[str, Any], points: Array, values: Array, seed: int, ranked: Sequence[str]
) -> float:
    """Rank correlation that two samples of this size would have, from two halves of the sample."""
    from scipy.stats import spearmanr

    block = rows_in_block(method.design, len(factor_names(problem)))
    half = len(values) // block // 2 * block
    if len(ranked) < FEWEST_RANKED or half < least_rows(method, problem):
        return math.nan
    found = []
    for part in (slice(0, half), slice(len(values) - half, len(values))):
        try:
            result = analyse(method, problem, points[part], values[part], seed, resamples=2)
        except ValueError:
            return math.nan
        index = dict(zip(factor_names(problem), map(float, result[method.index]), strict=True))
        found.append([index[name] for name in ranked])
    correlation = float(spearmanr(*found).statistic)
    return 2 * correlation / (1 + correlation) if correlation > 0 else correlation


def _curve(
    method: Method,
    problem: Mapping[str, Any],
    points: Array,
    values: Array,
    seed: int,
    table: pd.DataFrame,
    outcome: str,
) -> pd.DataFrame:
    """The index of the leading factors at shares of the sample, with its interval."""
    import pandas as pd

    block = rows_in_block(method.design, len(factor_names(problem)))
    leading = table["factor"].tolist()[:FACTORS_IN_CURVE]
    rows = []
    for share in SHARES:
        count = round(len(values) // block * share) * block
        if count < least_rows(method, problem):
            continue
        try:
            result = analyse(method, problem, points[:count], values[:count], seed)
        except ValueError:
            continue
        at = {name: position for position, name in enumerate(factor_names(problem))}
        rows += [
            {
                "outcome": outcome,
                "factor": name,
                "share": share,
                "rows": count,
                "index": float(result[method.index][at[name]]),
                "half_width": float(result[method.interval][at[name]]),
            }
            for name in leading
        ]
    return pd.DataFrame(rows)


def _write(out: Path, found: Sensitivity, settings: SensitivitySettings) -> None:
    for table, name in (
        (found.indices, INDICES),
        (found.outcomes, OUTCOMES_TABLE),
        (found.convergence, CONVERGENCE),
    ):
        write_table(table, out / name)
    record = {"method": found.method.name, "seed": settings.seed, "on": settings.on, "problem": found.problem}
    write_analysis(out, msgspec.convert(record, StoredAnalysis), found.points, found.values)


def read_sensitivity(folder: str | os.PathLike[str]) -> Sensitivity:
    """The analysis in a folder, with SALib's own results, calculated again from the points and values in it.

    Raises UserError if the folder holds no finished analysis, or if a file of it is damaged.
    """
    record, points, values = read_analysis(folder_of("folder", folder))
    outcomes = screened_outcomes(list(values.columns), record.on)
    return analysed(METHODS[record.method], record.salib_problem(), points, values, outcomes, record.seed)


def sentences(found: Sensitivity) -> list[str]:
    """One sentence for each outcome: what moves it, and whether the sample suffices."""
    told = []
    for row in found.outcomes.to_dict("records"):
        if row["outcome"] not in found.results:
            told.append(f"{row['outcome']}: {row['told']}")
            continue
        table = found.indices[found.indices["outcome"] == row["outcome"]]
        strong = table[table["influential"]].head(3)
        unit = "" if found.method.of_variance or found.method.name in ("pawn", "delta") else f" {row['unit']}"
        names = ", ".join(
            f"{one.factor} {one.index_:.3g} ±{one.half_width:.2g}"
            for one in strong.rename(columns={"index": "index_"}).itertuples()
        )
        what = f"moved most by {names}{unit}" if names else "moved by no factor beyond the floor"
        missing = f"; {row['missing']} rows left out, because it is missing there" if row["missing"] else ""
        told.append(f"{row['outcome']}: {what}; {row['told']}{missing}")
    return told


def next_step(found: Sensitivity) -> str:
    """The command's next step where groups were screened: the members of those that matter; empty if none."""
    if found.problem.get("groups") is None or not len(found.indices):
        return ""
    strong = found.indices[found.indices["influential"] & (found.indices["members"] > 1)]
    names = [name for name in dict.fromkeys(strong["factor"]) if name in SUBJECTS]
    return f"next: over={','.join(names)} groups=none tells which of their parameters matter" if names else ""
