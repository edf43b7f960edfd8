"""Ranges of the settings of analyses, for commands and for Python alike.

Nothing heavy is imported, because a command reads its settings before it imports the analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from woc_sim.ensemble.readers import PEOPLE, SEED, WORKERS, Reader, choice, integer, names, number

METHODS: Final = ("morris", "sobol", "pawn", "delta", "rbd_fast")
"""Names of the methods of `woc_sim.analysis.salib_methods`."""
GROUPINGS: Final = ("none", "subjects", "table8")
"""How factors may be grouped (`woc_sim.analysis.factors.problem_of_factors`)."""
SCREENED: Final = ("place", "study")
"""What a sensitivity analysis may simulate at a point."""
GRIDS: Final = ("alone", "joint", "packages")
"""How rival theories are combined (`woc_sim.analysis.rival_theories.rivals`)."""

STUDIES: Final = integer(1, 1000)
"""Studies of a validation, or at each point of a calibration."""
COMPARED_STUDIES: Final = integer(2, 1000)
"""Studies whose spread is needed."""

VALIDATION: Final[Mapping[str, Reader]] = {"studies": STUDIES, "workers": WORKERS}
PRIOR: Final[Mapping[str, Reader]] = {
    "points": integer(10, 100_000),
    "people": PEOPLE,
    "over": names,
    "seed": SEED,
    "workers": WORKERS,
}
OBSTACLES: Final[Mapping[str, Reader]] = {
    "replicates": integer(2, 1000),
    "people": PEOPLE,
    "seed": SEED,
    "workers": WORKERS,
}
WAVES: Final[Mapping[str, Reader]] = {
    "points": integer(20, 100_000),
    "studies": STUDIES,
    "people": PEOPLE,
    "waves": integer(1, 20),
    "over": names,
    "discrepancy": number(0, 1),
    "seed": SEED,
}
POSTERIOR: Final[Mapping[str, Reader]] = {
    "sets": integer(2, 512),
    "studies": STUDIES,
    "truths": integer(5, 1000),
    "workers": WORKERS,
}
FOLDS: Final[Mapping[str, Reader]] = {"sets": integer(5, 512), "workers": WORKERS}
SENSITIVITY: Final[Mapping[str, Reader]] = {
    "method": choice(METHODS),
    "over": names,
    "on": choice(SCREENED),
    "outcomes": names,
    "samples": integer(1, 100_000),
    "groups": choice(GROUPINGS),
    "people": PEOPLE,
    "seed": SEED,
    "workers": WORKERS,
}
THEORIES: Final[Mapping[str, Reader]] = {
    "subjects": names,
    "grid": choice(GRIDS),
    "packages": names,
    "studies": COMPARED_STUDIES,
    "people": PEOPLE,
    "seed": SEED,
    "workers": WORKERS,
    "reach": integer(0, 100_000),
}
