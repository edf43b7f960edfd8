"""Arrivals: quotas, own choice of place, the asylum procedure, reception (M16, M30, M31, S97, S98)."""

from __future__ import annotations

from typing import Any

from woc_sim.inputs.ages import BIRTH_FROM, BIRTH_TO
from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip, saturate


@rule
def placed_arrivals(expected: float, share: float, openness: float, response: float) -> float:
    """Expected arrivals by quota: the placed share, damped or raised by the executive's stance (S04)."""
    return expected * share * max(0.0, 1.0 + response * openness)


@rule
def chosen_arrivals(p: Any, expected: float, share: float, tightness: float, compatriots: float) -> float:
    """Expected arrivals by own choice: jobs and compatriots attract; a mean locality gets its proportional
    share.

    share: placed by quota; tightness: vacancies per seeker; compatriots: share of people of the same origins.
    p: arrivals_jobs_pull, _network_pull (strength), _jobs_half, _network_half (values at which they change
    nothing).
    """
    jobs = 1.0 + p.arrivals_jobs_pull * (2.0 * saturate(tightness, p.arrivals_jobs_half) - 1.0)
    network = 1.0 + p.arrivals_network_pull * (2.0 * saturate(compatriots, p.arrivals_network_half) - 1.0)
    return float(expected * (1.0 - share) * max(0.0, jobs) * max(0.0, network))


@rule
def whole_number(expected: float, u: float) -> int:
    """A whole number with the expectation as its mean: the floor, and one more with the chance of the
    rest."""
    whole = int(expected)
    return whole + 1 if u < expected - whole else whole


@rule
def procedure_months(mean: float, spread: float, u: float) -> int:
    """Length of an asylum procedure: uniform in mean x (1 - spread) to mean x (1 + spread)."""
    return int(mean * (1.0 - spread + 2.0 * spread * u) + 0.5)


@rule
def reception_aim(p: Any, support: float, restriction: float, crowding: float) -> float:
    """Quality of reception, 0..1: a base, raised by support, lowered by restriction and crowding (S98).

    p: arrivals_reception_base, _reception_restriction, _reception_crowding.
    """
    base = p.arrivals_reception_base
    lost = p.arrivals_reception_restriction * restriction
    crowded = p.arrivals_reception_crowding * crowding
    return clip(base + (1.0 - base) * support - lost - crowded, 0.0, 1.0)


@rule
def hosting_chance(p: Any, attitude: float, distance: float) -> float:
    """Chance that a resident who is asked gives a newcomer a room: by attitude and distance to the group, and
    nothing else (docs/odd.md A18). p: arrivals_hosting, arrivals_hosting_slope."""
    return chance(p.arrivals_hosting_slope * (p.arrivals_hosting + attitude - distance))


@rule
def birth_chance(yearly: float, age: float) -> float:
    """Chance of a birth this month for a woman of 18 to 45 years with her family here."""
    return yearly / 12.0 if BIRTH_FROM <= age <= BIRTH_TO else 0.0


@rule
def reunion_chance(base: float, since_protection: float, delay: float) -> float:
    """Chance that the family arrives this month: only after `delay` months of protection (S98)."""
    return base if since_protection >= delay else 0.0
