"""Housing: the stock of dwellings, the households that want them, and the way to an own home
(docs/odd.md B g, M33)."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate

MOST_BUILT = 2.0  # times the mean pace of building: firms of a region cannot do more at short notice


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
    pace = rate * clip(1.0 + response * (normal_vacancy - vacancy) / normal_vacancy, 0.0, MOST_BUILT)
    return dwellings * (1.0 + (pace - demolition) / 12.0)


@rule
def household_step(households: float, trend: float, shrinking: float) -> float:
    """Resident households a month later: the population trend, and households growing smaller (both a
    year)."""
    return households * (1.0 + (trend + shrinking) / 12.0)


@rule
def move_chance(p: Any, vacancy: float, accepted: float, helped: float, income: float, ties: float) -> float:
    """Chance to move into an own home in a month: base vac/(vac+half) accept (1 + broker) income ties (B g).

    helped: support of others that is used (bypasses part of discrimination, M33); income: ability to pay,
    0..1. p: housing_move (at a vacancy of _vacancy_half), _broker (weight of full support), _bypass (refusals
    that support gets round), _ties (gain of one tie), _most_ties (ties that count).
    """
    broker = p.housing_broker * helped
    open_doors = accepted + (1.0 - accepted) * p.housing_bypass * broker
    market = p.housing_move * saturate(max(vacancy, 0.0), p.housing_vacancy_half) * 2.0  # 1 at the half
    known = 1.0 + p.housing_ties * min(ties, p.housing_most_ties)
    return clip(market * open_doors * (1.0 + broker) * income * known, 0.0, 1.0)


@rule
def empty_felt(p: Any, vacancy: float) -> float:
    """Vacancy as owners of dwellings feel it, 0..1: one half at housing_empty_half."""
    return saturate(max(vacancy, 0.0), p.housing_empty_half)
