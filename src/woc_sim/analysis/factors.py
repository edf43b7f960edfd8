"""The factors of a sensitivity analysis: parameters, what a locality is, chance, and a dummy.

A factor of context takes the values that the 40 EU localities of the study have, each as often as among them,
and independently of the other factors. `chance` is the number of the replicate, so its index is the part of
the random draws. `dummy` changes nothing: whatever index it gets is error of the method (exactly 0 where a
run is compared with itself, in Morris and Sobol).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.bands import band_middles
from woc_sim.analysis.variants import eu_cases
from woc_sim.ensemble.sampling import MORRIS_LEVELS
from woc_sim.errors import UserError, nearest
from woc_sim.inputs.tables import case
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES
from woc_sim.scenario.localities import percent, with_labels
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.realise import FAVOURABLE_COUNT
from woc_sim.scenario.schema import LocalitySpec, Scenario

Array = np.ndarray[Any, Any]

CHANCE, DUMMY = "chance", "dummy"
ALL_PARAMETERS, ALL_CONTEXT = "parameters", "context"
GROUPINGS: Final = ("none", "subjects", "table8")
"""No groups; the subjects of parameters and the columns of Table 8; or the columns of Table 8 and all
parameters as one."""
REPLICATES: Final = 100_000
"""Replicates among which chance chooses, where a design has no trajectories."""


@dataclass(frozen=True, slots=True)
class Context:
    """One thing that tells localities apart: its column in Table 8, and the values in the study's 40
    localities, sorted."""

    name: str
    column: str
    values: tuple[Any, ...]

    def value(self, unit: float) -> Any:
        """The value at a place between 0 and 1 of the distribution in the study."""
        return self.values[min(int(unit * len(self.values)), len(self.values) - 1)]


@cache
def contexts() -> Mapping[str, Context]:
    """The factors of context by name, in the order of the columns of Table 8.

    The study has 19 favourable structures among its 40 localities (Figure 9) and gives no experience by
    locality, so experience is there in half of them.
    """
    places = [case(name) for name in eu_cases()]
    seats = sorted(middle for name in eu_cases() if np.isfinite(middle := band_middles(name)["rrp_band"]))
    total = len(places)
    found = (
        Context("structure", "structure", (-1,) * (total - FAVOURABLE_COUNT) + (1,) * FAVOURABLE_COUNT),
        Context("experience", "experience", (-1, 1)),
        Context("size", "size", tuple(sorted((one.size for one in places), key=SIZES.index))),
        Context(
            "executive",
            "politics",
            tuple(sorted((one.executive for one in places), key=EXECUTIVES.index)),
        ),
        Context("seats", "politics", tuple(seats)),
        Context(
            "framework",
            "country",
            tuple(sorted((one.framework for one in places), key=FRAMEWORKS.index)),
        ),
    )
    return {one.name: one for one in found}


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor: its name, its range in the design, its subject, and its column in Table 8 (parameters,
    chance and dummy are columns of their own)."""

    name: str
    low: float
    high: float
    subject: str
    column: str


def factors(over: Sequence[str], key: str = "over") -> list[Factor]:
    """The factors of those names, in a fixed order, with chance and dummy at the end.

    over: full names of parameters, subjects, factors of context, 'parameters' or 'context' for all of them.
    A parameter without a range cannot vary and is left out. Raises UserError for an unknown name.
    """
    known = registry()
    subjects = {one.subject for one in known.values()}
    for name in over:
        if name not in {*known, *subjects, *contexts(), ALL_PARAMETERS, ALL_CONTEXT}:
            hint = nearest(name, [ALL_PARAMETERS, ALL_CONTEXT, *contexts(), *subjects, *known])
            raise UserError(
                f"{key}={name} is neither a parameter nor a subject nor a factor of context"
                f"{'; ' + hint if hint else ' (' + ', '.join(contexts()) + ')'}"
            )
    found = [
        Factor(one.name, 0.0, 1.0, one.column, one.column)
        for one in contexts().values()
        if one.name in over or ALL_CONTEXT in over
    ]
    found += [
        Factor(name, one.low, one.high, one.subject, ALL_PARAMETERS)
        for name, one in known.items()
        if (name in over or one.subject in over or ALL_PARAMETERS in over) and one.low < one.high
    ]
    return [*found, *(Factor(name, 0.0, 1.0, name, name) for name in (CHANCE, DUMMY))]


def problem_of_factors(chosen: Sequence[Factor], grouping: str = "none") -> dict[str, Any]:
    """The SALib problem of the factors; grouping: one of `GROUPINGS`."""
    problem: dict[str, Any] = {
        "num_vars": len(chosen),
        "names": [one.name for one in chosen],
        "bounds": [[float(one.low), float(one.high)] for one in chosen],
    }
    if grouping != "none":
        problem["groups"] = [one.subject if grouping == "subjects" else one.column for one in chosen]
    return problem


@dataclass(frozen=True, slots=True)
class DesignRow:
    """One point of a design: the scenario and the replicate that it stands for."""

    scenario: Scenario
    replicate: int


def rows_of_design(
    base: Scenario, names: Sequence[str], points: Array, first: int = 0, rows_of_trajectory: int = 0
) -> list[DesignRow]:
    """The scenario and the replicate of each of some points of a design; first: number of the first of them.

    base: its localities get the values of context, all of them the same. rows_of_trajectory: of a Morris
    design; each trajectory then has `MORRIS_LEVELS` replicates of its own, so that trajectories differ in
    their draws too.
    """
    found = []
    for number, point in enumerate(points, start=first):
        values = dict(zip(names, map(float, point), strict=True))
        unit = values.pop(CHANCE, 0.0)
        values.pop(DUMMY, None)
        if rows_of_trajectory:
            level = min(int(unit * MORRIS_LEVELS), MORRIS_LEVELS - 1)
            replicate = number // rows_of_trajectory * MORRIS_LEVELS + level
        else:
            replicate = min(int(unit * REPLICATES), REPLICATES - 1)
        moved = [name for name in values if name in contexts()]
        given = {name: contexts()[name].value(values.pop(name)) for name in moved}
        places = tuple(with_context(place, given) for place in base.localities) if given else base.localities
        scenario = replace(base, localities=places, parameters={**base.parameters, **values})
        found.append(DesignRow(scenario, replicate))
    return found


def with_context(place: LocalitySpec, given: Mapping[str, Any]) -> LocalitySpec:
    """The locality with the given values of factors of context, by name of the factor.

    Structure sets trend and unemployment, and experience the foreign share before 2014, as a type does
    (`woc_sim.scenario.localities`).
    """
    place = with_labels(place, given.get("size", ""), given.get("executive", ""), "")
    if "structure" in given:
        place = replace(
            place,
            type="",
            population_trend=percent("structure", given["structure"], "population_trend"),
            unemployment=percent("structure", given["structure"], "unemployment"),
        )
    if "experience" in given:
        place = replace(
            place,
            type="",
            pre2014_foreign_share=percent("experience", given["experience"], "pre2014_foreign_share"),
        )
    if "seats" in given:
        place = replace(place, rrp_share=(given["seats"], given["seats"]))
    if "framework" in given:
        place = replace(place, framework=given["framework"])
    return place
