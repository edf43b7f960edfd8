"""What a sensitivity analysis looks at: readings, indicators, and the misfit of findings.

The misfit of a finding is the distance of the check's number from the published one, in its standard errors:
0 where the simulated study has the published number. A finding for which the source prints no number (a
direction or a band) has no misfit; its outcome is the check's number over its error. The misfit of a
statistic of the fit is the same for one figure of `woc_sim.analysis.fit_statistics`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import Check, checks_by_finding
from woc_sim.analysis.estimates import complete_rows
from woc_sim.analysis.fit_statistics import FIT_STATISTICS, observation_covariance, published_values
from woc_sim.analysis.replication import OUTCOMES as TABLE8_ROWS
from woc_sim.analysis.replication import READINGS_OF_OUTCOME
from woc_sim.analysis.studies import CASES, PLACE, STUDY
from woc_sim.analysis.study import LATENT_COLUMNS, Sample, Study
from woc_sim.ensemble.run import FIRST_YEAR
from woc_sim.errors import UserError, nearest
from woc_sim.evidence.catalogue import finding
from woc_sim.instruments.readings import INDICATORS, READINGS

Array = np.ndarray[Any, Any]

MAIN: Final = ("mipex_total", "mean_attitude", "lg_degree", "ties_per_migrant", "employed_share")
"""What is looked at by default on one place."""
MAIN_WORD, FIT, TABLE8 = "main", "fit", "table8"
ERRORS: Final = "standard errors"
INDICATOR_UNITS: Final = {one.name: (one.unit, one.meaning) for one in INDICATORS}
READING_UNITS: Final = {one.name: (one.unit, one.meaning) for one in READINGS}


@dataclass(frozen=True, slots=True)
class ScreenedOutcome:
    """One outcome: its name, unit and meaning, its value in a study (nan if it is missing), and what has to
    be simulated for it (`woc_sim.analysis.studies`). ``role``: of a finding, else empty."""

    name: str
    unit: str
    meaning: str
    value: Callable[[Study], float]
    extent: str
    role: str = ""


def screened_outcomes(names: Sequence[str], on: str, key: str = "outcomes") -> list[ScreenedOutcome]:
    """The outcomes of those names, in their order.

    names: readings; indicators (mean of the last year, or of another as ``politicisation@2016``); findings
    (``S35``); statistics of the fit (``policy_mean``); and the words 'main', 'fit' (all statistics of the
    fit) and 'table8' (the readings of the rows of Table 8, and the true state behind each). A reading or
    indicator of a study is its mean over the cases. on: 'place' or 'study'. Raises UserError for an unknown
    name, and for a misfit on a single place.
    """
    found: dict[str, ScreenedOutcome] = {}
    for name in names:
        for each in _outcomes_of(name, on, key):
            found.setdefault(each.name, each)
    for each in found.values():
        if on == PLACE and each.extent != PLACE:
            raise UserError(f"{key}={each.name} is judged on the localities of a whole study; add on=study")
    return list(found.values())


def _outcomes_of(name: str, on: str, key: str) -> list[ScreenedOutcome]:
    if name == MAIN_WORD:
        return [_observable(each) for each in MAIN]
    if name == FIT:
        return [_misfit_of_statistic(number) for number in range(len(FIT_STATISTICS))]
    if name == TABLE8:
        readings = [each for row in TABLE8_ROWS for each in READINGS_OF_OUTCOME[row]]
        return [_observable(each) for reading in readings for each in with_true_state(reading)]
    statistics = [each.name for each in FIT_STATISTICS]
    if name in statistics:
        return [_misfit_of_statistic(statistics.index(name))]
    if name in checks_by_finding():
        return [_misfit_of_finding(name)]
    indicator, at, year = name.partition("@")
    if name in READING_UNITS or (indicator in INDICATOR_UNITS and (not at or year.isdigit())):
        return [_observable(name)]
    known = [MAIN_WORD, FIT, TABLE8, *READING_UNITS, *INDICATOR_UNITS, *statistics, *checks_by_finding()]
    hint = nearest(name, known) or "`woc-sim list indicators` and `woc-sim list findings` name them"
    raise UserError(f"{key}={name} is no reading, indicator, finding or statistic; {hint}")


def with_true_state(reading: str) -> list[str]:
    """A reading and the reading that shows the true state behind it (itself if there is none)."""
    return list(dict.fromkeys((reading, LATENT_COLUMNS.get(reading, reading))))


def _observable(name: str) -> ScreenedOutcome:
    if name in READING_UNITS:
        unit, meaning = READING_UNITS[name]
        return ScreenedOutcome(name, unit, meaning, lambda study: _mean(study.eu, name), PLACE)
    indicator, _, year = name.partition("@")
    unit, meaning = INDICATOR_UNITS[indicator]
    return ScreenedOutcome(
        name,
        unit,
        f"{meaning}, mean of {year or 'the last year'}",
        lambda study: _mean(study.eu, f"{indicator}@{year or _last_year(study.eu)}"),
        PLACE,
    )


def _mean(sample: Sample, column: str) -> float:
    (values,) = complete_rows(sample.column_or_nan(column))
    return float(values.mean()) if len(values) else math.nan


def _last_year(sample: Sample) -> int:
    years = [int(name.partition("@")[2]) for name in sample.table.names if "@" in name]
    return max(years, default=FIRST_YEAR)


def _misfit_of_statistic(number: int) -> ScreenedOutcome:
    statistic = FIT_STATISTICS[number]
    published = float(published_values()[number])
    error = math.sqrt(float(observation_covariance()[number, number]))
    return ScreenedOutcome(
        statistic.name,
        ERRORS,
        f"{statistic.meaning} ({statistic.finding}): distance from the published {published:.3g}",
        lambda study: abs(statistic.value(study) - published) / error,
        CASES,
        "fit",
    )


def _misfit_of_finding(identifier: str) -> ScreenedOutcome:
    check = checks_by_finding()[identifier]
    return ScreenedOutcome(
        identifier,
        ERRORS,
        f"{check.meaning} Distance from the published number; without one, the number itself.",
        lambda study: misfit(check, study),
        STUDY,
        finding(identifier).role.name,
    )


def misfit(check: Check, study: Study) -> float:
    """Distance of the check's number from the published one in its errors; where the source prints no number,
    the check's number in its errors. nan without a number or an error."""
    result = check.judge(study)
    if not (math.isfinite(result.value) and math.isfinite(result.error) and result.error > 0):
        return math.nan
    if math.isfinite(result.published):
        return abs(result.value - result.published) / result.error
    return result.value / result.error
