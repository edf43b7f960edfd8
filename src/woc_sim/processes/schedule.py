"""The schedule: the processes of a month as a printable list; a scenario may drop, replace or reorder
them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

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
from woc_sim.processes.contract import Bound, Process, Stretch
from woc_sim.processes.interventions import Interventions, given_columns
from woc_sim.processes.own_rules import with_own_rules
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


def schedule(
    names: Sequence[str], interventions: Sequence[Intervention] = (), apart: bool = False
) -> Schedule:
    """What a world needs to live: for a locality, its interventions and then the named processes in order.

    apart: each process is a turn of its own, for who looks at one; else those that are kernels alone and
    follow each other are one turn.
    """

    def bind(locality: Locality) -> Sequence[Turn]:
        processes = [Bound(with_own_rules(BY_NAME[name], locality.own_rules), locality) for name in names]
        turns: list[Turn] = [*processes] if apart else _joined(locality, processes)
        here = tuple(each for each in interventions if not each.where or locality.name in each.where)
        if here:
            turns.insert(0, Interventions(locality, here, GIVEN))
        return turns

    return bind


def _joined(locality: Locality, processes: Sequence[Bound]) -> list[Turn]:
    """The same as few turns."""
    turns: list[Turn] = []
    for kernels_alone, group in groupby(processes, key=lambda bound: bound.process.step is None):
        bound = list(group)
        turns += [Stretch(locality, bound)] if kernels_alone else bound
    return turns
