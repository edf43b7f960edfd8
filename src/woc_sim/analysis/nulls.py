"""The worlds that the model is compared with, and the localities of a validation.

* ``interactions_off``: people and organisations do not act on one another; laws, measures and markets stay.
* ``country_only``: interactions are off, and all localities have the same covariates: only the legal
  framework differs. Each world so takes away more than the one before, and none keeps the mechanisms that a
  finding is to speak for.
* ``permuted`` needs no runs (`woc_sim.analysis.study.Pool.study`).

``equal_places`` is no null but is shown beside them: all localities have the same covariates while people and
organisations go on acting on one another. What holds there needs no difference between places but law and
chance; a finding about the people of one place, such as where they meet, has to hold there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from statistics import median
from typing import Final

from woc_sim.inputs.tables import cases, label
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES, TYPES
from woc_sim.scenario.localities import from_case, synthetic, with_labels
from woc_sim.scenario.schema import PROCESSES, Band, LocalitySpec, Scenario

MODEL: Final = "model"
INTERACTIONS_OFF: Final = "interactions_off"
COUNTRY_ONLY: Final = "country_only"
EQUAL_PLACES: Final = "equal_places"
WORLDS: Final = (MODEL, INTERACTIONS_OFF, COUNTRY_ONLY, EQUAL_PLACES)

INTERACTIONS: Final = (
    "encounters",
    "ties",
    "civil_society",
    "business",
    "perception",
    "relations",
    "frames",
    "diffusion",
)
"""Processes in which people or organisations act on one another."""
SOCIAL_WEIGHTS: Final = ("policy.lobby", "policy.party", "policy.politicisation")
"""Weights of others in the government's decision."""
SEATS: Final = (0.0, 0.1, 0.25)
"""Radical-right seat shares of the synthetic cells."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One synthetic locality of a study: a type, a size, an executive, and a level of radical-right seats."""

    type: str
    size: str
    executive: str
    turn: int

    @property
    def name(self) -> str:
        """Its name, without the seats, which take turns over replicates."""
        return f"{self.type}-{self.size}-{self.executive}"

    def seats(self, replicate: int) -> float:
        """Radical-right seats in a replicate."""
        return SEATS[(self.turn + replicate) % len(SEATS)]

    def spec(self, replicate: int) -> LocalitySpec:
        """The locality of a replicate.

        Each cell has draws of its own, because a study compares places and not one place under many settings.
        """
        seats = self.seats(replicate)
        place = with_labels(synthetic(), self.size, self.executive, self.type)
        return replace(place, name=f"{place.name}-{self.name}", rrp_share=(seats, seats))


@cache
def factorial() -> tuple[Cell, ...]:
    """The 36 cells of type, size and executive.

    The three levels of seats take turns as in a Latin square, so that each replicate has every level in
    every pair of the other factors, and three replicates have all 108 combinations.
    """
    levels = product(enumerate(TYPES), enumerate(SIZES), enumerate(EXECUTIVES))
    return tuple(Cell(kind, size, colour, i + j + k) for (i, kind), (j, size), (k, colour) in levels)


@cache
def eu_cases() -> tuple[str, ...]:
    """The 36 cases of Western Europe and the four of Poland, in the order of Table A1."""
    return tuple(one.name for one in cases() if one.country not in ("Turkey", "Canada"))


def case_spec(name: str) -> LocalitySpec:
    """A case of the study as a locality."""
    return from_case(name)


@cache
def median_place() -> LocalitySpec:
    """A locality with the median covariates of the EU cases; name, case and framework are to be filled in."""
    specs = [from_case(name) for name in eu_cases()]

    def middle(column: str) -> Band:
        middles = [sum(band) / 2 for spec in specs if (band := getattr(spec, column)) is not None]
        value = float(median(middles))
        return value, value

    # What no table gives is the middle between the ranges of the two signs.
    trend = [label("structure", sign, "population_trend") for sign in ("plus", "minus")]
    earlier = [label("experience", sign, "pre2014_foreign_share") for sign in ("plus", "minus")]
    return LocalitySpec(
        name="median",
        case="median",
        framework="DE",
        inhabitants=middle("inhabitants"),
        executive_ideology=middle("executive_ideology"),
        rrp_share=middle("rrp_share"),
        non_eu_share=middle("non_eu_share"),
        unemployment=middle("unemployment"),
        population_trend=_centre(trend),
        pre2014_foreign_share=_centre(earlier),
    )


def _centre(ranges: list[Band]) -> Band:
    middle = sum(low + high for low, high in ranges) / (2 * len(ranges)) / 100
    return middle, middle


def in_world(scenario: Scenario, world: str) -> Scenario:
    """A scenario as it is in a world."""
    if world == MODEL:
        return scenario
    if world == INTERACTIONS_OFF:
        return _apart(scenario)
    if world == COUNTRY_ONLY:
        return _apart(_alike(scenario))
    if world == EQUAL_PLACES:
        return _alike(scenario)
    raise KeyError(world)


def _apart(scenario: Scenario) -> Scenario:
    return replace(
        scenario,
        schedule=tuple(name for name in PROCESSES if name not in INTERACTIONS),
        theories={**scenario.theories, "influence": "none"},
        parameters={**scenario.parameters, **dict.fromkeys(SOCIAL_WEIGHTS, 0.0)},
    )


def _alike(scenario: Scenario) -> Scenario:
    places = [
        replace(median_place(), name=own.name, case=own.case, framework=own.framework)
        for own in scenario.localities
    ]
    return replace(scenario, localities=tuple(places))
