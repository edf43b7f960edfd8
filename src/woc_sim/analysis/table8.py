"""Table 8 of the final paper: what matters for what.

The paper gives a tick, a tick in brackets or a cross to structure, experience, size and politics in six rows.
The model has two answers:

* **by design** (`designed_shares`): in a place whose structure, experience, size, politics and country, the
  parameters and the random draws are moved independently, the share of the variance of a row that each takes
  (Sobol indices, alone and with interactions), on what the instruments read and on the true state;
* **as the authors saw it** (`study_shares`): the share of the variance within countries in whole simulated
  studies (Shapley values of a regression), and from it the 24 marks.

Marks are compared by the number of hits and by Cohen's kappa with linear weights, beside a reader who knows
only how often each mark stands in each column and writes the commonest (`commonest_marks`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.factors import ALL_CONTEXT, ALL_PARAMETERS
from woc_sim.analysis.ranges import COMPARED_STUDIES
from woc_sim.analysis.replication import (
    FACTORS,
    OUTCOMES,
    READINGS_OF_OUTCOME,
    TICK,
    between_countries,
    factor_shares,
    published_marks,
    table8_mark,
)
from woc_sim.analysis.salib_methods import analyse, complete_rows, factor_names
from woc_sim.analysis.sensitivity import Sensitivity, SensitivitySettings, base_scenario, sensitivity
from woc_sim.analysis.sensitivity_outcomes import TABLE8
from woc_sim.analysis.studies import CASES, PLACE, STUDY, simulated_studies
from woc_sim.analysis.study import LATENT_COLUMNS, Study
from woc_sim.ensemble.store import open_store
from woc_sim.files import write_table

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

INSTRUMENT, TRUE_STATE = "instrument", "true state"
A_STUDY, MEAN_OF_STUDIES, COMMONEST = "a study", "mean of the studies", "commonest mark of each column"
STUDIES: Final = 24
SAMPLES: Final = 512
MARK_WORDS: Final = ("cross", "bracket", "tick")
SHARES_TABLE, STUDIES_TABLE, MARKS_TABLE = "table8.csv", "table8_studies.csv", "table8_marks.csv"


@dataclass(frozen=True)
class Table8:
    """``shares``: by design; ``studies``: as the authors saw it; ``marks``: hits and kappa of the model, of
    the mean over studies, and of the commonest marks; ``sensitivity``: the analysis behind the shares."""

    shares: pd.DataFrame
    studies: pd.DataFrame
    marks: pd.DataFrame
    sensitivity: Sensitivity


def table8_settings(settings: SensitivitySettings) -> SensitivitySettings:
    """The settings with the design of Table 8: Sobol over context and parameters, by its columns."""
    return replace(
        settings,
        method="sobol",
        over=(ALL_CONTEXT, ALL_PARAMETERS),
        on=PLACE,
        outcomes=(TABLE8,),
        groups="table8",
        samples=settings.samples or SAMPLES,
    )


def table8(out: Path, settings: SensitivitySettings, studies: int = STUDIES) -> Table8:
    """Simulate both answers into `out` and write table8.csv, table8_studies.csv and table8_marks.csv, beside
    the files of `sensitivity`. The same call resumes. Raises UserError for fewer than two studies."""
    studies = COMPARED_STUDIES("studies", studies)
    settings = table8_settings(settings)
    found = sensitivity(out, settings)
    shares = designed_shares(found, settings.seed)
    base = base_scenario(replace(settings, on=STUDY, over=(), base=None))
    points = [(base, number) for number in range(studies)]
    with open_store(out) as store:
        simulated = list(
            simulated_studies(
                points, studies, CASES, settings.workers, settings.progress, store, "whole studies"
            )
        )
    seen, marks = study_shares(simulated), agreement_of_marks(simulated)
    for table, name in ((shares, SHARES_TABLE), (seen, STUDIES_TABLE), (marks, MARKS_TABLE)):
        write_table(table, out / name)
    return Table8(shares, seen, marks, found)


def designed_shares(found: Sensitivity, seed: int) -> pd.DataFrame:
    """The share of the variance of each row that each group of factors takes.

    Columns: row, source (`INSTRUMENT` or `TRUE_STATE`), factor, share (alone) and total (with interactions)
    with low and high (90 % of bootstraps), p_share and p_total (share of the bootstraps in which it is .10 or
    more), base_samples. A row with two readings has the mean of both. nan where a reading does not vary.
    """
    import pandas as pd

    names = factor_names(found.problem)
    rows: list[dict[str, Any]] = []
    for row in OUTCOMES:
        for source in (INSTRUMENT, TRUE_STATE):
            readings = [_source_of(name, source) for name in READINGS_OF_OUTCOME[row]]
            values = found.values[readings].to_numpy(dtype=float)
            kept = np.logical_and.reduce(
                [complete_rows(found.method, found.problem, values[:, each]) for each in range(len(readings))]
            )
            shares = [_sobol(found, values[kept, each], kept, seed) for each in range(len(readings))]
            for position, factor in enumerate(names):
                cell: dict[str, Any] = {"row": row, "source": source, "factor": factor}
                for kind, index in (("share", "S1"), ("total", "ST")):
                    point = float(np.mean([each[index][position] for each in shares]))
                    draws = np.mean([each[f"{index}_conf_all"][:, position] for each in shares], axis=0)
                    cell[kind] = point
                    cell[f"{kind}_low"], cell[f"{kind}_high"] = np.quantile(draws, (0.05, 0.95))
                    cell[f"p_{kind}"] = float(np.mean(draws >= TICK)) if math.isfinite(point) else math.nan
                cell["base_samples"] = int(kept.sum()) // (len(names) + 2)
                rows.append(cell)
    return pd.DataFrame(rows)


def _source_of(reading: str, source: str) -> str:
    return reading if source == INSTRUMENT else LATENT_COLUMNS.get(reading, reading)


def _sobol(found: Sensitivity, values: Array, kept: Array, seed: int) -> Mapping[str, Array]:
    """Sobol indices with their bootstrap samples; all nan where there is nothing to decompose."""
    try:
        result: Mapping[str, Array] = analyse(
            found.method, found.problem, found.points[kept], values, seed, keep_resamples=True
        )
    except ValueError:
        count = len(factor_names(found.problem))
        missing = {f"{index}_conf_all": np.full((1, count), np.nan) for index in ("S1", "ST")}
        return {"S1": np.full(count, np.nan), "ST": np.full(count, np.nan), **missing}
    return result


def study_shares(studies: Sequence[Study]) -> pd.DataFrame:
    """The shares of the variance of each row in simulated studies, as the authors could have seen them.

    Columns: row, source, factor (those of Table 8: share of the variance within countries; 'country': share
    of the whole variance that lies between countries), share (mean over studies), low and high (90 % of the
    studies), p_share (share of the studies in which it is .10 or more), mark (of the mean) and published.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for source in (INSTRUMENT, TRUE_STATE):
        chosen = studies if source == INSTRUMENT else [study.latent() for study in studies]
        for row in OUTCOMES:
            within = np.array([factor_shares(study)[row] for study in chosen])
            between = [
                np.mean([between_countries(study.eu, name) for name in READINGS_OF_OUTCOME[row]])
                for study in chosen
            ]
            for factor, draws in zip((*FACTORS, "country"), (*within.T, np.array(between)), strict=True):
                draws = draws[np.isfinite(draws)]
                share = float(draws.mean()) if len(draws) else math.nan
                low, high = np.quantile(draws, (0.05, 0.95)) if len(draws) else (math.nan, math.nan)
                known = factor in FACTORS and math.isfinite(share)
                rows.append(
                    {
                        "row": row,
                        "source": source,
                        "factor": factor,
                        "share": share,
                        "low": float(low),
                        "high": float(high),
                        "p_share": float(np.mean(draws >= TICK)) if len(draws) else math.nan,
                        "mark": MARK_WORDS[table8_mark(share)] if known else "",
                        "published": MARK_WORDS[published_marks()[factor][row]] if factor in FACTORS else "",
                        "studies": len(draws),
                    }
                )
    return pd.DataFrame(rows)


def agreement_of_marks(studies: Sequence[Study]) -> pd.DataFrame:
    """How well marks agree with the published 24.

    Columns: source, who ('a study', 'mean of the studies' or 'commonest mark of each column'), hits and kappa
    (linear weights; medians over studies), with low and high (90 % of the studies), n, and p_above (share of
    the studies with more hits than the commonest marks have).
    """
    import pandas as pd

    target = _marks_in_order(published_marks())
    guess = commonest_marks()
    guess_hits = int((guess == target).sum())
    rows: list[dict[str, Any]] = []
    for source in (INSTRUMENT, TRUE_STATE):
        chosen = studies if source == INSTRUMENT else [study.latent() for study in studies]
        shares = np.array([[factor_shares(study)[row] for row in OUTCOMES] for study in chosen])
        marks = [_marks_of_shares(each) for each in shares]
        hits = np.array([int((each == target).sum()) for each in marks])
        kappas = np.array([weighted_kappa(each, target) for each in marks])
        pooled = _marks_of_shares(shares.mean(axis=0))
        rows.append(
            {
                "source": source,
                "who": A_STUDY,
                "hits": float(np.median(hits)),
                "mean_hits": float(hits.mean()),
                "hits_low": float(np.quantile(hits, 0.05)),
                "hits_high": float(np.quantile(hits, 0.95)),
                "kappa": float(np.median(kappas)),
                "kappa_low": float(np.quantile(kappas, 0.05)),
                "kappa_high": float(np.quantile(kappas, 0.95)),
                "n": len(studies),
                "p_above": float(np.mean(hits > guess_hits)),
            }
        )
        rows.append(
            {
                "source": source,
                "who": MEAN_OF_STUDIES,
                "hits": float((pooled == target).sum()),
                "kappa": weighted_kappa(pooled, target),
                "n": 1,
            }
        )
    rows.append(
        {
            "source": "",
            "who": COMMONEST,
            "hits": float(guess_hits),
            "kappa": weighted_kappa(guess, target),
            "n": 1,
        }
    )
    return pd.DataFrame(rows)


def commonest_marks() -> Array:
    """The commonest mark of each column of Table 8 in all its rows, in the order of `_marks_in_order`.

    Of equally common marks the one is taken that is nearest to the column's marks, so that the comparison is
    the hardest one.
    """
    found = []
    for factor in FACTORS:
        marks = list(published_marks()[factor].values())
        best = min(range(3), key=lambda mark: (-marks.count(mark), sum(abs(mark - each) for each in marks)))
        found += [best] * len(OUTCOMES)
    return np.array(found)


def weighted_kappa(found: Array, target: Array) -> float:
    """Cohen's kappa of two sets of marks (0 to 2), linearly weighted: 1 for equal marks, 0 for agreement by
    chance. Source: Cohen 1968."""
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(target, found, labels=[0, 1, 2], weights="linear"))


def _marks_in_order(marks: Mapping[str, Mapping[str, int]]) -> Array:
    """Marks by column, then by row."""
    return np.array([marks[factor][row] for factor in FACTORS for row in OUTCOMES])


def _marks_of_shares(shares: Array) -> Array:
    """Marks of shares (rows, columns of the table), by column, then by row."""
    return np.array([table8_mark(float(share)) for share in shares.T.ravel()])


def sentences(found: Table8) -> list[str]:
    """What the design says of each row, and how well the marks agree."""
    told = []
    design = found.shares[(found.shares["source"] == INSTRUMENT) & (found.shares["factor"] != "dummy")]
    for row in OUTCOMES:
        cells = design[design["row"] == row].sort_values("total", ascending=False, kind="stable")
        records: list[dict[str, Any]] = cells.to_dict("records")  # type: ignore[assignment]
        names = ", ".join(
            f"{one['factor']} {one['total']:.2f} ({one['total_low']:.2f} to {one['total_high']:.2f})"
            for one in records[:3]
        )
        sure = [str(one["factor"]) for one in records if one["p_share"] >= 0.95]
        alone = f"alone, at least .10 surely: {', '.join(sure)}" if sure else "none surely has .10 alone"
        told.append(f"{row}: largest shares with interactions {names}; {alone}")
    return [*told, marks_in_words(found.marks)]


def marks_in_words(marks: pd.DataFrame) -> str:
    """How many of the 24 marks are hit, by whom."""
    records: list[dict[str, Any]] = marks.to_dict("records")  # type: ignore[assignment]
    named = {(one["source"], one["who"]): one for one in records}
    study, pooled = (named[INSTRUMENT, who] for who in (A_STUDY, MEAN_OF_STUDIES))
    guess = named["", COMMONEST]
    return (
        f"Marks of Table 8: a simulated study hits {study['mean_hits']:.1f} of 24 "
        f"({study['hits_low']:.0f} to {study['hits_high']:.0f}; kappa {study['kappa']:.2f}, "
        f"{study['kappa_low']:.2f} to {study['kappa_high']:.2f}), the mean of {study['n']} studies "
        f"{pooled['hits']:.0f} (kappa "
        f"{pooled['kappa']:.2f}); writing the commonest mark of each column hits {guess['hits']:.0f} (kappa "
        f"{guess['kappa']:.2f})"
    )
