"""Labour market: vacancies, acceptance by employers, the hazard of a job (docs/odd.md B g; M14-M18,
M32)."""

from __future__ import annotations

from math import sqrt
from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip, saturate

# Bounds of an unemployment rate: the lower one keeps vacancies per seeker finite, the upper one is beyond
# what any region of the European Union has seen.
LOWEST_RATE, HIGHEST_RATE = 0.005, 0.6


@rule
def vacancies_per_seeker(unemployment: float, beveridge: float) -> float:
    """Vacant jobs per unemployed on a Beveridge curve: vacancy rate = beveridge / unemployment rate."""
    rate = max(unemployment, LOWEST_RATE)
    return beveridge / (rate * rate)


@rule
def acceptance(base: float, slope: float, attitude: float, distance: float) -> float:
    """Chance that an employer or landlord accepts a member of a group: p(slope (base + attitude - distance)).

    They are residents of the place, so their attitudes are the discrimination (M17, M32, M33).
    """
    return chance(slope * (base + attitude - distance))


@rule
def job_chance(
    p: Any, tightness: float, accepted: float, language: float, skill: float, support: float, ties: float
) -> float:
    """Chance to find a job in a month: h0 (1+3L) sqrt(V/U) accept (1+rho_m support)(1+rho_t ties).

    tightness: vacancies per seeker; language and skill 0..1; support: share of the need covered and used. The
    exponent one half stands for alpha of docs/odd.md B(g). Skill is a factor, so groups differ by their
    skills and not by a bonus (M18). p: work_base, _language, _skill_base, _skill, _reach (gain of full
    support), _ties (gain of one tie), _most_ties (ties that count).
    """
    spoken = 1.0 + p.work_language * language
    able = p.work_skill_base + p.work_skill * skill
    hazard = p.work_base * spoken * sqrt(max(tightness, 0.0)) * accepted * able
    known = 1.0 + p.work_ties * min(ties, p.work_most_ties)
    return clip(hazard * (1.0 + p.work_reach * support) * known, 0.0, 1.0)


@rule
def chance_in_life(
    p: Any, chance: float, compatriots: float, woman: bool, parent: bool, slump: float
) -> float:
    """Factor of a person's circumstances in the chance to find a job: compatriots tell of jobs (S11); women
    find fewer, mothers fewest (M14, M15); a slump lowers the chance of all.

    parent: with children at school. p: work_coethnic (gain of one compatriot), _most_ties (how many count),
    _women, _mothers.
    """
    chance *= 1.0 + p.work_coethnic * min(compatriots, p.work_most_ties)
    if woman:
        chance *= p.work_women
        if parent:
            chance *= p.work_mothers
    return chance * (1.0 - min(1.0, slump))


@rule
def loss_chance(p: Any, precarious: bool, slump: float) -> float:
    """Chance to lose the job in a month: below the mean for steady jobs, above it for precarious ones; more
    in a slump. p: work_loss, _loss_precarious, _loss_steady."""
    factor = p.work_loss_precarious if precarious else p.work_loss_steady
    return clip(p.work_loss * factor * (1.0 + slump), 0.0, 1.0)


@rule
def unemployment_step(rate: float, base: float, closed: float, bump: float, speed: float) -> float:
    """Unemployment a month later: returns to its base, which a closed public life raises by `bump` x
    closed."""
    aim = clip(base * (1.0 + bump * closed), LOWEST_RATE, HIGHEST_RATE)
    return rate + speed * (aim - rate)


@rule
def shortage(p: Any, tightness: float, trend: float) -> float:
    """Shortage of labour felt by companies, 0..1: vacant jobs per seeker, more where people leave (trend <
    0). p: work_ageing, work_shortage_half."""
    felt = tightness * (1.0 + p.work_ageing * max(0.0, -trend))
    return saturate(felt, p.work_shortage_half)
