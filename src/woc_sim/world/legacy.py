"""What earlier migrants left to the institutions of a place: know-how, an officer, habits of meeting.

All of it starts from their number, the years they have been in the place and the means of the municipality,
and from nothing else (docs/odd.md A23). Without the theory (`legacy=none`) nothing is left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from woc_sim.draws import draw
from woc_sim.inputs.organisations import level_code
from woc_sim.inputs.settlement import FIRST_YEAR, settled_since
from woc_sim.inputs.vocabulary import MEASURE_ROLES
from woc_sim.rules.legacy import founded_share, known_at_start, legacy_left, years_settled
from woc_sim.world.locality import Locality, record

PARAMETERS = (
    "legacy.gain",
    "legacy.stock_half",
    "legacy.fade",
    "civil_society.found",
    "civil_society.found_half",
    "civil_society.dissolve",
)
Constants = record("Constants", PARAMETERS, __name__)

YEARS, OFFICER = 1, 2
OFFICER_POST = MEASURE_ROLES.index("officer")
LOCAL = level_code("local")


class Earlier(NamedTuple):
    """Earlier migrants of a place when the calendar begins.

    years: how long they have been there; founded: share of their possible organisations that exist; legacy:
    practice that they left in institutions, 0..1.
    """

    years: float
    founded: float
    legacy: float


def earlier_migrants(locality: Locality, framework: str, means: float) -> Earlier:
    """What the number of earlier migrants (`locality.foreign_2014`), their years and the municipal means make
    of the place; means: relative to usual ones."""
    p = Constants(*(locality.parameters[name] for name in PARAMETERS))
    theory, stock = locality.theories["legacy"], locality.value("foreign_2014")
    position = draw(locality.key("legacy"), 0, YEARS)
    country = FIRST_YEAR - settled_since()[framework]
    years = years_settled(country, locality.parameters["legacy.latest"], position)
    return Earlier(years, founded_share(p, theory, stock, years), legacy_left(p, theory, stock, years, means))


def leave_behind(locality: Locality, legacy: float) -> None:
    """Give the founded institutions what earlier migrants left: know-how of measures, perhaps an officer who
    knows as much as the place does, and meetings between public and non-public organisations of the place."""
    if legacy == 0.0:
        return
    values = locality.parameters
    measures, organisations = locality.measures, locality.organisations
    measures.known[:] = [
        known_at_start(known, legacy, values["legacy.know_how"]) for known in measures.known.tolist()
    ]
    if draw(locality.key("legacy"), 0, OFFICER) < values["legacy.officer"] * legacy:
        post = measures.role == OFFICER_POST
        measures.in_force[post] = 1
        measures.since[post] = 0
        locality.row.officer[0] = 1
        locality.row.expertise[0] = legacy
    here = (organisations.level == LOCAL) & (organisations.active == 1)
    public, other = here & (organisations.public == 1), here & (organisations.nonpublic == 1)
    governance = locality.governance
    partners = np.outer(public, other) | np.outer(other, public)
    habit, reach, frequency = (governance.buffer(name) for name in ("habit", "reach", "frequency"))
    habit += values["legacy.habit"] * legacy * reach * partners
    frequency[:] = habit
