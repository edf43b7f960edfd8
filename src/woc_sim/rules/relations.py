"""Governance relations: how engaged an organisation is, how often two meet, and in what tone.

Sources: final working paper 3.1 and 6; Caponio & Pettrachin 2023; docs/odd.md A15, A21, B(c).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip


@rule
def amplified(ideology: float, politicisation: float, gain: float) -> float:
    """Ideology as it weighs in a politicised place: politicisation multiplies it, whatever its sign
    (S35)."""
    return ideology * (1.0 + gain * politicisation)


@rule
def followed(ideology: float, follows: float, executive: float, majority: float) -> float:
    """Ideology with which an organisation acts: its own, that of the executive it follows by so much, and the
    stance of the majority behind it (0 but for region and nation; W9)."""
    return clip(follows * executive + (1.0 - follows) * ideology + majority, -1.0, 1.0)


def stance_inside(band: tuple[Any, Any], position: float) -> Any:
    """Stance of a majority whose position (0..1) between the ends of its band was drawn; ends may be arrays
    of several stances."""
    low, high = band
    return low + position * (high - low)


@rule
def engagement_target(p: Any, ideology: float, need: float, belief: float, joint: float) -> float:
    """How much an actor works on the topic, 0..1: by conviction, visible need, believed opinion,
    responsibility.

    joint: weight of the whole-community frame minus that of the migrants-only frame. p:
    relations_base_engagement (without a reason), relations_ideology_engagement, relations_need_engagement,
    relations_belief_engagement, relations_frame_engagement (weights of these).
    """
    return chance(
        p.relations_base_engagement
        + p.relations_ideology_engagement * ideology
        + p.relations_need_engagement * need
        + p.relations_belief_engagement * belief
        + p.relations_frame_engagement * joint
    )


@rule
def capacity_factor(capacity: float, half: float) -> float:
    """Staff turned into a factor between 0.5 and 1.5, the same for every kind of actor."""
    return 0.5 + capacity / (capacity + half)


class Pair(NamedTuple):
    """Two organisations as they look at meeting each other.

    capacity_a, capacity_b: their capacity factors; reach: how easily they can meet; engaged: sum of their
    engagement; congruence: multiplied in a politicised place, so that those who agree come closer and
    opponents move apart (`amplified`; Caponio & Pettrachin 2023); shared: common activities; funding: public
    money between them; claims: of those for whom one speaks, as the other hears them (`claim_heard`);
    contest: of opponents (`contest`).
    """

    capacity_a: float
    capacity_b: float
    reach: float
    engaged: float
    congruence: float
    shared: float
    funding: float
    claims: float
    contest: float


@rule
def meeting_target(p: Any, pair: Pair, need: float) -> float:
    """Meetings a year that two organisations tend to: will, need, congruence, common activities, money,
    claims and contests (docs/odd.md B c).

    p: relations_most (of two fully willing partners), relations_g0 (push without a reason),
    relations_g_engaged, relations_g_need, relations_g_congruence, relations_g_shared, relations_g_funding,
    relations_g_claims, relations_g_contest.
    """
    will = chance(
        p.relations_g0
        + p.relations_g_engaged * pair.engaged
        + p.relations_g_need * need
        + p.relations_g_congruence * pair.congruence
        + p.relations_g_shared * pair.shared
        + p.relations_g_funding * pair.funding
        + p.relations_g_claims * pair.claims
        + p.relations_g_contest * pair.contest
    )
    most: float = p.relations_most
    return most * sqrt(pair.capacity_a * pair.capacity_b) * pair.reach * will


@rule
def congruence(a: float, b: float) -> float:
    """1 for the same ideology, -1 for opposite ends."""
    return 1.0 - abs(a - b)


@rule
def tone_target(p: Any, agreement: float, shared: float, politicisation: float) -> float:
    """Tone of a relation, -1..1: agreement and common activities warm it; in a politicised place disagreement
    counts more (A15).

    p: relations_tone_agreement, relations_tone_shared.
    """
    return clip(
        p.relations_tone_agreement * agreement * (1.0 + politicisation)
        - p.relations_tone_agreement * politicisation
        + p.relations_tone_shared * shared,
        -1.0,
        1.0,
    )


@rule
def kept_habit(target: float, meetings: float, erosion: float) -> float:
    """Target of a habit in a time with fewer meetings: a habit that is not practised fades in part (S33).

    meetings: multiplier of meetings allowed (1 in ordinary times).
    """
    return target * (1.0 - erosion * (1.0 - meetings))
