"""The scenario: the settings of a simulation, parsed strictly, with one canonical form and one hash.

The package can be called: ``woc_sim.scenario(case="C21", seed=7)`` makes a checked, read-only `Scenario`.

Parameters
----------
given : settings as a mapping, nested or dotted: ``{"case": "C21", "parameters": {"policy.load": 0.2}}``,
    ``{"locality.rrp_share": 0.2}``. Settings that are given by name come on top.
case : one of the 49 localities of the study (`woc_sim.cases`), or a list of them that live in one world.
    Without a case or `locality`, a synthetic locality is drawn.
seed : number of the random draws, from 0.
months : number of simulated months from 2012-01 on, 1 to 144.
people : simulated residents of each locality, 50 to 250,000; or `scale`, their share of the inhabitants.
size, executive : labels of the locality: rural, small, medium; progressive, mixed, conservative.
locality : a type (``"left_behind"``), or labels and numbers (``{"rrp_share": 0.2}``), or
    ``{"file": "my.yaml"}``.
theory : subject -> name of a rival theory (`woc_sim.theories`).
parameters : full name -> number (`woc_sim.parameters`), flat or nested.
intervention : a name (``"links"``), a list of names, or name -> settings ``{"links": {"start": "2018-01"}}``
    (`woc_sim.interventions`). Without a start it holds from 2018-01 on.
shocks : a name (``"no_2015"``), or multipliers of asylum, wave, ukrainians, covid and media.
schedule : ``{"drop": ["encounters"]}`` switches processes off, ``{"processes": [...]}`` orders them.
settings : settings with a dotted key, ``scenario(**{"locality.rrp_share": 0.2})``; type checkers prefer
    them in `given`, ``scenario({"locality.rrp_share": 0.2}, case="C21")``.

Returns
-------
`Scenario`. Equal settings give equal scenarios. None means the value of the case, or the default.

Raises
------
UserError : if a key does not exist or a value is not allowed. Warns if an intervention starts or ends after
    the last month.

A function of this name would not survive: when anything in a package is imported, Python binds the package's
name in the package above it.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woc_sim.scenario.schema import Scenario
    from woc_sim.scenario.words import Setting, Settings


class _Callable(ModuleType):
    def __call__(
        self,
        given: Settings | None = None,
        /,
        *,
        case: str | Sequence[str] | None = None,
        seed: int | None = None,
        months: int | None = None,
        people: int | None = None,
        scale: float | None = None,
        size: str | None = None,
        executive: str | None = None,
        locality: str | Settings | None = None,
        theory: Mapping[str, str] | None = None,
        parameters: Settings | None = None,
        intervention: str | Sequence[str] | Settings | None = None,
        shocks: str | Mapping[str, float] | None = None,
        schedule: Mapping[str, Sequence[str]] | None = None,
        **settings: Setting,
    ) -> Scenario:
        """A checked `Scenario` from settings, given by name or as a mapping. Raises UserError.

        ``help(woc_sim.scenario)`` explains the settings.
        """
        from woc_sim.scenario import fields
        from woc_sim.scenario.parse import parse_scenario, unreached_interventions

        named: dict[str, Setting] = {
            "case": case,
            "seed": seed,
            "months": months,
            "people": people,
            "scale": scale,
            "size": size,
            "executive": executive,
            "locality": locality,
            "theory": theory,
            "parameters": parameters,
            "intervention": intervention,
            "shocks": shocks,
            "schedule": schedule,
        }
        chosen = {key: value for key, value in named.items() if value is not None}
        scenario = parse_scenario({**fields.mapping("settings", given), **chosen, **settings})
        for sentence in unreached_interventions(scenario):
            warnings.warn(sentence, stacklevel=2)
        return scenario


sys.modules[__name__].__class__ = _Callable

if TYPE_CHECKING:
    scenario: _Callable
