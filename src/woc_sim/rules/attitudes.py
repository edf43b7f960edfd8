"""Attitudes of residents: where they start, and how the parts of a month add up (docs/odd.md A2, B f)."""

from __future__ import annotations

from math import sqrt
from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, normal

# Residents are drawn from every part of the electorate, so no part may be empty: some are left of the centre,
# and some on the right are no radicals.
MOST_RIGHT, SOME_MODERATE = 0.95, 0.05
MOST_INCLINED = 0.98  # a predisposition lies inside the scale of attitudes, so that everybody can still move


@rule
def leaning_of(u: float, v: float, radical: float, right: float, cut: float) -> float:
    """Political leaning, left -1 to right +1, of a resident with two uniform numbers.

    A share `radical` lies above `cut` (radical-right voters), a share `right` above 0; densities fall away
    from the lower end of each part. So the electorate fits the seats of Table A1 and the
    majority (docs/odd.md A2).
    """
    part = 1.0 - sqrt(1.0 - v)
    if u < radical:
        return cut + (1.0 - cut) * part
    if u < right:
        return cut * part
    return -part


@rule
def right_share(slope: float, executive: float, radical: float, noise: float) -> float:
    """Share of residents right of the centre: a majority for a conservative executive, a minority for a
    progressive.

    executive: ideology, progressive +1, which moves half of the town by `slope`. Never below the radical
    right's own share.
    """
    least = min(MOST_RIGHT, radical + SOME_MODERATE)
    return clip(0.5 - slope * executive + noise, least, MOST_RIGHT)


@rule
def predisposition(
    p: Any, mean: float, leaning: float, skill: float, settled: float, u: float, spread: float
) -> float:
    """Predisposition to a group: an individual part, and composition by leaning, skill and own migration
    background.

    No place and no size enters (M10: rural-urban differences are composition). p: population_leaning_slope,
    _skill_slope (around middling skill), _settled_gain.
    """
    composed = mean - p.population_leaning_slope * leaning + p.population_skill_slope * (skill - 0.5)
    composed = composed + p.population_settled_gain * settled
    return clip(composed + spread * normal(u), -MOST_INCLINED, MOST_INCLINED)


@rule
def other_predisposition(own: float, apart: float, u: float, individual: float) -> float:
    """Predisposition to a group that is not the reference: that to the reference, the distance between the
    two means, and a part of its own (docs/odd.md A2)."""
    return clip(own + apart + individual * normal(u), -MOST_INCLINED, MOST_INCLINED)


@rule
def value_distance(p: Any, mean: float, leaning: float, u: float) -> float:
    """Perceived value distance to a group, larger on the right (S85).

    p: population_distance_leaning, population_distance_spread.
    """
    composed = mean + p.population_distance_leaning * leaning
    return clip(composed + p.population_distance_spread * normal(u), 0.0, 1.0)


@rule
def solidarity(attitude: float, wave: float, gain: float) -> float:
    """Rally of sympathy in the months in which war refugees arrive; it ebbs (`theory/attention`),
    and the anchor pulls it back (M28)."""
    return gain * wave * (1.0 - attitude)


@rule
def bounded(attitude: float) -> float:
    """The attitude, limited to its scale."""
    return clip(attitude, -1.0, 1.0)


@rule
def drifted_anchor(anchor: float, attitude: float, speed: float) -> float:
    """Predisposition a month later: it drifts slowly towards the attitude (eta of docs/odd.md B f)."""
    return anchor + speed * (attitude - anchor)
