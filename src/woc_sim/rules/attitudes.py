"""Attitudes of residents: where they start, and how the parts of a month add up (docs/odd.md A2, B f)."""

from __future__ import annotations

from math import sqrt

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, normal


@rule
def leaning_of(u: float, v: float, radical: float, right: float, cut: float) -> float:
    """Political leaning, left -1 to right +1, of a resident with two uniform numbers.

    A share `radical` lies above `cut` (radical-right voters), a share `right` above 0; densities fall away
    from the lower end of each part. So the electorate fits the council's seats and majority
    (docs/odd.md A2).
    """
    part = 1.0 - sqrt(1.0 - v)
    if u < radical:
        return cut + (1.0 - cut) * part
    if u < right:
        return cut * part
    return -part


@rule
def right_share(executive: float, radical: float, noise: float) -> float:
    """Share of residents right of the centre: a majority for a conservative executive, a minority for a
    progressive.

    executive: ideology, progressive +1; noise in [-.05, .05]. Never below the radical right's own share.
    """
    return clip(0.5 - 0.25 * executive + noise, min(0.95, radical + 0.05), 0.95)


@rule
def predisposition(
    mean: float, leaning: float, slope: float, skill: float, settled: float, u: float, spread: float
) -> float:
    """Predisposition to a group: an individual part, and composition by leaning, skill and own migration
    background.

    No place and no size enters (M10: rural-urban differences are composition).
    """
    composed = mean - slope * leaning + 0.2 * (skill - 0.5) + 0.1 * settled
    return clip(composed + spread * normal(u), -0.98, 0.98)


@rule
def other_predisposition(own: float, apart: float, u: float, individual: float) -> float:
    """Predisposition to a group that is not the reference: that to the reference, the distance between the
    two means, and a part of its own (docs/odd.md A2)."""
    return predisposition(own + apart, 0.0, 0.0, 0.5, 0.0, u, individual)


@rule
def value_distance(mean: float, leaning: float, u: float) -> float:
    """Perceived value distance to a group, larger on the right (S85)."""
    return clip(mean + 0.15 * leaning + 0.12 * normal(u), 0.0, 1.0)


@rule
def solidarity(attitude: float, wave: float, gain: float) -> float:
    """Rally of sympathy in the months in which war refugees arrive; it fades as the anchor pulls back
    (M28)."""
    return gain * wave * (1.0 - attitude)


@rule
def bounded(attitude: float) -> float:
    """An attitude held inside its scale."""
    return clip(attitude, -1.0, 1.0)


@rule
def drifted_anchor(anchor: float, attitude: float, speed: float) -> float:
    """Predisposition a month later: what is lived long enough becomes part of it (eta of docs/odd.md B
    f)."""
    return anchor + speed * (attitude - anchor)
