"""Attention and compassion: whether they last as long as their cause, or fade by themselves.

Sources: Downs 1972 (the public gets used to an issue and turns away); M27 (helpers who came with the wave
leave, the convinced stay); M28 (support for war refugees falls year by year).
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip

STEADY: Final = code("attention", "steady")
FADING: Final = code("attention", "fading")


@rule
def noticed(p: Any, theory: int, salience: float, used_to: float) -> float:
    """Salience that calls for help, 0..1: all of it, or only what exceeds the level people are used to.

    p: attention_surge (how strongly fresh attention calls, against lasting attention).
    """
    if theory == STEADY:
        return salience
    if theory == FADING:
        return clip(p.attention_surge * max(0.0, salience - used_to), 0.0, 1.0)
    return nan


@rule
def lapse(p: Any, theory: int, fresh: float, interest: float) -> float:
    """Factor of a volunteer's chance to stop, 1 or more: who came with the wave leaves with it.

    fresh: attention that is noticed; interest: own attention to the topic, 0..1, which holds the hard core.
    p: attention_lapse (what the end of all attention adds for who has no interest of the own).
    """
    if theory == STEADY:
        return 1.0
    if theory == FADING:
        return float(1.0 + p.attention_lapse * (1.0 - interest) * (1.0 - fresh))
    return nan


@rule
def rally_wave(p: Any, theory: int, arriving: float, lasting: float) -> float:
    """Wave of sympathy this month in arrivals of a group: those who arrive, less what ebbs of earlier waves.

    lasting: what is left of earlier waves, in the same unit. p: attention_ebb (share that ebbs in a month).
    """
    if theory == STEADY:
        return arriving
    if theory == FADING:
        return float(arriving - p.attention_ebb * lasting)
    return nan


@rule
def rally_left(p: Any, lasting: float, arriving: float) -> float:
    """What is left of waves of sympathy a month later: they ebb, and predispositions pull back besides.

    The pull is counted at its largest, so that the ebb never takes more than a wave has brought. p:
    attention_ebb, attitudes_speed.
    """
    return float(max(0.0, (1.0 - p.attention_ebb - p.attitudes_speed) * lasting) + arriving)
