"""What it costs to act in public where opponents are loud, and what hostility above adds.

Sources: Noelle-Neumann 1974 (who believes to be in the minority falls silent); Meyer & Staggenborg 1996
(opponents in power mobilise those who disagree); S34, S53, W9.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate

FREE: Final = code("voice", "free")
COSTLY: Final = code("voice", "costly")


@rule
def loud_opposition(p: Any, seats: float, hostile: float) -> float:
    """How loud opponents are in a place, 0..1: radical-right seats, and the share of hostile among the public
    voices that are remembered.

    p: voice_seats_half (seats that are half as loud as any number), voice_seats_part (part of the seats).
    """
    spoken = (1.0 - p.voice_seats_part) * hostile
    return clip(p.voice_seats_part * saturate(seats, p.voice_seats_half) + spoken, 0.0, 1.0)


@rule
def disagreement(stance: float, nation: float, region: float) -> float:
    """How far an inclusive stance disagrees with the more hostile of the two majorities above, 0..1.

    All stances in [-1, 1]; 0 for who is not inclusive, and where no majority above is hostile.
    """
    return min(1.0, max(0.0, stance)) * max(0.0, -min(nation, region))


@rule
def courage(p: Any, theory: int, loud: float, disagrees: float) -> float:
    """What the climate adds to the will of a non-public actor to act in public, below 0 where it deters.

    loud: of opponents in the place; disagrees: with the majorities above. p: voice_cost (will lost where
    opponents are as loud as can be), voice_mobilised (will gained by full disagreement).
    """
    if theory == FREE:
        return 0.0
    if theory == COSTLY:
        return float(p.voice_mobilised * disagrees - p.voice_cost * loud)
    return nan


@rule
def outspoken(p: Any, theory: int, loud: float, disagrees: float) -> float:
    """How often supporters speak up, relative to a place where nothing deters or provokes them; 0 or more.

    p: voice_silence (share that falls silent where opponents are as loud as can be), voice_outcry (share
    added by full disagreement with the majorities above).
    """
    if theory == FREE:
        return 1.0
    if theory == COSTLY:
        spoken = (1.0 - p.voice_silence * loud) * (1.0 + p.voice_outcry * disagrees)
        return float(max(0.0, spoken))
    return nan
