"""Group threat: what about the newcomers is felt as a threat, and for whom (M6-M8)."""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate

THREAT_RATE: Final = code("threat", "rate")
THREAT_STOCK: Final = code("threat", "stock")
NO_THREAT: Final = code("threat", "none")


@rule
def threat_signal(theory: int, rate: float, stock: float, politicised: float, inflation: float) -> float:
    """Size of the group as it is felt, 0..1: arrivals a year per resident, or the share of migrants.

    Change rather than level moves opinion (M6: size gives both signs), hence `rate` by default; 'stock' is
    the rival. Politicisation inflates the size people perceive (M8: 1.5-3 times). Half of the scale at 1 % a
    year, or 5 %.
    """
    felt = 1.0 + inflation * politicised
    if theory == NO_THREAT:
        return 0.0
    if theory == THREAT_STOCK:
        return saturate(felt * stock, 0.05)
    if theory == THREAT_RATE:
        return saturate(felt * rate, 0.01)
    return nan


@rule
def scarcity(tightness: float, vacancy: float) -> float:
    """Scarcity of jobs and homes that groups may compete for, 0..1: few vacant jobs per seeker, few empty
    homes."""
    jobs = 1.0 - saturate(tightness, 0.5)
    homes = 1.0 - saturate(vacancy, 0.05)
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
    return -gain * signal * scarce * politicised * max(0.0, leaning) * 2.0 * distance * (1.0 + attitude)


@rule
def perceived_threat(threat: float, attitude: float, signal: float, scarce: float, speed: float) -> float:
    """Perceived threat to jobs, welfare and safety a month later (a survey item, S83)."""
    aim = clip(0.4 - 0.35 * attitude + 0.4 * signal * scarce, 0.0, 1.0)
    return threat + speed * (aim - threat)


@rule
def perceived_benefit(benefit: float, attitude: float, shortage: float, speed: float) -> float:
    """Perceived benefit for economy and renewal a month later (a survey item, S83)."""
    aim = clip(0.3 + 0.35 * attitude + 0.3 * shortage, 0.0, 1.0)
    return benefit + speed * (aim - benefit)
