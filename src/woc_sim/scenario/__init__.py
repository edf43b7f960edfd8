"""The scenario: what is asked of the model, read strictly, with one canonical form and one hash.

The package can be called: ``woc_sim.scenario(case="C21", seed=7)``. Python binds the name of a package's
folder in the package above as soon as anything in it is imported, so a function of that name would vanish.
"""

import sys
import warnings
from collections.abc import Mapping
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, asked: Mapping[str, Any] | None = None, /, **settings: Any) -> Any:
        """A checked `Scenario` from settings, named or as a mapping; raises UserError.

        Settings are those of ``woc-sim run`` without the run options: ``scenario(case="C21", seed=7)``,
        ``scenario(size="rural", executive="mixed", locality={"rrp_share": 0.2})``; dotted keys go in as
        ``scenario(**{"locality.rrp_share": 0.2})``. Warns of an intervention that never begins, or never
        ends as it should, in the months lived.
        """
        from woc_sim.scenario import fields
        from woc_sim.scenario.parse import never, parse_scenario

        found = parse_scenario({**fields.mapping("settings", asked), **settings})
        for sentence in never(found):
            warnings.warn(sentence, stacklevel=2)
        return found


sys.modules[__name__].__class__ = _Callable
