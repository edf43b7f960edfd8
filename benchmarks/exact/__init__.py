"""The exact twin: the person side lived by Mesa agents in plain Python, to the last byte as kernels do it.

Agents act in the order of their ids, sense before they apply, call the same rules (as plain Python) and draw
at the same addresses. Calendar, organisations and council stay the model's own: the twin's world is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks.exact.living import Housing, Learning, Work
from benchmarks.exact.meeting import Encounters, Ties
from benchmarks.exact.minds import Attitudes, Experience, Volunteers
from benchmarks.exact.people import Town
from benchmarks.exact.settling import Arrivals, Demography
from benchmarks.exact.turn import PersonTurn
from woc_sim.processes import civil_society
from woc_sim.processes.contract import Bound
from woc_sim.processes.schedule import BY_NAME
from woc_sim.world.locality import Locality
from woc_sim.world.model import Schedule, Turn

TWINS: dict[str, type[PersonTurn]] = {
    "arrivals": Arrivals,
    "demography": Demography,
    "work": Work,
    "housing": Housing,
    "learning": Learning,
    "encounters": Encounters,
    "ties": Ties,
    "attitudes": Attitudes,
    "experience": Experience,
}


class CivilSociety:
    """Volunteers as objects; then all people are written back and the organisations decide, compiled."""

    def __init__(self, town: Town, locality: Locality) -> None:
        self.volunteers = Volunteers(town, civil_society.PROCESS)
        alone = replace(civil_society.PROCESS, kernels=(civil_society.initiatives,))
        self.initiatives = Bound(alone, locality)

    def step(self, month: int) -> None:
        """Live one month; the columns of people are those of the objects afterwards."""
        self.volunteers.step(month)
        self.volunteers.town.store()
        self.initiatives.step(month)


def twin_schedule(names: Sequence[str]) -> Schedule:
    """The schedule of a world whose person side is lived by the exact twin.

    ``names`` must hold civil_society after the other processes of the person side: it writes people back.
    """

    def bind(locality: Locality) -> Sequence[Turn]:
        town = Town(locality)
        turns: list[Turn] = []
        for name in names:
            if name in TWINS:
                turns.append(TWINS[name](town, BY_NAME[name]))
            elif name == "civil_society":
                turns.append(CivilSociety(town, locality))
            else:
                turns.append(Bound(BY_NAME[name], locality))
        return turns

    return bind
