"""Rival theories, ranked by what the evidence says of them.

Each rival is set against the others of its subject, everything else at its default (or all combinations of
some subjects, the joint grid). All rivals are simulated in the same replicates of the 40 cases and judged by

* **fit**: the mean distance of the fit statistics from the published ones, in standard errors of these. An
  interval holds both the chance of the simulation (studies drawn again) and the error of the published
  numbers (drawn from their covariance);
* **prediction**: the error (CRPS) of the policy scores of a country, after one offset that is fitted on the
  other countries. An interval is that of the cases, drawn again inside their countries.

Without plausible sets, all rivals have the default parameters, which were chosen under the default theories.
So a rival that does worse may only need other parameters. `RivalSets` gives each rival sets of its own.

`observations` says what would tell two rivals apart: for each reading the expected difference between them,
over the error that a study like this one has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.fit_statistics import observation_covariance, published_values, simulated
from woc_sim.analysis.ranges import THEORIES
from woc_sim.analysis.reach_of_rivals import reach_of_rivals, summary
from woc_sim.analysis.reach_of_rivals import sentences as reach_sentences
from woc_sim.analysis.replication import published
from woc_sim.analysis.resampling import resamples, resamples_inside, standard_normals
from woc_sim.analysis.rival_theories import (
    JOINT,
    NO_RULES,
    NO_SETS,
    PACKAGE,
    Rival,
    RivalSets,
    distinct,
    rivals_named,
)
from woc_sim.analysis.studies import CASES, simulated_studies
from woc_sim.analysis.study import Study
from woc_sim.ensemble.folders import write_own_rules
from woc_sim.ensemble.plausible import with_set
from woc_sim.ensemble.readers import read_values
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.warm import ensure_own_rules
from woc_sim.files import write_table
from woc_sim.instruments.readings import READINGS
from woc_sim.scenario.fields import invalid
from woc_sim.scenario.own_rules import OwnRule
from woc_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

STUDIES: Final = 12
PEOPLE: Final = 500
DEFAULT: Final = "default"
BOOTSTRAPS: Final = 1000
QUANTILES: Final = (0.05, 0.95)
CLEAR: Final = 2.0
"""From so many standard errors on, one new study would show a difference."""
KEPT_PER_PAIR: Final = 12
"""Observations kept for each pair of rivals."""
OBSERVED: Final = tuple(one.name for one in READINGS if not one.name.startswith("latent_"))
"""What a new study could read: the readings of the instruments, not the true state."""
RANKING, PAIRS, OBSERVATIONS = "theories.csv", "pairs.csv", "observations.csv"
REACHED, RIVALS_REACH = "reach.csv", "rivals_reach.csv"
PREFERS, CANNOT_TELL, DISAGREE = (
    "the evidence prefers",
    "the evidence cannot tell them apart",
    "fit and prediction disagree",
)


@dataclass(frozen=True)
class Theories:
    """``ranking``: one row for each rival; ``pairs``: one for each pair that was compared;
    ``observations``: what would tell the pairs apart, largest first; ``parameters``: which parameters the
    rivals have, in a sentence; ``reached``: what each rival can reach (`reach_of_rivals.summary`), empty if
    it was not asked for."""

    ranking: pd.DataFrame
    pairs: pd.DataFrame
    observations: pd.DataFrame
    parameters: str
    reached: pd.DataFrame


def theories(
    out: Path,
    subjects: Sequence[str] = (),
    grid: str = "alone",
    studies: int = STUDIES,
    people: int = PEOPLE,
    seed: int = 1,
    workers: int = 2,
    progress: bool | None = None,
    sets: RivalSets = NO_SETS,
    reach: int = 0,
    own: Mapping[str, Sequence[OwnRule]] = NO_RULES,
    packages: Sequence[str] = (),
) -> Theories:
    """Simulate the rivals into `out` and write theories.csv, pairs.csv and observations.csv. The same call
    resumes. Study r of a rival has the set that its plausible sets give to r. reach: points of the ranges at
    which each rival is judged, for reach.csv and rivals_reach.csv; 0 for none. own: rules of one's own that
    are rivals too, by subject; their texts are kept in `out`. packages: those of the grid of packages, all if
    empty. Raises UserError as `rivals_named` and `ensure_own_rules`, and for values outside
    `ranges.THEORIES`."""
    subjects, grid, packages, studies, people, seed, workers, reach = read_values(
        THEORIES,
        subjects=subjects,
        grid=grid,
        packages=packages,
        studies=studies,
        people=people,
        seed=seed,
        workers=workers,
        reach=reach,
    )
    if not isinstance(sets, RivalSets):
        raise invalid("sets", sets, "RivalSets, as sets_of_rivals gives them")
    chosen = rivals_named(subjects, grid, own, packages)
    base = Scenario((), people=people, seed=seed)
    studies_of_rival: dict[tuple[tuple[str, str], ...], list[Study]] = {}
    ensure_own_rules(replace(base, theories=one.theories) for one in chosen)
    with open_store(out) as store:
        write_own_rules([rule for rules in own.values() for rule in rules], out)
        for rival in distinct(chosen):
            changed, world = rival.changed, replace(base, theories=rival.theories)
            its_sets = sets.of(changed)
            points = [(with_set(world, its_sets, number), number) for number in range(studies)]
            found_studies = simulated_studies(
                points, studies, CASES, workers, progress, store, f"{rival.title}, studies"
            )
            studies_of_rival[changed] = list(found_studies)
        reached = reach_of_rivals(chosen, base, reach, workers, progress, store) if reach else None
    found = compared(chosen, studies_of_rival, seed, sets)
    if reached is not None:
        found = replace(found, reached=summary(reached, chosen))
        write_table(reached, out / REACHED)
        write_table(found.reached, out / RIVALS_REACH)
    for table, name in ((found.ranking, RANKING), (found.pairs, PAIRS), (found.observations, OBSERVATIONS)):
        write_table(table, out / name)
    return found


def compared(
    chosen: Sequence[Rival],
    studies: Mapping[tuple[tuple[str, str], ...], Sequence[Study]],
    seed: int,
    sets: RivalSets = NO_SETS,
) -> Theories:
    """The ranking, the pairs and the observations of rivals from their studies, by `Rival.changed`."""
    import pandas as pd

    fit = fit_draws(studies, seed)
    errors, country = country_out_errors(studies)
    prediction = prediction_draws(errors, country, seed)
    ranking = []
    for rival in chosen:
        key = rival.changed
        rest = [one.changed for one in chosen if one.subject == rival.subject]
        row: dict[str, Any] = {"subject": rival.subject, "theory": rival.name, "default": rival.is_default}
        row |= _with_interval("fit", fit[key])
        row |= _with_interval("crps", prediction[key])
        row["p_best_fit"] = _share_best(fit, key, rest)
        row["p_best_crps"] = _share_best(prediction, key, rest)
        row["studies"] = len(studies[key])
        ranking.append(row)
    table = pd.DataFrame(ranking)
    order = ["subject", "fit"]
    table = table.sort_values(order, key=lambda c: _order(c, chosen), kind="stable", ignore_index=True)
    pairs, observed = [], []
    contrasts = {key: contrast_estimates(each) for key, each in studies.items()}
    for first, second in pairs_of(chosen, table):
        pair = pair_row(first, second, fit, prediction)
        found = observations(first, second, contrasts[first.changed], contrasts[second.changed])
        pairs.append(pair)
        observed.append(found)
    told = pd.concat(observed, ignore_index=True)
    return Theories(table, pd.DataFrame(pairs), told, sets.sentence, pd.DataFrame())


def _order(column: pd.Series[Any], chosen: Sequence[Rival]) -> Any:
    """Subjects in the order of the catalogue, numbers as they are."""
    subjects = list(dict.fromkeys(one.subject for one in chosen))
    return column.map(subjects.index) if column.name == "subject" else column


def pairs_of(chosen: Sequence[Rival], ranking: pd.DataFrame) -> list[tuple[Rival, Rival]]:
    """All pairs inside a subject; in the joint grid the best fit against each other combination, and for
    packages the default against each of them."""
    if chosen[0].subject == PACKAGE:
        return [(chosen[0], one) for one in chosen[1:]]
    if chosen[0].subject != JOINT:
        return [
            pair
            for subject in dict.fromkeys(one.subject for one in chosen)
            for pair in combinations([one for one in chosen if one.subject == subject], 2)
        ]
    best = next(one for one in chosen if one.name == ranking["theory"].iloc[0])
    return [(best, one) for one in chosen if one is not best]


# --- fit and prediction


def fit_draws(studies: Mapping[Any, Sequence[Study]], seed: int) -> dict[Any, Array]:
    """Mean distance of the fit statistics from the published ones, in standard errors: the value, then one
    draw for each bootstrap.

    A statistic that is missing in all studies of a rival is left out for all rivals. Draws are centred on the
    value, because errors added to the published numbers make every distance longer.
    """
    target, covariance = published_values(), observation_covariance()
    error = np.sqrt(np.diag(covariance))
    values = {key: np.array([simulated(study) for study in own]) for key, own in studies.items()}
    known = np.logical_and.reduce([np.isfinite(each).any(axis=0) for each in values.values()])
    size, vectors = np.linalg.eigh(covariance)
    normal = standard_normals("errors of the fit statistics", seed, BOOTSTRAPS, len(target))
    noise = normal * np.sqrt(np.maximum(size, 0.0)) @ vectors.T
    number = min(len(own) for own in values.values())
    picks = resamples("studies of rivals", seed, BOOTSTRAPS, number)

    def distance(simulated_mean: Array, shift: Array) -> Array:
        distances = np.abs(simulated_mean - target - shift) / error
        mean: Array = np.mean(distances[..., known], axis=-1)
        return mean

    found = {}
    for key, own in values.items():
        draws = distance(_mean_known(own[picks], axis=1), noise)
        value = float(distance(_mean_known(own, axis=0), 0.0 * error))
        found[key] = np.concatenate([[value], value + draws - draws.mean()])
    return found


def _mean_known(values: Array, axis: int) -> Array:
    """Mean without missing values; nan where all are missing."""
    finite = np.isfinite(values)
    count = finite.sum(axis=axis)
    total = np.where(finite, values, 0.0).sum(axis=axis)
    mean: Array = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def country_out_errors(studies: Mapping[Any, Sequence[Study]]) -> tuple[dict[Any, Array], Array]:
    """CRPS of the policy score of each western case, and the country of each.

    The draws of a case are its scores in the studies, plus the mean residual of the cases of all other
    countries. CRPS has the fair correction for the number of draws (Gneiting & Raftery 2007; Ferro 2014).
    """
    truth = published().west
    score, country = truth["mipex_total"], truth["country"]
    found = {}
    for key, own in studies.items():
        draws = np.array([study.west["mipex_total"] for study in own]).T
        residual = score - _mean_known(draws, axis=1)
        offset = np.array([residual[country != code].mean() for code in country])
        found[key] = _crps_by_case(score, draws + offset[:, None])
    return found, country


def _crps_by_case(score: Array, draws: Array) -> Array:
    """Fair CRPS of each case; draws: (cases, draws)."""
    n = draws.shape[1]
    from_score = np.abs(draws - score[:, None]).mean(axis=1)
    among = np.abs(draws[:, :, None] - draws[:, None, :]).sum(axis=(1, 2)) / (n * (n - 1))
    crps: Array = from_score - among / 2
    return crps


def prediction_draws(errors: Mapping[Any, Array], country: Array, seed: int) -> dict[Any, Array]:
    """Mean CRPS: the value, then one draw for each bootstrap of the cases inside their countries, the same
    cases for all rivals."""
    picks = resamples_inside("cases of rivals", seed, BOOTSTRAPS, country)
    return {key: np.concatenate([[each.mean()], each[picks].mean(axis=1)]) for key, each in errors.items()}


def _with_interval(name: str, draws: Array) -> dict[str, float]:
    low, high = np.quantile(draws[1:], QUANTILES)
    return {name: float(draws[0]), f"{name}_low": float(low), f"{name}_high": float(high)}


def _share_best(draws: Mapping[Any, Array], key: Any, rest: Sequence[Any]) -> float:
    """Share of the bootstraps in which a rival has the smallest value of its subject."""
    smallest = np.min([draws[other][1:] for other in rest], axis=0)
    return float(np.mean(draws[key][1:] <= smallest))


def pair_row(
    first: Rival, second: Rival, fit: Mapping[Any, Array], prediction: Mapping[Any, Array]
) -> dict[str, Any]:
    """How two rivals differ: second minus first, so a positive number speaks for the first.

    ``by_fit`` and ``by_prediction`` name the rival that the 90 % interval prefers (empty: none). ``verdict``:
    `PREFERS` and a name if one of them names it and the other names no other rival, `CANNOT_TELL` if neither
    names one, `DISAGREE` otherwise; `PREFERS` says by which.
    """
    row: dict[str, Any] = {"subject": first.subject, "first": first.name, "second": second.name}
    names = []
    for word, draws in (("fit", fit), ("crps", prediction)):
        difference = draws[second.changed] - draws[first.changed]
        low, high = np.quantile(difference[1:], QUANTILES)
        row |= {word: float(difference[0]), f"{word}_low": float(low), f"{word}_high": float(high)}
        names.append(first.name if low > 0 else second.name if high < 0 else "")
    row["by_fit"], row["by_prediction"] = names
    told = {name for name in names if name}
    if not told:
        row["verdict"] = CANNOT_TELL
    elif len(told) > 1:
        row["verdict"] = DISAGREE
    else:
        words = [word for word, name in zip(("fit", "prediction"), names, strict=True) if name]
        row["verdict"] = f"{PREFERS} {told.pop()} (by {' and '.join(words)})"
    return row


# --- what would tell rivals apart


CONTRASTS: Final = (
    "mean of all places",
    "progressive minus conservative",
    "medium minus rural",
    "with minus without radical-right seats",
)


def contrast_estimates(studies: Sequence[Study]) -> tuple[Array, Array]:
    """Value and standard error of every reading in every contrast, in each study.

    Shapes (studies, contrasts, readings). Localities are the sampling units, as in the checks.
    """
    values, errors = [], []
    for study in studies:
        sample = study.eu
        columns = np.array([sample.column_or_nan(name) for name in OBSERVED]).T
        everywhere = np.ones(len(sample), dtype=bool)
        seats = sample["rrp"] > 0.01
        masks = (
            (everywhere, None),
            (sample.labelled("executive", "progressive"), sample.labelled("executive", "conservative")),
            (sample.labelled("size", "medium"), sample.labelled("size", "rural")),
            (seats, ~seats),
        )
        value, error = [], []
        for inside, outside in masks:
            mean, variance = _mean_and_variance(columns[inside])
            if outside is not None:
                other, more = _mean_and_variance(columns[outside])
                mean, variance = mean - other, variance + more
            value.append(mean)
            error.append(np.sqrt(variance))
        values.append(value)
        errors.append(error)
    return np.array(values), np.array(errors)


def _mean_and_variance(columns: Array) -> tuple[Array, Array]:
    """Mean over localities and its squared standard error; nan with fewer than three known values."""
    count = np.isfinite(columns).sum(axis=0)
    mean = _mean_known(columns, axis=0)
    squares = np.where(np.isfinite(columns), (columns - mean) ** 2, 0.0).sum(axis=0)
    enough = count >= 3
    nothing = np.full(mean.shape, np.nan)
    variance = np.divide(squares, count * np.maximum(count - 1, 1), out=nothing.copy(), where=enough)
    return np.where(enough, mean, np.nan), variance


def observations(
    first: Rival, second: Rival, of_first: tuple[Array, Array], of_second: tuple[Array, Array]
) -> pd.DataFrame:
    """What would tell two rivals apart, largest first.

    Columns: subject, first, second, reading, unit, meaning, contrast, difference (second minus first,
    expected over the paired studies), noise (standard error of this expectation), error (of one study like
    this one), ratio (size of the difference over the error), places (how many localities a study needs for
    a ratio of `CLEAR`). Only differences of more than two standard errors of their expectation, and at most
    `KEPT_PER_PAIR`.
    """
    import pandas as pd

    number = min(len(of_first[0]), len(of_second[0]))
    paired = of_second[0][:number] - of_first[0][:number]
    known = np.isfinite(paired).sum(axis=0)
    difference = _mean_known(paired, axis=0)
    spread = np.where(np.isfinite(paired), (paired - difference) ** 2, 0.0).sum(axis=0)
    noise = np.sqrt(spread / np.maximum(known - 1, 1) / np.maximum(known, 1))
    squared = _mean_known(np.concatenate([of_first[1][:number] ** 2, of_second[1][:number] ** 2]), axis=0)
    error = np.sqrt(squared)
    clear = (known >= 2) & (error > 1e-9) & (np.abs(difference) > 2 * noise)
    ratio = np.divide(np.abs(difference), error, out=np.zeros_like(error), where=clear)
    units = {one.name: (one.unit, one.meaning) for one in READINGS}
    rows = []
    for position in np.argsort(-ratio, axis=None, kind="stable")[:KEPT_PER_PAIR]:
        at = np.unravel_index(position, ratio.shape)
        if not ratio[at] > 0:
            break
        reading = OBSERVED[at[1]]
        rows.append(
            {
                "subject": first.subject,
                "first": first.name,
                "second": second.name,
                "reading": reading,
                "unit": units[reading][0],
                "meaning": units[reading][1],
                "contrast": CONTRASTS[at[0]],
                "difference": float(difference[at]),
                "noise": float(noise[at]),
                "error": float(error[at]),
                "ratio": float(ratio[at]),
                "places": math.ceil(PLACES * (CLEAR / float(ratio[at])) ** 2),
            }
        )
    return pd.DataFrame(rows, columns=OBSERVATION_COLUMNS)


PLACES: Final = 40
"""Localities of a study."""
OBSERVATION_COLUMNS: Final = [
    "subject", "first", "second", "reading", "unit", "meaning", "contrast", "difference", "noise", "error",
    "ratio", "places",
]  # fmt: skip


def sentences(found: Theories) -> list[str]:
    """One sentence for each pair: what the evidence says, and what would tell them apart."""
    told = []
    for pair in found.pairs.to_dict("records"):
        seen = found.observations
        own = seen[(seen["subject"] == pair["subject"]) & (seen["first"] == pair["first"])]
        own = own[own["second"] == pair["second"]]
        numbers = (  # positive: the first is better
            f"fit {pair['fit']:+.2f} ({pair['fit_low']:+.2f} to {pair['fit_high']:+.2f}), "
            f"prediction {pair['crps']:+.2f} ({pair['crps_low']:+.2f} to {pair['crps_high']:+.2f})"
        )
        if len(own):
            one = own.iloc[0]
            what = (
                f"best told apart by {one['reading']} ({one['contrast']}): {one['difference']:+.3g} "
                f"{one['unit']}, {one['ratio']:.1f} errors of one study"
            )
            if one["ratio"] < CLEAR:
                what += f", so {one['places']} places are needed"
        else:
            what = "no reading would tell them apart"
        told.append(
            f"{pair['subject']}, {pair['second']} less {pair['first']}: {pair['verdict']}; {numbers}; {what}"
        )
    told += reach_sentences(found.reached)
    comparisons = 2 * len(found.pairs)
    told.append(
        f"{comparisons} comparisons were made; with 90 % intervals, about {round(comparisons / 10)} would "
        f"prefer one of two equal rivals; {found.parameters}"
    )
    return told
