"""Where twins and kernels start: a town that the whole model has lived in; its organisations then rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from woc_sim.processes import civil_society
from woc_sim.processes.contract import Bound
from woc_sim.processes.schedule import BY_NAME
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import PROCESSES, Scenario
from woc_sim.simulation import open_world
from woc_sim.world.locality import Locality
from woc_sim.world.people import NO_JOB, NON_EUROPEAN, PRIVATE, UKRAINIAN

START = 50  # months lived by the whole model before anything is compared: March 2016, many have just arrived
PEOPLE = PROCESSES[: PROCESSES.index("civil_society")]
ORGANISATIONS = PROCESSES[PROCESSES.index("civil_society") :]
INDICATORS = (
    *("attitude", "attitude_ua", "volunteers", "migrants", "working", "private_homes"),
    *("language", "belonging", "ties"),
)

TWINNED = {"attention": "steady", "comparison": "own_lot", "decline": "silent", "room": "no_pull"}
"""Theories of the subjects that the twins do not tell apart; all others have their default."""


def town_of(people: int, months: int = START, **settings: Any) -> Scenario:
    """A synthetic German town of so many inhabitants, all of them simulated; middling otherwise."""
    inhabitants = max(people, 1000)
    return parse_scenario(
        {
            "locality": {"inhabitants": inhabitants, "executive_ideology": 0.0, "rrp_share": 0.1},
            "people": people,
            "months": months,
            **settings,
        }
    )


@contextmanager
def lived(people: int, replicate: int = 0, asylum: float = 1.0) -> Iterator[Locality]:
    """A town after `START` months of the whole model, with `asylum` times the asylum seekers of history."""
    with open_world(town_of(people, shocks={"asylum": asylum}, theory=TWINNED), replicate) as world:
        for _ in range(START):
            world.step()
        yield world.localities[0]


class PersonSide:
    """The kernels of the person side, volunteers included; the organisations do nothing."""

    def __init__(self, locality: Locality) -> None:
        self.locality = locality
        helping = replace(civil_society.PROCESS, kernels=(civil_society.volunteers,))
        self.turns = [Bound(process, locality) for process in (*(BY_NAME[name] for name in PEOPLE), helping)]

    def step(self, month: int) -> None:
        """Live one month."""
        for turn in self.turns:
            turn.step(month)

    def indicators(self) -> dict[str, float]:
        """The numbers that the idiomatic twin's data collector reports."""
        residents, migrants = self.locality.residents, self.locality.migrants
        here = migrants.present == 1
        present = max(1, np.count_nonzero(here))
        return {
            "attitude": float(residents.attitude_to[NON_EUROPEAN].mean()),
            "attitude_ua": float(residents.attitude_to[UKRAINIAN].mean()),
            "volunteers": float(np.mean(residents.volunteer > 0.0)),
            "migrants": float(np.count_nonzero(here)),
            "working": float(np.count_nonzero(migrants.job[here] != NO_JOB) / present),
            "private_homes": float(np.count_nonzero(migrants.housing[here] == PRIVATE) / present),
            "language": float(migrants.language[here].sum() / present),
            "belonging": float(migrants.belonging[here].sum() / present),
            "ties": float(np.count_nonzero(migrants.tie[here] >= 0) / present),
        }
