"""Governance relations: how engaged an organisation is, how often two meet, and in what tone.

Sources: final working paper 3.1 and 6; Caponio & Pettrachin 2023; docs/odd.md A15, A21, B(c).
"""

from __future__ import annotations

from math import sqrt

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip


@rule
def amplified(ideology: float, politicisation: float, gain: float) -> float:
    """Own ideology as it weighs in a politicised place: politicisation multiplies it, whatever its sign
    (S35)."""
    return ideology * (1.0 + gain * politicisation)


@rule
def followed(own: float, follows: float, executive: float, majority: float) -> float:
    """Ideology of an organisation: its own, that of the executive it follows by so much, and the stance of
    the majority behind it (0 but for region and nation; W9)."""
    return clip(follows * executive + (1.0 - follows) * own + majority, -1.0, 1.0)


def stance_inside(band: tuple[float, float], place: float) -> float:
    """Stance of a majority whose place (0..1) between the ends of its band was drawn."""
    low, high = band
    return low + place * (high - low)


@rule
def engagement_target(
    ideology: float,
    need: float,
    belief: float,
    joint: float,
    base: float,
    w_ideology: float,
    w_need: float,
    w_belief: float,
    w_frame: float,
) -> float:
    """How far an actor takes up the topic: conviction, need seen, opinion believed, responsibility it feels.

    joint: weight of the whole-community frame minus the migrants-only frame.
    """
    return chance(base + w_ideology * ideology + w_need * need + w_belief * belief + w_frame * joint)


@rule
def capacity_factor(capacity: float, half: float) -> float:
    """Staff turned into a factor between 0.5 and 1.5, the same for every kind of actor."""
    return 0.5 + capacity / (capacity + half)


@rule
def meeting_target(
    most: float,
    cap_i: float,
    cap_j: float,
    reach: float,
    engaged: float,
    need: float,
    congruence: float,
    shared: float,
    funding: float,
    g0: float,
    g_e: float,
    g_n: float,
    g_c: float,
    g_s: float,
    g_f: float,
) -> float:
    """Meetings a year that two organisations tend to (B c): will, need, congruence, common activities,
    money.

    congruence: as it weighs in a politicised place, where the like-minded close ranks and opponents part
    (`amplified`; Caponio & Pettrachin 2023).
    """
    will = chance(g0 + g_e * engaged + g_n * need + g_c * congruence + g_s * shared + g_f * funding)
    return most * sqrt(cap_i * cap_j) * reach * will


@rule
def congruence(a: float, b: float) -> float:
    """1 for the same ideology, -1 for opposite ends."""
    return 1.0 - abs(a - b)


@rule
def tone_target(
    agreement: float, shared: float, politicisation: float, w_agree: float, w_shared: float
) -> float:
    """Tone of a relation: agreement and common activities warm it; in a politicised place disagreement bites
    (A15)."""
    return clip(
        w_agree * agreement * (1.0 + politicisation) - w_agree * politicisation + w_shared * shared, -1.0, 1.0
    )


@rule
def kept_habit(target: float, meetings: float, erosion: float) -> float:
    """Habit of meeting that a time with fewer meetings leaves: what is not practised is partly unlearnt
    (S33).

    meetings: multiplier of meetings allowed (1 in ordinary times).
    """
    return target * (1.0 - erosion * (1.0 - meetings))
