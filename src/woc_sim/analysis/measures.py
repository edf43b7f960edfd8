"""The registry of measures: each reads one finding off a study and says whether it holds there.

Common rules of passing. Each measure applies the one of its finding's kind and none has cuts of its own:

* a direction holds if the sign is right and the effect exceeds its own standard error over localities;
* a number holds if it lies within two standard errors of the published one, the error being that of the
  study's own sample (its n, its spread); a published band is widened in the same way;
* counts hold if a two-sample chi-square at 5 % does not tell them from the published ones;
* an order holds if the rank correlation with the published order is at least .5, or if the named extremes
  are there;
* a statement about all ("most", "more than half") holds if the share says so;
* "clearly above 0" and "some" mean at least a tenth, "about" a quarter of the unit, "little" half of the
  effect that it is compared with.

The error that a measure returns is the sampling error of a study of that size; `scoreboard` compares the
interval of the simulated values with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

from woc_sim.analysis.estimates import Estimate
from woc_sim.analysis.study import MissingReadingError, Study

ORDER: Final = 0.5
"""Rank correlation from which on an order counts as matched."""
TENTH: Final = 0.1


class Reading(NamedTuple):
    """What a study says about a finding: the headline number, whether it holds, the number's sampling
    error, and the published number it is compared with (nan where only a direction or a band is)."""

    value: float
    passed: bool
    error: float = math.nan
    published: float = math.nan


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and what it is about.

    ``latent`` says that its judgement can be repeated with the true state in place of the instruments'
    answers.
    """

    name: str
    findings: tuple[str, ...]
    read: Callable[[Study], Reading]
    latent: bool
    meaning: str

    def judge(self, study: Study) -> Reading:
        """What the study says; nan and not passed if a reading that it needs is missing altogether."""
        try:
            found = self.read(study)
        except MissingReadingError:
            return Reading(math.nan, False)
        return found if math.isfinite(found.value) else Reading(math.nan, False, found.error)


_REGISTRY: dict[str, Measure] = {}
_MODULES: Final = (
    "measures_types",
    "measures_policy",
    "measures_governance",
    "measures_access",
    "measures_people",
    "measures_elsewhere",
)


def measure(
    *findings: str, latent: bool = False
) -> Callable[[Callable[[Study], Reading]], Callable[[Study], Reading]]:
    """Register a function as the measure of findings (S..) or targets (D.., M.., W..)."""

    def register(function: Callable[[Study], Reading]) -> Callable[[Study], Reading]:
        name = function.__name__
        meaning = (function.__doc__ or "").split("\n\n")[0].replace("\n", " ").strip()
        _REGISTRY[name] = Measure(name, findings, function, latent, " ".join(meaning.split()))
        return function

    return register


@cache
def measures() -> dict[str, Measure]:
    """All measures by name."""
    for module in _MODULES:
        import_module(f"woc_sim.analysis.{module}")
    return dict(_REGISTRY)


@cache
def by_finding() -> dict[str, Measure]:
    """The measure of each judged finding or target, in the order S01.., D1.., M1.., W5..."""
    found = {identifier: each for each in measures().values() for identifier in each.findings}
    return {key: found[key] for key in sorted(found, key=lambda key: ("SDMW".index(key[0]), int(key[1:])))}


def direction(estimate: Estimate, *also: bool) -> Reading:
    """Above 0 by more than its standard error, and whatever else the finding asks for."""
    return Reading(estimate.value, estimate.positive and all(also), estimate.error)


def close(value: float, published: float, error: float) -> bool:
    """Within two standard errors of the published number."""
    return abs(value - published) <= 2 * error


def numeric(value: float, published: float, error: float, *also: bool) -> Reading:
    """Within two standard errors of the published number, and whatever else the finding asks for."""
    return Reading(value, close(value, published, error) and all(also), error, published)


def inside(value: float, low: float, high: float, error: float, *also: bool) -> Reading:
    """Within a published band, widened by two standard errors."""
    return Reading(value, low - 2 * error <= value <= high + 2 * error and all(also), error)


def holds(estimate: Estimate, *conditions: bool) -> Reading:
    """A headline with conditions that are not about its sign."""
    return Reading(estimate.value, math.isfinite(estimate.value) and all(conditions), estimate.error)
