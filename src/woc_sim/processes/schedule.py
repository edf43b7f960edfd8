"""The schedule: the processes of a month as a printable list; a scenario may drop, replace or reorder
them."""

from __future__ import annotations

from collections.abc import Sequence

from woc_sim.processes import (
    arrivals,
    attitudes,
    business,
    calendar,
    civil_society,
    demography,
    diffusion,
    encounters,
    experience,
    frames,
    housing,
    learning,
    perception,
    policy,
    relations,
    ties,
    work,
)
from woc_sim.processes.contract import Bound, Process
from woc_sim.processes.interventions import Interventions, given_columns
from woc_sim.scenario.schema import Intervention
from woc_sim.world.locality import Locality
from woc_sim.world.model import Schedule, Turn

PROCESSES: tuple[Process, ...] = tuple(
    module.PROCESS
    for module in (
        calendar,
        arrivals,
        demography,
        work,
        housing,
        learning,
        encounters,
        ties,
        attitudes,
        experience,
        civil_society,
        business,
        perception,
        relations,
        frames,
        policy,
        diffusion,
    )
)
BY_NAME = {process.name: process for process in PROCESSES}
GIVEN = given_columns(column for process in PROCESSES for column in process.writes)
"""Columns that interventions change and no process writes."""


def schedule(names: Sequence[str], interventions: Sequence[Intervention] = ()) -> Schedule:
    """What a world needs to live: for a locality, its interventions and then the named processes in order."""

    def bind(locality: Locality) -> Sequence[Turn]:
        turns: list[Turn] = [Bound(BY_NAME[name], locality) for name in names]
        here = tuple(each for each in interventions if not each.where or locality.name in each.where)
        if here:
            turns.insert(0, Interventions(locality, here, GIVEN))
        return turns

    return bind
