"""Arrivals: quotas, own choice of place, the asylum procedure, reception (M16, M30, M31, S97, S98)."""

from __future__ import annotations

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip, saturate


@rule
def placed_arrivals(expected: float, share: float, openness: float, response: float) -> float:
    """Expected arrivals by quota: the placed share, damped or raised by the executive's stance (S04)."""
    return expected * share * max(0.0, 1.0 + response * openness)


@rule
def chosen_arrivals(
    expected: float, share: float, tightness: float, compatriots: float, jobs_pull: float, network_pull: float
) -> float:
    """Expected arrivals by own choice: jobs and compatriots pull; the mean place gets what it is due.

    compatriots: share of people of the same origins. Half of the pull at one vacancy per seeker and at 3 %.
    """
    jobs = 1.0 + jobs_pull * (2.0 * saturate(tightness, 1.0) - 1.0)
    network = 1.0 + network_pull * (2.0 * saturate(compatriots, 0.03) - 1.0)
    return expected * (1.0 - share) * max(0.0, jobs) * max(0.0, network)


@rule
def whole_number(expected: float, u: float) -> int:
    """Floor of the expectation, and one more with the chance of the rest: a count with the right mean."""
    whole = int(expected)
    return whole + 1 if u < expected - whole else whole


@rule
def procedure_months(mean: float, spread: float, u: float) -> int:
    """Length of an asylum procedure: evenly spread around the mean by +- `spread` of it."""
    return int(mean * (1.0 - spread + 2.0 * spread * u) + 0.5)


@rule
def reception_aim(base: float, support: float, restriction: float, crowding: float) -> float:
    """Quality of reception, 0..1: what every place has, what is added, what restriction and crowding take
    (S98)."""
    return clip(base + (1.0 - base) * support - 0.5 * restriction - 0.2 * crowding, 0.0, 1.0)


@rule
def hosting_chance(base: float, attitude: float, distance: float) -> float:
    """Chance that a resident who is asked gives a newcomer a room: by attitude to the group, and nothing else
    (docs/odd.md A18)."""
    return chance(2.0 * (base + attitude - distance))


@rule
def birth_chance(yearly: float, age: float) -> float:
    """Chance of a birth this month for a woman of 18 to 45 years with her family here."""
    return yearly / 12.0 if 18.0 <= age <= 45.0 else 0.0


@rule
def reunion_chance(base: float, since_protection: float, delay: float) -> float:
    """Chance that the family arrives this month: only after `delay` months of protection (S98)."""
    return base if since_protection >= delay else 0.0
