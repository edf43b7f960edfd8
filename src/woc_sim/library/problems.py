"""Parameters to outcomes, as SALib, optimisers and calibration packages ask for them: `problem`, `misfit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from woc_sim.analysis.factors import CHANCE, DUMMY, contexts, factors, problem_of_factors, rows_of_design
from woc_sim.analysis.fit_statistics import simulated
from woc_sim.analysis.ranges import GROUPINGS, SCREENED
from woc_sim.analysis.sensitivity import PEOPLE, SensitivitySettings, base_scenario, extent_of
from woc_sim.analysis.sensitivity_outcomes import FIT, MAIN_WORD, screened_outcomes
from woc_sim.analysis.studies import CASES, STUDY, simulated_studies
from woc_sim.ensemble import arguments
from woc_sim.ensemble.clusters import Dask
from woc_sim.errors import UserError
from woc_sim.library.catalogues import fit_figures
from woc_sim.library.frames import with_units
from woc_sim.scenario import checks, fields
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import Settings

if TYPE_CHECKING:
    import pandas as pd

PLACES: Final = ("case", "locality", "size", "executive")
"""Settings that say what the place is; whole studies have their own places."""


class Problem(dict[str, Any]):
    """A problem for SALib (num_vars, names, bounds, and groups if asked for) that can simulate its points.

    `problem` makes one. It is a dict, so that SALib's samplers and analyses take it; ``base`` is the scenario
    that the points change, ``outcomes`` are the names of what is observed, and ``units`` their units. A point
    outside the bounds is refused with a UserError.
    """

    base: Scenario
    on: str
    outcomes: tuple[str, ...]
    replicates: int
    workers: int | Dask

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters and factors, in the order of the columns of a point."""
        return tuple(self["names"])

    @property
    def bounds(self) -> dict[str, tuple[float, float]]:
        """Name -> lowest and highest value."""
        return {name: (low, high) for name, (low, high) in zip(self["names"], self["bounds"], strict=True)}

    @property
    def units(self) -> dict[str, str]:
        """Outcome -> unit."""
        return {each.name: each.unit for each in screened_outcomes(self.outcomes, self.on)}

    def evaluate(self, X: ArrayLike) -> NDArray[np.float64]:
        """Simulate points and observe them.

        X: one row for each point, one column for each of ``names``. Returns the outcomes, mean over the
        replicates: one number for each point, or one row if there are several outcomes; nan where an outcome
        cannot be observed. All points have the same replicates, so they share their draws. Raises UserError
        for points of another shape or outside the bounds.
        """
        values = self._simulated(self._points(X))
        return values[:, 0] if len(self.outcomes) == 1 else values

    def table(self, X: ArrayLike) -> pd.DataFrame:
        """Points and outcomes beside each other, one row for each point; units are in ``attrs``."""
        import pandas as pd

        points = self._points(X)
        columns = [*self.names, *self.outcomes]
        frame = pd.DataFrame(np.hstack([points, self._simulated(points)]), columns=pd.Index(columns))
        return with_units(frame, self.units)

    def __call__(self, values: Mapping[str, float] | None = None, /, **named: float) -> dict[str, float]:
        """Simulate one point, given by name; returns outcome -> value.

        Names that are missing keep the value of ``base`` (factors of context must be given). Raises UserError
        for an unknown name.
        """
        given = {**(values or {}), **named}
        fields.refuse_unknown_keys("", given, self.names)
        own = self.base.parameters
        for name in self.names:
            if name not in given and name not in own:
                raise UserError(f"{name} is missing; give a value from 0 to 1")
        point = [given[name] if name in given else own[name] for name in self.names]
        found = self._simulated(self._points([point]))[0]
        return dict(zip(self.outcomes, map(float, found), strict=True))

    def _points(self, X: ArrayLike) -> NDArray[np.float64]:
        try:
            points = np.asarray(X, dtype=float)
        except (TypeError, ValueError):
            raise fields.invalid("X", X, "numbers, one row for each point") from None
        if points.ndim != 2 or points.shape[1] != len(self.names):
            raise UserError(
                f"X has the shape {points.shape}; it needs a row for each point and {len(self.names)} columns"
            )
        low, high = np.array(self["bounds"], dtype=float).T
        outside = ~((points >= low) & (points <= high))
        if outside.any():
            row, column = np.argwhere(outside)[0]
            name = self.names[column]
            fields.number(name, float(points[row, column]), *self.bounds[name], f" in row {row} of X")
        return points

    def _simulated(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """One row for each point, one column for each outcome."""
        observed = screened_outcomes(self.outcomes, self.on)
        wanted = (
            (row.scenario, replicate)
            for row in rows_of_design(self.base, self.names, points)
            for replicate in range(self.replicates)
        )
        count = len(points) * self.replicates
        extent = extent_of(self.on, observed)
        studies = simulated_studies(wanted, count, extent, self.workers, False, None, "points")
        found = np.array([[each.value(study) for each in observed] for study in studies], dtype=float)
        by_point = found.reshape(len(points), self.replicates, len(observed))
        known = np.isfinite(by_point)
        with np.errstate(invalid="ignore", divide="ignore"):
            means: NDArray[np.float64] = np.where(known, by_point, 0.0).sum(axis=1) / known.sum(axis=1)
        return means


def problem(
    over: str | Sequence[str],
    base: Scenario | Settings | None = None,
    outcomes: str | Sequence[str] = (),
    on: str = "place",
    replicates: int = 1,
    groups: str = "none",
    workers: int | Dask = 1,
) -> Problem:
    """The parameters to vary, with their plausible ranges, and what is observed: for SALib and for anything
    else that goes from numbers to numbers.

    Parameters
    ----------
    over : parameters by name (``"policy.load"``) or subject (``"policy"``), all ``"parameters"``, or factors
        of context (structure, experience, size, executive, seats, framework; from 0 to 1, the distribution of
        the study), as in ``woc-sim sensitivity over=``.
    base : the scenario that is changed, or its settings, ``{"case": "C21"}``; it has one locality. None: the
        median place of the study with 400 residents.
    outcomes : readings, indicators (mean of the last year, or of another as ``"politicisation@2016"``),
        findings, fit figures, and the words main, fit and table8, as in ``woc-sim sensitivity outcomes=``.
        None given: the main ones of a place, or the misfit of all fit figures of a study.
    on : ``"place"``, or ``"study"``: all cases are simulated at each point, and `base` gives the rest.
    replicates : replicates of each point, 1 to 100,000.
    groups : ``"subjects"`` or ``"table8"``: members of a group move together in SALib's designs.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.

    Returns
    -------
    `Problem`: a dict for SALib, with ``evaluate(X)``, ``table(X)``, and a call for one point by name.

    Raises
    ------
    UserError : for an unknown name, or what does not fit together.
    """
    names = arguments.names_of("over", over)
    where = fields.choice("on", on, SCREENED)
    scenario = _base(base, where)
    wanted = arguments.names_of("outcomes", outcomes) or ((FIT,) if where == STUDY else (MAIN_WORD,))
    if where == STUDY and any(name in (*contexts(), "context") for name in names):
        raise UserError("over=context changes one place, and a study has its own places; use on='place'")
    settings = SensitivitySettings(
        over=names, on=where, people=scenario.people, seed=scenario.seed, base=scenario
    )
    moved = [each for each in factors(names) if each.name not in (CHANCE, DUMMY)]
    if not moved:
        raise UserError(f"over={','.join(names)} names no parameter that has a range")
    found = Problem(problem_of_factors(moved, fields.choice("groups", groups, GROUPINGS)))
    found.base = replace(base_scenario(settings), scale=scenario.scale)
    found.on = where
    found.outcomes = tuple(each.name for each in screened_outcomes(wanted, where))
    found["outputs"] = list(found.outcomes)
    found.replicates = arguments.replicates_of(replicates)
    found.workers = arguments.workers_of(workers)
    return found


def _base(base: Scenario | Settings | None, on: str) -> Scenario:
    """The scenario to change; without localities where none is given."""
    if base is None:
        return Scenario((), people=PEOPLE)
    if isinstance(base, Mapping):
        given = {key.partition(".")[0] for key, value in base.items() if value is not None}
        places = [key for key in PLACES if key in given]
        if on == STUDY and places:
            raise UserError(f"base has {places[0]}, and a study has its own places; leave it out")
        scenario = parse_scenario(base)
        people = scenario.people if base.get("people") is not None else PEOPLE
        return replace(
            scenario,
            people=people if scenario.scale is None else scenario.people,
            localities=scenario.localities if places else (),
        )
    if not isinstance(base, Scenario):
        raise fields.invalid("base", base, "a scenario, its settings ({'case': 'C21'}), or None")
    checks.in_range(base.parameters)
    return base if on != STUDY else replace(base, localities=())


def misfit(
    parameters: Settings | None = None,
    base: Scenario | Settings | None = None,
    replicates: int = 1,
    workers: int | Dask = 1,
) -> pd.DataFrame:
    """How far the model is from the published figures that calibration may use, at one set of parameters.

    Parameters
    ----------
    parameters : full name -> number, flat (``{"policy.load": 0.2}``) or nested; all others keep their value
        in `base`.
    base : settings or a scenario that give the rest (theories, seed, people), without a place: the 40 cases
        of the study are simulated. None: the default model with 400 residents in each.
    replicates : studies over which figures are averaged. One study takes about a second.
    workers : number of parallel processes, 1 to 1024. Results do not depend on it.

    Returns
    -------
    One row for each of the 43 figures (`fit_figures`), indexed by name: finding, unit, meaning, simulated
    (mean over the studies; nan if a reading is missing), spread (standard deviation over the studies, nan for
    one), published, error (its standard error), tolerance (error and what the form of the model may be off,
    as a standard deviation), distance ((simulated - published) / tolerance).

    Raises
    ------
    UserError : for an unknown parameter, a value out of range, or a base with a place.
    """
    import pandas as pd

    scenario = replace(_base(base, STUDY), localities=())
    given = _flat(fields.mapping("parameters", parameters))
    scenario = replace(scenario, parameters={**scenario.parameters, **given})
    checks.in_range(scenario.parameters)
    count = arguments.replicates_of(replicates)
    wanted = [(scenario, replicate) for replicate in range(count)]
    studies = simulated_studies(wanted, count, CASES, arguments.workers_of(workers), False, None, "studies")
    values = np.array([simulated(study) for study in studies])
    table = fit_figures().table()
    known = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)
    spread = pd.DataFrame(values).std().to_numpy()
    table = table.drop(columns="basis")
    table.insert(3, "simulated", means)
    table.insert(4, "spread", spread)
    table["distance"] = (table["simulated"] - table["published"]) / table["tolerance"]
    table.index.name = "name"
    return table


def _flat(tree: Mapping[str, Any], parent: str = "") -> dict[str, Any]:
    """Full name -> value, without those that are None."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        key = f"{parent}.{name}" if parent else name
        found |= _flat(value, key) if isinstance(value, Mapping) else {} if value is None else {key: value}
    return found
