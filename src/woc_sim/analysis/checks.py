"""The registry of checks: a check tests whether a published finding holds in a simulated study.

A finding passes by the rule of its kind. These rules are common to all checks:

* a direction holds if the sign is right and the effect is larger than its standard error over localities;
* no effect ("independent of", "whatever") holds if the effect is within two standard errors of 0;
* a number holds if it lies within two standard errors of the published number. The error is that of the
  study's sample (its n and its standard deviation). A published band is widened by two such errors;
* counts hold if they are such as a study of that size finds when the published shares are the true ones
  (chi-square test, 5 %);
* an order holds if the rank correlation with the published order is at least .5, or if the extremes that the
  finding names are the extremes in the study;
* "most" and "more than half" mean more than .5;
* "clearly above 0" and "some" mean at least a tenth, "about" means within a quarter of the unit, "little"
  means less than half of the effect that it is compared with.

The error in a check result is the sampling error of a study of that size. `scoreboard` compares the interval
of the simulated values with it.

Where the study prints the data that a check reads, the check is made on these data too, and on bootstraps of
them (`published_checks`). A check that the data themselves pass in fewer than `MIN_PUBLISHED_PASS_RATE` of
the bootstraps cannot tell anything about a model.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from woc_sim.analysis.estimates import Estimate
from woc_sim.analysis.study import MissingReadingError, Study

MIN_RANK_CORRELATION: Final = 0.5
"""An order agrees with the published order from this rank correlation on."""
TENTH: Final = 0.1
MIN_PUBLISHED_PASS_RATE: Final = 0.8
"""In so many bootstraps of the published data a check must pass, or its finding cannot be judged."""
PUBLISHED_PASS_RATES: Final = Path(__file__).with_name("published_checks.csv")
"""Results of the checks on the published data; written by `woc_sim.analysis.published_checks`."""


class CheckResult(NamedTuple):
    """The result of a check on one study.

    ``value`` is the headline number, ``passed`` whether the finding holds, ``error`` the sampling error of
    the number, and ``published`` the published number that it is compared with (nan if the source gives only
    a direction or a band).
    """

    value: float
    passed: bool
    error: float = math.nan
    published: float = math.nan


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its function, the findings that it tests, and what its headline number means.

    ``latent`` says that the check can also be made on the true state, in place of the instruments' readings.
    """

    name: str
    findings: tuple[str, ...]
    function: Callable[[Study], CheckResult]
    latent: bool
    meaning: str

    @property
    def published_pass_rate(self) -> float:
        """Share of the bootstraps of the published data in which the check passes; nan where the study prints
        no data on which it can be made."""
        return _published_pass_rates().get(self.name, math.nan)

    @property
    def data_cannot_tell(self) -> bool:
        """Whether the published data themselves pass the check too seldom for a verdict on a model."""
        return self.published_pass_rate < MIN_PUBLISHED_PASS_RATE

    def judge(self, study: Study) -> CheckResult:
        """The result on a study; nan and not passed if a reading that the check needs is missing."""
        try:
            result = self.function(study)
        except MissingReadingError:
            return CheckResult(math.nan, False)
        return result if math.isfinite(result.value) else CheckResult(math.nan, False, result.error)


_REGISTRY: dict[str, Check] = {}
_MODULES: Final = (
    "checks_types",
    "checks_policy",
    "checks_governance",
    "checks_access",
    "checks_people",
    "checks_elsewhere",
)


def check(
    *findings: str, latent: bool = False
) -> Callable[[Callable[[Study], CheckResult]], Callable[[Study], CheckResult]]:
    """Register a function as the check of findings (S..) or targets (D.., M.., W..)."""

    def register(function: Callable[[Study], CheckResult]) -> Callable[[Study], CheckResult]:
        name = function.__name__
        meaning = (function.__doc__ or "").split("\n\n")[0].replace("\n", " ").strip()
        _REGISTRY[name] = Check(name, findings, function, latent, " ".join(meaning.split()))
        return function

    return register


@cache
def _published_pass_rates() -> dict[str, float]:
    with PUBLISHED_PASS_RATES.open(encoding="utf-8", newline="") as file:
        return {row["check"]: float(row["pass_rate"]) for row in csv.DictReader(file)}


@cache
def checks() -> dict[str, Check]:
    """All checks by name."""
    for module in _MODULES:
        import_module(f"woc_sim.analysis.{module}")
    return dict(_REGISTRY)


@cache
def checks_by_finding() -> dict[str, Check]:
    """The check of each judged finding or target, in the order S01.., D1.., M1.., W5..."""
    by_id = {identifier: each for each in checks().values() for identifier in each.findings}
    return {key: by_id[key] for key in sorted(by_id, key=lambda key: ("SDMW".index(key[0]), int(key[1:])))}


def check_direction(estimate: Estimate, *conditions: bool) -> CheckResult:
    """Passed if the estimate is above 0 by more than its standard error and all further conditions hold."""
    return CheckResult(estimate.value, estimate.positive and all(conditions), estimate.error)


def close_to_published(value: float, published: float, error: float) -> bool:
    """Whether a value is within two standard errors of the published number."""
    return abs(value - published) <= 2 * error


def check_number(value: float, published: float, error: float, *conditions: bool) -> CheckResult:
    """Passed if the value is within two standard errors of the published number and all conditions hold."""
    return CheckResult(
        value, close_to_published(value, published, error) and all(conditions), error, published
    )


def check_band(value: float, low: float, high: float, error: float, *conditions: bool) -> CheckResult:
    """Passed if the value is in the published band, widened by two standard errors, and all conditions
    hold."""
    return CheckResult(value, low - 2 * error <= value <= high + 2 * error and all(conditions), error)


def check_conditions(estimate: Estimate, *conditions: bool) -> CheckResult:
    """Passed if all conditions hold, whatever the sign of the headline number."""
    return CheckResult(estimate.value, math.isfinite(estimate.value) and all(conditions), estimate.error)
