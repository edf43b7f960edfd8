"""Whom residents think deserving, judged by group.

Source: van Oorschot 2000: control (did they bring it on themselves), attitude (are they grateful),
reciprocity (do they give something back), identity (are they near us), need.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final, NamedTuple

from woc_sim.inputs.theories import code
from woc_sim.jit import rule

COMMON: Final = code("deservingness", "common")
BY_GROUP: Final = code("deservingness", "by_group")


class Seen(NamedTuple):
    """What residents see of a group, shares or means in 0..1."""

    protected: float  # members whose claim is recognised: they had to flee (control)
    grateful: float  # how members think of residents, 1 the best (attitude)
    working: float  # members of working age with a job (reciprocity)
    needy: float  # members who are children (need)


@rule
def deserving(p: Any, theory: int, seen: Any, near: float) -> float:
    """How deserving a group seems to a resident, above or below the neutral point, in [-1, 1].

    near: how near the group seems, 1 less the perceived distance (identity). Where judgements are common to
    all groups nothing sets one apart: 0. p: deservingness_control, _attitude, _reciprocity, _identity, _need
    (weights), _neutral (at which a group seems neither deserving nor not).
    """
    if theory == COMMON:
        return 0.0
    if theory == BY_GROUP:
        weights = (
            p.deservingness_control
            + p.deservingness_attitude
            + p.deservingness_reciprocity
            + p.deservingness_identity
            + p.deservingness_need
        )
        if weights <= 0.0:
            return 0.0
        judged = (
            p.deservingness_control * seen.protected
            + p.deservingness_attitude * seen.grateful
            + p.deservingness_reciprocity * seen.working
            + p.deservingness_identity * near
            + p.deservingness_need * seen.needy
        )
        return float(judged / weights - p.deservingness_neutral)
    return nan


@rule
def judgement_effect(p: Any, attitude: float, judged: float) -> float:
    """Change of attitude in a month by how deserving a group seems; it fades at the ends of the scale.

    p: deservingness_gain (of a full judgement).
    """
    moved = p.deservingness_gain * judged
    return float(max(moved, 0.0) * (1.0 - attitude) + min(moved, 0.0) * (1.0 + attitude))
