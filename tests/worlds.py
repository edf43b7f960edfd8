"""Small localities for tests: every covariate is a keyword, every other number comes from the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import import_module
from typing import Any

from woc_sim.processes.contract import Bound
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.schema import Shocks
from woc_sim.scenario.theories import default_theories, theory_codes
from woc_sim.world.columns import ColumnSet
from woc_sim.world.founding import found_institutions
from woc_sim.world.governance import LOCALITY
from woc_sim.world.locality import Locality
from woc_sim.world.population import populate

PEOPLE = (
    "calendar",
    "arrivals",
    "demography",
    "work",
    "housing",
    "learning",
    "encounters",
    "ties",
    "attitudes",
    "experience",
)
"""The processes of the person side in their order."""


ARRIVALS = {
    "asylum_share": "arrivals_per_1000.non_european",
    "ukrainian_share": "arrivals_per_1000.ukrainian",
}
"""Short names of columns that are held by group."""


def small_locality(
    persons: int = 600,
    *,
    name: str = "testville",
    framework: str = "DE",
    seed: int = 1,
    replicate: int = 0,
    theories: Mapping[str, int] | None = None,
    parameters: Mapping[str, float] | None = None,
    shocks: Mapping[str, float] | None = None,
    institutions: bool = True,
    **covariates: float,
) -> Locality:
    """A populated locality in January 2012.

    covariates: columns of the locality's row (inhabitants, rrp, executive_ideology, trend, foreign_2014,
    unemployment_base, ...), asylum_share and ukrainian_share: arrivals of the two groups; parameters: full
    names that depart from the registry; shocks: multipliers.
    """
    row = ColumnSet("locality", LOCALITY, 1, 1)
    for column, value in {"ukrainian_share": 10.0, **covariates}.items():
        row.buffer(ARRIVALS.get(column, column))[0] = value
    unknown = set(parameters or {}) - set(defaults())
    assert not unknown, f"no such parameters: {unknown}"
    locality = Locality(
        name=name,
        case=name,
        seed=seed,
        replicate=replicate,
        sets={"locality": row},
        parameters={**defaults(), **(parameters or {})},
        theories={**theory_codes(default_theories()), **(theories or {})},
        info={"shocks": {**asdict(Shocks()), **(shocks or {})}},
    )
    populate(locality, persons)
    if institutions:
        found_institutions(locality, framework)
    return locality


def bind(locality: Locality, names: Iterable[str] = PEOPLE) -> list[Bound]:
    """Processes by name, tied to the locality."""
    return [Bound(import_module(f"woc_sim.processes.{name}").PROCESS, locality) for name in names]


def live(locality: Locality, months: Iterable[int], names: Iterable[str] = PEOPLE) -> Locality:
    """Live the months with the named processes; returns the locality."""
    turns = bind(locality, names)
    for month in months:
        for turn in turns:
            turn.step(month)
    return locality


def snapshot(locality: Locality) -> dict[str, Any]:
    """Copies of all columns of all sets, by 'set.column'."""
    return {
        f"{owner}.{column}": getattr(rows, column).copy()
        for owner, rows in locality.sets.items()
        for column in rows
    }
