"""Contact: how long two people talk, how a meeting turns out, and when it becomes a tie (Allport 1954; M1-M5,
M24)."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip, saturate

MODERATED: Final = code("contact", "moderated")
UNMODERATED: Final = code("contact", "unmoderated")
NO_CONTACT: Final = code("contact", "none")

PREFERENCE: Final = (
    "encounters.liking_base",
    "encounters.liking_attitude",
    "encounters.liking_language",
    "encounters.liking_distance",
    "encounters.liking_low",
    "encounters.liking_high",
)
"""The parameters that `preference` reads: every process that calls it passes them on."""


@rule
def preference(p: Any, attitude: float, language: float, distance: float) -> float:
    """Willingness to make friends with a person one meets: .35 + .4 attitude + .15 language - .2 distance.

    Separate from opportunity (M25: meeting and mating); bounded to [.02, .9]. Form and weights: docs/odd.md
    B(e). p: those of `PREFERENCE`.
    """
    willing = p.encounters_liking_base + p.encounters_liking_attitude * attitude
    willing = willing + p.encounters_liking_language * language - p.encounters_liking_distance * distance
    return clip(willing, p.encounters_liking_low, p.encounters_liking_high)


@rule
def mutual_liking(theirs: float, own: float) -> float:
    """Liking of a pair: geometric mean of both sides' willingness, for it takes two (docs/odd.md A5)."""
    return sqrt(theirs * own)


@rule
def moderation(p: Any, theory: int, structure: float, sanction: float) -> float:
    """How far a setting is moderated: its structure, and the support of authorities (Allport's fourth
    condition).

    structure and sanction in [0, 1]. Only the theory 'moderated' sees a difference between settings; for the
    others every setting has encounters_moderated_same.
    """
    if theory == MODERATED:
        return structure + (1.0 - structure) * sanction
    if theory == UNMODERATED or theory == NO_CONTACT:
        return float(p.encounters_moderated_same)
    return nan


@rule
def bad_chance(p: Any, moderated: float, attitude: float, language: float, visible: float) -> float:
    """Chance that a meeting goes badly.

    Falls with moderation, the resident's sympathy and a common language; rises for a visible minority by
    the stigma, the more the less sympathetic the resident is (S95: the veil; M22). Positive contact is far
    more frequent (M4). p: encounters_bad, _stigma, _bad_moderated, _bad_attitude, _bad_unspoken,
    _bad_language and _bad_highest.
    """
    mark = 1.0 + p.encounters_stigma * visible * 0.5 * (1.0 - attitude)  # half: attitudes span two units
    calm = 1.0 - p.encounters_bad_moderated * moderated
    kind = 1.0 - p.encounters_bad_attitude * attitude
    unspoken = p.encounters_bad_unspoken - p.encounters_bad_language * language
    return clip(p.encounters_bad * calm * kind * unspoken * mark, 0.0, p.encounters_bad_highest)


@rule
def talk_hours(p: Any, shared: float, language: float, liking: float) -> float:
    """Effective hours: of `shared` hours with room for talk, fewer without a common language, more with
    liking (B e).

    p: encounters_talk_unspoken (what is left without a common language), _talk_base, _talk_liking.
    """
    spoken = p.encounters_talk_unspoken + (1.0 - p.encounters_talk_unspoken) * language
    return float(shared * spoken * (p.encounters_talk_base + p.encounters_talk_liking * liking))


@rule
def tie_chance(liking: float, hours: float, hours_of_friend: float) -> float:
    """Chance that good contact of `hours` effective hours in a month makes a tie.

    About 50 hours make a casual friend (Hall 2019): min(1, liking x hours / 50).
    """
    return min(1.0, liking * hours / hours_of_friend)


@rule
def asked_to_join(p: Any, language: float, ties: float) -> float:
    """How often a migrant is asked to join an association, relative to one with full language and no ties.

    p: ties_join_unspoken (without the language), _join_ties (gain of one tie), _join_most_ties (that count).
    """
    spoken = p.ties_join_unspoken + (1.0 - p.ties_join_unspoken) * language
    return float(spoken * (1.0 + p.ties_join_ties * min(ties, p.ties_join_most_ties)))


@rule
def dose(hours: float, half: float) -> float:
    """Strength of a month's contact, 0..1: saturating in effective hours (street contact hardly counts,
    M24)."""
    if hours <= 0.0:  # true of most people in most months; it saves a division
        return 0.0
    return saturate(hours, half)


@rule
def contact_effect(
    theory: int, attitude: float, good: float, bad: float, gain: float, asymmetry: float
) -> float:
    """Change of attitude by own contact of doses `good` and `bad` in a month (docs/odd.md B f; M1, M2, M4).

    Good contact moves towards +1, bad contact `asymmetry` times as strongly towards -1. Without the contact
    theory 0.
    """
    if theory == NO_CONTACT:
        return 0.0
    if theory == MODERATED or theory == UNMODERATED:
        return gain * good * (1.0 - attitude) - gain * asymmetry * bad * (1.0 + attitude)
    return nan


@rule
def norm_effect(theory: int, attitude: float, norm: float, gain: float) -> float:
    """Change of attitude by contact witnessed among people one knows (Christ et al. 2014; M5).

    The norm is 0 where nothing was witnessed, and then it must not pull to the middle: it acts as contact
    does.
    """
    if theory == NO_CONTACT:
        return 0.0
    if theory == MODERATED or theory == UNMODERATED:
        return gain * (max(norm, 0.0) * (1.0 - attitude) + min(norm, 0.0) * (1.0 + attitude))
    return nan


@rule
def faded_distance(distance: float, good: float, speed: float) -> float:
    """Perceived value distance after a month: fades with good contact (S85, docs/odd.md A20)."""
    return distance * (1.0 - speed * good)
