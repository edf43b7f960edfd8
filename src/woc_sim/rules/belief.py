"""What organisations believe residents think: voices, vocality, projection, correction by contact.

Sources: final working paper 5.1.2 and 6 (misperception, politicisation); Broockman & Skovron 2018 (who
contacts
politicians); Pereira 2021 (projection); docs/odd.md A6, A7, B(a), B(b).
"""

from __future__ import annotations

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


@rule
def politicisation_step(
    state: float,
    media: float,
    rrp: float,
    conflicts: float,
    from_media: float,
    from_rrp: float,
    from_conflicts: float,
) -> float:
    """Politicisation a month later: it follows media salience, radical-right seats and conflicts heard of
    (A6)."""
    level = from_media * media + from_rrp * rrp / (rrp + 0.1) + from_conflicts * conflicts
    return clip(state + 0.1 * (level - state), 0.0, 1.0)


@rule
def voice_chance(attitude: float, interest: float, politicisation: float, base: float) -> float:
    """Chance that a resident writes, attends or protests this month; both camps alike (A7)."""
    return clip(base * abs(attitude) * (0.5 + interest) * (1.0 + politicisation), 0.0, 1.0)


@rule
def vocality(stance: float, politicisation: float, hostile: float, supportive: float) -> float:
    """How loud one voice is heard: hostile voices more, and more so where the topic is politicised (B b)."""
    if stance < 0.0:
        return 1.0 + hostile * (1.0 + 2.0 * politicisation)
    return 1.0 + supportive


@rule
def belief_step(
    belief: float,
    heard: float,
    met: float,
    contacts: float,
    own: float,
    speed: float,
    projection: float,
    correction: float,
) -> float:
    """Belief a month later: voices heard, corrected by residents met through contacts, and own ideology
    projected.

    contacts: number of organisations in regular contact; their events bring the actor among ordinary
    residents.
    """
    reached = correction * contacts / (contacts + 6.0)
    outside = heard + reached * (met - heard)
    target = (1.0 - projection) * outside + projection * own
    return clip(belief + speed * (target - belief), -1.0, 1.0)


@rule
def voice_form(stance: float, politicised: float, u: float) -> int:
    """Form of a public voice: 0 letter or post, 1 a meeting attended, 2 protest.

    The stronger the stance and the more politicised the topic, the more costly the form (Verba, Schlozman and
    Brady 1995: letters are commoner than protest); u is a uniform number.
    """
    heat = abs(stance) * (0.3 + 0.7 * politicised)
    if u < 0.5 * heat:
        return 2
    return 1 if u < 0.25 + 0.5 * heat else 0
