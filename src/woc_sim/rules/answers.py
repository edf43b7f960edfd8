"""What is written down of what interviewees say: which meetings they count, and which frames a coder notes.

Sources: final working paper 3.1 (Figure 4) and 3.2 (Table 3, Figure 6); docs/theories/meetings_told.md,
frames_noted.md.
"""

from __future__ import annotations

from math import nan
from typing import Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

ALL_OF_A_KIND: Final = code("meetings_told", "all_of_a_kind")
TYPICAL_PARTNER: Final = code("meetings_told", "typical_partner")
ABOVE_CUT: Final = code("frames_noted", "above_cut")
STANDING_OUT: Final = code("frames_noted", "standing_out")


@rule
def meetings_told(theory: int, total: float, partners: float) -> float:
    """Meetings a year with a kind of actor that an interviewee has in mind: those with all organisations of
    the kind, or those with a typical one, their mean (Figure 4).

    total: meetings with all of them; partners: how many there are, 1 or more.
    """
    if theory == ALL_OF_A_KIND:
        return total
    if theory == TYPICAL_PARTNER:
        return total / partners
    return nan


@rule
def is_noted(
    theory: int, strength: float, cut: float, stronger: float, usual: float, most: float, margin: float
) -> bool:
    """Whether a coder notes a diagnostic frame: all frames above one cut, or only the few that stand out
    (Table 3 allows several).

    strength: of the frame as heard; cut: from which it is noted; stronger: number of frames that the
    interviewee holds more strongly; usual: mean strength of all frames of the interviewee; most: frames that
    are noted at most; margin: how far a frame stands out from the mean.
    """
    if theory == ABOVE_CUT:
        return strength > cut
    if theory == STANDING_OUT:
        return stronger < most and strength > usual + margin
    return False
