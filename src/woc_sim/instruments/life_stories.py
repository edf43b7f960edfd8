"""Life stories: dated biographies of sampled migrants, residents and organisations (`life_stories=20`).

Month by month the columns of the sampled rows are compared with those of the month before; each sentence is
a change of a column, so all that is told has happened. Nothing is written into the world, and no process
knows who is followed.

Who is sampled does not depend on what happens to them: everybody who is ever in the place has a draw at an
address of its own (immutable key), and the lowest draws are told. Those with the lowest draws of all are
among the lowest of all who have come so far, so one pass suffices: a life is followed from its first month
until lower draws come along. The mayor is always among the organisations, because measures are adopted there.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from woc_sim.draws import draw
from woc_sim.instruments import life_migrants, life_organisations, life_residents
from woc_sim.instruments.life_events import (
    MIGRANT,
    ORGANISATION,
    RESIDENT,
    Life,
    Moment,
    Story,
    mayor,
)
from woc_sim.instruments.sampling import uniforms
from woc_sim.world.locality import Locality

OF_MIGRANT, OF_RESIDENT, OF_ORGANISATION = 1, 2, 3
"""Purposes of the draws that choose lives."""

PROCESS: Final = "instrument.life_stories"


def shares(lives: int) -> tuple[int, int, int]:
    """How many of `lives` are migrants (half), residents (a third) and organisations (the rest)."""
    migrants = (lives + 1) // 2
    residents = (lives + 1) // 3
    return migrants, residents, lives - migrants - residents


@dataclass
class Sample:
    """The lowest draws so far, in order, each with its story: at most `size`."""

    size: int
    held: list[tuple[float, int, Story]] = field(default_factory=list)

    def lowest(self, draws: Any, rows: Any) -> list[tuple[float, int]]:
        """Those of the offered that belong to the sample, given who is in it."""
        if self.size == 0:
            return []
        order = np.argsort(draws, kind="stable")[: self.size]
        offered = [(float(draws[index]), int(rows[index])) for index in order]
        worst = self.held[-1][:2] if len(self.held) == self.size else (1.0, 0)
        return [each for each in offered if each < worst]

    def add(self, chance: float, story: Story) -> None:
        """Take a story in; the highest draw goes if there are too many."""
        insort(self.held, (chance, story.row, story), key=lambda each: each[:2])
        del self.held[self.size :]

    @property
    def stories(self) -> list[Story]:
        """Stories in the order of their draws."""
        return [story for _, _, story in self.held]


class LocalityStories:
    """The lives of one locality, from before its first month on."""

    def __init__(self, locality: Locality, lives: int) -> None:
        migrants, residents, organisations = shares(lives)
        self.locality = locality
        self._key = locality.key(PROCESS)
        self._migrants = Sample(migrants)
        self._residents = Sample(residents)
        self._seen = 0
        self._organisations = [
            life_organisations.begin(locality, row) for row in self._chosen_organisations(organisations)
        ]
        people = locality.sets["residents"]
        self._admit_residents(np.arange(len(people)))

    def _chosen_organisations(self, size: int) -> list[int]:
        entities = self.locality.sets["organisations"].entity.tolist()
        first = mayor(self.locality)
        ranked = sorted(
            (row != first, draw(self._key, entity, OF_ORGANISATION), row)
            for row, entity in enumerate(entities)
        )
        return [row for _, _, row in ranked[:size]]

    def _admit_residents(self, rows: Any) -> None:
        """Offer those who live in the town before the first month."""
        people = self.locality.sets["residents"]
        draws = uniforms(self._key, people.entity[rows], 0, OF_RESIDENT)
        for chance, row in self._residents.lowest(draws, rows):
            self._residents.add(chance, life_residents.begin(self.locality, row))
        self._companies = self._around()

    def _around(self) -> dict[int, life_residents.Company]:
        rows = [story.row for story in self._residents.stories if not story.ended]
        return life_residents.companies(self.locality, rows)

    def observe(self, month: int) -> None:
        """Tell the month that has just been lived."""
        moment = Moment(self.locality, month)
        for story in self._organisations:
            life_organisations.tell(moment, story)
        for story in self._migrants.stories:
            if not story.ended:
                life_migrants.tell(moment, story)
        self._observe_residents(moment)
        self._observe_arrivals(moment)

    def _observe_arrivals(self, moment: Moment) -> None:
        people = self.locality.sets["migrants"]
        new = np.arange(self._seen, len(people))
        self._seen = len(people)
        draws = uniforms(self._key, people.entity[new], 0, OF_MIGRANT)
        for chance, row in self._migrants.lowest(draws, new):
            self._migrants.add(chance, life_migrants.begin(moment, row))

    def _observe_residents(self, moment: Moment) -> None:
        people = self.locality.sets["residents"]
        after = self._around()
        for story in self._residents.stories:
            if not story.ended:
                row = story.row
                life_residents.tell(moment, story, self._companies[row], after[row])
        new = np.flatnonzero(people.since == moment.month)
        draws = uniforms(self._key, people.entity[new], 0, OF_RESIDENT)
        for chance, row in self._residents.lowest(draws, new):
            company = life_residents.companies(self.locality, [row])[row]
            story, before = life_residents.enter(moment, row, company)
            life_residents.tell(moment, story, before, company)
            self._residents.add(chance, story)
            after[row] = company
        self._companies = after

    def lives(self) -> tuple[Life, ...]:
        """Migrants in the order of arrival, residents by position, organisations by row."""
        told = []
        for kind, stories in (
            (MIGRANT, self._migrants.stories),
            (RESIDENT, self._residents.stories),
            (ORGANISATION, self._organisations),
        ):
            told += [story.life(kind) for story in sorted(stories, key=lambda each: (each.row, each.id))]
        return tuple(told)


class LifeStories:
    """The lives of all localities of a world: `begin` before its first month, `observe` after each."""

    def __init__(self, lives: int) -> None:
        self._wanted = lives
        self.localities: list[LocalityStories] = []

    def begin(self, world: Any) -> None:
        """Look at the places before anything has happened."""
        self.localities = [LocalityStories(each, self._wanted) for each in world.localities]

    def observe(self, world: Any) -> None:
        """Tell the month that `world` has just lived."""
        for each in self.localities:
            each.observe(world.month)
