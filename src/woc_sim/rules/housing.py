"""Housing: the stock of dwellings, the households that want them, and the way to an own home
(docs/odd.md B g, M33)."""

from __future__ import annotations

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate


@rule
def vacancy_share(households: float, dwellings: float) -> float:
    """Share of dwellings that are empty; 0 where households outnumber them."""
    return clip(1.0 - households / max(dwellings, 1.0), 0.0, 1.0)


@rule
def building_step(
    dwellings: float, vacancy: float, rate: float, response: float, demolition: float, normal_vacancy: float
) -> float:
    """Dwellings a month later: built at a yearly `rate`, more when few stand empty, less demolition.

    The response is partial, so that a growing place tightens and a shrinking one empties.
    """
    pace = rate * clip(1.0 + response * (normal_vacancy - vacancy) / normal_vacancy, 0.0, 2.0)
    return dwellings * (1.0 + (pace - demolition) / 12.0)


@rule
def household_step(households: float, trend: float, shrinking: float) -> float:
    """Resident households a month later: the population trend, and households growing smaller (both a
    year)."""
    return households * (1.0 + (trend + shrinking) / 12.0)


@rule
def move_chance(
    base: float, vacancy: float, accepted: float, broker: float, income: float, ties: float, tie_gain: float
) -> float:
    """Chance to move into an own home in a month: .03 vac/(vac+.05) accept (1 + broker) income ties (B g).

    broker: support of others (bypasses part of discrimination, M33); income: ability to pay, 0..1.
    """
    open_doors = accepted + (1.0 - accepted) * 0.5 * broker
    market = base * saturate(max(vacancy, 0.0), 0.05) * 2.0
    return clip(market * open_doors * (1.0 + broker) * income * (1.0 + tie_gain * min(ties, 5.0)), 0.0, 1.0)


@rule
def empty_felt(vacancy: float) -> float:
    """Vacancy as owners of dwellings feel it, 0..1: one half at 8 % empty."""
    return saturate(max(vacancy, 0.0), 0.08)
