"""Where the town is drawn: a plan of homes and venues. It is a drawing, since the model has no distances.

Neighbourhoods and the reception centre are discs around the venues. Residents stand inside the disc of their
home, newcomers on its rim, each always at the same spot of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from woc_sim.explorer.history import History
from woc_sim.explorer.views.drawing import Array
from woc_sim.world.places import NEIGHBOURHOOD, PUBLIC_SPACE, RECEPTION_CENTRE

MOST_RESIDENTS: Final = 1200
"""Residents that are drawn at most; of more, every second, third and so on in the order of their rows."""
MOST_NEWCOMERS: Final = 800
"""Newcomers that are drawn at most, chosen in the same way from all who ever come."""
MOST_VENUES: Final = 160
"""Venues that are drawn at most, chosen in the same way."""

GOLDEN: Final = np.pi * (3.0 - np.sqrt(5.0))
"""The angle from one spot of a disc to the next (Vogel 1979: the head of a sunflower)."""
INSIDE, RIM, RIM_SPOTS, RIM_STEP, TURN = 0.92, 1.03, 56, 0.09, 17
"""Radius of the disc of residents and of the first ring of newcomers, spots of a ring, step to the next ring,
and spots from one newcomer to the next, which has no factor in common with the number of spots."""
FIRST_RING, RING_STEP = 1.75, 2.5
"""Radius of the first ring of homes around the venues, and step to the next ring."""
NAME: Final = 0.25
"""Room for the name above a home."""
CENTRE: Final = 0.55
"""Radius of the disc of venues."""
RECEPTION: Final = 0.55
"""Radius of the reception centre, where no resident lives; that of a neighbourhood is 1."""


def every(count: int, most: int) -> Array:
    """Rows of at most `most` out of `count`, evenly chosen; who is drawn depends on nothing that happens."""
    step = max(1, -(-count // most))
    return np.arange(0, count, step)


def sunflower(count: int, radius: float) -> Array:
    """`count` spots that fill a disc evenly (count x 2)."""
    at = np.arange(count) + 0.5
    far = radius * np.sqrt(at / max(count, 1))
    return np.column_stack([far * np.cos(GOLDEN * at), far * np.sin(GOLDEN * at)])


def rings(count: int) -> Array:
    """Centres of `count` discs of radius 1 on rings around the middle (count x 2)."""
    centres: list[tuple[float, float]] = []
    radius = FIRST_RING
    while len(centres) < count:
        fits = min(int(2.0 * np.pi * radius / 2.4), count - len(centres))
        for step in range(fits):
            angle = np.pi + 2.0 * np.pi * step / fits
            centres.append((radius * np.cos(angle), radius * np.sin(angle)))
        radius += RING_STEP
    return np.array(centres).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Plan:
    """Positions of a town.

    centres: place -> position of a home or venue, nan for a venue that is not drawn (places x 2). radius:
    place -> radius of its disc. homes, venues: places that are drawn. residents: rows that are drawn, spots:
    where they stand (rows x 2). shown: resident -> position in `residents`, -1 for one who is not drawn.
    newcomers: rows that are drawn. low, high: corners of the drawing.
    """

    centres: Array
    radius: Array
    homes: Array
    venues: Array
    residents: Array
    spots: Array
    shown: Array
    newcomers: Array
    low: Array
    high: Array

    def newcomer_spots(self, neighbourhood: Array) -> Array:
        """Where the drawn newcomers stand, given the places of their homes; nan without a home (rows x 2)."""
        angle = 2.0 * np.pi * (self.newcomers * TURN % RIM_SPOTS + 0.5) / RIM_SPOTS
        far = RIM + RIM_STEP * (self.newcomers // RIM_SPOTS % 4)
        offset = np.column_stack([far * np.cos(angle), far * np.sin(angle)])
        home = np.maximum(neighbourhood, 0)
        spots: Array = self.centres[home] + self.radius[home, None] * offset
        spots[neighbourhood < 0] = np.nan
        return spots


def plan_of(history: History) -> Plan:
    """The plan of the town of a history."""
    kinds = history.end["places.kind"]
    is_home = (kinds == NEIGHBOURHOOD) | (kinds == RECEPTION_CENTRE)
    homes, venues = np.flatnonzero(is_home), np.flatnonzero(~is_home)
    venues = venues[np.argsort(kinds[venues] != PUBLIC_SPACE, kind="stable")]  # the square in the middle
    venues = venues[every(len(venues), MOST_VENUES)]
    centres = np.full((len(kinds), 2), np.nan)
    centres[homes] = rings(len(homes))
    radius = np.where(kinds == RECEPTION_CENTRE, RECEPTION, 1.0)
    centres[venues] = sunflower(len(venues), CENTRE)
    live_at = history.end["residents.neighbourhood"]
    residents = every(len(live_at), MOST_RESIDENTS)
    spots = np.empty((len(residents), 2))
    for home in homes:
        there = np.flatnonzero(live_at[residents] == home)
        spots[there] = centres[home] + sunflower(len(there), INSIDE)
    shown = np.full(len(live_at), -1)
    shown[residents] = np.arange(len(residents))
    newcomers = every(history.monthly["migrants.present"].shape[1], MOST_NEWCOMERS)
    room = RIM + 2 * RIM_STEP
    low, high = centres[homes].min(axis=0) - room, centres[homes].max(axis=0) + np.array([room, room + NAME])
    return Plan(centres, radius, homes, venues, residents, spots, shown, newcomers, low, high)
