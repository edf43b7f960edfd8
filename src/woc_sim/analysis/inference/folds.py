"""Prediction of a country that was left out: refitted by the statistics of the other countries, on the runs
of the waves.

For each country the published and the simulated statistics are calculated without its cases. New emulators of
these give a region and a likelihood of their own, and sets drawn from it simulate the cases of the country.
No run of the waves is repeated. Poland, Turkey and Canada are no folds: no score of theirs is ever fitted
(Poland enters counts and classes only).

Limits: legal duties and provision of each country are inputs that were written with component means (D13) in
sight, and the parameters that an emulator reads were chosen with all countries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.estimates import excess_elsewhere
from woc_sim.analysis.inference.emulators import fit_emulators
from woc_sim.analysis.inference.matching import CUT, Matching, Target
from woc_sim.analysis.inference.parallel import for_each
from woc_sim.analysis.inference.parameters import Space
from woc_sim.analysis.inference.posterior import draw_posterior, weighted_points
from woc_sim.analysis.inference.sampling import sample_region
from woc_sim.analysis.inference.streams import Stream
from woc_sim.analysis.inference.studies import COUNTRIES
from woc_sim.analysis.inference.waves import STUDIES_OF_A_WAVE, Calibration, read_calibration
from woc_sim.analysis.ranges import FOLDS
from woc_sim.analysis.studies import CASES, study_of, tasks_of_study
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.plausible import FOLD_SETS, SET, WEIGHT, WITHOUT
from woc_sim.ensemble.readers import read_values
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.tasks import Task
from woc_sim.files import write_table
from woc_sim.inputs.tables import cases

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

SETS: Final = 40
SCORE: Final = "mipex_total"
MOST: Final = 100.0
HALF_WIDTH_90: Final = 1.645
FEWEST_POINTS: Final = 160
"""Points that move together in a fold, from which its sets are drawn. Fewer than for plausible sets, since
each fold is a search of its own."""
FIRST_NUMBER: Final = 2000 * STUDIES_OF_A_WAVE
"""Number of the first study of a fold: no study of a wave or of a plausible set has it."""


@dataclass(frozen=True)
class Folds:
    """Predicted scores of the countries left out: ``places`` has one line for each case, ``countries`` one
    for each country and one for all."""

    places: pd.DataFrame
    countries: pd.DataFrame


def folds(out: Path, sets: int = SETS, workers: int = 2, progress: bool | None = None) -> Folds:
    """Leave out each country in turn, refit by the waves in `out`, and predict its policy scores.

    Writes folds.csv, fold_countries.csv, and the sets drawn without each country as fold_sets.csv. Raises
    UserError as `read_calibration` does, and for values outside `ranges.FOLDS`.
    """
    sets, workers = read_values(FOLDS, sets=sets, workers=workers)
    found = read_calibration(out)
    refitted = for_each(
        partial(refit, found, count=max(sets, FEWEST_POINTS)),
        COUNTRIES,
        workers,
        progress,
        "refitted without a country",
        "countries",
    )
    tasks: dict[str, list[list[Task]]] = {}
    drawn: dict[str, Array] = {}
    for fold, (country, units) in enumerate(zip(COUNTRIES, refitted, strict=True)):
        chosen = units[Stream("fold", country, found.settings.seed).order(len(units))[:sets]]
        drawn[country] = chosen
        own_cases = [one.name for one in cases() if one.country == country]
        tasks[country] = [
            tasks_of_study(
                found.space.scenario(found.settings.base(), unit),
                FIRST_NUMBER + fold * 10_000 + number,
                CASES,
                own_cases,
            )
            for number, unit in enumerate(chosen)
        ]
    everything = [task for studies in tasks.values() for own in studies for task in own]
    with open_store(out) as store:
        outcomes = iter(run_many(everything, workers, progress, store, "countries left out"))
    scores: dict[str, Array] = {}
    for country, studies in tasks.items():
        scores[country] = np.array(
            [study_of(own[0].scenario, own, [next(outcomes) for _ in own]).eu[SCORE] for own in studies]
        )
    names = {country: [task.cell for task in studies[0]] for country, studies in tasks.items()}
    places = places_table(names, scores)
    result = Folds(places, countries_table(places))
    write_table(fold_sets_table(found.space, drawn), out / FOLD_SETS)
    write_table(result.places, out / "folds.csv")
    write_table(result.countries, out / "fold_countries.csv")
    return result


def fold_sets_table(space: Space, drawn: Mapping[str, Array]) -> pd.DataFrame:
    """The sets drawn without each country: without, set, weight, then parameters."""
    import pandas as pd

    parts = []
    for country, units in drawn.items():
        picked, weights = weighted_points(units)
        part = pd.DataFrame(space.values(space.in_order(picked)), columns=pd.Index(space.names))
        part.insert(0, WITHOUT, country)
        part.insert(1, SET, np.arange(1, len(part) + 1))
        part.insert(2, WEIGHT, weights)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def target_without(target: Target, country: str) -> Target:
    """The published statistics without the cases of a country.

    Figures that no source prints by country stay what they are, and so does the discrepancy.
    """
    published = fit_statistics.published_values(country)
    observation = fit_statistics.observation_covariance(country)
    return Target(target.names, published, observation, target.discrepancy, target.estimated)


def refit(found: Calibration, country: str, count: int) -> Array:
    """`count` points of the cube drawn by the statistics of all other countries."""
    target = target_without(found.target, country)
    waves = tuple(
        tuple(fit_emulators(wave.units, wave.table.without[country], wave.table.point, wave.emulators))
        for wave in found.waves
    )
    matching = Matching(target, waves)
    seed = found.settings.seed + 500 + COUNTRIES.index(country)
    region = sample_region(matching, len(found.space.names), count, CUT, seed)
    return draw_posterior(found, waves[-1], target, region.units, region.empty, seed, matching, count)


def places_table(names: Mapping[str, Sequence[str]], scores: Mapping[str, Array]) -> pd.DataFrame:
    """One line for each case: country, published score, mean of the predicted scores, and 90 % intervals.

    ``sets_low`` and ``sets_high`` bound what the sets and the replicates give. ``low`` and ``high`` add the
    discrepancy of a place: the squared error in the other folds beyond the variance of their predictions.
    ``inside_sets`` and ``inside``: whether the published score lies inside.
    """
    import pandas as pd

    published = fit_statistics.published_scores()
    table = pd.DataFrame(
        [
            {
                "case": case,
                "country": country,
                "published": published[case],
                "predicted": float(scores[country][:, column].mean()),
                "variance": float(scores[country][:, column].var(ddof=1)),
                "sets": len(scores[country]),
            }
            for country, own in names.items()
            for column, case in enumerate(own)
            if case in published
        ]
    )
    error = (table["predicted"] - table["published"]).to_numpy()
    lacking = excess_elsewhere(error, table["variance"].to_numpy(), table["country"].to_numpy())
    table["discrepancy"] = np.sqrt(lacking)
    for stem, added in (("sets_", 0.0), ("", table["discrepancy"] ** 2)):
        half = HALF_WIDTH_90 * np.sqrt(table["variance"] + added)
        table[f"{stem}low"] = (table["predicted"] - half).clip(0, MOST)
        table[f"{stem}high"] = (table["predicted"] + half).clip(0, MOST)
    for name, stem in (("inside_sets", "sets_"), ("inside", "")):
        table[name] = table["published"].between(table[f"{stem}low"], table[f"{stem}high"])
    return table.drop(columns="variance")


def countries_table(places: pd.DataFrame) -> pd.DataFrame:
    """One line for each country and one for 'all': cases, mean error, mean absolute error with its standard
    error over cases, root of the mean squared error, coverage of the 90 % intervals with and without the
    discrepancy of places."""
    import pandas as pd

    rows = []
    groups = [(str(name), each) for name, each in places.groupby("country", sort=False)]
    for name, each in [*groups, ("all", places)]:
        gap = (each["predicted"] - each["published"]).to_numpy()
        rows.append(
            {
                "country": name,
                "cases": len(each),
                "mean_error": float(gap.mean()),
                "absolute_error": float(np.abs(gap).mean()),
                "standard_error": float(np.abs(gap).std(ddof=1) / np.sqrt(len(gap)))
                if len(gap) > 1
                else np.nan,
                "rmse": float(np.sqrt((gap**2).mean())),
                "coverage": float(each["inside"].mean()),
                "coverage_of_sets": float(each["inside_sets"].mean()),
            }
        )
    return pd.DataFrame(rows)
