"""Labour market: vacancies, acceptance by employers, the hazard of a job (docs/odd.md B g; M14-M18,
M32)."""

from __future__ import annotations

from math import sqrt

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip


@rule
def vacancies_per_seeker(unemployment: float, beveridge: float) -> float:
    """Vacant jobs per unemployed on a Beveridge curve: vacancy rate = beveridge / unemployment rate."""
    rate = max(unemployment, 0.005)
    return beveridge / (rate * rate)


@rule
def acceptance(base: float, attitude: float, distance: float) -> float:
    """Chance that an employer or landlord accepts a member of a group: p(2 (base + attitude - distance)).

    They are residents of the place, so their attitudes are the discrimination (M17, M32, M33).
    """
    return chance(2.0 * (base + attitude - distance))


@rule
def job_chance(
    base: float,
    language: float,
    tightness: float,
    accepted: float,
    support: float,
    reach: float,
    ties: float,
    brokerage: float,
    skill: float,
) -> float:
    """Chance to find a job in a month: h0 (1+3L) sqrt(V/U) accept (1+rho_m reach)(1+rho_t min(ties, 5)).

    language 0..1; tightness vacancies per seeker; support: share of the need covered; reach and brokerage:
    gains of full support and of one tie. The exponent one half stands for alpha of docs/odd.md B(g).
    skill 0..1 scales by .6 to 1.4, so that groups differ by what they bring along and not by a bonus of
    their own (M18).
    """
    hazard = base * (1.0 + 3.0 * language) * sqrt(max(tightness, 0.0)) * accepted * (0.6 + 0.8 * skill)
    return clip(hazard * (1.0 + reach * support) * (1.0 + brokerage * min(ties, 5.0)), 0.0, 1.0)


@rule
def loss_chance(base: float, precarious: bool, slump: float) -> float:
    """Chance to lose the job in a month: half the mean for steady jobs, twice for precarious ones; more in a
    slump."""
    factor = 2.0 if precarious else 0.5
    return clip(base * factor * (1.0 + slump), 0.0, 1.0)


@rule
def unemployment_step(rate: float, base: float, closed: float, bump: float, speed: float) -> float:
    """Unemployment a month later: returns to its base, which a closed public life raises by `bump` x
    closed."""
    aim = clip(base * (1.0 + bump * closed), 0.005, 0.6)
    return rate + speed * (aim - rate)


@rule
def shortage(tightness: float, trend: float, ageing: float) -> float:
    """Shortage of labour felt by companies, 0..1: vacant jobs per seeker, more where people leave (trend <
    0)."""
    felt = tightness * (1.0 + ageing * max(0.0, -trend))
    return felt / (felt + 1.0)
