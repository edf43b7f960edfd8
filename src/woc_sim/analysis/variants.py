"""The variants of the model that a validation runs, and its localities.

Null models:

* ``interactions_off``: people and organisations do not act on one another; laws, measures and markets stay.
* ``country_only``: interactions are off, and all localities have the same covariates. Only the
  country differs: law, and what was measured of it.
* ``selection_only``: contact changes nobody. People still meet by opportunity and then liking, so attitudes
  choose contacts, and ties form.
* ``permuted``: the covariates are permuted among localities. It needs no runs
  (`woc_sim.analysis.study.Pool.study`).
* ``statistical_twin``: a regression on covariates makes the localities. It needs no runs
  (`woc_sim.analysis.twin`).

There is no null model in which people mix at random. All meetings happen at venues, and the settings without
them (on the street) have hours for a small part of the contact; so switching the venues off would switch
contact off.

One more variant is shown beside them and is not a null model. In ``equal_localities`` all localities have the
same covariates, while people and organisations act on one another. A finding that holds there needs no
difference between localities except country and chance. Findings about the people of one locality, such as
where they meet, should hold there.
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
SELECTION_ONLY: Final = "selection_only"
EQUAL_LOCALITIES: Final = "equal_localities"
VARIANTS: Final = (MODEL, INTERACTIONS_OFF, COUNTRY_ONLY, SELECTION_ONLY, EQUAL_LOCALITIES)

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
CONTACT_SPEEDS: Final = ("attitudes.fade", "experience.liking")
"""Speeds at which contact changes what residents and migrants think of one another, besides
`theory/contact`."""
SEAT_SHARES: Final = (0.0, 0.1, 0.25)
"""Radical-right seat shares of the synthetic cells in 2021; other years follow the national vote."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One synthetic locality of a study: a type, a size, an executive, and a level of radical-right seats."""

    type: str
    size: str
    executive: str
    rotation: int

    @property
    def name(self) -> str:
        """Its name, without the seats, because these change from replicate to replicate."""
        return f"{self.type}-{self.size}-{self.executive}"

    def seats(self, replicate: int) -> float:
        """Radical-right seats in a replicate."""
        return SEAT_SHARES[(self.rotation + replicate) % len(SEAT_SHARES)]

    def spec(self, replicate: int) -> LocalitySpec:
        """The locality of a replicate.

        Each cell has its own random draws, because a study compares different localities.
        """
        seats = self.seats(replicate)
        locality = with_labels(synthetic(), self.size, self.executive, self.type)
        return replace(locality, name=f"{locality.name}-{self.name}", rrp_share=(seats, seats))


@cache
def factorial() -> tuple[Cell, ...]:
    """The 36 cells of type, size and executive.

    The three levels of seats rotate as in a Latin square. So each replicate has every level of seats at every
    pair of levels of the other factors, and three replicates have all 108 combinations.
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
def median_locality() -> LocalitySpec:
    """A locality with the median covariates of the EU cases. The caller sets name, case and framework."""
    specs = [from_case(name) for name in eu_cases()]

    def middle(column: str) -> Band:
        middles = [sum(band) / 2 for spec in specs if (band := getattr(spec, column)) is not None]
        value = float(median(middles))
        return value, value

    # For what no table gives we take the middle between the ranges of the two signs.
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


def as_variant(scenario: Scenario, variant: str) -> Scenario:
    """A scenario as a variant of the model runs it."""
    if variant == MODEL:
        return scenario
    if variant == INTERACTIONS_OFF:
        return _without_interactions(scenario)
    if variant == COUNTRY_ONLY:
        return _without_interactions(_with_equal_covariates(scenario))
    if variant == SELECTION_ONLY:
        return _without_effects_of_contact(scenario)
    if variant == EQUAL_LOCALITIES:
        return _with_equal_covariates(scenario)
    raise KeyError(variant)


def _without_interactions(scenario: Scenario) -> Scenario:
    return replace(
        scenario,
        schedule=tuple(name for name in PROCESSES if name not in INTERACTIONS),
        theories={**scenario.theories, "influence": "none"},
        parameters={**scenario.parameters, **dict.fromkeys(SOCIAL_WEIGHTS, 0.0)},
    )


def _without_effects_of_contact(scenario: Scenario) -> Scenario:
    return replace(
        scenario,
        theories={**scenario.theories, "contact": "none"},
        parameters={**scenario.parameters, **dict.fromkeys(CONTACT_SPEEDS, 0.0)},
    )


def _with_equal_covariates(scenario: Scenario) -> Scenario:
    localities = [
        replace(median_locality(), name=each.name, case=each.case, framework=each.framework)
        for each in scenario.localities
    ]
    return replace(scenario, localities=tuple(localities))
