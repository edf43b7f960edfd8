"""Ideology in decisions, relations and frames: by one weight, or by three that differ.

Source: Brunsson 1989 (organisations talk, decide and act by different standards).
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

TOGETHER: Final = code("gains", "together")
APART: Final = code("gains", "apart")


@rule
def weighed(theory: int, ideology: float, weight: float) -> float:
    """Ideology as it weighs in one kind of outcome (Brunsson 1989).

    together: as it is, in all outcomes; apart: times the weight of this kind, which may exceed 1.
    """
    if theory == TOGETHER:
        return ideology
    if theory == APART:
        return weight * ideology
    return nan


@rule
def beyond_own(theory: int, voice: float, own: float, part: float, echo: float) -> float:
    """What a voice adds to the ideology of the one who hears it.

    Governing parties share the executive's ideology, and its belief about residents holds a projection of it.
    together: these echoes count as if others spoke; apart: only a share `echo` of them does, so that ideology
    enters a decision once. own: ideology of the hearer; part: how much of it the voice holds, 0..1.
    """
    if theory == TOGETHER:
        return voice
    if theory == APART:
        return voice - (1.0 - echo) * part * own
    return nan
