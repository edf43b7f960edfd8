"""Group threat: what about the newcomers is felt as a threat, and for whom (M6-M8)."""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate, towards

THREAT_RATE: Final = code("threat", "rate")
THREAT_STOCK: Final = code("threat", "stock")
NO_THREAT: Final = code("threat", "none")

# Perceived distance runs from 0 to 1: the gain of threat holds at a middling distance of one half.
AT_MIDDLE = 2.0


@rule
def threat_signal(p: Any, theory: int, rate: float, stock: float, politicised: float) -> float:
    """Perceived size of the group, 0..1: arrivals a year per resident, or the share of migrants.

    Change rather than level moves opinion (M6: size gives both signs), hence `rate` by default; 'stock' is
    the rival. Politicisation inflates the size people perceive (M8: 1.5-3 times). p: attitudes_inflation,
    attitudes_threat_rate_half, attitudes_threat_stock_half.
    """
    felt = 1.0 + p.attitudes_inflation * politicised
    if theory == NO_THREAT:
        return 0.0
    if theory == THREAT_STOCK:
        return saturate(felt * stock, p.attitudes_threat_stock_half)
    if theory == THREAT_RATE:
        return saturate(felt * rate, p.attitudes_threat_rate_half)
    return nan


@rule
def scarcity(p: Any, tightness: float, vacancy: float) -> float:
    """Scarcity of jobs and homes that groups may compete for, 0..1: few vacant jobs per seeker, few empty
    homes, of equal weight. p: attitudes_scarce_jobs_half, attitudes_scarce_homes_half."""
    jobs = 1.0 - saturate(tightness, p.attitudes_scarce_jobs_half)
    homes = 1.0 - saturate(vacancy, p.attitudes_scarce_homes_half)
    return 0.5 * (jobs + homes)


@rule
def threat_effect(
    attitude: float,
    signal: float,
    scarce: float,
    politicised: float,
    leaning: float,
    distance: float,
    gain: float,
) -> float:
    """Change of attitude by threat (docs/odd.md B f): only among those who lean right (M7), where
    things are scarce and the topic is politicised, and the more the more distant the group seems (A20)."""
    near = -gain * signal * scarce * politicised * max(0.0, leaning)
    return near * AT_MIDDLE * distance * (1.0 + attitude)


@rule
def perceived_threat(p: Any, threat: float, attitude: float, signal: float, scarce: float) -> float:
    """Perceived threat to jobs, welfare and safety a month later (a survey item, S83).

    p: attitudes_felt_threat (at neutral attitude), _felt_threat_attitude, _felt_threat_signal, _perception.
    """
    aim = p.attitudes_felt_threat - p.attitudes_felt_threat_attitude * attitude
    aim = clip(aim + p.attitudes_felt_threat_signal * signal * scarce, 0.0, 1.0)
    return towards(threat, aim, p.attitudes_perception)


@rule
def perceived_benefit(p: Any, benefit: float, attitude: float, shortage: float) -> float:
    """Perceived benefit for economy and renewal a month later (a survey item, S83).

    p: attitudes_felt_benefit (at neutral attitude), _felt_benefit_attitude, _felt_benefit_shortage,
    _perception.
    """
    aim = p.attitudes_felt_benefit + p.attitudes_felt_benefit_attitude * attitude
    aim = clip(aim + p.attitudes_felt_benefit_shortage * shortage, 0.0, 1.0)
    return towards(benefit, aim, p.attitudes_perception)
