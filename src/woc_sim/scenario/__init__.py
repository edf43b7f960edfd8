"""The scenario: the settings of a simulation, parsed strictly, with one canonical form and one hash.

The package can be called: ``woc_sim.scenario(case="C21", seed=7)``. A function of this name would not
survive: when anything in a package is imported, Python binds the package's name in the package above it.
"""

import sys
import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, given: Mapping[str, Any] | None = None, /, **settings: Any) -> Any:
        """A checked `Scenario` from settings, given by name or as a mapping. Raises UserError.

        Settings are those of ``woc-sim run`` without the run options: ``scenario(case="C21", seed=7)``,
        ``scenario(size="rural", executive="mixed", locality={"rrp_share": 0.2})``. Dotted keys are written
        ``scenario(**{"locality.rrp_share": 0.2})``. Warns if an intervention starts or ends after the last
        month.
        """
        from woc_sim.scenario import fields
        from woc_sim.scenario.parse import parse_scenario, unreached_interventions

        scenario = parse_scenario({**fields.mapping("settings", given), **settings})
        for sentence in unreached_interventions(scenario):
            warnings.warn(sentence, stacklevel=2)
        return scenario


sys.modules[__name__].__class__ = _Callable
